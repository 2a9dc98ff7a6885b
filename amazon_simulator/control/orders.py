"""Control of MCF orders: shipments, cancellations, statuses, tracking."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from ..api.tracking import STATUSES as TRACKING_STATUSES
from ..world.clock import dump_time
from ..world.fulfillment import ENDED_STATUSES, OPEN_STATUSES, FulfillmentOrder
from ..world.shipments import CANCELLED_BY, Line, Package
from ..world.world import World
from .input import ControlError, Input


def get_orders(world: World, call: Input) -> Any:
    return [dump(order) for order in call.seller(world).fulfillment_orders.values()]


def ship(world: World, call: Input) -> Any:
    """Exactly one shipment with these packages."""
    order = _open_order(world, call)
    left = {line.item_id: line.open for line in order.lines}
    packages = []
    for part in call.parts("packages"):
        package = Package(0, part.text("carrier_code", "UPS"), part.text("tracking_number", "") or None, [])
        for item in part.parts("items"):
            _put(package, list(_take(order, item, left)), item)
        packages.append(package)
    shipped_at = call.time("shipped_at", world.clock.now)
    pending_id = order.pending.shipment_id if order.pending else ""
    shipment_id = call.text("shipment_id", "") or pending_id or world.new_shipment_id()
    if any(shipment.shipment_id == shipment_id != pending_id for shipment in order.shipments):
        raise ControlError(f"shipment {shipment_id} exists already")
    for package in packages:
        package.number = world.new_package_number()
    order.ship(shipment_id, packages, shipped_at, world.clock.now)
    order.manual = True
    return dump(order)


def cancel_shipment(world: World, call: Input) -> Any:
    """The PENDING shipment will not leave: Amazon packs its units again, or cancels them for the seller."""
    order = _open_order(world, call)
    by = call.text("by", "FULFILLER")
    if by not in CANCELLED_BY:
        raise ControlError(f"by must be one of: {', '.join(CANCELLED_BY)}")
    order.cancel_shipment(by, world.new_shipment_id, world.clock.now)
    return dump(order)


def cannot_fulfill(world: World, call: Input) -> Any:
    """These units (all that is open, when none are named) will not ship."""
    order = _open_order(world, call)
    left = {line.item_id: line.open for line in order.lines}
    if "items" in call.body:
        quantities = [content for item in call.parts("items") for content in _take(order, item, left)]
    else:
        quantities = [(line, line.open) for line in order.lines]
    order.give_up(quantities, world.clock.now)
    order.manual = True
    return dump(order)


def set_status(world: World, call: Input) -> Any:
    """Force a status; the units follow: Cancelled cancels and Unfulfillable gives up what is open."""
    order = _open_order(world, call)
    status = call.text("status")
    now = world.clock.now
    shipped = any(line.shipped for line in order.lines)
    if status in OPEN_STATUSES:
        order.set_status(status, now)
    elif status == "Invalid":
        order.invalidate(now)
    elif status == "Cancelled":
        order.cancel(now)
    elif (status == "Unfulfillable" and not shipped) or (status == "CompletePartialled" and shipped):
        order.give_up([(line, line.open) for line in order.lines], now)
    elif status in ENDED_STATUSES:
        raise ControlError(f"{status} does not fit the shipped units; use ship or cannot-fulfill")
    else:
        raise ControlError(f"unknown status {status!r}; known: {', '.join(OPEN_STATUSES + ENDED_STATUSES)}")
    order.manual = True
    return dump(order)


def set_tracking(world: World, call: Input) -> Any:
    """Tracking that comes late or changes, or a carrier's status; the order's statusUpdatedDate stays."""
    order = find_order(world, call)
    number = call.units("package_number")
    found = ((it, package) for it in order.shipments for package in it.packages if package.number == number)
    shipment, package = next(found, (None, None))
    if shipment is None or package is None:
        raise ControlError(f"no package {number} in this order")
    if not {"tracking_number", "carrier_code", "status"} & set(call.body):
        raise ControlError("give tracking_number, carrier_code or status")
    carrier_code = call.text("carrier_code", package.carrier_code)
    tracking_number = call.text("tracking_number", package.tracking_number or "") or None
    if "status" in call.body:
        status = call.text("status")
        if status not in TRACKING_STATUSES:
            raise ControlError(f"unknown status {status!r}; known: {', '.join(TRACKING_STATUSES)}")
        package.forced_status = (status, world.clock.now)
    package.carrier_code, package.tracking_number = carrier_code, tracking_number
    order.touch(world.clock.now, shipment)
    return dump(order)


def dump(order: FulfillmentOrder) -> dict[str, Any]:
    """The full internal view."""
    return {
        "order_id": order.order_id,
        "marketplace_id": order.marketplace_id,
        "status": order.status,
        "action": order.action,
        "policy": order.policy,
        "manual": order.manual,
        "created_at": dump_time(order.created_at),
        "status_updated_at": dump_time(order.status_updated_at),
        "changed_at": dump_time(order.changed_at),
        "cancel_at": dump_time(order.cancel_at) if order.cancel_at else None,
        "reserve_at": dump_time(order.reserve_at) if order.reserve_at else None,
        "lines": [
            {
                "item_id": line.item_id,
                "seller_sku": line.seller_sku,
                "quantity": line.quantity,
                "reserved": line.claim.reserved,
                "shipped": line.shipped,
                "unfulfillable": line.unfulfillable,
                "cancelled": line.cancelled,
                "open": line.open,
            }
            for line in order.lines
        ],
        "shipments": [
            {
                "shipment_id": shipment.shipment_id,
                "status": shipment.status,
                "shipped_at": dump_time(shipment.shipped_at),
                "packages": [_dump_package(package) for package in shipment.packages],
                "planned": _dump_contents(shipment.planned),
            }
            for shipment in order.shipments
        ],
        "returns": [
            {
                "return_id": item.return_id,
                "seller_sku": item.line.seller_sku,
                "item_id": item.line.item_id,
                "shipment_id": item.shipment_id,
                "reason": item.reason,
                "comment": item.comment,
                "status": item.status,
                "changed_at": dump_time(item.changed_at),
                "condition": item.condition,
            }
            for item in order.returns
        ],
        "request": order.request,
    }


def _dump_package(package: Package) -> dict[str, Any]:
    return {
        "package_number": package.number,
        "carrier_code": package.carrier_code,
        "tracking_number": package.tracking_number,
        "items": _dump_contents(package.contents),
        "serial_numbers": package.serial_numbers,
        "lot_codes": package.lot_codes,
    }


def _dump_contents(contents: list[tuple[Line, int]]) -> list[dict[str, Any]]:
    return [{"seller_sku": line.seller_sku, "item_id": line.item_id, "quantity": units} for line, units in contents]


def find_order(world: World, call: Input) -> FulfillmentOrder:
    """The order that the URL names. Raises ControlError."""
    order = call.seller(world).fulfillment_orders.get(call.path["order_id"])
    if order is None:
        raise ControlError(f"no fulfillment order {call.path['order_id']}")
    return order


def _open_order(world: World, call: Input) -> FulfillmentOrder:
    order = find_order(world, call)
    if not order.is_open:
        raise ControlError(f"order {order.order_id} has ended: {order.status}")
    return order


def _take(order: FulfillmentOrder, item: Input, left: dict[str, int]) -> Iterator[tuple[Line, int]]:
    """Spread {"seller_sku", "quantity"} over the order's open lines, counting `left` down."""
    return spread(item.text("seller_sku"), item.units("quantity"), order.lines, left, "are open")


