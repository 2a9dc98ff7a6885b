"""Amazon's view of a fulfillment order becomes Odoo's: shipments, then quantities it will not ship, then the status.

A snapshot is the whole picture: applying one twice, or an older one, changes nothing.
"""

from datetime import timedelta

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Command

from ..amazon import outbound
from ..utc import naive
from .fba_fulfillment_order import UNFILLABLE

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
        order._apply_status(snapshot, asked_at)

    def _line_of(self, item_id):
        line = self.line_ids.filtered(lambda line: line.item_id == item_id)
        if not line:
            raise UserError(
                self.env._("Amazon's order %(id)s has an item %(item)s that is not ours.", id=self.name, item=item_id)
            )
        return line

    # === SHIPMENTS === #

    def _apply_shipment(self, snapshot):
        """Keep the shipment and its packages; book it once it has really left."""
        known = self.shipment_ids.filtered(lambda shipment: shipment.amazon_shipment_id == snapshot.shipment_id)
        values = {"status": snapshot.status, "shipped_at": naive(snapshot.shipped_at)}
        if known:
            known.write({name: value for name, value in values.items() if known[name] != value})
        else:
            known = self.env["fba.shipment"].create(
                {"fulfillment_order_id": self.id, "amazon_shipment_id": snapshot.shipment_id, **values}
            )
        known._apply_packages(snapshot.packages)
        if snapshot.status == outbound.SHIPPED and not known.picking_id:
            self._book(known, snapshot)
        else:
            known._write_tracking_ref()

    def _book(self, shipment, snapshot):
        """Validate on the provisional delivery exactly what this shipment holds; Odoo's backorder stays provisional."""
        if forced := self.picking_ids.filtered("fba_forced")[:1]:
            self._note_shipment_of_forced(shipment, snapshot, forced)
            return
        picking = self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        packages = {package.package_number: package._stock_package() for package in shipment.package_ids}
        # Whatever was prepared by hand on it: Amazon's shipment says what left.
        picking.move_ids.picked = False
        picking.do_unreserve()
        picking.move_line_ids.unlink()
        for line in self.line_ids:
            items = [item for item in snapshot.items if self._line_of(item.item_id) == line]
            if not items:
                continue
            move = line._open_moves().filtered(lambda move: move.picking_id == picking)[:1]
            if not move:
                raise UserError(
                    self.env._(
                        "Amazon shipped more %(sku)s for %(order)s than is open in Odoo.",
                        sku=line.seller_sku,
                        order=self.sale_id.name,
                    )
                )
            move.move_line_ids = [
                Command.create(
                    {
                        **move._prepare_move_line_vals(quantity=0),
                        "product_uom_id": move.product_id.uom_id.id,
                        "quantity": item.quantity,
                        "result_package_id": packages.get(item.package_number),
                        "picked": True,
                    }
                )
                for item in items
            ]
            line.shipped_quantity += sum(item.quantity for item in items)
        shipment.picking_id = picking
        picking.write({"fba_shipment_id": shipment.id, "carrier_tracking_ref": shipment._tracking_ref()})
        picking._action_done()
        shipment._ask_for_mail()
        if shipment.shipped_at:
            picking.date_done = shipment.shipped_at

    def _note_shipment_of_forced(self, shipment, snapshot, picking):
        """Amazon shipped what an administrator had taken out of its hands: told, not booked a second time."""
        for item in snapshot.items:
            self._line_of(item.item_id).shipped_quantity += item.quantity
        shipment.picking_id = picking

    # === WHAT AMAZON WILL NOT SHIP === #

    def _apply_lost_quantities(self, snapshot):
        """Free what Amazon cannot fulfill or cancelled; once it ended the order, all that is still open."""
        ended = snapshot.status in outbound.ENDED
        for item in snapshot.items:
            line = self._line_of(item.item_id)
            unfillable, cancelled = item.unfulfillable_quantity, item.cancelled_quantity
            rest = line.quantity - line.shipped_quantity - unfillable - cancelled
            if ended and rest > 0:
                # Invalid orders carry no such quantities: nothing of them will ever ship.
                if snapshot.status == outbound.CANCELLED:
                    cancelled += rest
                else:
                    unfillable += rest
                rest = 0
            values = {"unfillable_quantity": unfillable, "cancelled_quantity": cancelled}
            line.write({name: value for name, value in values.items() if line[name] != value})
            excess = line._open_quantity() - max(rest, 0)
            if excess > 0:
                line._open_moves()._fba_unsource(excess)

    # === STATUS === #

    def _apply_status(self, snapshot, asked_at):
        self.write(
            {
                "amazon_status": snapshot.status,
                "amazon_updated_at": naive(snapshot.updated_at),
                "snapshot_at": asked_at,
                "failure_count": 0,
                **({"hold": False} if self.hold and snapshot.hold is False else {}),
            }
        )
        if snapshot.status in outbound.ENDED and self.state == "in_shipping":
            self._end()
        self.due_at = self._next_read_at(snapshot.status, asked_at)

    def _end(self):
        """Amazon has done all it will do."""
        self._remove_provisional_delivery()
        asked = self.cancel_requested_at
        self.write({"cancel_requested_at": False, "cancel_asked_at": False})
        if any(self.line_ids.mapped("unfillable_quantity")):
            self._set_exception(UNFILLABLE, self._unfillable_message())
        else:
            self._set_ended()
            if any(self.line_ids.mapped("cancelled_quantity")) and not asked:
                self._alert(
                    self.env._(
                        "%s was cancelled at Amazon. What did not ship is free again: source it again on the "
                        "Sourcing tab, or lower the order line.",
                        self.sale_id.name,
                    )
                )

        if any(self.line_ids.mapped("shipped_quantity")) and (forced := self.picking_ids.filtered("fba_forced")):
            self._alert(
                self.env._(
                    "Amazon shipped %(order)s all the same, after %(delivery)s was taken out of its hands. It was not "
                    "booked a second time: compare both, and correct the stock.",
                    order=self.sale_id.name,
                    delivery=", ".join(forced.mapped("name")),
                )
            )
        self.sale_id._fba_settle_cancellation()

    def _set_ended(self):
        state = "shipped" if any(self.line_ids.mapped("shipped_quantity")) else "cancelled"
        self.write({"state": state, "error_code": False, "error_message": False})
        self._end_activity()

    def _end_resolved_exceptions(self):
        """What Amazon could not fulfill has another source, or is no longer ordered: nothing is left to decide."""
        for order in self.filtered(lambda order: order.state == "exception" and order.error_code == UNFILLABLE):
            lost = order.line_ids.filtered("unfillable_quantity").sale_line_id
            if not any(lost.mapped("fba_unsourced_qty")):
                order._set_ended()

    def _next_read_at(self, status, asked_at):
        """When to read again what Amazon's list of changes does not announce; False for never."""
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
        rest = self.picking_ids.filtered(lambda picking: picking.state != "done")
        rest.with_context(fba_counted=True).action_cancel()
        rest.unlink()

    def _unfillable_message(self):
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
            "Amazon cannot fulfill %(lost)s for %(order)s (%(status)s). The quantity is free again. "
            "Choose how to go on: Resolve.",
            lost=lost,
            order=self.sale_id.name,
            status=self.amazon_status,
        )
