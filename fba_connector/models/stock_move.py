"""Stock moves that a fulfillment order covers: what is Amazon's is not handled here by hand."""

from odoo import fields, models
from odoo.exceptions import UserError

from .guard import refuse_by_hand

BY_HAND = {"product_uom_qty", "quantity", "picked", "picking_id", "location_id", "location_dest_id", "move_line_ids"}


class StockMove(models.Model):
    _inherit = "stock.move"

    fba_line_id = fields.Many2one(
        "fba.fulfillment.order.line", "Fulfillment Line", readonly=True, copy=False, index="btree_not_null"
    )
    fba_fulfillment_order_id = fields.Many2one(related="fba_line_id.order_id", string="Fulfillment Order")
    fba_source_id = fields.Many2one(related="picking_type_id.warehouse_id", string="From")
    fba_can_release = fields.Boolean(compute="_compute_fba_can_release")

    def _compute_fba_can_release(self):
        for move in self:
            supply = move.sale_line_id._fba_supply_moves() if move.sale_line_id else self.browse()
            move.fba_can_release = move in supply and not move._fba_is_at_amazon()

    def _fba_open(self):
        """Those still to be done."""
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _fba_is_at_amazon(self):
        """Whether Amazon may be at work on this move."""
        return bool(self._fba_open()) and self.sudo().fba_line_id.order_id.at_amazon

    def _fba_check_not_at_amazon(self):
        """Raises UserError for moves Amazon works on; booking Amazon's own answer is let through."""
        if self.env.su and self.env.context.get("fba_booking"):  # a context key alone is anybody's to send
            return
        for move in self.sudo():
            if move._fba_is_at_amazon():
                raise UserError(
                    self.env._(
                        "%(quantity)g × %(product)s of %(order)s is being fulfilled by Amazon (%(id)s) "
                        "and cannot be changed here.",
                        quantity=move.product_uom_qty,
                        product=move.product_id.display_name,
                        order=move.sale_line_id.order_id.name,
                        id=move.fba_line_id.order_id.name,
                    )
                )

    def write(self, vals):
        refuse_by_hand(self, vals, {"fba_line_id"})
        if BY_HAND & vals.keys():
            self._fba_check_not_at_amazon()
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        self._fba_check_not_at_amazon()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_cancel(self):
        self._fba_check_not_at_amazon()
        lines = self.sudo().fba_line_id
        result = super()._action_cancel()
        lines._drop_released()
        return result

    def _prepare_move_split_vals(self, qty):
        """A backorder's moves stay the provisional ones of the same fulfillment line."""
        return {**super()._prepare_move_split_vals(qty), "fba_line_id": self.fba_line_id.id}

    def _search_picking_for_assignation_domain(self):
        """Nothing is merged into a delivery that Amazon was sent."""
        domain = super()._search_picking_for_assignation_domain()
        return [
            *domain,
            "|",
            ("fba_fulfillment_order_id", "=", False),
            ("fba_fulfillment_order_id.at_amazon", "=", False),
        ]

    def action_fba_release(self):
        """Give the assigned quantity back: it can be sourced elsewhere. Raises UserError once Amazon may know of it."""
        self.check_access("read")
        self.sale_line_id._fba_check_may_source()
        for move in self:
            if move not in move.sale_line_id._fba_supply_moves():
                raise UserError(self.env._("Only open deliveries of sales orders can be released."))
        self._fba_check_not_at_amazon()
        moves = self.sudo()
        for move in moves:
            move._fba_unsource(move.product_qty)
        provisional = moves.picking_id.filtered("fba_fulfillment_order_id")
        for order in moves.sale_line_id.order_id:
            order.message_post(body=self.env._("Released on the Sourcing tab."))
        provisional.filtered(lambda picking: picking.state == "cancel").unlink()
        return True

    def _fba_unsource(self, quantity):
        """Free `quantity` (in the product's unit) of these moves of one line; it then has no source."""
        for move in self:
            part = min(quantity, move.product_qty)
            quantity -= part
            unit = move.product_id.uom_id
            if move.sale_line_id.product_id == move.product_id:
                move.sale_line_id.fba_unsourced_product_qty += part
            if unit.compare(part, move.product_qty) == 0:
                move._action_cancel()
            else:
                move._do_unreserve()
                move.product_uom_qty -= unit._compute_quantity(part, move.product_uom, round=False)
                move._action_assign()
            if unit.is_zero(quantity):
                break
