"""Which warehouse sources a line, and the part of it that has no source."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .guard import refuse_by_hand

OURS = {"fba_warehouse_id", "fba_unsourced_product_qty"}


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    fba_warehouse_id = fields.Many2one(
        "stock.warehouse", "Sourced from Amazon", readonly=True, copy=False, help="The AFN warehouse of this line."
    )
    fba_unsourced_product_qty = fields.Float(
        "Not Sourced (Product Unit)", readonly=True, copy=False, digits="Product Unit",
        help="In the product's own unit: exact where the line is sold by the dozen.",
    )  # fmt: skip
    fba_unsourced_qty = fields.Float(
        "Not Sourced", compute="_compute_fba_unsourced_qty", store=True, digits="Product Unit",
        help="Released or unfillable: neither delivered nor on its way, until it is sourced again or the line lowered.",
    )  # fmt: skip

    @api.depends("fba_unsourced_product_qty", "product_uom_id")
    def _compute_fba_unsourced_qty(self):
        for line in self:
            quantity = line.fba_unsourced_product_qty
            line.fba_unsourced_qty = quantity and line.product_id.uom_id._compute_quantity(
                quantity, line.product_uom_id, rounding_method="HALF-UP"
            )

    @api.depends("fba_warehouse_id")
    def _compute_warehouse_id(self):
        super()._compute_warehouse_id()
        for line in self.filtered("fba_warehouse_id"):
            line.warehouse_id = line.fba_warehouse_id

    def _prepare_procurement_values(self):
        """The AFN warehouse's own delivery, whatever routes the product has elsewhere."""
        values = super()._prepare_procurement_values()
        if self.fba_warehouse_id:
            values["route_ids"] = self.fba_warehouse_id.sudo().delivery_route_id
        return values

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """What has no source counts as procured: Odoo does not procure it behind the user's back."""
        return super()._get_qty_procurement(previous_product_uom_qty) + self.fba_unsourced_qty

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        if self.env.context.get("skip_procurement"):
            return super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        for line in self.filtered("fba_unsourced_qty"):
            # A lowered line gives up what has no source first.
            gap = line.product_uom_qty - (line._get_qty_procurement() - line.fba_unsourced_qty)
            if line.product_uom_id.compare(gap, line.fba_unsourced_qty) < 0:
                line.sudo().fba_unsourced_product_qty = line.product_uom_id._compute_quantity(
                    max(gap, 0), line.product_id.uom_id, rounding_method="HALF-UP"
                )
        result = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        self.move_ids.picking_id._fba_make_fulfillment_orders()
        self.order_id.fba_fulfillment_order_ids.sudo()._end_resolved_exceptions()
        return result

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            refuse_by_hand(self, vals, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        if "product_uom_qty" in vals and not self.env.context.get("skip_procurement"):
            for line in self.filtered(lambda line: line.state == "sale"):
                line._fba_check_not_below_sent(vals["product_uom_qty"])
        return super().write(vals)

    def _fba_check_not_below_sent(self, quantity):
        sent = self.sudo().move_ids.filtered(lambda move: move._fba_is_at_amazon())
        if not sent:
            return
        unit = self.product_uom_id
        at_amazon = sum(move.product_uom._compute_quantity(move.product_uom_qty, unit, round=False) for move in sent)
        if unit.compare(quantity, self.qty_delivered + at_amazon) < 0:
            raise UserError(
                self.env._(
                    "%(quantity)g × %(product)s is being fulfilled by Amazon already; the line cannot go below "
                    "what is sent or delivered.",
                    quantity=at_amazon,
                    product=self.product_id.display_name,
                )
            )

    @api.depends("fba_unsourced_qty")
    def _compute_invoice_status(self):
        super()._compute_invoice_status()
        for line in self:
            if (
                line.fba_unsourced_qty
                and line.invoice_status == "invoiced"
                and line.qty_invoiced < line.product_uom_qty
            ):
                line.invoice_status = "no"

    # === SOURCING === #

    def _fba_supply_moves(self):
        """The open moves that bring this line's goods on their way: those its procurement made, no returns."""
        moves, _incoming = self._get_outgoing_incoming_moves(strict=False)
        return moves._fba_open().filtered(lambda move: move.location_id.usage in ("internal", "transit"))

    def _fba_needs_source(self):
        """(moves of other warehouses that may be replaced, quantity in the product's unit to source)."""
        self.ensure_one()
        moves = self._fba_supply_moves().filtered(lambda move: not move.picking_type_id.warehouse_id.is_afn)
        return moves, self.fba_unsourced_product_qty + sum(moves.mapped("product_qty"))

    def _fba_reason_not_sourced(self, warehouse, skus, tally):
        """Why this line, which needs a source, cannot have `warehouse`, for the clerk; False when it can.

        `skus` {product: seller SKU there}; `tally` {product: quantity promised to lines before this one} is kept up
        to date.
        """
        self.ensure_one()
        moves, quantity = self._fba_needs_source()
        product = self.product_id
        if "make_to_order" in moves.mapped("procure_method"):
            return self.env._("%s is bought or made for this order.", product.display_name)
        reserved = moves.filtered("quantity")
        if reserved:
            return self.env._(
                "%(product)s is reserved by %(warehouse)s. Release it on the Sourcing tab first.",
                product=product.display_name,
                warehouse=reserved[0].picking_type_id.warehouse_id.name,
            )
        if product not in skus:
            return self.env["fba.sku"]._no_sku_reason(product)
        free = product.with_context(warehouse_id=warehouse.id).free_qty - tally.get(product, 0)
        if product.uom_id.compare(free, quantity) < 0:
            return self.env._(
                "%(product)s: %(free)g free at Amazon, %(needed)g needed.",
                product=product.display_name,
                free=max(free, 0),
                needed=quantity,
            )
        tally[product] = tally.get(product, 0) + quantity
        return False

    def _fba_source_from(self, warehouse):
        """Replace the lines' unreserved and missing supply by `warehouse`; by the order's own routes where empty.

        Procured in the product's unit: the difference in dozens would be rounded.
        """
        procurements = []
        for line in self:
            moves, quantity = line._fba_needs_source()
            moves._action_cancel()
            line.write({"fba_warehouse_id": warehouse.id, "fba_unsourced_product_qty": 0})
            procurements += line._create_procurements(
                quantity, line.product_id.uom_id, line._prepare_procurement_values()
            )
        self.env["stock.rule"].run(procurements)
        self._action_launch_stock_rule()  # confirms the deliveries and makes their fulfillment orders

    def action_fba_source_from_own(self):
        """Procure what has no source as if Amazon were not there: from the order's own warehouse and routes."""
        self._fba_check_may_source()
        self.sudo()._fba_source_from(self.env["stock.warehouse"])
        return True

    def _fba_check_may_source(self):
        """Raises AccessError or UserError where the current user may not change how these lines are delivered."""
        self.order_id.check_access("write")
        self.order_id._fba_check_open()
