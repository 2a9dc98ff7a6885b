"""Fulfillment orders for AFN deliveries, made right after Odoo's procurement of the sale order lines."""

from odoo import api, fields, models

from ..shared.batch import Batch
from ..shared.groups import INTERNAL
from ..shared.guard import BY_CODE, refuse_by_hand

DELIVERED = {"qty_delivered"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    fba_is_kept = fields.Boolean(compute="_compute_fba_is_kept", compute_sudo=True, groups=INTERNAL)

    @api.depends("state", "order_id.fba_status")
    def _compute_fba_is_kept(self):
        """Lines of a confirmed order with a part at Amazon: Odoo deletes none, its quantity may become 0."""
        for line in self:
            line.fba_is_kept = bool(line.state == "sale" and line.order_id.fba_status and not line.display_type)

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Give new AFN deliveries their fulfillment orders; lost quantities have a source again."""
        together = self.with_context(fba_batch=Batch(len(self.order_id)))
        lines = together.with_context(fba_launching=BY_CODE)
        result = super(SaleOrderLine, lines)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        if not self.env.context.get("skip_procurement"):
            together._fba_after_sourcing()
        return result

    def _fba_after_sourcing(self):
        self.move_ids.picking_id._fba_make_fulfillment_orders()
        self.order_id._fba_fulfillments().sudo()._end_resolved_exceptions()
        return super()._fba_after_sourcing()

    def write(self, vals):
        """Amazon's shipments say what was delivered; Odoo keeps a figure written by hand."""
        if DELIVERED & vals.keys() and self.filtered("fba_warehouse_id"):
            refuse_by_hand(self, vals, DELIVERED)
        return super().write(vals)
