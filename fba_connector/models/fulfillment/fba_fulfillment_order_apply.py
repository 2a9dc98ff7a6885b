"""Applies Amazon's view of a fulfillment order to Odoo: shipments, then lost quantities, then the status.

A snapshot is the whole picture: applying one twice, or an older one, changes nothing. fba_fulfillment_order_book.py
books the shipments.
"""

from collections import Counter
from datetime import timedelta

from odoo import models

from ...amazon import consistency, outbound
from ...utc import aware, naive
from ..shared.batch import Batch
from ..shared.changes import write_changed
from ..shared.guard import BY_CODE
from ..shared.sentence import say
from .booking import book_together
from .fba_fulfillment_order import NO_FAILURE
from .fba_fulfillment_order_cancel import NO_CANCELLATION
from .states import NOT_BEGUN, UNFILLABLE

REREAD_WHILE_PROCESSING = timedelta(minutes=15)  # a further shipment does not touch Amazon's update time
REREAD_UNLISTED = timedelta(hours=24)  # Amazon's list may leave a change out
REREAD_AFTER_END = timedelta(days=7)  # tracking numbers come late


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _apply_snapshot(self, snapshot, asked_at):
        """Make Odoo equal to `snapshot` (amazon.FulfillmentOrder), asked for at `asked_at` (naive UTC).

        Raises LockError while another worker holds the order; UserError where Amazon's answer does not fit.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        self._apply_snapshots({self: (snapshot, asked_at)})

    def _apply_snapshots(self, answers):
        """As `_apply_snapshot`, of several locked orders: {order: (snapshot, asked_at)}. All or none.

        Each order goes on by itself until Odoo has to validate a delivery; those deliveries are validated together.
        """
        for company, orders in self.grouped("company_id").items():
            context = {"fba_booking": BY_CODE, "fba_batch": Batch(len(orders))}
            orders = orders.with_context(**context).with_company(company).sudo()
            new = orders.filtered(lambda it: not it.snapshot_at or answers[it][1] >= it.snapshot_at)
            new.filtered(lambda it: not it.snapshot_at)._see("read")
            parts = {order: order._usable_part(*answers[order]) for order in new}
            parts = {order: part for order, part in parts.items() if part}
            new._keep_shipments(parts)
            (new.picking_ids | new.line_ids.move_ids.picking_id).mapped("fba_forced")  # read together
            for together in new._booked_together(parts):
                steps = [order._applying(*answers[order], parts[order]) for order in together]
                while steps:
                    bookings = {it: booking for it in steps if (booking := next(it, None))}
                    book_together(list(bookings.values()))
                    steps = list(bookings)
            orders.env.flush_all()  # what Odoo computes when it writes is of the batch, too

    def _booked_together(self, parts):
        """The orders of `parts` ({order: amazon.FulfillmentOrder}), in groups that are booked in turn.

        Of goods valued first in, first out all shipments of an order leave before those of the next one.
        """
        group = self.browse()
        for order, part in parts.items():
            group += order
            if len(part.shipments) > 1 and order.line_ids.move_ids.product_id._fba_first_in_first_out():
                yield group
                group = self.browse()
        yield group

    def _usable_part(self, snapshot, asked_at):
        """What of `snapshot` can be applied; None where Amazon shows an earlier state than before."""
        if consistency.is_outdated(snapshot, self.amazon_updated_at and aware(self.amazon_updated_at)):
            self._note_outdated(snapshot, asked_at)
            return None
        return consistency.usable_part(snapshot, [line.item_id for line in self.line_ids])

    def _applying(self, snapshot, asked_at, part):
        """The steps of `_apply_snapshot`, once the shipments of `part` of it are kept; yields each Booking, and goes on
        when it is carried out."""
        doubt = self._contradiction_values(snapshot, asked_at)
        shipped_before = sum(self.line_ids.mapped("shipped_quantity"))
        yield from self._apply_shipments(part)
        self._apply_lost_quantities(part)
        self._apply_returns(snapshot.returns)
        shipped = sum(self.line_ids.mapped("shipped_quantity")) > shipped_before
        self._apply_status(snapshot, asked_at, doubt, shipped)

    # === WHAT AMAZON WILL NOT SHIP === #

    def _apply_lost_quantities(self, snapshot):
        """Release the quantities that Amazon says it cannot fulfill or that were cancelled, and nothing else; all open
        ones only where it ended the order without any shipment. What it took back is open again."""
        items = {item.item_id: item for item in snapshot.items}
        overstated = consistency.overstated(snapshot)
        lost_before, back = sum(self.line_ids.mapped("unfillable_quantity")), Counter()
        unsourced_before = sum(self.line_ids.sale_line_id.mapped("fba_unsourced_product_qty"))
        for line in self.line_ids:
            if line.item_id in overstated:
                continue
            unfillable, cancelled, rest = line._lost(items.get(line.item_id), snapshot)
            write_changed(line, {"unfillable_quantity": unfillable, "cancelled_quantity": cancelled})
            provisional = line._unforced_moves()
            excess = line._units_of(provisional) - rest
            if excess > 0:
                line._unsource(provisional, excess)
            elif excess < 0 and snapshot.status not in outbound.ENDED:
                back[line] = min(-excess, line._without_source())
        self._bring_back(+back)
        lost = sum(self.line_ids.mapped("unfillable_quantity"))
        released = sum(self.line_ids.sale_line_id.mapped("fba_unsourced_product_qty")) > unsourced_before
        if lost > lost_before and released:
            # Immediately, though Amazon may still ship the rest: the customer waits for these goods.
            self._set_exception(UNFILLABLE, self._unfillable_message(snapshot.status))
        elif lost < lost_before and lost and self.error_code == UNFILLABLE:
            self.error_message = self._unfillable_message(snapshot.status)
        elif lost < lost_before and not lost:
            self._end_resolved_exceptions()  # shipped after all

    # === STATUS === #

    def _apply_status(self, snapshot, asked_at, doubt, shipped):
        """`doubt`: what does not add up; `shipped`: whether more has shipped than Odoo knew."""
        had_ended = self._has_ended()
        self.write(
            {
                "amazon_status": snapshot.status,
                "amazon_updated_at": naive(snapshot.updated_at) or self.amazon_updated_at,
                "snapshot_at": asked_at,
                **doubt,
                **NO_FAILURE,
                **({"hold": False} if self.hold and snapshot.hold is False else {}),
            }
        )
        if self._has_ended() and self.submitted_at and (shipped or not had_ended):
            self._end()
        if self.delay_warned or self.warned_promised_at or self.waits_told:
            self._end_delay_activity()
        self.due_at = self._next_read_at(snapshot.status, asked_at)

    def _is_worked_on(self):
        """Whether Amazon certainly has the order and has not ended it; a part may be an exception already."""
        return self.state in ("in_shipping", "exception") and bool(self.submitted_at) and not self._has_ended()

    def _end(self):
        """Amazon has finished with the order; again, where it ships something after all."""
        self._remove_provisional_delivery()
        asked = self.cancel_requested_at
        self.write(NO_CANCELLATION)
        if self.state == "exception" and any(self.line_ids.mapped("unfillable_quantity")):
            self.error_message = self._unfillable_message(self.amazon_status)
        else:
            self._set_ended()
            if any(self.line_ids.mapped("cancelled_quantity")) and not asked:
                self._alert(say("cancelled", order=self.sale_id.name))
        if any(self.line_ids.mapped("shipped_quantity")) and (forced := self.picking_ids.filtered("fba_forced")):
            self._alert(say("shipped_anyway", order=self.sale_id.name, delivery=", ".join(forced.mapped("name"))))
        self.sale_id._fba_settle_cancellation()

    def _set_ended(self):
        shipped = self.filtered(lambda order: any(order.line_ids.mapped("shipped_quantity")))
        for orders, state in ((shipped, "shipped"), (self - shipped, "cancelled")):
            if orders:
                orders._move_to(state, error_code=False, error_message=False)
        self._end_activity()

    def _end_resolved_exceptions(self):
        """The unfillable goods have another source, or are no longer ordered: no decision is left."""
        resolved = self.filtered(
            lambda order: (
                order.state == "exception"
                and order.error_code == UNFILLABLE
                and not any(order.line_ids.filtered("unfillable_quantity").sale_line_id.mapped("fba_unsourced_qty"))
            )
        )
        for order in resolved:
            order._post(
                lambda env: env._(
                    "Exception resolved: the units that Amazon cannot fulfill have another source, or are no longer "
                    "ordered."
                )
            )
        if shipping := resolved.filtered(lambda order: order._is_worked_on()):  # Amazon still ships the rest
            shipping._move_to("in_shipping", error_code=False, error_message=False)
            shipping._end_activity()
        if ended := resolved - shipping:
            ended._set_ended()

    def _next_read_at(self, status, asked_at):
        """Time of the next read for changes missing from Amazon's list; False for never."""
        if self.contradiction_since:
            return self._next_read_in_doubt(asked_at)
        if status == outbound.PROCESSING:
            return asked_at + REREAD_WHILE_PROCESSING
        if status in NOT_BEGUN:
            return asked_at + REREAD_UNLISTED
        shipped = self.shipment_ids.filtered("picking_id")
        if status not in outbound.ENDED or all(shipment._is_tracked() for shipment in shipped):
            return False
        since_end = asked_at - (self.amazon_updated_at or asked_at)
        if since_end > REREAD_AFTER_END:
            return False
        return asked_at + max(REREAD_WHILE_PROCESSING, since_end / 2)

    def _remove_provisional_delivery(self):
        moves = self.line_ids._unforced_moves()
        deliveries = self.picking_ids | moves.picking_id
        moves.with_context(fba_counted=BY_CODE)._action_cancel()
        deliveries.filtered(
            lambda it: not it.fba_forced and all(move.state == "cancel" for move in it.move_ids)
        ).unlink()

    def _unfillable_message(self, status):
        """Sentence."""
        lost = [
            [f"{line.unfillable_quantity:g}", f"{line.quantity:g}", line.seller_sku]
            for line in self.line_ids
            if line.unfillable_quantity
        ]
        return say("unfillable", lost=lost, order=self.sale_id.name, status=status)
