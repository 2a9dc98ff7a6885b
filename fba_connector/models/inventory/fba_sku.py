"""Amazon's counts of a seller SKU, mirrored, and differences awaiting a second count."""

from odoo import api, fields, models

from ..shared.changes import write_changed

# Amazon's counts as they are mirrored: field -> the part of amazon.InventorySummary it adds up.
COUNTS = {
    "fulfillable_quantity": ("fulfillable",),
    "held_orders_quantity": ("reserved_orders",),
    "held_transfer_quantity": ("reserved_transfers",),
    "held_processing_quantity": ("reserved_processing",),
    "held_quantity": ("reserved", "researching"),
    "unsellable_quantity": ("unfulfillable",),
    "inbound_quantity": ("inbound_working", "inbound_shipped", "inbound_receiving"),
}
# Without these there is nothing to compare with: absent is not zero.
NEEDED = ("fulfillable", "reserved", "unfulfillable")


class FbaSku(models.Model):
    _inherit = "fba.sku"

    difference_quantity = fields.Float(
        "Unexplained", readonly=True, digits="Product Unit",
        help="Units that Odoo has more (below zero: fewer) than Amazon, without the units that Amazon has shipped and "
        "Odoo has not booked yet. Odoo books the difference once a later synchronization confirms it.",
    )  # fmt: skip
    difference_since = fields.Datetime("Unexplained Since", readonly=True)
    difference_booked = fields.Float(
        readonly=True, digits="Product Unit", help="Units that had left Amazon, and were booked, at that time."
    )

    @api.model
    def _mirror(self, warehouse, summaries, counted_at, *, full):
        """Write Amazon's counts to the rows of `warehouse`, and add new rows.

        `full`: `summaries` (amazon.InventorySummary) are complete, so a missing SKU has no units.
        """
        counts, listed = self._add_up(summaries), {summary.seller_sku for summary in summaries}
        listed_only = [] if full else [("seller_sku", "in", list(counts))]
        rows = {row.seller_sku: row for row in self.search([("warehouse_id", "=", warehouse.id), *listed_only])}
        if full:
            counts.update({sku: dict.fromkeys(COUNTS, 0) for sku in rows.keys() - listed})
        for sku in counts.keys() & rows.keys():
            write_changed(rows[sku], counts[sku], synced_at=counted_at)
        new = sorted(counts.keys() - rows.keys())
        unknown = [sku for sku in sorted(rows) if not rows[sku].product_id]
        products = self._products_of(warehouse, [*new, *unknown]) if new or unknown else {}
        for sku in unknown:
            if sku in products:  # it has become somebody's internal reference
                rows[sku].product_id = products[sku]
        self.with_context(fba_suggested=True).create(
            [
                {
                    "warehouse_id": warehouse.id,
                    "seller_sku": sku,
                    "product_id": products[sku].id if sku in products else False,
                    "synced_at": counted_at,
                    **counts[sku],
                }
                for sku in new
            ]
        )

    @api.model
    def _add_up(self, summaries):
        """{seller SKU: values}; a SKU may have several rows, by condition. SKUs without counts are left out."""
        counts, unclear = {}, set()
        for row in summaries:
            if any(getattr(row, part) is None for part in NEEDED):
                unclear.add(row.seller_sku)
                continue
            names = {"asin": row.asin, "fnsku": row.fnsku, "condition": row.condition, "amazon_name": row.name}
            values = counts.setdefault(row.seller_sku, dict.fromkeys(COUNTS, 0))
            values.update({name: value for name, value in names.items() if value and name not in values})
            for name, parts in COUNTS.items():
                values[name] += sum(getattr(row, part) or 0 for part in parts)
        return {sku: values for sku, values in counts.items() if sku not in unclear}

    def _note_difference(self, quantity, seen_at, booked):
        """Note the difference for a later pass to confirm, or that there is none; writes only changes."""
        self.ensure_one()
        if self.product_id.uom_id.is_zero(quantity):
            values = {"difference_quantity": 0.0, "difference_since": False, "difference_booked": 0.0}
        else:
            values = {"difference_quantity": quantity, "difference_since": seen_at, "difference_booked": booked}
        write_changed(self, values)
