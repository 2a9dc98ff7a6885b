"""Free units of warehouses, minus those promised in the same call: no unit is promised twice."""

import math


class Tally:
    """Free units of `products` by warehouse; each warehouse is read once, when first needed.

    Components of a sale order line: {(product, BoM line or None): units in the product's unit}.
    """

    def __init__(self, products):
        self._products = products
        self._free = {}
        self._skus = {}

    def free(self, warehouse, product):
        if warehouse not in self._free:
            here = self._products.with_context(warehouse_id=warehouse.id)
            self._free[warehouse] = {product: product.free_qty for product in here}
        return self._free[warehouse][product]

    def whole(self, warehouse, product):
        """The whole pieces among the free units."""
        return max(math.floor(product.uom_id.round(self.free(warehouse, product))), 0)

    def has(self, warehouse, components):
        return all(
            product.uom_id.compare(self.free(warehouse, product), units) >= 0
            for product, units in units_of(components).items()
        )

    def take(self, warehouse, components):
        for product, units in units_of(components).items():
            self._free[warehouse][product] = self.free(warehouse, product) - units

    def give_back(self, warehouse, components):
        self.take(warehouse, {component: -units for component, units in components.items()})

    def reason_not_from(self, warehouse, components):
        """The reason why AFN `warehouse` cannot give `components`, for the clerk; False when it can."""
        env = warehouse.env
        if reason := warehouse._fba_reason_closed():
            return reason
        if warehouse not in self._skus:
            self._skus[warehouse] = env["fba.sku"]._skus_of(warehouse, self._products)
        for product, units in units_of(components).items():
            if not product.active:
                return env._("%s is archived. Restore the product first.", product.display_name)
            if not product.is_storable:
                return env._("%s is not tracked in stock.", product.display_name)
            if product not in self._skus[warehouse]:
                return env["fba.sku"]._no_sku_reason(product)
            if not product.uom_id.round(units).is_integer():
                return product._fba_fraction_reason(units)
            if product.uom_id.compare(self.free(warehouse, product), units) < 0:
                return env._(
                    "%(product)s: %(free)g free at Amazon, %(needed)g needed.",
                    product=product.display_name,
                    free=max(self.free(warehouse, product), 0),
                    needed=units,
                )
        return False


def units_of(components):
    """{product: units}: a kit may hold a product twice."""
    units = {}
    for (product, _bom_line), quantity in components.items():
        units[product] = units.get(product, 0) + quantity
    return units
