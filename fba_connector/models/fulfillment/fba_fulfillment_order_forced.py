"""Deliveries that an administrator handles by hand: Odoo does nothing more that could have Amazon ship them, too."""

from odoo import models
from odoo.tools import SQL


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _forced_deliveries(self):
        """Those of these orders that are out of Amazon's hands, wherever a split or a wave has put their goods."""
        return (self.picking_ids | self.line_ids.move_ids.picking_id).filtered("fba_forced")

    def _not_forced(self):
        """Those of these orders without such a delivery, in one query."""
        if not self:
            return self
        self.env["stock.picking"].flush_model(["fba_fulfillment_order_id", "fba_forced"])
        self.env["stock.move"].flush_model(["fba_line_id", "picking_id"])
        ids = tuple(self.ids) or (0,)
        rows = self.env.execute_query(
            SQL(
                """SELECT fba_fulfillment_order_id FROM stock_picking
                    WHERE fba_forced AND fba_fulfillment_order_id IN %s
                   UNION
                   SELECT line.order_id
                     FROM fba_fulfillment_order_line line
                     JOIN stock_move move ON move.fba_line_id = line.id
                     JOIN stock_picking picking ON picking.id = move.picking_id AND picking.fba_forced
                    WHERE line.order_id IN %s""",
                ids,
                ids,
            )
        )
        forced = {order_id for (order_id,) in rows}
        return self.filtered(lambda order: order._origin.id not in forced)

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
