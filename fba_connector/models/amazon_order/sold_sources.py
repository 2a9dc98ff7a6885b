"""The locations that goods sold on Amazon leave from: what they were when Amazon last counted them."""


class SoldSources:
    """Locations of `warehouse` that `products` of a batch leave from.

    *Held by Amazon* as far as Amazon had reserved them, each such unit once; else *Stock*.
    """

    def __init__(self, warehouse, products):
        self._stock, self._held = warehouse.lot_stock_id, warehouse.fba_held_location_id
        self._budget = warehouse._fba_sold_budget(products)

    def divide(self, product, units, was_counted):
        """[(location, units)] of `units` of `product`; `was_counted`: by Amazon, since the order was placed."""
        compare = product.uom_id.compare
        budget = self._budget.get(product, 0.0) if was_counted else 0.0
        held = min(units, budget) if compare(budget, 0) > 0 else 0.0
        if held:
            self._budget[product] -= held
        return [(it, part) for it, part in ((self._held, held), (self._stock, units - held)) if compare(part, 0) > 0]
