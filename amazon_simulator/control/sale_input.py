"""What a control call says of a sale: its words, lines and amounts."""

from collections.abc import Collection
from decimal import Decimal
from typing import Any

from ..world.marketplaces import decimals_of
from ..world.sale_money import AMOUNTS, OWN_TYPES, LineMoney, Sums
from ..world.sales import TIP_STATUSES, SaleLine
from ..world.sellers import Seller
from ..world.stock import Claim
from ..world.world import World
from .input import ControlError, Input

OPTIONAL_WORDS = ("buyer_name", "buyer_company", "buyer_purchase_order", "company_name", "seller_order_id")
DETAILS = (*OPTIONAL_WORDS, "delivery_address", "programs", "tax_registrations")
UNKNOWN_ASIN = "B0SIMUNKWN"
REGISTRATION_WORDS = ("entityType", "legalName", "taxRegistrationType", "taxRegistrationNumber")
"""Keys of OrderTaxRegistration that are strings, besides its `taxRegistrationAddress`. Source: the model."""


def check_keys(call: Input, known: Collection[str]) -> None:
    """Raise ControlError for keys of the body that nothing reads."""
    unknown = sorted(set(call.body) - set(known))
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(known))}")


def details(call: Input) -> dict[str, Any]:
    """The optional words of an order (DETAILS), as far as they are given."""
    found: dict[str, Any] = {word: call.text(word) for word in OPTIONAL_WORDS if call.body.get(word)}
    if call.body.get("delivery_address"):
        found["delivery_address"] = call.part(call.body["delivery_address"]).body
    if call.body.get("programs"):
        found["programs"] = call.texts("programs")
    if call.body.get("tax_registrations"):
        found["tax_registrations"] = [_registration(part) for part in call.parts("tax_registrations")]
    return found


def _registration(part: Input) -> dict[str, Any]:
    """Any part of it may be absent, as at Amazon."""
    check_keys(part, (*REGISTRATION_WORDS, "taxRegistrationAddress"))
    words: dict[str, Any] = {word: part.text(word, "") for word in REGISTRATION_WORDS if word in part.body}
    if "taxRegistrationAddress" in part.body:
        words["taxRegistrationAddress"] = part.part(part.body["taxRegistrationAddress"]).body
    return words


def line(world: World, seller: Seller, item: Input, currency: str, moves_stock: bool) -> SaleLine:
    """A line of a new sale, and its claim on stock, which holds nothing yet. Raises ControlError."""
    sku = item.text("seller_sku")
    stock = seller.stock.get(sku)
    quantity = item.units("quantity")
    serial_numbers = item.texts("serial_numbers") if item.body.get("serial_numbers") else []
    if len(serial_numbers) > quantity:
        raise ControlError(f"{sku}: {len(serial_numbers)} serial numbers for {quantity} units")
    return SaleLine(
        item_id=world.new_item_id(),
        seller_sku=sku,
        asin=stock.asin if stock else UNKNOWN_ASIN,
        quantity=quantity,
        claim=Claim(stock if moves_stock else None),
        money=LineMoney(**amounts(item, currency), charges=charges(item, currency)),
        serial_numbers=tuple(serial_numbers),
        facilitator_tax=item.flag("facilitator_tax", False),
        reporting_schemes=reporting_schemes(item),
        condition=item.text("condition", "") if item.body.get("condition") is not None else None,
    )


def reporting_schemes(item: Input) -> tuple[str, ...]:
    """`reporting_scheme`: one, which may be blank, or a list; none when it is absent."""
    scheme = item.body.get("reporting_scheme")
    if scheme is None:
        return ()
    return tuple(item.texts("reporting_scheme")) if isinstance(scheme, list) else (item.text("reporting_scheme", ""),)


def amounts(item: Input, currency: str) -> dict[str, Decimal]:
    """The amounts of a line, as far as they are given."""
    found = {name: amount(item, name, currency) for name in AMOUNTS}
    return {name: value for name, value in found.items() if value is not None}


def amount(part: Input, name: str, currency: str) -> Decimal | None:
    """An amount that can be paid in `currency`: one without decimals has none."""
    value = part.amount(name)
    if value is not None and not decimals_of(currency) and value % 1:
        raise ControlError(f"{name}: amounts in {currency} have no decimals")
    return value


def charges(part: Input, currency: str) -> Sums:
    """`charges`, amounts by type; a type that has an amount of its own is refused. Raises ControlError."""
    if part.body.get("charges") is None:
        return {}
    given = part.part(part.body["charges"])
    taken = sorted(set(given.body) & set(OWN_TYPES))
    if taken:
        raise ControlError(f"charges: {', '.join(taken)} has an amount of its own")
    found = {kind: amount(given, kind, currency) for kind in given.body}
    return {kind: value for kind, value in found.items() if value is not None}


def tip_status(call: Input, default: str) -> str:
    """Whether the tip is final. Raises ControlError."""
    status = call.text("tip_status", default)
    if status not in TIP_STATUSES:
        raise ControlError(f"tip_status must be one of: {', '.join(TIP_STATUSES)}")
    return status


def shipped(call: Input) -> dict[str, int] | None:
    """Units shipped so far per seller SKU, when the call says so."""
    if "shipped" not in call.body:
        return None
    return {part.text("seller_sku"): part.units("quantity") for part in call.parts("shipped")}


def replaced(seller: Seller, call: Input) -> str | None:
    """The order that a new one replaces free of charge."""
    original = call.text("replaces", "") or None
    if original is None:
        return None
    if original not in seller.sales:
        raise ControlError(f"no sale {original} to replace")
    money = (*AMOUNTS, "charges")
    priced = {name for item in call.parts("items") for name in money if item.body.get(name) is not None}
    priced |= {name for name in ("tip", "charges") if call.body.get(name) is not None}
    if priced:
        raise ControlError(f"a replacement costs nothing: leave out {', '.join(sorted(priced))}")
    return original


def marketplace_of(seller: Seller, call: Input) -> str:
    """The seller's first marketplace, unless the call names another of its. Raises ControlError."""
    marketplace_id = call.text("marketplace_id", seller.marketplace_ids[0])
    if marketplace_id not in seller.marketplace_ids:
        raise ControlError(f"the seller does not sell in marketplace {marketplace_id}")
    return marketplace_id
