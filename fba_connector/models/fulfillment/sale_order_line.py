"""Fulfillment orders for AFN deliveries, made right after Odoo's procurement of the sale order lines."""

from odoo import models

from ..shared.guard import BY_CODE, refuse_by_hand

DELIVERED = {"qty_delivered"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        """Give new AFN deliveries their fulfillment orders; lost quantities have a source again."""
        lines = self.with_context(fba_launching=BY_CODE)
        result = super(SaleOrderLine, lines)._action_launch_stock_rule(
            previous_product_uom_qty=previous_product_uom_qty
        )
        if not self.env.context.get("skip_procurement"):
            self._fba_after_sourcing()
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
