"""Units of *Held by Amazon* that imported sales leave from."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_sold_budget(self, products):
        """Held units less those that Amazon holds for other reasons: reserved for customers, or not yet explained."""
        if not self._fba_is_synchronized():
            return super()._fba_sold_budget(products)
        budget = {product: amounts["held"] for product, amounts in self._fba_stock(products).items()}
        parts = self.env["fba.sku.part"].search([("warehouse_id", "=", self.id), ("product_id", "in", products.ids)])
        for part in parts:
            sku = part.sku_id
            if part.product_id in budget:
                budget[part.product_id] -= part.units * (sku.held_quantity - sku.held_orders_quantity)
        return budget
