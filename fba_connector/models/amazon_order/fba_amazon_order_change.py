"""Changes of an order at Amazon after its import: reported to a user, never booked automatically."""

from decimal import Decimal, InvalidOperation

from odoo import models

from ..fulfillment.fba_fulfillment_order_alert import CHANGE_ACTIVITY
from ..shared.sentence import words


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _facts_of(self, order):
        """The facts of an amazon.SoldOrder whose later changes matter."""
        return {
            "status": order.status,
            "total": str(order.grand_total.amount) if order.grand_total else None,
            "items": {item.item_id: [item.seller_sku, item.quantity_shipped] for item in order.items},
        }

    def _compare(self, order):
        """Report each change once: an activity on the sale order, and the message of the row."""
        facts = self._facts_of(order)
        changes = self._changes(self.imported or facts, facts)
        if not changes:
            self._settle("done", self.error_message, imported=facts)
            return
        message = words(self, "changed", order=self.amazon_order_id, changes=changes)
        self._settle("done", message, imported=facts)
        self.sale_id._fba_alert(message, CHANGE_ACTIVITY)

    def _changes(self, before, now):
        """[["status", "total" or a seller SKU, before, now]]."""
        changes = []
        for key in ("status", "total"):
            if _as_number(before[key]) != _as_number(now[key]):
                changes.append([key, before[key] or "–", now[key] or "–"])
        for item_id in dict.fromkeys([*before["items"], *now["items"]]):
            was, is_now = (facts["items"].get(item_id) for facts in (before, now))
            sku = (is_now or was)[0]
            # An item of which nothing left is not in Amazon's reports: none of it is no change.
            was, is_now = was or [sku, 0], is_now or [sku, 0]
            if was != is_now:
                changes.append([sku, was[1], is_now[1]])
        return changes


def _as_number(text):
    """A total as a number: Amazon's report and its API write the same one in two ways."""
    try:
        return Decimal(text)
    except (InvalidOperation, TypeError):
        return text
