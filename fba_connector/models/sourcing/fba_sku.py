"""Seller SKUs as sources: units in packs and kits, and units of orders that are sourced but not sent."""

from odoo import api, models

from ..warehouse.allocation import ENDLESS


class FbaSku(models.Model):
    _inherit = "fba.sku"

    @api.model
    def _promised_units(self, warehouse, seller_skus):
        """Hook: {seller SKU: units} of own orders that hold stock and may still be sent by another SKU."""
        return {}

    @api.model
    def _boxes(self, warehouse, products):
        """{product: [(seller SKU, its free units, units of the product in one)]} of counted packs and kits."""
        parts = (
            self.env["fba.sku.part"]
            .sudo()
            .search([("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)])
            .filtered(lambda part: part.sku_id.product_id != part.product_id or part.sku_id.pack_size != 1)
        )
        free, boxes = parts.sku_id._free_units(), {}
        counted = [row.seller_sku for row, units in free.items() if 0 < units < ENDLESS]
        promised = self._promised_units(warehouse, counted) if counted else {}
        for part in parts:
            if (sku := part.sku_id.seller_sku) in counted:
                box = (sku, free[part.sku_id] - promised.get(sku, 0), part.units)
                boxes.setdefault(part.product_id, []).append(box)
        return boxes
