"""A product of an AFN warehouse whose stock differs from Amazon's counts, or could not be synchronized.

There is none for a product that agrees. The difference is booked once a later observation of all its seller SKUs
confirms it, and all sales and shipments up to the first one are booked.
"""

from odoo import api, fields, models

from ..shared.changes import write_changed
from ..shared.sentence import SentenceField


class FbaDiscrepancy(models.Model):
    _name = "fba.discrepancy"
    _description = "Discrepancy of Stock at Amazon"
    _inherit = ["fba.safe.export"]
    _rec_name = "product_id"
    _order = "since, id"
    _sentences = {}  # it keeps those of others

    warehouse_id = fields.Many2one("stock.warehouse", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="cascade", index=True)
    quantity = fields.Float(
        "Unexplained", readonly=True, digits="Product Unit",
        help="Units that Odoo has more (below zero: fewer) than Amazon, without the units that Amazon has shipped and "
        "Odoo has not booked yet. Odoo books the difference once a later count confirms it.",
    )  # fmt: skip
    since = fields.Datetime("Unexplained Since", readonly=True, help="Time of Amazon's count that first showed it.")
    booked = fields.Float(
        readonly=True, digits="Product Unit", help="Units that had left Amazon, and were booked, at that time."
    )
    failure_message = SentenceField("Failure", readonly=True, help="Why this product could not be synchronized.")

    _product_unique = models.Constraint("UNIQUE(warehouse_id, product_id)", "A product has one discrepancy here.")

    @api.model
    def _of(self, warehouse, products):
        """{product: its discrepancy}."""
        rows = self.search([("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)])
        return {row.product_id: row for row in rows}

    @api.model
    def _keep(self, warehouse, differences):
        """Keep `differences` ({product: (units, since, units booked by then)}) and forget those that are zero."""
        known = self._of(warehouse, self.env["product.product"].union(*differences))
        new, gone = [], self.browse()
        for product, (units, since, booked) in differences.items():
            row = known.get(product)
            if product.uom_id.is_zero(units):
                gone |= row or self.browse()
                continue
            values = {"quantity": units, "since": since, "booked": booked, "failure_message": False}
            if row:
                write_changed(row, values)
            else:
                new.append({"warehouse_id": warehouse.id, "product_id": product.id, **values})
        gone.unlink()
        self.create(new)

    @api.model
    def _note_failure_of(self, warehouse, product, reason):
        row = self._of(warehouse, product).get(product)
        if row:
            row.failure_message = reason
        else:
            self.create({"warehouse_id": warehouse.id, "product_id": product.id, "failure_message": reason})
