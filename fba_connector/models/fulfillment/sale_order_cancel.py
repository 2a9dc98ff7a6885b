"""Cancellation of a sale order with parts at Amazon: requested first, done once Amazon agrees."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.groups import INTERNAL
from ..shared.guard import refuse_by_hand, refuse_new_by_hand
from ..shared.reader import as_reader

OURS = {"fba_cancel_pending"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    fba_cancel_pending = fields.Boolean(
        "Cancellation Pending", readonly=True, copy=False, tracking=True,
        help="Cancelled in Odoo. Odoo has asked Amazon to cancel its part of the order, and waits for the answer.",
        groups=INTERNAL,
    )  # fmt: skip

    @api.model_create_multi
    def create(self, vals_list):
        refuse_new_by_hand(self, vals_list, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        return super().write(vals)

    def _fba_reason_closed(self):
        if self.fba_cancel_pending:
            return self.env._("%s is being cancelled: Odoo waits for Amazon's answer.", self.name)
        return super()._fba_reason_closed()

    def _action_cancel(self):
        """Cancel unsent parts immediately; an order with parts at Amazon waits for Amazon."""
        asking = self.filtered(lambda order: order._fba_sent_live())
        now = self - asking
        result = True
        if now:
            result = super(SaleOrder, now)._action_cancel()
            now.order_line.sudo().fba_unsourced_product_qty = 0
            now.sudo().write({"fba_cancel_pending": False})
            now.fba_fulfillment_order_ids.sudo()._end_resolved_exceptions()
        if asking:
            asking._fba_ask_to_cancel()
            message = self.env._(
                "Odoo is asking Amazon to cancel %s. The order is cancelled once Amazon agrees.",
                ", ".join(asking.mapped("name")),
            )
            return asking.sudo().fba_fulfillment_order_ids.account_id[:1]._notification("success", message)
        return result

    def _fba_sent_live(self):
        """The fulfillment orders at Amazon that Amazon has not ended."""
        return self.sudo().fba_fulfillment_order_ids.filtered(lambda order: order.at_amazon and order._is_live())

    def _fba_ask_to_cancel(self):
        self.env["fba.fulfillment.order"]._check_may_send()
        for order in self:
            sent = order._fba_sent_live()
            if unclear := sent.filtered(lambda fulfillment: fulfillment._is_unclear()):
                raise UserError(unclear[0].error_message)
            order.order_line.sudo()._fba_supply()._fba_can_release()._fba_release()
            sent._request_cancel()
            order.sudo().fba_cancel_pending = True
            names = ", ".join(sent.mapped("name"))
            order._fba_post(lambda env, names=names: env._("Odoo is asking Amazon to cancel %s.", names))

    def _fba_settle_cancellation(self):
        """Amazon has ended its part: cancel the order, or the rest of it if something shipped."""
        for order in self.filtered(lambda order: order.fba_cancel_pending and not order._fba_sent_live()):
            order.fba_cancel_pending = False
            try:
                with self.env.cr.savepoint():
                    as_reader(order, order._fba_responsible())._fba_cancel_rest()
            except UserError as error:  # such as a lock: Amazon's shipments stay booked anyway
                why = str(error)
                order._fba_post(
                    lambda env, why=why: env._(
                        "Could not be cancelled automatically (%s). Please cancel it by hand.", why
                    )
                )

    def _fba_cancel_rest(self):
        """The whole order, or the rest of it if something has left."""
        if self.locked:
            raise UserError(self.env._("%s is locked.", self.name))
        if not any(move.state == "done" for move in self.order_line._fba_supply()):
            self._action_cancel()
            return
        rest = self.order_line.filtered("fba_unsourced_qty")
        for line in rest:
            line.product_uom_qty -= line.fba_unsourced_qty
        self._fba_post(
            lambda env: (
                env._("Part of the order has shipped: only the rest was cancelled.")
                if rest
                else env._("The whole order has shipped: nothing was cancelled.")
            )
        )

    def _fba_cancellation_refused(self):
        """The order continues: its unsent part has no source now, and a person decides about it."""
        self.filtered("fba_cancel_pending").write({"fba_cancel_pending": False})
