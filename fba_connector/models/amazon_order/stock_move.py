"""Moves of goods sold on Amazon: shipped already, so without a reservation."""

from odoo import models

from ..shared.guard import is_by_code


class StockMove(models.Model):
    _inherit = "stock.move"

    def _should_bypass_reservation(self, forced_location=False):
        """Goods that have left already need no reservation."""
        has_left = is_by_code(self, "fba_has_left")
        return has_left or super()._should_bypass_reservation(forced_location)

    def _fba_prepare_sold_move_line(self):
        return {
            "move_id": self.id,
            "picking_id": self.picking_id.id,
            "product_id": self.product_id.id,
            "product_uom_id": self.product_uom.id,
            "quantity": self.product_uom_qty,
            "picked": True,
            "location_id": self.location_id.id,
            "location_dest_id": self.location_dest_id.id,
            "company_id": self.company_id.id,
        }
