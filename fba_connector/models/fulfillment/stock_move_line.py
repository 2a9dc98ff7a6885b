"""Reservations in an AFN warehouse: unsent orders give way first."""

from odoo import models
from odoo.tools import OrderedSet


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(
        self, product_id, location_id, quantity, lot_id=None, package_id=None, owner_id=None, ml_ids_to_ignore=None
    ):
        """Take missing units from waiting orders first, and only then from orders at Amazon."""
        ignored = OrderedSet(ml_ids_to_ignore or ())
        where = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        if location_id.warehouse_id.is_afn:
            reserved = self.search(
                [
                    ("product_id", "=", product_id.id),
                    ("location_id", "=", location_id.id),
                    ("state", "not in", ("done", "cancel")),
                    ("picked", "=", False),
                    ("id", "not in", [*ignored, *self.ids]),
                ]
            )
            at_amazon = reserved.filtered(lambda line: line.move_id._fba_is_at_amazon())
            first = min(quantity, sum((reserved - at_amazon).mapped("quantity_product_uom")))
            if at_amazon and first > 0:
                spared = OrderedSet([*ignored, *at_amazon.ids])
                super()._free_reservation(product_id, location_id, first, ml_ids_to_ignore=spared, **where)
                quantity -= first
        if product_id.uom_id.compare(quantity, 0) <= 0:
            return None
        return super()._free_reservation(product_id, location_id, quantity, ml_ids_to_ignore=ignored, **where)
