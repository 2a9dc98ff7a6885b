"""Buyers on Amazon as contacts: people known by name and address, companies by name and VAT number, without e-mail
address or phone."""

import hashlib
import re

from odoo import api, fields, models

from ...amazon.registrations import CPF
from ..shared.fba_safe_export import unlike_formula
from ..shared.groups import INTERNAL


class ResPartner(models.Model):
    _inherit = "res.partner"

    fba_buyer_key = fields.Char(readonly=True, copy=False, index="btree_not_null", exportable=False, groups=INTERNAL)

    @api.model
    def _fba_buyer(self, company, order, terms):
        """(the contact that bought `order` (amazon.SoldOrder), the one it goes to), made where there are none; empty
        where Amazon names neither a person nor a company. Of a business, the buyer is the company."""
        address = order.address if order.address and order.address.name else None
        business = self._fba_business(company, order, terms)
        if not address:
            return business, business
        parts = (address.name, address.company, *_where(address), *(business.mapped("fba_buyer_key")))
        key = self._fba_buyer_key(company, *parts)
        below = {"parent_id": business.id, "type": "delivery"} if business else {}
        values = {
            "name": unlike_formula(address.name) or self.env._("Amazon customer"),
            **below,
            **_at(address, terms),
        }
        contact = self._fba_known_buyer(company, key, values)
        return business or contact, contact

    @api.model
    def _fba_business(self, company, order, terms):
        """The company that bought `order`, with its VAT number as far as Amazon names it; empty for a consumer."""
        others = (it for it in order.tax_registrations if it.kind != CPF)  # which is a person's
        registration = order.vat_registration or next(others, None)
        names = (registration and registration.legal_name, order.buyer and order.buyer.company)
        name = next(filter(None, map(unlike_formula, names)), None)
        number = registration and re.sub(r"[\W_]", "", registration.number or "").upper()
        number = number if number and len(number) > 1 else None  # of one sign, for Odoo, is none
        if not name and not number:
            return self.browse()
        address = (registration and registration.address) or order.address
        values = {
            "name": name or unlike_formula(order.address and order.address.company) or self.env._("Amazon customer"),
            "is_company": True,
            "vat": number or False,
            **(_at(address, terms) if address else {}),
        }
        # One name is that of many businesses: without a number, they are told by their address.
        where = _where(address) if address and not number else ()
        key = self._fba_buyer_key(company, "business", name, number, *where)
        return self._fba_known_buyer(company, key, values)

    @api.model
    def _fba_known_buyer(self, company, key, values):
        known = self.search([("fba_buyer_key", "=", key), ("company_id", "=", company.id)], limit=1)
        return known or self._fba_create_buyer({**values, "company_id": company.id, "fba_buyer_key": key})

    @api.model
    def _fba_create_buyer(self, values):
        """Amazon has checked the VAT number, or it is what the buyer typed: no reason to keep the order out, nor to
        wait for the answer of VIES, which often is away. Contacts of a company have its number."""
        unchecked = {"vies_valid": False} if "vies_valid" in self._fields else {}
        return self.with_context(no_vat_validation=True).create({**values, **unchecked}).with_env(self.env)

    @api.model
    def _fba_buyer_key(self, company, *parts):
        words = "\n".join(" ".join((part or "").casefold().split()) for part in parts)
        return hashlib.sha256(f"{company.id}\n{words}".encode()).hexdigest()


def _where(address):
    return (*address.lines, address.city, address.postal_code, address.country)


def _at(address, terms):
    """Values of a contact at an amazon.BuyerAddress."""
    return {
        "street": unlike_formula(address.lines[0]) if address.lines else False,
        "street2": unlike_formula(", ".join(filter(None, (*address.lines[1:], address.company)))),
        "city": unlike_formula(address.city),
        **terms.place(address),
    }
