"""The scheduled work of an account: send, follow, import. One run per account and task at a time."""

import logging
from collections import deque
from contextlib import closing
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.exceptions import LockError
from odoo.fields import Domain
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY

from ... import amazon
from ...utc import aware, naive
from ..fulfillment.fba_fulfillment_order import ENDED_STATES, FOLLOWED_STATES
from ..fulfillment.fba_fulfillment_order_hold import WARN_BEFORE

_logger = logging.getLogger(__name__)

# Amazon's clock and ours differ, and its lists lag: what was asked for is asked for once more.
OVERLAP = timedelta(minutes=15)

# Somebody else changes the same rows just now: what was to be done is still due, the next run takes it up.
CONCURRENCY_ERRORS = (*PG_CONCURRENCY_EXCEPTIONS_TO_RETRY, LockError)

# A run outside of the scheduler has no end of its own, and must not sleep for Amazon's slowest plans.
LONGEST_RUN_S = 60

# A wait that a run can do by itself.
SHORT = timedelta(seconds=5)

CRON_OF = {
    "push": "ir_cron_push_fulfillment_orders",
    "pull": "ir_cron_pull_fulfillment_orders",
    "import": "ir_cron_import_amazon_orders",
    "inventory": "ir_cron_sync_inventory",
    "anonymize": "ir_cron_anonymize",
}


