"""Everything the web page shows, in one answer: `GET /_simulator/overview`."""

from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import Any, TypeVar

from ..api import tracking
from ..api.catalog import CALL_NAMES
from ..world.clock import dump_time
from ..world.marketplaces import marketplace
from ..world.sales import ENDED_STATUSES, Sale
from ..world.sellers import Seller
from . import orders, sales, stock
from .controlled_world import ControlledWorld
from .faults import KINDS
from .input import ControlError, Input

SHOWN_ORDERS = 20
"""The newest orders and sales shown, unless `orders` or `sales` ask for more; open ones are shown besides."""
MOST_OPEN = 100
MOST_SKUS = 200
CALLS_SHOWN = 30

Order = TypeVar("Order")


def overview(world: ControlledWorld, call: Input) -> Any:
    """The world as one seller's page shows it. `sku` keeps the SKUs that contain it."""
    seller = call.seller(world)
    return {
        "now": dump_time(world.clock.now),
        "live": world.live,
        "seller": seller.refresh_token,
        "sellers": [{"refresh_token": each.refresh_token, "revoked": each.revoked} for each in world.sellers.values()],
        "marketplaces": [marketplace(name)._asdict() for name in dict.fromkeys(seller.marketplace_ids)],
        "settings": asdict(world.settings),
        "faults": [asdict(fault) for fault in world.faults],
        "fault_kinds": list(KINDS),
        "fault_operations": ["*", *CALL_NAMES],
        "tracking_statuses": list(tracking.STATUSES),
        "fulfillment_orders": _newest(
            seller.fulfillment_orders.values(),
            lambda order: order.is_open,
            lambda order: {**orders.dump(order), "open": order.is_open},
            _wanted(call, "orders"),
        ),
        "sales": _newest(
            seller.sales.values(),
            _is_open,
            lambda sale: {**sales.dump(sale), "open": _is_open(sale)},
            _wanted(call, "sales"),
        ),
        "stock": _stock(seller, call.query.get("sku", "").casefold()),
        "calls": world.journal.latest(CALLS_SHOWN),
    }


def _newest(
    orders: Iterable[Order], is_open: Callable[[Order], bool], dump: Callable[[Order], dict[str, Any]], wanted: int
) -> dict[str, Any]:
    """The `wanted` newest and the open ones among the others, newest first; `left_out` counts the rest."""
    newest_first = list(orders)[::-1]
    still_open = [order for order in newest_first[wanted:] if is_open(order)][:MOST_OPEN]
    shown = newest_first[:wanted] + still_open
    return {"rows": [dump(order) for order in shown], "left_out": len(newest_first) - len(shown)}


def _wanted(call: Input, name: str) -> int:
    text = call.query.get(name, str(SHOWN_ORDERS))
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ControlError(f"{name} must be a whole number")
    return int(text)


def _is_open(sale: Sale) -> bool:
    return sale.status not in ENDED_STATUSES


def _stock(seller: Seller, part: str) -> dict[str, Any]:
    """In the order the SKUs became known; `places` are the counters units move between."""
    items = [item for sku, item in seller.stock.items() if part in sku.casefold()]
    rows = [stock.dump(item) for item in items[:MOST_SKUS]]
    return {"rows": rows, "left_out": len(items) - len(rows), "places": [*stock.PLACES, "gone"]}


CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (("GET", "overview", overview),)
