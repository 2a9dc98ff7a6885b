"""A seller SKU of an AFN warehouse: which product it is, and how many of it Amazon counts."""

from odoo import api, fields, models

# Amazon's counts as they are mirrored: field -> the part of amazon.InventorySummary it adds up.
COUNTS = {
    "fulfillable_quantity": ("fulfillable",),
    "held_orders_quantity": ("reserved_orders",),
    "held_transfer_quantity": ("reserved_transfers",),
    "held_processing_quantity": ("reserved_processing",),
    "held_quantity": ("reserved", "researching"),
    "unsellable_quantity": ("unfulfillable",),
    "inbound_quantity": ("inbound_working", "inbound_shipped", "inbound_receiving"),
}
# Without these there is nothing to compare with: absent is not zero.
NEEDED = ("fulfillable", "reserved", "unfulfillable")


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
    difference_quantity = fields.Float(
        "Unexplained", readonly=True, digits="Product Unit",
        help="What Odoo has more (or fewer) of than Amazon: booked once a later synchronization confirms it.",
    )  # fmt: skip
    difference_since = fields.Datetime("Unexplained Since", readonly=True)
    difference_booked = fields.Float(
        readonly=True, digits="Product Unit", help="Units that had left Amazon by then, and were booked by then."
    )

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

    # === AMAZON'S COUNTS === #

    @api.model
    def _mirror(self, warehouse, summaries, counted_at, *, full):
        """Make the rows of `warehouse` say what Amazon counts, and add those that are new.

        `full`: `summaries` (amazon.InventorySummary) are all there are, so what is missing has none.
        """
        counts, listed = self._add_up(summaries), {summary.seller_sku for summary in summaries}
        told = [] if full else [("seller_sku", "in", list(counts))]
        rows = {row.seller_sku: row for row in self.search([("warehouse_id", "=", warehouse.id), *told])}
        if full:
            counts.update({sku: dict.fromkeys(COUNTS, 0) for sku in rows.keys() - listed})
        for sku in counts.keys() & rows.keys():
            values = {name: value for name, value in counts[sku].items() if rows[sku][name] != value}
            if values:
                rows[sku].write({**values, "synced_at": counted_at})
        new = sorted(counts.keys() - rows.keys())
        unknown = [sku for sku in sorted(rows) if not rows[sku].product_id]
        products = self._products_of(warehouse, [*new, *unknown]) if new or unknown else {}
        for sku in unknown:
            if sku in products:  # it has become somebody's internal reference
                rows[sku].product_id = products[sku]
        self.create(
            [
                {
                    "warehouse_id": warehouse.id,
                    "seller_sku": sku,
                    "product_id": products[sku].id if sku in products else False,
                    "synced_at": counted_at,
                    **counts[sku],
                }
                for sku in new
            ]
        )

    @api.model
    def _add_up(self, summaries):
        """{seller SKU: values}; a SKU may have several rows, by condition. What Amazon does not count is left out."""
        counts, unclear = {}, set()
        for row in summaries:
            if any(getattr(row, part) is None for part in NEEDED):
                unclear.add(row.seller_sku)
                continue
            names = {"asin": row.asin, "fnsku": row.fnsku, "condition": row.condition, "amazon_name": row.name}
            values = counts.setdefault(row.seller_sku, dict.fromkeys(COUNTS, 0))
            values.update({name: value for name, value in names.items() if value and name not in values})
            for name, parts in COUNTS.items():
                values[name] += sum(getattr(row, part) or 0 for part in parts)
        return {sku: values for sku, values in counts.items() if sku not in unclear}

    def _note_difference(self, quantity, seen_at, booked):
        """What a later pass has to confirm, or that there is nothing; written only where it changed."""
        self.ensure_one()
        if self.product_id.uom_id.is_zero(quantity):
            values = {"difference_quantity": 0.0, "difference_since": False, "difference_booked": 0.0}
        else:
            values = {"difference_quantity": quantity, "difference_since": seen_at, "difference_booked": booked}
        if any(self[name] != value for name, value in values.items()):
            self.write(values)
