"""Sold goods that Amazon had reserved for its customers."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_sold_budget(self, _products):
        """Hook: {product: units in *Held by Amazon* that may be those of imported sales}; a missing one has none."""
        return {}
