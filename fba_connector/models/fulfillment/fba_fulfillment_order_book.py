"""What Amazon shipped becomes a done delivery: exactly its quantities, packages, carrier, numbers and lots.

It is validated on the provisional delivery, and Odoo's backorder stays the provisional one. What Amazon says of a
shipment after it was booked is compared, never booked a second time.
"""

from collections import Counter
from dataclasses import replace

from odoo import models
from odoo.exceptions import UserError

from ...amazon import outbound
from ...utc import naive
from ..shared.changes import write_changed

CHANGE_ACTIVITY = "fba_connector.mail_activity_type_change"


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _line_of(self, item_id):
        line = self.line_ids.filtered(lambda line: line.item_id == item_id)
        if not line:
            raise UserError(
                self.env._("Amazon's order %(id)s has an item %(item)s that is not ours.", id=self.name, item=item_id)
            )
        return line

    def _apply_shipment(self, snapshot):
        """Keep the shipment and its packages; book it once it has really left."""
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
        """Validate on the provisional delivery exactly what this shipment holds, as far as it is still open.

        What exceeds that, such as goods packed anew after a shipment that never left was booked, is told as a
        difference.
        """
        if forced := self.picking_ids.filtered("fba_forced")[:1]:
            self._note_shipment_of_forced(shipment, self._shipped_units(snapshot), forced)
            return
        picking = self.picking_ids.filtered(lambda picking: picking.state not in ("done", "cancel"))[:1]
        moves = {
            line: line._open_moves().filtered(lambda move: move.picking_id == picking)[:1] for line in self.line_ids
        }
        units, items = self._open_part(snapshot.items, moves)
        if not items:
            return
        # Whatever was prepared by hand on it: Amazon's shipment says what left.
        picking.move_ids.filtered("picked").picked = False
        lots = self._lots(items, picking)
        self._prepare_move_lines(
            {line: moves[line] for line in units}, items, lots, shipment.package_ids._stock_packages()
        )
        for line in units:
            line.shipped_quantity += units[line]
        shipment.picking_id = picking
        picking.fba_shipment_id = shipment
        picking._action_done()
        shipment._write_tracking()  # not before: the backorder would take the carrier over
        shipment._ask_for_mail()
        if shipment.shipped_at:
            picking.date_done = shipment.shipped_at

    def _open_part(self, items, moves):
        """({line: units}, items) of what is still open of these items of a shipment."""
        units, parts = Counter(), []
        for item in items:
            line = self._line_of(item.item_id)
            quantity = min(item.quantity, moves[line].product_qty - units[line])
            if line.product_id.uom_id.compare(quantity, 0) > 0:
                units[line] += quantity
                parts.append(item if quantity == item.quantity else replace(item, quantity=quantity))
        return units, parts

    def _prepare_move_lines(self, moves, items, lots, packages):
        """Make the lines of these moves just what the shipment holds. What is reserved for it stays reserved."""
        left = {move: move.move_line_ids for move in moves.values()}
        new = []
        for item in items:
            move = moves[self._line_of(item.item_id)]
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
                    del values["quantity"]  # Odoo would give the reservation back and take it anew
                reserved.write(values)
            else:
                kept = {"product_uom_id": unit.id, "lot_id": lot}
                new.append({**move._prepare_move_line_vals(quantity=0), **kept, **values})
        self.env["stock.move.line"].union(*left.values()).unlink()
        self.env["stock.move.line"].create(new)

    def _note_shipment_of_forced(self, shipment, units, picking):
        """Amazon shipped what an administrator had taken out of its hands: told, not booked a second time."""
        for line in units:
            line.shipped_quantity += units[line]
        shipment.picking_id = picking

    def _lots(self, items, picking):
        """{(product, name): lot id} of the tracked goods for which Amazon names one lot or serial number that Odoo can
        book; of the others the delivery says what Amazon named.
        """
        tracked = [
            (item, product) for item in items if (product := self._line_of(item.item_id).product_id).tracking != "none"
        ]
        named = {(product, name) for item, product in tracked if (name := _lot_name(item, product))}
        lots = {}
        if named:
            Lot = self.env["stock.lot"]
            known = Lot.search(
                [
                    ("product_id", "in", [product.id for product, _name in named]),
                    ("name", "in", [name for _product, name in named]),
                    ("company_id", "in", (False, self.company_id.id)),
                ]
            )
            # What came back to Amazon, where stock is counted without, is still with its first customer.
            delivered = self.env["stock.quant"].search(
                [("lot_id", "in", known.ids), ("location_id", "=", picking.location_dest_id.id), ("quantity", ">", 0)]
            )
            sold = delivered.lot_id.filtered(lambda lot: lot.product_id.tracking == "serial")
            lots = {(lot.product_id, lot.name): lot.id for lot in known - sold}
            missing = [key for key in named - {(lot.product_id, lot.name) for lot in sold} if key not in lots]
            made = Lot.create(
                [
                    {"product_id": product.id, "name": name, "company_id": self.company_id.id}
                    for product, name in missing
                ]
            )
            lots |= dict(zip(missing, made.ids, strict=True))
        unbooked = [
            f"{product.display_name}: {', '.join(names)}"
            for item, product in tracked
            if (product, _lot_name(item, product)) not in lots and (names := _named(item))
        ]
        if unbooked:
            picking.message_post(
                body=self.env._(
                    "Amazon names these lots and serial numbers, which cannot be told apart or are sold already; "
                    "booked without: %s",
                    "; ".join(unbooked),
                )
            )
        return lots

    # === WHAT CHANGED AFTERWARDS === #

    def _compare(self, shipment, shipped):
        """Where Amazon says another quantity than was booked, somebody has to look: told once for each change."""
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
                    "Amazon's shipment %(shipment)s of %(order)s is not what was booked (%(status)s; %(difference)s). "
                    "Odoo was not changed: compare with Seller Central, then correct the delivery and the order. "
                    "Stock follows by the synchronization.",
                    shipment=shipment.amazon_shipment_id,
                    order=self.sale_id.name,
                    status=shipment.status,
                    difference=difference,
                ),
                CHANGE_ACTIVITY,
            )
        else:
            self.message_post(
                body=self.env._("Amazon's shipment %s is again what was booked.", shipment.amazon_shipment_id)
            )


def _lot_name(item, product):
    """The serial number of one unit, or the one lot that all of these units are of; None where Amazon names neither.

    Of several lots Amazon does not say which unit is of which.
    """
    if product.tracking == "serial":
        return item.serial_number if item.quantity == 1 else None
    return item.lot_codes[0] if len(item.lot_codes) == 1 else None


def _named(item):
    return [*filter(None, [item.serial_number]), *item.lot_codes]