def spread(sku: str, units: int, lines: Iterable[Line], left: dict[str, int], what: str) -> Iterator[tuple[Line, int]]:
    """Take units of a SKU from these lines, counting `left` (by item id) down. Raises ControlError."""
    fitting = [line for line in lines if line.seller_sku == sku]
    if units > sum(left[line.item_id] for line in fitting):
        raise ControlError(f"{sku}: {units} units, but only {sum(left[line.item_id] for line in fitting)} {what}")
    for line in fitting:
        taken = min(units, left[line.item_id])
        if taken:
            left[line.item_id] -= taken
            units -= taken
            yield line, taken


def _put(package: Package, contents: list[tuple[Line, int]], item: Input) -> None:
    """Put `contents` into the package, with the serial numbers and lot codes the item names."""
    units = sum(units for _, units in contents)
    serial_numbers = item.texts("serial_numbers") if "serial_numbers" in item.body else []
    lot_codes = item.texts("lot_codes") if "lot_codes" in item.body else []
    if len(serial_numbers) > units:
        raise ControlError(f"{len(serial_numbers)} serial numbers for {units} units")
    package.contents += contents
    left = iter(serial_numbers)
    for line, line_units in contents:
        if own := list(islice(left, line_units)):
            package.serial_numbers.setdefault(line.item_id, []).extend(own)
        if lot_codes:
            package.lot_codes.setdefault(line.item_id, []).extend(lot_codes)


ORDER = "fulfillment-orders/<order_id>"
CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("GET", "fulfillment-orders", get_orders),
    ("POST", f"{ORDER}/ship", ship),
    ("POST", f"{ORDER}/cancel-shipment", cancel_shipment),
    ("POST", f"{ORDER}/cannot-fulfill", cannot_fulfill),
    ("POST", f"{ORDER}/status", set_status),
    ("POST", f"{ORDER}/tracking", set_tracking),
)
