"""Applies Amazon's view of a fulfillment order to Odoo: shipments, then lost quantities, then the status.

A snapshot is the whole picture: applying one twice, or an older one, changes nothing. fba_fulfillment_order_book.py
books the shipments.
"""

from datetime import timedelta

from odoo import models

from ...amazon import outbound
from ...utc import naive
from ..shared.changes import write_changed
from .fba_fulfillment_order import NO_FAILURE
from .states import UNFILLABLE

REREAD_WHILE_PROCESSING = timedelta(minutes=15)  # a further shipment does not touch Amazon's update time
REREAD_AFTER_END = timedelta(days=7)  # tracking numbers come late


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _apply_snapshot(self, snapshot, asked_at):
        """Make Odoo equal to `snapshot` (amazon.FulfillmentOrder), asked for at `asked_at` (naive UTC).

        Raises LockError while another worker holds the order; UserError where Amazon's answer does not fit.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if self.snapshot_at and asked_at < self.snapshot_at:
            return
        order = self.with_context(fba_booking=True).with_company(self.company_id).sudo()
        for shipment in snapshot.shipments:
            order._apply_shipment(shipment)
        order._apply_lost_quantities(snapshot)
        order._apply_returns(snapshot.returns)
        order._apply_status(snapshot, asked_at)

    # === WHAT AMAZON WILL NOT SHIP === #

    def _apply_lost_quantities(self, snapshot):
        """Release the quantities Amazon cannot fulfill or cancelled; once it ended the order, all open quantities."""
        ended = snapshot.status in outbound.ENDED
        lost_before = sum(self.line_ids.mapped("unfillable_quantity"))
        for item in snapshot.items:
            line = self._line_of(item.item_id)
            rest = line.quantity - line.shipped_quantity  # booked units are not lost: reported as a difference
            unfillable = min(item.unfulfillable_quantity, rest)
            cancelled = min(item.cancelled_quantity, rest - unfillable)
            rest -= unfillable + cancelled
            if ended and rest > 0:
                # Invalid orders carry no such quantities: nothing of them will ever ship.
                if snapshot.status == outbound.CANCELLED:
                    cancelled += rest
                else:
                    unfillable += rest
                rest = 0
            write_changed(line, {"unfillable_quantity": unfillable, "cancelled_quantity": cancelled})
            provisional = line._open_moves().filtered(lambda move: not move.picking_id.fba_forced)
            excess = sum(provisional.mapped("product_qty")) - max(rest, 0)
            if excess > 0:
                provisional._fba_unsource(excess)
        if sum(self.line_ids.mapped("unfillable_quantity")) > lost_before:
            # Immediately, though Amazon may still ship the rest: the customer waits for these goods.
            self._set_exception(UNFILLABLE, self._unfillable_message(snapshot.status))

    # === STATUS === #

    def _apply_status(self, snapshot, asked_at):
        ends = snapshot.status in outbound.ENDED and self._is_worked_on()
        self.write(
            {
                "amazon_status": snapshot.status,
                "amazon_updated_at": naive(snapshot.updated_at),
                "snapshot_at": asked_at,
                **NO_FAILURE,
                **({"hold": False} if self.hold and snapshot.hold is False else {}),
            }
        )
        if ends:
            self._end()
        if (self.delay_warned or self.warned_promised_at) and not self.delay:
            self._end_delay_activity()
        self.due_at = self._next_read_at(snapshot.status, asked_at)

    def _is_worked_on(self):
        """Whether Amazon certainly has the order and has not ended it; a part may be an exception already."""
        return (
            self.state in ("in_shipping", "exception")
            and bool(self.submitted_at)
            and self.amazon_status not in outbound.ENDED
        )

    def _end(self):
        """Amazon has finished with the order."""
        self._remove_provisional_delivery()
        asked = self.cancel_requested_at
        self.write({"cancel_requested_at": False, "cancel_asked_at": False})
        if self.state == "exception":
            self.error_message = self._unfillable_message(self.amazon_status)
        else:
            self._set_ended()
            if any(self.line_ids.mapped("cancelled_quantity")) and not asked:
                self._alert(
                    self.env._(
                        "%s was cancelled at Amazon. The unshipped stock has been released: source it again on the "
                        "Sourcing tab, or reduce the quantity of the order line.",
                        self.sale_id.name,
                    )
                )

        if any(self.line_ids.mapped("shipped_quantity")) and (forced := self.picking_ids.filtered("fba_forced")):
            self._alert(
                self.env._(
                    "Amazon shipped %(order)s anyway, after %(delivery)s was taken out of its hands. Odoo did not "
                    "book the shipment a second time: compare both, then cancel or correct the delivery.",
                    order=self.sale_id.name,
                    delivery=", ".join(forced.mapped("name")),
                )
            )
        self.sale_id._fba_settle_cancellation()

    def _set_ended(self):
        state = "shipped" if any(self.line_ids.mapped("shipped_quantity")) else "cancelled"
        self._move_to(state, error_code=False, error_message=False)
        self._end_activity()

    def _end_resolved_exceptions(self):
        """The unfillable goods have another source, or are no longer ordered: no decision is left."""
        for order in self.filtered(lambda order: order.state == "exception" and order.error_code == UNFILLABLE):
            lost = order.line_ids.filtered("unfillable_quantity").sale_line_id
            if any(lost.mapped("fba_unsourced_qty")):
                continue
            if order._is_worked_on():  # it still ships the rest
                order._move_to("in_shipping", error_code=False, error_message=False)
                order._end_activity()
            else:
                order._set_ended()

    def _next_read_at(self, status, asked_at):
        """Time of the next read for changes missing from Amazon's list; False for never."""
        if status == outbound.PROCESSING:
            return asked_at + REREAD_WHILE_PROCESSING
        shipped = self.shipment_ids.filtered("picking_id")
        if status not in outbound.ENDED or all(shipment._is_tracked() for shipment in shipped):
            return False
        since_end = asked_at - (self.amazon_updated_at or asked_at)
        if since_end > REREAD_AFTER_END:
            return False
        return asked_at + max(REREAD_WHILE_PROCESSING, since_end / 2)

    def _remove_provisional_delivery(self):
        rest = self.picking_ids.filtered(lambda picking: picking.state != "done" and not picking.fba_forced)
        rest.with_context(fba_counted=True).action_cancel()
        rest.unlink()

    def _unfillable_message(self, status):
        lost = self.env._(", ").join(
            self.env._(
                "%(lost)g of %(quantity)g × %(sku)s",
                lost=line.unfillable_quantity,
                quantity=line.quantity,
                sku=line.seller_sku,
            )
            for line in self.line_ids
            if line.unfillable_quantity
        )
        return self.env._(
            "Amazon cannot fulfill %(lost)s for %(order)s (%(status)s). The stock has been released. Press Resolve to "
            "decide what happens next.",
            lost=lost,
            order=self.sale_id.name,
            status=status,
        )
