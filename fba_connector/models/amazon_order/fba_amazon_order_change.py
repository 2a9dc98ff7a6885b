"""Changes of an order at Amazon after its import: reported to a user, never booked automatically."""

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
            if before[key] != now[key]:
                changes.append([key, before[key] or "–", now[key] or "–"])
        for item_id in dict.fromkeys([*before["items"], *now["items"]]):
            was, is_now = (facts["items"].get(item_id) for facts in (before, now))
            if was != is_now:
                sku = (is_now or was)[0]
                changes.append([sku, was[1] if was else 0, is_now[1] if is_now else 0])
        return changes
