"""Messages of the queue become notices: what they name is to be looked at.

A message is deleted once its notice is stored. One that cannot be read stays: AWS hands it over a few times, then puts
it among the dead letters.
"""

import logging
import time
from collections import defaultdict
from datetime import datetime, timedelta

from odoo import api, fields, models
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.amazon import notifications
from odoo.addons.fba_connector.models.account.fba_account_runs import CONCURRENCY_ERRORS, CRON_OF
from odoo.addons.fba_connector.utc import naive

from ..sqs import LONGEST_WAIT_S, QueueError

_logger = logging.getLogger(__name__)

CRON_OF["receive"] = "fba_connector_notifications.ir_cron_receive_notifications"

LISTEN_S = 20  # one run, of all accounts
MOST_RECEIVED = 5  # times, where the queue has no dead-letter queue
DEAD_LETTERS_EACH = timedelta(minutes=10)
# A sale changes its order and its stock: what is told of stock is counted together.
LATER = {"inventory": timedelta(minutes=1)}


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
        ends_at, url = time.monotonic() + share_s, self.sudo().sqs_queue_url
        try:
            with self._open_queue() as queue:
                while (left_s := ends_at - time.monotonic()) > 0:
                    self._commit()  # nothing is held while it waits
                    messages = queue.receive(min(LONGEST_WAIT_S, int(left_s)))
                    self.sudo().invalidate_recordset(["sqs_queue_url"])
                    if self.sudo().sqs_queue_url != url:  # changed meanwhile: these are of the one before
                        break
                    queue.delete(self._store_messages(messages))
                    if not messages and left_s < 1:
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
            except CONCURRENCY_ERRORS as error:  # somebody ends one of these notices just now
                self.env.cr.rollback()
                if last:
                    _logger.info("FBA account %s: %s messages come again: %s", self.id, len(messages), error)
        return []

    def _store(self, messages):
        settled, read = [], []
        for message in messages:
            try:
                read.append((message, amazon.parse_notification(message.body)))
            except amazon.Malformed as error:
                _logger.warning("FBA account %s: a message cannot be read: %s", self.id, error)
                if message.times_received >= MOST_RECEIVED and not self._queue_state().dead_letter_arn:
                    settled.append(message)
                    self._queue_state()._note_unknown(str(error))
        subscriptions, told, changes, tasks = self._subscriptions_of(read), defaultdict(list), {}, set()
        for message, notification in read:
            rows = subscriptions(notification)
            if not rows:  # of another database, or from before the set-up: it is nobody's here
                _logger.warning("FBA account %s: %s of another subscription", self.id, notification.type)
                continue
            settled.append(message)
            for row in rows:
                told[row].append(notification)
                if task := row._task_for(notification):
                    tasks.add((row.account_id, task))
                    if notification.type != notifications.REPORT:  # of which its task asks anyway
                        key = (row.account_id, notification.type, notification.key)
                        changes[key] = max(naive(notification.event_at), changes.get(key, datetime.min))
        self.env["fba.notice"].sudo()._note(changes)
        for row, its in told.items():
            row._note_received(its)
        for account, task in tasks:
            account._trigger_again(task, LATER.get(task, timedelta()))
        return settled

    def _subscriptions_of(self, read):
        """{notification: rows of the subscriptions that it came by}, as a function; without an ID, of the one account
        of this queue."""
        Row = self.env["fba.subscription"].sudo()
        ids = [notification.subscription_id for _message, notification in read if notification.subscription_id]
        by_id = Row.search([("amazon_subscription_id", "in", ids)]).grouped("amazon_subscription_id")
        shared = self.sudo().search_count([("sqs_queue_url", "=", self.sudo().sqs_queue_url)]) > 1
        own = Row.browse() if shared else self.sudo().subscription_ids

        def rows(notification):
            if notification.subscription_id:
                return by_id.get(notification.subscription_id, Row)
            return own.filtered(lambda row: row.type == notification.type)

        return rows

    def _count_dead_letters(self, queue):
        """Keys that may not read that queue do no harm to this one."""
        state, now = self._queue_state(), fields.Datetime.now()
        if state.counted_at and state.counted_at > now - DEAD_LETTERS_EACH:
            return
        arn = queue.attributes().dead_letter_arn
        state.write({"counted_at": now, "dead_letter_arn": arn, "dead_letter_count": 0})
        if arn:
            try:
                state.dead_letter_count = queue.count_dead_letters(arn)
            except QueueError as error:
                _logger.info("FBA account %s: the dead letters are not counted: %s", self.id, error)
