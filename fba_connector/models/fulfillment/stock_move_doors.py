"""Deliveries of sale orders from AFN warehouses, whichever of Odoo's doors somebody tries.

1. Each of their open moves belongs to a fulfillment order.
2. They are done by Amazon's shipments, or by hand once an administrator took the delivery out of Amazon's hands.
"""

from odoo import api, models
from odoo.exceptions import UserError

from ..shared.guard import BY_CODE, is_by_code
from ..shared.ties import in_short

# What a move of a fulfillment order delivers, to whom, and from where: `state` has rules of its own.
IDENTITY = {"product_id", "product_uom", "sale_line_id", "picking_type_id", "location_id", "location_dest_id"}


class StockMove(models.Model):
    _inherit = "stock.move"

    def _fba_of_amazon(self):
        """Those that Amazon alone delivers: goods of sale orders that leave an AFN warehouse."""
        afn = self.env["stock.warehouse"]._fba_afn_ids()
        if not afn:
            return self.browse()
        return self.filtered(
            lambda move: (
                (move.picking_type_id.warehouse_id.id in afn or move.location_id._fba_warehouse())
                and (move.sale_line_id or move.picking_id.sale_id)
                and move.location_id.usage in ("internal", "transit")
                and move.location_dest_id._is_outgoing()
                and not move.picking_id.fba_forced
            )
        )

    # === DONE BY AMAZON'S SHIPMENTS === #

    def _fba_is_amazons_word(self):
        """Whether Amazon's own answer is being booked."""
        return is_by_code(self, "fba_booking", "fba_has_left")

    def _fba_check_may_leave(self):
        """Raises UserError for open moves that Amazon alone delivers, unless its own answer is being booked."""
        if self._fba_is_amazons_word():
            return
        if moves := self.sudo()._fba_open()._fba_of_amazon():
            raise UserError(moves._fba_left_to_amazon())
        self._fba_check_not_at_amazon()

    def _fba_left_to_amazon(self):
        """Why nobody completes these here, for whoever tried, and what to do instead."""
        sent = self.filtered(lambda move: move._fba_is_at_amazon())
        reasons = []
        if sent:
            reasons.append(
                self.env._(
                    "%(deliveries)s (%(orders)s) is fulfilled by Amazon: its shipments complete deliveries in Odoo. To "
                    "stop one, request its cancellation on the FBA tab of the order.",
                    **sent._fba_delivery_names(),
                )
            )
        if self - sent:
            reasons.append(
                self.env._(
                    "Amazon ships %(deliveries)s (%(orders)s) from its own warehouse, after an FBA User has sent the "
                    "order under Fulfillment by Amazon. To ship it yourself, release it on the Sourcing tab of the "
                    "order.",
                    **(self - sent)._fba_delivery_names(),
                )
            )
        pickings = self.picking_id
        batches = pickings.batch_id if "batch_id" in pickings._fields else ()
        if batches and (batches.picking_ids - pickings).filtered(lambda it: it.state not in ("done", "cancel")):
            reasons.append(self.env._("Remove them from the batch or wave to validate its other deliveries."))
        reasons.append(self.env._("An FBA Administrator can press Handle by Hand on a delivery to complete it here."))
        return " ".join(reasons)

    def _fba_delivery_names(self):
        pickings = self.picking_id
        return {
            "deliveries": in_short(self.env, pickings.mapped("name") or self.product_id.mapped("display_name")),
            "orders": in_short(self.env, (self.sale_line_id.order_id | pickings.sale_id).mapped("name")),
        }

    def _action_done(self, cancel_backorder=False):
        self._fba_check_may_leave()
        return super()._action_done(cancel_backorder=cancel_backorder)

    @api.constrains("state", "sale_line_id")
    def _check_door(self):
        """Whoever writes the state: done by Amazon's word, cancelled with its reservation."""
        ended = self.filtered(lambda move: move.state in ("done", "cancel"))
        if not ended or ended._fba_is_amazons_word():
            return
        if is_by_code(self, "fba_cancelling"):
            ended = ended.filtered(lambda move: move.state == "done")
        if moves := ended.sudo()._fba_of_amazon():
            raise UserError(moves._fba_left_to_amazon())

    # === EACH OPEN MOVE BELONGS TO A FULFILLMENT ORDER === #

    def _action_confirm(self, merge=True, merge_into=False, create_proc=True):
        confirming = super(StockMove, self.with_context(fba_confirming=BY_CODE))
        moves = confirming._action_confirm(merge=merge, merge_into=merge_into, create_proc=create_proc)
        moves = moves.with_env(self.env)
        moves.with_context(fba_confirming=False)._fba_join()
        return moves

    def _fba_join(self):
        """Moves that Amazon alone delivers belong to a fulfillment order, and their deliveries to that of the moves."""
        if is_by_code(self, "fba_launching", "fba_confirming", "fba_booking", "fba_has_left"):
            return  # a launch, or Odoo's own steps, join them at their end
        moves = self.sudo()._fba_open().filtered(lambda move: move.picking_id and move.state != "draft")
        for picking, same in moves.filtered("fba_line_id").grouped("picking_id").items():
            if not picking.fba_fulfillment_order_id:
                picking.fba_fulfillment_order_id = same.fba_line_id.order_id[:1]
        if loose := moves.filtered(lambda move: not move.fba_line_id)._fba_of_amazon():
            loose.picking_id._fba_make_fulfillment_orders()

    def _fba_put_in(self, picking):
        """Move these to another delivery, with their reservations."""
        self.picking_id = picking
        self.move_line_ids.picking_id = picking

    # === WRITTEN BY HAND === #

    @api.model_create_multi
    def create(self, vals_list):
        moves = super().create(vals_list)
        if not self.env.su:
            moves._fba_check_not_added()
        moves._fba_join()
        return moves

    def _fba_check_not_added(self):
        """Raises UserError for goods that are added by hand to a delivery of Amazon's, or to what Amazon works on, and
        for those of Amazon's that would join a delivery out of its hands."""
        for move in self.sudo().filtered(lambda move: move.state != "cancel"):
            picking, order = move.picking_id, move.fba_line_id.order_id
            if picking.fba_forced:
                is_added = order and not order.at_amazon
            elif order:
                is_added = order.at_amazon
            else:
                is_added = picking.fba_is_at_amazon or (picking.fba_fulfillment_order_id and not move.sale_line_id)
            if not is_added:
                continue
            raise UserError(
                self.env._(
                    "%(delivery)s of %(order)s is fulfilled by Amazon or handled by hand: nothing can be added to it. "
                    "Add a line to the sales order instead.",
                    delivery=picking.name or move.reference,
                    order=picking.sale_id.name or order.sale_id.name,
                )
            )

    def _fba_check_identity(self, vals):
        """Raises UserError where a person changes what a move of a fulfillment order is, or reopens an ended one."""
        names = IDENTITY & vals.keys()
        if self.env.su or not (names or {"state", "product_uom_qty"} & vals.keys()):
            return
        for move in self.sudo().filtered("fba_line_id"):
            has_ended = move.state in ("done", "cancel")
            if names or "product_uom_qty" in vals:
                move.with_env(self.env)._fba_check_not_at_amazon()
            reopens = "state" in vals and has_ended and vals["state"] != move.state
            is_resized = "product_uom_qty" in vals and not has_ended and vals["product_uom_qty"] != move.product_uom_qty
            is_split = self.env.context.get("do_not_unreserve")  # by Odoo: the rest goes to another move of the line
            if (
                reopens
                or (is_resized and not is_split)
                or any(move[name].id != (vals[name] or False) for name in names)
            ):
                raise UserError(
                    self.env._(
                        "%(product)s of %(order)s belongs to the fulfillment order %(id)s: change the sales order or "
                        "its Sourcing tab instead of the delivery.",
                        product=move.product_id.display_name,
                        order=move.fba_line_id.order_id.sale_id.name,
                        id=move.fba_line_id.order_id.name,
                    )
                )

    def write(self, vals):
        self._fba_check_identity(vals)
        result = super().write(vals)
        if {"picking_id", "sale_line_id"} & vals.keys():
            if not self.env.su and "picking_id" in vals:
                self._fba_check_not_added()
            self._fba_join()
        return result

    @api.constrains("location_id", "picking_type_id")
    def _check_source(self):
        """Goods of sale orders leave an AFN warehouse by its own deliveries, and these take them from nowhere else."""
        if self._fba_is_amazons_word():
            return
        afn = self.env["stock.warehouse"]._fba_afn_ids()
        if not afn:
            return
        for move in self.sudo()._fba_open().filtered(lambda move: move.sale_line_id and not move.picking_id.fba_forced):
            warehouse = move.picking_type_id.warehouse_id
            for location in move.location_id | move.move_line_ids.location_id:
                here = location._fba_warehouse()
                is_wrong = not location._child_of(warehouse.lot_stock_id) if warehouse.id in afn else here
                if is_wrong and move.location_dest_id._is_outgoing():
                    raise UserError(
                        self.env._(
                            "%(delivery)s belongs to warehouse %(warehouse)s and cannot take %(product)s from "
                            "%(location)s. Choose the source on the Sourcing tab of %(order)s.",
                            delivery=move.picking_id.name or move.reference,
                            warehouse=warehouse.name,
                            product=move.product_id.display_name,
                            location=location.display_name,
                            order=move.sale_line_id.order_id.name,
                        )
                    )
