"""Units of orders sold on Amazon that Odoo has not booked yet."""

from collections import defaultdict

from ... import amazon
from ...utc import naive


class Inbox:
    """`shipped` and `open`: {product: units} of `warehouse` (sudo) that have left unbooked, and that Amazon reserves.

    `shipped_of_sku`: {seller SKU: its units} of all that have left, known to Odoo or not.
    """

    def __init__(self, warehouse):
        self.warehouse, self.env = warehouse, warehouse.env
        self.shipped, self.open = defaultdict(float), defaultdict(float)
        self.shipped_of_sku, still_open = self._read_rows()
        resolutions = self.env["fba.sku"]._resolve_skus(warehouse, {*self.shipped_of_sku, *still_open})
        for units, of_skus in ((self.shipped, self.shipped_of_sku), (self.open, still_open)):
            for sku, quantity in of_skus.items():
                for product, each in resolutions[sku].units.items():
                    units[product] += quantity * each

    def _read_rows(self):
        """({seller SKU: units}, the same) of orders that wait in the inbox: new, open, partly shipped, or in error."""
        account = self.warehouse.fba_account_id
        if not account.import_orders:
            return defaultdict(int), {}
        rows = self.env["fba.amazon.order"].search(
            [
                ("account_id", "=", account.id),
                ("sale_id", "=", False),
                "|",
                ("is_due", "=", True),
                ("state", "in", ("error", "pending")),
            ]
        )
        marketplaces = set(self.warehouse.fba_marketplace_ids.mapped("marketplace_id"))
        shipped, still_open = defaultdict(int), defaultdict(int)
        for row in rows:
            try:
                order = amazon.parse_order(row.payload)
            except amazon.Malformed:  # the row shows the error
                continue
            ours = order.is_sold_on_amazon and order.is_fulfilled_by_amazon
            too_early = naive(order.created_at) < account.import_from  # never imported
            if not ours or too_early or order.marketplace_id not in marketplaces:
                continue
            for item in order.items:
                left = item.quantity_fulfilled or 0
                shipped[item.seller_sku] += left
                if not (order.is_shipped or order.is_cancelled):
                    still_open[item.seller_sku] += max(item.quantity_ordered - left, 0)
        return shipped, still_open
