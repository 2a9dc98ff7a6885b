"""Import of an account's earlier orders: the request of an administrator, and the scheduled action that works on it."""

import psycopg2
from odoo import api, fields, models
from odoo.exceptions import AccessError, ConcurrencyError, UserError

from ..account.access import PLACE
from ..shared.groups import MANAGER
from .backfill_states import OPEN_STATES, RUNNING_STATES
from .fba_backfill import REPORTED_TAX, check_time

RUNNING = [("state", "in", RUNNING_STATES)]
UNTIDY = ["&", ("state", "in", ("done", "cancelled")), ("is_tidy", "=", False)]


class FbaAccount(models.Model):
    _inherit = "fba.account"

    reported_tax = fields.Selection(
        REPORTED_TAX,
        "Tax of Reported Orders",
        default="ask",
        required=True,
        help="Amazon's report of shipped items does not tell who owes the tax: Odoo asks for each order, or you say so "
        "for all of them.",
    )

    @api.model
    def _cron_backfill(self):
        """An action of its own: many earlier orders must not hold up new ones."""
        Backfill = self.env["fba.backfill"]
        Backfill.search([("state", "=", "ready")]).filtered(lambda it: it._is_stale())._give_up()
        self._all_active()._read_shipped_orders()
        at_work = Backfill.search(["|", *RUNNING, *UNTIDY])
        at_work.account_id._dispatch("backfill")

    def _run_backfills(self):
        """Those of these accounts, one after the other. Commits as it goes."""
        Backfill, here = self.env["fba.backfill"], [("account_id", "in", self.ids)]
        for backfill in Backfill.search([*here, *RUNNING], order="write_date, id"):
            backfill._run()
        for backfill in Backfill.search([*here, *UNTIDY]):
            backfill._tidy()

    def action_import_earlier(self):
        """The open import of earlier orders, or the questions of a new one."""
        self._check_may_import_earlier()
        backfill = self._open_backfill()
        if backfill:
            return backfill.with_env(self.env)._open_dialog()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Import Earlier Orders: %s", self.name),
            "res_model": "fba.backfill.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_account_id": self.id},
        }

    def _check_may_import_earlier(self):
        """Raises AccessError, and UserError where no order is imported at all."""
        self.ensure_one()
        self.check_access("write")
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only FBA Administrators may import earlier orders."))
        if not self.import_orders:
            raise UserError(
                self.env._('Account "%s" imports no orders: switch Import Amazon Orders on first.', self.name)
            )

    def _open_backfill(self):
        return (
            self.env["fba.backfill"]
            .sudo()
            .search([("account_id", "=", self.id), ("kind", "=", "earlier"), ("state", "in", OPEN_STATES)])
        )

    def _request_backfill(self, values):
        """A new import of earlier orders with `values`. Raises UserError."""
        self._check_may_import_earlier()
        self._check_may_call()
        check_time(self, values["ordered_from"], values["ordered_to"])
        if self._open_backfill():
            raise UserError(self.env._("Earlier orders of account %s are being imported already.", self.name))
        try:
            with self.env.cr.savepoint():
                backfill = self.env["fba.backfill"].sudo().create({"account_id": self.id, **values})
        except psycopg2.errors.UniqueViolation as error:
            raise ConcurrencyError("Another user pressed the button.") from error  # Odoo repeats the request
        backfill._wake()
        return backfill.with_env(self.env)

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if before.keys() & set(PLACE):
            self.env["fba.backfill"].sudo().search([("account_id", "=", self.id)])._give_up()
