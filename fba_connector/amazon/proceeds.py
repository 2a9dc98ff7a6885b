"""Splits the proceeds of an order sold on Amazon into charges that add up to Amazon's total.

Amazon documents neither the sign of a discount nor whether its prices hold the tax; its own figures show.
Source: SP-API Orders v2026-01-01; amzn/selling-partner-api-models issues 4858 and 5297.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from .money import Money
from .orders import SoldItem, SoldOrder

ITEM, TAX, DISCOUNT = "ITEM", "TAX", "DISCOUNT"
OF_ORDERS = ("DELIVERY_TIP",)
"""Never of an item. Source: the model."""


@dataclass(frozen=True)
class Charge:
    """An amount of `kind` (ITEM, SHIPPING, GIFT_WRAP, DISCOUNT, ..., never TAX) for `item`, or for the whole order.

    A DISCOUNT is below zero. `tax` is the part of Amazon's tax that is named for it; see Proceeds.tax_included.
    """

    kind: str
    item: SoldItem | None
    amount: Decimal
    tax: Decimal = Decimal()


@dataclass(frozen=True)
class Proceeds:
    """`tax_included`: whether the amounts of `charges` hold their tax; None where Amazon names no tax at all."""

    total: Money
    tax_included: bool | None
    charges: tuple[Charge, ...]


class Irreconcilable(ValueError):
    """Amazon's parts do not make its total. `parts` is what they make, None where there is no total at all."""

    def __init__(self, parts: Decimal | None = None, total: Money | None = None) -> None:
        super().__init__("Amazon's parts do not make its total")
        self.parts = parts
        self.total = total


def reconcile(order: SoldOrder, minor_unit: Decimal) -> Proceeds:
    """Proceeds of `order`. Amazon's rounding may lose up to one `minor_unit` of its currency for each unit sold.

    Raises Irreconcilable.
    """
    charges = (*(charge for item in order.items for charge in _charges(item)), *_charges_of_all(order))
    tax = sum((charge.tax for charge in charges), Decimal())
    net = sum((charge.amount for charge in charges), Decimal())
    total = order.grand_total or _total_of_items(order)
    if total is None:
        # A free replacement may come without a word of money, or with zeros.
        if net or tax or not order.replaces:
            raise Irreconcilable
        return Proceeds(Money(Decimal(), ""), None, ())
    options = ((False, net + tax), (True, net))
    included, parts = min(options, key=lambda option: (abs(option[1] - total.amount), option[0]))
    units = sum(item.quantity_ordered for item in order.items)
    amounts = (item.total or item.unit_price for item in order.items)
    mixed = any(amount and amount.currency != total.currency for amount in amounts)
    if mixed or abs(parts - total.amount) > minor_unit * units:
        raise Irreconcilable(parts, total)
    return Proceeds(total, included if tax else None, charges)


def _charges(item: SoldItem) -> Iterator[Charge]:
    """The parts of an item; where Amazon names none, its total, or else its price."""
    parts = _sums(item.breakdown)
    tax = parts.pop(TAX, Decimal())
    if ITEM not in parts and (price := _price(item, parts, tax)):
        parts[ITEM] = price
    if tax and not parts:
        parts[ITEM] = Decimal()
    named = _sums(item.tax)
    taxes = {kind: named.get(kind, Decimal()) for kind in parts}
    if taxes:
        # What Amazon does not say of which part it is goes with the goods.
        rest = ITEM if ITEM in taxes else next(iter(taxes))
        taxes[rest] += tax - sum(taxes.values())
    for kind, amount in parts.items():
        yield Charge(kind, item, -abs(amount) if kind == DISCOUNT else amount, taxes[kind])


def _price(item: SoldItem, parts: dict[str, Decimal], tax: Decimal) -> Decimal:
    if parts or tax:
        return Decimal()
    if item.total:
        return item.total.amount
    return item.unit_price.amount * item.quantity_ordered if item.unit_price else Decimal()


def _charges_of_all(order: SoldOrder) -> Iterator[Charge]:
    """Amounts that Amazon names for the whole order only, such as a tip."""
    of_items = {kind for item in order.items for kind, _amount in item.breakdown}
    parts = {kind: amount for kind, amount in _sums(order.breakdown).items() if kind not in of_items}
    if not of_items:  # the whole order's sums are those of the items, whose parts Amazon does not name
        parts = {kind: amount for kind, amount in parts.items() if kind in OF_ORDERS}
    tax = parts.pop(TAX, Decimal())
    if tax:
        yield Charge("OTHER", None, Decimal(), tax)
    for kind, amount in parts.items():
        yield Charge(kind, None, -abs(amount) if kind == DISCOUNT else amount)


def _total_of_items(order: SoldOrder) -> Money | None:
    """The sum of the items' totals, where each has one in the same currency."""
    totals = [item.total for item in order.items if item.total]
    if not totals or len(totals) < len(order.items) or len({total.currency for total in totals}) > 1:
        return None
    return Money(sum((total.amount for total in totals), Decimal()), totals[0].currency)


def _sums(breakdown: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    sums: defaultdict[str, Decimal] = defaultdict(Decimal)
    for kind, amount in breakdown:
        sums[kind] += amount
    return dict(sums)
