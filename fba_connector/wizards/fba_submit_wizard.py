"""The confirm before sending: what goes to Amazon, what does not and why."""

from odoo import api, fields, models
from odoo.fields import Command


class FbaSubmitWizard(models.TransientModel):
    _name = "fba.submit.wizard"
    _description = "Send to Amazon"

    order_ids = fields.Many2many("fba.fulfillment.order", string="Selected")
    skipped_ids = fields.One2many("fba.submit.wizard.skipped", "wizard_id", "Not Sent")
    order_count = fields.Integer(compute="_compute_counts")
    unit_count = fields.Float(compute="_compute_counts")
    sku_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        ids = self.env.context.get("default_order_ids") or (
            self.env.context.get("active_model") == "fba.fulfillment.order" and self.env.context.get("active_ids")
        )
        orders = self.env["fba.fulfillment.order"].browse(ids or [])
        orders._resolve_skus()
        reasons = {order: order._reason_not_to_send() for order in orders}
        values["order_ids"] = [Command.set([order.id for order in orders if not reasons[order]])]
        values["skipped_ids"] = [
            Command.create({"order_id": order.id, "reason": reason}) for order, reason in reasons.items() if reason
        ]
        return values

    @api.depends("order_ids", "skipped_ids")
    def _compute_counts(self):
        for wizard in self:
            lines = wizard.order_ids.line_ids
            wizard.order_count = len(wizard.order_ids)
            wizard.unit_count = sum(lines.mapped("quantity"))
            wizard.sku_count = len(set(lines.mapped("seller_sku")))
            wizard.skipped_count = len(wizard.skipped_ids)

    def action_confirm(self):
        """Queue what can still be sent; somebody else may have been quicker since the prompt."""
        self.ensure_one()
        orders = self.order_ids.filtered(lambda order: not order._reason_not_to_send())
        orders.action_submit()
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success" if orders else "warning",
                "message": self.env._("%s orders are being sent to Amazon.", len(orders))
                if len(orders) != 1
                else self.env._("1 order is being sent to Amazon."),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class FbaSubmitWizardSkipped(models.TransientModel):
    _name = "fba.submit.wizard.skipped"
    _description = "Order Not Sent to Amazon"

    wizard_id = fields.Many2one("fba.submit.wizard", required=True, ondelete="cascade")
    order_id = fields.Many2one("fba.fulfillment.order", required=True, ondelete="cascade")
    sale_id = fields.Many2one(related="order_id.sale_id")
    reason = fields.Char(required=True)
