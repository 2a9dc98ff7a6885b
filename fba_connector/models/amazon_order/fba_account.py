"""Import of an account's sales on Amazon: its settings and its scheduled run."""

import logging

from odoo import api, fields, models

from ...utc import aware, naive
from ..account.access import ACCESS
from ..account.fba_account_runs import OVERLAP
from ..shared.ties import ties_to

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


class FbaAccount(models.Model):
    _inherit = "fba.account"

    _other_connectors = OTHER_CONNECTORS

    import_from = fields.Datetime(
        default=fields.Datetime.now, required=True, copy=False, help="Odoo does not import earlier orders."
    )
    import_cursor = fields.Datetime(readonly=True, copy=False, help="The inbox has Amazon's orders up to this time.")
    import_search_from = fields.Datetime(readonly=True, copy=False, help="Start of the search in progress.")
    import_page_token = fields.Char(
        readonly=True, copy=False, exportable=False, valid_for=(*ACCESS, "marketplace_ids", "import_from")
    )
    order_naming = fields.Selection(
        [("sequence", "Odoo's own number"), ("amazon", "Amazon's order ID")],
        "Order Numbers",
        default="sequence",
        required=True,
    )
    import_team_id = fields.Many2one(
        "crm.team", "Sales Team", check_company=True, help="Sales team of the imported orders."
    )
    buyer_data = fields.Selection(
        [
            ("nobody", "None: one contact for each marketplace"),
            ("region", "Destination: for the fiscal position"),
            ("buyer", "Name and address: a contact for each buyer"),
        ],
        default="nobody",
        required=True,
        help="Personal data that Odoo reads of buyers on Amazon. Any choice but None requires an application with "
        "Amazon's role for personal data.",
    )
    import_taxes = fields.Selection(
        [("odoo", "Odoo's taxes, checked against Amazon's"), ("amazon", "Amazon's amounts, without Odoo's taxes")],
        "Taxes",
        default="odoo",
        required=True,
        help="Tax that Amazon collects and remits is always a separate line.",
    )
    other_connectors = fields.Char(compute="_compute_other_connectors")

    @api.depends("import_orders")
    def _compute_other_connectors(self):
        """Names of installed modules that import the same orders again."""
        installed = self.env["ir.module.module"].sudo().search(
            [("name", "in", self._other_connectors), ("state", "in", ("installed", "to upgrade"))]
        )  # fmt: skip
        for account in self:
            account.other_connectors = account.import_orders and ", ".join(installed.mapped("shortdesc"))

    def _ties(self, *, ended=False, marketplaces=None):
        domain = [("account_id", "=", self.id)]
        if not ended:
            domain += ["|", ("state", "=", "pending"), ("is_due", "=", True)]
        if marketplaces is not None:
            domain.append(("marketplace_id", "in", marketplaces.ids))
        rows = ties_to(self.env["fba.amazon.order"], domain, self.env._("Amazon orders {names}"))
        return super()._ties(ended=ended, marketplaces=marketplaces) + rows

    # === IMPORT === #

    @api.model
    def _cron_import_amazon_orders(self):
        self._all_active().filtered("import_orders")._dispatch("import")

    def _import_amazon_orders(self):
        """Fetch orders sold on Amazon into the inbox, then book them. Commits as it goes; returns as _run_task."""
        return self._run_task("import", type(self)._import_changed_orders)

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        sooner = self.import_from and before.get("import_from", self.import_from) > self.import_from
        if sooner or self.marketplace_ids - before.get("marketplace_ids", self.marketplace_ids):
            self._search_anew()

    def _search_anew(self):
        """The settings now include more orders: search from the start, and process early orders again."""
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
        """Stage changed orders, make sale orders and invoices of all due ones, read tracking numbers, look for missing
        orders."""
        self._run_parts(gateway, *self._import_parts())

    def _import_parts(self):
        """Hook: what a run does, in order."""
        polling = [self._stage_changed_orders] if self.import_page_token or self._may_poll("import") else []
        return [
            *polling,
            self._book_due_orders,
            self._invoice_due_orders,
            self._follow_tracking,
            self._sweep_orders,
        ]

    def _stage_changed_orders(self, gateway):
        """Each page is committed with the place to continue: a search may take several runs at Amazon's small plan."""
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
            self._orders_were_listed(page.orders)
            self.env["fba.amazon.order"]._stage(self, page.orders)
            self.write({"import_search_from": since, "import_page_token": page.next_token or False})
            if not page.next_token and page.last_updated_before:
                # Only now: the pages of one search are not in the order of their changes.
                self.import_cursor = naive(page.last_updated_before)
            self._set_connection("ok", False, "import")
            self._commit()

    def _orders_were_listed(self, raw_orders):
        """Hook: Amazon's search has these orders (amazon.RawOrder), which are about to be staged."""

    def _book_due_orders(self, _gateway):
        self._wake_waiting()
        due = self.env["fba.amazon.order"].search([("account_id", "=", self.id), ("is_due", "=", True)], order="id")
        self._book_orders(due)

    def _book_orders(self, due, at_once=AT_ONCE):
        """Decide on these rows of the inbox."""
        self._for_each("import", due, lambda rows: rows._process(), at_once=at_once)
