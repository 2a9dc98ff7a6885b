"""Health of each account for monitoring: task runs, waiting work and failures."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models

from ..account.fba_account_connection import NO_PROBLEM
from ..account.fba_account_runs import CRON_OF

MISSED_RUNS = 3  # a problem after so many intervals without a good run
WAITING_STATES = ("queued", "submitting")


class FbaAccount(models.Model):
    _inherit = "fba.account"

    @api.model
    def _health(self):
        """A dict for JSON: this user's accounts, without names or addresses of customers; times in UTC.

        `problems` are for an administrator: keys refused, Amazon not reachable, a task without a good run for three of
        its intervals. Failed orders are for a clerk, and counted separately.
        """
        accounts = self.search([("active", "=", True)])
        described = [account._describe_health() for account in accounts.sudo()]
        return {
            "status": "attention" if any(it["problems"] for it in described) else "ok",
            "checked_at": _text(fields.Datetime.now()),
            "accounts": described,
        }

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
            "problems": self._problems(tasks) if self._may_work() else [],
            "last_good_runs": {task: _text(good_at) for task, good_at in tasks.items()},
            "orders_to_send": waiting,
            "oldest_to_send": _text(waiting_since),
            "orders_in_shipping": Order.search_count([*here, ("state", "=", "in_shipping")]),
            "orders_failed": Order.search_count([*here, ("state", "=", "exception")]),
            "imports_waiting": due,
            "oldest_import_waiting": _text(due_since),
            "imports_failed": Inbox.search_count([*here, ("state", "=", "error")]),
        }

    def _problems(self, good_runs):
        """Sentences; `good_runs`: {task: time of its last good run}."""
        problems = []
        if self.connection_state not in NO_PROBLEM:
            problems.append(f"connection: {self.connection_message}")
        idle = {
            "import": not self.import_orders,
            "inventory": not (self.sync_inventory and self.first_sync_confirmed),
        }
        for task, good_at in good_runs.items():
            cron = self.env.ref(f"fba_connector.{CRON_OF[task]}")
            patience = relativedelta(**{cron.interval_type: MISSED_RUNS * cron.interval_number})
            if not idle.get(task) and (good_at or self.create_date) + patience < fields.Datetime.now():
                problems.append(f"{task}: no good run since {_text(good_at or self.create_date)}")
        return problems


def _text(time):
    return f"{time.isoformat()}Z" if time else None
