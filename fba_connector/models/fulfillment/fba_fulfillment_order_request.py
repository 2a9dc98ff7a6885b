"""Asks the administrators about an order that a clerk cannot settle alone."""

from odoo import models
from odoo.exceptions import UserError


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def action_ask_administrator(self):
        """An activity for the administrators, with the messages of this order. Raises AccessError, UserError."""
        self.ensure_one()
        self.env["fba.account"]._check_may_ask()
        self.check_access("read")
        if not self._current_messages():
            raise UserError(self.env._("%s has no problem.", self.name))
        account = self.account_id
        subject, order = self._name_request(), self
        return account._notify_asked(account._ask_administrators(subject, order._messages_in_words, order))

    def _name_request(self):
        """The subject of the request."""
        return lambda env: env._("Order %s", self.sale_id.name)

    def _messages_in_words(self, env):
        """The problems with this order, in the language of `env`."""
        return " ".join(self.sudo().with_env(env(su=True))._current_messages())
