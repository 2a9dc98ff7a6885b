"""AFN warehouses that sell: goods that Amazon had reserved for its customers, and orders that wait for a warehouse."""

from datetime import datetime

from odoo import api, models

SELLING = {"is_afn", "fba_account_id", "fba_marketplace_id", "fba_marketplace_ids"}


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model_create_multi
    def create(self, vals_list):
        warehouses = super().create(vals_list)
        warehouses._fba_wake_sales()
        return warehouses

    def write(self, vals):
        result = super().write(vals)
        if SELLING & vals.keys():
            self._fba_wake_sales()
        return result

    def _fba_wake_sales(self):
        if self.sudo().filtered("is_afn"):
            self.env["fba.account"]._wake_soon("warehouse")

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

    def _fba_counted_from(self):
        """Hook: when stock was made equal to Amazon's for the first time (naive UTC): what left before was never in it.
        The earliest moment where Odoo's stock has always been somebody's own count."""
        return datetime.min
