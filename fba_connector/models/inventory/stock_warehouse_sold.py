"""Units of the locations that imported sales leave from."""

from datetime import datetime

from odoo import models


class StockWarehouse(models.Model):
    _inherit = "stock.warehouse"

    def _fba_sold_shares(self, products):
        """Counted are held units less those that Amazon holds for other reasons than orders of its customers."""
        if not self._fba_is_synchronized():
            return super()._fba_sold_shares(products)
        shares = {
            product: {"counted": stock["held"], "held": stock["held"], "unsent": stock["stock"]}
            for product, stock in self._fba_stock(products).items()
        }
        for move in self._fba_sent_moves(products):
            if move.product_id in shares:
                shares[move.product_id]["unsent"] -= move.product_qty
        parts = self.env["fba.sku.part"].search([("warehouse_id", "=", self.id), ("product_id", "in", products.ids)])
        for part in parts:
            sku = part.sku_id
            if part.product_id in shares:
                elsewhere = sku.held_quantity - sku.held_orders_quantity
                shares[part.product_id]["counted"] -= part.units * elsewhere
        return shares

    def _fba_counted_from(self):
        """Never yet: what has left so far is in no count. A pool that came after the account's first synchronization
        was empty when it began."""
        account = self.fba_account_id
        if not account.sync_inventory:
            return super()._fba_counted_from()
        first = self.env["fba.first.sync"].sudo().search(
            [
                ("account_id", "=", account.id),
                ("state", "=", "done"),
                ("only_skus", "=", False),
                ("counted_warehouse_ids", "in", self.ids),
            ],
            order="counted_at",
            limit=1,
        )  # fmt: skip
        if first:
            return first.counted_at
        return self.create_date if account.first_sync_confirmed else datetime.max
