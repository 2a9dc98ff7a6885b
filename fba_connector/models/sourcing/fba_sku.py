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
    def _boxed_units(self, warehouse, products):
        """{product: {seller SKU: units}} that Amazon has in packs and kits, as far as Odoo counts them."""
        parts = (
            self.env["fba.sku.part"]
            .sudo()
            .search([("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)])
            .filtered(lambda part: part.sku_id.product_id != part.product_id or part.sku_id.pack_size != 1)
        )
        free, boxed = parts.sku_id._free_units(), {}
        for part in parts:
            if 0 < free[part.sku_id] < ENDLESS:
                units = boxed.setdefault(part.product_id, {})
                units[part.sku_id.seller_sku] = free[part.sku_id] * part.units
        return boxed
