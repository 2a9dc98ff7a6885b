"""Comparison of Amazon's counts with Odoo's stock of an AFN warehouse.

    Amazon counts                              Odoo
    fulfillable                                Stock       = fulfillable + own sent and not yet booked
    reserved (orders, transfers, processing),  Held        = the rest, with all unexplained differences
      being looked for
    unfulfillable                              Unsellable

Units move between the three without valuation. A difference of the total becomes an inventory adjustment only if a
second pass confirms it, after all sales and shipments up to the first have been booked.
"""

from collections import defaultdict
from datetime import timedelta
from functools import cached_property

from ... import amazon
from ..warehouse.stock_move import OPEN_STATES

BOOKED_WITHIN = timedelta(days=30)  # the longest time between departure and booking


class Balance:
    """The products of `skus` (fba.sku) in `warehouse` (sudo, in its company), as counted at `counted_at` (naive UTC).

    Quantities are in each product's own unit. After `settle`, `lost` and `found` ({product: units}) hold the units to
    book.
    """

    def __init__(self, warehouse, skus, counted_at):
        self.warehouse, self.skus, self.counted_at = warehouse, skus, counted_at
        self.env, self.products = warehouse.env, skus.product_id
        self.lost, self.found = {}, {}

    # === FIGURES === #

    @cached_property
    def counts(self):
        """{product: {"fulfillable", "held", "unsellable": units}} as Amazon counts, all SKUs of a product together."""
        names = ("fulfillable", "held", "unsellable")
        counts = defaultdict(lambda: dict.fromkeys(names, 0))
        for product, *sums in self.env["fba.sku"]._read_group(
            [("warehouse_id", "=", self.warehouse.id), ("product_id", "in", self.products.ids)],
            ["product_id"],
            [f"{name}_quantity:sum" for name in names],
        ):
            counts[product] = dict(zip(names, sums, strict=True))
        return counts

    @cached_property
    def stock(self):
        """{product: {"stock", "held", "unsellable", and of Stock "reserved": units}} as Odoo has it."""
        return self.warehouse._fba_stock(self.products)

    @cached_property
    def sent(self):
        """{product: units sent to Amazon and not booked in Odoo}.

        An order sent after the count is still fulfillable there: counted again, its units could be sold twice.
        """
        sent = defaultdict(float)
        for product, quantity in self.env["stock.move"]._read_group(
            [
                ("product_id", "in", self.products.ids),
                ("state", "in", OPEN_STATES),
                ("fba_line_id.order_id.at_amazon", "=", True),
                ("fba_line_id.order_id.warehouse_id", "=", self.warehouse.id),
                "|",
                ("fba_line_id.order_id.first_sent_at", "=", False),
                ("fba_line_id.order_id.first_sent_at", "<=", self.counted_at),
            ],
            ["product_id"],
            ["product_qty:sum"],
        ):
            sent[product] = quantity
        return sent

    @cached_property
    def differences(self):
        """{product: units Odoo has more (below zero: fewer) than Amazon}, without units shipped but not yet booked."""
        unbooked = self._shipped_unbooked()
        return {
            product: self.odoo_total(product) - unbooked[product] - self.amazon_total(product)
            for product in self.products
        }

    def odoo_total(self, product):
        return sum(self.stock[product][name] for name in ("stock", "held", "unsellable"))

    def amazon_total(self, product):
        return sum(self.counts[product].values())

    # === BETWEEN THE LOCATIONS === #

    def transfers(self):
        """[(product, units, from, to)] that bring *Stock* and *Unsellable* to their targets."""
        warehouse, transfers = self.warehouse, []
        held = warehouse.fba_held_location_id
        for product in self.products:
            counts, stock = self.counts[product], self.stock[product]
            for missing, location in (
                (counts["fulfillable"] + self.sent[product] - stock["stock"], warehouse.lot_stock_id),
                (counts["unsellable"] - stock["unsellable"], warehouse.fba_unsellable_location_id),
            ):
                if product.uom_id.compare(missing, 0) > 0:
                    transfers.append((product, missing, held, location))
                elif product.uom_id.compare(missing, 0) < 0:
                    transfers.append((product, -missing, location, held))
        return transfers

    def short(self, transfers):
        """{product: reserved units that *Stock* has to give away in `transfers`}."""
        short = {}
        for product, units, source, _destination in transfers:
            stock = self.stock[product]
            needed = units - (stock["stock"] - stock["reserved"])
            if source == self.warehouse.lot_stock_id and product.uom_id.compare(needed, 0) > 0:
                short[product] = needed
        return short

    # === DIFFERENCES OF THE TOTAL === #

    def settle(self, confirmed):
        """Decide what was lost and found: all differences if a person has `confirmed` them, else those that an earlier
        pass saw as well. Differences that wait for a later pass are noted on a SKU."""
        leads = {
            product: rows.sorted(lambda row: (not row.difference_since, row.sequence, row.id))[0]
            for product, rows in self.skus.grouped("product_id").items()
        }
        moments = {self.counted_at, *(row.difference_since for row in leads.values() if row.difference_since)}
        booked = {moment: self._booked_up_to(moment) for moment in moments}
        behind = self._behind()
        for product, row in leads.items():
            difference = self.differences[product]
            since, before = row.difference_since, row.difference_quantity
            if since and before > 0:
                # Units that had left by then and were booked later explain this part of it.
                before = max(0.0, before - (booked[since][product] - row.difference_booked))
            settled, keeps = 0.0, False
            if confirmed:
                settled = difference
            elif since and product not in behind and self._is_known_up_to(since):
                settled = _common(before, difference)
            elif since:
                keeps = bool(_common(before, difference))
            if product.uom_id.compare(settled, 0) > 0:
                self.lost[product] = settled
            elif product.uom_id.compare(settled, 0) < 0:
                self.found[product] = -settled
            if not keeps:
                row._note_difference(difference - settled, self.counted_at, booked[self.counted_at][product])

    def _booked_up_to(self, moment):
        """{product: units booked by now that left within the month before `moment`}."""
        booked = defaultdict(float)
        for product, quantity in self.env["stock.move"]._read_group(
            [
                ("product_id", "in", self.products.ids),
                ("picking_type_id", "=", self.warehouse.out_type_id.id),
                ("state", "=", "done"),
                ("date", ">", moment - BOOKED_WITHIN),
                ("date", "<=", moment),
            ],
            ["product_id"],
            ["product_qty:sum"],
        ):
            booked[product] = quantity
        return booked

    def _is_known_up_to(self, moment):
        """Whether Odoo has read all sales and shipments up to `moment`."""
        account = self.warehouse.fba_account_id
        imported = not account.import_orders or (account.import_cursor and account.import_cursor > moment)
        return bool(imported and account.pull_cursor and account.pull_cursor > moment)

    def _behind(self):
        """Products of own orders that the pull should have read by then but has not: they may have shipped."""
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("warehouse_id", "=", self.warehouse.id),
                ("at_amazon", "=", True),
                "|",
                "|",
                ("due_at", "<=", self.counted_at),
                ("failure_count", ">", 0),
                ("contradiction_since", "!=", False),
            ]
        )
        return orders.line_ids.move_ids._fba_open().product_id

    def _shipped_unbooked(self):
        """{product: units Amazon has shipped of orders that wait in the inbox}: new, partly shipped, or in error."""
        rows = self.env["fba.amazon.order"].search(
            [
                ("account_id", "=", self.warehouse.fba_account_id.id),
                ("sale_id", "=", False),
                "|",
                "|",
                ("is_due", "=", True),
                ("state", "=", "error"),
                "&",
                ("state", "=", "pending"),
                ("amazon_status", "=", amazon.orders.PARTIALLY_SHIPPED),
            ]
        )
        marketplaces = set(self.warehouse.fba_marketplace_ids.mapped("marketplace_id"))
        shipped = defaultdict(int)
        for row in rows:
            try:
                order = amazon.parse_order(row.payload)
            except amazon.Malformed:  # the row shows the error
                continue
            ours = order.is_sold_on_amazon and order.is_fulfilled_by_amazon
            if ours and order.marketplace_id in marketplaces:
                for item in order.items:
                    shipped[item.seller_sku] += item.quantity_fulfilled or 0
        products = self.env["fba.sku"]._products_of(self.warehouse, list(shipped))
        unbooked = defaultdict(float)
        for sku, quantity in shipped.items():
            if sku in products:
                unbooked[products[sku]] += quantity
        return unbooked


def _common(first, second):
    """The common part of two differences: the smaller one if both have the same sign, else nothing."""
    if first * second <= 0:
        return 0.0
    return min(first, second, key=abs)
