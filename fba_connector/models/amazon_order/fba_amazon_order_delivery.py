"""Deliveries of orders sold and shipped by Amazon: done from the start, whatever stock Odoo has."""

from odoo import models
from odoo.exceptions import UserError

from ..account.fba_account_runs import reason_of
from ..fulfillment.lots import find_or_make_lots, note_unbooked_lots
from ..shared.guard import BY_CODE
from .fba_amazon_order_sale import QUIET
from .sold_sources import SoldSources


class DeliveryRefused(UserError):
    """Odoo, or a module that refuses negative stock, does not book a delivery."""


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    def _confirm_and_deliver(self, orders, terms):
        """Confirm `orders` ({draft sale order: amazon.SoldOrder}), and book their deliveries.

        Goods that have left are delivered directly: they need no procurement, which would buy or make some of them
        again, and no reservation. Raises UserError where an order or a delivery does not become what it has to be.
        """
        sales = self.env["sale.order"].union(*orders)
        sales.with_context(skip_procurement=True, **QUIET).action_confirm()
        sales._fba_check_confirmed()
        goods = {sale: sale._fba_sold_goods(order, terms) for sale, order in orders.items()}
        sources = self._sources_of(goods, orders, terms)
        goods_of = {sale: goods[sale] for sale in sales if goods[sale]}
        self._deliver(goods_of, sources, self._shipped_at(orders), terms)
        sales._fba_check_delivered()

    def _sources_of(self, goods, orders, terms):
        """{SoldGood: [(location, units)]} of `goods` ({sale order: its SoldGoods}).

        The oldest orders are the first that Amazon had reserved units for; what Odoo's stock never had leaves none of
        it.
        """
        sources, early = {}, self._left_before_counts(orders)
        for warehouse, sales in self.env["sale.order"].union(*goods).grouped("warehouse_id").items():
            products = self.env["product.product"].union(*(good.product for sale in sales for good in goods[sale]))
            pool = SoldSources(warehouse, products)
            for sale in sales.sorted(lambda sale: (orders[sale].created_at, sale.id)):
                counted = terms.counted_products(orders[sale])
                for good in goods[sale]:
                    if sale in early:
                        sources[good] = [(good.product.property_stock_inventory, good.units)]
                        continue
                    sources[good] = pool.divide(good.product, good.units, good.line.product_id in counted)
        return sources

    def _deliver(self, goods, sources, shipped, terms):
        """A done delivery of each of `goods` ({sale order: its SoldGoods})."""
        Picking = self.env["stock.picking"].with_context(fba_has_left=BY_CODE, **QUIET)
        values = []
        for sale, its in goods.items():
            locations = {location for good in its for location, _units in sources[good]}
            location = locations.pop() if len(locations) == 1 else sale.warehouse_id.lot_stock_id
            values.append(sale._fba_prepare_sold_delivery(location))
        pickings = Picking.create(values)
        parts = [
            (good, good.line._fba_prepare_sold_move(picking, good, location, units, terms))
            for its, picking in zip(goods.values(), pickings, strict=True)
            for good in its
            for location, units in sources[good]
        ]
        moves = self.env["stock.move"].with_context(fba_has_left=BY_CODE).create([values for _good, values in parts])
        lots = self._sold_lots(goods, pickings)
        self.env["stock.move.line"].with_context(fba_has_left=BY_CODE).create(
            [
                values
                for (good, _values), move in zip(parts, moves, strict=True)
                for values in move._fba_prepare_sold_move_lines(lots[good])
            ]
        )
        try:
            moments = {picking: shipped[sale] for sale, picking in zip(goods, pickings, strict=True)}
            pickings.with_context(cancel_backorder=True)._fba_action_done(moments)
        except UserError as error:
            raise DeliveryRefused(reason_of(error)) from error
        for warehouse, done in moves.with_env(self.env).grouped("warehouse_id").items():
            warehouse._fba_reserve_no_more_than_there(done.product_id)

    def _sold_lots(self, goods, pickings):
        """{SoldGood: [lot ids of the serial numbers that Amazon names]} of `goods` ({sale order: its SoldGoods}).

        Numbers that were sold before are noted on the deliveries `pickings`, of an order each.
        """
        named = {(good.product, name) for its in goods.values() for good in its for name in good.serial_numbers}
        ids = find_or_make_lots(self.env, self.company_id, pickings.location_dest_id[:1], named)
        lots = {}
        for its, picking in zip(goods.values(), pickings, strict=True):
            unbooked = []
            for good in its:
                names = list(dict.fromkeys(good.serial_numbers))[: int(good.units)]
                lots[good] = [ids[good.product, name] for name in names if (good.product, name) in ids]
                if sold := [name for name in names if (good.product, name) not in ids]:
                    unbooked.append(f"{good.product.display_name}: {', '.join(sold)}")
            if unbooked:
                note_unbooked_lots(picking, unbooked)
        return lots
