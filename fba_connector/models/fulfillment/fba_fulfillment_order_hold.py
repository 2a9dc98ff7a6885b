"""Orders on hold: Amazon reserves their stock, ships on release, and cancels them after 14 days."""

import logging

from odoo import fields, models
from odoo.exceptions import UserError

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..shared.sentence import in_words

_logger = logging.getLogger(__name__)


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def action_release_hold(self):
        """Have Amazon ship, and report each refusal. Raises UserError where Amazon refused all of these orders."""
        self._check_may_send()
        for order in self:
            if not order.hold_ends_at:
                raise UserError(self.env._("%s is not on hold at Amazon.", order.name))
            if order.sudo()._forced_deliveries():
                raise UserError(self.env._("%s is handled by hand. Request cancellation instead.", order.name))
            order.account_id._check_may_call()
        reasons = []
        for account, orders in self.sudo().grouped("account_id").items():
            with account._open_gateway() as gateway:
                reasons += [reason for order in orders if (reason := order._release_hold(gateway))]
        if len(reasons) == len(self):
            raise UserError("\n".join(reasons))
        # No error for the others: it would undo the released ones, which Amazon ships.
        return self.account_id[:1]._notification("warning", "\n".join(reasons)) if reasons else True

    def _release_hold(self, gateway):
        """Why Amazon did not accept it, for the clerk; False where it did, now or before."""
        self.lock_for_update(allow_referencing=True)
        try:
            gateway.update_fulfillment_order(amazon.UpdateOrder(order_id=self.name, hold=False))
        except amazon.AmazonError as error:
            if not self._is_released(gateway):
                return self.env._(
                    "Amazon is not shipping %(order)s yet: %(why)s. Try again.",
                    order=self.sale_id.name,
                    why=in_words(self, reason_of(error)),
                )
        self.write({"hold": False, "due_at": fields.Datetime.now()})
        self._post(lambda env: env._("The hold has been released. Amazon ships the order now."))
        return False

    def _is_released(self, gateway):
        """Whether Amazon ships it anyway: an answer may get lost, and Seller Central has such a button too."""
        try:
            self._refresh_now(gateway)
        except amazon.AmazonError as error:
            _logger.info("FBA %s: hold not read: %s", self.name, error)
        return not self.hold
