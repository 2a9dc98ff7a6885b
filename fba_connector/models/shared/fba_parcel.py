"""A parcel of Amazon: carrier, tracking number and tracking page."""

from odoo import api, fields, models


class FbaParcel(models.AbstractModel):
    _name = "fba.parcel"
    _description = "Amazon Parcel"
    _inherit = ["fba.safe.export"]
    _rec_name = "tracking_number"

    carrier_code = fields.Char(readonly=True, help="Amazon's code for the carrier.")
    carrier_id = fields.Many2one("fba.carrier", "Amazon Carrier", compute="_compute_carrier")
    carrier_name = fields.Char("Carrier", compute="_compute_carrier")
    tracking_number = fields.Char(readonly=True, index="trigram")  # searched by any part of it
    tracking_url = fields.Char(compute="_compute_carrier")

    @api.depends("carrier_code", "tracking_number")
    def _compute_carrier(self):
        """The carrier is the one that Amazon names, else the one whose number it is. The link goes by the number first:
        Amazon has numbers of its own for parcels that others carry, which only Amazon's page knows.
        """
        found = self._carriers_and_urls()
        for parcel in self:
            parcel.carrier_id, parcel.tracking_url = found[parcel]
            parcel.carrier_name = parcel.carrier_id.name or parcel.carrier_code

    def _carriers_and_urls(self):
        """{parcel: (its carrier, its tracking page or False)}."""
        unknown = self.env["fba.carrier"]
        if not self:
            return {}
        carriers = unknown._all()
        by_code = carriers._by_code(set(filter(None, self.mapped("carrier_code"))))
        by_number = carriers._by_number(set(filter(None, self.mapped("tracking_number"))))
        found = {}
        for parcel in self:
            number = parcel.tracking_number
            numbered = by_number.get(number, unknown)
            carrier = by_code.get(parcel.carrier_code) or numbered
            found[parcel] = carrier, numbered._url_of(number) or carrier._url_of(number)
        return found

    def _delivery_values(self, company):
        """Values for Odoo's delivery: all tracking numbers in one field, and one delivery method."""
        numbers = dict.fromkeys(filter(None, self.mapped("tracking_number")))
        return {
            "carrier_tracking_ref": ",".join(numbers) or False,
            "carrier_id": self.carrier_id.with_company(company).delivery_carrier_id[:1].id,
        }

    def _links(self):
        """[[tracking number, URL]] of the parcels with a tracking page, each once."""
        return [
            [number, url]
            for number, url in {it.tracking_number: it.tracking_url for it in self.filtered("tracking_url")}.items()
        ]
