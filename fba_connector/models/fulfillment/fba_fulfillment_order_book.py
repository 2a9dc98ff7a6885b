"""Books an Amazon shipment as a done delivery: exactly its quantities, packages, carrier, numbers and lots.

It is validated on the provisional delivery, and Odoo's backorder stays the provisional one. What Amazon says of a
shipment after it was booked is compared, never booked a second time.
"""

from collections import Counter

from odoo import models
from odoo.exceptions import UserError

from ...amazon import outbound
from ...utc import naive
from ..shared.changes import write_changed
from ..shared.sentence import say
from .booking import Booking
from .fba_fulfillment_order_alert import CHANGE_ACTIVITY


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _line_of(self, item_id):
        line = self.line_ids.filtered(lambda line: line.item_id == item_id)
        if not line:
            raise UserError(
                self.env._(
                    "Amazon's order %(id)s has an item %(item)s that Odoo did not send.", id=self.name, item=item_id
                )
            )
        return line

    def _apply_shipments(self, snapshots):
        """Keep the shipments and their packages; book those that have left Amazon, and compare those booked before."""
        shipments = {snapshot: self._keep_shipment(snapshot) for snapshot in snapshots}
        for snapshot, shipment in shipments.items():  # all statuses are known now
            left = snapshot.status == outbound.SHIPPED
            if left and not shipment.picking_id and not self._take_over(shipment, snapshot):
                self._book(shipment, snapshot)
            else:
                shipment._write_tracking()
        for snapshot, shipment in shipments.items():  # all deliveries are where they belong
            left = snapshot.status == outbound.SHIPPED
            self._compare(shipment, self._shipped_units(snapshot) if left else Counter())

    def _keep_shipment(self, snapshot):
        known = self.shipment_ids.filtered(lambda shipment: shipment.amazon_shipment_id == snapshot.shipment_id)
        values = {"status": snapshot.status, "shipped_at": naive(snapshot.shipped_at)}
        if known:
            write_changed(known, values)
        else:
            known = self.env["fba.shipment"].create(
                {"fulfillment_order_id": self.id, "amazon_shipment_id": snapshot.shipment_id, **values}
            )
        known._apply_packages(snapshot.packages)
        return known

    def _shipped_units(self, snapshot):
        """{line: units} of a shipment."""
        units = Counter()
        for item in snapshot.items:
            units[self._line_of(item.item_id)] += item.quantity
        return units

    def _take_over(self, shipment, snapshot):
        """Whether `shipment` replaces one that was booked and then cancelled: its delivery is this one's then."""
        units = self._shipped_units(snapshot)
        replaced = self.shipment_ids.filtered(
            lambda it: (
                it.picking_id
                and not it.picking_id.fba_forced
                and it.status in outbound.CANCELLED_SHIPMENTS
                and it._booked_units() == units
            )
        )[:1]
        if not replaced:
            return False
        picking = replaced.picking_id
        replaced.write({"picking_id": False, "difference": False})
        shipment.picking_id = picking
        picking.fba_shipment_id = shipment
        shipment._write_tracking()
        shipment._ask_for_mail()
        self.message_post(
            body=self.env._(
                "Amazon replaced shipment %(old)s with %(new)s: delivery %(delivery)s shows the new one.",
                old=replaced.amazon_shipment_id,
                new=shipment.amazon_shipment_id,
                delivery=picking.name,
            )
        )
        return True

    # === BOOKING === #

    def _book(self, shipment, snapshot):
        """Validate exactly this shipment, as far as the order holds so many units, on the provisional delivery.

        Any excess is reported as a difference, such as goods repacked after a booked shipment that never left.
        """
        if forced := self.picking_ids.filtered("fba_forced")[:1]:
            self._note_shipment_of_forced(shipment, self._shipped_units(snapshot), forced)
            return
        late = self._reopen(self._shipped_units(snapshot))
        picking = self._provisional_delivery()
        booking = Booking(self, picking, snapshot)
        if not booking.items:
            return
        booking.write_lines(shipment.package_ids._stock_packages())
        for line, units in booking.units.items():
            line.shipped_quantity += units
        shipment.picking_id = picking
        picking.fba_shipment_id = shipment
        picking._action_done()
        shipment._write_tracking()  # not before: the backorder would take the carrier over
        shipment._ask_for_mail()
        if shipment.shipped_at:
            picking.date_done = shipment.shipped_at
        if late:
            units = self.env._(", ").join(f"{count:g} × {line.seller_sku}" for line, count in late.items())
            self._alert(say("late_shipment", order=self.sale_id.name, units=units), CHANGE_ACTIVITY)

    def _provisional_delivery(self):
        return self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]

    # === SHIPPED AFTER ALL: what was released, as Amazon would not ship it === #

    def _reopen(self, units):
        """Bring `units` ({line: units}) back that were released, up to the ordered quantity: Amazon has shipped them.

        Returns those units. They no longer lack a source; where they have another one already, more is delivered than
        ordered, as it was.
        """
        late = Counter()
        for line, shipped in units.items():
            still_open = sum(line._open_moves().mapped("product_qty"))
            missing = min(shipped, line.quantity - line.shipped_quantity) - still_open
            if line.product_id.uom_id.compare(missing, 0) > 0:
                late[line] = missing
        if not late:
            return late
        picking = self._provisional_delivery() or self.env["stock.picking"].create(self._prepare_late_delivery())
        moves = self.env["stock.move"].create(
            [line._prepare_late_move(picking, missing) for line, missing in late.items()]
        )
        moves._action_confirm(merge=False)
        for line, missing in late.items():
            sale_line = line.sale_line_id
            if sale_line._fba_kit():
                sale_line._fba_count_kits()
            else:
                sale_line.fba_unsourced_product_qty -= min(missing, sale_line.fba_unsourced_product_qty)
        return late

    def _prepare_late_delivery(self):
        kind, partner = self.warehouse_id.out_type_id, self.partner_shipping_id
        return {
            "picking_type_id": kind.id,
            "partner_id": partner.id,
            "location_id": self.warehouse_id.lot_stock_id.id,
            "location_dest_id": partner.property_stock_customer.id,
            "origin": self.sale_id.name,
            "company_id": self.company_id.id,
            "move_type": "direct",
            "user_id": False,
            "fba_fulfillment_order_id": self.id,
        }

    def _note_shipment_of_forced(self, shipment, units, picking):
        """Amazon shipped an order that an administrator took out of its hands: reported, not booked again."""
        for line in units:
            line.shipped_quantity += units[line]
        shipment.picking_id = picking

    # === WHAT CHANGED AFTERWARDS === #

    def _compare(self, shipment, shipped):
        """Report a quantity at Amazon that differs from the booked one, once for each change."""
        picking = shipment.picking_id
        if picking.fba_forced:
            return
        booked = shipment._booked_units()
        difference = ", ".join(
            self.env._(
                "%(sku)s: %(booked)g booked, %(shipped)g shipped",
                sku=line.seller_sku,
                booked=booked[line],
                shipped=shipped[line],
            )
            for line in self.line_ids
            if line.product_id.uom_id.compare(booked[line], shipped[line]) != 0
        )
        if difference == (shipment.difference or ""):
            return
        shipment.difference = difference
        if difference:
            self._alert(
                self.env._(
                    "Amazon's shipment %(shipment)s of %(order)s differs from the booked delivery (%(status)s; "
                    "%(difference)s). Odoo changed nothing: compare with Seller Central, then correct the delivery "
                    "and the order. The synchronization updates the stock.",
                    shipment=shipment.amazon_shipment_id,
                    order=self.sale_id.name,
                    status=shipment.status,
                    difference=difference,
                ),
                CHANGE_ACTIVITY,
            )
        else:
            self.message_post(
                body=self.env._("Amazon's shipment %s matches the booked delivery again.", shipment.amazon_shipment_id)
            )
