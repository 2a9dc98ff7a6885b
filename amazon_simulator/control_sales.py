"""Control of sales: buyers order on Amazon, and Amazon ships."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .control_input import Input
from .errors import ControlError
from .sales import Sale, SaleLine
from .sellers import Seller
from .stock import Claim
from .world import World

OPTIONAL_DETAILS = ("buyer_name", "delivery_address", "seller_order_id")


def create_sale(world: World, call: Input) -> Any:
    """A new Amazon order; SHIPPED takes its units from stock, an open one reserves them.

    Stock moves only for AMAZON sales of known SKUs that Amazon fulfills: an MCF order's echo (another channel) has
    moved it already.
    """
    seller = call.seller(world)
    channel, fulfilled_by = call.text("channel", "AMAZON"), call.text("fulfilled_by", "AMAZON")
    order_id = call.text("amazon_order_id", "") or world.new_amazon_order_id()
    if order_id in seller.sales:
        raise ControlError(f"order {order_id} exists already")
    marketplace_id = call.text("marketplace_id", seller.marketplace_ids[0])
    if marketplace_id not in seller.marketplace_ids:
        raise ControlError(f"the seller does not sell in marketplace {marketplace_id}")
    moves_stock = channel == "AMAZON" and fulfilled_by == "AMAZON"
    sale = Sale(
        amazon_order_id=order_id,
        marketplace_id=marketplace_id,
        channel=channel,
        fulfilled_by=fulfilled_by,
        currency=call.text("currency", "USD"),
        tax_included=call.flag("tax_included", False),
        lines=[_line(world, seller, item, moves_stock) for item in call.parts("items")],
        created_at=world.clock.now,
        details={key: call.body[key] for key in OPTIONAL_DETAILS if call.body.get(key)},
    )
    sale.set_status(call.text("status", "SHIPPED"), _shipped(call), world.clock.now)
    seller.sales[order_id] = sale
    return {"amazon_order_id": order_id}


def set_sale_status(world: World, call: Input) -> Any:
    sale = call.seller(world).sales.get(call.path["amazon_order_id"])
    if sale is None:
        raise ControlError(f"no sale {call.path['amazon_order_id']}")
    sale.set_status(call.text("status"), _shipped(call), world.clock.now)
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def _line(world: World, seller: Seller, item: Input, moves_stock: bool) -> SaleLine:
    sku = item.text("seller_sku")
    stock = seller.stock.get(sku)
    return SaleLine(
        item_id=world.new_item_id(),
        seller_sku=sku,
        asin=stock.asin if stock else "B0SIMUNKWN",
        quantity=item.units("quantity"),
        claim=Claim(stock if moves_stock else None),
        item_price=item.amount("item_price"),
        tax=item.amount("tax") or Decimal(0),
        shipping=item.amount("shipping") or Decimal(0),
        discount=item.amount("discount") or Decimal(0),
    )


def _shipped(call: Input) -> dict[str, int] | None:
    """Units shipped so far per seller SKU, when the call says so."""
    if "shipped" not in call.body:
        return None
    return {part.text("seller_sku"): part.units("quantity") for part in call.parts("shipped")}


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("POST", "sales", create_sale),
    ("POST", "sales/<amazon_order_id>/status", set_sale_status),
)
