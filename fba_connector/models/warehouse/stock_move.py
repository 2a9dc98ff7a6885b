"""Units of a stock move, in the unit of its product."""

from odoo import models

OPEN_STATES = ("confirmed", "waiting", "partially_available", "assigned")


class StockMove(models.Model):
    _inherit = "stock.move"

    def _fba_open(self):
        """The open ones: neither done nor cancelled."""
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _fba_units(self):
        """Units, in the product's unit, that have left or are to leave."""
        return self._fba_taken() if self.state == "done" else self.product_qty

    def _fba_taken(self):
        """Units, in the product's unit, that are reserved, or have left."""
        return self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, round=False)

    def _fba_lacks_units(self):
        """Whether fewer units are reserved than needed, whatever its state says."""
        return self.product_uom.compare(self.quantity, self.product_uom_qty) < 0

    def _fba_unreserved(self):
        """Units, in the product's unit, that nothing is reserved for."""
        return self.product_qty - self._fba_taken()
