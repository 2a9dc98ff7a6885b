"""Delivery addresses in Amazon's form."""

import re

from odoo import models

from ... import amazon

LINES = 3  # that Amazon has between the name and the city


def _line(text):
    """`text` as a line of a label: trimmed, without line breaks; None where nothing is left."""
    return " ".join((text or "").split()) or None


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _fba_address(self):
        """amazon.Address of this contact, with the parts that Odoo prints; the sending reports what is missing.

        Nothing is cut: what is too long for Amazon is reported as well.
        """
        self.ensure_one()
        name = self._fba_recipient()
        lines = self._fba_lines(name)
        lines = [*lines[: LINES - 1], ", ".join(lines[LINES - 1 :])]
        line1, line2, line3 = (*lines, None, None)[:LINES]
        return amazon.Address(
            name=name,
            line1=line1 or None,
            line2=line2 or None,
            line3=line3 or None,
            city=None if self._fba_is_in_japan() else _line(self.city),
            state=self._fba_state(),
            postal_code=_line(self.zip),
            country_code=self.country_id.code or None,
            phone=_line(self.phone),
        )

    def _fba_recipient(self):
        """The name; a contact without one has the name of the contact it belongs to, as Odoo prints it."""
        partner = self.sudo()  # who may read the delivery address need not be allowed to read its company
        while not _line(partner.name) and partner.parent_id:
            partner = partner.parent_id
        return _line(partner.name)

    def _fba_lines(self, name):
        """The lines between `name` and the city: company, then the street. None without a street, for which the company
        must not stand in.

        Amazon's address has no company. Its own form asks for it in line 1 ("Street address, P.O. box, company name,
        c/o"), and labels have it between the person and the street (USPS Publication 28, section 214).
        """
        streets = self._fba_streets()
        if not streets:
            return []
        company = _line(self.commercial_company_name)
        is_told = company and company.casefold() in {line.casefold() for line in (name, *streets) if line}
        companies = [company] if company and not is_told else []
        city = _line(self.city)
        if city and self._fba_is_in_japan():
            # Amazon has no city in Japan: it is the beginning of the street, on a line of its own where there is room.
            has_room = len(companies) + 1 + len(streets) <= LINES
            streets = [city, *streets] if has_room else [f"{city} {streets[0]}", *streets[1:]]
        return companies + streets

    def _fba_streets(self):
        """The lines of the street, with those that other modules add, such as `street3`."""
        names = (name for name in self._formatting_address_fields() if re.fullmatch(r"street\d*", name))
        return [line for name in names if (line := _line(self[name]))]

    def _fba_state(self):
        """The state's code where that is one of letters, as in Amazon's examples; else its name: Odoo's codes JP-13 and
        34 mean nothing to a carrier.
        """
        code = _line(self.state_id.code)
        return code if code and code.isalpha() else _line(self.state_id.name)

    def _fba_is_in_japan(self):
        return self.country_id.code == "JP"
