"""The outbound requests Amazon accepts, each rule with its source.

OUT = Fulfillment Outbound 2020-07-01 (the model's required, maxLength and enum); the messages of broken rules are the
simulator's own unless a source is named.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from ..world.fulfillment import FulfillmentOrder
from ..world.sellers import Seller
from .errors import InvalidInput
from .shapes import Anything, Boolean, Count, ListOf, OneOf, Record, Text, Time

SPEEDS = ("Standard", "Expedited", "Priority", "ScheduledDelivery")  # OUT ShippingSpeedCategory
ACTIONS = ("Ship", "Hold")  # OUT FulfillmentAction
POLICIES = ("FillOrKill", "FillAll", "FillAllAvailable")  # OUT FulfillmentPolicy
MAX_LINES = 100  # OUT CreateFulfillmentOrderRequest.items: "Maximum of 100 line items
MAX_UNITS = 250  # with a maximum of 250 units per order."

MONEY = Record(required={"currencyCode": Text(3), "value": Text()})  # OUT Money

# OUT Address; "city is required in all countries except Japan. It should not be used in Japan."
ADDRESS = Record(
    required={"name": Text(), "addressLine1": Text(), "postalCode": Text(), "countryCode": Text(2)},
    optional={
        key: Text(may_be_empty=True)
        for key in ("addressLine2", "addressLine3", "city", "districtOrCounty", "stateOrRegion", "phone")
    },
)

ITEM = Record(  # OUT CreateFulfillmentOrderItem
    required={"sellerSku": Text(50), "sellerFulfillmentOrderItemId": Text(50), "quantity": Count()},
    optional={
        "giftMessage": Text(512, may_be_empty=True),
        "displayableComment": Text(250, may_be_empty=True),
        "fulfillmentNetworkSku": Text(),
        "perUnitDeclaredValue": MONEY,
        "perUnitPrice": MONEY,
        "perUnitTax": MONEY,
    },
)

FEATURE = Record(  # OUT FeatureSettings
    optional={"featureName": Text(), "featureFulfillmentPolicy": OneOf(("Required", "NotRequired"))}
)

CREATE = Record(  # OUT CreateFulfillmentOrderRequest
    required={
        "sellerFulfillmentOrderId": Text(40),
        "displayableOrderId": Text(40),
        "displayableOrderDate": Time(),
        "displayableOrderComment": Text(750),
        "shippingSpeedCategory": OneOf(SPEEDS),
        "destinationAddress": ADDRESS,
        "items": ListOf(ITEM, fewest=1, most=MAX_LINES),
    },
    optional={
        "marketplaceId": Text(),
        "fulfillmentAction": OneOf(ACTIONS),
        "fulfillmentPolicy": OneOf(POLICIES),
        "deliveryWindow": Record(required={"startDate": Time(), "endDate": Time()}),
        "deliveryPreferences": Record(optional={"deliveryInstructions": Text(250), "dropOffLocation": Anything()}),
        "codSettings": Record(
            required={"isCodRequired": Boolean()},
            optional={key: MONEY for key in ("codCharge", "codChargeTax", "shippingCharge", "shippingChargeTax")},
        ),
        "shipFromCountryCode": Text(2),
        "notificationEmails": ListOf(Text(64)),
        "featureConstraints": ListOf(FEATURE),
        "paymentInformation": ListOf(
            Record(required={"paymentTransactionId": Text(), "paymentMode": Text(), "paymentDate": Time()})
        ),
    },
)


UPDATE_ITEM = Record(  # OUT UpdateFulfillmentOrderItem
    required={"sellerFulfillmentOrderItemId": Text(50), "quantity": Count()},
    optional={**ITEM.optional, "sellerSku": Text(), "orderItemDisposition": Text()},
)

UPDATABLE = (
    "marketplaceId", "displayableOrderId", "displayableOrderDate", "displayableOrderComment", "shippingSpeedCategory",
    "destinationAddress", "fulfillmentAction", "fulfillmentPolicy", "shipFromCountryCode", "notificationEmails",
    "featureConstraints",
)  # fmt: skip
UPDATE = Record(  # OUT UpdateFulfillmentOrderRequest
    optional={key: shape for key, shape in {**CREATE.required, **CREATE.optional}.items() if key in UPDATABLE}
    | {"items": ListOf(UPDATE_ITEM, most=MAX_LINES)}
)

PREVIEW_ITEM = Record(required=ITEM.required, optional={"perUnitDeclaredValue": MONEY})  # OUT GetFulfillmentPreviewItem

PREVIEW = Record(  # OUT GetFulfillmentPreviewRequest
    required={
        "address": ADDRESS,
        "items": ListOf(PREVIEW_ITEM, fewest=1, most=MAX_LINES),
    },
    optional={
        "marketplaceId": Text(),
        "shippingSpeedCategories": ListOf(OneOf(SPEEDS)),
        "includeCODFulfillmentPreview": Boolean(),
        "includeDeliveryWindows": Boolean(),
        "featureConstraints": ListOf(FEATURE),
    },
)


def check_create(body: Any, seller: Seller) -> None:
    """Raise InvalidInput with the first thing wrong with a createFulfillmentOrder body, the others in its details."""
    _refuse(list(CREATE.check(body, "")) or list(_check_create(body, seller)))


def check_update(body: Any, order: FulfillmentOrder, seller: Seller) -> None:
    """Raise InvalidInput for an updateFulfillmentOrder body that cannot be, or not for this order."""
    _refuse(list(UPDATE.check(body, "")) or list(_check_update(body, order, seller)))


def check_preview(body: Any, seller: Seller) -> None:
    """Raise InvalidInput for a bad getFulfillmentPreview body."""
    _refuse(list(PREVIEW.check(body, "")) or list(_check_preview(body, seller)))


def _check_create(body: dict[str, Any], seller: Seller) -> Iterator[str]:
    """The rules the model states in words, and those that depend on the seller."""
    yield from _check_words(body)
    yield from _check_address(body["destinationAddress"], "destinationAddress")
    yield from _check_items(body["items"])
    yield from _check_marketplace(body, seller)
    yield from _check_skus(body["items"], seller)
    order_id = body["sellerFulfillmentOrderId"]
    if order_id in seller.fulfillment_orders:
        # Text from Amazon's help page, the status 400 is presumed. The id of an ended order stays taken.
        yield f"A create request already exists for MerchantFulfillmentOrderId {order_id}"


def _check_update(body: dict[str, Any], order: FulfillmentOrder, seller: Seller) -> Iterator[str]:
    """OUT updateFulfillmentOrder: "a fulfillment order with an order hold on it"."""
    if order.action != "Hold" or not order.is_open:
        yield f"Fulfillment order {order.order_id} is not on hold and cannot be updated (status {order.status})"
        return
    yield from _check_words(body)
    if "destinationAddress" in body:
        yield from _check_address(body["destinationAddress"], "destinationAddress")
    yield from _check_marketplace(body, seller)
    lines = {line.item_id: line for line in order.lines}
    quantities = {item_id: line.quantity for item_id, line in lines.items()}
    for item in body.get("items", ()):
        item_id = item["sellerFulfillmentOrderItemId"]
        line = lines.get(item_id)
        if line is None:
            yield f"Value {item_id} for parameter sellerFulfillmentOrderItemId is invalid: no item of the order"
            continue
        if item.get("sellerSku", line.seller_sku) != line.seller_sku:
            yield f"the SellerSKU for Item Id: {item_id} cannot be changed"
        done = line.quantity - line.open
        if item["quantity"] < done:
            yield f"quantity of Item Id: {item_id} must not be less than the {done} units that are settled"
        quantities[item_id] = item["quantity"]
    yield from _check_ids(body.get("items", ()))
    yield from _check_units(quantities.values())


def _check_preview(body: dict[str, Any], seller: Seller) -> Iterator[str]:
    yield from _check_address(body["address"], "address")
    yield from _check_items(body["items"])
    yield from _check_marketplace(body, seller)
    yield from _check_skus(body["items"], seller)


def _check_words(body: dict[str, Any]) -> Iterator[str]:
    """OUT displayableOrderId ("ISO 8859-1 compliant ... cannot contain two spaces in a row") and fulfillmentAction."""
    name = body.get("displayableOrderId", "")
    if not re.fullmatch(r"[\x20-\x7e\xa0-\xff]*", name) or "  " in name.strip():
        yield "displayableOrderId must be ISO 8859-1 without two spaces in a row"
    if body.get("shippingSpeedCategory") == "ScheduledDelivery" and body.get("fulfillmentAction") == "Hold":
        yield "Value Hold for parameter fulfillmentAction is invalid with ScheduledDelivery"


def _check_address(address: dict[str, Any], where: str) -> Iterator[str]:
    if address["countryCode"] == "JP":
        if address.get("city"):
            yield f"{where}.city should not be used in Japan"
    elif not address.get("city"):
        yield f"{where}.city is required"


def _check_items(items: Sequence[dict[str, Any]]) -> Iterator[str]:
    yield from _check_units(item["quantity"] for item in items)
    yield from _check_ids(items)


def _check_units(quantities: Iterable[int]) -> Iterator[str]:
    if sum(quantities) > MAX_UNITS:
        yield f"items must not have more than {MAX_UNITS} units"


def _check_ids(items: Sequence[dict[str, Any]]) -> Iterator[str]:
    ids = [item["sellerFulfillmentOrderItemId"] for item in items]
    for item_id in sorted({item_id for item_id in ids if ids.count(item_id) > 1}):
        yield f"Duplicate sellerFulfillmentOrderItemId: {item_id}"


def _check_marketplace(body: dict[str, Any], seller: Seller) -> Iterator[str]:
    if body.get("marketplaceId", seller.marketplace_ids[0]) not in seller.marketplace_ids:
        yield f"Value {body['marketplaceId']} for parameter marketplaceId is invalid"


def _check_skus(items: Sequence[dict[str, Any]], seller: Seller) -> Iterator[str]:
    for item in items:
        if item["sellerSku"] not in seller.stock:
            # Seen: amzn/selling-partner-api-models issue 2979.
            yield f"the SellerSKU for Item Id: {item['sellerFulfillmentOrderItemId']} is invalid"


def _refuse(complaints: Sequence[str]) -> None:
    """Raise InvalidInput when there is something to complain about."""
    if complaints:
        raise InvalidInput(complaints[0], "; ".join(complaints[1:]))
