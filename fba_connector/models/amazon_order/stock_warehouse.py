"""The source location of orders sold on Amazon."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_sold_location(self):
        """*Stock*, as long as Odoo does not know Amazon's reservations."""
        return self.lot_stock_id
