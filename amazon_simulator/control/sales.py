"""Control of sales: buyers order on Amazon, and Amazon ships."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..world.clock import dump_time
from ..world.marketplaces import decimals_of
from ..world.sale_money import AMOUNTS, LineMoney
from ..world.sales import Sale, SaleLine
from ..world.sellers import Seller
from ..world.stock import Claim
from ..world.world import World
from .input import ControlError, Input

OPTIONAL_WORDS = ("buyer_name", "seller_order_id")


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
    currency = call.text("currency", "USD")
    sale = Sale(
        amazon_order_id=order_id,
        marketplace_id=marketplace_id,
        channel=channel,
        fulfilled_by=fulfilled_by,
        currency=currency,
        tax_included=call.flag("tax_included", False),
        lines=[_line(world, seller, item, currency, moves_stock) for item in call.parts("items")],
        created_at=world.clock.now,
        details=_details(call),
        tip=_amount(call, "tip", currency) or Decimal(0),
        replaces=replaces,
        auto=auto,
    )
    sale.set_status(status, _shipped(call), world.clock.now)
    seller.sales[order_id] = sale
    return {"amazon_order_id": order_id}


def set_sale_status(world: World, call: Input) -> Any:
    """Move a sale; the clock leaves it alone from now on."""
    sale = _sale(world, call)
    sale.set_status(call.text("status"), _shipped(call), world.clock.now)
    sale.auto = False
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def revoke_sale(world: World, call: Input) -> Any:
    """A sale that has shipped is CANCELLED: no stock moves, and what left stays shipped."""
    sale = _sale(world, call)
    sale.revoke(world.clock.now)
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def set_sale_money(world: World, call: Input) -> Any:
    """Amounts of a sale change, as after a refund; amounts not named stay.

    Of several lines with one SKU, the first item in the call is the first line, and so on.
    """
    sale = _sale(world, call)
    if sale.replaces:
        raise ControlError("a replacement costs nothing")
    left = list(sale.lines)
    money = {}
    for item in call.parts("items"):
        sku = item.text("seller_sku")
        line = next((line for line in left if line.seller_sku == sku), None)
        if line is None:
            raise ControlError(f"not in this order: {sku}")
        left.remove(line)
        amounts = _amounts(item, sale.currency)
        if not amounts:
            raise ControlError(f"{sku}: no amount, such as {', '.join(AMOUNTS)}")
        money[line.item_id] = replace(line.money, **amounts)
    sale.set_money(money, world.clock.now)
    return {"amazon_order_id": sale.amazon_order_id, "total": sale.write(sale.total)}


def _sale(world: World, call: Input) -> Sale:
    sale = call.seller(world).sales.get(call.path["amazon_order_id"])
    if sale is None:
        raise ControlError(f"no sale {call.path['amazon_order_id']}")
    return sale


def dump(sale: Sale) -> dict[str, Any]:
    """The full internal view; amounts are strings, null where the sale has no price."""
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
        "tip": str(sale.tip),
        "total": sale.write(sale.total) if sale.has_price else None,
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
        **{name: None if (value := getattr(line.money, name)) is None else str(value) for name in AMOUNTS},
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
    priced |= {"tip"} if call.body.get("tip") is not None else set()
    if priced:
        raise ControlError(f"a replacement costs nothing: leave out {', '.join(sorted(priced))}")
    return replaced


def _line(world: World, seller: Seller, item: Input, currency: str, moves_stock: bool) -> SaleLine:
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
        money=LineMoney(**_amounts(item, currency)),
        serial_numbers=tuple(serial_numbers),
        facilitator_tax=item.flag("facilitator_tax", False),
    )


def _amounts(item: Input, currency: str) -> dict[str, Decimal]:
    """The amounts of a line, as far as they are given."""
    found = {name: _amount(item, name, currency) for name in AMOUNTS}
    return {name: amount for name, amount in found.items() if amount is not None}


def _amount(part: Input, name: str, currency: str) -> Decimal | None:
    """An amount that can be paid in `currency`: one without decimals has none."""
    amount = part.amount(name)
    if amount is not None and not decimals_of(currency) and amount % 1:
        raise ControlError(f"{name}: amounts in {currency} have no decimals")
    return amount


def _shipped(call: Input) -> dict[str, int] | None:
    """Units shipped so far per seller SKU, when the call says so."""
    if "shipped" not in call.body:
        return None
    return {part.text("seller_sku"): part.units("quantity") for part in call.parts("shipped")}


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("GET", "sales", get_sales),
    ("POST", "sales", create_sale),
    ("POST", "sales/<amazon_order_id>/status", set_sale_status),
    ("POST", "sales/<amazon_order_id>/revoke", revoke_sale),
    ("POST", "sales/<amazon_order_id>/money", set_sale_money),
)
