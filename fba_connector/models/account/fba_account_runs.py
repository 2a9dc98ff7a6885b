"""The runner of all scheduled work: tasks, their parts and their items.

A task runs once per account at a time. A part that fails does not stop the others, nor does an item: each item is a
transaction of its own, and keeps its failure and the time of the next try (`fba.work.item`).
"""

import logging
from collections import deque
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError, UserError
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ... import amazon
from ..shared.reader import language_of
from ..shared.sentence import Words, say
from .amazon_sentences import sentence_of

_logger = logging.getLogger(__name__)

# Amazon's clock and ours differ, and its lists lag: each request reaches back into the one before.
OVERLAP = timedelta(minutes=15)

# Another transaction is changing the same rows: the work stays due, and the next run takes it up.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, LockError)

# A run outside the scheduler has no end of its own, and must not sleep through Amazon's slowest plans.
LONGEST_RUN_S = 60

# A wait short enough for a run to sit out.
SHORT = timedelta(seconds=5)

# Task -> its scheduled action. Add-ons with tasks of their own add them, here and to WORK_OF.
CRON_OF = {
    "push": "fba_connector.ir_cron_push_fulfillment_orders",
    "pull": "fba_connector.ir_cron_pull_fulfillment_orders",
    "import": "fba_connector.ir_cron_import_amazon_orders",
    "inventory": "fba_connector.ir_cron_sync_inventory",
    "first_sync": "fba_connector.ir_cron_first_sync",
    "backfill": "fba_connector.ir_cron_backfill",
    "anonymize": "fba_connector.ir_cron_anonymize",
}

