"""The location that orders sold on Amazon leave from."""

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_sold_location(self):
        """*Stock*, as long as nothing tells what Amazon has reserved."""
        return self.lot_stock_id
