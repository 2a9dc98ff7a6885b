"""Stock moves that a fulfillment order covers: what is Amazon's is not handled here by hand."""

from odoo import fields, models
from odoo.exceptions import UserError

from ..shared.guard import refuse_by_hand

BY_HAND = {"product_uom_qty", "quantity", "picked", "picking_id", "location_id", "location_dest_id", "move_line_ids"}


class StockMove(models.Model):
    _inherit = "stock.move"

    fba_line_id = fields.Many2one(
        "fba.fulfillment.order.line", "Fulfillment Line", readonly=True, copy=False, index="btree_not_null"
    )
    fba_fulfillment_order_id = fields.Many2one(related="fba_line_id.order_id", string="Fulfillment Order")

    # === WHAT IT IS === #

    def _fba_open(self):
        """Those still to be done."""
        return self.filtered(lambda move: move.state not in ("done", "cancel"))

    def _fba_part(self):
        """(product, BoM line or None): which part of its sale order line this move brings; see tally.py."""
        return self.product_id, ("bom_line_id" in self._fields and self.bom_line_id) or None

    def _fba_unreserved(self):
        """Units, in the product's unit, that nothing is reserved for."""
        return self.product_qty - self._fba_taken()

    def _fba_units(self):
        """Units, in the product's unit, that have left or are to leave."""
        return self._fba_taken() if self.state == "done" else self.product_qty

    def _fba_taken(self):
        """Units, in the product's unit, that are reserved, or have left."""
        return self.product_uom._compute_quantity(self.quantity, self.product_id.uom_id, round=False)

    def _fba_is_at_amazon(self):
        """Whether Amazon may be at work on this move."""
        return bool(self._fba_open()) and self.sudo().fba_line_id.order_id.at_amazon

    # === NOT BY HAND === #

    def _fba_check_not_at_amazon(self):
        """Raises UserError for moves Amazon works on; booking Amazon's own answer is let through, and what an
        administrator took out of Amazon's hands."""
        if self.env.su and self.env.context.get("fba_booking"):  # a context key alone is anybody's to send
            return
        for move in self.sudo():
            if move._fba_is_at_amazon() and not move.picking_id.fba_forced:
                raise UserError(
                    self.env._(
                        "%(quantity)s × %(product)s of %(order)s is fulfilled by Amazon (%(id)s): already sent, and "
                        "not to be changed here. Request cancellation on the FBA tab of the order.",
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
        return super().write(vals)

    def _action_done(self, cancel_backorder=False):
        self._fba_check_not_at_amazon()
        return super()._action_done(cancel_backorder=cancel_backorder)

    def _action_cancel(self):
        self._fba_check_not_at_amazon()
        lines = self.sudo().fba_line_id
        lost = self.sudo()._fba_cancelled_by_hand()
        result = super()._action_cancel()
        for line, units in lost.items():
            if line._fba_kit():
                line._fba_count_kits()
            else:
                line.fba_unsourced_product_qty += units
        lines._drop_released()
        return result

    def _fba_cancelled_by_hand(self):
        """{sale order line: units} of AFN assignments that somebody cancels as a delivery: they have no source then."""
        if self.env.context.get("fba_counted"):  # by who cancels
            return {}
        moves = self.filtered(
            lambda move: (
                move.fba_line_id and move._fba_open() and move.sale_line_id.state == "sale" and move.product_qty > 0
            )
        )
        return {line: sum(same.mapped("product_qty")) for line, same in moves.grouped("sale_line_id").items()}

    def _prepare_move_split_vals(self, qty):
        """A backorder's moves stay the provisional ones of the same fulfillment line."""
        return {**super()._prepare_move_split_vals(qty), "fba_line_id": self.fba_line_id.id}

    def _assign_picking(self):
        """Nobody follows an AFN delivery for having sold it: each of its confirmations would go to them, too."""
        afn = self.filtered(lambda move: move.picking_type_id.warehouse_id.is_afn)
        super(StockMove, self - afn)._assign_picking()
        return super(StockMove, afn.with_context(mail_create_nosubscribe=True))._assign_picking()

    def _search_picking_for_assignation_domain(self):
        """Nothing is merged into a delivery that Amazon was sent."""
        domain = super()._search_picking_for_assignation_domain()
        return [
            *domain,
            "|",
            ("fba_fulfillment_order_id", "=", False),
            ("fba_fulfillment_order_id.at_amazon", "=", False),
        ]

    # === STOCK ARRIVES === #

    def _action_assign(self, force_qty=False):
        """What is reserved now may be sent by itself."""
        result = super()._action_assign(force_qty=force_qty)
        self.sudo().fba_line_id.order_id._submit_automatically()
        return result

    def _trigger_assign(self):
        """What arrives in an AFN warehouse is for those who wait there, then for those who wait elsewhere."""
        result = super()._trigger_assign()
        for warehouse, moves in self.grouped(lambda move: move.location_dest_id.warehouse_id).items():
            if warehouse.is_afn:
                warehouse.sudo()._fba_source_waiting(moves.product_id)
        return result

    def _fba_split_off(self, units):
        """A move of its own for `units` (product's unit) of this one, reserved anew; nothing where that is none."""
        if self.product_id.uom_id.compare(units, 0) <= 0:
            return self.browse()
        self._do_unreserve()
        rest = self.create(self._split(units))
        rest.fba_line_id = False
        rest._action_confirm(merge=False)
        (self + rest)._action_assign()
        return rest

    # === GIVING UNITS BACK === #

    def _fba_can_release(self):
        """Those that can be taken from their source: open, the first of their chain, and not at Amazon."""
        supply = self.sale_line_id._fba_supply()
        return self.filtered(lambda move: move in supply and not move._fba_is_at_amazon())._fba_open()

    def action_fba_release(self, quantity=None):
        """Give the assigned quantity back, or `quantity` (of the product's unit) of a single assignment: it can be
        sourced elsewhere. Raises UserError once Amazon may know of it."""
        self.check_access("read")
        self.sale_line_id._fba_check_may_source()
        self._fba_check_not_at_amazon()
        if self - self._fba_can_release():
            raise UserError(self.env._("Only open deliveries of sales orders can be released."))
        if quantity is not None:
            self.ensure_one()
            unit = self.product_id.uom_id
            if unit.compare(quantity, 0) <= 0 or unit.compare(quantity, self.product_qty) > 0:
                raise UserError(
                    self.env._(
                        "Between 0 and %(most)g × %(product)s can be released.",
                        most=self.product_qty,
                        product=self.product_id.display_name,
                    )
                )
            if self.picking_type_id.warehouse_id.is_afn and not unit.round(quantity).is_integer():
                raise UserError(self.product_id._fba_fraction_reason(quantity))
        self.sudo()._fba_release(quantity)
        return True

    def action_open_fba_release(self):
        """The confirm before a release: how much, and from where."""
        self.ensure_one()
        self.env["fba.release.wizard"].check_access("create")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Release"),
            "res_model": "fba.release.wizard",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_move_id": self.id},
        }

    def _fba_release(self, quantity=None):
        """Free all of these moves, or `quantity`, and say so on their orders. A kit is released whole."""
        moves = self
        for line in self.sale_line_id:
            if line._fba_kit():
                moves |= line._fba_supply()._fba_can_release()
        pickings = moves.picking_id
        for order, released in moves.grouped(lambda move: move.sale_line_id.order_id).items():
            items = [
                self.env._(
                    "%(quantity)s × %(product)s from %(warehouse)s",
                    quantity=f"{move.product_qty if quantity is None else quantity:g}",
                    product=move.product_id.display_name,
                    warehouse=move.picking_type_id.warehouse_id.name,
                )
                for move in released
            ]
            order.message_post(body=self.env._("Released: %s.", ", ".join(items)))
        for move in moves:
            move._fba_unsource(move.product_qty if quantity is None or move not in self else quantity)
        # A provisional delivery of which nothing is left was never more than a plan.
        provisional = pickings.filtered("fba_fulfillment_order_id")
        fulfillments = provisional.fba_fulfillment_order_id
        provisional.filtered(lambda picking: picking.state == "cancel").unlink()
        fulfillments._submit_automatically()
        fulfillments.filtered(lambda fulfillment: fulfillment.state == "cancelled")._end_activity()

    def _fba_unsource(self, quantity):
        """Free `quantity` (in the product's unit) of these moves of one line; it then has no source."""
        line = self.sale_line_id
        taken = quantity - self._fba_reduce(quantity)
        if line._fba_kit():
            line._fba_count_kits()
        else:
            line.fba_unsourced_product_qty += taken

    def _fba_reduce(self, quantity):
        """Take `quantity` (in the product's unit) off these open moves, unreserved and younger ones first; returns
        what could not be taken."""
        for move in self.sorted(lambda move: (move.quantity > 0, -move.id)):
            unit = move.product_id.uom_id
            if unit.compare(quantity, 0) <= 0:
                break
            part = min(quantity, move.product_qty)
            quantity -= part
            if unit.compare(part, move.product_qty) == 0:
                move.with_context(fba_counted=True)._action_cancel()
                continue
            demand = move.product_uom_qty - unit._compute_quantity(part, move.product_uom, round=False)
            reserved_beyond = move.product_uom.compare(move.quantity, demand) > 0
            if reserved_beyond:
                move._do_unreserve()
            move.product_uom_qty = demand
            if reserved_beyond:
                move._action_assign()
        return max(quantity, 0)
