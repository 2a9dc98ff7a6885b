"""Jobs of an account that work in the background, step by step, until they end, fail, wait, or a person decides."""

from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import LockError

from ... import amazon
from ..shared.sentence import SentenceField, say
from .fba_account_runs import CONCURRENCY_ERRORS

BUSY = timedelta(seconds=30)  # another run has the account, or a record
OUTAGE = timedelta(minutes=10)


class AccountPaused(Exception):
    """Or archived, while the job was at work."""


class NotReady(Exception):
    """Amazon is at work, or the scheduler's time is up; `pause` (timedelta) later it goes on."""

    def __init__(self, pause=timedelta(0)):  # pylint: disable=missing-return
        super().__init__("The job goes on later.")
        self.pause = pause


class FbaStepJob(models.AbstractModel):
    """The model has `state`, with the states cancelled and failed."""

    _name = "fba.step.job"
    _inherit = ["fba.stateful"]
    _description = "Job in Steps"
    _sentences = {}  # at least "failed" (step, reason)
    _task = ""  # its scheduled action, of CRON_OF
    _running_states = ()  # a job is at work
    _open_states = ()  # it has not ended
    _passing = (amazon.Throttled, NotReady, *CONCURRENCY_ERRORS)  # errors that pass without a person

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    failure_message = SentenceField("Failure", readonly=True)
    continues_at = fields.Datetime("Continues", readonly=True, help="Odoo waits for Amazon until then.")

    def _run(self):
        """Go on from the current step until the end, a failure, a decision of a person, or a wait. Commits as it goes.

        Each step returns None, or the error that it ended with.
        """
        self.ensure_one()
        while self.state in self._running_states:
            try:
                error = self._take_step()
            except CONCURRENCY_ERRORS as concurrent:  # somebody gave up, or changed the account
                self.env.cr.rollback()
                error = concurrent
            if isinstance(error, self._passing):
                self._wait_for(error)
                return

    def _take_step(self):
        """The step of this state, and the state after it; returns an error that passes by itself."""
        state = self.state
        if self.continues_at:
            self.continues_at = False
        error = self._work_on(state)
        self.account_id._commit()
        if self.state != state:  # a person gave up, or the step was the last
            return None
        if error is None:
            self._move_to(self._next_state())
        elif not isinstance(error, self._passing):
            self._move_to("failed", failure_message=say("failed", step=state, reason=self._reason(error)))
        self.account_id._commit()
        return error

    def _work_on(self, state):
        """Hook: the step of `state`; None, or the error that it ended with."""
        raise NotImplementedError

    def _next_state(self):
        """Hook: the state after this one."""
        raise NotImplementedError

    def _reason(self, error):
        """Hook: `error` as a sentence that says what to do."""
        raise NotImplementedError

    def _wait_for(self, error):
        """Go on later, without a person."""
        if isinstance(error, amazon.Throttled):  # the runner has triggered it already
            pause = timedelta(seconds=error.retry_after)
        else:
            pause = BUSY if isinstance(error, CONCURRENCY_ERRORS) else getattr(error, "pause", OUTAGE)
            self.account_id._trigger_again(self._task, pause)
        if pause and not isinstance(error, CONCURRENCY_ERRORS):
            self.continues_at = fields.Datetime.now() + pause
        self.account_id._commit()

    def _run_locked(self, task, work, **options):
        """`work(account, gateway)` under the lock of `task`, as the scheduler runs it; returns its error."""
        account = self.account_id
        if not account._may_work(requested=True):
            return AccountPaused()
        ends = account._run_task(task, work, requested_by=self._task, **options)
        return ends.get(account, LockError("There was no time for it."))

    def _give_up(self):
        self.sudo().filtered(lambda job: job.state in self._open_states)._move_to("cancelled")

    def _wake(self):
        if self.state in self._running_states:
            self.account_id._trigger_again(self._task, timedelta())
