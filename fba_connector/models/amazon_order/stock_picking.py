"""Deliveries of orders sold on Amazon."""

from odoo import api, fields, models

from ..shared.guard import refuse_by_hand, refuse_new_by_hand

OURS = {"fba_amazon_order_id"}


class StockPicking(models.Model):
    _inherit = "stock.picking"

    fba_amazon_order_id = fields.Many2one(
        "fba.amazon.order", "Amazon Order", readonly=True, copy=False, ondelete="restrict", index="btree_not_null",
        groups="base.group_user", help="Order sold on Amazon whose import made this delivery.",
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        refuse_new_by_hand(self, vals_list, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        return super().write(vals)

    @api.depends(
        "sale_id.fba_amazon_order_ids.shipped_item_ids.tracking_number",
        "sale_id.fba_amazon_order_ids.shipped_item_ids.carrier_code",
    )
    def _compute_carrier_tracking_url(self):
        return super()._compute_carrier_tracking_url()

    def _fba_shipped_by_amazon(self):
        return super()._fba_shipped_by_amazon() | self.filtered(lambda it: it.sudo().sale_id.amazon_order_id)

    def _fba_parcels(self):
        return super()._fba_parcels() or self.sale_id.fba_shipped_item_ids

    def _fba_has_left(self):
        """Whether it is a done delivery from an AFN warehouse."""
        return (
            self.state == "done" and self.picking_type_code == "outgoing" and self.picking_type_id.warehouse_id.is_afn
        )
