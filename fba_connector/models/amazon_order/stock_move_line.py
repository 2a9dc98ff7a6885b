"""Reservations of other orders, where sold goods that have left were reserved for them."""

from odoo import models

from ..shared.guard import is_by_code


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(self, product_id, location_id, quantity, **where):
        """Goods that have left need no reservation, but those of other orders must not exceed what is left."""
        if not is_by_code(self, "fba_has_left"):
            return super()._free_reservation(product_id, location_id, quantity, **where)
        here = [("product_id", "=", product_id.id), ("location_id", "=", location_id.id), ("reserved_quantity", ">", 0)]
        if not self.env["stock.quant"].search_count(here, limit=1):
            return None  # one query where Odoo would make two, for each line of goods that Odoo has not enough of
        lines = self.with_context(fba_has_left=False)
        return super(StockMoveLine, lines)._free_reservation(product_id, location_id, quantity, **where)
