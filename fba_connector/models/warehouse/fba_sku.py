"""A seller SKU of an AFN warehouse: its product, and Amazon's counts of it."""

from odoo import api, fields, models


class FbaSku(models.Model):
    _name = "fba.sku"
    _description = "Amazon Seller SKU"
    _inherit = ["fba.safe.export"]
    _rec_name = "seller_sku"
    _order = "warehouse_id, sequence, id"
    _check_company_auto = True

    warehouse_id = fields.Many2one(
        "stock.warehouse", "AFN Warehouse", required=True, ondelete="cascade", domain=[("is_afn", "=", True)]
    )
    company_id = fields.Many2one(related="warehouse_id.company_id", store=True)
    product_id = fields.Many2one(
        "product.product",
        ondelete="restrict",
        check_company=True,
        index="btree_not_null",
        help="If empty, Amazon has stock of this SKU, but it is not mapped to a product yet.",
    )
    seller_sku = fields.Char("Seller SKU", required=True, help="Your SKU for this product at Amazon.")
    sequence = fields.Integer(
        default=10, help="If a product has several SKUs, Odoo sends the first one with enough stock."
    )
    asin = fields.Char("ASIN")
    fnsku = fields.Char("FNSKU")
    condition = fields.Char(readonly=True, help="Amazon's term for it, such as NewItem.")
    amazon_name = fields.Char("Name at Amazon", readonly=True)

    fulfillable_quantity = fields.Integer("Fulfillable", readonly=True)
    held_orders_quantity = fields.Integer("For Customer Orders", readonly=True)
    held_transfer_quantity = fields.Integer("Between Warehouses", readonly=True)
    held_processing_quantity = fields.Integer("Being Processed", readonly=True)
    held_quantity = fields.Integer("Held by Amazon", readonly=True, help="Units that Amazon reserves or researches.")
    unsellable_quantity = fields.Integer("Unsellable", readonly=True)
    inbound_quantity = fields.Integer("Inbound", readonly=True)
    synced_at = fields.Datetime("Counted", readonly=True, help="Time of the last change to Amazon's counts here.")

    _seller_sku_unique = models.Constraint(
        "UNIQUE(warehouse_id, seller_sku)", "This seller SKU is already mapped in this warehouse."
    )

    # === MAPPING === #

    @api.model
    def _skus_of(self, warehouse, products, quantities=None):
        """{product: seller SKU}: the mapped one, else the internal reference; a product with neither is missing.

        Of several SKUs the first (by sequence) that has `quantities[product]` at Amazon, else the one that has most.
        """
        quantities = quantities or {}
        skus = {product: product.default_code for product in products if product.default_code}
        rows = self.sudo().search([("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)])
        for product, candidates in rows.grouped("product_id").items():
            needed = quantities.get(product, 0)
            enough = candidates.filtered(lambda row, needed=needed: row.fulfillable_quantity >= needed)
            skus[product] = (enough[:1] or candidates.sorted("fulfillable_quantity", reverse=True)[:1]).seller_sku
        return skus

    @api.model
    def _products_of(self, warehouse, seller_skus):
        """{seller SKU: product}: the reverse, for SKUs from Amazon; unknown ones are missing."""
        company = warehouse.company_id
        products = {
            product.default_code: product
            for product in self.env["product.product"].search(
                [("default_code", "in", seller_skus), ("company_id", "in", (False, company.id))], order="id desc"
            )
        }
        rows = [("warehouse_id", "=", warehouse.id), ("seller_sku", "in", seller_skus), ("product_id", "!=", False)]
        for row in self.sudo().search(rows):
            products[row.seller_sku] = row.product_id
        return products

    @api.model
    def _no_sku_reason(self, product):
        return self.env._(
            '"%s" has no Amazon seller SKU. Set its internal reference or map it under '
            "Channel Managers > Configuration > Seller SKUs.",
            product.name,
        )

    def action_map(self):
        """Open the dialog that maps this SKU to a product."""
        self.ensure_one()
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Which product is %s?", self.seller_sku),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }
