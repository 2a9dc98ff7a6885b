"""Control of sales: buyers order on Amazon, and Amazon ships."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from .clock import dump_time
from .control_input import Input
from .errors import ControlError
from .sales import Sale, SaleLine
from .sellers import Seller
from .stock import Claim
from .world import World

OPTIONAL_WORDS = ("buyer_name", "seller_order_id")
AMOUNTS = ("item_price", "tax", "shipping", "discount")


def get_sales(world: World, call: Input) -> Any:
    return [dump(sale) for sale in call.seller(world).sales.values()]


def create_sale(world: World, call: Input) -> Any:
    """A new Amazon order; SHIPPED takes its units from stock, an open one reserves them.

    Stock moves only for AMAZON sales of known SKUs that Amazon fulfills: an MCF order's echo (another channel) has
    moved it already.
    """
    seller = call.seller(world)
    channel, fulfilled_by = call.text("channel", "AMAZON"), call.text("fulfilled_by", "AMAZON")
    marketplace_id = call.text("marketplace_id", seller.marketplace_ids[0])
    if marketplace_id not in seller.marketplace_ids:
        raise ControlError(f"the seller does not sell in marketplace {marketplace_id}")
    moves_stock = channel == "AMAZON" and fulfilled_by == "AMAZON"
    replaces = _replaced(seller, call)
    auto = call.flag("auto", False)
    status = call.text("status", "PENDING" if auto else "SHIPPED")
    if auto and status != "PENDING":
        raise ControlError("an auto sale begins PENDING")
    order_id = call.text("amazon_order_id", "") or world.new_amazon_order_id()
    if order_id in seller.sales:
        raise ControlError(f"order {order_id} exists already")
    sale = Sale(
        amazon_order_id=order_id,
        marketplace_id=marketplace_id,
        channel=channel,
        fulfilled_by=fulfilled_by,
        currency=call.text("currency", "USD"),
        tax_included=call.flag("tax_included", False),
        lines=[_line(world, seller, item, moves_stock) for item in call.parts("items")],
        created_at=world.clock.now,
        details=_details(call),
        replaces=replaces,
        auto=auto,
    )
    sale.set_status(status, _shipped(call), world.clock.now)
    seller.sales[order_id] = sale
    return {"amazon_order_id": order_id}


def set_sale_status(world: World, call: Input) -> Any:
    """Move a sale; the clock leaves it alone from now on."""
    sale = call.seller(world).sales.get(call.path["amazon_order_id"])
    if sale is None:
        raise ControlError(f"no sale {call.path['amazon_order_id']}")
    sale.set_status(call.text("status"), _shipped(call), world.clock.now)
    sale.auto = False
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def dump(sale: Sale) -> dict[str, Any]:
    """The full internal view; amounts are strings, null where the sale has no price."""
    has_money = any(line.item_price is not None for line in sale.lines)
    total = sum((line.total(sale.tax_included) for line in sale.lines), Decimal(0))
    return {
        "amazon_order_id": sale.amazon_order_id,
        "marketplace_id": sale.marketplace_id,
        "channel": sale.channel,
        "fulfilled_by": sale.fulfilled_by,
        "status": sale.status,
        "auto": sale.auto,
        "replaces": sale.replaces,
        "currency": sale.currency,
        "tax_included": sale.tax_included,
        "total": f"{total:.2f}" if has_money else None,
        "created_at": dump_time(sale.created_at),
        "updated_at": dump_time(sale.updated_at),
        "lines": [_dump_line(line) for line in sale.lines],
        "shipments": [
            {
                "shipment_id": shipment.shipment_id,
                "shipped_at": dump_time(shipment.shipped_at),
                "tracking_number": shipment.tracking_number,
                "items": [{"seller_sku": line.seller_sku, "quantity": units} for line, units in shipment.contents],
            }
            for shipment in sale.shipments
        ],
        **{key: sale.details.get(key) for key in (*OPTIONAL_WORDS, "delivery_address")},
    }


def _dump_line(line: SaleLine) -> dict[str, Any]:
    return {
        "item_id": line.item_id,
        "seller_sku": line.seller_sku,
        "asin": line.asin,
        "quantity": line.quantity,
        "reserved": line.claim.reserved,
        "shipped": line.shipped,
        "cancelled": line.cancelled,
        "item_price": None if line.item_price is None else str(line.item_price),
        "tax": str(line.tax),
        "shipping": str(line.shipping),
        "discount": str(line.discount),
        "serial_numbers": list(line.serial_numbers),
        "facilitator_tax": line.facilitator_tax,
    }


def _details(call: Input) -> dict[str, Any]:
    """The optional words of an order, as far as they are given."""
    details: dict[str, Any] = {word: call.text(word) for word in OPTIONAL_WORDS if call.body.get(word)}
    if call.body.get("delivery_address"):
        details["delivery_address"] = call.part(call.body["delivery_address"]).body
    return details


def _replaced(seller: Seller, call: Input) -> str | None:
    """The order this one replaces free of charge."""
    replaced = call.text("replaces", "") or None
    if replaced is None:
        return None
    if replaced not in seller.sales:
        raise ControlError(f"no sale {replaced} to replace")
    priced = {name for item in call.parts("items") for name in AMOUNTS if item.body.get(name) is not None}
    if priced:
        raise ControlError(f"a replacement costs nothing: leave out {', '.join(sorted(priced))}")
    return replaced


def _line(world: World, seller: Seller, item: Input, moves_stock: bool) -> SaleLine:
    sku = item.text("seller_sku")
    stock = seller.stock.get(sku)
    quantity = item.units("quantity")
    serial_numbers = item.texts("serial_numbers") if item.body.get("serial_numbers") else []
    if len(serial_numbers) > quantity:
        raise ControlError(f"{sku}: {len(serial_numbers)} serial numbers for {quantity} units")
    return SaleLine(
        item_id=world.new_item_id(),
        seller_sku=sku,
        asin=stock.asin if stock else "B0SIMUNKWN",
        quantity=quantity,
        claim=Claim(stock if moves_stock else None),
        item_price=item.amount("item_price"),
        tax=item.amount("tax") or Decimal(0),
        shipping=item.amount("shipping") or Decimal(0),
        discount=item.amount("discount") or Decimal(0),
        serial_numbers=tuple(serial_numbers),
        facilitator_tax=item.flag("facilitator_tax", False),
    )


def _shipped(call: Input) -> dict[str, int] | None:
    """Units shipped so far per seller SKU, when the call says so."""
    if "shipped" not in call.body:
        return None
    return {part.text("seller_sku"): part.units("quantity") for part in call.parts("shipped")}


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("GET", "sales", get_sales),
    ("POST", "sales", create_sale),
    ("POST", "sales/<amazon_order_id>/status", set_sale_status),
)
