"""Sends orders exactly once: lease, commit, call, commit; after an unknown outcome, asks Amazon first."""

import logging
import re
from datetime import timedelta
from itertools import takewhile
from typing import NamedTuple

from odoo import fields, models

from ... import amazon
from ...utc import aware
from ..account.fba_account_runs import reason_of
from ..shared.fba_fulfillment_options import LIMITS
from ..shared.sentence import say
from .fba_fulfillment_order import NO_FAILURE
from .fba_fulfillment_order_apply import REREAD_UNLISTED
from .states import INCOMPLETE, NOT_SUBMITTED, UNCLEAR

_logger = logging.getLogger(__name__)

LEASE = timedelta(minutes=10)  # longer than all time-outs of one call together
MAX_SENDINGS = 4  # the first and three more
GIVE_UP_AFTER = timedelta(hours=24)

# Outcome of a sending -> the method that settles it; the first that fits.
OUTCOMES = (
    (amazon.AlreadyExists, "_sent_before"),
    (amazon.InvalidRequest, "_sent_invalid"),
    (amazon.Rejected, "_sent_rejected"),
    (amazon.OutcomeUnknown, "_sent_unanswered"),
    (amazon.Throttled, "_sent_too_fast"),
    (amazon.AuthenticationFailed, "_sent_without_access"),
    (amazon.Unavailable, "_sent_in_vain"),
)


