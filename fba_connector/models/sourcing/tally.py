"""Free units of warehouses, minus those promised in the same call: no unit is promised twice."""

import math
from typing import Any, NamedTuple

from ..shared.sentence import words
from ..warehouse.allocation import ENDLESS, allocate
from .shelf import Shelf


class Choice(NamedTuple):
    """Units of a sale order line from a warehouse (empty: the order's own way). `components`: see Tally.

    `skus`: what the Shelf of an AFN warehouse has given for them.
    """

    warehouse: Any
    components: dict
    skus: dict = {}


class Tally:
    """Free units of `products` (kits, too) by warehouse and by Amazon's SKUs; each warehouse is read once, when first
    needed.

    Components of a sale order line: {(product, BoM line or None): units in the product's unit}.
    """

    def __init__(self, products):
        self._products = products
        self._free = {}
        self._shelves = {}

    def free(self, warehouse, product):
        if warehouse not in self._free:
            here = self._products.with_context(warehouse_id=warehouse.id)
            self._free[warehouse] = {product: product.free_qty for product in here}
        return self._free[warehouse][product]

    def has(self, warehouse, components):
        return all(
            product.uom_id.compare(self.free(warehouse, product), units) >= 0
            for product, units in units_of(components).items()
        )

    def take(self, warehouse, components):
        for product, units in units_of(components).items():
            self._free[warehouse][product] = self.free(warehouse, product) - units

    def give_back(self, choice):
        self.take(choice.warehouse, {component: -units for component, units in choice.components.items()})
        if choice.skus:
            self._shelf(choice.warehouse).give_back(choice.skus)

    # === AMAZON'S SKUS === #

    def choose(self, warehouse, components, ways):
        """(Choice of all `components` from AFN `warehouse`, False), taken off here; else (None, reason for the clerk).

        `ways`: the goods to send, each {(product, BoM line or None): units}; the first that is possible counts.
        """
        if reason := warehouse._fba_reason_closed():
            return None, reason
        reasons = []
        for goods in ways:
            reason = self._reason_not_sent_as(warehouse, components, goods)
            if not reason:
                if skus := self._shelf(warehouse).pick(goods):
                    self.take(warehouse, components)
                    return Choice(warehouse, components, skus), False
                reason = self._reason_short(warehouse, goods)
            if goods is ways[-1] or self._has_sku_of_its_own(warehouse, goods):
                reasons.append(reason)
        return None, reasons[0]

    def choose_part(self, warehouse, product, units):
        """(Choice of the most whole units up to `units`, False), taken off here; else (None, reason or False)."""
        free = max(math.floor(product.uom_id.round(self.free(warehouse, product))), 0)
        some = self._shelf(warehouse).most(product, min(free, units))
        return self.choose(warehouse, {(product, None): some}, [{(product, None): some}]) if some else (None, False)

    def _shelf(self, warehouse):
        if warehouse not in self._shelves:
            self._shelves[warehouse] = Shelf(warehouse, self._products)
        return self._shelves[warehouse]

    def _has_sku_of_its_own(self, warehouse, goods):
        kit, _bom_line = next(iter(goods))
        rows = (
            self._products.env["fba.sku"]
            .sudo()
            .search_count([("warehouse_id", "=", warehouse.id), ("product_id", "=", kit.id)], limit=1)
        )
        return bool(rows)

    def _reason_not_sent_as(self, warehouse, components, goods):
        """Why `components` cannot leave as `goods`, apart from what the SKUs have free; False where they can."""
        env, shelf = warehouse.env, self._shelf(warehouse)
        line = env["sale.order.line"]
        for product, _bom_line in goods:
            if not product.active:
                return words(line, "archived", product=product.display_name)
            if shelf.offers(product):
                continue
            if not product.is_storable and not self._has_sku_of_its_own(warehouse, goods):
                return words(line, "untracked", product=product.display_name)
            return env["fba.sku"]._no_offer_reason(warehouse, product)
        for (product, _bom_line), units in goods.items():
            if not shelf.make(product, units):
                return product._fba_pack_reason(units, shelf.offers(product))
            if goods is not components and not allocate(units, shelf.offers(product)):
                return self._reason_short(warehouse, goods)
        for product, units in units_of(components).items():
            free = self.free(warehouse, product)
            loose = free - sum(shelf.boxed(product).values())
            if self._is_uncounted(warehouse, product, goods):
                free = loose
            if product.uom_id.compare(free, units) < 0:
                return self._short(warehouse, product, loose, units)
        return False

    def _is_uncounted(self, warehouse, product, goods):
        """Whether `product` is to leave by its reference alone: Amazon has told no count of it."""
        offers = self._shelf(warehouse).offers(product) if any(it == product for it, _line in goods) else ()
        return any(offer.free == ENDLESS for offer in offers)

    def _reason_short(self, warehouse, goods):
        """Why the SKUs cannot make `goods`, of which Odoo has enough."""
        shelf = self._shelf(warehouse)
        for product, units in units_of(goods, tracked=False).items():
            offers = shelf.offers(product)
            if allocate(units, offers) and product is not next(reversed(goods))[0]:
                continue
            loose = sum(max(it.free, 0) for it in offers if it.size == 1)
            return self._short(warehouse, product, loose, units)

    def _short(self, warehouse, product, loose, units):
        boxed = [[sku, count] for sku, count in self._shelf(warehouse).boxed(product).items()]
        return words(
            warehouse.env["sale.order.line"],
            "short",
            product=product.display_name,
            free=max(loose, 0),
            needed=units,
            boxed=boxed,
        )


def units_of(components, *, tracked=True):
    """{product: units}, of tracked products alone or of all: a kit may hold a product twice."""
    units = {}
    for (product, _bom_line), quantity in components.items():
        if product.is_storable or not tracked:
            units[product] = units.get(product, 0) + quantity
    return units
