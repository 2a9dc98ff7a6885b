"""Shipments on the FBA tab: one row each, with its packages."""

from markupsafe import Markup
from odoo import api, fields, models

from ...amazon import outbound


class FbaShipment(models.Model):
    _inherit = "fba.shipment"

    packages = fields.Html(
        "Packages and Contents",
        compute="_compute_packages",
        sanitize=False,
        help="Carrier, tracking number and tracking page of each package.",
    )
    arrival = fields.Datetime(
        "Expected Arrival", compute="_compute_packages", help="When the last of its packages is expected."
    )

    @api.depends("package_ids.tracking_number", "package_ids.carrier_code", "package_ids.estimated_arrival")
    def _compute_packages(self):
        link = Markup('<a href="%s" target="_blank" rel="noopener">%s</a>')
        for shipment in self:
            rows = [
                (
                    it.carrier_name or "",
                    link % (it.tracking_url, it.tracking_number) if it.tracking_url else it.tracking_number or "",
                )
                for it in shipment.package_ids
            ]
            shipment.packages = Markup("").join(Markup("<div>%s %s</div>") % row for row in rows)
            shipment.arrival = max(filter(None, shipment.package_ids.mapped("estimated_arrival")), default=False)

    def _is_worth_showing(self):
        """Whether there is more to it than that Amazon gave it up before it left."""
        self.ensure_one()
        return self.status not in outbound.CANCELLED_SHIPMENTS or bool(self.picking_id or self.difference)
