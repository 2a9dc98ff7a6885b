"""Lines of a fulfillment order: one seller SKU each, with ordered, shipped, unfillable and cancelled quantities."""

from odoo import api, fields, models

from ...amazon import consistency, outbound


class FbaFulfillmentOrderLine(models.Model):
    _name = "fba.fulfillment.order.line"
    _description = "FBA Fulfillment Order Line"
    _inherit = ["fba.safe.export"]
    _rec_name = "seller_sku"

    order_id = fields.Many2one("fba.fulfillment.order", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="order_id.company_id", store=True)
    sale_id = fields.Many2one(related="order_id.sale_id", store=True, index=True)
    sale_line_id = fields.Many2one("sale.order.line", readonly=True, ondelete="set null", index="btree_not_null")
    product_id = fields.Many2one("product.product", required=True, readonly=True, ondelete="restrict")
    seller_sku = fields.Char("Seller SKU", readonly=True)
    move_ids = fields.One2many("stock.move", "fba_line_id", "Stock Moves", readonly=True)
    quantity = fields.Float(
        "Ordered", compute="_compute_quantity", store=True, readonly=True, digits="Product Unit",
        help="In the product's own unit. Follows the delivery until the order is sent, then stays fixed.",
    )  # fmt: skip
    shipped_quantity = fields.Float("Shipped", readonly=True, digits="Product Unit")
    unfillable_quantity = fields.Float("Unfillable", readonly=True, digits="Product Unit")
    cancelled_quantity = fields.Float("Cancelled", readonly=True, digits="Product Unit")

    free_quantity = fields.Float("Free at Amazon", compute="_compute_free_quantity", digits="Product Unit")

    @api.depends("product_id", "order_id.warehouse_id")
    def _compute_free_quantity(self):
        for warehouse, lines in self.grouped(lambda line: line.order_id.warehouse_id).items():
            for line in lines:
                product = line.product_id.with_context(warehouse_id=warehouse.id).with_prefetch(lines.product_id.ids)
                line.free_quantity = product.sudo().free_qty

    @property
    def item_id(self):
        """sellerFulfillmentOrderItemId: the name of this line in Amazon's answers."""
        return str(self.id)

    @api.depends("move_ids.product_qty", "move_ids.state")
    def _compute_quantity(self):
        for line in self:
            if line.order_id._is_ours():
                line.quantity = sum(line._open_moves().mapped("product_qty"))
            else:
                line.quantity = line.quantity

    def _prepare_late_move(self, picking, units):
        """A move of `units` that Amazon shipped although Odoo had released them."""
        sale_line, kit = self.sale_line_id, self.sale_line_id._fba_kit()
        components = sale_line._fba_components(1, kit) if kit else {}
        bom_line = next((bom_line for product, bom_line in components if product == self.product_id), None)
        return {
            **({"bom_line_id": bom_line.id} if bom_line else {}),
            "product_id": self.product_id.id,
            "product_uom_qty": units,
            "product_uom": self.product_id.uom_id.id,
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

    def _without_source(self):
        """Units of this line's product that have no source: of a kit, those that an incomplete one lacks."""
        sale_line = self.sale_line_id
        if not sale_line.fba_unsourced_product_qty:
            return 0.0
        if not sale_line._fba_kit():
            return sale_line.fba_unsourced_product_qty
        needed = sale_line._fba_components_needed(sale_line.move_ids.browse())
        return sum(units for (product, _bom_line), units in needed.items() if product == self.product_id)

    def _uncovered(self):
        """Units that Amazon may still ship, and that Odoo has released."""
        may_ship = self.quantity - self.shipped_quantity - self.unfillable_quantity - self.cancelled_quantity
        return may_ship - sum(self._open_moves().mapped("product_qty"))

    def _drop_released(self):
        """Remove lines without an open move from an order that is ours; a wholly released order keeps all lines."""
        released = self.filtered(
            lambda line: line.order_id._is_ours() and not line._open_moves() and line.order_id.line_ids._open_moves()
        )
        released.unlink()

    def _open_moves(self):
        return self.move_ids._fba_open()
