"""Confirmed parts of a seller SKU: the products and units its stock is booked by."""

from odoo import fields, models


class FbaSkuPart(models.Model):
    _name = "fba.sku.part"
    _description = "Confirmed Part of a Seller SKU"
    _rec_name = "product_id"

    sku_id = fields.Many2one("fba.sku", required=True, readonly=True, ondelete="cascade", index=True)
    warehouse_id = fields.Many2one(related="sku_id.warehouse_id", store=True, index=True)
    company_id = fields.Many2one(related="sku_id.company_id", store=True)
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict", index=True)
    units = fields.Float(readonly=True, help="In one unit of the SKU, in the unit below.")
    uom_id = fields.Many2one("uom.uom", "Unit", required=True, readonly=True, help="The product's unit at that time.")

    _product_unique = models.Constraint("UNIQUE(sku_id, product_id)", "A product is one part of a seller SKU.")
