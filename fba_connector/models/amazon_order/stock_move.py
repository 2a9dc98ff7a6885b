"""Moves of goods sold on Amazon: shipped already, so without a reservation."""

from odoo import models

from ..shared.guard import is_by_code


class StockMove(models.Model):
    _inherit = "stock.move"

    def _should_bypass_reservation(self, forced_location=False):
        """Goods that have left already need no reservation."""
        has_left = is_by_code(self, "fba_has_left")
        return has_left or super()._should_bypass_reservation(forced_location)

    def _fba_prepare_sold_move_lines(self, lots):
        """Its move lines: one for each of `lots` (ids of serial numbers), taken out of it, and one for the rest."""
        whole = {
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
        here = [lots.pop(0) for _unit in range(min(len(lots), int(self.product_uom_qty)))]
        lines = [{**whole, "quantity": 1, "lot_id": lot} for lot in here]
        rest = self.product_uom_qty - len(here)
        return [*lines, *([{**whole, "quantity": rest}] if rest else [])]
