"""What a seller SKU is: units of a product, the parts of a kit, or a reason why Odoo cannot count it.

Everybody asks `fba.sku._resolve` or `_resolve_skus`: import, stock, sourcing, preview, sending and the wizards.
"""

import re
from dataclasses import dataclass, field
from typing import Any

from ..shared.sentence import Sentence

USABLE = ("product", "pack", "kit")
# Goods that Amazon sold can be delivered without being counted.
SOLD = (*USABLE, "untracked", "service", "archived")
RESOLUTIONS = [
    ("product", "Product"),
    ("pack", "Pack"),
    ("kit", "Kit"),
    ("unknown", "Unknown"),
    ("graded", "Graded Return"),
    ("ambiguous", "Several Products"),
    ("changed", "Changed"),
    ("wrong_unit", "Other Unit"),
    ("archived", "Archived"),
    ("untracked", "Not Tracked"),
    ("service", "Service"),
    ("combo", "Combo"),
    ("company", "Another Company"),
    ("unclear_kit", "Unclear Kit"),
]


# SKUs that Amazon makes for graded returns: "amzn.gr.<original SKU>-<random>-<condition>", such as VG.
# Source: Seller Central, "FBA Grade and Resell".
GRADED_PREFIX = "amzn.gr."
GRADED = re.compile(re.escape(GRADED_PREFIX) + r"(?P<sku>.+)-[A-Za-z0-9_]+-(?P<condition>[A-Za-z]{2})", re.IGNORECASE)


def graded_reference(seller_sku, pattern):
    """Internal reference of the product for graded returns like `seller_sku`, by `pattern` such as "{sku}-USED"; None
    for other SKUs, or without a pattern."""
    graded = GRADED.fullmatch(seller_sku)
    if not graded or not pattern:
        return None
    words = {"sku": graded["sku"], "condition": graded["condition"].upper()}
    return re.sub(r"\{(sku|condition)\}", lambda found: words[found[1]], pattern)


@dataclass(frozen=True)
class Resolution:
    """`kind`: one of RESOLUTIONS. `product`: what one unit of the SKU is `size` units of; empty where unknown, all
    that it may be where it is ambiguous.

    `components`: {(product, BoM line or None): units in the product's unit} of one unit of the SKU, as far as known.
    `note`: Sentence for people, None where nothing is to say. `by_rule`: a person's rule says so, no match to confirm.
    """

    kind: str
    product: Any
    size: float = 1.0
    components: dict = field(default_factory=dict)
    note: Sentence | None = None
    by_rule: bool = False

    @property
    def is_usable(self) -> bool:
        """Whether it can be counted, sourced and sent."""
        return self.kind in USABLE

    @property
    def is_sold(self) -> bool:
        """Whether an order of it can be imported."""
        return self.kind in SOLD and bool(self.product)

    @property
    def units(self):
        """{product: units} of its tracked goods in one unit of the SKU, where it is usable."""
        units = {}
        if not self.is_usable:
            return units
        for (product, _bom_line), quantity in self.components.items():
            if product.is_storable:
                units[product] = units.get(product, 0) + quantity
        return units

    @property
    def goods(self):
        """All products that it may hold, usable or not."""
        return self.product.union(*(product for product, _bom_line in self.components))


def agreed(resolutions):
    """The Resolution that all of `resolutions` that can be used agree on (of none, all that can be imported); None
    where there is none, or they mean different goods."""
    sold = [it for it in resolutions if it.is_sold]
    sold = [it for it in sold if it.is_usable] or sold
    return sold[0] if sold and len({(it.product, it.size) for it in sold}) == 1 else None
