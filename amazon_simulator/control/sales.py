"""Control of sales: buyers order on Amazon, and Amazon ships."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

from ..world.clock import dump_time
from ..world.sale_money import AMOUNTS, LineMoney, Sums
from ..world.sales import Sale, SaleLine
from ..world.world import World
from . import sale_input
from .input import ControlError, Input


def get_sales(world: World, call: Input) -> Any:
    return [dump(sale) for sale in call.seller(world).sales.values()]


def create_sale(world: World, call: Input) -> Any:
    """A new Amazon order; SHIPPED takes its units from stock, an open one reserves them.

    Stock moves only for AMAZON sales of known SKUs that Amazon fulfills: an MCF order's echo (another channel) has
    moved it already.
    """
    seller = call.seller(world)
    channel, fulfilled_by = call.text("channel", "AMAZON"), call.text("fulfilled_by", "AMAZON")
    marketplace_id = sale_input.marketplace_of(seller, call)
    moves_stock = channel == "AMAZON" and fulfilled_by == "AMAZON"
    replaces = sale_input.replaced(seller, call)
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
        lines=[sale_input.line(world, seller, item, currency, moves_stock) for item in call.parts("items")],
        created_at=world.clock.now,
        details=sale_input.details(call),
        tip=sale_input.amount(call, "tip", currency) or Decimal(0),
        tip_status=sale_input.tip_status(call, "FINALIZED"),
        charges=sale_input.charges(call, currency),
        replaces=replaces,
        auto=auto,
        changes=seller.changes,
    )
    sale.set_status(status, sale_input.shipped(call), world.clock.now)
    seller.sales[order_id] = sale
    return {"amazon_order_id": order_id}


def set_sale_status(world: World, call: Input) -> Any:
    """Move a sale; the clock leaves it alone from now on."""
    sale = _sale(world, call)
    sale.set_status(call.text("status"), sale_input.shipped(call), world.clock.now)
    sale.auto = False
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def revoke_sale(world: World, call: Input) -> Any:
    """A sale that has shipped is CANCELLED: no stock moves, and what left stays shipped."""
    sale = _sale(world, call)
    sale.revoke(world.clock.now)
    return {"amazon_order_id": sale.amazon_order_id, "status": sale.status}


def set_sale_money(world: World, call: Input) -> Any:
    """Amounts of a sale change, as after a refund or once a tip is final; amounts not named stay.

    Of several lines with one SKU, the first item in the call is the first line, and so on.
    """
    sale = _sale(world, call)
    if sale.replaces:
        raise ControlError("a replacement costs nothing")
    of_order = {"tip", "tip_status", "charges"} & set(call.body)
    money = {} if of_order and "items" not in call.body else _changed_lines(sale, call)
    tip = sale_input.amount(call, "tip", sale.currency)
    sale.set_money(
        money,
        sale.tip if tip is None else tip,
        sale_input.tip_status(call, sale.tip_status),
        sale.charges | sale_input.charges(call, sale.currency),
        world.clock.now,
    )
    return {"amazon_order_id": sale.amazon_order_id, "total": sale.write(sale.total)}


def _changed_lines(sale: Sale, call: Input) -> dict[str, LineMoney]:
    """The new money of the lines named, by item id. Raises ControlError."""
    left = list(sale.lines)
    money = {}
    for item in call.parts("items"):
        sku = item.text("seller_sku")
        line = next((line for line in left if line.seller_sku == sku), None)
        if line is None:
            raise ControlError(f"not in this order: {sku}")
        left.remove(line)
        amounts, charges = sale_input.amounts(item, sale.currency), sale_input.charges(item, sale.currency)
        if not amounts and not charges:
            raise ControlError(f"{sku}: no amount, such as {', '.join(AMOUNTS)}")
        money[line.item_id] = replace(line.money, **amounts, charges=line.money.charges | charges)
    return money


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
        "tip_status": sale.tip_status,
        "charges": _dump_charges(sale.charges),
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
        **{key: sale.details.get(key) for key in sale_input.DETAILS},
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
        "charges": _dump_charges(line.money.charges),
        "facilitator_tax": line.facilitator_tax,
        "reporting_schemes": list(line.reporting_schemes),
        "condition": line.condition,
    }


def _dump_charges(charges: Sums) -> dict[str, str]:
    return {kind: str(amount) for kind, amount in charges.items()}


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("GET", "sales", get_sales),
    ("POST", "sales", create_sale),
    ("POST", "sales/<amazon_order_id>/status", set_sale_status),
    ("POST", "sales/<amazon_order_id>/revoke", revoke_sale),
    ("POST", "sales/<amazon_order_id>/money", set_sale_money),
)
