"""Booking a balance: transfers between the three locations of an AFN warehouse, and inventory adjustments."""

from collections import defaultdict

from odoo import models
from odoo.fields import Command

from ..account.fba_account_runs import reason_of
from ..shared.batch import Batch
from ..shared.guard import BY_CODE
from ..shared.sentence import say
from ..warehouse.stock_move import OPEN_STATES
from .balance import Balance
from .holdings import Holdings
from .inbox import Inbox


class StockWarehouse(models.Model):
    _name = "stock.warehouse"
    _inherit = ["stock.warehouse", "fba.work.item"]

    def _fba_is_synchronized(self):
        """Whether this warehouse follows Amazon's counts: if not, *Held by Amazon* stays empty."""
        account = self.fba_account_id
        return self.is_afn and account.sync_inventory and account.first_sync_confirmed

    def _note_failure(self, reason):
        """This warehouse could not be synchronized; the others go on."""
        self.sudo().fba_sync_message = say("failed", warehouse=self.name, reason=reason)

    def _fba_note_failure_of(self, product, error):
        """One product could not be booked: its row keeps the reason, and the others go on."""
        self.env["fba.discrepancy"].sudo()._note_failure_of(self, product, reason_of(error))

    # === BALANCE === #

    def _fba_weigh(self, products=None, *, holdings=None, inbox=None):
        """The Balance of `products`; of all with stock here or at Amazon where None."""
        self.ensure_one()
        warehouse = self.sudo().with_company(self.company_id)
        holdings = holdings or Holdings(warehouse)
        if products is None:
            products = holdings.products
        return Balance(warehouse, products.with_env(warehouse.env), holdings, inbox or Inbox(warehouse))

    def _fba_balance(self, products=None, *, holdings=None, inbox=None):
        """Make the three locations of `products` (all where None) equal to Amazon's counts."""
        balance = self._fba_weigh(products, holdings=holdings, inbox=inbox)
        balance.settle()
        balance.warehouse._fba_book_balance(
            balance,
            self.env._("Amazon's count, confirmed by a second count: %s", self.fba_account_id.name),
        )

    def _fba_book_balance(self, balance, reason):
        """Book what `balance` (Balance) found and lost, with `reason`, and what moves between the locations: units come
        before they go, since a database may refuse negative stock."""
        transfers = balance.transfers()
        freed = self._fba_take_back(balance.short(transfers))
        self._fba_adjust({}, balance.found, reason)
        if transfers:
            self._fba_transfer(transfers)
        self._fba_adjust(balance.lost, {}, reason)
        freed.sorted("id")._action_assign()

    def _fba_products_here(self):
        """Products with stock in the three locations."""
        quants = self.env["stock.quant"]._read_group(
            [("location_id", "child_of", self._fba_locations().ids), ("quantity", "!=", 0)], ["product_id"]
        )
        return self.env["product.product"].union(*(product for (product,) in quants))

    def _fba_locations(self):
        return self.lot_stock_id + self.fba_held_location_id + self.fba_unsellable_location_id

    def _fba_stock(self, products):
        """{product: Odoo's quantity by location, and the reserved part of *Stock*}, in the product's unit."""
        stock = defaultdict(lambda: dict.fromkeys(("stock", "held", "unsellable", "reserved"), 0.0))
        above = [(self.fba_held_location_id, "held"), (self.fba_unsellable_location_id, "unsellable")]
        for product, location, quantity, reserved in self.env["stock.quant"]._read_group(
            [("product_id", "in", products.ids), ("location_id", "child_of", self._fba_locations().ids)],
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            name = next((name for it, name in above if location._child_of(it)), "stock")
            stock[product][name] += quantity
            if name == "stock":
                stock[product]["reserved"] += reserved
        return stock

    def _fba_sent_moves(self, products):
        """Open moves of `products` of own orders at Amazon."""
        return self.env["stock.move"].search(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN_STATES),
                ("fba_line_id.order_id.at_amazon", "=", True),
                ("fba_line_id.order_id.warehouse_id", "=", self.id),
            ]
        )

    def _fba_count_reservations_again(self):
        """Odoo's count of reserved units may drift where several people and jobs reserve and deliver at once: units
        would seem free, or taken, that are not. Where it differs from the reservations here, Odoo counts all again."""
        here = [("location_id", "child_of", self.lot_stock_id.id)]
        groups = ["product_id", "location_id"]
        quants = self.env["stock.quant"]._read_group(
            [*here, ("reserved_quantity", "!=", 0)], groups, ["reserved_quantity:sum"]
        )
        lines = self.env["stock.move.line"]._read_group(
            [
                *here,
                ("state", "in", OPEN_STATES),
                ("quantity_product_uom", "!=", 0),
                ("product_id.is_storable", "=", True),
            ],
            groups,
            ["quantity_product_uom:sum"],
        )
        counted = {(product, location): units for product, location, units in quants}
        reserved = {(product, location): units for product, location, units in lines}
        if any(
            product.uom_id.compare(counted.get((product, location), 0.0), reserved.get((product, location), 0.0))
            for product, location in counted.keys() | reserved.keys()
        ):
            self.env["stock.quant"]._clean_reservations()

    # === MOVES === #

    def _fba_adjust(self, lost, found, reason):
        """Book {product: units} as lost or found in *Held by Amazon*, in one step."""
        held = self.fba_held_location_id
        ways = [(product, units, held, product.property_stock_inventory) for product, units in lost.items()]
        ways += [(product, units, product.property_stock_inventory, held) for product, units in found.items()]
        values = [self._fba_prepare_move(*way, inventory_name=reason) for way in ways]
        self._fba_book_moves(values)

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
            "packaging_uom_id": product.uom_id.id,
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
            # What Amazon has counted elsewhere needs no reservation.
            context = {"inventory_mode": False, "fba_has_left": BY_CODE, "fba_batch": Batch(len(values))}
            moves = self.env["stock.move"].with_context(**context).create(values)
            moves._fba_action_done_now()
            moves._trigger_assign()