class Lease(NamedTuple):
    """Taken for one sending."""

    request: amazon.CreateOrder
    was_sent_before: bool  # and that sending may have arrived


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    # === BEFORE THE CALL === #

    def _to_be_sent_together(self, most):
        """The first of these orders, at most so many; one that Amazon is asked about before it is sent goes alone."""
        first = self.browse(self.ids[:most])  # not the others: each commit makes Odoo read them again
        simple = first.browse([order.id for order in takewhile(lambda order: order._needs_no_answer(), first)])
        return simple or first[:1]

    def _needs_no_answer(self):
        return self.state == "queued" and not self._is_fee_asked_for()

    def _lease(self, gateway):
        """{order: its Lease where Amazon is to get it now, else None}: the others go on, or wait, or end.

        None, too, of those that another worker holds and, without a `gateway`, of those that need an answer of Amazon's
        first. To be committed before anything is sent: a lease keeps all other workers away.
        """
        due = self._lock_due()
        if gateway is None:
            due = due.filtered(lambda order: order._needs_no_answer())
        cancelled = due.filtered(lambda order: order.cancel_requested_at and not order.at_amazon)
        for order in cancelled:
            order._cancel_before_sending()
        due -= cancelled
        due.filtered(lambda order: order.state == "queued")._choose_skus()  # Amazon's counts may have changed since
        leases = {order: order._take_lease() for order in due if order._is_to_be_sent(gateway)}
        return {**dict.fromkeys(self), **leases}  # no order keeps the lease of an attempt that was rolled back

    def _lock_due(self):
        """Those of these that are locked now and still due: another worker may have been quicker."""
        orders = self.try_lock_for_update(allow_referencing=True)
        return orders.filtered(lambda order: order.due_at and order.due_at <= fields.Datetime.now())

    def _is_to_be_sent(self, gateway):
        """Whether Amazon is to get this order now, as far as fee, twins, and an earlier sending tell."""
        if self.state == "submitting":
            return self._look_up(gateway)
        if self.state != "queued" or (self.fee_is_to_check and not self._may_cost(gateway)):
            return False
        return not self._is_held_for_twin()

    def _take_lease(self):
        """The Lease of this order; None where it cannot be sent: it goes back to a person, with the reason."""
        self.ensure_one()
        if self._forced_deliveries():
            self._leave_forced()
            return None
        if not self.at_amazon and (reason := self.warehouse_id._fba_reason_closed() or self._reason_not_served()):
            # Switched off, or another address, since it was queued: back to the clerk, with the reason.
            self._move_to("ready", error_code=NOT_SUBMITTED, error_message=reason)
            return None
        if reason := self._incomplete_reason():
            self._set_refused(INCOMPLETE, reason)
            return None
        lease = Lease(self._prepare_create_request(), self.at_amazon)
        now = fields.Datetime.now()
        self._move_to(
            "submitting",
            at_amazon=True,
            due_at=now + LEASE,
            first_sent_at=self.first_sent_at or now,
            send_count=self.send_count + 1,
            lookup_misses=0,
            sent_facts=self._facts(lease.request),
        )
        return lease

    # === AFTER THE CALL === #

    def _keep_outcomes(self, outcomes, leases, gateway):
        """Write what came of the sendings, all of them. Returns the failures among them that are the account's.

        `outcomes`: {order: None or what was raised}; `leases`: {order: Lease}.
        """
        stopped = []
        accepted = self.filtered(lambda order: outcomes[order] is None)
        accepted._set_accepted("created")
        for order in self - accepted:
            error = outcomes[order]
            if not isinstance(error, amazon.AmazonError):
                raise error
            try:
                order._keep_failure(error, gateway, leases[order].was_sent_before)
            except (amazon.Throttled, amazon.AuthenticationFailed) as of_account:
                stopped.append(of_account)
        for order in self.filtered(lambda order: order.cancel_requested_at and not order.at_amazon):
            order._cancel_before_sending()  # requested during the call, which did not arrive
        return stopped

    def _keep_failure(self, error, gateway, was_sent_before):
        """Write why this order's sending failed. Raises Throttled and AuthenticationFailed: these are the account's."""
        settle = next(method for kind, method in OUTCOMES if isinstance(error, kind))
        try:
            getattr(self, settle)(error, gateway, was_sent_before)
        except amazon.AuthenticationFailed as refused:
            if self.account_id._is_refused(gateway, refused):
                raise
            self._note_failure(reason_of(refused))

    # === OUTCOMES OF A SENDING: (error, gateway, whether an earlier sending may have arrived) === #

    def _sent_before(self, _error, gateway, _earlier):
        self._see("exists")
        self._look_up(gateway)

    def _sent_invalid(self, error, _gateway, earlier):
        self.at_amazon = earlier
        self._set_refused(
            INCOMPLETE,
            say("not_sent", order=self.sale_id.name, reason=reason_of(error), remedy=error.remedy),
        )

    def _sent_rejected(self, error, gateway, earlier):
        """Amazon words the refusal of a taken id in several ways: what it has by this id counts, not its words."""
        asked_at = fields.Datetime.now()
        try:
            snapshot = gateway.get_fulfillment_order(self.name)
        except amazon.NotFound:
            self._set_rejected(error, earlier)
        except amazon.AmazonError as unread:
            _logger.warning("FBA %s: rejected, and not read: %s", self.name, unread)
            self._sent_unanswered(error, gateway, earlier)
        else:
            self._see("read")
            self._adopt(snapshot, asked_at)

    def _set_rejected(self, error, earlier):
        self.at_amazon = earlier
        skus = {line.item_id: line.seller_sku for line in self.line_ids}
        self._set_refused(
            error.code, say("rejected", order=self.sale_id.name, reason=reason_of(error, skus), remedy=error.remedy)
        )

    def _sent_unanswered(self, error, _gateway, _earlier):
        _logger.warning("FBA %s: %s", self.name, error)
        message = say("unanswered", order=self.sale_id.name)
        self.write({"error_message": message, "due_at": fields.Datetime.now()})

    def _sent_too_fast(self, error, _gateway, earlier):
        self._set_unsent(error, timedelta(seconds=error.retry_after), earlier)
        raise error

    def _sent_without_access(self, error, gateway, earlier):
        if not self.account_id._is_refused(gateway, error):
            self._set_unsent(error, None, earlier)
            return
        self._set_unsent(error, timedelta(), earlier)
        raise error

    def _sent_in_vain(self, error, _gateway, earlier):
        self._set_unsent(error, None, earlier)

    # === REFUSED, OR NOT SENT === #

    def _set_refused(self, code, message):
        """This sending was refused; an earlier one decides whether a person can fix it or it is unclear."""
        if self.at_amazon:
            code, message = UNCLEAR, say("maybe_sent", first=message)
        self._set_exception(code, message)

    def _set_unsent(self, error, delay, earlier):
        """This sending certainly did not arrive and does not count. An `earlier` one may still arrive.

        Sent again after `delay`; None: later and later.
        """
        values = self._failed()
        if delay is not None:
            values["due_at"] = fields.Datetime.now() + delay
        self._move_to(
            "submitting" if earlier else "queued",
            **values,
            at_amazon=earlier,
            send_count=self.send_count - 1,
            first_sent_at=self.first_sent_at if earlier else False,
            error_message=say("not_yet", reason=reason_of(error)),
        )

    def _look_up(self, gateway):
        """Settle a sending whose outcome is unknown; True when the same id is to be sent (again)."""
        self.ensure_one()
        asked_at = fields.Datetime.now()
        try:
            snapshot = gateway.get_fulfillment_order(self.name)
        except amazon.NotFound:
            return self._is_missing_for_good()
        except (amazon.AuthenticationFailed, amazon.Throttled):
            raise
        except amazon.AmazonError as error:
            # Rejected included: a failed look-up delays only this order.
            self.write(self._failed())
            _logger.warning("FBA %s: look-up failed: %s", self.name, error)
            return False
        self._see("read")
        self._adopt(snapshot, asked_at)
        return False

    def _is_missing_for_good(self):
        """Amazon's reads lag: missing counts only the second time, `lookup_delay_minutes` later, and never once the
        order was seen there."""
        now = fields.Datetime.now()
        delay = timedelta(minutes=self.account_id.lookup_delay_minutes)
        if not self.lookup_misses:
            self.write({"lookup_misses": 1, "due_at": now + delay})
            return False
        too_old = self.first_sent_at and now - self.first_sent_at > GIVE_UP_AFTER
        if (self.cancel_requested_at or self.sighting_ids) and not too_old:
            # Cancelled here, but the sending may still arrive; or seen there already: checked again, never sent again.
            self.due_at = now + delay
            return False
        if self.send_count >= MAX_SENDINGS or too_old:
            self._set_unclear()
            return False
        return True

    def _set_accepted(self, source):
        """Amazon has them, as `source` of a sighting shows. Its checks come later: one may still be found Invalid."""
        now = fields.Datetime.now()
        fresh = {**NO_FAILURE, "error_code": False, "error_message": False, "sent_facts": False}
        fresh["due_at"] = now + REREAD_UNLISTED
        self._move_to("in_shipping", at_amazon=True, submitted_at=now, **fresh)
        self._see(source)
        self._end_activity()

    def _see(self, source):
        """These orders were seen at Amazon, as `source` shows."""
        for account, orders in self.grouped("account_id").items():
            self.env["fba.sighting"]._note(account, source, orders.mapped("name"))

    def _prepare_create_request(self):
        """This order as the gateway takes it."""
        self.ensure_one()
        sale = self.sale_id
        return amazon.CreateOrder(
            order_id=self.name,
            displayable_order_id=self._displayable_name(),
            displayable_at=aware(sale.date_order),
            comment=self.comment or self.with_context(lang=sale.partner_id.lang).env._("Thank you for your order."),
            shipping_speed=self.shipping_speed,
            policy=self.fulfillment_policy,
            hold=self.hold,
            address=self.partner_shipping_id._fba_address(),
            items=self._prepare_items(),
            marketplace_id=self.warehouse_id.fba_marketplace_id.marketplace_id,
            notification_emails=tuple(self._emails()),
            features=self._features(),
        )

    def _prepare_items(self):
        return tuple(
            amazon.CreateItem(item_id=line.item_id, seller_sku=line.seller_sku, quantity=int(line.quantity))
            for line in self.line_ids
        )

    def _displayable_name(self):
        """The order number for the packing slip, which takes ISO 8859-1 only and single blanks; else our id."""
        name = " ".join(self.sale_id.name.split())[: LIMITS.displayable_id_length]
        return name if re.fullmatch(LIMITS.displayable_id_pattern, name) else self.name
