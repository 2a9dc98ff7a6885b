"""Asks which earlier orders of an account to import, and where from."""

from datetime import timedelta

from odoo import api, fields, models

from ..models.amazon_order.fba_backfill import REPORTED_TAX, WAYS, check_time

SHORT = timedelta(days=3)  # up to that, Amazon's list of orders is as quick, and tells more


class FbaBackfillWizard(models.TransientModel):
    _name = "fba.backfill.wizard"
    _description = "Import Earlier Amazon Orders"

    account_id = fields.Many2one("fba.account", required=True, readonly=True)
    marketplace_ids = fields.Many2many(
        "fba.marketplace",
        string="Marketplaces",
        compute="_compute_from_account",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        domain="[('id', 'in', account_marketplace_ids)]",
    )
    account_marketplace_ids = fields.Many2many(
        string="Marketplaces of the Account", related="account_id.marketplace_ids", related_sudo=False
    )
    ordered_from = fields.Datetime(required=True)
    ordered_to = fields.Datetime(
        compute="_compute_from_account",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
        help="From that time on, the account imports its orders anyway.",
    )
    way = fields.Selection(
        WAYS, "Source", compute="_compute_way", store=True, precompute=True, readonly=False, required=True
    )
    reported_tax = fields.Selection(
        REPORTED_TAX,
        "Who Owes the Tax",
        compute="_compute_from_account",
        compute_sudo=False,
        store=True,
        precompute=True,
        readonly=False,
        required=True,
    )

    @api.depends("account_id")
    def _compute_from_account(self):
        for wizard in self:
            account = wizard.account_id
            wizard.marketplace_ids = account.marketplace_ids
            wizard.ordered_to = account.import_from
            wizard.reported_tax = account.reported_tax

    @api.depends("ordered_from", "ordered_to")
    def _compute_way(self):
        for wizard in self:
            is_short = wizard.ordered_from and wizard.ordered_to and wizard.ordered_to - wizard.ordered_from <= SHORT
            wizard.way = "orders" if is_short else "report"

    def action_dry_run(self):
        """Count first; a person then decides."""
        return self._request(dry_run=True)

    def action_begin(self):
        return self._request(dry_run=False)

    def _request(self, *, dry_run):
        self.ensure_one()
        check_time(self, self.ordered_from, self.ordered_to)
        backfill = self.account_id._request_backfill(
            {
                "marketplace_ids": [fields.Command.set(self.marketplace_ids.ids)],
                "ordered_from": self.ordered_from,
                "ordered_to": self.ordered_to,
                "way": self.way,
                "reported_tax": self.reported_tax,
                "dry_run": dry_run,
            }
        )
        return backfill._open_dialog()
