"""Splits the proceeds of an order sold on Amazon into charges that add up to Amazon's total.

Amazon documents neither the sign of a discount nor whether its prices hold the tax, and has charges that it does not
document at all: its own figures show, as they add up in one way only. The ways in which they may be read are tried,
those nearer to the documentation first; where none adds up, or two that are equally near, the order is irreconcilable.
Source: SP-API Orders v2026-01-01; amzn/selling-partner-api-models issues 4858 and 5297.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import product
from typing import NamedTuple

from .money import Money
from .orders import SoldItem, SoldOrder

ITEM, TAX, DISCOUNT, OTHER = "ITEM", "TAX", "DISCOUNT", "OTHER"
OF_ORDERS = ("DELIVERY_TIP",)
"""Never of an item. Source: the model."""
DOCUMENTED = frozenset({ITEM, "SHIPPING", "GIFT_WRAP", "COD_FEE", OTHER, DISCOUNT, *OF_ORDERS})
MOST_DIGITS = 6
"""After the point, of a share: no currency has more."""
MOST_DOUBTS = 8
"""Undocumented or order-level kinds whose readings are tried: orders have one, or two."""

FAR = 1
"""Departures from the documentation; with more of them, the amounts have to fit exactly: rounding is no evidence."""

# What the tax is to the amounts: added to them, in them, kept from them by Amazon, or not part of the total at all.
ADDED, INCLUDED, WITHHELD, APART = "added", "included", "withheld", "apart"


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
    """`tax_included`: whether the amounts of `charges` hold their tax; None where no tax is part of the total."""

    total: Money
    tax_included: bool | None
    charges: tuple[Charge, ...]


class Irreconcilable(ValueError):
    """Amazon's parts do not make its total, or make it in several ways. `parts` is what they make as documented, None
    where there is no total at all."""

    def __init__(self, parts: Decimal | None = None, total: Money | None = None) -> None:
        super().__init__("Amazon's parts do not make its total")
        self.parts = parts
        self.total = total


class _Reading(NamedTuple):
    """One way to read the parts: `tax` is what it is to the amounts, `factors` {(kind, of an item): -1, 0 or 1}."""

    strange: frozenset[int]  # places of the items whose own total it does not make
    distance: int  # from the documentation
    lost: Decimal
    is_unusual: bool
    tax: str
    factors: dict[tuple[str, bool], int]
    parts: Decimal


def reconcile(order: SoldOrder, minor_unit: Decimal, prices_hold_tax: bool | None = None) -> Proceeds:
    """Proceeds of `order`. Amazon's rounding may lose up to one `minor_unit` of its currency for each unit sold.

    `prices_hold_tax`: whether the marketplace's prices hold tax, as far as known: where they do not, no tax that Amazon
    remits is read as part of them. Raises Irreconcilable.
    """
    breakdowns = [_breakdown(order, item) for item in order.items]
    of_items = [charge for item, parts in zip(order.items, breakdowns, strict=True) for charge in _charges(item, parts)]
    charges = (*of_items, *_charges_of_all(order, breakdowns, of_items))
    total = order.grand_total or _total_of_items(order)
    if total is None:
        # A free replacement may come without a word of money, or with zeros.
        if not order.replaces or any(charge.amount or charge.tax for charge in charges):
            raise Irreconcilable
        return Proceeds(Money(Decimal(), ""), None, ())
    amounts = (item.total or item.unit_price for item in order.items)
    mixed = any(amount and amount.currency != total.currency for amount in amounts)
    readings = sorted(_readings(order, charges, total.amount, minor_unit, prices_hold_tax), key=_rank)
    tolerance = minor_unit * sum(item.quantity_ordered for item in order.items)
    always = frozenset.intersection(*(it.strange for it in readings))  # totals that no reading makes say nothing
    fitting = [
        it
        for it in readings
        if not mixed and it.strange == always and it.lost <= (tolerance if it.distance <= FAR else 0)
    ]
    best = _best(fitting) if fitting else None
    if not best or any(_is_rival(it, best) for it in fitting):
        documented = next(it for it in readings if not it.distance)
        raise Irreconcilable(documented.parts, total)
    return _as_read(charges, total, best)


def _best(fitting: Sequence[_Reading]) -> _Reading:
    """Of readings in their order: one that loses nothing explains more than one that needs Amazon's rounding, which of
    many units may be as much as a charge."""
    return next((it for it in fitting if not it.lost), fitting[0])


def _rank(reading: _Reading) -> tuple[int, Decimal, bool]:
    return reading[1:4]


def _is_rival(other: _Reading, best: _Reading) -> bool:
    """Whether it is as near to the documentation, with other signs, and as exact. Charges that nobody documents may fit
    exactly by chance, as either sign is tried: there, one within Amazon's rounding is a rival, too."""
    is_doubtful = any(kind not in DOCUMENTED for kind, _of_item in best.factors)
    is_as_near = other.distance == best.distance and (is_doubtful or bool(other.lost) == bool(best.lost))
    return is_as_near and other.factors != best.factors


