"""Deliveries of orders sold and shipped by Amazon: done from the start, whatever stock Odoo has."""

from odoo import models

from .fba_amazon_order_sale import QUIET


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _confirm_and_deliver(self, shipped, terms):
        """Confirm `shipped` ({draft sale order: when it left}), and book its deliveries.

        Kits need Odoo's own procurement, which takes them apart. All else is delivered directly: goods that have left
        need no procurement and no reservation.
        """
        kits = terms.kits()
        sales = self.env["sale.order"].union(*shipped)
        with_kits = sales.filtered(lambda sale: sale.order_line.product_id & kits)
        plain = sales - with_kits
        with_kits.with_context(**QUIET).action_confirm()
        plain.with_context(skip_procurement=True, **QUIET).action_confirm()
        for sale in with_kits:
            sale.picking_ids._fba_deliver_sold(shipped[sale])
        self._deliver({sale: shipped[sale] for sale in plain}, terms)

    def _deliver(self, shipped, terms):
        """A done delivery for each of `shipped` ({sale order without kits: when it left})."""
        goods = {sale: sale.order_line.filtered(lambda line: line.product_id.type == "consu") for sale in shipped}
        sales = [sale for sale in shipped if goods[sale]]
        Picking = self.env["stock.picking"].with_context(fba_has_left=True, **QUIET)
        pickings = Picking.create([sale._fba_prepare_sold_delivery() for sale in sales])
        moves = (
            self.env["stock.move"]
            .with_context(fba_has_left=True)
            .create(
                [
                    line._fba_prepare_sold_move(picking, terms)
                    for sale, picking in zip(sales, pickings, strict=True)
                    for line in goods[sale]
                ]
            )
        )
        self.env["stock.move.line"].with_context(fba_has_left=True).create(
            [move._fba_prepare_sold_move_line() for move in moves]
        )
        pickings.with_context(cancel_backorder=True)._action_done()
        for sale, picking in zip(sales, pickings, strict=True):
            picking.date_done = shipped[sale]
