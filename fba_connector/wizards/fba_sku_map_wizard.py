"""Maps an unknown seller SKU to a product: suggestions to click, never an automatic choice."""

from difflib import SequenceMatcher

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.shared.groups import MANAGER

MOST_SUGGESTIONS = 5
LIKE_ENOUGH = 0.5


class FbaSkuMapWizard(models.TransientModel):
    _name = "fba.sku.map.wizard"
    _description = "Map a Seller SKU"

    sku_id = fields.Many2one("fba.sku", required=True, ondelete="cascade", readonly=True)
    warehouse_id = fields.Many2one(related="sku_id.warehouse_id")
    company_id = fields.Many2one(related="sku_id.company_id")
    seller_sku = fields.Char(related="sku_id.seller_sku")
    amazon_name = fields.Char(related="sku_id.amazon_name")
    asin = fields.Char(related="sku_id.asin")
    fnsku = fields.Char(related="sku_id.fnsku")
    total_quantity = fields.Integer("At Amazon", compute="_compute_total_quantity")
    product_id = fields.Many2one("product.product", "Other Product", check_company=True)
    suggestion_ids = fields.One2many("fba.sku.map.wizard.suggestion", "wizard_id", "Suggestions")

    @api.depends("sku_id")
    def _compute_total_quantity(self):
        for wizard in self:
            sku = wizard.sku_id
            wizard.total_quantity = sku.fulfillable_quantity + sku.held_quantity + sku.unsellable_quantity

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            self.env["fba.sku.map.wizard.suggestion"].create(
                [
                    {"wizard_id": wizard.id, "product_id": product.id, "reason": reason}
                    for product, reason in wizard._suggest().items()
                ]
            )
        return wizards

    def _suggest(self):
        """{product: reason}, the surest first: same barcode, same ASIN elsewhere, a name like Amazon's."""
        sku = self.sku_id.sudo()
        Product = self.env["product.product"].with_context(active_test=True)
        company = [("company_id", "in", (False, self.company_id.id)), ("is_storable", "=", True)]
        found = {}
        codes = [code for code in (sku.seller_sku, sku.asin, sku.fnsku) if code]
        for product in Product.search([("barcode", "in", codes), *company], limit=MOST_SUGGESTIONS):
            found.setdefault(product, self.env._("Barcode %s", product.barcode))
        for product in Product.search([("default_code", "=ilike", sku.seller_sku), *company], limit=MOST_SUGGESTIONS):
            found.setdefault(product, self.env._("Internal reference %s", product.default_code))
        if sku.asin:
            others = [("asin", "=", sku.asin), ("product_id", "!=", False), ("company_id", "=", self.company_id.id)]
            for product in self.env["fba.sku"].sudo().search(others, limit=MOST_SUGGESTIONS).product_id:
                found.setdefault(product, self.env._("ASIN %s", sku.asin))
        words = [word for word in (sku.amazon_name or "").split() if len(word) > 2]
        if words:
            likely = Product.search(["|"] * (len(words) - 1) + [("name", "ilike", word) for word in words] + company)
            for product in sorted(likely, key=self._likeness, reverse=True):
                if self._likeness(product) >= LIKE_ENOUGH:
                    found.setdefault(product, self.env._("Name similar to Amazon's"))
        return dict(list(found.items())[:MOST_SUGGESTIONS])

    def _likeness(self, product):
        return SequenceMatcher(None, product.name.casefold(), self.sku_id.amazon_name.casefold()).ratio()

    def action_confirm(self):
        self.ensure_one()
        if not self.product_id:
            raise UserError(self.env._("Choose the product for seller SKU %s.", self.seller_sku))
        return self._map(self.product_id)

    def action_create_product(self):
        """Map the SKU to a new product: Amazon's name for it, the SKU as internal reference. Raises AccessError."""
        self.ensure_one()
        self._check_may_map()
        sku = self.sku_id.sudo()
        values = {
            "name": sku.amazon_name or sku.seller_sku,
            "default_code": sku.seller_sku,
            "is_storable": True,
            "company_id": sku.company_id.id,
        }
        return self._map(self.env["product.product"].sudo().create(values))

    def _check_may_map(self):
        """Raises AccessError."""
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may map seller SKUs."))
        self.sku_id.check_access("write")

    def _map(self, product):
        """Map it, book its stock, and import the orders that waited for it."""
        self._check_may_map()
        sku = self.sku_id.sudo()
        sku.product_id = product
        if sku.warehouse_id._fba_is_synchronized():
            # The user who maps it sees the quantity: that is the confirmation.
            sku.warehouse_id._fba_balance(fields.Datetime.now(), skus=sku, confirmed=True)
        waiting = [("account_id", "=", sku.warehouse_id.fba_account_id.id), ("missing_sku", "=", sku.seller_sku)]
        self.env["fba.amazon.order"].sudo().search(waiting).action_replay()
        return {"type": "ir.actions.client", "tag": "soft_reload"}


class FbaSkuMapWizardSuggestion(models.TransientModel):
    _name = "fba.sku.map.wizard.suggestion"
    _description = "Suggested Product for a Seller SKU"

    wizard_id = fields.Many2one("fba.sku.map.wizard", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True)
    reason = fields.Char(required=True)

    def action_choose(self):
        self.ensure_one()
        return self.wizard_id._map(self.product_id)
