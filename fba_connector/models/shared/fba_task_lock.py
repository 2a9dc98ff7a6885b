"""A row to lock: one run per account and task at a time, in all processes on all machines."""

import logging
from contextlib import contextmanager, suppress

import psycopg2
from odoo import fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

TASKS = [
    ("push", "Send fulfillment orders"),
    ("pull", "Follow fulfillment orders"),
    ("import", "Import Amazon orders"),
    ("inventory", "Synchronize stock"),
    ("backfill", "Import earlier orders"),
]


class FbaTaskLock(models.Model):
    _name = "fba.task.lock"
    _description = "FBA Task Lock"

    account_id = fields.Many2one("fba.account", required=True, ondelete="cascade", readonly=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    task = fields.Selection(TASKS, required=True, readonly=True)
    run_at = fields.Datetime("Last Run", readonly=True)
    good_at = fields.Datetime("Last Good Run", readonly=True, help="End of the last complete run without an error.")

    _account_task_unique = models.Constraint("UNIQUE(account_id, task)", "Each account has one lock per task.")

    @contextmanager
    def _hold(self):
        """Yield the lock if this process now holds it, else nothing; the lock ends with the block, or with the process.

        It lives on a cursor of its own, so that the work can commit as it goes; values written to the lock are kept.
        That is idle meanwhile, which PostgreSQL must not end it for; where somebody does, the work goes on to its end.
        """
        self.ensure_one()
        lock_cr = self.env.registry.cursor()
        try:
            lock_cr.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            lock_cr.execute(SQL("SELECT id FROM fba_task_lock WHERE id = %s FOR UPDATE SKIP LOCKED", self.id))
            yield self.with_env(self.env(cr=lock_cr)) if lock_cr.rowcount else self.browse()
            try:
                lock_cr.commit()
            except (psycopg2.OperationalError, psycopg2.InterfaceError) as error:
                _logger.warning("FBA task lock %s was lost, another process may be at work too: %s", self.id, error)
        finally:
            with suppress(psycopg2.Error):  # of a connection that is gone
                lock_cr.close()

    def _is_held(self):
        """Whether a process holds this lock, at this moment."""
        with self.env.cr.savepoint(flush=False) as savepoint:
            is_free = self.try_lock_for_update() == self
            savepoint.rollback()  # the scheduled action may take it at once
        return not is_free
