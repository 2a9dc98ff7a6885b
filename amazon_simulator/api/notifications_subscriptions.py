"""Notifications v1: createSubscription, getSubscription(s) of a seller; getSubscriptionById, deleteSubscriptionById."""

import json
from typing import Any

from .errors import ApiError
from .notifications_errors import InvalidParameters, Missing, SubscriptionExists
from .notifications_kept import Subscription
from .notifications_types import TYPES
from .operations import Call, Operation
from .queries import check_query
from .shapes import ListOf, OneOf, Record, Text

PATH = "/notifications/v1/subscriptions"
OF_TYPE = f"{PATH}/<notification_type>"
BY_ID = f"{OF_TYPE}/<subscription_id>"
FEWEST, MOST = 30, 100
"""Subscriptions of a page. Source: the model, pageSize; the fewest are the default."""
LONGEST_EXPRESSION = 256
CHANGE_TYPES = ("BuyerRequestedChange", "DeliveryTipChange", "OrderStatusChange")

EVENT_FILTER = Record(
    required={"eventFilterType": OneOf(("ANY_OFFER_CHANGED", "ORDER_CHANGE", "SHIPMENT_TRACKING_MILESTONE_CHANGED"))},
    optional={
        "aggregationSettings": Record(required={"aggregationTimePeriod": OneOf(("FiveMinutes", "TenMinutes"))}),
        "marketplaceIds": ListOf(Text()),
        "orderChangeTypes": ListOf(OneOf(CHANGE_TYPES)),
        "trackingIdentifier": Record(
            optional={
                **{key: Text() for key in ("id", "acsin", "aftn", "containerNumber", "houseBillOfLadingNumber")},
                "carrierTracking": Record(required={"trackingNumber": Text()}, optional={"carrierCode": Text()}),
            }
        ),
    },
)
REQUEST = Record(  # CreateSubscriptionRequest of the model
    required={"payloadVersion": Text(), "destinationId": Text()},
    optional={
        "processingDirective": Record(
            optional={"eventFilter": EVENT_FILTER, "filterExpression": Text(LONGEST_EXPRESSION)}
        )
    },
)


def create_subscription(call: Call) -> dict[str, Any]:
    """Notifications of a type about the seller, to a destination of its application."""
    check_query(call.query, frozenset())
    notification_type, directive = _type(call), _directive(call)
    kept, seller, body = call.world.notifications, call.seller, call.body
    destination = kept.destinations.get(body["destinationId"])
    if destination is None or destination.client_id != seller.client_id:  # amzn/selling-partner-api-models issue 2224
        raise InvalidParameters(
            f"No destination with id '{body['destinationId']}' for applicationId '{seller.client_id}'"
        )
    version = body["payloadVersion"]
    _check_version(notification_type, version)
    for other in kept.subscriptions_of(seller.refresh_token, notification_type):
        if (other.payload_version, other.directive) == (version, directive):
            raise SubscriptionExists(notification_type)
    subscription = Subscription(
        subscription_id=kept.new_id("5"),
        notification_type=notification_type,
        payload_version=version,
        destination_id=destination.destination_id,
        seller=seller.refresh_token,
        client_id=seller.client_id,
        directive=directive,
    )
    kept.subscriptions[subscription.subscription_id] = subscription
    call.world.listen(seller.refresh_token)
    return {"payload": dump(subscription)}


def get_subscription(call: Call) -> dict[str, Any]:
    """The seller's newest of the type, of the latest version unless the call names one."""
    check_query(call.query, frozenset({"payloadVersion"}))
    notification_type = _type(call)
    found = _found(call, notification_type)
    if not found:
        raise Missing(f"No subscription for notification type {notification_type}")
    versions = TYPES[notification_type].versions
    return {"payload": dump(max(found, key=lambda it: (versions.index(it.payload_version), it.subscription_id)))}


def get_subscriptions(call: Call) -> dict[str, Any]:
    """All of the seller of one type, page by page; a token wants all other parameters unchanged."""
    check_query(call.query, frozenset({"notificationTypes", "payloadVersion", "pageSize", "nextToken"}))
    query, world = call.query, call.world
    names = query.get("notificationTypes", "")
    if isinstance(names, list) or not names or "," in names:
        raise InvalidParameters("notificationTypes must have exactly one member")
    _check_type(names)
    size, token = _page_size(query), query.get("nextToken")
    scope = ("getSubscriptions", call.seller.refresh_token, names, query.get("payloadVersion"), size)
    found = {it.subscription_id: it for it in _found(call, names)}
    left = world.pages.rest(token, scope, world.clock.now) if token else list(found)
    if left is None:
        raise InvalidParameters("Value for parameter nextToken is invalid, expired, or other parameters changed")
    page, next_token = world.pages.cut(left, size, scope, world.clock.now)
    payload: dict[str, Any] = {"subscriptions": [dump(found[it]) for it in page if it in found]}
    return {"payload": payload | ({"nextToken": next_token} if next_token else {})}