# Task -> the method of accounts that does it.
WORK_OF = {
    "push": "_push_fulfillment_orders",
    "pull": "_pull_fulfillment_orders",
    "import": "_import_amazon_orders",
    "inventory": "_sync_inventory",
    "first_sync": "_run_first_syncs",
    "backfill": "_run_backfills",
}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    def _dispatch(self, task):
        """Hook, for the scheduled action of `task` (of WORK_OF): have these accounts do it. Here and now; returns what
        its method does."""
        return getattr(self, WORK_OF[task])()

    @api.model
    def _all_active(self):
        """All accounts that may call Amazon automatically: a handful."""
        return self.search([("paused", "=", False), ("is_live", "=", True)])

    def _may_work(self, *, requested=False):
        """Whether this account may call Amazon; before it is live, only where a person has `requested` it."""
        return self.active and not self.paused and (self.is_live or requested)

    def _may_poll(self, task):
        """Hook: whether `task` asks Amazon for its list of changes now; else it only reads what it knows to be due."""
        return True

    def _as_runner(self):
        """This account in the environment of its work: its company, the language of the person in charge."""
        account = self.with_company(self.sudo().company_id)
        return account.with_context(lang=language_of(account._responsible()))

    def _run_task(self, task, work, patience_s=None, *, requested_by=None):
        """Call `work(account, gateway)` for each account that may run, the longest waiting one first; one account's
        failure does not stop the others. `patience_s`: how long it may wait for Amazon's usage plan (default: while
        Odoo has time for this scheduled action).

        `requested_by`: a person wants it, also in an account that is not live; the scheduled action of CRON_OF that
        goes on with it. Returns {account: None or the error its run ended with}: LockError where another process runs
        it; accounts that may not run, or that there was no time for, are missing.
        """
        ends = {}
        locks = self.sudo().task_lock_ids.filtered(
            lambda lock: lock.task == task and lock.account_id._may_work(requested=bool(requested_by))
        )
        for lock in locks.sorted(lambda lock: (lock.run_at or datetime.min, lock.id)):
            account = lock.account_id.with_env(self.env)._as_runner()
            left_s = account._commit()  # the lock's own cursor must see the account, too
            if not left_s:
                account._trigger_again(requested_by or task, timedelta())  # then it is the first
                break
            with lock._hold() as held:
                if not held:
                    _logger.info("FBA account %s: %s is already running", account.id, task)
                    ends[account] = LockError("Another process runs it.")
                    continue
                held.run_at = fields.Datetime.now()
                ends[account] = account._run_one(
                    task, work, patience_s or min(left_s, LONGEST_RUN_S), requested_by or task
                )
                if ends[account] is None:
                    held.good_at = fields.Datetime.now()
        return ends

    def _run_one(self, task, work, patience_s, again):
        """None if all went well, else the error. `again`: the scheduled action of CRON_OF for the rest."""
        ended = None
        if missing := self._missing_message():
            self._set_connection("refused", missing, task)
            self._commit()
            return UserError(missing)
        try:
            with self._open_gateway(patience_s, task) as gateway:
                work(self, gateway)
        except amazon.Throttled as error:
            self.env.cr.rollback()
            _logger.info("FBA account %s: %s goes on in %s s: %s", self.id, task, error.retry_after, error)
            self._trigger_again(again, timedelta(seconds=error.retry_after))
            ended = error
        except amazon.AmazonError as error:
            self.env.cr.rollback()
            _logger.warning("FBA account %s: %s stopped: %s", self.id, task, error)
            self._note_connection_error(error, task)
            ended = error
        except CONCURRENCY_ERRORS as error:
            self.env.cr.rollback()
            _logger.info("FBA account %s: %s goes on with the next run: %s", self.id, task, error)
            ended = error
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("FBA account %s: %s failed", self.id, task)
            self._set_connection("internal", say("internal", task=task, reason=reason_of(error)), task)
            ended = error
        self._commit()
        return ended

    def _trigger_again(self, task, delay):
        """Hook: `task` (of CRON_OF) goes on for these accounts, `delay` (timedelta) from now.

        An immediate trigger wakes a worker, a later one waits until Odoo checks: up to a minute.
        """
        at = fields.Datetime.now() + delay if delay > SHORT else None
        self.env.ref(CRON_OF[task]).sudo()._trigger(at)

    def _commit(self, **progress):
        """Commit, and report progress to the scheduled action; returns the seconds left for this run."""
        return self.env["ir.cron"]._commit_progress(**progress)

    def _run_parts(self, gateway, *parts):
        """Each `part(gateway)` in turn; one stopped by Amazon does not stop the others. Raises its AmazonError last."""
        errors = []
        for part in parts:
            try:
                part(gateway)
            except amazon.AmazonError as error:
                self.env.cr.rollback()
                errors.append(error)
        if errors:
            # A limit of Amazon's passes; a user has to see any other error.
            raise next((error for error in errors if not isinstance(error, amazon.Throttled)), errors[0])

    def _for_each(self, task, items, work, *, at_once=1, note=None, to_the_end=False, gateway=None):
        """`work(item)` for each of `items` (fba.work.item), in a transaction of its own; returns those that went well.

        `note(item, error)` notes a failure (default: the item's own way), and the rest goes on. `at_once`: so many
        items to a call, and one by one if that fails. If the scheduler's time is up before the last, `task` goes on
        immediately with another run, unless this one goes `to_the_end`.

        `work` must lock what it changes. A failure of the whole account (AuthenticationFailed, Throttled) is raised;
        with a `gateway`, a refusal counts as one only where Amazon refuses a call about no item as well.
        """
        note = note or (lambda item, error: item._note_failure(reason_of(error)))
        self._commit(remaining=len(items))
        done, parts = items.browse(), deque(items[at : at + at_once] for at in range(0, len(items), at_once))
        while parts:
            item = parts.popleft().with_prefetch(items._prefetch_ids)
            try:
                work(item)
                item._after_work()
                self.env.cr.flush()  # a refusal of the database, or by what runs before a commit, is the item's, too
                done |= item
            except amazon.Throttled:
                self._commit(remaining=0)
                raise
            except amazon.AuthenticationFailed as error:
                self._commit()
                if gateway is None or self._is_refused(gateway, error):
                    self._commit(remaining=0)
                    raise
                _logger.warning("FBA account %s: %s is refused: %s", self.id, item, error)
                note(item, error)
            except CONCURRENCY_ERRORS as error:
                self.env.cr.rollback()
                _logger.info("FBA account %s: %s is busy: %s", self.id, item, error)
                if len(item) > 1:  # one of them, perhaps all day
                    parts.extendleft(reversed(item))
                    continue
            except Exception as error:
                self.env.cr.rollback()
                if isinstance(error, amazon.AmazonError):
                    _logger.warning("FBA account %s: %s failed: %s", self.id, item, error)
                elif len(item) > 1:
                    _logger.info("FBA account %s: %s go on one by one: %s", self.id, item, error)
                    parts.extendleft(reversed(item))
                    continue
                else:
                    _logger.exception("FBA account %s: %s failed", self.id, item)
                note(item, error)
            if not self._commit(processed=len(item)) and not to_the_end:
                # Odoo would call again immediately for the rest, each time for one more item.
                self._trigger_again(task, timedelta())
                self._commit(remaining=0)
                break
        return done

    def _is_refused(self, gateway, error):
        """Whether `error` (AuthenticationFailed) is the account's: Amazon also refuses a call that is about no record.

        Raises Throttled. Where the second call fails otherwise, the record waits alone.
        """
        try:
            gateway.confirm_refusal(error)
        except amazon.AuthenticationFailed:
            return True
        except amazon.Throttled:
            raise
        except amazon.AmazonError as unclear:
            _logger.warning("FBA account %s: no second witness: %s", self.id, unclear)
        error.reason = amazon.because("record_refused", code=error.code)
        return False


def reason_of(error, item_words=None):
    """`error` to be stored, quoted or put in_words: a Sentence, Words where it was raised with them, or text.

    `item_words`: {item id: words}, for the lines that Amazon names.
    """
    if isinstance(error, amazon.AmazonError):
        return sentence_of(error.says(item_words or {}))
    return next((it for it in error.args if isinstance(it, Words)), None) or str(error)
