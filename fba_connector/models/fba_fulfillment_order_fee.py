"""What Amazon asks for fulfilling an order, and whether that is within the account's limit."""

from odoo import fields, models

from .. import amazon
from .fba_fulfillment_order import NOT_SUBMITTED


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    estimated_fee = fields.Monetary(readonly=True, copy=False, currency_field="fee_currency_id")
    fee_currency_id = fields.Many2one("res.currency", readonly=True, copy=False)
    fee_estimated_at = fields.Datetime(readonly=True, copy=False)
    fee_is_to_check = fields.Boolean(readonly=True, copy=False, help="Sent only once its fee is known to be in bounds.")

    def _may_cost(self, gateway):
        """Whether this queued order's fee is within the limit; else it is the clerk's again, who sees why.

        A fee that Amazon does not tell is not within it.
        """
        self.ensure_one()
        try:
            previews = gateway.preview_fulfillment(self._prepare_preview_request())
        except amazon.Rejected as error:
            reason = self.env._(
                "Amazon told no fee for %(order)s: %(why)s", order=self.sale_id.name, why=error.user_message
            )
        else:
            self._keep_fee(previews)
            reason = self._reason_too_expensive()
        values = {"fee_is_to_check": False}
        if reason:
            values |= {"state": "ready", "due_at": False, "error_code": NOT_SUBMITTED, "error_message": reason}
        self.write(values)
        self.account_id._commit()
        return not reason

    def _prepare_preview_request(self):
        """This order as the gateway previews it, at its own speed."""
        return amazon.PreviewOrder(
            order_id=self.name,
            address=self._prepare_address(),
            items=self._prepare_items(),
            marketplace_id=self.warehouse_id.fba_marketplace_id.marketplace_id,
            shipping_speeds=(self.shipping_speed,),
        )

    def _keep_fee(self, previews):
        """The fee of this order's own speed, or that it is not known."""
        own = [preview for preview in previews if preview.shipping_speed == self.shipping_speed and not preview.is_cod]
        total = own[0].total if own else None
        currency = total and self.env["res.currency"].with_context(active_test=False).search(
            [("name", "=", total.currency)]
        )
        self.write(
            {
                "estimated_fee": float(total.amount) if currency else 0.0,
                "fee_currency_id": currency.id if currency else False,
                "fee_estimated_at": fields.Datetime.now(),
            }
        )

    def _reason_too_expensive(self):
        """Why the account's fee limit keeps this order from being sent by itself; False where it does not."""
        account, sale = self.account_id, self.sale_id
        if not account.fee_limit:
            return False
        if not self.fee_currency_id:
            return self.env._("Amazon does not tell its fee for %s, and the account has a limit.", sale.name)
        today = fields.Date.context_today(self)
        if account.fee_limit_type == "percent":
            currency, limit = sale.currency_id, sale.amount_total * account.fee_limit / 100
        else:
            currency, limit = account.company_id.currency_id, account.fee_limit
        fee = self.fee_currency_id._convert(self.estimated_fee, currency, account.company_id, today)
        if currency.compare_amounts(fee, limit) <= 0:
            return False
        told = f"{self.fee_currency_id.name} {self.estimated_fee:.2f}"
        if account.fee_limit_type == "percent":
            return self.env._(
                "Amazon's fee %(fee)s is above your limit of %(percent)g %% of the order (%(limit)s).",
                fee=told,
                percent=account.fee_limit,
                limit=f"{currency.name} {limit:.2f}",
            )
        return self.env._(
            "Amazon's fee %(fee)s is above your limit of %(limit)s.", fee=told, limit=f"{currency.name} {limit:.2f}"
        )
