"""Stock moves of a fulfillment order: no changes by hand while Amazon works on them."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..shared.groups import INTERNAL
from ..shared.guard import BY_CODE, is_by_code, refuse_by_hand

# Once one of these changes, so may the state of the fulfillment order.
FOLLOWED = {"state", "quantity", "product_uom_qty", "product_uom", "move_line_ids", "fba_line_id"}
# In the context of steps that take a reservation and give it back: only their end counts. No client can send an object.
LATER = object()
BY_HAND = {
    "product_uom", "product_uom_qty", "quantity", "picked", "picking_id", "location_id", "location_dest_id",
    "move_line_ids",
}  # fmt: skip


class StockMove(models.Model):
    _inherit = "stock.move"

    fba_line_id = fields.Many2one(
        "fba.fulfillment.order.line",
        "Fulfillment Line",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=INTERNAL,
    )
    fba_fulfillment_order_id = fields.Many2one(
        related="fba_line_id.order_id", string="Fulfillment Order", groups=INTERNAL
    )

    def _fba_is_at_amazon(self):
        """Whether Amazon may be at work on this move."""
        sent = bool(self._fba_open()) and self.sudo().fba_line_id.order_id.at_amazon
        return sent or super()._fba_is_at_amazon()

    def _fba_check_not_at_amazon(self):
        """Raises UserError for moves at Amazon, except for bookings of Amazon's own answers and for deliveries that an
        administrator took out of Amazon's hands."""
        super()._fba_check_not_at_amazon()
        if is_by_code(self, "fba_booking"):
            return
        for move in self.sudo():
            if move._fba_is_at_amazon() and not move.picking_id.fba_forced:
                raise UserError(
                    self.env._(
                        "%(quantity)s × %(product)s of %(order)s is fulfilled by Amazon (%(id)s) and can no longer be "
                        "changed here. Request cancellation on the FBA tab of the order.",
                        quantity=f"{move.product_uom_qty:g}",
                        product=move.product_id.display_name,
                        order=move.sale_line_id.order_id.name,
                        id=move.fba_line_id.order_id.name,
                    )
                )

    def write(self, vals):
        refuse_by_hand(self, vals, {"fba_line_id"})
        if BY_HAND & vals.keys():
            self._fba_check_not_at_amazon()
        if not FOLLOWED & vals.keys() or self.env.context.get("fba_follow") is LATER:
            return super().write(vals)
        orders = self.sudo().fba_line_id.order_id
        if not orders and "fba_line_id" not in vals:
            return super().write(vals)
        result = super(StockMove, self.with_context(fba_follow=LATER)).write(vals)
        (orders | self.sudo().fba_line_id.order_id)._follow_delivery()
        return result

    def unlink(self):
        """Deleted by hand, what was assigned has no source, as if it had been cancelled."""
        if not self.env.su and (assigned := self._fba_open().filtered("fba_line_id")):
            assigned._action_cancel()
        orders = self.sudo().fba_line_id.order_id
        result = super().unlink()
        orders._follow_delivery()
        return result

    def _fba_release(self, quantity=None):
        """Remove provisional deliveries that became empty: they were only a plan."""
        provisional = self._fba_whole_kits().picking_id.filtered("fba_fulfillment_order_id")
        result = super()._fba_release(quantity)
        orders = provisional.fba_fulfillment_order_id
        provisional.filtered(lambda picking: picking.state == "cancel").unlink()
        orders._choose_skus()
        if torn := orders.line_ids.filtered(lambda line: not line._is_single_unit() and not line._is_whole())[:1]:
            raise UserError(torn._fraction_reason())
        orders._submit_automatically()
        orders.filtered(lambda order: order.state == "cancelled")._end_activity()
        return result

    def _action_cancel(self):
        self._fba_check_not_at_amazon()
        lines = self.sudo().fba_line_id
        lost = self.sudo()._fba_cancelled_by_hand()
        with self.env["sale.order.line"].union(*lost)._fba_counting_kits():
            result = super(StockMove, self.with_context(fba_cancelling=BY_CODE))._action_cancel()
        for line, units in lost.items():
            if not line._fba_kit():
                line.fba_unsourced_product_qty += units
        lines._drop_released()
        return result

    def _fba_cancelled_by_hand(self):
        """{sale order line: units} of AFN assignments cancelled as a delivery by a person: they have no source then."""
        if is_by_code(self, "fba_counted"):  # the caller has counted them
            return {}
        moves = self.filtered(
            lambda move: (
                (move.fba_line_id or move.picking_id.fba_forced)
                and move._fba_open()
                and move.sale_line_id.state == "sale"
                and move.product_qty > 0
            )
        )
        return {line: sum(same.mapped("product_qty")) for line, same in moves.grouped("sale_line_id").items()}

    @api.model
    def _prepare_merge_moves_distinct_fields(self):
        """Each move stays with its seller SKU."""
        return [*super()._prepare_merge_moves_distinct_fields(), "fba_line_id"]

    def _prepare_move_split_vals(self, qty):
        """A backorder's moves stay the provisional ones of the same fulfillment line."""
        return {**super()._prepare_move_split_vals(qty), "fba_line_id": self.fba_line_id.id}

    def _assign_picking(self):
        """Selling an AFN delivery makes nobody its follower: followers would get each of its confirmations, too."""
        afn = self.filtered(lambda move: move.picking_type_id.warehouse_id.is_afn)
        super(StockMove, self - afn)._assign_picking()
        return super(StockMove, afn.with_context(mail_create_nosubscribe=True))._assign_picking()

    def _search_picking_for_assignation_domain(self):
        """Never merge moves into a delivery at Amazon, or out of its hands."""
        domain = super()._search_picking_for_assignation_domain()
        return [
            *domain,
            "|",
            ("fba_fulfillment_order_id", "=", False),
            ("fba_fulfillment_order_id.at_amazon", "=", False),
            ("fba_forced", "=", False),
        ]

    def _update_reserved_quantity_vals(
        self, need, location_id, lot_id=None, package_id=None, owner_id=None, strict=True
    ):
        """Goods of an AFN warehouse that are tracked leave it without their lots: what left counts against all lots."""
        warehouse = location_id.warehouse_id
        if warehouse.is_afn and self.product_id.tracking != "none":
            need = min(need, warehouse._fba_unreserved_units(self.product_id).get(self.product_id, 0.0))
            if self.product_id.uom_id.compare(need, 0) <= 0:
                return [], 0
        return super()._update_reserved_quantity_vals(need, location_id, lot_id, package_id, owner_id, strict)

    def _action_assign(self, force_qty=False):
        """New reservations may be sent automatically."""
        result = super(StockMove, self.with_context(fba_reserving=BY_CODE))._action_assign(force_qty=force_qty)
        if self.env.context.get("fba_follow") is not LATER:
            self.sudo().fba_line_id.order_id._submit_automatically()
        return result
