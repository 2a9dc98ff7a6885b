"""Money of a sale: the amounts of a line, and their format."""

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property

from .marketplaces import decimals_of

Sums = dict[str, Decimal]


@dataclass(frozen=True)
class LineMoney:
    """Money of a whole line, not of a unit, in the sale's currency. Discounts are positive.

    Without `item_price` (the goods) the line shows no money at all. Each tax is of the part it is named after, `tax` of
    the goods. `charges`: amounts of any other type, of either sign, which are part of the total.
    """

    item_price: Decimal | None = None
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    gift_wrap: Decimal = Decimal(0)
    shipping_tax: Decimal = Decimal(0)
    gift_wrap_tax: Decimal = Decimal(0)
    shipping_discount: Decimal = Decimal(0)
    charges: Sums = field(default_factory=dict)

    @property
    def taxes(self) -> Sums:
        """The parts of TAX, by subtype."""
        return _without_zeros({"ITEM": self.tax, "SHIPPING": self.shipping_tax, "GIFT_WRAP": self.gift_wrap_tax})

    @property
    def discounts(self) -> Sums:
        """The parts of DISCOUNT, by subtype: below zero."""
        return _without_zeros({"ITEM": -self.discount, "SHIPPING": -self.shipping_discount})

    @cached_property
    def sums(self) -> Sums:
        """Subtotals by type of ItemProceedsBreakdown: DISCOUNT below zero, and none of zero but ITEM."""
        if self.item_price is None:
            return {}
        sums = {
            "SHIPPING": self.shipping,
            "GIFT_WRAP": self.gift_wrap,
            "DISCOUNT": sum(self.discounts.values(), Decimal(0)),
            "TAX": sum(self.taxes.values(), Decimal(0)),
        }
        return {"ITEM": self.item_price} | _without_zeros(sums | self.charges)

    def total(self, tax_included: bool) -> Decimal:
        """The seller's proceeds of the line."""
        return sum(
            (amount for kind, amount in self.sums.items() if kind != "TAX" or not tax_included),
            Decimal(0),
        )


OWN_TYPES = ("ITEM", "SHIPPING", "GIFT_WRAP", "DISCOUNT", "TAX", "DELIVERY_TIP")
"""Types of a breakdown that have an amount of their own, so that they are no charges."""
AMOUNTS = tuple(each.name for each in fields(LineMoney) if each.name != "charges")


def merged(*parts: Sums) -> Sums:
    """The sums of all parts, by type."""
    added: Sums = {}
    for part in parts:
        for kind, amount in part.items():
            added[kind] = added.get(kind, Decimal(0)) + amount
    return added


def add_up(lines: Iterable[LineMoney]) -> Sums:
    """The sums of all lines, by type."""
    return merged(*(line.sums for line in lines))


def to_minor_unit(amount: Decimal, currency: str) -> Decimal:
    """Rounded to the smallest amount that can be paid: a cent, a yen."""
    return amount.quantize(Decimal(1).scaleb(-decimals_of(currency)), ROUND_HALF_UP)


def write(amount: Decimal, currency: str) -> str:
    """As Amazon writes it: at least as many decimals as the currency has; none in a currency without."""
    decimals, exponent = decimals_of(currency), amount.as_tuple().exponent
    if not decimals or (isinstance(exponent, int) and -exponent < decimals):
        amount = to_minor_unit(amount, currency)
    return f"{amount:f}"


def _without_zeros(sums: Sums) -> Sums:
    return {kind: amount for kind, amount in sums.items() if amount}
