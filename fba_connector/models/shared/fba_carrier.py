"""The carriers that Amazon names by a code: how a person calls them, where their parcels are followed. Data."""

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
        required=True, help="What Amazon's code begins with, such as UPS. Where several fit, the longest counts."
    )
    tracking_url = fields.Char(
        "Tracking URL",
        help=f"Page of the carrier where a parcel is followed; {PLACEHOLDER} stands for its number.",
    )
    delivery_carrier_id = fields.Many2one(
        "delivery.carrier",
        "Delivery Method",
        company_dependent=True,
        check_company=True,
        help="Set on deliveries that Amazon sent by this carrier. Empty: they keep none, and Amazon's code is shown.",
    )

    _code_unique = models.Constraint("UNIQUE(code)", "This carrier exists already.")

    @api.constrains("tracking_url")
    def _check_tracking_url(self):
        for carrier in self.filtered("tracking_url"):
            if not carrier.tracking_url.startswith("https://") or PLACEHOLDER not in carrier.tracking_url:
                raise ValidationError(
                    self.env._(
                        "The tracking URL of %(carrier)s must begin with https:// and hold %(placeholder)s.",
                        carrier=carrier.name,
                        placeholder=PLACEHOLDER,
                    )
                )

    @api.model
    def _by_code(self, codes):
        """{code: carrier} for Amazon's `codes`; an empty carrier for those nobody entered."""
        known = sorted(self.search_fetch([("code", "!=", False)]), key=lambda carrier: -len(carrier.code))
        return {
            code: next((carrier for carrier in known if code.upper().startswith(carrier.code.upper())), self.browse())
            for code in codes
        }

    def _url_of(self, tracking_number):
        """Where the parcel of this number is followed; False where that is not known."""
        if not self.tracking_url or not tracking_number:
            return False
        return self.tracking_url.replace(PLACEHOLDER, quote(tracking_number, safe=""))
