"""Scheduled work on stock: reads Amazon's counts and makes the AFN warehouses agree with them."""

from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.tools import config

from ... import amazon
from ..account.access import PLACE
from ..account.fba_account_runs import reason_of
from ..shared.reader import post
from .holdings import Holdings
from .inbox import Inbox

FULL_EVERY = timedelta(days=1)
AT_ONCE = 500  # products booked in one transaction
CURSORS = {"inventory_cursor": "fba_inventory_cursor", "inventory_full_at": "fba_inventory_full_at"}
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
        compute="_compute_inventory_cursor",
        inverse="_inverse_inventory_cursor",
        compute_sudo=True,
        valid_for=PLACE,
        help="Odoo has read the stock of all AFN warehouses up to this time.",
    )
    inventory_full_at = fields.Datetime(
        compute="_compute_inventory_cursor",
        inverse="_inverse_inventory_full_at",
        compute_sudo=True,
        help="Since then Odoo has read complete lists of all AFN warehouses.",
    )

    def _settings_changed(self, before, vals):
        """What was seen before says nothing of what comes after. Sales that nobody imported were booked as losses, and
        are not imported later as well."""
        super()._settings_changed(before, vals)
        if before.keys() & {"sync_inventory", "first_sync_confirmed", *PLACE}:
            self.sudo().afn_warehouse_ids.fba_discrepancy_ids.unlink()
        was_off = before.get("import_orders") is False and self.import_orders
        if was_off and self.sync_inventory and self.first_sync_confirmed and "import_from" not in vals:
            self.write({"import_from": fields.Datetime.now(), "import_cursor": False, "import_page_token": False})
            post(
                self,
                self._responsible(),
                lambda env: env._(
                    "Odoo imports orders from now on. Orders sold on Amazon in the meantime were booked as differences "
                    "of stock."
                ),
            )

    @api.model
    def _cron_sync_inventory(self):
        self._all_active().filtered("sync_inventory")._dispatch("inventory")

    def _sync_inventory(self):
        """Make stock agree with Amazon's counts. Commits as it goes; books nothing before the first sync is confirmed.
        Returns as _run_task.

        Sent and sold units are booked first: otherwise they would look like a difference.
        """
        accounts = self.filtered(lambda account: account.sync_inventory and account.first_sync_confirmed)
        accounts._pull_fulfillment_orders()
        accounts._import_amazon_orders()
        return accounts._run_task("inventory", type(self)._sync_counted_inventory, _patience_s("limit_time_real_cron"))

    def _sync_counted_inventory(self, gateway):
        """Each warehouse for itself: one that fails keeps the reason. Raises the first failure at the end."""
        errors = []

        def keep(warehouse, error):
            errors.append(error)
            warehouse._note_failure(reason_of(error))

        # The one that waits longest first: there may not be time for all.
        warehouses = self._afn_warehouses().sorted(lambda it: (it.fba_inventory_cursor or datetime.min, it.id))
        try:
            done = self._for_each(
                "inventory",
                warehouses,
                lambda warehouse: self._sync_warehouse(gateway, warehouse),
                note=keep,
                to_the_end=True,
                gateway=gateway,
            )
        except amazon.Throttled:
            if not errors:
                raise
        if errors:
            raise errors[0]
        if done != warehouses:
            raise LockError("Some warehouses were busy.")  # for the log: the next run goes on

    def _sync_warehouse(self, gateway, warehouse):
        full_at = warehouse.fba_inventory_full_at
        full = not full_at or full_at <= fields.Datetime.now() - FULL_EVERY
        asked = warehouse._fba_read_counts(gateway, full=full)
        if asked is not None:  # Amazon has answered
            self._set_connection("ok", False, "inventory")
        self._commit()
        warehouse.sudo()._fba_count_reservations_again()
        holdings, inbox = Holdings(warehouse.sudo(), asked=asked), Inbox(warehouse.sudo())
        self._for_each(
            "inventory",
            warehouse._fba_weigh(holdings.products | holdings.doubtful, holdings=holdings, inbox=inbox).unsettled(),
            lambda products: warehouse._fba_balance(products, holdings=holdings, inbox=inbox),
            at_once=AT_ONCE,
            note=lambda product, error: warehouse._fba_note_failure_of(product, error),
            to_the_end=True,
        )
        warehouse._fba_source_waiting()  # orders that were busy when the stock arrived

    @api.depends("afn_warehouse_ids.fba_inventory_cursor", "afn_warehouse_ids.fba_inventory_full_at")
    def _compute_inventory_cursor(self):
        for account in self:
            for name, of_warehouse in CURSORS.items():
                moments = account._afn_warehouses().mapped(of_warehouse)
                account[name] = min(moments) if moments and all(moments) else False

    def _inverse_inventory_cursor(self):
        for account in self:
            account._afn_warehouses().fba_inventory_cursor = account.inventory_cursor

    def _inverse_inventory_full_at(self):
        for account in self:
            account._afn_warehouses().fba_inventory_full_at = account.inventory_full_at
