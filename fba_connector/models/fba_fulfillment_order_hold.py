"""Orders on hold: Amazon reserves their stock, and ships when told; 14 days later it cancels them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import amazon

HELD_FOR = timedelta(days=14)  # Source: SP-API Fulfillment Outbound, fulfillmentAction
WARN_BEFORE = timedelta(days=3)


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    hold_ends_at = fields.Datetime(
        "On Hold Until", compute="_compute_hold_ends_at", store=True, help="Amazon cancels the order then."
    )
    hold_was_warned = fields.Boolean(readonly=True, copy=False)

    @api.depends("hold", "submitted_at", "state")
    def _compute_hold_ends_at(self):
        for order in self:
            held = order.hold and order.submitted_at and order.state == "in_shipping"
            order.hold_ends_at = order.submitted_at + HELD_FOR if held else False

    def action_release_hold(self):
        """Have Amazon ship. Raises UserError where it does not take that or gives no answer: asking again is safe."""
        self._check_may_send()
        for order in self:
            if not order.hold_ends_at:
                raise UserError(self.env._("%s is not on hold at Amazon.", order.name))
        for account, orders in self.sudo().grouped("account_id").items():
            with account._open_gateway() as gateway:
                for order in orders:
                    order._release_hold(gateway)
        return True

    def _release_hold(self, gateway):
        self.lock_for_update(allow_referencing=True)
        try:
            gateway.update_fulfillment_order(amazon.UpdateOrder(order_id=self.name, hold=False))
        except amazon.AmazonError as error:
            raise UserError(
                self.env._(
                    "Amazon does not ship %(order)s yet: %(why)s. Try again.",
                    order=self.sale_id.name,
                    why=error.user_message,
                )
            ) from error
        self.write({"hold": False, "due_at": fields.Datetime.now()})
        self.message_post(body=self.env._("Released: Amazon ships it now."))

    def _warn_of_hold(self):
        """For the scheduled action: once, some days before Amazon cancels an order on hold."""
        order = self.try_lock_for_update(allow_referencing=True)
        if order and not order.hold_was_warned:
            order.hold_was_warned = True
            order._alert(
                self.env._(
                    "%(order)s is on hold at Amazon, which cancels it on %(date)s. "
                    "Press Ship, or request cancellation.",
                    order=order.sale_id.name,
                    date=fields.Date.to_string(order.hold_ends_at),
                )
            )
