"""What Amazon's counts of seller SKUs say of products: the units that each SKU holds of them.

Stock is compared by confirmed SKUs alone. A product is left alone while any SKU that may hold units of it is not
confirmed, or not what was confirmed: its row says so, and Odoo books nothing blindly.
"""

from collections import defaultdict
from functools import cached_property

from ..warehouse.resolution import USABLE

COUNTED = ("fulfillable", "held", "unsellable")
READ = [
    "seller_sku",
    "product_id",
    "resolution",
    "is_confirmed",
    "observed_at",
    "missing_since",
    "amazon_updated_at",
    "fulfillable_quantity",
    "held_quantity",
    "held_transfer_quantity",
    "held_processing_quantity",
    "researching_quantity",
    "unsellable_quantity",
]


class Holdings:
    """The seller SKUs of `warehouse` (sudo). `suggested`: those that only the internal reference matches count, too.

    `asked`: {internal reference: when Amazon was asked for it by name} of products without a SKU.
    """

    def __init__(self, warehouse, *, suggested=False, asked=None):
        self.warehouse, self.env = warehouse, warehouse.env
        self.suggested, self.asked = suggested, asked or {}
        self.rows = self.env["fba.sku"].search([("warehouse_id", "=", warehouse.id)])
        self.rows.fetch(READ)  # all in one query: they are read one by one
        self._held, self._frozen = self._sort_rows()

    def _sort_rows(self):
        """({product: [(row, units of it in one unit of the SKU)]}, products to leave alone)."""
        held, frozen = defaultdict(list), set()
        parts = self.env["fba.sku.part"].search([("warehouse_id", "=", self.warehouse.id)])
        parts.fetch(["sku_id", "product_id", "units"])
        parts.product_id.fetch(["uom_id", "is_storable"])
        parts = parts.grouped("sku_id")
        doubtful = self.rows.filtered(lambda row: not row.is_confirmed or row.resolution not in USABLE)
        resolutions = doubtful._resolve()
        for row in self.rows:
            if row not in resolutions:
                for part in parts.get(row, ()):
                    held[part.product_id].append((row, part.units))
                continue
            resolution = resolutions[row]
            if self.suggested and resolution.is_usable and row.product_id:
                for product, units in resolution.units.items():
                    held[product].append((row, units))
                continue
            frozen |= set(row._may_hold(resolution))
        return held, frozen

    @cached_property
    def products(self):
        """Products to compare: those that SKUs hold, and those in stock here that Amazon does not list."""
        known = self.env["product.product"].union(*self._held) | self.warehouse._fba_products_here()
        return known.filtered(lambda product: product not in self._frozen and product.is_storable)

    @cached_property
    def doubtful(self):
        """Products to leave alone of which confirmed SKUs hold units, too: no more than Amazon has of these is for
        sale."""
        known = self.env["product.product"].union(*self._held)
        return known.filtered(lambda product: product in self._frozen and product.is_storable)

    @cached_property
    def observations(self):
        """{seller SKU: when Amazon last named it}."""
        return {row.seller_sku: row.observed_at for row in self.rows}

    @cached_property
    def has_unknown(self):
        """Whether Amazon has units of SKUs that nobody has mapped."""
        return any(row.resolution == "unknown" and row._has_units() for row in self.rows)

    def skus(self, product):
        """[(row, units of `product` in one unit of the SKU)]."""
        return self._held.get(product, [])

    def counts(self, product):
        """{"fulfillable", "held", "unsellable": units of `product`}."""
        return {name: sum(row[f"{name}_quantity"] * units for row, units in self.skus(product)) for name in COUNTED}

    def sum_of(self, product, *names):
        """Units of `product` in the counts `names` (fields of fba.sku) together."""
        return sum(sum(row[name] for name in names) * units for row, units in self.skus(product))

    def observed(self, product):
        """(first, last): when Amazon named the SKUs of `product`, the last time each; of one that it does not list,
        when it was last asked. False where it never did."""
        moments = [row.observed_at for row, _units in self.skus(product)]
        if not moments:
            asked = [self.asked.get(product.default_code), self.warehouse.fba_inventory_full_at]
            moments = [max(filter(None, asked), default=False)]
        return (min(moments), max(moments)) if all(moments) else (False, False)

    def missing_since(self, product):
        """Since when Amazon no longer names one of the SKUs of `product`, not even when asked; False where it does."""
        return max((row.missing_since for row, _units in self.skus(product) if row.missing_since), default=False)

    def changed_at(self, product):
        """When Amazon's counts of `product` last changed, as far as it says; False where it does not."""
        moments = [row.amazon_updated_at for row, _units in self.skus(product)]
        return min(moments) if moments and all(moments) else False
