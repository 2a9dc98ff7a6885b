"""Sold goods that Amazon had reserved for its customers."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_units_to_sell(self, products):
        """{product: units in *Stock* and *Held by Amazon*, in its own unit}."""
        units = dict.fromkeys(products, 0.0)
        here = (self.lot_stock_id + self.fba_held_location_id).ids
        units |= self.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids), ("location_id", "child_of", here)], ["product_id"], ["quantity:sum"]
        )
        return units

    def _fba_sold_shares(self, _products):
        """Hook: {product: {"counted": units in *Held by Amazon* that may be those of imported sales, "held": all there,
        "unsent": units in *Stock* that no own order at Amazon keeps}}; a missing product leaves from *Stock*."""
        return {}
