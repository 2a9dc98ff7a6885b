"""Control of shipped MCF orders: returned units, and shipments that Amazon reports differently later."""

from collections import Counter
from collections.abc import Callable
from typing import Any

from ..world import corrections, returns
from ..world.fulfillment import FulfillmentOrder
from ..world.shipments import CANCELLED_BY, Line, Shipment
from ..world.world import World
from .input import ControlError, Input
from .orders import ORDER, dump, find_order, spread


def announce_return(world: World, call: Input) -> Any:
    """The customer sends these units back; of the shipment named, else of the first ones that hold some."""
    order = find_order(world, call)
    shipments = [_shipped(order, call)] if call.text("shipment_id", "") else order.shipments
    left = Counter(
        {
            (shipment.shipment_id, item_id): units
            for shipment in shipments
            for item_id, units in returns.with_customer(order, shipment).items()
        }
    )
    skus = {line.item_id: line.seller_sku for line in order.lines}
    keys: list[returns.Key] = []
    for item in call.parts("items"):
        sku, units = item.text("seller_sku"), item.units("quantity")
        fitting = [key for key in left.elements() if skus[key[1]] == sku]
        if units > len(fitting):
            raise ControlError(f"{sku}: {units} units, but only {len(fitting)} shipped and not returned")
        left -= Counter(fitting[:units])
        keys += fitting[:units]
    reason, comment = call.text("reason", returns.DEFAULT_REASON), call.text("comment", "")
    returns.announce(order, keys, reason, comment, world.clock.now)
    return dump(order)


def process_returns(world: World, call: Input) -> Any:
    """The warehouse has received all announced units."""
    order = find_order(world, call)
    condition = call.text("condition", "Sellable")
    if condition not in returns.CONDITIONS:
        raise ControlError(f"unknown condition {condition!r}; known: {', '.join(returns.CONDITIONS)}")
    returns.process(order, condition, world.clock.now)
    return dump(order)


def change_shipment(world: World, call: Input) -> Any:
    """A SHIPPED shipment did not leave after all (`status`), or held other units (`items`; SKUs not named stay)."""
    order = find_order(world, call)
    shipment = _shipped(order, call)
    if ("status" in call.body) == ("items" in call.body):
        raise ControlError("give status or items")
    if "status" in call.body:
        status = call.text("status")
        if status not in CANCELLED_BY.values():
            raise ControlError(f"status must be one of: {', '.join(CANCELLED_BY.values())}")
        if any(item.shipment_id == shipment.shipment_id for item in order.returns):
            raise ControlError(f"units of shipment {shipment.shipment_id} are returned")
        corrections.cancel(order, shipment, status, world.clock.now)
    else:
        fewer, more = _difference(order, shipment, call.parts("items"))
        corrections.change(order, shipment, fewer, more, world.clock.now)
    return dump(order)


def _shipped(order: FulfillmentOrder, call: Input) -> Shipment:
    """The shipment that `shipment_id` names, if it has left. Raises ControlError."""
    shipment_id = call.text("shipment_id")
    shipment = next((shipment for shipment in order.shipments if shipment.shipment_id == shipment_id), None)
    if shipment is None or shipment.status != "SHIPPED":
        raise ControlError(f"shipment {shipment_id} is {shipment.status if shipment else 'unknown'}, not SHIPPED")
    return shipment


def _difference(
    order: FulfillmentOrder, shipment: Shipment, items: list[Input]
) -> tuple[list[tuple[Line, int]], list[tuple[Line, int]]]:
    """The units to take out of the shipment, and those to add. Raises ControlError."""
    held: Counter[str] = Counter()
    for line, units in shipment.contents:
        held[line.seller_sku] += units
    wanted = {item.text("seller_sku"): item.units("quantity", fewest=0) for item in items}
    if len(wanted) < len(items):
        raise ControlError("a SKU is named twice")
    if not any({**held, **wanted}.values()):
        raise ControlError("nothing would be left in the shipment; give status instead")
    kept = returns.with_customer(order, shipment)
    still_open = {line.item_id: line.open if order.is_open else 0 for line in order.lines}
    fewer: list[tuple[Line, int]] = []
    more: list[tuple[Line, int]] = []
    for sku, units in wanted.items():
        if units <= held[sku]:
            fewer += spread(sku, held[sku] - units, order.lines[::-1], kept, "can be taken out, the rest is returned")
        else:
            more += spread(sku, units - held[sku], order.lines, still_open, "more are open")
    return fewer, more


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("POST", f"{ORDER}/return", announce_return),
    ("POST", f"{ORDER}/process-returns", process_returns),
    ("POST", f"{ORDER}/change-shipment", change_shipment),
)
