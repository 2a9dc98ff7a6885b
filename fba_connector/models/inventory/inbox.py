"""Units of orders sold on Amazon that Odoo has not booked yet."""

from collections import defaultdict

from ... import amazon
from ...utc import naive
from ..warehouse.resolution import agreed


class Inbox:
    """Orders of `warehouse` (sudo) that wait in the inbox: new, open, partly shipped, or in error.

    `shipped` and `open`: {product: units} that have left unbooked, and that Amazon reserves. `shipped_of_sku`:
    {seller SKU: its units} of all that have left, known to Odoo or not.
    """

    def __init__(self, warehouse):
        self.warehouse, self.env = warehouse, warehouse.env
        self.shipped_of_sku, self._departures, reserved = defaultdict(int), [], defaultdict(int)
        for order, item, sku in self._with_skus(list(self._items())):
            left = item.quantity_fulfilled or 0
            self.shipped_of_sku[sku] += left
            has_ended = order.is_shipped or order.is_cancelled
            self._departures.append((naive(order.updated_at), has_ended, sku, left))
            if not has_ended:
                reserved[sku] += max(item.quantity_ordered - left, 0)
        skus = {*self.shipped_of_sku, *reserved}
        self._units = {sku: it.units for sku, it in self.env["fba.sku"]._resolve_skus(warehouse, skus).items()}
        self.shipped, self.open = self._in_products(self.shipped_of_sku), self._in_products(reserved)

    def left_by(self, moment):
        """{product: units of `shipped`} that may have left by `moment` (naive UTC): of an open order, it is not known
        when its parts left."""
        return self._sum(lambda at, has_ended: not has_ended or not at or at <= moment)

    def left_after(self, moment):
        """{product: units of `shipped`} that may have left after `moment`: at the latest at the order's last change."""
        return self._sum(lambda at, _has_ended: not at or at > moment)

    def _sum(self, counts):
        of_skus = defaultdict(int)
        for at, has_ended, sku, units in self._departures:
            if counts(at, has_ended):
                of_skus[sku] += units
        return self._in_products(of_skus)

    def _in_products(self, of_skus):
        products = defaultdict(float)
        for sku, quantity in of_skus.items():
            for product, each in self._units[sku].items():
                products[product] += quantity * each
        return products

    def _with_skus(self, items):
        """Yield (order, item, seller SKU) of `items` ((order, item)): Amazon's, or one of those that its ASIN means.
        Without any, nobody knows what has left."""
        asins = {item.asin for _order, item in items if item.asin and not item.seller_sku}
        of_asins = self.env["fba.sku"]._resolve_asins(self.warehouse, asins)
        for order, item in items:
            known = of_asins.get(item.asin, {})
            same = agreed(known.values())
            sku = item.seller_sku or next((sku for sku, it in known.items() if it is same), None)
            if sku:
                yield order, item, sku

    def _items(self):
        """Yield (amazon.SoldOrder, its item)."""
        account = self.warehouse.fba_account_id
        if not account.import_orders:
            return
        rows = self.env["fba.amazon.order"].search(
            [
                ("account_id", "=", account.id),
                ("sale_id", "=", False),
                # Earlier orders by the hundred thousand: too early anyway.
                "|",
                ("backfill_step", "=", False),
                ("ordered_at", ">=", account.import_from),
                "|",
                ("booked_at", "=", False),
                ("import_again", "=", True),
                "|",
                ("is_due", "=", True),
                ("state", "in", ("error", "pending")),
            ]
        )
        marketplaces = set(self.warehouse.fba_marketplace_ids.mapped("marketplace_id"))
        for row in rows:
            try:
                order = amazon.parse_order(row.payload)
            except amazon.Malformed:  # the row shows the error
                continue
            ours = order.is_sold_on_amazon and order.is_fulfilled_by_amazon
            # Never imported, unless a user asks for it.
            too_early = not row.import_again and naive(order.created_at) < account.import_from
            if ours and not too_early and order.marketplace_id in marketplaces:
                for item in order.items:
                    yield order, item
