"""Buyers on Amazon as contacts: known by name and address, without e-mail address or phone."""

import hashlib

from odoo import api, fields, models

from ..shared.fba_safe_export import FORMULA_STARTS
from ..shared.groups import INTERNAL


def _text(words):
    """A buyer's text in a form safe for contacts: a spreadsheet must not run an exported contact as a formula."""
    return (words or "").lstrip("".join(FORMULA_STARTS)) or False


class ResPartner(models.Model):
    _inherit = "res.partner"

    fba_buyer_key = fields.Char(readonly=True, copy=False, index="btree_not_null", exportable=False, groups=INTERNAL)

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
