"""Reservations in an AFN warehouse: those of orders at Amazon stay, unsent orders give way first."""

from odoo import api, models
from odoo.tools import OrderedSet

from ..shared.guard import BY_CODE, is_by_code
from .stock_move import LATER

RESERVATION = {
    "quantity", "quant_id", "picked", "product_id", "product_uom_id", "location_id", "location_dest_id", "lot_id",
    "owner_id", "package_id", "picking_id", "move_id",
}  # fmt: skip


class StockMoveLine(models.Model):
    _inherit = "stock.move.line"

    def _fba_check_not_at_amazon(self):
        """Raises UserError where a person changes a reservation that Amazon works on."""
        if not self.env.su and not is_by_code(self, "fba_reserving"):
            self.move_id._fba_check_not_at_amazon()

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._fba_check_not_at_amazon()
        return lines

    def write(self, vals):
        if RESERVATION & vals.keys():
            self._fba_check_not_at_amazon()
        result = super().write(vals)
        if {"move_id", "picking_id"} & vals.keys():
            self._fba_check_not_at_amazon()
        return result

    def unlink(self):
        self._fba_check_not_at_amazon()
        return super().unlink()

    @api.constrains("location_id", "move_id")
    def _check_source(self):
        self.move_id._check_source()

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
        free = super(StockMoveLine, self.with_context(fba_follow=LATER, fba_reserving=BY_CODE))._free_reservation
        if at_amazon and first > 0:
            free(product_id, location_id, first, ml_ids_to_ignore=OrderedSet([*ignored, *at_amazon.ids]), **where)
            quantity -= first
        if product_id.uom_id.compare(quantity, 0) > 0:
            free(product_id, location_id, quantity, ml_ids_to_ignore=ignored, **where)
        orders._follow_delivery()
        orders._submit_automatically()
        return None
