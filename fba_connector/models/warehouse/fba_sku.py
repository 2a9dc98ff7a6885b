"""A seller SKU of an AFN warehouse: its product, and Amazon's counts of it."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.models import MAGIC_COLUMNS

from ..shared.guard import refuse_by_hand, refuse_new_by_hand
from ..shared.sentence import Words, words
from .allocation import ENDLESS, Offer

FEW = 3  # SKUs that the summary of an activity names
NEW = "New"  # Amazon's conditions of new goods begin so: NewItem, NewOEM, NewOpenBox, NewWithWarranty


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
        default=10,
        help="If a product has several SKUs, Odoo sends the first one with enough stock. Of equal ones, new goods come "
        "first, then the SKU that is the product's internal reference.",
    )
    asin = fields.Char("ASIN")
    fnsku = fields.Char("FNSKU")
    condition = fields.Char(readonly=True, help="Amazon's term for it, such as NewItem.")
    amazon_name = fields.Char("Name at Amazon", readonly=True)

    fulfillable_quantity = fields.Integer("Fulfillable", readonly=True)
    held_orders_quantity = fields.Integer("For Customer Orders", readonly=True)
    held_transfer_quantity = fields.Integer("Between Warehouses", readonly=True)
    held_processing_quantity = fields.Integer("Being Processed", readonly=True)
    researching_quantity = fields.Integer("Under Research", readonly=True)
    held_quantity = fields.Integer("Held by Amazon", readonly=True, help="Units that Amazon reserves or researches.")
    unsellable_quantity = fields.Integer("Unsellable", readonly=True)
    inbound_quantity = fields.Integer("Inbound", readonly=True)
    synced_at = fields.Datetime("Changed", readonly=True, help="Time of the last change to Amazon's counts here.")
    observed_at = fields.Datetime(
        "Counted At",
        readonly=True,
        help="Time when Amazon last named this SKU, in a list or when asked for it by name.",
    )
    is_uncounted = fields.Boolean(
        "Not Counted", readonly=True, help="Amazon names this SKU without its units. Odoo keeps the last count."
    )
    missing_since = fields.Datetime(
        readonly=True, help="Since then, Amazon has not named this SKU, even when asked for it."
    )
    amazon_updated_at = fields.Datetime(readonly=True, help="Amazon's time of the last change to its counts.")

    _seller_sku_unique = models.Constraint(
        "UNIQUE(warehouse_id, seller_sku)", "This seller SKU is already mapped in this warehouse."
    )

    @api.model
    def _filled_in(self):
        """Names of the fields that Amazon or the add-on fills, no person and no import."""
        return {it.name for it in self._fields.values() if it.store and it.readonly and it.name not in MAGIC_COLUMNS}

    def copy_data(self, default=None):
        """Counts are those of the one SKU."""
        counts = self._filled_in()
        return [
            {name: value for name, value in vals.items() if name not in counts} for vals in super().copy_data(default)
        ]

    @api.model_create_multi
    def create(self, vals_list):
        """A product entered by a person is confirmed; one found by its internal reference is not (`fba_suggested`)."""
        refuse_new_by_hand(self, vals_list, self._filled_in())
        rows = super().create(vals_list)
        if not (self.env.su and self.env.context.get("fba_suggested")):
            rows._confirm()
        return rows

    def write(self, vals):
        """Another product or pack size by hand moves stock: where Amazon has some, a dialog confirms it first.

        Raises UserError for another warehouse where Amazon has counted the SKU in this one.
        """
        refuse_by_hand(self, vals, self._filled_in())
        for row in self.filtered(lambda row: vals.get("warehouse_id", row.warehouse_id.id) != row.warehouse_id.id):
            if row._has_units():
                raise UserError(
                    self.env._(
                        "Amazon has stock of %(sku)s in %(warehouse)s. Enter the SKU in the other warehouse, too, "
                        "instead of moving it there.",
                        sku=row.seller_sku,
                        warehouse=row.warehouse_id.name,
                    )
                )
        result = super().write(vals)
        suggested = self.env.su and self.env.context.get("fba_suggested")
        if {"product_id", "pack_size"} & vals.keys() and not suggested:
            self.filtered(lambda row: row.product_id and not row._has_units())._confirm()
        return result

    def _has_units(self):
        return bool(self.fulfillable_quantity or self.held_quantity or self.unsellable_quantity)

    # === OFFERS === #

    @api.model
    def _offers(self, warehouse, products):
        """{product: [Offer]}: the seller SKUs that Amazon knows `products` by, the preferred ones first; also those of
        kits. A product without any is missing."""
        rows = self.sudo().search([("warehouse_id", "=", warehouse.id), ("product_id", "in", products.ids)])
        free, offers = rows._free_units(), {}
        resolutions = rows._resolve()
        for row in rows._by_preference():
            resolution = resolutions[row]
            if resolution.is_usable:
                offers.setdefault(row.product_id, []).append(Offer(row.seller_sku, resolution, free[row]))
        references = {product.default_code: product for product in products - rows.product_id if product.default_code}
        for reference, resolution in self._resolve_skus(warehouse, list(references)).items():
            product = references[reference]
            if resolution.is_usable and resolution.product == product and resolution.kind != "kit":
                offers[product] = [Offer(reference, resolution)]
        return {product: offers[product] for product in products if product in offers}

    def _by_preference(self):
        """These SKUs in people's own order. Of equal ones new goods come first, and of as large ones the SKU that is
        the product's own name, whichever was entered first."""
        first = {}
        for row in self.sorted("id"):
            first.setdefault((row.product_id, row.pack_size), row.id)

        def preference(row):
            is_new = not row.condition or row.condition.startswith(NEW)
            is_alias = row.seller_sku != row.product_id.default_code
            return row.sequence, not is_new, first[row.product_id, row.pack_size], is_alias, row.id

        return self.sorted(preference)

    def _free_units(self):
        """Hook: {row: units at Amazon that no own order takes}; ENDLESS where Odoo does not count them."""
        return dict.fromkeys(self, ENDLESS)

    def _taken_units(self):
        """Hook: {row: units of own orders that are queued, or sent but not reserved in Amazon's count}."""
        return dict.fromkeys(self, 0)

    @api.model
    def _no_offer_reason(self, warehouse, product):
        """Why Amazon cannot be asked for `product`, for the clerk."""
        rows = self.sudo().search([("warehouse_id", "=", warehouse.id), ("product_id", "=", product.id)])
        if rows:
            notes = [[row.seller_sku, it.note] for row, it in rows._resolve().items() if it.note]
            return words(self, "unusable_skus", notes=notes) if notes else ""
        if reference := product.default_code:
            resolution = self._resolve_skus(warehouse, [reference])[reference]
            if resolution.kind == "ambiguous" or (resolution.note and resolution.product == product):
                return Words.of(resolution.note, self)
        return self._no_sku_reason(product)

    # === MAPPING === #

    @api.model
    def _no_sku_reason(self, product):
        return words(self, "no_sku", product=product.name)

    def action_map(self):
        """Open the dialog that maps this SKU to a product, or confirms what it is."""
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

    @api.model
    def _mapping_request(self, seller_sku):
        """The subject of a request to the administrators: see fba.account._ask_administrators."""
        return lambda env: env._("Map seller SKU %s", seller_sku)

    def _ask_to_map(self):
        """Ask the administrators to map or confirm these SKUs. Returns {administrator: whether it is news}. Raises
        AccessError, UserError."""
        asked = {}
        for account, rows in self.grouped(lambda row: row.warehouse_id.fba_account_id).items():
            # One activity for many: an administrator gets an e-mail for each.
            one = len(rows) == 1
            subject = self._mapping_request(rows.seller_sku) if one else rows._mapping_requests()
            message = rows._mapping_reason if one else rows._mapping_reasons
            for administrator, is_new in account._ask_administrators(subject, message).items():
                asked[administrator] = is_new or asked.get(administrator, False)
        return asked

    def _mapping_requests(self):
        """As `_mapping_request`, of several SKUs."""
        names = ", ".join(self[:FEW].mapped("seller_sku")) + (", …" if len(self) > FEW else "")
        return lambda env: env._("Map %(count)s seller SKUs: %(names)s", count=len(self), names=names)

    def _mapping_reasons(self, env):
        """The SKUs, and where they are mapped, in the language of `env`."""
        place = env._("Map or confirm them under Channel Managers > Configuration > Seller SKUs.")
        return f"{', '.join(self.mapped('seller_sku'))}. {place}"

    def _mapping_reason(self, env):
        """Why it cannot be used, and where it is mapped, in the language of `env`."""
        row = self.sudo().with_env(env(su=True))
        place = env._("Map or confirm it under Channel Managers > Configuration > Seller SKUs.")
        return " ".join(filter(None, (f"{row.seller_sku}:", row.resolution_note, place)))
