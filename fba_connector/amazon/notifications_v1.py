"""Notifications v1: the operations, and the conversion of their JSON to the dataclasses of `notifications.py`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sp_api.api import Notifications  # type: ignore[import-untyped]

from .errors import Malformed
from .fields import LONGEST_PROSE, Fields
from .notifications import ORDER_STATUS, REPORT, SOLD_ORDER, STOCK, VERSION, Destination, Notification, Subscription
from .operation import Operation
from .paging import pages
from .reasons import because
from .storable import storable_integer, storable_json
from .transport import LibraryClient, Transport
from .wire import Answer

SCOPE = "sellingpartnerapi::notifications"

LIST_DESTINATIONS = Operation("getDestinations", rate=1, burst=5, scope=SCOPE)
CREATE_DESTINATION = Operation("createDestination", rate=1, burst=5, write=True, scope=SCOPE)
DELETE_DESTINATION = Operation("deleteDestination", rate=1, burst=5, write=True, scope=SCOPE)
LIST_SUBSCRIPTIONS = Operation("getSubscriptions", rate=1, burst=5)
CREATE_SUBSCRIPTION = Operation("createSubscription", rate=1, burst=5, write=True)
DELETE_SUBSCRIPTION = Operation("deleteSubscriptionById", rate=1, burst=5, write=True, scope=SCOPE)

VERSIONS = {VERSION, "2020-09-04"}  # the latter of reports: what Amazon sends for a subscription to either
PAGE_SIZE = 100
OF_THE_SELLER = "MFN"  # ships the order
RECEIVED = "notification"  # in errors, in place of an operation

# Type -> the object below the payload that has the key, or "" for the payload itself; the key's name.
# Amazon spells some types in camel case: the first letter is either.
KEYS = {
    ORDER_STATUS: ("FulfillmentOrderStatusNotification", "SellerFulfillmentOrderId"),
    SOLD_ORDER: ("OrderChangeNotification", "AmazonOrderId"),
    STOCK: ("", "SKU"),
    REPORT: ("ReportProcessingFinishedNotification", "ReportId"),
}


class _Client(LibraryClient, Notifications):  # type: ignore[misc]
    """The library's client, answers unparsed."""

    def get_subscriptions(self, **query: Any) -> Answer:
        """Not in the library (2.1.35): Amazon has it since 2026-08-05."""
        return self._request("/notifications/v1/subscriptions", params={"method": "GET", **query})

    def subscribe(self, notification_type: str, body: dict[str, Any]) -> Answer:
        """Not the library's: that one puts the destination's ID beside the body."""
        path = f"/notifications/v1/subscriptions/{notification_type}"
        return self._request(path, data={"method": "POST", **body})

    def _request_grantless_operation(self, path: str, *, data: Any = None, params: Any = None) -> Answer:
        return self._request(path, data=data, params=params)  # the token is the transport's


class NotificationsApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def destinations(self) -> list[Destination]:
        answer = self._call(LIST_DESTINATIONS, self._client.get_destinations)
        return [_destination(row) for row in Fields(answer, LIST_DESTINATIONS.name).children("payload")]

    def create_destination(self, name: str, arn: str) -> Destination:
        region = arn.split(":")[3] if arn.count(":") > 3 else "-"  # the library's default reads the environment
        answer = self._call(CREATE_DESTINATION, self._client.create_destination, name=name, arn=arn, region=region)
        return _destination(Fields(answer, CREATE_DESTINATION.name).child("payload"))

    def delete_destination(self, destination_id: str) -> None:
        self._call(DELETE_DESTINATION, self._client.delete_destination, destination_id)

    def subscriptions(self, notification_type: str) -> Iterator[Subscription]:
        def fetch(token: str | None) -> tuple[list[Subscription], str | None]:
            more = {"nextToken": token} if token else {}
            query = {"notificationTypes": notification_type, "pageSize": PAGE_SIZE, **more}
            answer = self._call(LIST_SUBSCRIPTIONS, self._client.get_subscriptions, **query)
            payload = Fields(answer, LIST_SUBSCRIPTIONS.name).child("payload")
            rows = [_subscription(row) for row in payload.children("subscriptions")]
            return rows, payload.optional_text("nextToken", longest=LONGEST_PROSE)

        for page in pages(LIST_SUBSCRIPTIONS, fetch):
            yield from page

    def create_subscription(self, notification_type: str, destination_id: str) -> Subscription:
        body = {"payloadVersion": VERSION, "destinationId": destination_id}
        answer = self._call(CREATE_SUBSCRIPTION, self._client.subscribe, notification_type, body=body)
        return _subscription(Fields(answer, CREATE_SUBSCRIPTION.name).child("payload"))

    def delete_subscription(self, notification_type: str, subscription_id: str) -> None:
        self._call(
            DELETE_SUBSCRIPTION, self._client.delete_notification_subscription, notification_type, subscription_id
        )


def _destination(row: Fields) -> Destination:
    sqs = row.child("resource").optional_child("sqs")
    return Destination(
        destination_id=row.text("destinationId"), name=row.text("name"), arn=sqs.text("arn") if sqs else None
    )


def _subscription(row: Fields) -> Subscription:
    return Subscription(
        subscription_id=row.text("subscriptionId"),
        destination_id=row.text("destinationId"),
        payload_version=row.text("payloadVersion"),
    )


def parse_notification(body: str) -> Notification:
    """Read the body of a message. Raises Malformed.

    Source: the notifications' JSON schemas of Amazon, and its description of each type.
    """
    try:
        content = storable_json(json.loads(body, parse_int=storable_integer))
    except (ValueError, RecursionError):
        raise Malformed(because("answer_unreadable"), operation=RECEIVED, code="body") from None
    envelope = _spelt(content)
    name, version = envelope.text("NotificationType"), envelope.text("PayloadVersion")
    metadata = _spelt(envelope.child("NotificationMetadata").json)
    key, marketplace_id = _read_payload(name, envelope) if name in KEYS and version in VERSIONS else (None, None)
    return Notification(
        type=name,
        version=version,
        notification_id=metadata.text("NotificationId"),
        subscription_id=metadata.optional_text("SubscriptionId"),
        event_at=envelope.moment("EventTime"),
        key=key,
        marketplace_id=marketplace_id,
    )


def _read_payload(name: str, envelope: Fields) -> tuple[str, str | None]:
    """(key, marketplace)."""
    within, key = KEYS[name]
    payload = _spelt(envelope.child("Payload").json)
    facts = _spelt(payload.child(within).json) if within else payload
    summary = facts.optional_child("Summary") if name == SOLD_ORDER else None
    if summary and summary.optional_text("FulfillmentType") == OF_THE_SELLER:
        return "", None
    return facts.text(key), summary.optional_text("MarketplaceId") if summary else None


def _spelt(content: Any) -> Fields:
    """`content` with keys that begin with a capital letter."""
    fields = Fields(content, RECEIVED)
    return Fields({key[:1].upper() + key[1:]: value for key, value in fields.json.items()}, RECEIVED)
