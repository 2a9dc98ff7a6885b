"""Confirmation before sending: orders to send, skipped orders with reasons, and fees."""

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools.misc import formatLang

from ..models.shared.notification import CLOSE, notification


class FbaSubmitWizard(models.TransientModel):
    _name = "fba.submit.wizard"
    _description = "Send to Amazon"

    scope = fields.Selection(
        [
            ("selected", "From the selected orders, Odoo sends those that are Ready to Process."),
            ("all", "Odoo sends all orders that are Ready to Process."),
            ("filter", "Odoo sends all orders in the list's current filter that are Ready to Process."),
        ],
        default="selected",
        readonly=True,
    )
    order_ids = fields.Many2many("fba.fulfillment.order", string="Selected")
    limited_ids = fields.One2many(
        "fba.submit.wizard.skipped", "wizard_id", "Above the Fee Limit", domain=[("is_limited", "=", True)]
    )
    skipped_ids = fields.One2many(
        "fba.submit.wizard.skipped", "wizard_id", "Not Sent", domain=[("is_limited", "=", False)]
    )
    send_limited = fields.Boolean("Also send orders above the fee limit")
    order_count = fields.Integer(compute="_compute_counts")
    unit_count = fields.Float(compute="_compute_counts")
    sku_count = fields.Integer(compute="_compute_counts")
    skipped_count = fields.Integer(compute="_compute_counts")
    limited_count = fields.Integer(compute="_compute_counts")
    fees = fields.Char(compute="_compute_counts")
    headline = fields.Char(compute="_compute_texts")
    limited_text = fields.Char(compute="_compute_texts")
    skipped_text = fields.Char(compute="_compute_texts")
    send_label = fields.Char(compute="_compute_texts")

    @api.model
    def default_get(self, fields_list):
        values = super().default_get(fields_list)
        context = self.env.context
        if "default_order_ids" in context:
            ids = context["default_order_ids"]
        else:
            ids = context.get("active_model") == "fba.fulfillment.order" and context.get("active_ids")
        orders = self.env["fba.fulfillment.order"].browse(ids or [])
        orders._choose_skus()
        reasons = {order: order._reason_not_to_send() for order in orders}
        limits = {order: order._reason_too_expensive() for order in orders if not reasons[order]}
        values["order_ids"] = [Command.set([order.id for order in orders if not (reasons[order] or limits[order])])]
        values["skipped_ids"] = [
            Command.create({"order_id": order.id, "reason": reason}) for order, reason in reasons.items() if reason
        ]
        values["limited_ids"] = [
            Command.create({"order_id": order.id, "reason": reason, "is_limited": True})
            for order, reason in limits.items()
            if reason
        ]
        return values

    def _orders(self):
        """The orders to send, as chosen in the dialog."""
        orders = self.order_ids | self.limited_ids.order_id if self.send_limited else self.order_ids
        return orders._origin

    @api.depends("order_ids", "skipped_ids", "limited_ids", "send_limited")
    def _compute_counts(self):
        for wizard in self:
            orders = wizard._orders()
            wizard.order_count = len(orders)
            wizard.unit_count = sum(orders.line_ids.mapped("quantity"))
            wizard.sku_count = len(set(orders.line_ids.mapped("seller_sku")))
            wizard.skipped_count = len(wizard.skipped_ids)
            wizard.limited_count = len(wizard.limited_ids)
            wizard.fees = wizard._fee_summary(orders)

    @api.depends("order_count", "unit_count", "sku_count", "limited_count", "skipped_count")
    @api.depends_context("lang")
    def _compute_texts(self):
        """Whole sentences, for one order and for several: in some languages the verb changes, too."""
        for wizard in self:
            wizard.headline = wizard._headline()
            if wizard.order_count == 1:
                wizard.send_label = self.env._("Send 1 Order")
            else:
                wizard.send_label = self.env._("Send %s Orders", wizard.order_count)
            if wizard.limited_count == 1:
                wizard.limited_text = self.env._("1 order costs more than your fee limit, or its fee is unknown:")
            else:
                wizard.limited_text = self.env._(
                    "%s orders cost more than your fee limit, or their fee is unknown:", wizard.limited_count
                )
            if wizard.skipped_count == 1:
                wizard.skipped_text = self.env._("1 of these orders will not be sent:")
            else:
                wizard.skipped_text = self.env._("%s of these orders will not be sent:", wizard.skipped_count)

    def _headline(self):
        if not self.order_count:
            return self.env._("None of these orders can be sent.")
        units = self.env._("1 unit")
        if self.unit_count != 1:
            units = self.env._("%s units", formatLang(self.env, self.unit_count, digits=0))
        skus = self.env._("1 SKU") if self.sku_count == 1 else self.env._("%s SKUs", self.sku_count)
        if self.order_count == 1:
            return self.env._(
                "1 order (%(units)s, %(skus)s) will be sent to Fulfillment by Amazon.", units=units, skus=skus
            )
        return self.env._(
            "%(count)s orders (%(units)s, %(skus)s) will be sent to Fulfillment by Amazon.",
            count=self.order_count,
            units=units,
            skus=skus,
        )

    def _fee_summary(self, orders):
        """The estimated fees by currency, and the number of unknown ones; empty without orders."""
        if not orders:
            return False
        known = orders.filtered("fee_currency_id")
        if not known:
            return self.env._("Fees not known yet: to see them, preview the orders first.")
        sums = ", ".join(
            currency._fba_by_code(sum(same.mapped("estimated_fee")))
            for currency, same in known.grouped("fee_currency_id").items()
        )
        unknown = len(orders - known)
        if not unknown:
            return self.env._("Estimated fees: %s.", sums)
        return self.env._(
            "Estimated fees: %(sums)s for %(known)s of the orders; unknown for %(unknown)s.",
            sums=sums,
            known=len(known),
            unknown=unknown,
        )

    def action_confirm(self):
        """Queue orders that can still be sent; another user may have been quicker."""
        self.ensure_one()
        limited = self.limited_ids.order_id if self.send_limited else self.order_ids.browse()
        agreed = {row.order_id: row.reason for row in self.limited_ids}
        # The consent was to that fee: at another speed it may be higher.
        limited = limited.filtered(
            lambda order: (
                not order._reason_not_to_send() and str(order._reason_too_expensive() or agreed[order]) == agreed[order]
            )
        )
        within = (self.order_ids - self.limited_ids.order_id).filtered(
            lambda order: not (order._reason_not_to_send() or order._reason_too_expensive())
        )
        within.action_submit()
        limited.action_submit(above_fee_limit=True)
        orders = within + limited
        message = (
            self.env._("1 order is being sent to Amazon.")
            if len(orders) == 1
            else self.env._("%s orders are being sent to Amazon.", len(orders))
        )
        action = self.env["ir.actions.act_window"]._for_xml_id("fba_connector.fba_fulfillment_order_action")
        return notification(
            "success" if orders else "warning",
            message + (" %s" if orders else ""),
            CLOSE,
            links=[{"label": self.env._("Show orders"), "url": f"/odoo/{action['path']}"}] if orders else [],
        )


class FbaSubmitWizardSkipped(models.TransientModel):
    _name = "fba.submit.wizard.skipped"
    _description = "Order Not Sent to Amazon"

    wizard_id = fields.Many2one("fba.submit.wizard", required=True, ondelete="cascade")
    order_id = fields.Many2one("fba.fulfillment.order", required=True, ondelete="cascade")
    sale_id = fields.Many2one(related="order_id.sale_id")
    is_limited = fields.Boolean(help="Above the fee limit: Odoo sends it only if you confirm.")
    reason = fields.Char(required=True)
