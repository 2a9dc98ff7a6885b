"""Books an Amazon shipment as a done delivery: exactly its quantities, packages, carrier, numbers and lots.

It is validated on the provisional delivery, and Odoo's backorder stays the provisional one. What Amazon says of a
shipment after it was booked is compared, never booked a second time.
"""

from collections import Counter

from odoo import models
from odoo.exceptions import UserError

from ...amazon import consistency, outbound
from ...utc import naive
from ..shared.changes import write_changed
from ..shared.sentence import say, words
from .booking import Booking
from .fba_fulfillment_order_alert import CHANGE_ACTIVITY


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _line_of(self, item_id):
        line = self.line_ids.filtered(lambda line: line.item_id == item_id)
        if not line:
            raise UserError(words(self, "foreign_item", name=self.name, item=item_id))
        return line

    def _apply_shipments(self, snapshot):
        """Book what of `snapshot` has left, and compare what was booked; yields each Booking, see `_applying`."""
        known = self.shipment_ids.grouped("amazon_shipment_id")
        shipments = [(part, known[part.shipment_id]) for part in snapshot.shipments]
        left = [(part, shipment) for part, shipment in shipments if part.status == outbound.SHIPPED]
        self._hand_over(left)  # all statuses are known now
        shipped = {line: consistency.shipped_units(snapshot)[line.item_id] for line in self.line_ids}
        for part, shipment in left:
            if not shipment.picking_id or shipment._booked_units() != self._shipped_units(part):
                yield from self._book(shipment, part, shipped)
            shipment._write_tracking()
        for part, shipment in shipments:  # all deliveries are where they belong
            if part.status == outbound.SHIPPED:
                self._compare(shipment, self._shipped_units(part))
            elif part.status in outbound.CANCELLED_SHIPMENTS:
                self._compare(shipment, Counter())

    def _keep_shipments(self, snapshots):
        """Make these orders' shipments and packages equal to `snapshots` ({order: amazon.FulfillmentOrder})."""
        known = {(it.fulfillment_order_id, it.amazon_shipment_id): it for it in self.shipment_ids}
        parts = {(order, part.shipment_id): part for order, it in snapshots.items() for part in it.shipments}
        values = {key: {"status": it.status, "shipped_at": naive(it.shipped_at)} for key, it in parts.items()}
        for key in known.keys() & parts.keys():
            write_changed(known[key], values[key])
        new = [key for key in parts if key not in known]
        made = self.env["fba.shipment"].create(
            [
                {"fulfillment_order_id": order.id, "amazon_shipment_id": name, **values[order, name]}
                for order, name in new
            ]
        )
        known |= dict(zip(new, made, strict=True))
        made.union(*(known[key] for key in parts))._apply_packages(
            {known[key]: it.packages for key, it in parts.items()}
        )

    def _shipped_units(self, snapshot):
        """{line: units} of a shipment (amazon.Shipment)."""
        units = Counter()
        for item in snapshot.items:
            units[self._line_of(item.item_id)] += item.quantity
        return units

    def _hand_over(self, left):
        """The delivery of a shipment that was booked and then cancelled goes to those that replace it: one or more of
        `left` [(amazon.Shipment, fba.shipment)] that are not booked and hold the same units together."""
        for replaced in self.shipment_ids.filtered(
            lambda it: it.picking_id and not it.picking_id.fba_forced and it.status in outbound.CANCELLED_SHIPMENTS
        ):
            new = [(self._shipped_units(part), shipment) for part, shipment in left if not shipment.picking_id]
            units = replaced._booked_units()
            same = [pair for pair in new if pair[0] == units][:1] or new
            if not same or sum((it for it, _shipment in same), Counter()) != units:
                continue
            replacing = self.env["fba.shipment"].union(*(shipment for _units, shipment in same))
            picking = replaced.picking_id
            replaced.write({"picking_id": False, "difference": False})
            replacing.picking_id = picking
            picking.fba_shipment_id = replacing[:1]
            replacing[:1]._write_tracking()
            replacing._ask_for_mail()
            names = {
                "old": replaced.amazon_shipment_id,
                "new": ", ".join(replacing.mapped("amazon_shipment_id")),
                "delivery": picking.name,
            }
            self._post(
                lambda env, names=names: env._(
                    "Amazon replaced shipment %(old)s with %(new)s: delivery %(delivery)s shows the new one.", **names
                )
            )

    # === BOOKING === #

    def _book(self, shipment, snapshot, shipped):
        """Have the part of this shipment validated that is not booked, as far as the order holds so many units, on the
        provisional delivery. `shipped`: {line: units} in all of Amazon's shipments.

        Any excess is reported as a difference, such as goods repacked after a booked shipment that never left.
        """
        units = self._shipped_units(snapshot) - shipment._booked_units()
        if forced := self._forced_deliveries():
            by_hand = Counter({line: count for line, count in units.items() if forced & line.move_ids.picking_id})
            units -= by_hand
            if by_hand and not shipment.picking_id:
                self._note_shipment_of_forced(shipment, by_hand, forced[:1])
            if not +units:
                return
        units = +Counter({line: min(count, shipped[line] - line.shipped_quantity) for line, count in units.items()})
        late = self._reopen(units)
        picking = self._provisional_delivery()
        booking = Booking(self, picking, shipment, snapshot, units)
        if not booking.items:
            return
        for line, booked in booking.units.items():
            line.shipped_quantity += booked
        shipment.picking_id = shipment.picking_id or picking
        picking.fba_shipment_id = shipment
        yield booking
        shipment._write_tracking()  # not before: the backorder would take the carrier over
        if shipment.picking_id == picking:  # else the rest of one that was confirmed
            shipment._ask_for_mail()
        if late:
            goods = ", ".join(f"{count:g} × {line.seller_sku}" for line, count in late.items())
            self._alert(say("late_shipment", order=self.sale_id.name, units=goods), CHANGE_ACTIVITY)

    def _provisional_delivery(self):
        """The open delivery, with all open moves of this order and no others: a split or a wave may have moved some."""
        moves = self.line_ids._unforced_moves()
        deliveries = moves.picking_id
        if moves and not deliveries:
            deliveries = self.env["stock.picking"].create(self._prepare_late_delivery())
        if not deliveries:
            return self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        own = deliveries.filtered(lambda picking: picking.move_ids._fba_open() <= moves)[:1]
        if own and own.move_ids._fba_open() == moves:
            return own
        delivery = own or deliveries[:1]._fba_copy_empty(self)
        moves._fba_put_in(delivery)
        (deliveries - delivery).filtered(lambda picking: not picking.move_ids).unlink()
        return delivery

    # === SHIPPED AFTER ALL: what was released, as Amazon would not ship it === #

    def _reopen(self, units):
        """Bring `units` ({line: units}) back that were released, up to the ordered quantity: Amazon has shipped them.

        Returns those units. They no longer lack a source; where they have another one already, more is delivered than
        ordered, as it was.
        """
        late = Counter()
        for line, shipped in units.items():
            missing = min(shipped, line.quantity - line.shipped_quantity) - line._open_units()
            if line.product_id.uom_id.compare(missing, 0) > 0:
                late[line] = missing
        self._bring_back(late)
        return late

    def _bring_back(self, units):
        """`units` ({line: units}) are Amazon's again: on the provisional delivery, without a source no longer; what was
        to replace them and is not sent yet gives way."""
        if not units:
            return
        picking = self._provisional_delivery() or self.env["stock.picking"].create(self._prepare_late_delivery())
        with self.env["sale.order.line"].union(*(line.sale_line_id for line in units))._fba_counting_kits():
            for line, missing in units.items():
                line._late_moves(picking, missing)
        for line, missing in units.items():
            sale_line = line.sale_line_id
            if sale_line._fba_kit():
                continue
            missing = sum(line._wanted(missing).values())  # in the product's unit
            unsourced = min(missing, sale_line.fba_unsourced_product_qty)
            sale_line.fba_unsourced_product_qty -= unsourced
            if missing > unsourced:
                self._make_way(line, missing - unsourced)

    def _make_way(self, line, units):
        """Unsent replacements of `units` (in the product's unit) are no longer needed."""
        unsent = line.sale_line_id.move_ids._fba_open().filtered(
            lambda move: (
                move.fba_line_id
                and move.product_id == line.product_id
                and move.fba_line_id.order_id != self
                and move.fba_line_id.order_id._is_ours()
            )
        )
        provisional, orders = unsent.picking_id, unsent.fba_line_id.order_id
        unsent._fba_reduce(units)
        provisional.filtered(lambda picking: picking.state == "cancel").unlink()
        orders._choose_skus()

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
            line.shipped_quantity = min(line.shipped_quantity + units[line], line.quantity)
        shipment.picking_id = picking

    # === WHAT CHANGED AFTERWARDS === #

    def _compare(self, shipment, shipped):
        """Report a quantity at Amazon that differs from the booked one, once for each change."""
        picking = shipment.picking_id
        if picking.fba_forced:
            return
        booked = shipment._booked_units()
        others = picking and self.shipment_ids.filtered(lambda it: it != shipment and it.picking_id == picking)
        if others:  # one delivery of several shipments: they were compared as a whole when they took it over
            return
        units = [
            [line.seller_sku, booked[line], shipped[line]]
            for line in self.line_ids
            if line.product_id.uom_id.compare(booked[line], shipped[line]) != 0
        ]
        difference = words(shipment, "difference", units=units) if units else ""
        if difference == (shipment.difference or ""):
            return
        shipment.difference = difference
        if difference:
            self._alert(
                say(
                    "differs",
                    shipment=shipment.amazon_shipment_id,
                    order=self.sale_id.name,
                    status=shipment.status,
                    difference=difference,
                ),
                CHANGE_ACTIVITY,
            )
        else:
            name = shipment.amazon_shipment_id
            self._post(lambda env: env._("Amazon's shipment %s matches the booked delivery again.", name))
