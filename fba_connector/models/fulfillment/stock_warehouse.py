"""AFN warehouses: what unsent orders give back of *Stock*, and the orders that tie a warehouse to its account."""

from odoo import models

from ..shared.ties import ties_to
from .states import OPEN_STATES


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_take_back(self, short):
        """Release *Stock* from assignments of `short` ({product: units}), the youngest first; returns the released
        moves.

        Orders at Amazon keep their units: they are part of the target of *Stock*.
        """
        freed = self.env["stock.move"]
        if not short:
            return freed
        moves = self.env["stock.move"].search(
            [
                ("product_id", "in", [product.id for product in short]),
                ("location_id", "child_of", self.lot_stock_id.id),
                ("state", "in", ("assigned", "partially_available")),
            ],
            order="id desc",
        )
        for move in moves.filtered(lambda move: not move.fba_line_id.order_id.at_amazon):
            if move.product_id.uom_id.compare(short[move.product_id], 0) > 0:
                short[move.product_id] -= move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
                freed += move
        orders = freed.fba_line_id.order_id
        freed._do_unreserve()
        for order in orders:
            order._post(lambda env: env._("Amazon has fewer units than Odoo reserved. The order waits for stock."))
        return freed

    def _fba_reserve_no_more_than_there(self, products):
        """Unsent orders give back what is reserved of `products` beyond the units in *Stock*, the youngest first.

        Odoo itself looks only where the units left from, without the shelves, lots and packages of that location.
        """
        unreserved = self._fba_unreserved_units(products)
        short = {product: -units for product, units in unreserved.items() if product.uom_id.compare(units, 0) < 0}
        self._fba_take_back(short).sorted("id")._action_assign()

    def _fba_unreserved_units(self, products):
        """{product: its units in all of *Stock* less those that are reserved}, below zero where too many are; what is
        not there is missing."""
        return {
            product: max(units, 0.0) - reserved
            for product, units, reserved in self.env["stock.quant"]._read_group(
                [("product_id", "in", products.ids), ("location_id", "child_of", self.lot_stock_id.id)],
                ["product_id"],
                ["quantity:sum", "reserved_quantity:sum"],
            )
        }

    def _fba_ties(self, *, ended=False):
        domain = [("warehouse_id", "=", self.id)] + ([] if ended else [("state", "in", OPEN_STATES)])
        orders = ties_to(self.env["fba.fulfillment.order"], domain, self.env._("fulfillment orders {names}"))
        return super()._fba_ties(ended=ended) + orders
