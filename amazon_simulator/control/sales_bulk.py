"""Control of sales: a history of many at once, such as that of a year."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import cycle
from typing import Any

from ..world.sales import Sale, SaleLine
from ..world.sellers import Seller
from ..world.stock import Claim, NotEnough
from ..world.world import World
from . import sale_input
from .input import ControlError, Input

MOST = 1_000_000
KEYS = (
    "seller", "count", "from", "to", "ships_after_seconds", "skus", "quantity", "price", "tax", "facilitator_tax",
    "reporting_scheme", "marketplace_id", "currency", "tax_included", "moves_stock", *sale_input.DETAILS,
)  # fmt: skip


def sell_in_bulk(world: World, call: Input) -> Any:
    """Shipped orders of one line, of the SKUs in turn, placed at even distances from `from` to `to`.

    Nothing is sold when a time is still to come or stock is short. Raises ControlError, NotEnough.
    """
    sale_input.check_keys(call, KEYS)
    seller = call.seller(world)
    marketplace_id, currency = sale_input.marketplace_of(seller, call), call.text("currency", "USD")
    tax_included, details = call.flag("tax_included", False), sale_input.details(call)
    ships_after = timedelta(seconds=call.units("ships_after_seconds", fewest=0, default=0))
    times = _times(call, world.clock.now - ships_after)
    planned = list(zip(times, cycle(_models(world, seller, call, currency)), strict=False))
    _check_stock(line for _, line in planned)
    order_ids = []
    for at, model in planned:
        sale = Sale(
            amazon_order_id=_free_order_id(world, seller),
            marketplace_id=marketplace_id,
            channel="AMAZON",
            fulfilled_by="AMAZON",
            currency=currency,
            tax_included=tax_included,
            lines=[replace(model, item_id=world.new_item_id(), claim=Claim(model.claim.stock))],
            created_at=at,
            details=details,
        )
        sale.set_status("SHIPPED", None, at + ships_after)
        sale.changes = seller.changes  # nobody is told of the past
        seller.sales[sale.amazon_order_id] = sale
        order_ids.append(sale.amazon_order_id)
    return {"amazon_order_ids": order_ids}


def _times(call: Input, latest: datetime) -> Iterator[datetime]:
    """When each order is placed, in whole seconds: the first at `from`, the last at `to`. Raises ControlError."""
    count, first, last = call.units("count"), call.time("from"), call.time("to")
    if count > MOST:
        raise ControlError(f"count must be at most {MOST}")
    if not first <= last <= latest:
        raise ControlError("from must not be after to, and all orders must have shipped by now")
    gaps = max(count - 1, 1)
    return ((first + (last - first) * number / gaps).replace(microsecond=0) for number in range(count))


def _models(world: World, seller: Seller, call: Input, currency: str) -> list[SaleLine]:
    """The line of each SKU. Raises ControlError."""
    moves_stock = call.flag("moves_stock", True)
    words: dict[str, Any] = {
        key: call.body[key] for key in ("tax", "facilitator_tax", "reporting_scheme") if key in call.body
    }
    words |= {"quantity": call.units("quantity", default=1), "item_price": call.body.get("price")}
    items = [call.part({**words, "seller_sku": sku}) for sku in call.texts("skus")]
    return [sale_input.line(world, seller, item, currency, moves_stock) for item in items]


def _check_stock(lines: Iterable[SaleLine]) -> None:
    """Raise NotEnough unless there is stock for all lines together."""
    wanted: Counter[str] = Counter()
    for line in lines:
        if line.claim.stock is not None:
            wanted[line.seller_sku] += line.quantity
            if wanted[line.seller_sku] > line.claim.stock.fulfillable:
                raise NotEnough(f"{line.seller_sku}: too few units in stock for all orders; or give moves_stock false")


def _free_order_id(world: World, seller: Seller) -> str:
    """The next id that no call has taken for a sale of its own."""
    while (order_id := world.new_amazon_order_id()) in seller.sales:
        pass
    return order_id


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (("POST", "sales/bulk", sell_in_bulk),)
