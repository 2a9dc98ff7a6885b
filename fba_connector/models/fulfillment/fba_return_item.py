"""Units on their way back from customers to Amazon: shown here; the synchronization updates the stock."""

from odoo import api, fields, models

from ...amazon import outbound
from ...utc import naive
from ..shared.changes import write_changed
from .return_words import condition_in_words, reason_in_words

RETURN_ACTIVITY = "fba_connector.mail_activity_type_return"


class FbaReturnItem(models.Model):
    _name = "fba.return.item"
    _description = "Amazon Return Item"
    _inherit = ["fba.safe.export"]
    _rec_name = "amazon_return_id"
    _order = "changed_at desc, id desc"

    line_id = fields.Many2one("fba.fulfillment.order.line", required=True, ondelete="cascade", index=True)
    fulfillment_order_id = fields.Many2one(related="line_id.order_id", store=True, index=True)
    company_id = fields.Many2one(related="line_id.company_id", store=True)
    sale_id = fields.Many2one(related="line_id.sale_id", store=True, index=True)
    seller_sku = fields.Char(related="line_id.seller_sku")
    product_id = fields.Many2one(related="line_id.product_id")
    amazon_return_id = fields.Char("Return ID", required=True, readonly=True)
    amazon_shipment_id = fields.Char(readonly=True)
    reason = fields.Char("Reason Code", readonly=True, help="Reason code from the announcement of the return.")
    amazon_reason = fields.Char(
        "Amazon's Reason Code", readonly=True, help="Amazon's own reason code, from the receipt of the unit."
    )
    reason_words = fields.Char("Reason", compute="_compute_words")
    amazon_reason_words = fields.Char("Amazon's Reason", compute="_compute_words")
    comment = fields.Char(readonly=True)
    status = fields.Char("Amazon's Status", readonly=True)
    condition = fields.Char("Condition Code", readonly=True)
    condition_words = fields.Char(
        "Condition",
        compute="_compute_words",
        help="How Amazon received it. Only sellable units are sold again.",
    )
    changed_at = fields.Datetime("Changed", readonly=True)

    _return_unique = models.Constraint(
        "UNIQUE(fulfillment_order_id, amazon_return_id)", "This Amazon return item already exists."
    )

    @api.depends("reason", "amazon_reason", "condition")
    @api.depends_context("lang")
    def _compute_words(self):
        for item in self:
            item.reason_words = reason_in_words(self.env, item.reason)
            item.amazon_reason_words = reason_in_words(self.env, item.amazon_reason)
            item.condition_words = condition_in_words(self.env, item.condition)

    def _summary(self):
        """Such as "2 × DESK-1 (Defective)": one unit is one item."""
        alike = self.grouped(lambda item: (item.seller_sku, item.condition_words or item.reason_words))
        return ", ".join(
            f"{len(items)} × {sku} ({why})" if why else f"{len(items)} × {sku}" for (sku, why), items in alike.items()
        )


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    return_item_ids = fields.One2many("fba.return.item", "fulfillment_order_id", "Returns", readonly=True)

    def _apply_returns(self, snapshots):
        """Keep the returned units, and alert a person to each new or newly received one."""
        if not snapshots:
            return
        known = {item.amazon_return_id: item for item in self.return_item_ids}
        new, news = [], self.env["fba.return.item"]
        for snapshot in snapshots:
            values = self._prepare_return_item(snapshot)
            if item := known.get(snapshot.return_id):
                if item.status != snapshot.status:
                    news |= item
                write_changed(item, values)
            else:
                line = self._line_of(snapshot.item_id)
                new.append({"line_id": line.id, "amazon_return_id": snapshot.return_id, **values})
        news |= self.env["fba.return.item"].create(new)
        name = self.sale_id.name
        announced = news.filtered(lambda item: item.status != outbound.RETURN_PROCESSED)
        if announced:
            items = announced._summary()
            self._alert(
                lambda env: env._("%(order)s: the customer is returning %(items)s to Amazon.", order=name, items=items),
                RETURN_ACTIVITY,
            )
        if received := news - announced:
            back = received._summary()
            self._alert(
                lambda env: env._(
                    "%(order)s: Amazon received %(items)s back. Credit the customer if that is due; the "
                    "synchronization updates the stock.",
                    order=name,
                    items=back,
                ),
                RETURN_ACTIVITY,
            )

    def _prepare_return_item(self, snapshot):
        return {
            "amazon_shipment_id": snapshot.shipment_id,
            "reason": snapshot.reason,
            "amazon_reason": snapshot.amazon_reason or False,
            "comment": snapshot.comment or False,
            "status": snapshot.status,
            "condition": snapshot.condition or False,
            "changed_at": naive(snapshot.changed_at),
        }
