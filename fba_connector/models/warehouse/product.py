"""Products: their quantities at Amazon, and their exclusion from it."""

from collections import Counter

from odoo import fields, models

from ..shared.groups import INTERNAL, USER
from ..shared.sentence import words


class ProductProduct(models.Model):
    _inherit = "product.product"

    fba_sku_ids = fields.One2many("fba.sku", "product_id", "Amazon Seller SKUs", groups=USER)
    fba_is_counted = fields.Boolean(compute="_compute_fba_fulfillable_quantity", groups=INTERNAL)
    fba_fulfillable_quantity = fields.Float(
        "At Amazon",
        compute="_compute_fba_fulfillable_quantity",
        digits="Product Unit",
        groups=INTERNAL,
    )

    def _compute_fba_fulfillable_quantity(self):
        """In the product's own unit: of its seller SKUs, and as part of kits."""
        here = [("company_id", "in", self.env.companies.ids)]
        rows = self.env["fba.sku"].sudo().search([*here, ("product_id", "in", self.ids)])
        units = Counter()
        for row in rows:
            units[row.product_id] += row.fulfillable_quantity * row.pack_size
        for part in self.env["fba.sku.part"].sudo().search([*here, ("product_id", "in", self.ids)]):
            if part.sku_id.product_id != part.product_id:
                units[part.product_id] += part.sku_id.fulfillable_quantity * part.units
        for product in self:
            product.fba_is_counted = product in units
            product.fba_fulfillable_quantity = units[product]

    # === COST === #

    def _fba_first_in_first_out(self):
        """Those of which each unit has the cost it came in with, in the current company."""
        return self.filtered(lambda product: product.is_storable and product.cost_method == "fifo")

    def _fba_cost_changes_since(self, since):
        """{product id: moments since `since` (naive UTC) that changed its average cost in the current company}.

        Not the adjustments of stock: they are valued at the cost there was.
        """
        averaged = self.filtered(lambda product: product.cost_method == "average")
        incoming = averaged and self.env["stock.move"]._read_group(
            [
                ("product_id", "in", averaged.ids),
                ("company_id", "=", self.env.company.id),
                ("state", "=", "done"),
                ("date", ">=", since),
                ("is_inventory", "=", False),
                *("|", ("is_in", "=", True), ("is_dropship", "=", True)),
            ],
            ["product_id"],
            ["date:array_agg"],
        )
        return {product.id: dates for product, dates in incoming}

    # === KITS === #

    def _fba_kits(self, company):
        """{product: the phantom bill of materials by which it is delivered}; others are missing."""
        if "bom_line_id" not in self.env["stock.move"]._fields or not self:  # without Manufacturing there are no kits
            return {}
        kits = self.env["mrp.bom"].sudo()._bom_find(self, company_id=company.id, bom_type="phantom")
        return {product: kits[product] for product in self if kits[product]}

    def _fba_components(self, units, kit, options=False, *, rounded=True):
        """{(product, BoM line or None): units} of `units` of this product: itself, or the components of its `kit`, with
        the chosen `options` (attribute values that make no variants). `rounded`: as Odoo moves them."""
        if not kit:
            return {(self, None): units}
        quantity = self.uom_id._compute_quantity(units, kit.product_uom_id, round=False)
        components = {}
        for bom_line, data in kit.explode(self, quantity / kit.product_qty, never_attribute_values=options)[1]:
            product = bom_line.product_id
            if product.type != "service":
                # A kit that is twice in another asks for its lines twice.
                components[product, bom_line] = components.get(
                    (product, bom_line), 0.0
                ) + bom_line.product_uom_id._compute_quantity(
                    data["qty"], product.uom_id, round=rounded, rounding_method="HALF-UP"
                )
        return components

    def _fba_has_optional_components(self, kit):
        """Whether the components of this product's `kit` depend on options chosen in the order."""
        bills = self.env["mrp.bom"].union(*(bill for bill, _data in kit.explode(self, 1)[0]))
        values = bills.bom_line_ids.bom_product_template_attribute_value_ids
        return "no_variant" in values.attribute_id.mapped("create_variant")

    def _fba_fraction_reason(self, units):
        return words(self.env["fba.sku"], "fraction", product=self.display_name, unit=self.uom_id.name, quantity=units)

    def action_open_fba_stock(self):
        self.env["fba.stock"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_stock_action")
        return {**action, "context": {}, "domain": [("product_id", "in", self.ids)]}


class ProductCategory(models.Model):
    _inherit = "product.category"

    fba_exclude = fields.Boolean(
        "Not by Amazon",
        help="Automation does not source products of this category from Amazon.",
        groups=INTERNAL,
    )

    def _fba_is_excluded(self):
        """Whether this category or one above it is excluded from Amazon."""
        category = self
        while category and not category.fba_exclude:
            category = category.parent_id
        return bool(category)


class ProductTemplate(models.Model):
    _inherit = "product.template"

    fba_exclude = fields.Boolean(
        "Not by Amazon", help="Automation does not source this product from Amazon.", groups=INTERNAL
    )
    fba_is_counted = fields.Boolean(compute="_compute_fba_fulfillable_quantity", groups=INTERNAL)
    fba_fulfillable_quantity = fields.Float(
        "At Amazon",
        compute="_compute_fba_fulfillable_quantity",
        digits="Product Unit",
        groups=INTERNAL,
    )

    def _compute_fba_fulfillable_quantity(self):
        for template in self:
            products = template.product_variant_ids
            template.fba_is_counted = any(products.mapped("fba_is_counted"))
            template.fba_fulfillable_quantity = sum(products.mapped("fba_fulfillable_quantity"))

    def action_open_fba_stock(self):
        return self.product_variant_ids.action_open_fba_stock()
