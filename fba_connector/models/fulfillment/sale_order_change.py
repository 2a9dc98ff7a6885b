"""Changes of a sale order before and after sending it to Amazon."""

from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.onchange("partner_shipping_id", "carrier_id")
    def _onchange_fba_sent(self):
        if sent := self._origin._fba_sent_live():
            return {"warning": {"title": self.env._("Already at Amazon"), "message": self._fba_sent_warning(sent)}}
        return None

    def _fba_sent_warning(self, sent):
        return self.env._(
            "Odoo has already sent %s to Amazon, and Amazon ships it as sent. If that is wrong now, request "
            "cancellation on the FBA tab.",
            ", ".join(sent.mapped("name")),
        )

    def write(self, vals):
        """Unsent parts take over the order's new address and delivery method; for sent parts a message warns."""
        names = {"partner_shipping_id", "carrier_id"} & vals.keys()
        known = self.sudo().filtered("fba_status") if "date_order" in vals else self.browse()
        before = {order: [order[name] for name in names] for order in self} if names else {}
        result = super().write(vals)
        known.fba_fulfillment_order_ids._compute_date_order()
        for order in before:
            if before[order] == [order[name] for name in names]:
                continue
            sent = order._fba_sent_live()
            live = order.sudo().fba_fulfillment_order_ids.filtered(lambda fulfillment: fulfillment._is_live())
            (live - sent)._follow_sale(names)
            if sent:
                order._fba_post(lambda env, order=order, sent=sent: order.with_env(env)._fba_sent_warning(sent))
        return result
