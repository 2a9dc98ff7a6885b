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

    def _apply_shipment(self, snapshot):
        """Keep the shipment and its packages; book it once it has left Amazon."""
        known = self.shipment_ids.filtered(lambda shipment: shipment.amazon_shipment_id == snapshot.shipment_id)
        values = {"status": snapshot.status, "shipped_at": naive(snapshot.shipped_at)}
        if known:
            write_changed(known, values)
        else:
            known = self.env["fba.shipment"].create(
                {"fulfillment_order_id": self.id, "amazon_shipment_id": snapshot.shipment_id, **values}
            )
        known._apply_packages(snapshot.packages)
        if snapshot.status == outbound.SHIPPED and not known.picking_id:
            self._book(known, snapshot)
        else:
            known._write_tracking()
        self._compare(known, self._shipped_units(snapshot) if snapshot.status == outbound.SHIPPED else Counter())

    def _shipped_units(self, snapshot):
        """{line: units} of a shipment."""
        units = Counter()
        for item in snapshot.items:
            units[self._line_of(item.item_id)] += item.quantity
        return units

    # === BOOKING === #

    def _book(self, shipment, snapshot):
        """Validate exactly the open part of this shipment on the provisional delivery.

        Any excess is reported as a difference, such as goods repacked after a booked shipment that never left.
        """
        if forced := self.picking_ids.filtered("fba_forced")[:1]:
            self._note_shipment_of_forced(shipment, self._shipped_units(snapshot), forced)
            return
        picking = self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
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
        booked = Counter()
        for move in picking.move_ids.filtered(lambda move: move.state == "done"):
            booked[move.fba_line_id] += move._fba_units()
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
