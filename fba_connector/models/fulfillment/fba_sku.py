"""Units of seller SKUs that own orders take: queued, on their way to Amazon, or not reserved there yet."""

from collections import Counter

from odoo import api, models

from ...amazon import outbound
from .states import NOT_BEGUN, OPEN_STATES

HOLDING = ("waiting", "ready", "exception")  # of orders that Amazon does not have


class FbaSku(models.Model):
    _inherit = "fba.sku"

    def _taken_units(self):
        """{row: units} of own orders that are queued; sent since the row was counted; or that Amazon has, but has not
        begun, as far as the units it reserves for orders do not cover them. Not of the orders in the context."""
        taken = super()._taken_units()
        rows = {(row.warehouse_id, row.seller_sku): row for row in self}
        since = min((row.observed_at for row in self if row.observed_at), default=None)
        sent = [("order_id.at_amazon", "=", True), ("order_id.state", "in", OPEN_STATES)]
        recent = [("order_id.first_sent_at", ">", since)] if since else [(0, "=", 1)]
        lines = (
            self.env["fba.fulfillment.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.warehouse_id", "in", self.warehouse_id.ids),
                    ("order_id", "not in", self.env.context.get("fba_not_of", ())),
                    ("seller_sku", "in", self.mapped("seller_sku")),
                    "|",
                    ("order_id.state", "=", "queued"),
                    "|",
                    *recent,
                    *("&", *sent),
                ]
            )
        )
        unreserved, packed = Counter(), Counter()
        for line in lines:
            order, row = line.order_id, rows.get((line.order_id.warehouse_id, line.seller_sku))
            if not row:
                continue
            expected = line.quantity - line.unfillable_quantity - line.cancelled_quantity
            if not order.at_amazon or (
                row.observed_at and order.first_sent_at and order.first_sent_at > row.observed_at
            ):
                taken[row] += expected
            elif order.state in OPEN_STATES and order.amazon_status in NOT_BEGUN:
                unreserved[row] += expected - line.shipped_quantity
            elif order.state in OPEN_STATES and order.amazon_status == outbound.PROCESSING:
                packed[row] += expected - line.shipped_quantity
        for row, units in unreserved.items():
            taken[row] += max(units - max(row.held_orders_quantity - packed[row], 0), 0)
        return taken

    @api.model
    def _promised_units(self, warehouse, seller_skus):
        promised = super()._promised_units(warehouse, seller_skus)
        rows = (
            self.env["fba.fulfillment.order.line"]
            .sudo()
            ._read_group(
                [
                    ("order_id.warehouse_id", "=", warehouse.id),
                    ("order_id", "not in", self.env.context.get("fba_not_of", ())),
                    ("order_id.state", "in", HOLDING),
                    ("order_id.at_amazon", "=", False),
                    ("seller_sku", "in", seller_skus),
                ],
                ["seller_sku"],
                ["quantity:sum"],
            )
        )
        return {**promised, **dict(rows)}
