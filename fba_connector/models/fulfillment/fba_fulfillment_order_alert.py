"""Alerts about a fulfillment order: exceptions, failures and their activities."""

from odoo import fields, models

from ..shared.reader import as_reader, post
from ..shared.sentence import in_words, say
from .fba_fulfillment_order import NO_FAILURE
from .patience import next_try

EXCEPTION_ACTIVITY = "fba_connector.mail_activity_type_exception"
DELAY_ACTIVITY = "fba_connector.mail_activity_type_delay"
CHANGE_ACTIVITY = "fba_connector.mail_activity_type_change"


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _set_exception(self, code, message):
        """End with a task for a person: `message` (text or sentence) on the record, in its chatter and as the
        salesperson's activity."""
        self._move_to("exception", error_code=code, error_message=message, due_at=False, **NO_FAILURE)
        self._end_delay_activity()
        self._alert(message)

    def _alert(self, message, kind=EXCEPTION_ACTIVITY):
        """`message` (see in_words) in the chatter, and as an activity on the sale order; in the language of whoever is
        in charge."""
        text = in_words(self._for_reader(), message)  # the sale order does not know these sentences
        self._post(text)
        self.sale_id._fba_alert(text, kind)

    def _post(self, message):
        """`message` (see in_words) in the chatter, in the language of whoever is in charge."""
        post(self, self.sale_id._fba_responsible(), message)

    def _for_reader(self):
        """Self as whoever is in charge reads it."""
        return as_reader(self, self.sale_id._fba_responsible())

    def _note_failure(self, reason):
        """An unforeseen error: shown to the clerk; Odoo will try again later."""
        self.write({"failure_message": say("failed", reason=reason), **self._failed()})

    def _failed(self):
        """Values after one more failure: asked again later and later, and in the end no more."""
        now = fields.Datetime.now()
        since = self.failing_since or now
        due_at = next_try(now, since, self.failure_count)
        return {"failing_since": since, "failure_count": self.failure_count + 1, "due_at": due_at}

    def _end_activity(self):
        """End the orders' activities, unless one of their fulfillment orders still needs attention."""
        settled = self.sale_id.filtered(
            lambda sale: (
                sale.activity_ids and not any(order._needs_attention() for order in sale.fba_fulfillment_order_ids)
            )
        )
        settled.activity_unlink([EXCEPTION_ACTIVITY])
        self._end_delay_activity()

    def _needs_attention(self):
        """Whether a decision is due: an exception, a hold about to end, cancelled goods without a source."""
        cancelled = self.line_ids.filtered("cancelled_quantity").sale_line_id
        return (
            self.state == "exception"
            or (self.hold_was_warned and self.hold_ends_at)
            or any(cancelled.mapped("fba_unsourced_qty"))
        )

    def _end_delay_activity(self):
        in_time = self.sale_id.filtered(
            lambda sale: (
                sale.activity_ids
                and not any(order.delay or order._told_waits() for order in sale.fba_fulfillment_order_ids)
            )
        )
        in_time.activity_unlink([DELAY_ACTIVITY])
