"""Whether a job runner works on this database. Where none does, the scheduled actions do the work themselves."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.queue_job.jobrunner.runner import PG_ADVISORY_LOCK_ID
from odoo.tools import SQL

PATIENCE = timedelta(minutes=5)

# The runner holds this lock on each database that it found when it started; a standby does not show it.
RUNNER = """
    SELECT pg_is_in_recovery() OR EXISTS (
        SELECT FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database
         WHERE datname = current_database() AND locktype = 'advisory' AND objsubid = 1 AND granted
           AND (classid::bigint << 32) + objid::bigint = %s)
"""
# Jobs of ours wait that could have started long ago, and none has.
STUCK = """
    SELECT EXISTS (SELECT FROM queue_job
                    WHERE model_name = 'fba.account' AND state IN ('pending', 'enqueued')
                      AND COALESCE(eta, date_created) < %(long_ago)s)
       AND NOT EXISTS (SELECT FROM queue_job
                        WHERE model_name = 'fba.account' AND (state = 'started' OR date_started > %(long_ago)s))
"""


class FbaAccount(models.Model):
    _inherit = "fba.account"

    queue_problem = fields.Char(compute="_compute_queue_problem", compute_sudo=True)

    @api.depends_context("lang")
    def _compute_queue_problem(self):
        """Why jobs do not run, and who can change that; empty where they do."""
        self.queue_problem = self._queue_problem()

    @api.model
    def _queue_problem(self):
        if not self._has_runner():
            return self.env._(
                "No job runner works on this database. The system administrator lists queue_job among the server-wide "
                "modules and restarts Odoo. Until then the scheduled actions do the work on one machine."
            )
        if self._is_queue_stuck():
            return self.env._(
                "Jobs wait, but none has started for %(minutes)s minutes. The system administrator checks the address "
                "at which the job runner reaches Odoo, and whether workers are free. Until then the scheduled actions "
                "do the work on one machine.",
                minutes=int(PATIENCE.total_seconds() / 60),
            )
        return False

    @api.model
    def _is_queue_at_work(self):
        return self._has_runner() and not self._is_queue_stuck()

    @api.model
    def _has_runner(self):
        return self.env.execute_query(SQL(RUNNER, PG_ADVISORY_LOCK_ID))[0][0]

    @api.model
    def _is_queue_stuck(self):
        return self.env.execute_query(SQL(STUCK, long_ago=fields.Datetime.now() - PATIENCE))[0][0]

    def _problems(self):
        return [*super()._problems(), *filter(None, [self.with_context(lang="en_US")._queue_problem()])]

    def _shown_problems(self, env):
        return [*super()._shown_problems(env), self.with_env(env)._queue_problem()]

    def _late_work_remedy(self):
        if not self._is_queue_at_work():
            return super()._late_work_remedy()
        return self.env._("The system administrator finds the reason in Odoo's log, or under Jobs on this account.")
