"""A parcel of an Amazon shipment, with its carrier and tracking number."""

from odoo import fields, models


class FbaPackage(models.Model):
    _name = "fba.package"
    _description = "Amazon Package"
    _inherit = ["fba.parcel"]
    _order = "package_number"

    shipment_id = fields.Many2one("fba.shipment", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="shipment_id.company_id", store=True)
    fulfillment_order_id = fields.Many2one(related="shipment_id.fulfillment_order_id", store=True, index=True)
    sale_id = fields.Many2one(related="shipment_id.sale_id", store=True, index=True)
    package_number = fields.Integer(
        required=True, readonly=True, aggregator=None, help="Amazon's own key of the package, not its tracking number."
    )
    estimated_arrival = fields.Datetime(readonly=True)
    shipment_status = fields.Char(related="shipment_id.status", string="Amazon's Status")
    picking_id = fields.Many2one(related="shipment_id.picking_id")

    # Also the index of `shipment_id`.
    _package_number_unique = models.Constraint(
        "UNIQUE(shipment_id, package_number)", "This package of the shipment already exists."
    )

    def _stock_packages(self):
        """{(shipment, package number): id} of packages of Odoo's made for these parcels' goods."""
        names = [{"name": package.tracking_number or f"FBA {package.package_number}"} for package in self]
        made = self.env["stock.package"].create(names)
        return {(it.shipment_id, it.package_number): id_ for it, id_ in zip(self, made.ids, strict=True)}