def _readings(
    order: SoldOrder, charges: Sequence[Charge], total: Decimal, minor_unit: Decimal, prices_hold_tax: bool | None
) -> Iterator[_Reading]:
    has_tax = any(charge.tax for charge in charges)
    remitted = has_tax and all(is_remitted(charge, order) for charge in charges if charge.tax)
    adds = prices_hold_tax is False
    taxes = [ADDED, *([INCLUDED] if has_tax and not (adds and remitted) else [])]
    if remitted:
        # Where items have a total only, that is what the buyer pays for them: their tax is not apart.
        is_told = any(item.breakdown for item in order.items) or len(order.items) == 1
        taxes += [WITHHELD, *([APART] if adds and is_told else [])]
    usual = INCLUDED if prices_hold_tax else ADDED
    doubts = {key: options for key in _keys(charges) if (options := _options(key, order, charges))}
    if len(doubts) > MOST_DOUBTS:
        doubts = {key: options[:1] for key, options in doubts.items()}
    for tax in taxes:
        for chosen in product(*doubts.values()):
            factors = dict(zip(doubts, chosen, strict=True))
            distance = sum(options.index(factors[key]) for key, options in doubts.items())
            parts = _sum(charges, tax, factors)
            yield _Reading(
                frozenset(
                    place
                    for place, item in enumerate(order.items)
                    if not _makes_its_total(item, charges, tax, factors, minor_unit)
                ),
                distance + (tax in (WITHHELD, APART) or (tax == INCLUDED and adds)),
                abs(parts - total),
                tax != usual,
                tax,
                factors,
                parts,
            )


def is_remitted(charge: Charge, order: SoldOrder) -> bool:
    """Whether its tax is Amazon's to pay: of its item, or of all items where it is the whole order's."""
    return all(item.tax_is_remitted for item in ([charge.item] if charge.item else order.items))


def _keys(charges: Sequence[Charge]) -> list[tuple[str, bool]]:
    return list(dict.fromkeys((charge.kind, charge.item is not None) for charge in charges if charge.amount))


def _options(key: tuple[str, bool], order: SoldOrder, charges: Sequence[Charge]) -> tuple[int, ...]:
    """The factors that amounts of this kind may have, the likeliest first; empty where there is no doubt."""
    kind, of_item = key
    signs = (1,) if kind in DOCUMENTED else (1, -1)
    if of_item:
        return signs if len(signs) > 1 else ()
    return (0, *signs) if kind in order.pending else (*signs, 0)


def _sum(charges: Iterable[Charge], tax: str, factors: dict[tuple[str, bool], int]) -> Decimal:
    taxed = {ADDED: 1, WITHHELD: -1}.get(tax, 0)
    return (
        sum(
            (charge.amount * factors.get((charge.kind, charge.item is not None), 1) + charge.tax * taxed)
            for charge in charges
        )
        or Decimal()
    )


def _makes_its_total(
    item: SoldItem, charges: Iterable[Charge], tax: str, factors: dict[tuple[str, bool], int], minor_unit: Decimal
) -> bool:
    if not item.total:
        return True
    parts = _sum((charge for charge in charges if charge.item is item), tax, factors)
    return abs(parts - item.total.amount) <= minor_unit * item.quantity_ordered


def _as_read(charges: Iterable[Charge], total: Money, reading: _Reading) -> Proceeds:
    """The charges with the signs of `reading`; tax that is no part of the total is left out."""
    read = []
    for charge in charges:
        factor = reading.factors.get((charge.kind, charge.item is not None), 1)
        if factor or charge.tax:
            amount, tax = charge.amount * factor, charge.tax
            if reading.tax in (WITHHELD, APART):
                amount, tax = amount - (tax if reading.tax == WITHHELD else 0), Decimal()
            read.append(replace(charge, amount=amount, tax=tax))
    if reading.tax == INCLUDED:
        read = _placed(read)
    included = reading.tax == INCLUDED if any(charge.tax for charge in read) else None
    return Proceeds(total, included, tuple(read))


