"""Health of each account for monitoring: task runs, waiting work and failures."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.base.models.res_users import INDEX_SIZE
from odoo.tools import SQL

from ..account.fba_account_connection import NO_PROBLEM

WAITING_STATES = ("queued", "submitting")
KEY_ENDS_SOON = timedelta(days=14)


# What stops and starts an account's scheduled work.
SWITCHES = {"active", "paused", "is_live", "import_orders", "sync_inventory", "first_sync_confirmed"}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    works_since = fields.Datetime(readonly=True, copy=False, help="The last time that work was switched on or off.")

    def write(self, vals):
        """Work that was just switched on is not late."""
        if not SWITCHES.isdisjoint(vals):
            vals = {**vals, "works_since": fields.Datetime.now()}
        return super().write(vals)

    @api.model
    def _health(self, api_key=""):
        """A dict for JSON: this user's accounts, without names or addresses of customers; times in UTC.

        `problems` are for an administrator: keys refused, Amazon not reachable, a task without a good run for three of
        its intervals; and, beside the accounts, an `api_key` of this user that ends soon. Failed orders are for a
        clerk, and counted separately.
        """
        key_ends_at = self._end_of_api_key(api_key)
        problems = []
        if key_ends_at and key_ends_at - KEY_ENDS_SOON < fields.Datetime.now():
            problems.append(f"monitoring: this API key ends at {_text(key_ends_at)}; create another one")
        accounts = self.search([("active", "=", True)])
        described = [account._describe_health() for account in accounts.sudo()]
        return {
            "status": "attention" if problems or any(it["problems"] for it in described) else "ok",
            "checked_at": _text(fields.Datetime.now()),
            "problems": problems,
            "key_expires_at": _text(key_ends_at),
            "accounts": described,
        }

    def _end_of_api_key(self, api_key):
        """The time at which a key of this user ends; None without a key or an end."""
        ends = self.env.execute_query(
            SQL(
                "SELECT min(expiration_date) FROM res_users_apikeys WHERE user_id = %s AND index = %s",
                self.env.uid,
                api_key[:INDEX_SIZE],
            )
        )
        return ends[0][0]

    def _describe_health(self):
        self.ensure_one()
        Order, Inbox = self.env["fba.fulfillment.order"], self.env["fba.amazon.order"]
        here = [("account_id", "=", self.id)]
        waiting, waiting_since = Order._read_group(
            [*here, ("state", "in", WAITING_STATES)], aggregates=["__count", "queued_at:min"]
        )[0]
        due, due_since = Inbox._read_group([*here, ("is_due", "=", True)], aggregates=["__count", "write_date:min"])[0]
        tasks = {lock.task: lock.good_at for lock in self.task_lock_ids}
        return {
            "id": self.id,
            "name": self.name,
            "paused": self.paused,
            "connection": self.connection_state,
            "live": self.is_live,
            "problems": self._problems() if self._may_work() else [],
            "last_good_runs": {task: _text(good_at) for task, good_at in tasks.items()},
            "orders_to_send": waiting,
            "oldest_to_send": _text(waiting_since),
            "orders_in_shipping": Order.search_count([*here, ("state", "=", "in_shipping")]),
            "orders_failed": Order.search_count([*here, ("state", "=", "exception")]),
            "imports_waiting": due,
            "oldest_import_waiting": _text(due_since),
            "imports_failed": Inbox.search_count([*here, ("state", "=", "error")]),
        }

    def _problems(self):
        """Sentences for monitoring."""
        problems = []
        if self.connection_state not in NO_PROBLEM:
            problems.append(f"connection: {self.connection_message}")
        for lock in self.task_lock_ids.filtered("is_late"):
            problems.append(f"{lock.task}: no good run since {_text(lock.good_at or self.create_date)}")
        return problems


def _text(time):
    return f"{time.isoformat()}Z" if time else None
