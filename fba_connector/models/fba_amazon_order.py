"""The inbox: orders sold on Amazon, raw as they came, and what became of each."""

from datetime import datetime

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..utc import naive


class FbaAmazonOrder(models.Model):
    _name = "fba.amazon.order"
    _description = "Amazon Order"
    _rec_name = "amazon_order_id"
    _order = "amazon_updated_at desc, id desc"

    account_id = fields.Many2one("fba.account", required=True, readonly=True, ondelete="cascade", index=True)
    company_id = fields.Many2one(related="account_id.company_id", store=True)
    amazon_order_id = fields.Char(required=True, readonly=True)
    amazon_updated_at = fields.Datetime("Updated at Amazon", readonly=True)
    amazon_status = fields.Char("Amazon's Status", readonly=True)
    payload = fields.Json(readonly=True, groups="fba_connector.group_fba_manager", exportable=False)
    state = fields.Selection(
        [("pending", "Waiting"), ("done", "Imported"), ("ignored", "Ignored"), ("error", "Error")],
        default="pending",
        required=True,
        readonly=True,
        index=True,
    )
    is_due = fields.Boolean(default=True, readonly=True, index=True, help="Changed at Amazon since it was looked at.")
    error_message = fields.Char("Message", readonly=True)
    sale_id = fields.Many2one("sale.order", "Order #", readonly=True, ondelete="set null", index="btree_not_null")

    _amazon_order_unique = models.Constraint(
        "UNIQUE(account_id, amazon_order_id)", "Each of Amazon's orders is in the inbox once."
    )

    @api.model
    def _stage(self, account, raw_orders):
        """Keep a page of orders (amazon.RawOrder) as it came; what is known and unchanged is left alone."""
        newest = {
            raw.order_id: raw for raw in sorted(raw_orders, key=lambda raw: naive(raw.updated_at) or datetime.min)
        }
        known = self.search([("account_id", "=", account.id), ("amazon_order_id", "in", list(newest))])
        for row in known:
            raw = newest.pop(row.amazon_order_id)
            if not (raw.updated_at and row.amazon_updated_at) or naive(raw.updated_at) > row.amazon_updated_at:
                row.write({"payload": raw.payload, "amazon_updated_at": naive(raw.updated_at), "is_due": True})
        self.create(
            [
                {
                    "account_id": account.id,
                    "amazon_order_id": raw.order_id,
                    "payload": raw.payload,
                    "amazon_updated_at": naive(raw.updated_at),
                }
                for raw in newest.values()
            ]
        )

    def _set_state(self, state, message=False, **values):
        self.write({"state": state, "error_message": message, "is_due": False, **values})

    def _note_failure(self, error):
        """An unforeseen error: kept on the row, for a person to see and replay."""
        self._set_state("error", self.env._("Could not be imported: %s", error))

    def action_replay(self):
        """Try again what could not be imported, now."""
        if not (self.env.su or self.env.user.has_group("fba_connector.group_fba_user")):
            raise AccessError(self.env._("Only FBA Users may import orders."))
        self.check_access("read")
        for row in self.sudo().filtered(lambda row: row.state in ("error", "pending")):
            row.is_due = True
            row._process()
        return True

    def action_open_sale(self):
        self.ensure_one()
        return self.sale_id._get_records_action()
