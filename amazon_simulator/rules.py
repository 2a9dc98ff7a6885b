"""What Amazon accepts, each rule with its source.

OUT = Fulfillment Outbound 2020-07-01 (the model's required, maxLength and enum); the messages of broken rules are the
simulator's own unless a source is named.
"""

from collections.abc import Iterator
from typing import Any

from .errors import InvalidInput
from .sellers import Seller
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


def check_create(body: Any, seller: Seller) -> None:
    """Raise InvalidInput with the first thing wrong with a createFulfillmentOrder body, the others in its details."""
    complaints = list(CREATE.check(body, ""))
    if not complaints:
        complaints = list(_check_meaning(body, seller))
    if complaints:
        raise InvalidInput(complaints[0], "; ".join(complaints[1:]))


def _check_meaning(body: dict[str, Any], seller: Seller) -> Iterator[str]:
    """What the model says in words, and what depends on the seller."""
    address, items = body["destinationAddress"], body["items"]
    if address["countryCode"] == "JP":
        if address.get("city"):
            yield "destinationAddress.city should not be used in Japan"
    elif not address.get("city"):
        yield "destinationAddress.city is required"
    if sum(item["quantity"] for item in items) > MAX_UNITS:
        yield f"items must not have more than {MAX_UNITS} units"
    ids = [item["sellerFulfillmentOrderItemId"] for item in items]
    for item_id in sorted({item_id for item_id in ids if ids.count(item_id) > 1}):
        yield f"Duplicate sellerFulfillmentOrderItemId: {item_id}"
    if body.get("marketplaceId", seller.marketplace_ids[0]) not in seller.marketplace_ids:
        yield f"Value {body['marketplaceId']} for parameter marketplaceId is invalid"
    for item in items:
        if item["sellerSku"] not in seller.stock:
            # Seen: amzn/selling-partner-api-models issue 2979.
            yield f"the SellerSKU for Item Id: {item['sellerFulfillmentOrderItemId']} is invalid"
    order_id = body["sellerFulfillmentOrderId"]
    if order_id in seller.fulfillment_orders:
        # Text from Amazon's help page, the status 400 is presumed. The id of an ended order stays taken.
        yield f"A create request already exists for MerchantFulfillmentOrderId {order_id}"


def check_query(query: dict[str, Any], known: frozenset[str]) -> None:
    """Amazon's models list each operation's parameters; a stray one is a client's mistake worth seeing."""
    unknown = sorted(set(query) - known)
    if unknown:
        raise InvalidInput(f"Unknown query parameters: {', '.join(unknown)}")
