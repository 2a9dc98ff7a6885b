"""Which product a seller SKU of an AFN warehouse is."""

from odoo import api, fields, models


class FbaSku(models.Model):
    _name = "fba.sku"
    _description = "Amazon Seller SKU"
    _rec_name = "seller_sku"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "stock.warehouse", "AFN Warehouse", required=True, ondelete="cascade", domain=[("is_afn", "=", True)]
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    product_id = fields.Many2one("product.product", required=True, ondelete="restrict", check_company=True)
    seller_sku = fields.Char("Seller SKU", required=True, help="The SKU under which Amazon keeps this product for you.")
    asin = fields.Char("ASIN")
    fnsku = fields.Char("FNSKU")

    _seller_sku_unique = models.Constraint(
        "UNIQUE(warehouse_id, seller_sku)", "This seller SKU is already mapped in this warehouse."
    )

    @api.model
    def _skus_of(self, warehouse, products):
        """{product: seller SKU}: the mapped one, else the internal reference; a product with neither is missing."""
        skus = {product: product.default_code for product in products if product.default_code}
        for row in self.sudo().search(
            [("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)], order="id desc"
        ):
            skus[row.product_id] = row.seller_sku
        return skus

    @api.model
    def _products_of(self, warehouse, seller_skus):
        """{seller SKU: product}: the other way round, for what comes from Amazon; unknown SKUs are missing."""
        company = warehouse.company_id
        products = {
            product.default_code: product
            for product in self.env["product.product"].search(
                [("default_code", "in", seller_skus), ("company_id", "in", (False, company.id))], order="id desc"
            )
        }
        for row in self.sudo().search([("warehouse_id", "=", warehouse.id), ("seller_sku", "in", seller_skus)]):
            products[row.seller_sku] = row.product_id
        return products

    @api.model
    def _no_sku_reason(self, product):
        return self.env._(
            '"%s" has no Amazon seller SKU. Set its internal reference or map it under '
            "Channel Managers > Configuration > Seller SKUs.",
            product.name,
        )
