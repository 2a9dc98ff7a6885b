"""A seller SKU of an AFN warehouse: which product it is, and how many of it Amazon counts."""

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
        help="Empty: Amazon has stock of this SKU, and nobody has said yet which product it is.",
    )
    seller_sku = fields.Char("Seller SKU", required=True, help="The SKU under which Amazon keeps this product for you.")
    sequence = fields.Integer(default=10, help="Of several SKUs of a product, the first with enough stock is sent.")
    asin = fields.Char("ASIN")
    fnsku = fields.Char("FNSKU")
    condition = fields.Char(readonly=True, help="As Amazon names it, such as NewItem.")
    amazon_name = fields.Char("Name at Amazon", readonly=True)

    fulfillable_quantity = fields.Integer("Fulfillable", readonly=True)
    held_orders_quantity = fields.Integer("For Customers' Orders", readonly=True)
    held_transfer_quantity = fields.Integer("Between Warehouses", readonly=True)
    held_processing_quantity = fields.Integer("Being Processed", readonly=True)
    held_quantity = fields.Integer("Held by Amazon", readonly=True, help="All reserved, and what Amazon looks for.")
    unsellable_quantity = fields.Integer("Unsellable", readonly=True)
    inbound_quantity = fields.Integer("Inbound", readonly=True)
    synced_at = fields.Datetime("Counted", readonly=True, help="When Amazon's counts last changed here.")

    _seller_sku_unique = models.Constraint(
        "UNIQUE(warehouse_id, seller_sku)", "This seller SKU is already mapped in this warehouse."
    )

    # === WHICH PRODUCT === #

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
        """{seller SKU: product}: the other way round, for what comes from Amazon; unknown SKUs are missing."""
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
        """Say which product this SKU is."""
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
