"""A job for each account and task, in the account's channel: the scheduled actions only enqueue them."""

import time
from datetime import timedelta
from functools import partial

import psycopg2
from odoo import SUPERUSER_ID, api, fields, models
from odoo.addons.fba_connector.models.account.fba_account_runs import CONCURRENCY_ERRORS, WORK_OF
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.tools import config

JOBS = ("_work_in_queue", "_apply_in_queue", "_import_in_queue", "_preview_in_queue")

CHANNEL = "root.fba"
KEPT_DAYS = 1  # jobs that are done: there are hundreds a day for each account
BUSY_S = 30  # another process has the account, or a record
LONGEST_S = 60  # a job, before the next one goes on
MARGIN_S = 15  # before Odoo ends the worker
FOREVER = 0  # retries of a job whose worker was killed


def longest_s():
    """How long a job may take: well before Odoo ends its worker."""
    limit_s = config["limit_time_real"]
    return min(LONGEST_S, limit_s / 2) if limit_s > 0 else LONGEST_S


class FbaAccount(models.Model):
    _inherit = "fba.account"

    # === ENQUEUEING === #

    def _dispatch(self, task):
        if not self._is_queue_at_work():
            return super()._dispatch(task)
        return self._enqueue(task)

    def _trigger_again(self, task, delay):
        if task not in WORK_OF or not self._is_queue_at_work():
            return super()._trigger_again(task, delay)
        return self._enqueue(task, delay)

    def _enqueue(self, task, delay=timedelta()):
        """A job of `task` for each of these accounts, `delay` from now; one that waits already goes no later, and one
        that failed goes again.

        Decided just before the commit: a job that started earlier would not see what it is wanted for.
        """
        self.env.cr.precommit.add(partial(self._add_jobs, task, delay))

    def _add_jobs(self, task, delay):
        """In a transaction of its own: it sees the jobs of this moment, and no conflict over them undoes ours."""
        with self.env.registry.cursor() as cr:
            accounts = self.with_env(self.env(cr=cr)).exists()
            try:
                accounts._add_missing_jobs(task, delay)
            except psycopg2.errors.SerializationFailure:  # those that were to come forward start just now
                cr.rollback()
                accounts._add_missing_jobs(task, delay)

    def _add_missing_jobs(self, task, delay):
        keys = {account: f"fba.{account.id}.{task}" for account in self}
        unstarted = [("identity_key", "in", list(keys.values())), ("state", "in", ("pending", "enqueued", "failed"))]
        jobs = self.env["queue.job"].sudo().search(unstarted)
        failed = {job.identity_key: job for job in jobs if job.state == "failed"}
        waiting = {job.identity_key: job for job in jobs if job.state != "failed"}
        at = fields.Datetime.now() + delay
        for account in self.sudo():
            key = keys[account]
            if job := waiting.get(key):
                if job.eta and job.eta > at:
                    job.eta = at
            elif job := failed.get(key):
                job.requeue()
                job.eta = delay and at
            else:
                account._later(task, eta=delay or None, identity_key=key)._work_in_queue(task)
        self.env.flush_all()

    def _later(self, task, count=0, **options):
        """This account, whose next method is a job of `task`, for `count` records of it (default: all): with nothing of
        whoever asked for it."""
        account = self.with_user(SUPERUSER_ID).with_context({})  # pylint: disable=context-overridden
        description = self._as_runner()._job_title(task, count)
        defaults = {"channel": f"{CHANNEL}.{self.id}", "max_retries": FOREVER, "description": description}
        return account.with_company(account.company_id).with_delay(**defaults, **options)

    def _job_title(self, task, count):
        words = {
            **dict(self.env["fba.task.lock"]._fields["task"]._description_selection(self.env)),
            "first_sync": self.env._("First synchronization"),
        }
        words = {"task": words.get(task, task), "account": self.name, "count": count}
        if count:
            return self.env._("%(task)s: %(account)s, %(count)s orders", **words)
        return self.env._("%(task)s: %(account)s", **words)

    # === JOBS === #

    def _work_in_queue(self, task):
        """The job: `task` of this account, as the scheduled action would do it. Returns what stopped it, in words.

        What passes by itself is tried again; the account shows the rest, as always.
        """
        self.ensure_one()
        if task == "inventory" and self._parts_at_work():
            # Units that have left, but are not booked yet, would look like a difference.
            raise RetryableJobError("Orders are being booked.", seconds=BUSY_S, ignore_retry=True)
        account = self._with_time_limit()
        ends = super(FbaAccount, account._may_work_now(task))._dispatch(task) or {}
        error = ends.get(account)
        if isinstance(error, CONCURRENCY_ERRORS):
            raise RetryableJobError(str(error), seconds=BUSY_S, ignore_retry=True)
        return str(error) if error else None

    def _may_work_now(self, task):
        """This account, if it may still call Amazon; jobs in steps see to that themselves."""
        return self if task in ("first_sync", "backfill") else self.filtered(lambda account: account._may_work())

    def _with_time_limit(self):
        now, limit_s = time.monotonic(), config["limit_time_real"]
        dies_at = now + limit_s - MARGIN_S if limit_s > 0 else float("inf")
        return self._as_runner().with_context(fba_job_ends_at=now + longest_s(), fba_job_dies_at=dies_at)

    def _is_job(self):
        return "fba_job_ends_at" in self.env.context

    def _run_task(self, task, work, patience_s=None, **options):
        if patience_s and self._is_job():
            patience_s = max(1, min(patience_s, self.env.context["fba_job_dies_at"] - time.monotonic()))
        return super()._run_task(task, work, patience_s, **options)

    def _commit(self, **progress):
        """Outside a scheduled action Odoo knows no end: a job has its own."""
        left_s = super()._commit(**progress)
        if not self._is_job():
            return left_s
        return max(0.0, min(left_s, self.env.context["fba_job_ends_at"] - time.monotonic()))

    # === CHANNELS === #

    @api.model_create_multi
    def create(self, vals_list):
        accounts = super().create(vals_list)
        accounts._make_channels()
        return accounts

    def _make_channels(self):
        """A channel for each account, whose jobs are soon forgotten. How many run at once is the server's setting."""
        Channel = self.env["queue.job.channel"].sudo()
        above = self.env.ref("fba_connector_queue.channel_fba")
        there = set(Channel.search([("parent_id", "=", above.id)]).mapped("name"))
        names = {str(account.id) for account in self} - there
        Channel.create([{"name": name, "parent_id": above.id, "removal_interval": KEPT_DAYS} for name in sorted(names)])

    # === SCREENS === #

    def action_open_jobs(self):
        """The jobs of this account."""
        self.ensure_one()
        self.check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("queue_job.action_queue_job")
        return {**action, "domain": [("channel", "=", f"{CHANNEL}.{self.id}")], "context": {}}