class FbaAccount(models.Model):
    _inherit = "fba.account"

    @api.model
    def _cron_push_fulfillment_orders(self):
        self._all_active()._push_fulfillment_orders()

    @api.model
    def _cron_pull_fulfillment_orders(self):
        # Amazon's clock runs on, whether an account may call or not.
        for account in self.search([("active", "=", True)]):
            account._warn_of_times()
        self._all_active()._pull_fulfillment_orders()

    @api.model
    def _cron_import_amazon_orders(self):
        self._all_active().filtered("import_orders")._import_amazon_orders()

    @api.model
    def _all_active(self):
        """All accounts that may call Amazon by themselves: a handful."""
        return self.search([("paused", "=", False), ("is_live", "=", True)])

    def _may_work(self):
        return self.active and self.is_live and not self.paused

    def _push_fulfillment_orders(self):
        """Send what is queued, and find out what became of sendings that got no answer. Commits as it goes."""
        self._run_task("push", type(self)._push_due_orders)

    def _pull_fulfillment_orders(self):
        """Follow what was sent: one list of what changed, then each changed order. Commits as it goes."""
        self._run_task("pull", type(self)._pull_changed_orders)

    def _import_amazon_orders(self):
        """Fetch orders sold on Amazon into the inbox, then book them. Commits as it goes."""
        self._run_task("import", type(self)._import_changed_orders)

    def _run_task(self, task, work, patience_s=None):
        """Call `work(account, gateway)` for each account that may run, the one that waits longest first; one account's
        failure leaves the others. `patience_s`: how long it may wait for Amazon's usage plan (default: while Odoo has
        time for this scheduled action)."""
        locks = self.sudo().task_lock_ids.filtered(lambda lock: lock.task == task and lock.account_id._may_work())
        for lock in locks.sorted(lambda lock: (lock.run_at or datetime.min, lock.id)):
            account = lock.account_id.with_env(self.env).with_company(lock.company_id)
            left_s = account._commit()  # the lock's own cursor must see the account, too
            if not left_s:
                account._trigger_again(task, timedelta())  # then it is the first
                break
            with lock._hold() as held:
                if not held:
                    _logger.info("FBA account %s: %s is already running", account.id, task)
                    continue
                held.run_at = fields.Datetime.now()
                if account._run_one(task, work, patience_s or min(left_s, LONGEST_RUN_S)):
                    held.good_at = fields.Datetime.now()

    def _run_one(self, task, work, patience_s):
        """Whether all went well."""
        good = False
        if missing := self._missing_message():
            self._set_connection("refused", missing, task)
            self._commit()
            return good
        try:
            with self._open_gateway(patience_s) as gateway:
                work(self, gateway)
            good = True
        except amazon.Throttled as error:
            self.env.cr.rollback()
            _logger.info("FBA account %s: %s goes on in %s s: %s", self.id, task, error.retry_after, error)
            self._trigger_again(task, timedelta(seconds=error.retry_after))
        except amazon.AmazonError as error:
            self.env.cr.rollback()
            _logger.warning("FBA account %s: %s stopped: %s", self.id, task, error)
            self._note_connection_error(error, task)
        except CONCURRENCY_ERRORS as error:
            self.env.cr.rollback()
            _logger.info("FBA account %s: %s goes on with the next run: %s", self.id, task, error)
        except Exception as error:
            self.env.cr.rollback()
            _logger.exception("FBA account %s: %s failed", self.id, task)
            self._set_connection("failed", self.env._("%(task)s failed: %(error)s", task=task, error=error))
        self._commit()
        return good

    def _trigger_again(self, task, delay):
        """A trigger for now wakes a worker at once, one for later waits for Odoo to look: up to a minute."""
        at = fields.Datetime.now() + delay if delay > SHORT else None
        self.env.ref(f"fba_connector.{CRON_OF[task]}").sudo()._trigger(at)

    def _commit(self, **progress):
        """Commit, and tell the scheduled action how far we are; returns the seconds left for this run."""
        return self.env["ir.cron"]._commit_progress(**progress)

    def _for_each(self, task, records, work, at_once=1, note=None):
        """`work(record)` in a transaction of its own; what fails is kept on the record and the rest goes on. Where the
        time is up before the last, `task` goes on at once with a further run. `at_once`: so many records to a call,
        and one by one where that fails. `note(record, why)` keeps a failure (default: the record's own way).

        `work` must lock what it changes. A failure that concerns the whole account (AuthenticationFailed,
        Throttled) is passed on.
        """
        note = note or type(records)._note_failure
        self._commit(remaining=len(records))
        parts = deque(records[start : start + at_once] for start in range(0, len(records), at_once))
        while parts:
            record = parts.popleft().with_prefetch(records._prefetch_ids)
            try:
                work(record)
                if record._name == "fba.fulfillment.order":
                    record._announce()
                self.env.flush_all()  # what the database refuses is this record's failure, too
            except (amazon.AuthenticationFailed, amazon.Throttled):
                self._commit(remaining=0)
                raise
            except CONCURRENCY_ERRORS as error:
                self.env.cr.rollback()
                _logger.info("FBA account %s: %s is busy: %s", self.id, record, error)
            except amazon.AmazonError as error:
                self.env.cr.rollback()
                _logger.warning("FBA account %s: %s failed: %s", self.id, record, error)
                note(record, error.user_message)
            except Exception as error:
                self.env.cr.rollback()
                if len(record) > 1:
                    _logger.info("FBA account %s: %s go on one by one: %s", self.id, record, error)
                    parts.extendleft(reversed(record))
                    continue
                _logger.exception("FBA account %s: %s failed", self.id, record)
                note(record, str(error))
            if not self._commit(processed=len(record)):
                # Odoo would call again at once for what remains, each time for one more record.
                self._trigger_again(task, timedelta())
                self._commit(remaining=0)
                break

    def _each_in_its_limits(self, gateway, *works):
        """Each `work(gateway)` in turn; a kind of call that Amazon limits leaves the others. Raises Throttled then."""
        throttled = None
        for work in works:
            try:
                work(gateway)
            except amazon.Throttled as error:
                self.env.cr.rollback()
                throttled = error
        if throttled:
            raise throttled

    # === PUSH === #

    def _push_due_orders(self, gateway):
        """What Amazon is to be told, the most urgent first."""
        self._each_in_its_limits(gateway, self._push_cancellations, self._push_orders, self._push_previews)

    def _push_cancellations(self, gateway):
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.id),
                ("state", "not in", ENDED_STATES),
                ("cancel_requested_at", "!=", False),
                ("cancel_asked_at", "=", False),
            ]
        )
        self._for_each("push", orders, lambda order: order._ask_to_cancel(gateway))

    def _push_orders(self, gateway):
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("account_id", "=", self.id),
                ("state", "in", ("queued", "submitting")),
                ("due_at", "<=", fields.Datetime.now()),
            ],
            order="due_at, id",
        )
        self._for_each("push", orders, lambda order: order._push(gateway))

    def _push_previews(self, gateway):
        orders = self.env["fba.fulfillment.order"].search([("account_id", "=", self.id), ("preview_is_due", "=", True)])
        self._for_each("push", orders, lambda order: order._preview_in_background(gateway))

    # === PULL === #

    def _pull_changed_orders(self, gateway):
        """What the list names becomes due; then everything due is read."""
        self._each_in_its_limits(gateway, self._list_changed_orders, self._read_due_orders)
        self._mail_shipments()

    def _read_due_orders(self, gateway):
        due = self.env["fba.fulfillment.order"].search(
            [*self._followed(), ("due_at", "<=", fields.Datetime.now())], order="due_at, id"
        )
        with closing(due._read_ahead(gateway)) as answers:
            self._for_each("pull", due, lambda order: order._refresh(*next(answers)))

    def _followed(self):
        return [("account_id", "=", self.id), ("state", "in", FOLLOWED_STATES), ("submitted_at", "!=", False)]

    def _list_changed_orders(self, gateway):
        """Each page is committed with where to go on: after a long rest the list takes several runs."""
        known_until = self.pull_cursor or self.create_date
        if not self.pull_page_token:
            self.pull_asked_at = fields.Datetime.now()
        since, token = aware(known_until - OVERLAP), self.pull_page_token or None
        for page in gateway.list_fulfillment_orders(since, page_token=token):
            summaries = {summary.order_id: summary for summary in page.orders}
            ours = self.env["fba.fulfillment.order"].search(
                [("account_id", "=", self.id), ("name", "in", list(summaries))]
            )
            followed = ours.filtered_domain(self._followed())
            changed = [order.id for order in followed if order._differs_from(summaries[order.name])]
            followed.browse(changed).due_at = self.pull_asked_at
            foreign = summaries.keys() - set(ours.mapped("name"))
            foreign = [summaries[name] for name in foreign if not name.startswith(self._test_order_prefix())]
            self._count_foreign(foreign, known_until)
            self.pull_page_token = page.next_token
            if not page.next_token:
                self.pull_cursor = self.pull_asked_at
            self._set_connection("ok", False, "pull")
            self._commit()

    def _count_foreign(self, summaries, since):
        """Orders that were not made here, such as in Seller Central: left alone; each counted as Amazon received it."""
        if new := [summary for summary in summaries if naive(summary.received_at) > since]:
            self.foreign_order_count += len(new)
            _logger.info("FBA account %s: %s orders that are not ours", self.id, len(new))

    def _mail_shipments(self):
        """What was booked, also by an earlier run or a Refresh."""
        due = self.env["fba.shipment"].search(
            [("mail_state", "=", "due"), ("fulfillment_order_id.account_id", "=", self.id)]
        )
        if ready := due.filtered(lambda shipment: shipment._mail_is_due()):
            self._for_each("pull", ready, lambda shipment: shipment._send_mail())

    def _warn_of_times(self):
        """What time alone does to an order: a hold that ends, a promise that has passed, a start that does not come."""
        now = fields.Datetime.now()
        hold_ends = Domain("hold_ends_at", "<=", now + WARN_BEFORE) & Domain("hold_was_warned", "=", False)
        late = Domain("late_at", "<=", now) & Domain("delay_warned", "!=", "late")
        stuck = Domain("stuck_at", "<=", now) & Domain("delay_warned", "=", False)
        passed = Domain("account_id", "=", self.id) & (hold_ends | late | stuck)
        if orders := self.env["fba.fulfillment.order"].search(passed & Domain("state", "!=", "exception")):
            self._for_each("pull", orders, lambda order: order._warn_of_time())
