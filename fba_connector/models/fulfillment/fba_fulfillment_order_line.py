"""Lines of a fulfillment order: one seller SKU each, and its quantities as Amazon counts them.

Their stock moves: sku_units.py.
"""

import math

from odoo import api, fields, models

from ...amazon import consistency, outbound
from ..warehouse.allocation import TRIFLE


class FbaFulfillmentOrderLine(models.Model):
    _name = "fba.fulfillment.order.line"
    _description = "FBA Fulfillment Order Line"
    _inherit = ["fba.safe.export"]
    _rec_name = "seller_sku"

    order_id = fields.Many2one("fba.fulfillment.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    sale_id = fields.Many2one(related="order_id.sale_id", store=True, index=True)
    sale_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="set null", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict", index=True)
    seller_sku = fields.Char("Seller SKU", readonly=True, index="trigram")
    move_ids = fields.One2many("stock.move", "fba_line_id", "Stock Moves", readonly=True)
    quantity = fields.Float(
        "Ordered", compute="_compute_quantity", store=True, readonly=True, digits="Product Unit",
        help="In units of the seller SKU. Follows the delivery until the order is sent, then stays fixed.",
    )  # fmt: skip
    shipped_quantity = fields.Float("Shipped", readonly=True, digits="Product Unit")
    unfillable_quantity = fields.Float("Unfillable", readonly=True, digits="Product Unit")
    cancelled_quantity = fields.Float("Cancelled", readonly=True, digits="Product Unit")

    free_quantity = fields.Float("Free at Amazon", compute="_compute_free_quantity", digits="Product Unit")

    @api.depends("product_id", "parts", "order_id.warehouse_id")
    def _compute_free_quantity(self):
        for warehouse, lines in self.grouped(lambda line: line.order_id.warehouse_id).items():
            goods = {line: line._per_unit() for line in lines}
            products = self.env["product.product"].union(
                *(product for per_unit in goods.values() for product in per_unit)
            )
            free = {it.id: it.free_qty for it in products.sudo().with_context(warehouse_id=warehouse.id)}
            for line, per_unit in goods.items():
                times = [free[it.id] / units for it, units in per_unit.items() if it.is_storable]
                line.free_quantity = math.floor(min(times, default=0) + TRIFLE)

    @property
    def item_id(self):
        """sellerFulfillmentOrderItemId: the name of this line in Amazon's answers."""
        return str(self.id)

    @api.depends("move_ids.product_qty", "move_ids.state", "parts")
    def _compute_quantity(self):
        for line in self:
            if line.order_id._is_ours():
                line.quantity = line._open_units()
            else:
                line.quantity = line.quantity

    def _is_whole(self):
        """Whether Amazon can ship the quantity: in whole units of the SKU."""
        return self.product_id.uom_id.round(self.quantity).is_integer()

    def _late_moves(self, picking, units):
        """Open moves in `picking` for further `units` that Amazon ships although Odoo had released them."""
        moves, values = self._open_moves().filtered(lambda move: move.picking_id == picking), []
        for (product, bom_line_id), more in self._wanted(units).items():
            good = product, bom_line_id
            if move := moves.filtered(lambda move, good=good: self._part_of(move) == good)[:1]:
                move.product_uom_qty += product.uom_id._compute_quantity(more, move.product_uom, round=False)
            else:
                values.append(self._prepare_late_move(picking, product, bom_line_id, more))
        moves.create(values)._action_confirm(merge=False)

    def _prepare_late_move(self, picking, product, bom_line_id, units):
        sale_line = self.sale_line_id
        if not self.parts and (kit := sale_line._fba_kit()):  # a line of an older version
            components = sale_line._fba_components(1, kit)
            bom_line_id = next((line.id for it, line in components if line and it == product), 0)
        known = bom_line_id and self.env["mrp.bom.line"].browse(bom_line_id).exists()
        return {
            **({"bom_line_id": known.id} if known else {}),
            "product_id": product.id,
            "product_uom_qty": units,
            "product_uom": product.uom_id.id,
            "picking_id": picking.id,
            "picking_type_id": picking.picking_type_id.id,
            "partner_id": picking.partner_id.id,
            "company_id": picking.company_id.id,
            "location_id": picking.location_id.id,
            "location_dest_id": picking.location_dest_id.id,
            "location_final_id": picking.location_dest_id.id,
            "warehouse_id": self.order_id.warehouse_id.id,
            "sale_line_id": sale_line.id,
            "fba_line_id": self.id,
            "origin": picking.origin,
            "procure_method": "make_to_stock",
        }

    def _lost(self, item, snapshot):
        """(unfillable, cancelled, rest that may still ship) as `snapshot` (amazon.FulfillmentOrder) says of `item`, its
        amazon.OrderItem of this line or None. Booked units are not lost: they are reported as a difference."""
        rest = max(self.quantity - self.shipped_quantity, 0)
        if not item and not consistency.frees_the_rest(snapshot):
            return (
                self.unfillable_quantity,
                self.cancelled_quantity,
                rest - self.unfillable_quantity - self.cancelled_quantity,
            )
        unfillable = min(item.unfulfillable_quantity, rest) if item else 0
        cancelled = min(item.cancelled_quantity, rest) if item else 0
        if not consistency.frees_the_rest(snapshot):
            cancelled = min(cancelled, rest - unfillable)
            return unfillable, cancelled, rest - unfillable - cancelled
        # Invalid orders carry no such quantities: nothing of them will ever ship.
        if snapshot.status == outbound.CANCELLED:
            unfillable = min(unfillable, rest - cancelled)
            return unfillable, rest - unfillable, 0
        cancelled = min(cancelled, rest - unfillable)
        return rest - cancelled, cancelled, 0

    def _uncovered(self):
        """Units that Amazon may still ship, and that Odoo has released."""
        may_ship = self.quantity - self.shipped_quantity - self.unfillable_quantity - self.cancelled_quantity
        return may_ship - self._open_units()

    def _drop_released(self):
        """Remove lines without an open move from an order that is ours; a wholly released order keeps all lines."""
        released = self.filtered(
            lambda line: line.order_id._is_ours() and not line._open_moves() and line.order_id.line_ids._open_moves()
        )
        released.unlink()

    def _open_moves(self):
        return self.move_ids._fba_open()

    def _unforced_moves(self):
        """Open moves that are not out of Amazon's hands."""
        return self._open_moves().filtered(lambda move: not move.picking_id.fba_forced)
