"""Booking a balance: transfers between the three locations of an AFN warehouse, and inventory adjustments."""

from collections import defaultdict

from odoo import models
from odoo.fields import Command

from .balance import Balance


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "fba.work.item"]

    def _fba_is_synchronized(self):
        """Whether this warehouse follows Amazon's counts: if not, *Held by Amazon* stays empty."""
        account = self.fba_account_id
        return self.is_afn and account.sync_inventory and account.first_sync_confirmed

    def _fba_sold_location(self):
        """*Held by Amazon* where it is in use: Amazon reserves before it ships."""
        return self.fba_held_location_id if self._fba_is_synchronized() else super()._fba_sold_location()

    def _fba_balance(self, counted_at, *, skus=None, confirmed=False):
        """Make the three locations equal to the counts of the SKUs, as of `counted_at` (naive UTC).

        `skus`: only the products of these. `confirmed`: a person has seen the differences; they are booked immediately.
        """
        balance = self._fba_weigh(counted_at, skus=skus)
        balance.settle(confirmed)
        warehouse, transfers = balance.warehouse, balance.transfers()
        warehouse._fba_adjust(balance.lost, balance.found, confirmed)
        if transfers:
            freed = warehouse._fba_take_back(balance.short(transfers))
            warehouse._fba_transfer(transfers)
            freed.sorted("id")._action_assign()

    def _fba_weigh(self, counted_at, *, skus=None):
        """The Balance of all products here, or of those of `skus`.

        All, not just Amazon's changes: sending, booking and releasing here are changes as well.
        """
        self.ensure_one()
        warehouse = self.sudo().with_company(self.company_id)
        return Balance(warehouse, warehouse._fba_skus_to_balance(skus), counted_at)

    def _fba_skus_to_balance(self, only=None):
        """The SKUs of known products, including those without a count; if given, only of the products of `only`."""
        Sku, known = self.env["fba.sku"], [("warehouse_id", "=", self.id), ("product_id", "!=", False)]
        if only is not None:
            known.append(("product_id", "in", only.product_id.ids))
        else:
            self._fba_add_uncounted()
        skus = Sku.search(known)
        # All in one query: the callers read them one by one.
        skus.fetch(["product_id", "sequence", "difference_quantity", "difference_since", "difference_booked"])
        skus.product_id.fetch(["uom_id"])
        return skus

    def _fba_add_uncounted(self):
        """Add products in stock here without a SKU in Amazon's counts: Amazon has none of them."""
        quants = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", self._fba_locations().ids), ("quantity", "!=", 0)], ["product_id"]
        )
        counted = self.env["fba.sku"].search([("warehouse_id", "=", self.id)])
        known, taken = set(counted.product_id.ids), set(counted.mapped("seller_sku"))
        self.env["fba.sku"].with_context(fba_suggested=True).create(
            [
                {"warehouse_id": self.id, "product_id": product.id, "seller_sku": product.default_code}
                for (product,) in quants
                if product.id not in known and product.default_code and product.default_code not in taken
            ]
        )

    def _fba_locations(self):
        return self.lot_stock_id + self.fba_held_location_id + self.fba_unsellable_location_id

    def _fba_stock(self, products):
        """{product: Odoo's quantity by location, and the reserved part of *Stock*}, in the product's unit."""
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

    # === MOVES === #

    def _fba_adjust(self, lost, found, agreed):
        """Book {product: units} as lost or found in *Held by Amazon*, in one step: `agreed` to, or counted twice."""
        held, account = self.fba_held_location_id, self.fba_account_id.name
        name = (
            self.env._("Amazon's count, confirmed by a user: %s", account)
            if agreed
            else self.env._("Amazon's count, confirmed by a second count: %s", account)
        )
        ways = [(product, units, held, product.property_stock_inventory) for product, units in lost.items()]
        ways += [(product, units, product.property_stock_inventory, held) for product, units in found.items()]
        values = [self._fba_prepare_move(*way, inventory_name=name) for way in ways]
        self._fba_book_moves(values)

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
            order.message_post(body=self.env._("Amazon has fewer units than Odoo reserved. The order waits for stock."))
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
        self._fba_book_moves(
            [{**move, "picking_id": picking.id, "picking_type_id": self.int_type_id.id} for move in values]
        )

    def _fba_prepare_move(self, product, quantity, source, destination, **values):
        """A move with its line, picked: without a search for stock, whatever stock Odoo has."""
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

    def _fba_book_moves(self, values):
        if values:
            moves = self.env["stock.move"].with_context(inventory_mode=False).create(values)
            moves._action_done()
            moves._trigger_assign()
