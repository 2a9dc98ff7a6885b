"""Reads the progress of a fulfillment order from Amazon."""

from contextlib import closing

from odoo import fields, models

from ... import amazon
from ...utc import naive


class FbaFulfillmentOrder(models.Model):
    _inherit = "fba.fulfillment.order"

    def _differs_from(self, summary):
        """Whether Amazon's list shows another state of this order than the one we applied last."""
        self.ensure_one()
        updated_at = naive(summary.updated_at) or self.amazon_updated_at  # Amazon may leave it out
        return (summary.status, updated_at) != (self.amazon_status, self.amazon_updated_at)

    def _read_ahead(self, gateway):
        """{order: (answer, time of the request)}; an answer may be an amazon.AmazonError. A few requests run at a
        time. Where Amazon refuses the account, the others are not asked for."""
        asked_at, answers = {}, {}

        def names():
            for name in self.mapped("name"):
                asked_at[name] = fields.Datetime.now()
                yield name

        with closing(gateway.get_fulfillment_orders(names())) as read:
            for order, (name, answer) in zip(self, read, strict=False):
                answers[order] = answer, asked_at[name]
                if isinstance(answer, (amazon.Throttled, amazon.AuthenticationFailed)):
                    break
        return answers

    def _refresh(self, answers):
        """Apply Amazon's `answers` ({order: (answer, time of the request)}) to these due orders, as far as no other
        worker has them. Raises an amazon.AmazonError that is among them."""
        for order in self:
            if isinstance(answers[order][0], amazon.AmazonError):
                raise answers[order][0]
        if orders := self._lock_due():
            orders._apply_snapshots({order: answers[order] for order in orders})

    def _refresh_now(self, gateway):
        asked_at = fields.Datetime.now()
        snapshot = gateway.get_fulfillment_order(self.name)
        self._apply_snapshot(snapshot, asked_at)
