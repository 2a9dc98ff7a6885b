"""Maps a seller SKU to a product, or confirms what it is: suggestions to click, never an automatic choice.

Amazon is asked for the SKU when the dialog opens; it shows what changes, product by product, and books just that.
"""

from datetime import timedelta
from difflib import SequenceMatcher

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..models.shared.groups import MANAGER
from ..models.shared.notification import RELOAD, notification
from ..models.shared.sentence import WITHOUT_WAY_ON

MOST_SUGGESTIONS = 5
LIKE_ENOUGH = 0.5
FRESH = timedelta(minutes=5)  # after that the SKU is counted again


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
    counted_at = fields.Datetime(readonly=True)
    count_error = fields.Char(readonly=True)
    is_booked = fields.Boolean(compute="_compute_total_quantity")
    product_id = fields.Many2one("product.product", check_company=True)
    pack_size = fields.Float("Units per SKU", default=1.0, digits="Product Unit")
    uom_id = fields.Many2one(related="product_id.uom_id")
    resolution_note = fields.Char(compute="_compute_resolution_note")
    warning = fields.Char(compute="_compute_effect")
    effect = fields.Text("Stock in Odoo", compute="_compute_effect")
    suggestion_ids = fields.One2many("fba.sku.map.wizard.suggestion", "wizard_id", "Suggestions")

    @api.depends("sku_id", "counted_at")
    def _compute_total_quantity(self):
        for wizard in self:
            wizard.total_quantity = wizard.sku_id._total_units()
            wizard.is_booked = wizard.sku_id._is_booked()

    @api.depends("sku_id.resolution_note")
    @api.depends_context("lang")
    def _compute_resolution_note(self):
        """Without "An FBA Administrator can map it": this is where it is mapped."""
        for wizard in self:
            wizard.resolution_note = wizard.sku_id.with_context(**{WITHOUT_WAY_ON: True}).resolution_note

    @api.depends("product_id", "pack_size", "counted_at")
    def _compute_effect(self):
        for wizard in self:
            wizard.warning = wizard.effect = False
            if wizard.product_id and wizard.pack_size > 0:
                sku, product = wizard.sku_id, wizard.product_id._origin
                resolution = sku._resolution_as(product, wizard.pack_size)
                wizard.warning = resolution.note and resolution.note.in_words(
                    sku.with_context(**{WITHOUT_WAY_ON: True})
                )
                if wizard.is_booked and not wizard.count_error:
                    [wizard.effect] = sku._effects([resolution])

    @api.model_create_multi
    def create(self, vals_list):
        wizards = super().create(vals_list)
        for wizard in wizards:
            wizard._count()
            if not wizard.product_id and wizard.sku_id.product_id:
                wizard.write({"product_id": wizard.sku_id.product_id.id, "pack_size": wizard.sku_id.pack_size})
            self.env["fba.sku.map.wizard.suggestion"].create(
                [
                    {"wizard_id": wizard.id, "product_id": product.id, "reason": reason}
                    for product, reason in wizard._suggest().items()
                ]
            )
        return wizards

    def _count(self):
        """Amazon's count of the SKU as it is now, where mapping it books stock."""
        self._check_may_map()
        if self.is_booked:
            self.count_error = self.sku_id._count_now()
        self.counted_at = fields.Datetime.now()

    def _suggest(self):
        """{product: reason}, the surest first: same barcode, same ASIN elsewhere, a name like Amazon's."""
        sku = self.sku_id.sudo()
        Product = self.env["product.product"].with_context(active_test=True)
        company = [*Product._check_company_domain(self.company_id), ("type", "=", "consu")]
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
        if self.pack_size <= 0:
            raise UserError(self.env._("%s: the pack size must be above zero.", self.seller_sku))
        if self.is_booked and fields.Datetime.now() - self.counted_at > FRESH:
            self.product_id = product
            self._count()
            return self._get_records_action(
                name=self.env._("Counted again: look at the figures"), target="new", context={}
            )
        sku, product = self.sku_id.sudo(), product.sudo()
        book = self.is_booked and not self.count_error
        effect = sku._effects([sku._resolution_as(product, self.pack_size)])[0] if book else False
        unasked = sku._look_for_reference(product)
        sku._map_to(product, self.pack_size, book=book)
        waiting = [("account_id", "=", sku.warehouse_id.fba_account_id.id), ("missing_sku", "=", sku.seller_sku)]
        rows = self.env["fba.amazon.order"].sudo().search(waiting)
        rows.action_replay()
        return self._notification_of(product, effect, unasked, rows)

    def _notification_of(self, product, effect, unasked, rows):
        """A notification of what mapping did: to the stock, and to the orders (`rows` of the inbox) that waited;
        `unasked`: what Amazon could not be asked."""
        imported = rows.filtered(lambda row: row.state == "done" and row.sale_id)
        left = len(rows.filtered(lambda row: row.state in ("error", "pending")))
        parts = [
            self.env._("%(sku)s is mapped to %(product)s.", sku=self.seller_sku, product=product.display_name),
            effect and self.env._("Stock: %s.", effect.replace("\n", "; ")),
            unasked,
            left == 1 and self.env._("1 Amazon order still waits: its row under Amazon Orders has the reason."),
            left > 1
            and self.env._("%s Amazon orders still wait: their rows under Amazon Orders have the reasons.", left),
            len(imported) == 1 and self.env._("1 Amazon order was imported."),
            len(imported) > 1 and self.env._("%s Amazon orders were imported.", len(imported)),
            imported and "%s",
        ]
        link = {"label": self.env._("Show orders"), "url": "/odoo/action-fba_connector.fba_amazon_order_action"}
        if len(imported.sale_id) == 1:
            link = {"label": imported.sale_id.name, "url": f"/odoo/sale.order/{imported.sale_id.id}"}
        return notification(
            "warning" if left or unasked else "success",
            " ".join(filter(None, parts)),
            RELOAD,
            links=[link] if imported else [],
        )


class FbaSkuMapWizardSuggestion(models.TransientModel):
    _name = "fba.sku.map.wizard.suggestion"
    _description = "Suggested Product for a Seller SKU"

    wizard_id = fields.Many2one("fba.sku.map.wizard", required=True, ondelete="cascade")
    product_id = fields.Many2one("product.product", required=True)
    reason = fields.Char(required=True)
    effect = fields.Text("Stock in Odoo", compute="_compute_effect")

    @api.depends("product_id", "wizard_id.pack_size")
    def _compute_effect(self):
        for wizard, suggestions in self.grouped("wizard_id").items():
            suggestions.effect = False
            if wizard.is_booked and not wizard.count_error:
                sku = wizard.sku_id
                resolutions = [sku._resolution_as(it.product_id, wizard.pack_size) for it in suggestions]
                for suggestion, effect in zip(suggestions, sku._effects(resolutions), strict=True):
                    suggestion.effect = effect

    def action_choose(self):
        self.ensure_one()
        return self.wizard_id._map(self.product_id)
