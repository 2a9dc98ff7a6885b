"""Deletion of the data of one person or buyer, on request."""

from odoo import models
from odoo.exceptions import AccessError, UserError

from ..fulfillment.states import ENDED_STATES
from ..shared.groups import MANAGER
from ..shared.notification import RELOAD, notification

# Of a contact; also what somebody may have added by hand.
PERSONAL_FIELDS = (
    "street",
    "street2",
    "city",
    "zip",
    "email",
    "phone",
    "vat",
    "company_registry",
    "peppol_endpoint",  # made of the VAT number, with electronic invoices
    "ref",
    "website",
    "function",
    "comment",
    "company_name",
    "image_1920",
    "fba_buyer_key",
)


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _fba_forget(self):
        """Delete all personal data, also in the chatter; the country stays, for statistics and taxes. Contacts with a
        login are the company's own customers, and stay, with the company that they belong to."""
        buyers = self.filtered(lambda partner: not (partner | partner.child_ids).user_ids.filtered("active"))
        buyers.message_ids.unlink()
        buyers.activity_ids.unlink()
        here = [("res_model", "=", self._name), ("res_id", "in", buyers.ids)]
        self.env["ir.attachment"].search(here).unlink()
        known = [name for name in PERSONAL_FIELDS if name in self._fields]
        buyers.with_context(tracking_disable=True).write(
            {"name": self.env._("Amazon customer"), "active": False, **dict.fromkeys(known, False)}
        )

    def action_fba_forget(self):
        """Fulfill a person's request: delete their data from their Amazon orders and from messages about shipments.
        Contacts made of Amazon's buyers go too; others are the company's own.

        Raises AccessError for users who are not FBA Administrators, UserError while Amazon needs the address.
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only FBA Administrators may delete personal data."))
        self.check_access("write")
        people = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        Inbox = self.env["fba.amazon.order"]
        bought = Inbox.search(Inbox._bought_by(people))
        ours = self.env["fba.fulfillment.order"].search(
            ["|", ("sale_id.partner_id", "in", people.ids), ("sale_id.partner_shipping_id", "in", people.ids)]
        )
        if open_orders := ours.filtered(lambda order: order.state not in ENDED_STATES):
            raise UserError(
                self.env._(
                    "Amazon still needs the address for %s. Let the order ship, or cancel it first.",
                    ", ".join(sorted(set(open_orders.sale_id.mapped("name")))),
                )
            )
        bought.sudo()._forget_buyers()
        ours.sudo()._forget_people()
        people.filtered("fba_buyer_key").sudo()._fba_forget()
        message = self.env._(
            "Personal data deleted from %(sold)s orders on Amazon and %(sent)s fulfillment orders.",
            sold=len(bought),
            sent=len(ours),
        )
        return notification("success", message, RELOAD)
