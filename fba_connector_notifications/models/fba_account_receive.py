"""Messages of the queue become notices: what they name is to be looked at.

A message is deleted once its notice is stored. One that cannot be read stays: AWS hands it over a few times, then puts
it among the dead letters.
"""

import logging
import time
from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.models.account.fba_account_runs import CONCURRENCY_ERRORS, CRON_OF
from odoo.addons.fba_connector.utc import naive

from ..sqs import LONGEST_WAIT_S, QueueError
from .fba_subscription import TASK_OF

_logger = logging.getLogger(__name__)

CRON_OF["receive"] = "fba_connector_notifications.ir_cron_receive_notifications"

COUNTED = (notifications.TRANSACTION,)  # of no use yet
LISTEN_S = 50  # one run, of all accounts
MOST_RECEIVED = 5  # times, where the queue has no dead-letter queue
DEAD_LETTERS_EACH = timedelta(minutes=10)


class FbaTaskLock(models.Model):
    _inherit = "fba.task.lock"

    task = fields.Selection(selection_add=[("receive", "Receive notifications")], ondelete={"receive": "cascade"})

    def _is_continuous(self):
        return super()._is_continuous() and (self.task != "receive" or bool(self.account_id._listening()))


class FbaCallCount(models.Model):
    _inherit = "fba.call.count"

    task = fields.Selection(selection_add=[("receive", "Receive notifications")], ondelete={"receive": "cascade"})


class FbaAccount(models.Model):
    _inherit = "fba.account"

    @api.model
    def _cron_receive_notifications(self):
        """Also where there is a job queue: to listen is to wait, and a job would hold up others meanwhile."""
        self._all_active()._listening()._receive_notifications()

    def _listening(self):
        """Those of these accounts that Amazon notifies."""
        return self.sudo().filtered(lambda it: it.sqs_queue_url and it.sqs_destination_id).sudo(False)

    def _receive_notifications(self):
        """Store what the queues of these accounts hold; wait for more for a while. Commits as it goes; returns as
        _run_task."""
        share_s = LISTEN_S / max(1, len(self))  # one queue after the other

        def receive(account, _gateway):
            account._receive(share_s)

        return self._run_task("receive", receive)

    def _receive(self, share_s):
        """Messages of one queue, for so many seconds."""
        ends_at = time.monotonic() + share_s
        try:
            with self._open_queue() as queue:
                while (left_s := ends_at - time.monotonic()) > 0:
                    messages = queue.receive(min(LONGEST_WAIT_S, max(0, round(left_s))))
                    queue.delete(self._store_messages(messages))
                    if not self._commit():
                        break
                self._count_dead_letters(queue)
        except QueueError as error:
            self.env.cr.rollback()
            self._queue_state()._note_problem(error.kind, error.code)
            self._commit()
            _logger.warning("FBA account %s: notifications are not received: %s", self.id, error)
            return
        self._trigger_again("receive", timedelta())

    def _store_messages(self, messages):
        """Store what these messages say, in a transaction. Returns those that are settled, and may be deleted."""
        for last in (False, True):
            try:
                settled = self._store(messages)
                self._queue_state()._note_read()
                self.env.cr.flush()
                self._commit()
                return settled
            except CONCURRENCY_ERRORS as error:  # somebody is looking at one of them just now
                self.env.cr.rollback()
                if last:
                    _logger.info("FBA account %s: %s messages come again: %s", self.id, len(messages), error)
        return []

    def _store(self, messages):
        settled, changes, of_row, tasks = [], {}, defaultdict(list), set()
        for message in messages:
            try:
                notification = amazon.parse_notification(message.body)
            except amazon.Malformed as error:
                _logger.warning("FBA account %s: a message cannot be read: %s", self.id, error)
                if message.times_received >= MOST_RECEIVED:
                    settled.append(message)
                    self._queue_state()._note_unknown(str(error))
                continue
            row = self._subscription_of(notification)
            if not row:
                _logger.warning("FBA account %s: %s of another subscription", self.id, notification.type)
                if message.times_received >= MOST_RECEIVED:
                    settled.append(message)
                continue
            settled.append(message)
            event_at = naive(notification.event_at)
            of_row[row].append(event_at)
            if not notification.is_known and notification.type not in COUNTED:
                self._queue_state()._note_unknown(f"{notification.type} {notification.version}")
            elif notification.key and (task := row.account_id._task_for(notification)):
                tasks.add((row.account_id, task))
                if notification.type != notifications.REPORT:  # of which the task asks anyway
                    key = (row.account_id, notification.type, notification.key)
                    changes[key] = max(event_at, changes.get(key, event_at))
        self.env["fba.notice"].sudo()._note(changes)
        now = fields.Datetime.now()
        for row, moments in of_row.items():
            row.write(
                {
                    "message_count": row.message_count + len(moments),
                    "last_event_at": max(moments + [row.last_event_at or moments[0]]),
                    "last_received_at": now,
                }
            )
        for account, task in tasks:
            account._trigger_again(task, timedelta())
        return settled

    def _subscription_of(self, notification):
        """The row of the subscription that `notification` came by: by its ID, or of the one account of this queue."""
        Row = self.env["fba.subscription"].sudo()
        row = Row.search([("amazon_subscription_id", "=", notification.subscription_id)], limit=1)
        if row or self.sudo().search_count([("sqs_queue_url", "=", self.sudo().sqs_queue_url)]) > 1:
            return row
        return Row.search([("account_id", "=", self.id), ("type", "=", notification.type)])

    def _task_for(self, notification):
        """The task that looks at what `notification` names; None where this account has no use for it."""
        if notification.type == notifications.REPORT:
            if self.sudo().tracking_report_id == notification.key:
                return "import"
            reports = [("account_id", "=", self.id), ("report_id", "=", notification.key)]
            return "backfill" if self.env["fba.backfill"].sudo().search_count(reports, limit=1) else None
        market = notification.marketplace_id
        is_here = not market or market in self.marketplace_ids.mapped("marketplace_id")
        return TASK_OF[notification.type] if is_here else None

    def _count_dead_letters(self, queue):
        state, now = self._queue_state(), fields.Datetime.now()
        if state.counted_at and state.counted_at > now - DEAD_LETTERS_EACH:
            return
        arn = queue.attributes().dead_letter_arn
        count = queue.count_dead_letters(arn) if arn else 0
        state.write({"dead_letter_count": count, "counted_at": now})
