"""Which warehouse sources a line, and the part of it that has no source."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .fba_fulfillment_order import AT_AMAZON_STATES


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    fba_warehouse_id = fields.Many2one(
        "stock.warehouse", "Sourced from Amazon", readonly=True, copy=False, help="The AFN warehouse of this line."
    )
    fba_unsourced_qty = fields.Float(
        "Not Sourced", readonly=True, copy=False, digits="Product Unit",
        help="Released or unfillable: neither delivered nor on its way, until it is sourced again or the line lowered.",
    )  # fmt: skip

    @api.depends("fba_warehouse_id")
    def _compute_warehouse_id(self):
        super()._compute_warehouse_id()
        for line in self.filtered("fba_warehouse_id"):
            line.warehouse_id = line.fba_warehouse_id

    def _get_qty_procurement(self, previous_product_uom_qty=False):
        """What has no source counts as procured: Odoo does not procure it behind the user's back."""
        return super()._get_qty_procurement(previous_product_uom_qty) + self.fba_unsourced_qty

    def _action_launch_stock_rule(self, *, previous_product_uom_qty=False):
        if self.env.context.get("skip_procurement"):
            return super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        for line in self.filtered("fba_unsourced_qty"):
            # A lowered line gives up what has no source first.
            sourced = line._get_qty_procurement() - line.fba_unsourced_qty
            line.fba_unsourced_qty = max(0, min(line.fba_unsourced_qty, line.product_uom_qty - sourced))
        result = super()._action_launch_stock_rule(previous_product_uom_qty=previous_product_uom_qty)
        self.move_ids.picking_id._fba_make_fulfillment_orders()
        self.order_id.fba_fulfillment_order_ids.sudo()._end_resolved_exceptions()
        return result

    def write(self, vals):
        if "product_uom_qty" in vals and not self.env.context.get("skip_procurement"):
            for line in self.filtered(lambda line: line.state == "sale"):
                line._fba_check_not_below_sent(vals["product_uom_qty"])
        return super().write(vals)

    def _fba_check_not_below_sent(self, quantity):
        moves = self.sudo().move_ids
        sent = moves.filtered(
            lambda move: move.state not in ("done", "cancel") and move.fba_line_id.order_id.state in AT_AMAZON_STATES
        )
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

    def _fba_needs_source(self):
        """(moves of other warehouses that may be replaced, quantity in the line's unit to source)."""
        self.ensure_one()
        open_moves = self.move_ids.filtered(
            lambda move: move.state not in ("done", "cancel") and not move.picking_type_id.warehouse_id.is_afn
        )
        quantity = self.fba_unsourced_qty + sum(
            move.product_uom._compute_quantity(move.product_uom_qty, self.product_uom_id, round=False)
            for move in open_moves
        )
        return open_moves, quantity

    def _fba_reason_not_sourced(self, warehouse, tally):
        """Why this line cannot be sourced from `warehouse`, for the clerk; False when it can.

        `tally` {product: quantity promised to lines before this one} is kept up to date.
        """
        self.ensure_one()
        moves, quantity = self._fba_needs_source()
        product = self.product_id
        reserved = moves.filtered("quantity")
        if reserved:
            return self.env._(
                "%(product)s is reserved by %(warehouse)s. Release it on the Sourcing tab first.",
                product=product.display_name,
                warehouse=reserved[0].picking_type_id.warehouse_id.name,
            )
        if not self.env["fba.sku"]._skus_of(warehouse, product):
            return self.env["fba.sku"]._no_sku_reason(product)
        needed = self.product_uom_id._compute_quantity(quantity, product.uom_id, round=False)
        free = product.with_context(warehouse_id=warehouse.id).free_qty - tally.get(product, 0)
        if product.uom_id.compare(free, needed) < 0:
            return self.env._(
                "%(product)s: %(free)g free at Amazon, %(needed)g needed.",
                product=product.display_name,
                free=max(free, 0),
                needed=needed,
            )
        tally[product] = tally.get(product, 0) + needed
        return False

    def _fba_source_from(self, warehouse):
        """Replace the lines' unreserved and missing supply by `warehouse`."""
        for line in self:
            moves, _quantity = line._fba_needs_source()
            moves._action_cancel()
        self.write({"fba_warehouse_id": warehouse.id, "fba_unsourced_qty": 0})
        self._action_launch_stock_rule()

    def action_fba_source_from_own(self):
        """Procure what has no source as if Amazon were not there: from the order's own warehouse and routes."""
        self.order_id.check_access("write")
        self.sudo().write({"fba_warehouse_id": False, "fba_unsourced_qty": 0})
        self.sudo()._action_launch_stock_rule()
        return True
