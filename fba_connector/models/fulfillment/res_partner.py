"""Delivery addresses in Amazon's form."""

from odoo import models

from ... import amazon


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _fba_address(self):
        """amazon.Address of this contact; the sending reports missing parts."""
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
