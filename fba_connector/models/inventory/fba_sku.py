"""Amazon's counts of a seller SKU, mirrored."""

import re
from collections import Counter

from odoo import api, models
from odoo.tools import SQL

from ...utc import naive
from ..shared.changes import write_changed
from .balance import total_of

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
ASKABLE = re.compile(r"[^\s']+")  # names that Amazon finds
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
        counts, unclear = self._add_up(summaries)
        rows = self.search([("warehouse_id", "=", warehouse.id), ("seller_sku", "in", [*counts, *unclear])])
        for row in rows:
            if row.seller_sku in counts:
                write_changed(row, {**counts[row.seller_sku], "is_uncounted": False}, synced_at=observed_at)
        rows.filtered(lambda row: row.seller_sku in unclear and not row.is_uncounted).is_uncounted = True
        rows.filtered(lambda row: row.seller_sku in counts)._observe(observed_at)
        new = sorted((counts.keys() | unclear) - set(rows.mapped("seller_sku")))
        self.create(
            [
                {
                    "warehouse_id": warehouse.id,
                    "seller_sku": sku,
                    **({"is_uncounted": True} if sku in unclear else {"observed_at": observed_at, **counts[sku]}),
                    "synced_at": observed_at,
                }
                for sku in new
            ]
        )

    def _observe(self, observed_at):
        """Amazon named these, or answered a question for them, at that time; an older answer changes nothing."""
        older = self.filtered(lambda row: not row.observed_at or row.observed_at < observed_at)
        if older:
            # All that a quiet pass writes, and Odoo would write it a hundred rows at a time.
            older.flush_recordset(["observed_at"])
            ids = tuple(older.ids)
            self.env.cr.execute(SQL("UPDATE fba_sku SET observed_at = %s WHERE id IN %s", observed_at, ids))
            older.invalidate_recordset(["observed_at"], flush=False)
        self.filtered("missing_since").missing_since = False

    def _note_missing(self, asked_at):
        """A full list did not name these, and Amazon not either when asked for them by name: it has none of them.

        It finds no names with a blank or an apostrophe (amzn/selling-partner-api-models 1008): these have to be missing
        from a second list. Returns whether there are none of them.
        """
        new = self.filtered(lambda row: not row.missing_since)
        unclear = new.filtered(lambda row: not ASKABLE.fullmatch(row.seller_sku) and row._has_units())
        new.missing_since = asked_at
        gone = self - unclear
        for row in gone:
            write_changed(row, NOTHING, synced_at=asked_at)
        gone.observed_at = asked_at
        return not unclear

    def _find_products(self):
        """Find the products of these rows, as far as they have none, by internal reference; keep what all of them are.

        A match that agrees with Odoo's stock needs no person to confirm it.
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
                rows._confirm_agreeing(resolutions)

    def _confirm_agreeing(self, resolutions):
        """Confirm those of these matched SKUs, of one warehouse, whose goods Odoo has booked already, unit by unit."""
        warehouse, counted = self.warehouse_id, Counter()
        for row in self:
            for product, units in resolutions[row].units.items():
                counted[product] += row._total_units() * units
        booked = warehouse._fba_products_here() - warehouse.fba_sku_part_ids.product_id
        stock = warehouse._fba_stock(booked)
        agreeing = {
            product
            for product, units in counted.items()
            if units and product in booked and product.uom_id.compare(units, total_of(stock[product])) == 0
        }
        self.filtered(lambda row: agreeing >= resolutions[row].units.keys())._confirm()

    def _may_hold(self, resolution):
        """Products that this SKU may hold units of while it is not clear: those that were confirmed, and, as long as
        Amazon has units of it or may still find some, those of its `resolution`."""
        confirmed = self.part_ids.product_id
        return confirmed | resolution.goods if self._has_units() or self.missing_since else confirmed

    def _free_units(self):
        """Amazon's count less what own orders take; unknown where the warehouse is not synchronized."""
        free, taken = super()._free_units(), self._taken_units()
        for row in self:
            if row.observed_at and row.warehouse_id._fba_is_synchronized():
                free[row] = max(row.fulfillable_quantity - taken[row], 0)
        return free

    @api.model
    def _add_up(self, summaries):
        """({seller SKU: values}, SKUs without counts); a SKU may have several rows, by condition."""
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
        return {sku: values for sku, values in counts.items() if sku not in unclear}, unclear

    def write(self, vals):
        """A SKU of another warehouse is not listed here any more."""
        if "warehouse_id" in vals:
            self._list_anew()
        return super().write(vals)

    def unlink(self):
        """Amazon's list makes the row again, before its units could be taken for lost."""
        self._list_anew()
        return super().unlink()

    def _list_anew(self):
        self.sudo().warehouse_id.fba_inventory_full_at = False
