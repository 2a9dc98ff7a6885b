"""Amazon's carriers: code, name, tracking page and delivery method. Data."""

from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import ValidationError

PLACEHOLDER = "<shipmenttrackingnumber>"  # as in Odoo's own delivery methods


class FbaCarrier(models.Model):
    _name = "fba.carrier"
    _description = "Amazon Carrier"
    _order = "name, id"
    _rec_names_search = ["name", "code"]

    name = fields.Char(required=True)
    code = fields.Char(
        required=True, help="Start of Amazon's code, such as UPS. If several carriers match, the longest start applies."
    )
    tracking_url = fields.Char(
        "Tracking URL",
        help=f"Tracking page of the carrier. Odoo replaces {PLACEHOLDER} with the tracking number.",
    )
    delivery_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method",
        company_dependent=True,
        check_company=True,
        help="Odoo sets it on deliveries that Amazon ships with this carrier. If empty, they show Amazon's code only.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This carrier already exists.")

    @api.constrains("tracking_url")
    def _check_tracking_url(self):
        for carrier in self.filtered("tracking_url"):
            if not carrier.tracking_url.startswith("https://") or PLACEHOLDER not in carrier.tracking_url:
                raise ValidationError(
                    self.env._(
                        "The tracking URL of %(carrier)s must start with https:// and contain %(placeholder)s.",
                        carrier=carrier.name,
                        placeholder=PLACEHOLDER,
                    )
                )

    @api.model
    def _by_code(self, codes):
        """{code: carrier} for Amazon's `codes`; an empty carrier for unknown codes."""
        known = sorted(self.search_fetch([("code", "!=", False)]), key=lambda carrier: -len(carrier.code))
        return {
            code: next((carrier for carrier in known if code.upper().startswith(carrier.code.upper())), self.browse())
            for code in codes
        }

    def _url_of(self, tracking_number):
        """The tracking page of the parcel with this number; False if unknown."""
        if not self.tracking_url or not tracking_number:
            return False
        return self.tracking_url.replace(PLACEHOLDER, quote(tracking_number, safe=""))
