"""Comparison of Amazon's counts with Odoo's stock of an AFN warehouse.

    Amazon counts                              Odoo
    fulfillable                                Stock       = fulfillable + own sent, reserved there and not yet booked
    reserved (orders, transfers, processing),  Held        = the rest, with all unexplained differences
      being looked for
    unfulfillable                              Unsellable

Units move between the three without valuation. A difference of the total becomes an inventory adjustment only if a
later observation of each seller SKU confirms it, after all sales and shipments up to the first have been booked.
"""

from collections import defaultdict
from datetime import timedelta
from functools import cached_property

from ...amazon import outbound
from ..account.fba_account_runs import OVERLAP
from ..fulfillment.states import NOT_BEGUN

BOOKED_WITHIN = timedelta(days=30)  # the longest time between departure and booking
COUNTS_LAG = timedelta(minutes=30)  # Amazon's counts may not show yet what left so recently
LONGEST_LAG = timedelta(days=7)  # ... or since their last change; days were seen
MISSING_FOR = timedelta(days=1)  # so long Amazon names a SKU not even when asked, before its units are lost


class Balance:
    """The `products` in `warehouse` (sudo, in its company) by its `holdings` and what waits in the `inbox` (Inbox).

    Quantities are in each product's own unit. After `settle`, `lost` and `found` ({product: units}) hold the units to
    book.
    """

    def __init__(self, warehouse, products, holdings, inbox):
        self.warehouse, self.products, self.holdings, self.inbox = warehouse, products, holdings, inbox
        self.env = warehouse.env
        self.lost, self.found, self._booked = {}, {}, {}

    # === FIGURES === #

    @cached_property
    def counts(self):
        """{product: {"fulfillable", "held", "unsellable": units}} as Amazon counts, all SKUs of a product together."""
        return {product: self.holdings.counts(product) for product in self.products}

    @cached_property
    def observed(self):
        """{product: (first, last) moment of Amazon's counts of its SKUs; False where it never told one}."""
        return {product: self.holdings.observed(product) for product in self.products}

    @cached_property
    def stock(self):
        """{product: {"stock", "held", "unsellable", and of Stock "reserved": units}} as Odoo has it."""
        return self.warehouse._fba_stock(self.products)

    @cached_property
    def sent(self):
        """{product: [units sent to Amazon and not booked in Odoo, those of them that Amazon's count can show as
        reserved]}."""
        sent = defaultdict(lambda: [0.0, 0.0])
        for move in self.warehouse._fba_sent_moves(self.products):
            line, units = move.fba_line_id, sent[move.product_id]
            units[0] += move.product_qty
            observed_at = self.holdings.observations.get(line.seller_sku) or self.observed[move.product_id][0]
            sent_at = line.order_id.first_sent_at
            if not sent_at or (observed_at and sent_at <= observed_at and self._may_be_reserved(line, observed_at)):
                units[1] += move.product_qty
        return sent

    def _may_be_reserved(self, line, observed_at):
        """Whether units that Amazon reserves may be those of `line`. Where Odoo does not know what Amazon's customers
        had bought by the count, only an order that Amazon has begun is certain to be reserved."""
        account = self.warehouse.fba_account_id
        is_known = account.import_orders and account.import_cursor and account.import_cursor > observed_at - OVERLAP
        return is_known or line.order_id.amazon_status not in (False, *NOT_BEGUN)

    @cached_property
    def for_sale(self):
        """{product: units that *Stock* should have}."""
        return {product: self._for_sale(product) for product in self.products}

    def _for_sale(self, product):
        """Fulfillable units, and own sent ones that Amazon's count shows as reserved.

        Those it does not show are still fulfillable there: counted again, they could be sold twice. Sent orders keep
        their units in any case.
        """
        fulfillable, (all_sent, sent) = self.counts[product]["fulfillable"], self.sent[product]
        if not all_sent:
            return fulfillable
        elsewhere = ("held_transfer_quantity", "held_processing_quantity", "researching_quantity")
        reserved = self.holdings.sum_of(product, "held_quantity") - self.holdings.sum_of(product, *elsewhere)
        return max(fulfillable + min(sent, max(reserved - self.inbox.open[product], 0.0)), all_sent)

    @cached_property
    def differences(self):
        """{product: units Odoo has more (below zero: fewer) than Amazon}, without units shipped but not yet booked."""
        return {
            product: self.odoo_total(product) - self.inbox.shipped[product] - self.amazon_total(product)
            for product in self.products
        }

    def odoo_total(self, product):
        return total_of(self.stock[product])

    def amazon_total(self, product):
        return sum(self.counts[product].values())

    # === BETWEEN THE LOCATIONS === #

    def transfers(self):
        """[(product, units, from, to)] that bring *Stock* and *Unsellable* to their targets, as far as Odoo has units.

        What Amazon has beyond them is not free before it is booked as found.
        """
        warehouse, transfers = self.warehouse, []
        held = warehouse.fba_held_location_id
        for product in self.products:
            is_known = all(self.observed[product]) and product not in self.holdings.doubtful
            counts, stock = self.counts[product], self.stock[product]
            there = stock["held"] + self.found.get(product, 0.0) - self.lost.get(product, 0.0)
            targets = (
                (counts["unsellable"] - stock["unsellable"], warehouse.fba_unsellable_location_id),
                (self.for_sale[product] - stock["stock"], warehouse.lot_stock_id),
            )
            for missing, location in targets:
                if product.uom_id.compare(missing, 0) < 0:
                    transfers.append((product, -missing, location, held))
                    there -= missing
            for missing, location in targets if is_known else ():
                units = min(missing, there)
                if product.uom_id.compare(units, 0) > 0:
                    transfers.append((product, units, held, location))
                    there -= units
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

    def settle(self):
        """Decide what was lost and found: what an earlier observation saw as well. What waits for a later one is noted
        as discrepancy."""
        known = self.env["fba.discrepancy"]._of(self.warehouse, self.products)
        lasts = {last for _first, last in self.observed.values() if last}
        moments = lasts | {row.since for row in known.values() if row.since}
        booked = {moment: self._booked_up_to(moment, BOOKED_WITHIN) for moment in moments}
        left = {moment: self.inbox.left_by(moment) for moment in moments}
        behind, read_at, notes = self._behind(), self._read_at(), {}
        for product in self.products:
            row, (first, last) = known.get(product), self.observed[product]
            if not first or product in self.holdings.doubtful:
                continue
            difference, settled = self.differences[product], 0.0
            since = row and row.since
            if since and first > since:
                before = row.quantity
                if before > 0:
                    # Units that had left by then and became known later explain this part of it.
                    known_since = booked[since][product] + left[since][product] - row.booked
                    before = max(0.0, before - max(0.0, known_since))
                else:
                    before = self._without_unseen(product, before, since, since)
                agreed = _common(before, self._without_unseen(product, difference, first, last))
                is_read = product not in behind and read_at.get(product, last) > since
                if not (is_read and self._is_known_up_to(since)) or self._may_come_back(product):
                    if agreed or _common(row.quantity, difference):
                        continue  # it waits for these, as it is
                else:
                    settled = agreed
            elif since and _common(row.quantity, difference):
                continue  # not all of it was counted later
            if product.uom_id.compare(settled, 0) > 0:
                self.lost[product] = settled
            elif product.uom_id.compare(settled, 0) < 0:
                self.found[product] = -settled
            if row or not product.uom_id.is_zero(difference):
                known_by_now = booked[last][product] + left[last][product]
                notes[product] = (difference - settled, last, known_by_now)
        if notes:
            self.env["fba.discrepancy"]._keep(self.warehouse, notes)

    def _without_unseen(self, product, difference, first, last):
        """`difference` without units fewer in Odoo that left so recently that Amazon's counts, of the moments from
        `first` to `last`, may not show it yet."""
        if difference >= 0:
            return difference
        lag = last - first + COUNTS_LAG
        changed_at = self.holdings.changed_at(product)
        if changed_at and changed_at < last:
            lag = max(lag, min(last - changed_at, LONGEST_LAG))
        return min(0.0, difference + self._left_within(lag, last)[product])

    def _left_within(self, lag, last):
        """{product: units fewer in Odoo that may have left in the time `lag` before the count of `last`, or since}."""
        booked, waiting = self._booked_up_to(last, lag), self.inbox.left_after(last - lag)
        return defaultdict(float, {product: booked[product] + waiting[product] for product in {*booked, *waiting}})

    def _may_come_back(self, product):
        """Whether the SKU of `product` has been missing for a short time only, or may be one that nobody has mapped."""
        if not self.holdings.skus(product):
            return self.holdings.has_unknown
        missing_since = self.holdings.missing_since(product)
        return bool(missing_since) and self.observed[product][1] - missing_since < MISSING_FOR

    def _booked_up_to(self, moment, within):
        """{product: units booked by now that left in the time `within` before `moment`}."""
        key = (moment, within)
        if key not in self._booked:
            self._booked[key] = defaultdict(float)
            for product, quantity in self.env["stock.move"]._read_group(
                [
                    ("product_id", "in", self.products.ids),
                    ("picking_type_id", "=", self.warehouse.out_type_id.id),
                    ("state", "=", "done"),
                    ("date", ">", moment - within),
                    ("date", "<=", moment),
                ],
                ["product_id"],
                ["product_qty:sum"],
            ):
                self._booked[key][product] = quantity
        return self._booked[key]

    def _is_known_up_to(self, moment):
        """Whether Odoo has read all sales and shipments up to `moment`."""
        account = self.warehouse.fba_account_id
        imported = not account.import_orders or (account.import_cursor and account.import_cursor > moment)
        return bool(imported and account.pull_cursor and account.pull_cursor > moment)

    def _read_at(self):
        """{product: when Odoo last read the own orders of it that Amazon packs}: Amazon's list does not show a further
        shipment."""
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("warehouse_id", "=", self.warehouse.id),
                ("at_amazon", "=", True),
                ("amazon_status", "=", outbound.PROCESSING),
                ("line_ids.move_ids.product_id", "in", self.products.ids),
            ]
        )
        read_at = {}
        for order in orders:
            for product in order.line_ids.move_ids._fba_open().product_id:
                read_at[product] = min(read_at.get(product, order.snapshot_at), order.snapshot_at)
        return read_at

    def unsettled(self):
        """Products that something is to be booked or noted of; of the others nothing has changed."""
        known = self.env["fba.discrepancy"]._of(self.warehouse, self.products)
        moving = {product for product, *_transfer in self.transfers()}
        return self.products.filtered(
            lambda it: it in known or it in moving or not it.uom_id.is_zero(self.differences[it])
        )

    def _behind(self):
        """Products of own orders that the pull should have read by then but has not: they may have shipped."""
        now = max((last for _first, last in self.observed.values() if last), default=False)
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("warehouse_id", "=", self.warehouse.id),
                ("at_amazon", "=", True),
                "|",
                "|",
                ("due_at", "<=", now),
                ("failure_count", ">", 0),
                ("contradiction_since", "!=", False),
            ]
        )
        return orders.line_ids.move_ids._fba_open().product_id


def total_of(stock):
    """Units of a product in all of `stock` ({"stock", "held", "unsellable": units})."""
    return sum(stock[name] for name in ("stock", "held", "unsellable"))


def _common(first, second):
    """The common part of two differences: the smaller one if both have the same sign, else nothing."""
    if first * second <= 0:
        return 0.0
    return min(first, second, key=abs)
