"""Booking of an Amazon shipment on the provisional delivery: its open part, lots and serial numbers, move lines."""

from collections import Counter
from dataclasses import replace


class Booking:
    """The part of `snapshot` (amazon.Shipment) of `order` that is open on `picking`, up to `most` ({line: units}).

    `units`: {fulfillment order line: units}; `items`: the booked amazon.ShipmentItem, with the units still open.
    """

    def __init__(self, order, picking, snapshot, most):
        self.env, self.order, self.picking = order.env, order, picking
        self._moves = {
            line: line._open_moves().filtered(lambda move: move.picking_id == picking)[:1] for line in order.line_ids
        }
        self.units, self.items = Counter(), []
        for item in snapshot.items:
            line = order._line_of(item.item_id)
            still_open = min(self._moves[line].product_qty, most[line])
            quantity = min(item.quantity, still_open - self.units[line])
            if line.product_id.uom_id.compare(quantity, 0) > 0:
                self.units[line] += quantity
                self.items.append(item if quantity == item.quantity else replace(item, quantity=quantity))

    def write_lines(self, packages):
        """Make the move lines match the shipment exactly; its reserved units stay reserved.

        `packages`: {Amazon's package number: id of a package in Odoo}.
        """
        # Ignore preparations by hand: only Amazon's shipment counts.
        self.picking.move_ids.filtered("picked").picked = False
        lots = self._lots()
        left = {move: move.move_line_ids for line, move in self._moves.items() if line in self.units}
        new = []
        for item in self.items:
            move = self._moves[self.order._line_of(item.item_id)]
            unit, lot = move.product_id.uom_id, lots.get((move.product_id, _lot_name(item, move.product_id)), False)
            values = {
                "quantity": item.quantity,
                "result_package_id": packages.get(item.package_number, False),
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
                if unit.compare(reserved.quantity, item.quantity) == 0:
                    del values["quantity"]  # Odoo would release the reservation and take it again
                reserved.write(values)
            else:
                kept = {"product_uom_id": unit.id, "lot_id": lot}
                new.append({**move._prepare_move_line_vals(quantity=0), **kept, **values})
        self.env["stock.move.line"].union(*left.values()).unlink()
        self.env["stock.move.line"].create(new)

    # === LOTS AND SERIAL NUMBERS === #

    def _lots(self):
        """{(product, name): lot id} of the tracked goods with exactly one bookable lot or serial number from Amazon.
        For the others, a message on the delivery lists Amazon's names."""
        tracked = [
            (item, product)
            for item in self.items
            if (product := self.order._line_of(item.item_id).product_id).tracking != "none"
        ]
        named = {(product, name) for item, product in tracked if (name := _lot_name(item, product))}
        lots = self._find_or_make(named) if named else {}
        unbooked = [
            f"{product.display_name}: {', '.join(names)}"
            for item, product in tracked
            if (product, _lot_name(item, product)) not in lots and (names := _named(item))
        ]
        if unbooked:
            self.picking.message_post(
                body=self.env._(
                    "Amazon reported these lots and serial numbers, but they are ambiguous or already sold. The "
                    "delivery was booked without them: %s",
                    "; ".join(unbooked),
                )
            )
        return lots

    def _find_or_make(self, named):
        """{(product, name): lot id} of those `named` that were not sold before."""
        Lot, company = self.env["stock.lot"], self.order.company_id
        known = Lot.search(
            [
                ("product_id", "in", [product.id for product, _name in named]),
                ("name", "in", [name for _product, name in named]),
                ("company_id", "in", (False, company.id)),
            ]
        )
        # Amazon's stock has no lots in Odoo: a returned lot is still with its first customer.
        customers = self.picking.location_dest_id
        delivered = self.env["stock.quant"].search(
            [("lot_id", "in", known.ids), ("location_id", "=", customers.id), ("quantity", ">", 0)]
        )
        sold = delivered.lot_id.filtered(lambda lot: lot.product_id.tracking == "serial")
        lots = {(lot.product_id, lot.name): lot.id for lot in known - sold}
        missing = [key for key in named - {(lot.product_id, lot.name) for lot in sold} if key not in lots]
        made = Lot.create(
            [{"product_id": product.id, "name": name, "company_id": company.id} for product, name in missing]
        )
        return lots | dict(zip(missing, made.ids, strict=True))


def _lot_name(item, product):
    """The serial number of one unit, or the one lot of all these units; None where Amazon names neither.

    With several lots, Amazon does not say which unit belongs to which.
    """
    if product.tracking == "serial":
        return item.serial_number if item.quantity == 1 else None
    return item.lot_codes[0] if len(item.lot_codes) == 1 else None


def _named(item):
    return [*filter(None, [item.serial_number]), *item.lot_codes]
