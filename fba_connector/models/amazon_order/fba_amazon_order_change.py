"""Changes of an order at Amazon after its import: reported to a user, never booked automatically."""

from odoo import models

from ..fulfillment.fba_fulfillment_order_alert import CHANGE_ACTIVITY


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
        message = self.env._(
            "Amazon changed order %(order)s after it was imported: %(changes)s. Check it in Seller Central and correct "
            "the sales order, its delivery or its invoice.",
            order=self.amazon_order_id,
            changes="; ".join(changes),
        )
        self._settle("done", message, imported=facts)
        self.sale_id._fba_alert(message, CHANGE_ACTIVITY)

    def _changes(self, before, now):
        changes = []
        arrow = self.env._("%(what)s %(before)s → %(now)s")
        for key, label in (("status", self.env._("status")), ("total", self.env._("total"))):
            if before[key] != now[key]:
                changes.append(arrow % {"what": label, "before": before[key] or "–", "now": now[key] or "–"})
        for item_id in dict.fromkeys([*before["items"], *now["items"]]):
            was, is_now = (facts["items"].get(item_id) for facts in (before, now))
            if was != is_now:
                sku = (is_now or was)[0]
                units = {"before": was[1] if was else 0, "now": is_now[1] if is_now else 0}
                changes.append(arrow % {"what": sku, **units})
        return changes
