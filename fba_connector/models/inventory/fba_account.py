"""Scheduled work on stock: reads Amazon's counts and makes the AFN warehouses agree with them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.tools import config

from ... import amazon
from ...utc import aware
from ..account.access import PLACE
from ..account.fba_account_runs import OVERLAP

FULL_EVERY = timedelta(days=1)
MARGIN_S = 15  # for processing the answers, before Odoo ends the worker


def _patience_s(limit):
    """Time for reading all of Amazon's stock, two pages of 50 SKUs a second, within Odoo's `limit`."""
    seconds = config[limit] if config[limit] >= 0 else config["limit_time_real"]
    return max(seconds - MARGIN_S, MARGIN_S) if seconds else 3600


class FbaAccount(models.Model):
    _inherit = "fba.account"

    first_sync_confirmed = fields.Boolean(
        readonly=True,
        copy=False,
        tracking=True,
        valid_for=PLACE,
        help="A user has seen and confirmed the adjustments of the first synchronization. Odoo books nothing before "
        "that.",
    )
    inventory_cursor = fields.Datetime(
        readonly=True, copy=False, valid_for=PLACE, help="Odoo has read Amazon's stock up to this time."
    )
    inventory_full_at = fields.Datetime(
        readonly=True, copy=False, help="Time of the last complete reading of Amazon's stock."
    )

    @api.model
    def _cron_sync_inventory(self):
        self._all_active().filtered("sync_inventory")._sync_inventory()

    def _sync_inventory(self):
        """Make stock agree with Amazon's counts. Commits as it goes; books nothing before the first sync is confirmed.

        Sent and sold units are booked first: otherwise they would look like a difference.
        """
        accounts = self.filtered(lambda account: account.sync_inventory and account.first_sync_confirmed)
        accounts._pull_fulfillment_orders()
        accounts._import_amazon_orders()
        accounts._run_task("inventory", type(self)._sync_counted_inventory, _patience_s("limit_time_real_cron"))

    def _sync_counted_inventory(self, gateway):
        asked_at = fields.Datetime.now()
        full = not self.inventory_full_at or self.inventory_full_at <= asked_at - FULL_EVERY
        warehouses, errors = self._afn_warehouses(), []

        def synchronize(warehouse):
            self._mirror_inventory(gateway, warehouse, asked_at, full=full)
            warehouse._fba_balance(asked_at)
            self._commit()
            warehouse._fba_source_waiting()  # orders that were busy when the stock arrived

        try:
            done = self._for_each(
                "inventory",
                warehouses,
                synchronize,
                note=lambda _warehouse, error: errors.append(error),
                to_the_end=True,  # the cursor moves for all warehouses or for none
            )
        except amazon.Throttled:
            if not errors:
                raise
        if errors:
            raise errors[0]
        if done != warehouses:
            raise LockError("Some warehouses were busy.")  # for the log: the next run goes on
        self.write({"inventory_cursor": asked_at, **({"inventory_full_at": asked_at} if full else {})})

    def _mirror_inventory(self, gateway, warehouse, asked_at, *, full):
        """Amazon's counts into the SKUs of `warehouse`."""
        since = None if full or not self.inventory_cursor else aware(self.inventory_cursor - OVERLAP)
        # All of it before the database is touched: a page token lives half a minute.
        summaries = []
        try:
            for summary in gateway.get_inventory(warehouse.fba_marketplace_id.marketplace_id, changed_since=since):
                summaries.append(summary)
        except amazon.DeadlineReached:
            if not summaries:
                raise
            raise UserError(
                self.env._(
                    "Amazon returns a hundred SKUs a second, and there was time for %(count)s of account %(account)s. "
                    "For more, raise limit_time_real and limit_time_real_cron in Odoo's configuration.",
                    count=len(summaries),
                    account=self.name,
                )
            ) from None
        self._set_connection("ok", False, "inventory")
        self.env["fba.sku"].sudo()._mirror(warehouse, summaries, asked_at, full=since is None)

    # === ACTIONS === #

    def action_first_sync(self):
        """Read Amazon's counts and show what the first synchronization would book."""
        self.ensure_one()
        self._check_may_sync()
        if not self._afn_warehouses():
            raise UserError(self.env._("Account %s has no AFN warehouse yet: press Set Up.", self.name))
        # What was sold and shipped so far must not look like a difference.
        self._pull_fulfillment_orders()
        self._import_amazon_orders()
        asked_at = self._read_all_inventory()
        wizard = self.env["fba.first.sync.wizard"].create({"account_id": self.id, "counted_at": asked_at})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("First Synchronization: %s", self.name),
            "res_model": wizard._name,
            "res_id": wizard.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _read_all_inventory(self):
        """Mirror Amazon's counts of all seller SKUs now; returns the time of the request. Raises UserError."""
        asked_at = fields.Datetime.now()
        try:
            with self._open_gateway(_patience_s("limit_time_real")) as gateway:
                for warehouse in self._afn_warehouses():
                    self._mirror_inventory(gateway, warehouse, asked_at, full=True)
        except amazon.Throttled as error:
            raise UserError(self._pace_message(error)) from error
        except amazon.AmazonError as error:
            raise UserError(
                self.env._("Amazon's stock could not be read: %s. Try again.", error.user_message)
            ) from error
        return asked_at

    def action_sync_inventory(self):
        """Synchronize now, in the background."""
        self.ensure_one()
        self._check_may_sync()
        self.env.ref("fba_connector.ir_cron_sync_inventory").sudo()._trigger()
        return self._notification("success", self.env._("Odoo is synchronizing stock with Amazon."))
