"""Free units of an AFN warehouse's seller SKUs, less those promised in the same call."""

from collections import Counter
from dataclasses import replace

from ..warehouse.allocation import ENDLESS, allocate, allocate_most


class Shelf:
    """Offers of `products` (kits, too) in `warehouse`; read once, when first needed.

    What is taken: [(Offer, SKU units)]. Units that unsent orders hold are left to them, unless `generous`.
    """

    def __init__(self, warehouse, products):
        self._warehouse, self._products, self._taken = warehouse, products, Counter()
        self._read = self._boxes = None

    def offers(self, product, *, generous=False):
        """[Offer] of `product`, the preferred ones first."""
        offers, promised = self._load()
        return [
            replace(it, free=it.free - self._taken[it.seller_sku] - (0 if generous else promised.get(it.seller_sku, 0)))
            for it in offers.get(product, ())
        ]

    def pick(self, goods, *, generous=False):
        """{good: [(Offer, SKU units)]} of all `goods` ({(product, BoM line or None): units}), taken off here; None
        where the SKUs have less."""
        found = {}
        for good, units in goods.items():
            parts = allocate(units, self.offers(good[0], generous=generous))
            if not parts:
                self.give_back(found)
                return None
            found[good] = parts
            self._take(parts)
        return found

    def most(self, product, units):
        """The most units of `product` up to `units` that its SKUs can make."""
        return sum(offer.size * count for offer, count in allocate_most(units, self.offers(product)))

    def make(self, product, units):
        """[(Offer, SKU units)] of `units` whatever is free, those with the most first; None where no SKUs make that."""
        offers = sorted(self.offers(product, generous=True), key=lambda it: it.free * it.size, reverse=True)
        return allocate(units, [replace(it, free=ENDLESS) for it in offers])

    def boxed(self, product):
        """{seller SKU: units of `product`} in packs and kits."""
        if self._boxes is None:
            self._boxes = self._warehouse.env["fba.sku"]._boxes(self._warehouse, self._products)
        boxed = {sku: (free - self._taken[sku]) * units for sku, free, units in self._boxes.get(product, ())}
        return {sku: units for sku, units in boxed.items() if units > 0}

    def give_back(self, goods):
        """`goods`: what `pick` returned."""
        for parts in goods.values():
            self._take([(offer, -count) for offer, count in parts])

    def take(self, goods):
        for parts in goods.values():
            self._take(parts)

    def _take(self, parts):
        for offer, count in parts:
            self._taken[offer.seller_sku] += count

    def _load(self):
        if self._read is None:
            skus = self._warehouse.env["fba.sku"].sudo()
            offers = skus._offers(self._warehouse, self._products)
            counted = [it.seller_sku for its in offers.values() for it in its if it.free < ENDLESS]
            self._read = offers, skus._promised_units(self._warehouse, counted) if counted else {}
        return self._read
