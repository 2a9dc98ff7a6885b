"""Orders whose units Odoo does not have yet, in a database that refuses negative stock: they wait for them."""

from collections import Counter

from odoo import api, fields, models

from ..shared.sentence import say


class FbaAmazonOrder(models.Model):
    _inherit = "fba.amazon.order"

    awaited_units = fields.Json(readonly=True, exportable=False, help="Units that it needs, by the product's ID.")

    def _wait_for_stock(self, order, terms, reason):
        """Wait for the units of `order` (amazon.SoldOrder) that Odoo lacks; an error where it lacks none."""
        needed = Counter()
        for item in order.items:
            if item.quantity_shipped:
                units = item.quantity_shipped * terms.resolution(order, item).size
                for (product, _bom_line), part in terms.components(terms.product(order, item), units).items():
                    if product.is_storable:
                        needed[product] += part
        there = terms.warehouse(order)._fba_units_to_sell(self.env["product.product"].union(*needed))
        lacking = [
            [it.display_name, there[it], units]
            for it, units in needed.items()
            if it.uom_id.compare(units, there[it]) > 0
        ]
        if not lacking:
            self._settle("error", reason)
            return
        awaited = {str(it.id): units for it, units in needed.items()}
        self._settle("pending", say("unstocked", lacking=lacking), awaits="stock", awaited_units=awaited)

    @api.model
    def _with_stock(self, rows):
        """`rows` whose units are all there."""
        found = rows.browse()
        for warehouse, here in rows.grouped(lambda row: row.account_id._warehouse_of(row.marketplace_id)).items():
            ids = {int(product_id) for row in here for product_id in row.awaited_units}
            there = warehouse._fba_units_to_sell(self.env["product.product"].browse(ids).exists())
            found |= here.filtered(
                lambda row, there=there: all(
                    it.uom_id.compare(units, row.awaited_units.get(str(it.id), 0.0)) >= 0 for it, units in there.items()
                )
            )
        return found
