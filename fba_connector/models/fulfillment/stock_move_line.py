"""Reservations in an AFN warehouse: unsent orders give way first."""

from odoo import models
from odoo.tools import OrderedSet

from .stock_move import LATER


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _free_reservation(
        self, product_id, location_id, quantity, lot_id=None, package_id=None, owner_id=None, ml_ids_to_ignore=None
    ):
        """Take missing units from waiting orders first, and only then from orders at Amazon."""
        ignored = OrderedSet(ml_ids_to_ignore or ())
        where = {"lot_id": lot_id, "package_id": package_id, "owner_id": owner_id}
        if not location_id.warehouse_id.is_afn:
            return super()._free_reservation(product_id, location_id, quantity, ml_ids_to_ignore=ignored, **where)
        reserved = self.search(
            [
                ("product_id", "=", product_id.id),
                ("location_id", "=", location_id.id),
                ("state", "not in", ("done", "cancel")),
                ("picked", "=", False),
                ("id", "not in", [*ignored, *self.ids]),
            ]
        )
        orders = reserved.move_id.sudo().fba_line_id.order_id
        at_amazon = reserved.filtered(lambda line: line.move_id._fba_is_at_amazon())
        first = min(quantity, sum((reserved - at_amazon).mapped("quantity_product_uom")))
        # An order whose units are taken and found elsewhere has lost nothing.
        free = super(StockMoveLine, self.with_context(fba_follow=LATER))._free_reservation
        if at_amazon and first > 0:
            free(product_id, location_id, first, ml_ids_to_ignore=OrderedSet([*ignored, *at_amazon.ids]), **where)
            quantity -= first
        if product_id.uom_id.compare(quantity, 0) > 0:
            free(product_id, location_id, quantity, ml_ids_to_ignore=ignored, **where)
        orders._follow_delivery()
        orders._submit_automatically()
        return None
