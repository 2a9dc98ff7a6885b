"""Calls of each day: what polling, sending and people's clicks cost, beside what Amazon's usage plans allow."""

import logging
import threading
from datetime import timedelta

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL

from ..shared.fba_task_lock import TASKS
from ..shared.groups import MANAGER

_logger = logging.getLogger(__name__)

CALLERS = [*TASKS, ("screen", "Somebody at a screen")]
KEPT = timedelta(days=400)  # a year, and the same days of the year before
DAY_S = 24 * 3600
MOST = 2**31 - 1  # that a column holds
TRIES = 3  # processes add to the same row, one after the other


class FbaCallCount(models.Model):
    _name = "fba.call.count"
    _description = "Calls to Amazon in a Day"
    _log_access = False
    _rec_name = "operation"
    _order = "day DESC, calls DESC, id DESC"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade")
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    day = fields.Date("Day (UTC)", required=True, readonly=True, index=True)
    operation = fields.Char(required=True, readonly=True)
    task = fields.Selection(CALLERS, "Made for", required=True, readonly=True)
    calls = fields.Integer(readonly=True, help="Repeated calls count each time.")
    refused = fields.Integer("Too Many", readonly=True, help="Calls that Amazon refused since they were too many.")
    plan = fields.Integer(
        readonly=True, aggregator="max", help="Calls a day that Amazon's usage plan allows for this operation."
    )
    plan_share = fields.Float("Share of Plan (%)", readonly=True, digits=(16, 2))

    _account_day_unique = models.Constraint(
        "UNIQUE(account_id, day, operation, task)", "Calls of a day are counted once for each operation and task."
    )

    @api.autovacuum
    def _gc_old(self):
        self.search([("day", "<", fields.Date.today() - KEPT)]).unlink()


class FbaAccount(models.Model):
    _inherit = "fba.account"

    calls_today = fields.Integer(compute="_compute_calls_today", groups=MANAGER, help="Calls to Amazon, by UTC.")

    def _compute_calls_today(self):
        today = [("account_id", "in", self.ids), ("day", "=", fields.Date.today())]
        calls = dict(self.env["fba.call.count"]._read_group(today, ["account_id"], ["calls:sum"]))
        for account in self:
            account.calls_today = calls.get(account, 0)

    def action_open_calls(self):
        """What this account has called in the last days, beside what Amazon's usage plans allow."""
        self.ensure_one()
        self.check_access("read")
        self.env["fba.call.count"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_call_count_action")
        return {**action, "domain": [("account_id", "=", self.id)]}


class CallMeter:
    """An amazon.Meter: keeps what it has counted when the gateway is closed, in a transaction of its own.

    Calls of a process that is killed before are missing.
    """

    def __init__(self, registry, account_id, task):
        self._registry, self._account_id, self._task = registry, account_id, task
        self._lock = threading.Lock()
        self._counts = {}  # {operation's name: [calls, refused, calls a day that its plan allows]}

    def note_call(self, operation, rate, *, refused):
        with self._lock:
            figures = self._counts.setdefault(operation.name, [0, 0, 0])
            figures[0] += 1
            figures[1] += refused
            figures[2] = min(int(rate * DAY_S), MOST)

    def finish(self):
        with self._lock:
            counts, self._counts = self._counts, {}
        for left in reversed(range(TRIES if counts else 0)):
            try:
                with self._registry.cursor() as cr:
                    self._keep_counts(cr, counts)
                return
            except psycopg2.Error as error:
                level = logging.DEBUG if left else logging.WARNING
                _logger.log(level, "FBA account %s: calls to Amazon are not counted: %s", self._account_id, error)

    def _keep_counts(self, cr, counts):
        rows = [SQL("(%s, %s, %s, %s)", operation, *figures) for operation, figures in sorted(counts.items())]
        cr.execute(
            SQL(
                """
                INSERT INTO fba_call_count AS known
                            (account_id, company_id, day, operation, task, calls, refused, plan, plan_share)
                     SELECT account.id, account.company_id, %(day)s, added.operation, %(task)s,
                            added.calls, added.refused, added.plan, %(share)s
                       FROM fba_account AS account, (VALUES %(rows)s) AS added (operation, calls, refused, plan)
                      WHERE account.id = %(account)s
                ON CONFLICT (account_id, day, operation, task) DO UPDATE
                        SET calls = known.calls + EXCLUDED.calls, refused = known.refused + EXCLUDED.refused,
                            plan = EXCLUDED.plan, plan_share = %(shares)s
                """,
                day=fields.Date.today(),
                task=self._task,
                share=_share(SQL("added.calls"), SQL("added.plan")),
                rows=SQL(", ").join(rows),
                account=self._account_id,
                shares=_share(SQL("known.calls + EXCLUDED.calls"), SQL("EXCLUDED.plan")),
            )
        )


def _share(calls, plan):
    """In per cent; 0 without a plan."""
    return SQL("COALESCE(100.0 * (%s) / NULLIF(%s, 0), 0)", calls, plan)
