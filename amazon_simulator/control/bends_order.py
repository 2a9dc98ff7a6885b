"""Habits of one MCF order: what Amazon says of it contradicts itself, or differs from what was sent."""

from .bend import Bend, Json, Occasion, inside, members, one_of, optional, words

READ = ("getFulfillmentOrder",)
SHOWN = ("getFulfillmentOrder", "listAllFulfillmentOrders")


def status_ahead(answer: Json, on: Occasion) -> None:
    """The status has moved on, the shipments that explain it are not listed yet.

    Seen: amzn/selling-partner-api-models issue 4036 (getFulfillmentOrder disagrees with the status notification), and
    test data of public integrations.
    """
    payload, omit = inside(answer, "payload"), on.options["omit"]
    if omit == "shipments":
        payload.pop("fulfillmentShipments", None)
    if omit == "last_shipment" and "fulfillmentShipments" in payload:
        payload["fulfillmentShipments"] = members(payload, "fulfillmentShipments")[:-1]
    for shipment in members(payload, "fulfillmentShipments"):
        if omit == "items":
            shipment["fulfillmentShipmentItem"] = []
        elif omit == "items_key":
            shipment.pop("fulfillmentShipmentItem", None)


def quantities_off(answer: Json, on: Occasion) -> None:
    """Quantities that do not add up to what was ordered.

    Amazon's systems agree only in the end: amzn/selling-partner-api-models issue 5259. Issue 2389 is an order whose
    shipped quantities were empty.
    """
    payload, change = inside(answer, "payload"), on.options["change"]
    for line in members(payload, "fulfillmentOrderItems"):
        if change == "no_unfulfillable":
            line.update(unfulfillableQuantity=0, cancelledQuantity=0)
        elif change == "too_many":
            line["unfulfillableQuantity"] = line.get("quantity")
    for shipment in members(payload, "fulfillmentShipments"):
        if change == "more_shipped" and shipment.get("fulfillmentShipmentStatus") == "SHIPPED":
            for row in members(shipment, "fulfillmentShipmentItem"):
                if isinstance(row.get("quantity"), int):
                    row["quantity"] += 1


def own_tracking_only(answer: Json, on: Occasion) -> None:
    """Amazon delivers itself: the packages have Amazon's number only.

    Source: Fulfillment Outbound 2020-07-01, FulfillmentShipmentPackage (trackingNumber is optional, and
    amazonFulfillmentTrackingNumber is beside it); PackageTrackingDetails has no key for it.
    """
    for node in on.objects(answer):
        if not {"packageNumber", "carrierCode"} <= node.keys():
            continue
        node["carrierCode"] = on.options["carrier"]
        number = node.pop("trackingNumber", None)
        if number is not None and on.operation == "getFulfillmentOrder":
            node["amazonFulfillmentTrackingNumber"] = number


def other_address(answer: Json, on: Occasion) -> None:
    """The order of that id is another one, as when a restored backup gives its ids a second time."""
    options = {name: value for name, value in on.options.items() if value is not None}
    for node in on.objects(answer):
        if "destinationAddress" in node:
            address = inside(node, "destinationAddress")
            for name, holder, key in (
                ("displayable_order_id", node, "displayableOrderId"),
                ("displayable_order_date", node, "displayableOrderDate"),
                ("postal_code", address, "postalCode"),
                ("country_code", address, "countryCode"),
            ):
                if name in options:
                    holder[key] = options[name]


_OTHER = ("displayable_order_id", "displayable_order_date", "postal_code", "country_code")

BENDS = {
    "status_ahead": Bend(READ, {"omit": one_of("shipments", "items", "last_shipment", "items_key")}, bend=status_ahead),
    "quantities_off": Bend(
        READ, {"change": one_of("no_unfulfillable", "too_many", "more_shipped")}, bend=quantities_off
    ),
    "own_tracking_only": Bend(
        (*READ, "getPackageTrackingDetails"), {"carrier": words("Amazon Logistics")}, bend=own_tracking_only
    ),
    "other_address": Bend(SHOWN, {name: optional(words()) for name in _OTHER}, bend=other_address, needs=_OTHER),
}
