"""Buyers on Amazon as contacts: no e-mail address or phone, known by their name and address, and forgotten in time."""

import hashlib

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ... import amazon
from ..account.fba_account import MANAGER
from ..fulfillment.fba_fulfillment_order import ENDED_STATES
from ..shared.fba_safe_export import FORMULA_STARTS

# Of a contact; also what somebody may have added by hand.
PERSONAL_FIELDS = (
    "street",
    "street2",
    "city",
    "zip",
    "email",
    "phone",
    "vat",
    "ref",
    "website",
    "function",
    "comment",
    "company_name",
    "image_1920",
    "fba_buyer_key",
)


def _text(words):
    """Of a buyer, as it goes into a contact: contacts are exported, and no formula is to come out."""
    return (words or "").lstrip("".join(FORMULA_STARTS)) or False


class ResPartner(models.Model):
    _inherit = "res.partner"

    fba_buyer_key = fields.Char(readonly=True, copy=False, index="btree_not_null", exportable=False)

    @api.model
    def _fba_buyer(self, company, address, place):
        """The contact of a buyer at an amazon.BuyerAddress, made where there is none. `place`: its country, state."""
        parts = (address.name, address.company, *address.lines, address.city, address.postal_code, address.country)
        words = "\n".join(" ".join((part or "").casefold().split()) for part in parts)
        key = hashlib.sha256(f"{company.id}\n{words}".encode()).hexdigest()
        known = self.search([("fba_buyer_key", "=", key), ("company_id", "=", company.id)], limit=1)
        return known or self.create(
            {
                "name": _text(address.name) or self.env._("Amazon customer"),
                "street": _text(address.lines[0]) if address.lines else False,
                "street2": _text(", ".join(filter(None, (*address.lines[1:], address.company)))),
                "city": _text(address.city),
                "company_id": company.id,
                "fba_buyer_key": key,
                **place,
            }
        )

    # === FOR AMAZON === #

    def _fba_address(self):
        """amazon.Address of this contact; what Amazon needs and it lacks is told where it is sent."""
        self.ensure_one()
        streets = [street for street in (self.street, self.street2) if street]
        city = self.city
        if self.country_id.code == "JP" and city:
            # Amazon has no city in Japan: it is the beginning of the street.
            streets, city = [city, *streets], False
        line1, line2, line3 = (*streets, None, None, None)[:3]
        return amazon.Address(
            name=self.name or self.commercial_company_name,
            line1=line1,
            line2=line2,
            line3=line3,
            city=city or None,
            state=self.state_id.code or None,
            postal_code=self.zip,
            country_code=self.country_id.code,
            phone=self.phone or None,
        )

    # === PERSONAL DATA === #

    def _fba_forget(self):
        """Nothing personal is left, in the chatter neither; the country stays, for statistics and taxes. Who was given
        a login is a customer of the company's own, and stays."""
        buyers = self.filtered(lambda partner: not partner.user_ids.filtered("active"))
        buyers.message_ids.unlink()
        buyers.with_context(tracking_disable=True).write(
            {"name": self.env._("Amazon customer"), "active": False, **dict.fromkeys(PERSONAL_FIELDS, False)}
        )

    def action_fba_forget(self):
        """What a person may ask for: their Amazon orders, and what was written to them about shipments, no longer tell
        of them. Contacts made of Amazon's buyers go too; others are the company's own.

        Raises AccessError for who is no FBA Administrator, UserError while Amazon needs the address.
        """
        if not self.env.user.has_group(MANAGER):
            raise AccessError(self.env._("Only FBA Administrators make Odoo forget people."))
        self.check_access("write")
        people = self.with_context(active_test=False).search([("id", "child_of", self.ids)])
        bought = self.env["fba.amazon.order"].search([("sale_id.partner_id", "in", people.ids)])
        ours = self.env["fba.fulfillment.order"].search(
            ["|", ("sale_id.partner_id", "in", people.ids), ("sale_id.partner_shipping_id", "in", people.ids)]
        )
        if open_orders := ours.filtered(lambda order: order.state not in ENDED_STATES):
            raise UserError(
                self.env._(
                    "Not yet: %s still needs the address. Let it ship or cancel it first.",
                    ", ".join(sorted(set(open_orders.sale_id.mapped("name")))),
                )
            )
        bought.sudo()._forget_buyers()
        ours.sudo()._forget_people()
        people.filtered("fba_buyer_key").sudo()._fba_forget()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Forgotten: the people of %(sold)s orders on Amazon and of %(sent)s fulfillment orders.",
                    sold=len(bought),
                    sent=len(ours),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
