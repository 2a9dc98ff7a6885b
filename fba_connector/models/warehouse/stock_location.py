"""Locations of AFN warehouses, also those outside of their view."""

from odoo import models


class StockLocation(models.Model):
    _inherit = "stock.location"

    def _fba_warehouse(self):
        """The AFN warehouse of this location, *Held by Amazon* and *Unsellable* included; none for all others."""
        self.ensure_one()
        afn = self.env["stock.warehouse"]._fba_afn_ids()
        if self.warehouse_id or not afn or self.usage not in ("internal", "transit"):
            return self.warehouse_id.filtered(lambda warehouse: warehouse.id in afn)
        inside = [int(location_id) for location_id in (self.parent_path or "").split("/") if location_id]
        return self.env["stock.warehouse"].search(
            ["|", ("fba_held_location_id", "in", inside), ("fba_unsellable_location_id", "in", inside)], limit=1
        )
