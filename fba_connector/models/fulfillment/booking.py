"""Booking of Amazon's shipments on provisional deliveries: the open part, lots and serial numbers, move lines."""

import math
from collections import Counter
from dataclasses import replace

from ..warehouse.allocation import TRIFLE
from .lots import find_or_make_lots, note_unbooked_lots


def book_together(bookings):
    """Carry these out: their deliveries (one each) become what Amazon shipped, and are validated together."""
    if not bookings:
        return
    env = bookings[0].env
    packages = env["fba.package"].union(*(it.shipment.package_ids for it in bookings))._stock_packages()
    pickings = env["stock.picking"].union(*(it.picking for it in bookings))
    goods = pickings.move_ids.product_id
    goods._fba_forget_kits()
    # Ignore preparations by hand: only Amazon's shipments count.
    pickings.move_ids.filtered("picked").picked = False
    pickings.move_ids.move_line_ids.mapped("quantity")  # read together
    sold = set()  # by a booking before: not with the customer yet
    lines = [it.write_lines(packages, sold) for it in bookings]
    env["stock.move.line"].union(*(old for old, _new in lines)).unlink()
    env["stock.move.line"].create([values for _old, new in lines for values in new])
    pickings._fba_action_done({it.picking: it.shipment.shipped_at for it in bookings})
    goods._fba_forget_kits()


class Booking:
    """The part of `snapshot` (amazon.Shipment, kept as `shipment`) of `order` that is open on `picking`, up to `most`
    ({line: units}).

    `units`: {fulfillment order line: units of its SKU}; `items`: the booked amazon.ShipmentItem, with the units still
    open.
    """

    def __init__(self, order, picking, shipment, snapshot, most):
        self.env, self.order, self.picking, self.shipment = order.env, order, picking, shipment
        self._moves = {
            line: line._open_moves().filtered(lambda move: move.picking_id == picking) for line in order.line_ids
        }
        self.units, self.items = Counter(), []
        for item in snapshot.items:
            line = order._line_of(item.item_id)
            still_open = min(math.floor(line._units_of(self._moves[line]) + TRIFLE), most[line])
            quantity = min(item.quantity, still_open - self.units[line])
            if line.product_id.uom_id.compare(quantity, 0) > 0:
                self.units[line] += quantity
                self.items.append(item if quantity == item.quantity else replace(item, quantity=quantity))

    def write_lines(self, packages, sold):
        """Make the move lines match the shipment exactly; its reserved units stay reserved.

        `packages`: {(shipment, Amazon's package number): id of a package in Odoo}; `sold`: {(product, serial number)},
        to which its own are added. Returns (move lines that have to go, values of new ones).
        """
        lots = self._lots(sold)
        booked = self.order.line_ids.filtered(lambda line: line in self.units)
        left = {move: move.move_line_ids for line in booked for move in self._moves[line]}
        new = []
        for item, move, units in self._shares():
            unit, lot = move.product_id.uom_id, lots.get((move.product_id, self._lot_name(item)), False)
            values = {
                "quantity": units,
                "result_package_id": packages.get((self.shipment, item.package_number), False),
                "picked": True,
            }
            reserved = left[move].filtered(
                lambda it, move=move, unit=unit, lot=lot: (
                    (it.location_id, it.product_uom_id, it.lot_id.id) == (move.location_id, unit, lot)
                    and not it.package_id
                    and not it.owner_id
                )
            )[:1]
            if reserved:
                left[move] -= reserved
                if unit.compare(reserved.quantity, units) == 0:
                    del values["quantity"]  # Odoo would release the reservation and take it again
                reserved.write(values)
            else:
                kept = {"product_uom_id": unit.id, "lot_id": lot}
                new.append({**move._prepare_move_line_vals(quantity=0), **kept, **values})
        return self.env["stock.move.line"].union(*left.values()), new

    def _shares(self):
        """[(item, move, units of the move's product)]: the items of a line take its moves one after another."""
        shares, before = [], Counter()
        for item in self.items:
            line = self.order._line_of(item.item_id)
            taken = line._shares(self._moves[line], before[line])
            before[line] += item.quantity
            for move, units in line._shares(self._moves[line], before[line]).items():
                if move.product_id.uom_id.compare(units, taken.get(move, 0)) > 0:
                    shares.append((item, move, units - taken.get(move, 0)))
        return shares

    # === LOTS AND SERIAL NUMBERS === #

    def _lots(self, sold):
        """{(product, name): lot id} of the tracked goods with exactly one bookable lot or serial number from Amazon.
        For the others, a message on the delivery lists Amazon's names."""
        tracked = [
            (item, product)
            for item in self.items
            for product in self.order._line_of(item.item_id)._per_unit()
            if product.tracking != "none"
        ]
        named = Counter((product, name) for item, product in tracked if (name := self._lot_name(item)))
        twice = {key for key, times in named.items() if times > 1 and key[0].tracking == "serial"}
        bookable = named.keys() - twice - sold
        lots = find_or_make_lots(self.env, self.order.company_id, self.picking.location_dest_id, bookable)
        sold.update(key for key in lots if key[0].tracking == "serial")
        unbooked = [
            f"{product.display_name}: {', '.join(names)}"
            for item, product in tracked
            if (product, self._lot_name(item)) not in lots and (names := _named(item))
        ]
        if unbooked:
            note_unbooked_lots(self.picking, unbooked)
        return lots

    def _lot_name(self, item):
        """The serial number of one unit, or the one lot of all these units; None where Amazon names neither.

        With several lots, Amazon does not say which unit belongs to which; of a kit neither, of which part they are.
        """
        line = self.order._line_of(item.item_id)
        product, units = line.product_id, line._per_unit()[line.product_id]
        if not units:
            return None
        if product.tracking == "serial":
            return item.serial_number if item.quantity * units == 1 else None
        return item.lot_codes[0] if len(item.lot_codes) == 1 else None


def _named(item):
    return [*filter(None, [item.serial_number]), *item.lot_codes]
