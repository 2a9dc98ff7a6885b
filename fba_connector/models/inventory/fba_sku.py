"""Amazon's counts of a seller SKU, mirrored."""

from odoo import api, models

from ...utc import naive
from ..shared.changes import write_changed

# Amazon's counts as they are mirrored: field -> the part of amazon.InventorySummary it adds up.
COUNTS = {
    "fulfillable_quantity": ("fulfillable",),
    "held_orders_quantity": ("reserved_orders",),
    "held_transfer_quantity": ("reserved_transfers",),
    "held_processing_quantity": ("reserved_processing",),
    "researching_quantity": ("researching",),
    "held_quantity": ("reserved", "researching"),
    "unsellable_quantity": ("unfulfillable",),
    "inbound_quantity": ("inbound_working", "inbound_shipped", "inbound_receiving"),
}
NOTHING = dict.fromkeys(COUNTS, 0)
# Without these there is nothing to compare with: absent is not zero.
NEEDED = ("fulfillable", "reserved", "unfulfillable")


class FbaSku(models.Model):
    _inherit = "fba.sku"

    @api.model
    def _mirror(self, warehouse, summaries, observed_at):
        """Write Amazon's counts to the rows of `warehouse`, and add new rows, as observed then (naive UTC).

        `summaries`: amazon.InventorySummary. A SKU that is missing in them stays as it is: missing is a question.
        """
        counts = self._add_up(summaries)
        rows = self.search([("warehouse_id", "=", warehouse.id), ("seller_sku", "in", list(counts))])
        for row in rows:
            write_changed(row, counts[row.seller_sku], synced_at=observed_at)
        rows._observe(observed_at)
        new = sorted(counts.keys() - set(rows.mapped("seller_sku")))
        self.create(
            [
                {
                    "warehouse_id": warehouse.id,
                    "seller_sku": sku,
                    "synced_at": observed_at,
                    "observed_at": observed_at,
                    **counts[sku],
                }
                for sku in new
            ]
        )

    def _observe(self, observed_at):
        """Amazon named these, or answered a question for them, at that time; an older answer changes nothing."""
        self.filtered(lambda row: not row.observed_at or row.observed_at < observed_at).observed_at = observed_at
        self.filtered("missing_since").missing_since = False

    def _note_missing(self, asked_at):
        """Amazon did not name these, though it was asked for them by name: it has none of them."""
        for row in self:
            write_changed(row, NOTHING, synced_at=asked_at)
        self.filtered(lambda row: not row.missing_since).missing_since = asked_at
        self.observed_at = asked_at

    def _find_products(self):
        """Find the products of these rows, as far as they have none, by internal reference; keep what all of them are.

        A match where all of Amazon's stock of the product is booked already needs no person to confirm it.
        """
        loose = self.filtered(lambda row: not row.product_id)
        for row, resolution in loose._resolve().items():
            if resolution.is_usable or resolution.is_sold:
                row.with_context(fba_suggested=True).product_id = resolution.product
                if resolution.by_rule:
                    row._confirm()
        resolutions = self._refresh_resolutions()
        suggested = self.filtered(lambda row: row.product_id and not row.is_confirmed and resolutions[row].is_usable)
        for warehouse, rows in suggested.grouped("warehouse_id").items():
            if warehouse._fba_is_synchronized():
                booked = warehouse._fba_products_here() - warehouse.fba_sku_part_ids.product_id
                rows.filtered(lambda row, booked=booked: any(it in booked for it in resolutions[row].units))._confirm()

    def _free_units(self):
        """Amazon's count less what own orders take; unknown where the warehouse is not synchronized."""
        free, taken = super()._free_units(), self._taken_units()
        for row in self:
            if row.observed_at and row.warehouse_id._fba_is_synchronized():
                free[row] = max(row.fulfillable_quantity - taken[row], 0)
        return free

    @api.model
    def _add_up(self, summaries):
        """{seller SKU: values}; a SKU may have several rows, by condition. SKUs without counts are left out."""
        counts, unclear = {}, set()
        for row in summaries:
            if any(getattr(row, part) is None for part in NEEDED):
                unclear.add(row.seller_sku)
                continue
            names = {"asin": row.asin, "fnsku": row.fnsku, "condition": row.condition, "amazon_name": row.name}
            values = counts.setdefault(row.seller_sku, {**NOTHING, "amazon_updated_at": False})
            values.update({name: value for name, value in names.items() if value and name not in values})
            if row.updated_at:
                values["amazon_updated_at"] = max(
                    values["amazon_updated_at"] or naive(row.updated_at), naive(row.updated_at)
                )
            for name, parts in COUNTS.items():
                values[name] += sum(getattr(row, part) or 0 for part in parts)
        return {sku: values for sku, values in counts.items() if sku not in unclear}
