"""Goods of a shipment are what was sent, whatever bills of materials they have by now."""

from odoo import models

from ..shared.guard import is_by_code


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _compute_is_kits(self):
        """Of Manufacturing: it would take goods apart that became kits after they were sent."""
        if is_by_code(self, "fba_booking"):
            self.is_kits = False
            return None
        return super()._compute_is_kits()

    def _fba_forget_kits(self):
        """Whether these are kits depends on the context, which Odoo does not know."""
        if "is_kits" in self._fields:
            self.invalidate_recordset(["is_kits"])
