"""Reads the progress of a fulfillment order from Amazon."""

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
        """(answer, time of the request) for each order in turn; a few requests run at a time."""
        asked_at = {}

        def names():
            for name in self.mapped("name"):
                asked_at[name] = fields.Datetime.now()
                yield name

        for name, answer in gateway.get_fulfillment_orders(names()):
            yield answer, asked_at[name]

    def _refresh(self, answer, asked_at):
        """Apply Amazon's answer to one due order, unless another worker has the order."""
        if isinstance(answer, amazon.AmazonError):
            raise answer
        if order := self._lock_due():
            order._apply_snapshot(answer, asked_at)

    def _refresh_now(self, gateway):
        asked_at = fields.Datetime.now()
        snapshot = gateway.get_fulfillment_order(self.name)
        self._apply_snapshot(snapshot, asked_at)
