"""The locations that goods sold on Amazon leave from: what they were when Amazon last counted them."""


class SoldSources:
    """Locations of `warehouse` that `products` of a batch leave from.

    *Held by Amazon* as far as Amazon had reserved them, each such unit once; else *Stock*. What own orders at Amazon
    keep in *Stock* is not what its customers bought: where nothing else is there, *Held by Amazon* has those units.
    """

    def __init__(self, warehouse, products):
        self._stock, self._held = warehouse.lot_stock_id, warehouse.fba_held_location_id
        self._shares = warehouse._fba_sold_shares(products)

    def divide(self, product, units, was_counted):
        """[(location, units)] of `units` of `product`; `was_counted`: by Amazon, since the order was placed."""
        shares = self._shares.get(product)
        if not shares:
            return [(self._stock, units)]
        counted = _up_to(units, shares["counted"]) if was_counted else 0.0
        beyond = max(units - counted - max(shares["unsent"], 0.0), 0.0)
        held = counted + _up_to(beyond, shares["held"] - counted)
        shares["counted"] -= held
        shares["held"] -= held
        shares["unsent"] -= units - held
        parts = [(self._held, held), (self._stock, units - held)]
        return [(it, part) for it, part in parts if product.uom_id.compare(part, 0) > 0]


def _up_to(units, there):
    return max(min(units, there), 0.0)
