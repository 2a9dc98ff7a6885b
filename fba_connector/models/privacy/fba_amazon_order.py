"""Forgetting the buyers of orders sold on Amazon."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ..shared.groups import MANAGER


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _forget_buyers(self):
        """Keep no more of the people than the region their order went to; their contacts likewise, unless a later order
        needs them still."""
        buyers = self.sale_id.partner_id.filtered("fba_buyer_key")
        for row in self:
            kept = amazon.personal_data.keep_of(row.payload or {}, amazon.personal_data.NOBODY)
            row.write({"payload": kept, "has_personal_data": False})
        needed = [("sale_id.partner_id", "in", buyers.ids), ("has_personal_data", "=", True)]
        (buyers - self.search(needed).sale_id.partner_id)._fba_forget()

    def action_forget_buyers(self):
        """As after the time set on the account, now. Raises AccessError for who is no FBA Administrator, UserError for
        what is not imported yet."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only FBA Administrators make Odoo forget people."))
        if waiting := self.filtered(lambda row: row.state == "pending"):
            raise UserError(
                self.env._("Not imported yet, the address is needed: %s", ", ".join(waiting.mapped("amazon_order_id")))
            )
        self.check_access("read")
        self.sudo()._forget_buyers()
        return True
