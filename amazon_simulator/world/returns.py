"""Units of an MCF order that the customer sends back: announced, then received in the warehouse.

Source: Fulfillment Outbound 2020-07-01, ReturnItem. The seller's call for it is not imitated: ids are made here.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime

from .fulfillment import FulfillmentOrder
from .shipments import ReturnItem, Shipment

CONDITIONS = {
    "Sellable": "fulfillable",
    "Defective": "defective",
    "CustomerDamaged": "customer_damaged",
    "CarrierDamaged": "carrier_damaged",
    "FulfillerDamaged": "warehouse_damaged",
}
"""In which condition a unit is received, to where it is in stock. Source of the conditions: ReturnItemDisposition."""

DEFAULT_REASON = "UNKNOWN_OTHER_REASON"

Key = tuple[str, str]
"""Of units that left: shipment id, item id."""


def with_customer(order: FulfillmentOrder, shipment: Shipment) -> Counter[str]:
    """Units that left in this shipment and are not on their way back, by item id."""
    units: Counter[str] = Counter()
    for line, number in shipment.contents:
        units[line.item_id] += number
    return units - Counter(item.line.item_id for item in order.returns if item.shipment_id == shipment.shipment_id)


def announce(order: FulfillmentOrder, keys: Iterable[Key], reason: str, comment: str, now: datetime) -> None:
    """One of these units for each key is to come back; the status of the order stays."""
    lines = {line.item_id: line for line in order.lines}
    for shipment_id, item_id in keys:
        return_id = f"{order.order_id}-R{len(order.returns) + 1}"
        order.returns.append(ReturnItem(return_id, lines[item_id], shipment_id, reason, comment, now))
    order.changed_at = now


def process(order: FulfillmentOrder, condition: str, now: datetime) -> None:
    """All that was announced is received, in this condition. Raises ValueError when nothing was."""
    announced = [item for item in order.returns if item.status == "New"]
    if not announced:
        raise ValueError(f"order {order.order_id} has no New return item")
    place = CONDITIONS[condition]
    for item in announced:
        item.status, item.condition, item.changed_at = "Processed", condition, now
        if stock := item.line.claim.stock:
            stock.set_units({place: stock.units(place) + 1})
        order.touch(now, item)
