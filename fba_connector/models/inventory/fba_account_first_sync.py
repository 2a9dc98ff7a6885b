"""First synchronization of an account: the request of a person, and the scheduled action that works on it."""

import psycopg2
from odoo import api, models
from odoo.exceptions import ConcurrencyError, UserError

from ..account.access import PLACE
from ..shared.groups import MANAGER
from .first_sync_states import OPEN_STATES, RUNNING_STATES


class FbaAccount(models.Model):
    _inherit = "fba.account"

    @api.model
    def _cron_first_sync(self):
        """An action of its own: a first booking of many products must not hold up the stock of other accounts."""
        self._running_first_syncs().account_id._dispatch("first_sync")

    def _run_first_syncs(self):
        """Those of these accounts, one after the other. Commits as it goes."""
        for sync in self._running_first_syncs([("account_id", "in", self.ids)]):
            sync._run()

    @api.model
    def _running_first_syncs(self, which=()):
        return self.env["fba.first.sync"].search([("state", "in", RUNNING_STATES), *which], order="write_date, id")

    def action_first_sync(self):
        """Count in the background, and show what the first synchronization would book."""
        self.ensure_one()
        self._check_may_sync()
        if self.first_sync_confirmed:
            raise UserError(
                self.env._('Stock of account "%s" follows Amazon already: press Synchronize Stock.', self.name)
            )
        return self._request_first_sync()

    def _may_sync_first(self):
        """Whether this user may begin the first synchronization of this account now."""
        return (
            not self._reason_idle()
            and self.sync_inventory
            and not self.first_sync_confirmed
            and bool(self._afn_warehouses())
            and self.env.user.has_group(MANAGER)
            and self.has_access("write")
        )

    def _request_first_sync(self, *, only_skus=False):
        """The dialog of the open first synchronization, or of a new one. Raises UserError.

        `only_skus`: read the seller SKUs and their counts, no more.
        """
        if not self._afn_warehouses():
            raise UserError(self.env._("Account %s has no AFN warehouse yet: press Set Up Warehouses.", self.name))
        self._check_may_call()
        Sync = self.env["fba.first.sync"].sudo()
        sync = Sync.search([("account_id", "=", self.id), ("state", "in", OPEN_STATES)])
        if sync and sync.only_skus != only_skus and sync.state != "confirmed":
            sync._give_up()
            sync = Sync
        if not sync:
            try:
                with self.env.cr.savepoint():
                    sync = Sync.create({"account_id": self.id, "only_skus": only_skus})
            except psycopg2.errors.UniqueViolation as error:
                raise ConcurrencyError("Another user pressed the button.") from error  # Odoo repeats the request
        elif sync.state == "failed" or (sync.state == "ready" and sync._is_old()):
            sync.action_try_again()
        sync._wake()
        return sync.with_env(self.env)._open()

    def _may_book_sales(self):
        """Whether orders sold on Amazon may become sales orders."""
        return self.is_live

    def _skus_were_read(self):
        """Hook: Odoo has read all seller SKUs and their counts."""

    def _settings_changed(self, before, vals):
        super()._settings_changed(before, vals)
        if before.keys() & set(PLACE):
            self.env["fba.first.sync"].sudo().search([("account_id", "=", self.id)])._give_up()
