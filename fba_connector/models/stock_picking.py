"""Deliveries of an AFN warehouse: provisional until Amazon ships, then one per Amazon shipment."""

from odoo import fields, models
from odoo.fields import Command

from .guard import refuse_by_hand


class StockPicking(models.Model):
    _inherit = "stock.picking"

    fba_fulfillment_order_id = fields.Many2one(
        "fba.fulfillment.order", "Fulfillment Order", readonly=True, copy=False, index="btree_not_null"
    )
    fba_shipment_id = fields.Many2one("fba.shipment", "Amazon Shipment Record", readonly=True, copy=False)
    amazon_shipment_id = fields.Char(related="fba_shipment_id.amazon_shipment_id", string="Amazon Shipment")
    fba_is_at_amazon = fields.Boolean(compute="_compute_fba_is_at_amazon")

    def _compute_fba_is_at_amazon(self):
        for picking in self:
            order = picking.sudo().fba_fulfillment_order_id
            picking.fba_is_at_amazon = picking.state not in ("done", "cancel") and order.at_amazon

    def write(self, vals):
        refuse_by_hand(self, vals, {"fba_fulfillment_order_id", "fba_shipment_id"})
        return super().write(vals)

    def _create_backorder_picking(self):
        backorder = super()._create_backorder_picking()
        backorder.sudo().fba_fulfillment_order_id = self.sudo().fba_fulfillment_order_id
        return backorder

    def do_unreserve(self):
        self.move_ids._fba_check_not_at_amazon()
        return super().do_unreserve()

    def _send_confirmation_email(self):
        """Amazon's carriers need no label of ours, and a mail that fails must not undo what has shipped."""
        amazons = self.filtered(lambda picking: picking.fba_shipment_id or picking.sale_id.amazon_order_id)
        return super(StockPicking, self - amazons)._send_confirmation_email()

    def _fba_make_fulfillment_orders(self):
        """Every open AFN delivery of a sale order has one fulfillment order, each of its moves a line there."""
        pickings = self.filtered(
            lambda picking: (
                picking.picking_type_id.warehouse_id.is_afn
                and picking.picking_type_code == "outgoing"
                and picking.state not in ("done", "cancel")
                and picking.sale_id
                and not picking.sale_id.amazon_order_id
            )
        ).sudo()
        for picking in pickings:
            moves = picking.move_ids._fba_open().filtered(lambda move: not move.fba_line_id)
            if not moves:
                continue
            if not picking.fba_fulfillment_order_id:
                picking.fba_fulfillment_order_id = self.env["fba.fulfillment.order"].create(
                    picking._prepare_fulfillment_order()
                )
            quantities = {
                product: sum(rows.mapped("product_qty")) for product, rows in moves.grouped("product_id").items()
            }
            skus = self.env["fba.sku"]._skus_of(picking.picking_type_id.warehouse_id, moves.product_id, quantities)
            self.env["fba.fulfillment.order.line"].sudo().create(
                [
                    {
                        "order_id": picking.fba_fulfillment_order_id.id,
                        "sale_line_id": move.sale_line_id.id,
                        "product_id": move.product_id.id,
                        "seller_sku": skus.get(move.product_id),
                        "move_ids": [Command.link(move.id)],
                    }
                    for move in moves
                ]
            )

    def _prepare_fulfillment_order(self):
        self.ensure_one()
        warehouse, sale = self.picking_type_id.warehouse_id, self.sale_id
        return {
            "name": self.env["fba.fulfillment.order"]._new_name(sale, len(sale.fba_fulfillment_order_ids) + 1),
            "account_id": warehouse.fba_account_id.id,
            "warehouse_id": warehouse.id,
            "sale_id": sale.id,
            "shipping_speed": warehouse.fba_account_id.shipping_speed,
            "fulfillment_policy": warehouse.fba_account_id.fulfillment_policy,
        }

    def _fba_deliver_sold(self, shipped_at):
        """Book deliveries of an order sold and shipped by Amazon, whatever stock Odoo thinks there is.

        They leave from *Held by Amazon* where that is kept: Amazon had reserved them before it shipped.
        """
        for picking in self:
            warehouse = picking.picking_type_id.warehouse_id
            if warehouse._fba_is_synchronized():
                picking.do_unreserve()
                picking.location_id = warehouse.fba_held_location_id
                picking.move_ids.location_id = warehouse.fba_held_location_id
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            picking.with_context(cancel_backorder=True)._action_done()
            picking.date_done = shipped_at
