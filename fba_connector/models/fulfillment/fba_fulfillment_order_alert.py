"""Alerts about a fulfillment order: exceptions, failures and their activities."""

from datetime import timedelta

from odoo import fields, models

from .fba_fulfillment_order import NO_FAILURE

EXCEPTION_ACTIVITY = "fba_connector.mail_activity_type_exception"
DELAY_ACTIVITY = "fba_connector.mail_activity_type_delay"
CHANGE_ACTIVITY = "fba_connector.mail_activity_type_change"
LONGEST_BACKOFF = timedelta(hours=1)


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _set_exception(self, code, message):
        """End with a task for a person: on the record, in its chatter, as the salesperson's activity."""
        self._move_to("exception", error_code=code, error_message=message, due_at=False, **NO_FAILURE)
        self._alert(message)

    def _alert(self, message, kind=EXCEPTION_ACTIVITY):
        """In the chatter, and an activity on the sale order."""
        self.message_post(body=message)
        self.sale_id._fba_alert(message, kind)

    def _note_failure(self, reason):
        """An unforeseen error: shown to the clerk; Odoo will try again later."""
        self.write(
            {
                "failure_message": self.env._("Could not be processed: %s. Odoo will try again.", reason),
                "failure_count": self.failure_count + 1,
                "due_at": fields.Datetime.now() + self._backoff(),
            }
        )

    def _end_activity(self):
        """End the order's activity, unless one of its fulfillment orders still needs attention."""
        for sale in self.sale_id:
            if not any(order._needs_attention() for order in sale.fba_fulfillment_order_ids):
                sale.activity_unlink([EXCEPTION_ACTIVITY])
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
        for sale in self.sale_id:
            if not any(sale.fba_fulfillment_order_ids.mapped("delay")):
                sale.activity_unlink([DELAY_ACTIVITY])

    def _backoff(self):
        """Doubles after every consecutive failure, up to an hour."""
        return min(timedelta(minutes=2 ** min(self.failure_count, 6)), LONGEST_BACKOFF)
