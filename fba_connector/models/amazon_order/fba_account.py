"""What an account imports of its sales on Amazon, and how they are booked."""

import logging

from odoo import api, fields, models

from ...utc import aware, naive
from ..account.fba_account_runs import OVERLAP

_logger = logging.getLogger(__name__)

AT_ONCE = 100  # orders booked in one transaction

# Modules that import Amazon's orders too, as far as they are known to us.
OTHER_CONNECTORS = (
    "sale_amazon",
    "amazon_ept",
    "common_connector_library",
    "connector_amazon",
    "connector_amazon_mcf",
    "odoo_amazon_connector",
    "amazon_odoo_bridge",
    "mws_connector",
    "sale_channel_amazon",
)

# What an order may hold beside its goods: field of the account -> the product for it that comes with this module.
CHARGE_PRODUCTS = {
    "shipping_product_id": "product_amazon_shipping",
    "gift_wrap_product_id": "product_amazon_gift_wrap",
    "discount_product_id": "product_amazon_discount",
    "tax_product_id": "product_amazon_tax",
    "charge_product_id": "product_amazon_charge",
}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    _other_connectors = OTHER_CONNECTORS

    import_from = fields.Datetime(
        default=fields.Datetime.now, required=True, help="What was ordered before is not imported."
    )
    import_cursor = fields.Datetime(readonly=True, copy=False, help="Amazon's orders up to here are in the inbox.")
    import_search_from = fields.Datetime(readonly=True, copy=False, help="Where the search under way began.")
    import_page_token = fields.Char(readonly=True, copy=False, exportable=False)
    order_naming = fields.Selection(
        [("sequence", "Odoo's own number"), ("amazon", "Amazon's order ID")],
        "Order Numbers",
        default="sequence",
        required=True,
    )
    import_team_id = fields.Many2one("crm.team", "Sales Team", check_company=True, help="Of the imported orders.")
    buyer_data = fields.Selection(
        [
            ("nobody", "None: one contact for each marketplace"),
            ("region", "The destination: for its fiscal position"),
            ("buyer", "Name and address: a contact for each buyer"),
        ],
        "Data of Buyers",
        default="nobody",
        required=True,
        help="What is fetched of the people who buy on Amazon. More than none needs an application to which Amazon has "
        "given the role for personal data.",
    )
    import_taxes = fields.Selection(
        [("odoo", "Odoo's taxes, checked against Amazon's"), ("amazon", "Amazon's amounts, no taxes of Odoo")],
        "Taxes",
        default="odoo",
        required=True,
        help="Tax that Amazon collects and remits itself is a line of its own either way.",
    )
    shipping_product_id = fields.Many2one(
        "product.product",
        "Shipping",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product("shipping_product_id"),
    )
    gift_wrap_product_id = fields.Many2one(
        "product.product",
        "Gift Wrap",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product("gift_wrap_product_id"),
    )
    discount_product_id = fields.Many2one(
        "product.product",
        "Discounts",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product("discount_product_id"),
    )
    tax_product_id = fields.Many2one(
        "product.product",
        "Tax of Amazon",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product("tax_product_id"),
        help="For tax that Amazon remits, and for Amazon's tax where Odoo has none of its own.",
    )
    charge_product_id = fields.Many2one(
        "product.product",
        "Other Charges",
        check_company=True,
        ondelete="restrict",
        default=lambda self: self._default_charge_product("charge_product_id"),
        help="Also for roundings.",
    )
    other_connectors = fields.Char(compute="_compute_other_connectors")

    @api.model
    def _default_charge_product(self, name):
        return self.env.ref(f"fba_connector.{CHARGE_PRODUCTS[name]}", False) or self.env["product.product"]

    def _charge_product(self, name):
        """The product of CHARGE_PRODUCTS `name`: the account's, or the one that comes with this module."""
        return self[name] or self._default_charge_product(name)

    @api.depends("import_orders")
    def _compute_other_connectors(self):
        """Names of installed modules that import the same orders once more."""
        installed = self.env["ir.module.module"].sudo().search(
            [("name", "in", self._other_connectors), ("state", "in", ("installed", "to upgrade"))]
        )  # fmt: skip
        for account in self:
            account.other_connectors = account.import_orders and ", ".join(installed.mapped("shortdesc"))

    # === IMPORT === #

    @api.model
    def _cron_import_amazon_orders(self):
        self._all_active().filtered("import_orders")._import_amazon_orders()

    def _import_amazon_orders(self):
        """Fetch orders sold on Amazon into the inbox, then book them. Commits as it goes."""
        self._run_task("import", type(self)._import_changed_orders)

    def write(self, vals):
        searched = {"marketplace_ids", "import_from"} & vals.keys()
        before = {account: (account.import_from, account.marketplace_ids) for account in self if searched}
        done = super().write(vals)
        for account, (begin, marketplaces) in before.items():
            account.import_page_token = False  # of a search for something else
            if account.import_from < begin or account.marketplace_ids - marketplaces:
                account._search_anew()
        return done

    def _search_anew(self):
        """More orders are wanted than so far: all are asked for again, and what came too early is looked at again."""
        self.import_cursor = False
        self.env["fba.amazon.order"].sudo().search(
            [
                ("account_id", "=", self.id),
                ("state", "=", "ignored"),
                ("sale_id", "=", False),
                ("ordered_at", ">=", self.import_from),
            ]
        ).is_due = True

    def _import_changed_orders(self, gateway):
        """Stage what changed, make sale orders of all that is due, then look for tracking numbers."""
        self._run_parts(gateway, self._stage_changed_orders, self._book_due_orders, self._follow_tracking)

    def _stage_changed_orders(self, gateway):
        """Each page is committed with where to go on: a search may take several runs, Amazon's plan is that small."""
        if not (self.import_orders and self.marketplace_ids):
            return
        since = self.import_search_from
        if not self.import_page_token:
            since = max(self.import_cursor - OVERLAP, self.import_from) if self.import_cursor else self.import_from
        pages = gateway.search_orders(
            updated_after=aware(since),
            marketplace_ids=self.marketplace_ids.mapped("marketplace_id"),
            page_token=self.import_page_token or None,
            keep=self.buyer_data,
        )
        for page in pages:
            self.env["fba.amazon.order"]._stage(self, page.orders)
            self.write({"import_search_from": since, "import_page_token": page.next_token or False})
            if not page.next_token and page.last_updated_before:
                # Only now: the pages of one search are not in the order of their changes.
                self.import_cursor = naive(page.last_updated_before)
            self._set_connection("ok", False, "import")
            self._commit()

    def _book_due_orders(self, _gateway):
        self._wake_known_skus()
        due = self.env["fba.amazon.order"].search([("account_id", "=", self.id), ("is_due", "=", True)], order="id")
        self._for_each("import", due, lambda rows: rows._process(), at_once=AT_ONCE)

    def _wake_known_skus(self):
        """Orders that wait for a seller SKU are due once a product has it, however it came by it."""
        waiting = self.env["fba.amazon.order"].search([("account_id", "=", self.id), ("missing_sku", "!=", False)])
        by_warehouse = waiting.grouped(lambda row: self._warehouse_of(row.marketplace_id))
        for warehouse, rows in by_warehouse.items():
            known = self.env["fba.sku"]._products_of(warehouse, list(set(rows.mapped("missing_sku"))))
            rows.filtered(lambda row, known=known: row.missing_sku in known).is_due = True
