"""Cancellation of a fulfillment order, requested from Amazon: nothing is released until Amazon agrees."""

import logging
from datetime import timedelta

from odoo import fields, models
from odoo.exceptions import UserError

from ... import amazon
from ..account.fba_account_runs import reason_of
from ..shared.notification import CLOSE, notification
from ..shared.sentence import say
from .fba_fulfillment_order import NO_FAILURE
from .patience import next_try
from .states import NOT_BEGUN

_logger = logging.getLogger(__name__)

NO_CANCELLATION = {"cancel_requested_at": False, "cancel_due_at": False, "cancel_count": 0, "cancel_asked_at": False}


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    cancel_requested_at = fields.Datetime(
        "Cancellation Requested", readonly=True, copy=False, tracking=True,
        help="Odoo releases nothing until Amazon agrees. Cleared when Amazon refuses.",
    )  # fmt: skip
    cancel_count = fields.Integer(
        "Cancellation Requests", readonly=True, copy=False, help="Requests without an answer."
    )
    cancel_due_at = fields.Datetime(
        "Next Cancellation Request",
        readonly=True,
        copy=False,
        help="Time of the next request, while Amazon has not accepted one.",
    )
    cancel_asked_at = fields.Datetime(readonly=True, copy=False, help="Time when Amazon accepted the request.")
    cancel_refused_at = fields.Datetime(
        "Cancellation Refused", readonly=True, copy=False, help="Time of Amazon's last refusal."
    )

    # Each run searches for these, and nearly always finds none.
    _to_cancel_index = models.Index("(account_id) WHERE cancel_due_at IS NOT NULL AND cancel_asked_at IS NULL")

    def _is_unclear(self):
        """Whether it is unknown if Amazon has the order: no cancellation before that is settled."""
        return self.state == "exception" and self.at_amazon and not self.submitted_at

    def action_request_cancel(self):
        """Cancel unsent orders; ask Amazon to cancel sent ones. Raises UserError where none can be cancelled.

        Returns a notification of the result.
        """
        self._check_may_send()
        for order in self:
            if not order.can_cancel:
                raise UserError(self.env._("%s cannot be cancelled.", order.name))
        unsent = self.sudo().filtered(lambda order: not order.at_amazon)
        unsent.sale_id._fba_check_open()
        unsent.line_ids._open_moves()._fba_release()
        sent = self.sudo() - unsent
        sent._request_cancel()
        for account, orders in sent.filtered(lambda order: order._is_worked_on()).grouped("account_id").items():
            if account.paused or not account.active:
                continue  # asked once the account is resumed
            try:
                with account._open_gateway() as gateway:
                    for order in orders:
                        order._ask_to_cancel(gateway)
            except (amazon.AuthenticationFailed, amazon.Throttled) as error:
                _logger.warning("FBA account %s: the scheduled action asks to cancel: %s", account.id, error)
        return self._notify_of_cancellation()

    def _notify_of_cancellation(self):
        """Tell the user what became of the request, and reload the screen."""
        sentences = {
            "cancelled": self.env._("%s was cancelled."),
            "asked": self.env._("Amazon was asked to cancel %s."),
            "waiting": self.env._("Odoo will ask Amazon to cancel %s as soon as possible."),
            "refused": self.env._("Amazon refused to cancel %s."),
        }
        results = self.sudo().grouped(lambda order: order._cancellation_result())
        messages = [
            sentence % ", ".join(results[result].sale_id.mapped("name"))
            for result, sentence in sentences.items()
            if result in results
        ]
        return notification("warning" if "refused" in results else "success", " ".join(messages), CLOSE)

    def _cancellation_result(self):
        """cancelled, asked, waiting (Odoo asks later) or refused."""
        if not self.cancel_requested_at:
            return "cancelled" if self.state == "cancelled" else "refused"
        return "asked" if self.cancel_asked_at else "waiting"

    def _cancel_before_sending(self):
        """Amazon certainly does not have the order: cancel it immediately."""
        self.write({**NO_CANCELLATION, "due_at": False})
        self.line_ids._open_moves()._fba_release()
        self.sale_id._fba_settle_cancellation()

    def _request_cancel(self):
        """Let the scheduled action request it, as soon as Amazon certainly has the order."""
        now = fields.Datetime.now()
        self.filtered(lambda order: not order.cancel_requested_at).write(
            {"cancel_requested_at": now, "cancel_due_at": now, "cancel_asked_at": False, "cancel_refused_at": False}
        )
        self.account_id._trigger_again("push", timedelta())

    def _ask_to_cancel(self, gateway):
        """Ask Amazon; without an answer, ask again later. Does nothing while another worker holds the order.

        Raises AuthenticationFailed and Throttled, which are not about this order.
        """
        order = self.try_lock_for_update(allow_referencing=True)
        if order.cancel_requested_at and not order.at_amazon:
            order._cancel_before_sending()
        if not order or not order._is_worked_on() or not order.cancel_requested_at or order.cancel_asked_at:
            return
        try:
            taken = order._try_to_cancel(gateway)
        except amazon.NotFound as error:
            # Amazon's reads lag behind what it has accepted.
            _logger.info("FBA %s: not there yet to be cancelled: %s", order.name, error)
            order._note_not_cancelled(error)
        except (amazon.AuthenticationFailed, amazon.Throttled):
            raise
        except amazon.AmazonError as error:
            # Asking twice does no harm: the scheduled action asks again.
            _logger.warning("FBA %s: cancellation not asked yet: %s", order.name, error)
            order._note_not_cancelled(error)
        else:
            if taken:
                now = fields.Datetime.now()
                order.write({"cancel_asked_at": now, "due_at": now, **NO_FAILURE})
                order.account_id._trigger_again("pull", timedelta())

    def _note_not_cancelled(self, error):
        """Odoo asks again with the next run, then less and less, until Amazon begins to pack."""
        now = fields.Datetime.now()
        count = self.cancel_count
        self.write(
            {
                "failure_message": say("not_cancelled", reason=reason_of(error)),
                "cancel_count": count + 1,
                "cancel_due_at": next_try(now, self.cancel_requested_at, count) if count else now,
            }
        )

    def _try_to_cancel(self, gateway):
        """Whether Amazon accepted the request; settles a refusal. Raises any other AmazonError."""
        try:
            gateway.cancel_fulfillment_order(self.name)
        except amazon.NotFound:
            raise
        except amazon.Rejected as error:
            # Amazon also refuses after an earlier agreement that never reached us: the status shows it.
            self._refresh_now(gateway)
            self._settle_refusal(reason_of(error))
            return False
        return True

    def _settle_refusal(self, reason):
        lag = timedelta(minutes=self.account_id.lookup_delay_minutes)
        if self.amazon_status in NOT_BEGUN and fields.Datetime.now() < self.cancel_requested_at + lag:
            return  # probably an old status, not a refusal: ask again
        if self._is_worked_on():
            self._set_cancel_refused(say("packing", order=self.sale_id.name, reason=reason))

    def _set_cancel_refused(self, message):
        self.write({**NO_CANCELLATION, "cancel_refused_at": fields.Datetime.now(), "error_message": message})
        self.sale_id._fba_cancellation_refused()
        self._alert(message)
