"""AFN warehouses as sources: by country, for automation, and for waiting orders when stock arrives."""

from odoo import api, models
from odoo.tools import ormcache

from .tally import Tally


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    @api.model
    def _fba_automated(self, company):
        """The AFN warehouses of a company that automation sources from."""
        return self.browse(self._fba_automated_ids(company.id))

    @api.model
    @ormcache("company_id")
    def _fba_automated_ids(self, company_id):
        """Each confirmation asks."""
        found = (
            self.sudo()
            .with_context(active_test=True)
            .search(
                [
                    ("is_afn", "=", True),
                    ("company_id", "=", company_id),
                    ("fba_available_for_fulfillment", "=", True),
                    ("fba_account_id.active", "=", True),
                    ("fba_account_id.is_live", "=", True),
                    ("fba_account_id.auto_source", "!=", "never"),
                ]
            )
        )
        return tuple(found.ids)

    @api.model
    def _fba_serving(self, company, country):
        """The AFN warehouses of a company that deliver to a country, available ones first."""
        return self.search([("is_afn", "=", True), ("company_id", "=", company.id)])._fba_that_serve(country)

    def _fba_that_serve(self, country):
        """The ones whose marketplaces serve the country, open ones first."""
        serving = self.filtered(lambda warehouse: country in warehouse.fba_marketplace_ids.served_country_ids)
        return serving.sorted(lambda warehouse: bool(warehouse._fba_reason_closed()))

    def _fba_source_waiting(self, products=None):
        """Source orders waiting elsewhere from these AFN warehouses, as far as automation may: the oldest first.

        `products`: the ones that have arrived; None for all. An order that fails says so and does not stop the others.
        """
        for warehouse in self.filtered(
            lambda warehouse: warehouse.fba_account_id.auto_source != "never" and not warehouse._fba_reason_closed()
        ):
            free = warehouse._fba_free_products(products)
            moves = self.env["stock.move"].search(
                [
                    ("product_id", "in", free.ids),
                    ("state", "in", ("confirmed", "partially_available")),
                    ("company_id", "=", warehouse.company_id.id),
                    ("sale_line_id", "!=", False),
                    ("picking_type_id.warehouse_id.is_afn", "=", False),
                ]
            )
            orders = moves.sale_line_id.order_id
            tally = Tally(orders.order_line.product_id | orders.order_line.move_ids.product_id)
            for order in orders.sorted(lambda order: (order.date_order, order.id)):
                order._fba_source_waiting(warehouse, tally)

    def _fba_free_products(self, products):
        """Products with free units here: of `products`, or of all (None)."""
        among = [] if products is None else [("product_id", "in", products.ids)]
        rows = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", self.lot_stock_id.id), *among],
            ["product_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        )
        return self.env["product.product"].union(*(product for product, there, reserved in rows if there > reserved))