def _placed(charges: list[Charge]) -> list[Charge]:
    """With tax that Amazon names for the whole order in the only goods that can hold it."""
    goods = [charge for charge in charges if charge.kind == ITEM and charge.item]
    loose = [charge for charge in charges if not charge.item and charge.tax and not charge.amount]
    if len(goods) != 1 or not loose:
        return charges
    holder = replace(goods[0], tax=goods[0].tax + sum(charge.tax for charge in loose))
    return [holder if charge is goods[0] else charge for charge in charges if charge not in loose]


def _breakdown(order: SoldOrder, item: SoldItem) -> tuple[tuple[str, Decimal], ...]:
    """The parts of an item: those of the order where it is the only one, and Amazon names none of its own."""
    if item.breakdown or len(order.items) > 1:
        return item.breakdown
    return tuple(part for part in order.breakdown if part[0] not in OF_ORDERS)


def _charges(item: SoldItem, breakdown: Iterable[tuple[str, Decimal]]) -> Iterator[Charge]:
    """The parts of an item; where Amazon names none, its total, or else its price."""
    parts = _sums(breakdown)
    tax = parts.pop(TAX, Decimal())
    if ITEM not in parts and (price := _price(item, parts, tax)):
        parts[ITEM] = price
    if tax and not parts:
        parts[ITEM] = Decimal()
    amounts = {kind: -abs(amount) if kind == DISCOUNT else amount for kind, amount in parts.items()}
    named = _tax_by_kind(item, tax)
    if tax < 0 < sum(amount for kind, amount in amounts.items() if kind in DOCUMENTED):
        # Written as what the buyer's money loses: goods sold bring a tax that is due.
        tax, named = -tax, {kind: -amount for kind, amount in named.items()}
    taxes = _shared(tax, named, amounts)
    for kind, amount in amounts.items():
        yield Charge(kind, item, amount, taxes[kind])


def _shared(tax: Decimal, named: dict[str, Decimal], amounts: dict[str, Decimal]) -> dict[str, Decimal]:
    """The part of `tax` for each of `amounts`: the one that Amazon names, of the rest the same share of each other one,
    as all that comes with goods is taxed like them. What rounding leaves goes with the goods."""
    taxes = {kind: named.get(kind, Decimal()) for kind in amounts}
    if not taxes:
        return {}
    rest = tax - sum(taxes.values())
    others = {kind: amount for kind, amount in amounts.items() if kind not in named and kind in DOCUMENTED}
    if rest and (whole := sum(others.values())) > 0:
        digits = Decimal(1).scaleb(max(-MOST_DIGITS, min(0, int(tax.as_tuple().exponent))))
        taxes |= {kind: (rest * amount / whole).quantize(digits) for kind, amount in others.items()}
    taxes[ITEM if ITEM in taxes else next(iter(taxes))] += tax - sum(taxes.values())
    return taxes


def _tax_by_kind(item: SoldItem, tax: Decimal) -> dict[str, Decimal]:
    """What `tax` is made of, as far as Amazon says; a discount's part as it adds up."""
    named = _sums(item.tax)
    lowered = {kind: -amount if kind == DISCOUNT else amount for kind, amount in named.items()}
    return lowered if sum(named.values()) != tax == sum(lowered.values()) else named


def _price(item: SoldItem, parts: dict[str, Decimal], tax: Decimal) -> Decimal:
    if parts or tax:
        return Decimal()
    if item.total:
        return item.total.amount
    return item.unit_price.amount * item.quantity_ordered if item.unit_price else Decimal()


def _charges_of_all(
    order: SoldOrder, breakdowns: Iterable[Iterable[tuple[str, Decimal]]], charges: Iterable[Charge]
) -> Iterator[Charge]:
    """Amounts that Amazon names for the whole order only, such as a tip; `charges` and `breakdowns` are the items'."""
    of_items = {kind for breakdown in breakdowns for kind, _amount in breakdown}
    parts = {kind: amount for kind, amount in _sums(order.breakdown).items() if kind not in of_items}
    if not of_items:  # the whole order's sums are those of the items, whose parts Amazon does not name
        parts = {kind: amount for kind, amount in parts.items() if kind in (*OF_ORDERS, TAX)}
    tax = parts.pop(TAX, Decimal())
    if tax < 0 < sum(charge.amount for charge in charges):
        tax = -tax  # as of an item
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
