"""A sale order's part at Amazon: its status, its sourcing, the tab that shows it."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from .fba_fulfillment_order import STATES
from .guard import refuse_by_hand

# The first that applies; "in shipping" from the moment it is being sent.
STATUS_OF = (
    ("exception", {"exception"}),
    ("in_shipping", {"submitting", "in_shipping"}),
    ("ready", {"ready", "queued"}),
    ("waiting", {"waiting"}),
    ("shipped", {"shipped"}),
    ("cancelled", {"cancelled"}),
)
STATUSES = [(state, label) for state, label in STATES if state not in ("queued", "submitting")]

OURS = {"amazon_order_id", "fba_account_id"}


class SaleOrder(models.Model):
    _inherit = "sale.order"

    fba_status = fields.Selection(
        STATUSES, "Amazon Status", compute="_compute_fba_status", store=True, copy=False, tracking=True, index=True
    )
    fba_fulfillment_order_ids = fields.One2many("fba.fulfillment.order", "sale_id", "Fulfillment Orders", copy=False)
    fba_line_ids = fields.One2many("fba.fulfillment.order.line", "sale_id", "Fulfillment Lines")
    fba_package_ids = fields.One2many("fba.package", "sale_id", "Amazon Packages")
    fba_fulfillment_order_count = fields.Integer(compute="_compute_fba_fulfillment_order_count", compute_sudo=True)
    fba_was_sent = fields.Boolean(compute="_compute_fba_fulfillment_order_count", compute_sudo=True)
    fba_message = fields.Char(compute="_compute_fba_message", compute_sudo=True)
    amazon_order_id = fields.Char(readonly=True, copy=False, index="btree_not_null")
    fba_account_id = fields.Many2one("fba.account", "Imported By", readonly=True, copy=False, ondelete="restrict")
    fba_sourcing_move_ids = fields.Many2many("stock.move", compute="_compute_fba_sourcing", string="Assignments")
    fba_unsourced_line_ids = fields.Many2many("sale.order.line", compute="_compute_fba_sourcing", string="Not Sourced")
    fba_reason_not_sourced = fields.Char(compute="_compute_fba_sourcing")

    _amazon_order_unique = models.Constraint(
        "UNIQUE(fba_account_id, amazon_order_id)", "This Amazon order has been imported already."
    )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            refuse_by_hand(self, vals, OURS)
        return super().create(vals_list)

    def write(self, vals):
        refuse_by_hand(self, vals, OURS)
        return super().write(vals)

    @api.depends("fba_fulfillment_order_ids.state", "amazon_order_id", "state")
    def _compute_fba_status(self):
        for order in self:
            if order.amazon_order_id:
                order.fba_status = "shipped" if order.state == "sale" else False
                continue
            states = set(order.fba_fulfillment_order_ids.mapped("state"))
            order.fba_status = next((status for status, any_of in STATUS_OF if states & any_of), False)

    @api.depends("fba_fulfillment_order_ids.submitted_at", "fba_fulfillment_order_ids.error_code")
    def _compute_fba_fulfillment_order_count(self):
        for order in self:
            order.fba_fulfillment_order_count = len(order.fba_fulfillment_order_ids)
            order.fba_was_sent = any(
                fulfillment.submitted_at or fulfillment.error_code for fulfillment in order.fba_fulfillment_order_ids
            )

    @api.depends("fba_fulfillment_order_ids.error_message", "fba_fulfillment_order_ids.state")
    def _compute_fba_message(self):
        for order in self:
            live = order.fba_fulfillment_order_ids.filtered(lambda fulfillment: fulfillment.state != "cancelled")
            order.fba_message = " ".join(filter(None, live.mapped("error_message")))

    @api.depends("order_line.fba_unsourced_qty")
    def _compute_delivery_status(self):
        super()._compute_delivery_status()
        for order in self.filtered(lambda order: order.delivery_status == "full"):
            if any(order.order_line.mapped("fba_unsourced_qty")):
                order.delivery_status = "partial" if any(order.order_line.mapped("qty_delivered")) else "pending"

    @api.depends("order_line.move_ids.state", "order_line.move_ids.quantity", "order_line.fba_unsourced_qty", "state")
    def _compute_fba_sourcing(self):
        for order in self:
            lines = order.order_line
            moves = lines.move_ids.filtered(lambda move: move.state != "cancel" and move.picking_code == "outgoing")
            moves |= lines.move_ids.browse().union(*(line._fba_supply_moves() for line in lines))
            order.fba_sourcing_move_ids = moves.sorted(
                lambda move: (move.sale_line_id.sequence, move.sale_line_id.id, move.id)
            )
            order.fba_unsourced_line_ids = lines.filtered("fba_unsourced_qty")
            reason = order._fba_reason_closed()
            if not reason:
                _warehouse, sourceable, reasons = order._fba_sourceable()
                reason = False if sourceable else " ".join(reasons)
            order.fba_reason_not_sourced = reason

    def _fba_sourceable(self):
        """(AFN warehouse, lines that can be sourced from it now, reasons of those that cannot)."""
        self.ensure_one()
        lines = self.order_line.browse()
        country = self.partner_shipping_id.country_id
        if not country:
            reason = self.env._("The delivery address of %s has no country. Complete the contact first.", self.name)
            return self.env["stock.warehouse"], lines, [reason]
        warehouse = self.env["stock.warehouse"].sudo()._fba_serving(self.company_id, country)
        if not warehouse:
            reason = self.env._("No AFN warehouse of %(company)s delivers to %(country)s.",
                company=self.company_id.name, country=country.name)  # fmt: skip
            return warehouse, lines, [reason]
        if not warehouse.fba_available_for_fulfillment:
            return warehouse, lines, [warehouse._fba_not_available_reason()]
        reasons, tally = [], {}
        skus = self.env["fba.sku"]._skus_of(warehouse, self.order_line.product_id)
        for line in self.order_line.filtered(lambda line: not line.display_type and line.product_id.is_storable):
            if line.product_uom_id.compare(line.sudo()._fba_needs_source()[1], 0) <= 0:
                continue
            if reason := line.sudo()._fba_reason_not_sourced(warehouse, skus, tally):
                reasons.append(reason)
            else:
                lines |= line
        return warehouse, lines, reasons or [self.env._("Nothing is left to source.")]

    def action_fulfill_by_amazon(self):
        """Source all that can be from the AFN warehouse, and make its fulfillment order.

        Raises UserError with the reason where nothing can.
        """
        for order in self:
            order.check_access("write")
            order._fba_check_open()
            order.lock_for_update()
            warehouse, lines, reasons = order._fba_sourceable()
            if not lines:
                raise UserError(" ".join(reasons))
            lines.sudo()._fba_source_from(warehouse)
        return True

    def _action_cancel(self):
        """A cancelled order has nothing left that could be without a source, and no source any more."""
        result = super()._action_cancel()
        self.order_line.sudo().write({"fba_unsourced_product_qty": 0, "fba_warehouse_id": False})
        self.fba_fulfillment_order_ids.sudo()._end_resolved_exceptions()
        return result

    def _fba_check_open(self):
        """Raises UserError where deliveries of these orders are not to be changed."""
        for order in self:
            if reason := order._fba_reason_closed():
                raise UserError(reason)

    def _fba_reason_closed(self):
        """Why this order's deliveries are not to be changed, for the clerk; False when they may be."""
        self.ensure_one()
        if self.state != "sale" or self.amazon_order_id:
            return self.env._("%s: only confirmed orders are fulfilled by Amazon.", self.name)
        if self.locked:
            return self.env._("%s is locked. Unlock it first.", self.name)
        return False

    def action_view_fba_fulfillment_orders(self):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_fulfillment_order_action")
        action["context"] = {}
        if self.fba_fulfillment_order_count == 1:
            return {**action, "views": [(False, "form")], "res_id": self.fba_fulfillment_order_ids.id}
        return {**action, "domain": [("sale_id", "=", self.id)]}
