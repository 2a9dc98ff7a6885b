"""The stock of an AFN warehouse made equal to Amazon's counts.

    Amazon counts                              Odoo
    fulfillable                                Stock       = fulfillable + own sent and not yet booked
    reserved (orders, transfers, processing),  Held        = the rest: it carries what is not explained yet
      being looked for
    unfulfillable                              Unsellable

Units move between the three without valuation. Only a difference of the total that a second pass confirms, after what
was sold and shipped up to the first has been booked, becomes an inventory adjustment.
"""

from collections import defaultdict
from datetime import timedelta

from odoo import models
from odoo.fields import Command

from ... import amazon

BOOKED_WITHIN = timedelta(days=30)  # nothing is booked later than that after it has left
OPEN_STATES = ("confirmed", "waiting", "partially_available", "assigned")


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "fba.work.item"]

    def _fba_is_synchronized(self):
        """Whether this warehouse follows Amazon's counts: else nothing ever lies in *Held by Amazon*."""
        account = self.fba_account_id
        return self.is_afn and account.sync_inventory and account.first_sync_confirmed

    def _fba_sold_location(self):
        """*Held* where that is kept: Amazon reserves before it ships."""
        return self.fba_held_location_id if self._fba_is_synchronized() else super()._fba_sold_location()

    def _fba_balance(self, counted_at, *, skus=None, confirmed=False):
        """Make the three locations equal to the counts of the SKUs, as of `counted_at` (naive UTC).

        `skus`: only the products of these. `confirmed`: a person has seen the differences, which are booked at once.
        """
        self.ensure_one()
        warehouse = self.sudo().with_company(self.company_id)
        # All products, not just those Amazon names as changed: what is sent, booked or freed here is a change as well.
        skus = warehouse._fba_skus_to_balance(skus)
        products = skus.product_id
        counts = warehouse._fba_counts(products)
        stock = warehouse._fba_stock(products)
        sent = warehouse._fba_sent(products, counted_at)
        losses = warehouse._fba_settle_differences(skus, counts, stock, counted_at, confirmed)
        warehouse._fba_adjust(losses, confirmed)
        transfers = []  # (product, quantity, from, to)
        held, unsellable = warehouse.fba_held_location_id, warehouse.fba_unsellable_location_id
        for product in products:
            on_hand, lost = stock[product]["stock"], stock[product]["unsellable"]
            to_stock = counts[product]["fulfillable"] + sent[product] - on_hand
            to_unsellable = counts[product]["unsellable"] - lost
            for quantity, location in ((to_stock, warehouse.lot_stock_id), (to_unsellable, unsellable)):
                if product.uom_id.compare(quantity, 0) > 0:
                    transfers.append((product, quantity, held, location))
                elif product.uom_id.compare(quantity, 0) < 0:
                    transfers.append((product, -quantity, location, held))
        if transfers:
            short = {
                product: quantity
                for product, quantity, source, _destination in transfers
                if source == warehouse.lot_stock_id
            }
            freed = warehouse._fba_take_back(short, stock)
            warehouse._fba_transfer(transfers)
            freed.sorted("id")._action_assign()

    def _fba_skus_to_balance(self, only=None):
        """The SKUs of known products, with those Amazon does not count; of the products of `only` where it is given."""
        Sku, known = self.env["fba.sku"], [("warehouse_id", "=", self.id), ("product_id", "!=", False)]
        if only is not None:
            known.append(("product_id", "in", only.product_id.ids))
        else:
            self._fba_add_uncounted()
        skus = Sku.search(known)
        # All at once: whoever takes them looks at each by itself.
        skus.fetch(["product_id", "sequence", "difference_quantity", "difference_since", "difference_booked"])
        skus.product_id.fetch(["uom_id"])
        return skus

    def _fba_add_uncounted(self):
        """Products that lie here and that Amazon counts under no SKU: it has none of them."""
        quants = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", self._fba_locations().ids), ("quantity", "!=", 0)], ["product_id"]
        )
        counted = self.env["fba.sku"].search([("warehouse_id", "=", self.id)])
        known, taken = set(counted.product_id.ids), set(counted.mapped("seller_sku"))
        self.env["fba.sku"].create(
            [
                {"warehouse_id": self.id, "product_id": product.id, "seller_sku": product.default_code}
                for (product,) in quants
                if product.id not in known and product.default_code and product.default_code not in taken
            ]
        )

    def _fba_locations(self):
        return self.lot_stock_id + self.fba_held_location_id + self.fba_unsellable_location_id

    # === FIGURES === #

    def _fba_counts(self, products):
        """{product: what Amazon counts}, all its SKUs together."""
        counts = defaultdict(lambda: dict.fromkeys(("fulfillable", "held", "unsellable"), 0))
        for product, *sums in self.env["fba.sku"]._read_group(
            [("warehouse_id", "=", self.id), ("product_id", "in", products.ids)],
            ["product_id"],
            ["fulfillable_quantity:sum", "held_quantity:sum", "unsellable_quantity:sum"],
        ):
            counts[product] = dict(zip(("fulfillable", "held", "unsellable"), sums, strict=True))
        return counts

    def _fba_stock(self, products):
        """{product: what Odoo has} by location, and what of *Stock* is reserved; in the product's unit."""
        stock = defaultdict(lambda: dict.fromkeys(("stock", "held", "unsellable", "reserved"), 0.0))
        names = {self.fba_held_location_id: "held", self.fba_unsellable_location_id: "unsellable"}
        for product, location, quantity, reserved in self.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids), ("location_id", "child_of", self._fba_locations().ids)],
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            name = names.get(location, "stock")
            stock[product][name] += quantity
            if name == "stock":
                stock[product]["reserved"] += reserved
        return stock

    def _fba_sent(self, products, counted_at):
        """{product: what Amazon has been sent and Odoo has not booked}.

        What was sent after the count is still fulfillable there: counted once more, it could be sold twice.
        """
        sent = defaultdict(float)
        for product, quantity in self.env["stock.move"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN_STATES),
                ("fba_line_id.order_id.at_amazon", "=", True),
                ("fba_line_id.order_id.warehouse_id", "=", self.id),
                "|",
                ("fba_line_id.order_id.first_sent_at", "=", False),
                ("fba_line_id.order_id.first_sent_at", "<=", counted_at),
            ],
            ["product_id"],
            ["product_qty:sum"],
        ):
            sent[product] = quantity
        return sent

    # === DIFFERENCES OF THE TOTAL === #

    def _fba_differences(self, products, counts, stock):
        """{product: units Odoo has more (below zero: fewer) than Amazon}, apart from what has shipped unbooked."""
        unbooked = self._fba_shipped_unbooked()
        return {
            product: sum(stock[product][name] for name in ("stock", "held", "unsellable"))
            - unbooked[product]
            - sum(counts[product].values())
            for product in products
        }

    def _fba_settle_differences(self, skus, counts, stock, counted_at, confirmed):
        """{product: units to book as lost (found, below zero)}; what waits for a second pass is noted on a SKU."""
        leads = {
            product: rows.sorted(lambda row: (not row.difference_since, row.sequence, row.id))[0]
            for product, rows in skus.grouped("product_id").items()
        }
        differences = self._fba_differences(leads, counts, stock)
        behind = self._fba_behind(counted_at)
        moments = {counted_at, *(row.difference_since for row in leads.values() if row.difference_since)}
        booked = {moment: self._fba_booked_up_to(moment, skus.product_id) for moment in moments}
        losses = {}
        for product, row in leads.items():
            difference = differences[product]
            since, before = row.difference_since, row.difference_quantity
            if since and before > 0:
                # What had left by then and was booked only later explains that much of it.
                before = max(0.0, before - (booked[since][product] - row.difference_booked))
            loss, keeps = 0.0, False
            if confirmed:
                loss = difference
            elif since and product not in behind and self._fba_is_known_up_to(since):
                loss = _common(before, difference)
            elif since:
                keeps = bool(_common(before, difference))
            if not product.uom_id.is_zero(loss):
                losses[product] = loss
            if not keeps:
                row._note_difference(difference - loss, counted_at, booked[counted_at][product])
        return losses

    def _fba_booked_up_to(self, moment, products):
        """{product: units booked, by now, as having left up to `moment`}, of the month before it."""
        booked = defaultdict(float)
        for product, quantity in self.env["stock.move"]._read_group(
            [
                ("product_id", "in", products.ids),
                ("picking_type_id", "=", self.out_type_id.id),
                ("state", "=", "done"),
                ("date", ">", moment - BOOKED_WITHIN),
                ("date", "<=", moment),
            ],
            ["product_id"],
            ["product_qty:sum"],
        ):
            booked[product] = quantity
        return booked

    def _fba_is_known_up_to(self, moment):
        """Whether all that was sold and shipped up to `moment` has been asked for."""
        account = self.fba_account_id
        imported = not account.import_orders or (account.import_cursor and account.import_cursor > moment)
        return bool(imported and account.pull_cursor and account.pull_cursor > moment)

    def _fba_behind(self, counted_at):
        """Products of own orders that the pull should have read again by then, and has not: they may have shipped."""
        orders = self.env["fba.fulfillment.order"].search(
            [
                ("warehouse_id", "=", self.id),
                ("at_amazon", "=", True),
                "|",
                ("due_at", "<=", counted_at),
                ("failure_count", ">", 0),
            ]
        )
        return orders.line_ids.move_ids._fba_open().product_id

    def _fba_shipped_unbooked(self):
        """{product: units Amazon has shipped of orders that wait in the inbox}: new, partly shipped, or in error."""
        rows = self.env["fba.amazon.order"].search(
            [
                ("account_id", "=", self.fba_account_id.id),
                ("sale_id", "=", False),
                "|",
                "|",
                ("is_due", "=", True),
                ("state", "=", "error"),
                "&",
                ("state", "=", "pending"),
                ("amazon_status", "=", "PARTIALLY_SHIPPED"),
            ]
        )
        marketplaces = set(self.fba_marketplace_ids.mapped("marketplace_id"))
        shipped = defaultdict(int)
        for row in rows:
            try:
                order = amazon.parse_order(row.payload)
            except amazon.Malformed:  # the row says so itself
                continue
            ours = order.channel == "AMAZON" and order.fulfilled_by == "AMAZON"
            if ours and order.marketplace_id in marketplaces:
                for item in order.items:
                    shipped[item.seller_sku] += item.quantity_fulfilled or 0
        products = self.env["fba.sku"]._products_of(self, list(shipped))
        unbooked = defaultdict(float)
        for sku, quantity in shipped.items():
            if sku in products:
                unbooked[products[sku]] += quantity
        return unbooked

    def _fba_adjust(self, losses, agreed):
        """Book differences as inventory adjustments of *Held by Amazon*, all at once: `agreed` to, or seen twice."""
        held, account = self.fba_held_location_id, self.fba_account_id.name
        name = (
            self.env._("Amazon's count, agreed to: %s", account)
            if agreed
            else self.env._("Amazon's count, confirmed by a second one: %s", account)
        )
        values = []
        for product, loss in losses.items():
            nowhere = product.property_stock_inventory
            source, destination = (held, nowhere) if loss > 0 else (nowhere, held)
            values.append(self._fba_prepare_move(product, abs(loss), source, destination, inventory_name=name))
        self._fba_do(values)

    # === MOVES === #

    def _fba_take_back(self, short, stock):
        """Free *Stock* of assignments, the youngest first, so far as it has to give units away; the moves freed.

        What Amazon was sent keeps its units: they are part of what *Stock* has to hold.
        """
        freed = self.env["stock.move"]
        needed = {
            product: quantity - (stock[product]["stock"] - stock[product]["reserved"])
            for product, quantity in short.items()
        }
        products = [product for product, quantity in needed.items() if product.uom_id.compare(quantity, 0) > 0]
        if not products:
            return freed
        moves = self.env["stock.move"].search(
            [
                ("product_id", "in", [product.id for product in products]),
                ("location_id", "child_of", self.lot_stock_id.id),
                ("state", "in", ("assigned", "partially_available")),
            ],
            order="id desc",
        )
        for move in moves.filtered(lambda move: not move.fba_line_id.order_id.at_amazon):
            if move.product_id.uom_id.compare(needed[move.product_id], 0) > 0:
                needed[move.product_id] -= move.product_uom._compute_quantity(move.quantity, move.product_id.uom_id)
                freed += move
        orders = freed.fba_line_id.order_id
        freed._do_unreserve()
        for order in orders:
            order.message_post(body=self.env._("Amazon has fewer units than were reserved: waits for stock."))
        return freed

    def _fba_transfer(self, transfers):
        """One done internal transfer for all of them."""
        values = [
            self._fba_prepare_move(product, quantity, source, destination)
            for product, quantity, source, destination in transfers
        ]
        picking = self.env["stock.picking"].create(
            {
                "picking_type_id": self.int_type_id.id,
                "location_id": self.fba_held_location_id.id,
                "location_dest_id": self.lot_stock_id.id,
                "origin": self.env._("Amazon's counts"),
                "company_id": self.company_id.id,
            }
        )
        self._fba_do([{**move, "picking_id": picking.id, "picking_type_id": self.int_type_id.id} for move in values])

    def _fba_prepare_move(self, product, quantity, source, destination, **values):
        """A move with its line, picked: nothing is looked for, whatever Odoo thinks there is."""
        line = {
            "product_id": product.id,
            "product_uom_id": product.uom_id.id,
            "quantity": quantity,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "company_id": self.company_id.id,
            "picked": True,
        }
        return {
            "product_id": product.id,
            "product_uom": product.uom_id.id,
            "product_uom_qty": quantity,
            "company_id": self.company_id.id,
            "state": "confirmed",
            "location_id": source.id,
            "location_dest_id": destination.id,
            "is_inventory": bool(values.get("inventory_name")),
            "picked": True,
            "move_line_ids": [Command.create(line)],
            **values,
        }

    def _fba_do(self, values):
        if values:
            moves = self.env["stock.move"].with_context(inventory_mode=False).create(values)
            moves._action_done()
            moves._trigger_assign()


def _common(first, second):
    """The part that two differences share: the smaller one where both have the same sign, else nothing."""
    if first * second <= 0:
        return 0.0
    return min(first, second, key=abs)
