"""A parcel of Amazon: carrier, tracking number and tracking page."""

from odoo import api, fields, models


class FbaParcel(models.AbstractModel):
    _name = "fba.parcel"
    _description = "Amazon Parcel"
    _inherit = ["fba.safe.export"]
    _rec_name = "tracking_number"

    carrier_code = fields.Char(readonly=True, help="Amazon's code for the carrier.")
    carrier_id = fields.Many2one("fba.carrier", "Amazon Carrier", compute="_compute_carrier_id")
    carrier_name = fields.Char("Carrier", compute="_compute_carrier_id")
    tracking_number = fields.Char(readonly=True, index="trigram")  # searched by any part of it
    tracking_url = fields.Char(compute="_compute_tracking_url")

    @api.depends("carrier_code")
    def _compute_carrier_id(self):
        carriers = self.env["fba.carrier"]._by_code(set(filter(None, self.mapped("carrier_code"))))
        for parcel in self:
            parcel.carrier_id = carriers.get(parcel.carrier_code)
            parcel.carrier_name = parcel.carrier_id.name or parcel.carrier_code

    @api.depends("carrier_code", "tracking_number")
    def _compute_tracking_url(self):
        for parcel in self:
            parcel.tracking_url = parcel.carrier_id._url_of(parcel.tracking_number)

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
