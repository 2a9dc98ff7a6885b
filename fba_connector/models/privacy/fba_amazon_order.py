"""Deletion of the buyers' data of orders sold on Amazon."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ..shared.groups import MANAGER


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _forget_buyers(self):
        """Keep only the region of the order's destination; likewise for the contacts, unless a later order still needs
        them."""
        buyers = self._buyers()
        for row in self:
            kept = amazon.personal_data.keep_of(row.payload or {}, amazon.personal_data.NOBODY)
            row.write({"payload": kept, "has_personal_data": False, "is_forgotten": True})
            if (row.sale_id.client_order_ref or "").endswith(f" / {row.amazon_order_id}"):
                row.sale_id.client_order_ref = row.amazon_order_id  # without the buyer's own number
        needed = self.search([("has_personal_data", "=", True), *self._bought_by(buyers)])
        (buyers - needed._buyers())._fba_forget()

    def _buyers(self):
        """Contacts made of these orders' buyers, also where the sales order was deleted."""
        of_sales = self.sale_id.partner_id | self.sale_id.partner_shipping_id
        of_deliveries = self.booked_delivery_ids.partner_id
        return (of_sales | of_deliveries | of_deliveries.commercial_partner_id).filtered("fba_buyer_key")

    def _bought_by(self, people):
        """The domain of orders of `people`."""
        return [
            "|",
            "|",
            ("sale_id.partner_id", "in", people.ids),
            ("sale_id.partner_shipping_id", "in", people.ids),
            "|",
            ("booked_delivery_ids.partner_id", "in", people.ids),
            ("booked_delivery_ids.partner_id.commercial_partner_id", "in", people.ids),
        ]

    def action_forget_buyers(self):
        """Forget them now, without waiting for the account's period. Raises AccessError for users who are not FBA
        Administrators, UserError for orders not yet imported."""
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only FBA Administrators may delete personal data."))
        if waiting := self.filtered(lambda row: row.state == "pending"):
            raise UserError(
                self.env._(
                    "Not imported yet; Odoo still needs the address: %s", ", ".join(waiting.mapped("amazon_order_id"))
                )
            )
        self.check_access("read")
        self.sudo()._forget_buyers()
        return True
