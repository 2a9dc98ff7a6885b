"""Deliveries of orders sold and shipped by Amazon: done from the start, whatever stock Odoo has."""

from odoo import models

from ...utc import naive
from ..shared.guard import BY_CODE
from .fba_amazon_order_sale import QUIET
from .sold_sources import SoldSources


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _confirm_and_deliver(self, orders, terms):
        """Confirm `orders` ({draft sale order: amazon.SoldOrder}), and book their deliveries.

        Kits need Odoo's own procurement, which takes them apart. All else is delivered directly: goods that have left
        need no procurement and no reservation.
        """
        kits = terms.kits()
        sales = self.env["sale.order"].union(*orders)
        with_kits = sales.filtered(lambda sale: sale.order_line.product_id & kits)
        plain = sales - with_kits
        with_kits.with_context(fba_selling=BY_CODE, **QUIET).action_confirm()
        plain.with_context(skip_procurement=True, **QUIET).action_confirm()
        goods = {sale: sale.picking_ids.move_ids for sale in with_kits}
        goods |= {sale: sale.order_line.filtered(lambda line: line.product_id.type == "consu") for sale in plain}
        sources = self._sources_of(goods, orders, terms)
        shipped = {sale: naive(order.updated_at) for sale, order in orders.items()}
        for sale in with_kits:
            sale.picking_ids._fba_deliver_sold(shipped[sale], sources)
        self._deliver({sale: goods[sale] for sale in plain if goods[sale]}, sources, shipped, terms)

    def _sources_of(self, goods, orders, terms):
        """{order line or move: [(location, units)]} of `goods` ({sale order: its order lines or moves}).

        The oldest orders are the first that Amazon had reserved units for.
        """
        sources = {}
        for warehouse, sales in self.env["sale.order"].union(*goods).grouped("warehouse_id").items():
            products = self.env["product.product"].union(*(goods[sale].product_id for sale in sales))
            pool = SoldSources(warehouse, products)
            for sale in sales.sorted(lambda sale: (orders[sale].created_at, sale.id)):
                counted = terms.counted_products(orders[sale])
                for it in goods[sale]:
                    is_line = it._name == "sale.order.line"
                    sold, units = (it, it.product_uom_qty) if is_line else (it.sale_line_id, it.product_qty)
                    sources[it] = pool.divide(it.product_id, units, sold.product_id in counted)
        return sources

    def _deliver(self, goods, sources, shipped, terms):
        """A done delivery of each of `goods` ({sale order without kits: its lines})."""
        Picking = self.env["stock.picking"].with_context(fba_has_left=BY_CODE, **QUIET)
        values = []
        for sale, lines in goods.items():
            locations = {location for line in lines for location, _units in sources[line]}
            location = locations.pop() if len(locations) == 1 else sale.warehouse_id.lot_stock_id
            values.append(sale._fba_prepare_sold_delivery(location))
        pickings = Picking.create(values)
        moves = (
            self.env["stock.move"]
            .with_context(fba_has_left=BY_CODE)
            .create(
                [
                    line._fba_prepare_sold_move(picking, location, units, terms)
                    for lines, picking in zip(goods.values(), pickings, strict=True)
                    for line in lines
                    for location, units in sources[line]
                ]
            )
        )
        self.env["stock.move.line"].with_context(fba_has_left=BY_CODE).create(
            [move._fba_prepare_sold_move_line() for move in moves]
        )
        pickings.with_context(cancel_backorder=True)._action_done()
        for sale, picking in zip(goods, pickings, strict=True):
            picking.date_done = shipped[sale]
