"""Amazon's shipments of a fulfillment order, keyed by Amazon's shipment id; one done delivery each."""

from collections import Counter

from odoo import fields, models

from ...utc import naive
from ..shared.changes import write_changed
from ..shared.sentence import SentenceField
from .sentences import SHIPMENT_SENTENCES


class FbaShipment(models.Model):
    _name = "fba.shipment"
    _description = "Amazon Shipment"
    _inherit = ["fba.safe.export", "fba.work.item"]
    _rec_name = "amazon_shipment_id"
    _order = "shipped_at, id"
    _sentences = SHIPMENT_SENTENCES

    fulfillment_order_id = fields.Many2one("fba.fulfillment.order", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="fulfillment_order_id.company_id", store=True)
    sale_id = fields.Many2one(related="fulfillment_order_id.sale_id", store=True, index=True)
    amazon_shipment_id = fields.Char(required=True, readonly=True)
    status = fields.Char("Amazon's Status", required=True, readonly=True)
    shipped_at = fields.Datetime("Shipped", readonly=True, help="Amazon's estimate until the shipment has left.")
    picking_id = fields.Many2one(
        "stock.picking", "Delivery", readonly=True, ondelete="restrict", index="btree_not_null"
    )
    booked_ids = fields.One2many("stock.picking", "fba_shipment_id", "Deliveries", readonly=True)
    package_ids = fields.One2many("fba.package", "shipment_id", "Packages", readonly=True)
    difference = SentenceField(
        readonly=True, help="Amazon's current quantities, where they differ from the booked delivery."
    )

    # Also the index of `fulfillment_order_id`.
    _amazon_shipment_unique = models.Constraint(
        "UNIQUE(fulfillment_order_id, amazon_shipment_id)", "This Amazon shipment already exists."
    )

    def _apply_packages(self, snapshots):
        """Make the packages equal to Amazon's ({shipment: [amazon.Package]}); tracking may come late and change."""
        known = {(package.shipment_id, package.package_number): package for package in self.package_ids}
        new = []
        for shipment, packages in snapshots.items():
            for snapshot in packages:
                values = {
                    "carrier_code": snapshot.carrier_code,
                    "tracking_number": snapshot.tracking_number or False,
                    "estimated_arrival": naive(snapshot.estimated_arrival_at),
                }
                if package := known.get((shipment, snapshot.package_number)):
                    write_changed(package, values)
                else:
                    new.append({"shipment_id": shipment.id, "package_number": snapshot.package_number, **values})
        self.env["fba.package"].create(new)

    def _booked_units(self):
        """{line: units} of its done deliveries: one, or more where Amazon listed its items one after the other."""
        deliveries = self.picking_id | self.booked_ids
        done = deliveries.move_ids.filtered(lambda move: move.state == "done")
        return Counter({line: line._units_of(moves) for line, moves in done.grouped("fba_line_id").items()})

    def _is_tracked(self):
        """Whether Amazon has named its packages, and a tracking number for each."""
        return bool(self.package_ids) and all(self.package_ids.mapped("tracking_number"))

    def _write_tracking(self):
        if not self.picking_id.fba_forced:  # else delivered by hand, with its own number
            together = self.fulfillment_order_id.shipment_ids.filtered(lambda it: it.picking_id == self.picking_id)
            self.picking_id._fba_write_tracking(together.package_ids)