def get_subscription_by_id(call: Call) -> dict[str, Any]:
    """Grantless: one of any seller of the application."""
    check_query(call.query, frozenset())
    return {"payload": dump(_named(call))}


def delete_subscription_by_id(call: Call) -> dict[str, Any]:
    """Grantless, as getSubscriptionById is."""
    check_query(call.query, frozenset())
    subscription = _named(call)
    del call.world.notifications.subscriptions[subscription.subscription_id]
    call.world.listen(subscription.seller)
    return {}


def dump(subscription: Subscription) -> dict[str, Any]:
    """Subscription of the model."""
    answer: dict[str, Any] = {
        "subscriptionId": subscription.subscription_id,
        "payloadVersion": subscription.payload_version,
        "destinationId": subscription.destination_id,
    }
    return answer | ({} if subscription.directive is None else {"processingDirective": subscription.directive})


def _found(call: Call, notification_type: str) -> list[Subscription]:
    """The seller's of a type, of the version that the query names."""
    version = call.query.get("payloadVersion")
    if version is not None:
        _check_version(notification_type, version)
    found = call.world.notifications.subscriptions_of(call.seller.refresh_token, notification_type)
    return [it for it in found if version in (None, it.payload_version)]


def _named(call: Call) -> Subscription:
    """The subscription in the path. Raises ApiError."""
    subscription_id, notification_type = call.path["subscription_id"], _type(call)
    subscription = call.world.notifications.subscriptions.get(subscription_id)
    wanted = (call.caller.client_id, notification_type)
    if subscription is None or (subscription.client_id, subscription.notification_type) != wanted:
        raise Missing(f"No subscription with id {subscription_id} for notification type {notification_type}")
    return subscription


def _type(call: Call) -> str:
    _check_type(call.path["notification_type"])
    return call.path["notification_type"]


def _check_type(name: str) -> None:
    """Raise ApiError. Source of the words: amzn/selling-partner-api-models issue 467."""
    if name not in TYPES:
        raise ApiError(400, "InvalidInput", f'Invalid value "{name}" for path parameter notificationType')


def _check_version(notification_type: str, version: str) -> None:
    """Raise InvalidParameters."""
    if version not in TYPES[notification_type].versions:
        raise InvalidParameters(f"Payload version {version} is not supported for notification type {notification_type}")


def _directive(call: Call) -> dict[str, Any] | None:
    """The processingDirective of a checked body. Raises InvalidParameters.

    Source of the words: jlevers/selling-partner-api issue 885; amzn/selling-partner-api-models issue 4135.
    """
    complaints = list(REQUEST.check(call.body, ""))
    if complaints:
        raise InvalidParameters("; ".join(complaints))
    directive: dict[str, Any] | None = call.body.get("processingDirective")
    if directive is None:
        return None
    if not directive:
        raise InvalidParameters("Processing Directive eventFilter must not be empty")
    if len(directive) > 1:
        raise InvalidParameters("eventFilter and filterExpression are mutually exclusive")
    notification_type, chosen = call.path["notification_type"], directive.get("eventFilter")
    if chosen is not None and not (
        TYPES[notification_type].has_event_filter and chosen["eventFilterType"] == notification_type
    ):
        payload = json.dumps(chosen, separators=(",", ":"))
        raise InvalidParameters(
            f"EventFilter Payload {payload} failed to validate for notification type {notification_type}"
        )
    return directive


def _page_size(query: dict[str, Any]) -> int:
    text = query.get("pageSize", str(FEWEST))
    if not (isinstance(text, str) and text.isascii() and text.isdecimal() and FEWEST <= int(text) <= MOST):
        raise InvalidParameters(f"pageSize must be a whole number from {FEWEST} to {MOST}")
    return int(text)


OPERATIONS = (
    Operation("getSubscriptions", "GET", PATH, 1.0, 5, get_subscriptions),
    Operation("getSubscription", "GET", OF_TYPE, 1.0, 5, get_subscription),
    Operation("createSubscription", "POST", OF_TYPE, 1.0, 5, create_subscription),
    Operation("getSubscriptionById", "GET", BY_ID, 1.0, 5, get_subscription_by_id, grantless=True),
    Operation(
        "deleteSubscriptionById", "DELETE", BY_ID, 1.0, 5, delete_subscription_by_id, has_body=False, grantless=True,
    ),
)  # fmt: skip
