"""Deliveries that an administrator handles by hand: Odoo does nothing more that could have Amazon ship them, too."""

from odoo import models


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _forced_deliveries(self):
        """Those of these orders that are out of Amazon's hands, wherever a split or a wave has put their goods."""
        return (self.picking_ids | self.line_ids.move_ids.picking_id).filtered("fba_forced")

    def _leave_forced(self):
        """Amazon certainly does not have these orders: what is handled by hand is no longer theirs."""
        for order in self:
            forced = order._forced_deliveries()
            if not forced:
                continue
            order.at_amazon = False
            if order.state == "submitting":
                order._move_to("queued")
            forced.filtered(
                lambda it, order=order: it.fba_fulfillment_order_id == order
            ).fba_fulfillment_order_id = False
            (order.line_ids.move_ids & forced.move_ids)._fba_open().fba_line_id = False
            order._follow_delivery()
            order.line_ids._drop_released()
            order._choose_skus()
