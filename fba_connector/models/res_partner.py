"""Buyers on Amazon as contacts: no e-mail address or phone, known by their name and address, and forgotten in time."""

import hashlib

from odoo import api, fields, models


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
                "name": address.name,
                "street": address.lines[0] if address.lines else False,
                "street2": ", ".join(filter(None, (*address.lines[1:], address.company))) or False,
                "city": address.city,
                "company_id": company.id,
                "fba_buyer_key": key,
                **place,
            }
        )

    def _fba_forget(self):
        """Nothing personal is left; the country stays, for statistics and taxes."""
        self.write(
            {
                "name": self.env._("Amazon customer"),
                "street": False,
                "street2": False,
                "city": False,
                "zip": False,
                "fba_buyer_key": False,
                "active": False,
            }
        )
