"""A sale order's part at Amazon: its status, its sourcing and the FBA tab."""

from odoo import api, fields, models

from ..shared.groups import INTERNAL
from .states import CANCEL_REQUESTED, STATES

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


class SaleOrder(models.Model):
    _inherit = "sale.order"

    fba_status = fields.Selection(
        STATUSES,
        "Amazon Status",
        compute="_compute_fba_status",
        store=True,
        copy=False,
        tracking=True,
        index=True,
        groups=INTERNAL,
    )
    fba_shown_status = fields.Selection(
        "_fba_shown_statuses",
        "Amazon Status, as Shown",
        compute="_compute_fba_shown_status",
        compute_sudo=True,
        exportable=False,
        groups=INTERNAL,
        help="The Amazon status, and in more detail: whether all of it is queued, or a cancellation is requested.",
    )
    fba_fulfillment_order_ids = fields.One2many(
        "fba.fulfillment.order", "sale_id", "Fulfillment Orders", copy=False, groups=INTERNAL
    )
    fba_shown_order_ids = fields.One2many(
        "fba.fulfillment.order",
        string="Shown Fulfillment Orders",
        compute="_compute_fba_details",
        groups=INTERNAL,
    )
    fba_line_ids = fields.One2many(
        "fba.fulfillment.order.line",
        string="Fulfillment Lines",
        compute="_compute_fba_details",
        groups=INTERNAL,
    )
    fba_shipment_ids = fields.One2many(
        "fba.shipment", string="Amazon Shipments", compute="_compute_fba_details", groups=INTERNAL
    )
    fba_return_item_ids = fields.One2many(
        "fba.return.item",
        string="Returned to Amazon",
        compute="_compute_fba_details",
        groups=INTERNAL,
    )
    fba_package_ids = fields.One2many(
        "fba.package", string="Amazon Packages", compute="_compute_fba_details", groups=INTERNAL
    )
    fba_fulfillment_order_count = fields.Integer(
        compute="_compute_fba_fulfillment_order_count", compute_sudo=True, groups=INTERNAL
    )
    fba_was_sent = fields.Boolean(compute="_compute_fba_fulfillment_order_count", compute_sudo=True, groups=INTERNAL)
    fba_message = fields.Char(compute="_compute_fba_message", compute_sudo=True, groups=INTERNAL)
    fba_sourcing_ids = fields.One2many(
        "fba.sourcing", string="Sourcing", compute="_compute_fba_sourcing_ids", groups=INTERNAL
    )

    @api.depends("fba_fulfillment_order_ids.state")
    def _compute_fba_status(self):
        for order in self:
            states = set(order.fba_fulfillment_order_ids.mapped("state"))
            order.fba_status = next((status for status, any_of in STATUS_OF if states & any_of), False)

    @api.model
    def _fba_shown_statuses(self):
        return self.env["fba.fulfillment.order"]._shown_states()

    @api.depends("fba_status", "fba_fulfillment_order_ids.shown_state")
    def _compute_fba_shown_status(self):
        for order in self:
            status, states = order.fba_status, set(order._fba_fulfillments().mapped("shown_state"))
            if status != "exception" and CANCEL_REQUESTED in states:
                status = CANCEL_REQUESTED
            elif status == "ready" and "ready" not in states:
                status = "queued"
            order.fba_shown_status = status

    def _fba_fulfillments(self):
        """The fulfillment orders of these; without a search where the status says that there are none."""
        return self.filtered("fba_status").with_prefetch(self._prefetch_ids).fba_fulfillment_order_ids

    @api.depends("fba_fulfillment_order_ids.submitted_at", "fba_fulfillment_order_ids.error_code", "fba_status")
    def _compute_fba_fulfillment_order_count(self):
        for order in self:
            fulfillments = order._fba_fulfillments()
            order.fba_fulfillment_order_count = len(fulfillments)
            order.fba_was_sent = any(it.submitted_at or it.error_code for it in fulfillments)

    @api.depends(
        "fba_fulfillment_order_ids.error_message",
        "fba_fulfillment_order_ids.failure_message",
        "fba_fulfillment_order_ids.contradiction",
        "fba_fulfillment_order_ids.state",
    )
    @api.depends_context("lang")
    def _compute_fba_message(self):
        for order in self:
            order.fba_message = order._fba_problems()

    def _fba_problems(self):
        """The problems with this order at Amazon, in words for the clerk."""
        live = self._fba_fulfillments().filtered(lambda fulfillment: fulfillment.state != "cancelled")
        return " ".join(message for it in live for message in it._current_messages())

    @api.depends(
        "fba_fulfillment_order_ids.line_ids",
        "fba_fulfillment_order_ids.shipment_ids",
        "fba_fulfillment_order_ids.package_ids",
        "fba_fulfillment_order_ids.return_item_ids",
        "fba_status",
    )
    def _compute_fba_details(self):
        """The contents of the FBA tab."""
        for order in self:
            fulfillments = order._fba_fulfillments()
            order.fba_shown_order_ids = fulfillments
            order.fba_line_ids = fulfillments.line_ids
            order.fba_shipment_ids = fulfillments.shipment_ids.filtered(lambda it: it._is_worth_showing())
            order.fba_package_ids = fulfillments.package_ids
            order.fba_return_item_ids = fulfillments.return_item_ids

    @api.depends("state", "delivery_status", "fba_status")
    def _compute_fba_sourcing_ids(self):
        """Rows on their way, or related to Amazon."""
        shown = self.filtered(lambda order: order.fba_status or order._fba_is_open())
        rows = self.env["fba.sourcing"].search([("order_id", "in", shown.ids)]).grouped("order_id")
        for order in self:
            order.fba_sourcing_ids = rows.get(order, False)

    def _get_order_lines_to_report(self):
        """Without lines of which nothing is left: released, and lowered to 0."""
        lines = super()._get_order_lines_to_report()
        return lines.filtered(
            lambda line: not line.sudo().fba_is_kept or line.product_uom_qty or line.qty_delivered or line.qty_invoiced
        )

    def action_view_fba_fulfillment_orders(self):
        self.ensure_one()
        self.env["fba.fulfillment.order"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_fulfillment_order_action")
        action["context"] = {}
        if self.fba_fulfillment_order_count == 1:
            return {**action, "views": [(False, "form")], "res_id": self.fba_fulfillment_order_ids.id}
        return {**action, "domain": [("sale_id", "=", self.id)]}
