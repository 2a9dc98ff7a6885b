"""Fulfillment Outbound 2020-07-01: from HTTP to the world and back."""

from typing import Any

from ..world.clock import parse_time
from ..world.fulfillment import FulfillmentOrder
from . import outbound_rules, preview, tracking
from .errors import InvalidInput, NotFound
from .operations import Call, Operation
from .outbound_dump import dump_order, dump_whole
from .paging import Left
from .queries import check_query

BASE = "/fba/outbound/2020-07-01/fulfillmentOrders"


def create_fulfillment_order(call: Call) -> dict[str, Any]:
    """Success says nothing: no payload, no id of Amazon."""
    check_query(call.query, frozenset())
    outbound_rules.check_create(call.body, call.seller)
    call.world.create_fulfillment_order(call.seller, call.body)
    return {}


def get_fulfillment_order(call: Call) -> dict[str, Any]:
    """The whole view of one order."""
    check_query(call.query, frozenset())
    return {"payload": dump_whole(_find(call))}


def list_all_fulfillment_orders(call: Call) -> dict[str, Any]:
    """Orders whose status changed at or after queryStartDate, oldest change first, without items and shipments."""
    check_query(call.query, frozenset({"queryStartDate", "nextToken"}))
    world, orders = call.world, call.seller.fulfillment_orders
    scope = ("listAllFulfillmentOrders", call.seller.refresh_token)
    keys: Left | list[str] | None
    if call.query.get("nextToken"):
        keys = world.pages.rest(call.query["nextToken"], scope, world.clock.now)
        if keys is None:
            raise InvalidInput("Value for parameter nextToken is invalid")
    else:
        start = call.query.get("queryStartDate")
        try:
            since = parse_time(start) if start else None
        except ValueError:
            raise InvalidInput(f"Value {start} for parameter queryStartDate is invalid") from None
        found = [
            order
            for order in orders.values()
            if order.visible_from <= world.clock.now and (since is None or order.status_updated_at >= since)
        ]
        keys = [order.order_id for order in sorted(found, key=lambda order: (order.status_updated_at, order.order_id))]
    page, token = world.pages.cut(keys, world.settings.list_page_size, scope, world.clock.now)
    payload: dict[str, Any] = {"fulfillmentOrders": [dump_order(orders[key]) for key in page]}
    if token:
        payload["nextToken"] = token
    return {"payload": payload}


def update_fulfillment_order(call: Call) -> dict[str, Any]:
    """Change an order on hold, or release it; the answer says nothing."""
    check_query(call.query, frozenset())
    order, changes, now = _find(call), call.body, call.world.clock.now
    outbound_rules.check_update(changes, order, call.seller)
    order.update(changes, now)
    if changes.get("fulfillmentAction") == "Ship":
        order.release(now)
    return {}


def cancel_fulfillment_order(call: Call) -> dict[str, Any]:
    """A request to cancel: the answer says only that it was taken. It may be made again."""
    check_query(call.query, frozenset())
    order, world = _find(call), call.world
    if not order.is_cancellable:
        raise InvalidInput(f"Fulfillment order {order.order_id} cannot be cancelled in status {order.status}")
    lag = world.settings.cancel_lag_seconds
    if lag:
        order.cancel_at = order.cancel_at or world.clock.after(lag)
    else:
        order.cancel(world.clock.now)
    return {}


def _find(call: Call) -> FulfillmentOrder:
    """The order of the path, once Amazon shows it. Raises NotFound."""
    order = call.seller.fulfillment_orders.get(call.path["order_id"])
    if order is None or call.world.clock.now < order.visible_from:
        raise NotFound(f"Fulfillment order {call.path['order_id']} was not found")
    return order


OPERATIONS = (
    Operation("getFulfillmentPreview", "POST", f"{BASE}/preview", 2.0, 30, preview.get_fulfillment_preview),
    Operation("createFulfillmentOrder", "POST", BASE, 2.0, 30, create_fulfillment_order),
    Operation("listAllFulfillmentOrders", "GET", BASE, 2.0, 30, list_all_fulfillment_orders),
    Operation("getFulfillmentOrder", "GET", f"{BASE}/<order_id>", 2.0, 30, get_fulfillment_order),
    Operation("updateFulfillmentOrder", "PUT", f"{BASE}/<order_id>", 2.0, 30, update_fulfillment_order),
    Operation(
        "cancelFulfillmentOrder",
        "PUT",
        f"{BASE}/<order_id>/cancel",
        2.0,
        30,
        cancel_fulfillment_order,
        has_body=False,
    ),
    tracking.OPERATION,
)
