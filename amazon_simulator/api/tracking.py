"""getPackageTrackingDetails: a package of an MCF order on its way, by time or as a control call set it."""

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from ..world.clock import dump_time
from ..world.fulfillment import FulfillmentOrder
from ..world.shipments import ARRIVES_AFTER, Package, Shipment
from .errors import InvalidInput, NotFound
from .operations import Call, Operation
from .queries import check_query

PATH = "/fba/outbound/2020-07-01/tracking"
OUT_FOR_DELIVERY_AFTER = ARRIVES_AFTER - timedelta(hours=8)
"""The simulator's own; a package is delivered when it was estimated to be."""

STATUSES = (
    "IN_TRANSIT", "DELIVERED", "RETURNING", "RETURNED", "UNDELIVERABLE", "DELAYED", "AVAILABLE_FOR_PICKUP",
    "CUSTOMER_ACTION", "UNKNOWN", "OUT_FOR_DELIVERY", "DELIVERY_ATTEMPTED", "PICKUP_SUCCESSFUL", "PICKUP_CANCELLED",
    "PICKUP_ATTEMPTED", "PICKUP_SCHEDULED", "RETURN_REQUEST_ACCEPTED", "REFUND_ISSUED", "RETURN_RECEIVED_IN_FC",
)  # fmt: skip
"""Source: Fulfillment Outbound 2020-07-01, CurrentStatus."""

_EVENTS = {
    "IN_TRANSIT": ("EVENT_202", "Departure scan."),
    "OUT_FOR_DELIVERY": ("EVENT_302", "Out for delivery."),
    "DELIVERED": ("EVENT_301", "Delivered."),
    "DELIVERY_ATTEMPTED": ("EVENT_304", "Delivery attempted."),
    "AVAILABLE_FOR_PICKUP": ("EVENT_308", "Available for pickup."),
    "RETURNED": ("EVENT_309", "Returned to seller."),
    "RETURNING": ("EVENT_408", "Returning to seller."),
    "UNDELIVERABLE": ("EVENT_416", "Undeliverable."),
    "DELAYED": ("EVENT_418", "Shipment delayed."),
}
"""Statuses that leave an event, with its code and description. Source: Fulfillment Outbound 2020-07-01, EventCode."""

MAX_NUMBER = 2**31 - 1


def get_package_tracking_details(call: Call) -> dict[str, Any]:
    """One package of any of the seller's orders, by Amazon's number for it."""
    check_query(call.query, frozenset({"packageNumber"}))
    number = _number(call.query.get("packageNumber"))
    for order in call.seller.fulfillment_orders.values():
        for shipment in order.shipments:
            for package in shipment.packages:
                if package.number == number:
                    return {"payload": _dump(order, shipment, package, call.world.clock.now)}
    raise NotFound(f"Package {number} was not found")


def _number(text: Any) -> int:
    """An int32. Raises InvalidInput."""
    if not isinstance(text, str) or not re.fullmatch("[0-9]{1,10}", text) or int(text) > MAX_NUMBER:
        raise InvalidInput(f"Value {text} for parameter packageNumber is invalid")
    return int(text)


def _dump(order: FulfillmentOrder, shipment: Shipment, package: Package, now: datetime) -> dict[str, Any]:
    """PackageTrackingDetails of the model; unknown values are absent."""
    history = list(_history(shipment, package, now))
    address = order.request["destinationAddress"]
    place = {
        "city": address.get("city", ""),
        "state": address.get("stateOrRegion", ""),
        "country": address["countryCode"],
    }
    answer: dict[str, Any] = {
        "packageNumber": package.number,
        "carrierCode": package.carrier_code,
        "shipDate": dump_time(shipment.shipped_at),
        "estimatedArrivalDate": dump_time(shipment.shipped_at + ARRIVES_AFTER),
        "shipToAddress": place,
        "currentStatus": package.forced_status[0] if package.forced_status else history[-1][0],
        "trackingEvents": [
            {
                "eventDate": dump_time(at),
                "eventAddress": place,
                "eventCode": _EVENTS[status][0],
                "eventDescription": _EVENTS[status][1],
            }
            for status, at in history
            if status in _EVENTS
        ],
    }
    if package.tracking_number:
        answer["trackingNumber"] = package.tracking_number
        answer["customerTrackingLink"] = f"https://www.swiship.com/track?id={package.tracking_number}"
    return answer


def _history(shipment: Shipment, package: Package, now: datetime) -> Iterator[tuple[str, datetime]]:
    """(status, since when), oldest first; a status set by a control call is the last one, time adds none after it."""
    forced = package.forced_status
    until = forced[1] if forced else now
    shipped_at = shipment.shipped_at
    yield "IN_TRANSIT", shipped_at
    for status, at in (
        ("OUT_FOR_DELIVERY", shipped_at + OUT_FOR_DELIVERY_AFTER),
        ("DELIVERED", shipped_at + ARRIVES_AFTER),
    ):
        if at <= until and not (forced and status == forced[0]):
            yield status, at
    if forced and forced[0] != "IN_TRANSIT":
        yield forced


OPERATION = Operation("getPackageTrackingDetails", "GET", PATH, 2.0, 30, get_package_tracking_details)
