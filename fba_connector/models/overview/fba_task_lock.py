"""Which scheduled work is late: no good run for three of its intervals, while the account works."""

from dateutil.relativedelta import relativedelta
from odoo import fields, models
from odoo.tools import format_datetime

from ..account.fba_account_runs import CRON_OF

MISSED_RUNS = 3  # intervals without a good run


class FbaTaskLock(models.Model):
    _inherit = "fba.task.lock"

    is_late = fields.Boolean(compute="_compute_is_late", compute_sudo=True)

    def _compute_is_late(self):
        for lock in self:
            account = lock.account_id
            since = max(filter(None, (lock.good_at or account.create_date, account.works_since)))
            lock.is_late = lock._is_continuous() and since + lock._patience() < fields.Datetime.now()

    def _is_continuous(self):
        """Whether this work is to be done all the time."""
        account = self.account_id
        wanted = {
            "import": account.import_orders,
            "inventory": account.sync_inventory and account.first_sync_confirmed,
            "backfill": False,  # on request
        }
        return account._may_work() and wanted.get(self.task, True)

    def _patience(self):
        cron = self.env.ref(CRON_OF[self.task])
        return relativedelta(**{cron.interval_type: MISSED_RUNS * cron.interval_number})

    def _with_last_run(self):
        """This work and its last good run, for a person."""
        labels = dict(self._fields["task"]._description_selection(self.env))
        if not self.good_at:
            return self.env._("%s (no good run yet)", labels[self.task])
        return self.env._(
            "%(task)s (last good run: %(time)s)",
            task=labels[self.task],
            time=format_datetime(self.env, self.good_at, dt_format="short"),
        )
