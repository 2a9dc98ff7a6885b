"""Quants within a batch: the same stock, values and entries as without it, in fewer queries."""

import os
from datetime import timedelta
from unittest.mock import patch

from hypothesis import given, note, settings
from hypothesis import strategies as st
from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.shared.batch import Batch
from .common import FbaCase
from .sequences import SEQUENCES

EXAMPLES = int(os.environ.get("FBA_EXAMPLES", 25))  # by hand: FBA_EXAMPLES=500
PLACES = ("own", "afn", "held", "customer", "supplier", "loss")
COSTS = ("average", "fifo", "standard")

# (product, from, to, units, number of the lot or 0, package taken from, package put into, has an owner)
MOVES = st.tuples(
    st.integers(0, 3),
    st.sampled_from(PLACES),
    st.sampled_from(PLACES),
    st.integers(1, 9),
    st.integers(0, 2),
    st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2]),
    st.sampled_from([0, 0, 0, 0, 0, 0, 1, 2]),
    st.booleans(),
)
BATCHES = st.lists(st.lists(MOVES, min_size=1, max_size=4), min_size=1, max_size=5)


@tagged("post_install", "-at_install")
class TestBatchedQuants(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        company, Location = cls.env.company, cls.env["stock.location"]
        entries, stock = (
            cls.env["account.account"].create({"name": name, "code": f"QUANT{name[0]}", "account_type": kind})
            for name, kind in (("Variation", "expense_direct_cost"), ("Stock", "asset_current"))
        )
        kinds = cls.env["product.category"].create(
            [
                {
                    "name": cost,
                    "property_cost_method": cost,
                    "property_valuation": "real_time",
                    "property_stock_valuation_account_id": stock.id,
                }
                for cost in COSTS
            ]
        )
        loss = Location.search([("usage", "=", "inventory"), ("company_id", "=", company.id)], limit=1)
        loss.valuation_account_id = entries
        cls.goods = cls.env["product.product"].create(
            [
                {
                    "name": f"Goods {number}",
                    "is_storable": True,
                    "categ_id": kind.id,
                    "tracking": tracking,
                    "lst_price": 9,
                }
                for number, (kind, tracking) in enumerate(
                    [(kinds[0], "none"), (kinds[1], "none"), (kinds[1], "lot"), (kinds[2], "lot")]
                )
            ]
        )
        cls.goods.standard_price = 5
        cls.lots = {
            product: cls.env["stock.lot"].create([{"name": f"L{n}", "product_id": product.id} for n in (1, 2)])
            for product in cls.goods[2:]
        }
        cls.packages = cls.env["stock.package"].create([{"name": f"P{n}"} for n in (1, 2)])
        cls.places = {
            "own": cls.own.lot_stock_id,
            "afn": cls.afn.lot_stock_id,
            "held": cls.afn.fba_held_location_id,
            "customer": cls.env.ref("stock.stock_location_customers"),
            "supplier": cls.env.ref("stock.stock_location_suppliers"),
            "loss": loss,
        }
        cls.today = fields.Datetime.now()

    def prepared(self, number, source, target, units, lot, package, into, owned):
        product = self.goods[number]
        lots = self.lots.get(product)
        line = {
            "product_id": product.id,
            "quantity": units,
            "location_id": self.places[source].id,
            "location_dest_id": self.places[target].id,
            "lot_id": lots[lot - 1].id if lots and (lot or "loss" not in (source, target)) else False,
            "package_id": self.packages[package - 1].id if package else False,
            "result_package_id": self.packages[into - 1].id if into else False,
            "owner_id": owned and self.customer.id,
        }
        return {
            "product_id": product.id,
            "product_uom_qty": units,
            "location_id": line["location_id"],
            "location_dest_id": line["location_dest_id"],
            "picked": True,
            "move_line_ids": [Command.create(line)],
            # An entry is named after it.
            **({"is_inventory": True, "inventory_name": "Counted"} if "loss" in (source, target) else {}),
        }

    def play(self, batches, context):
        """Do the moves of `batches`, one call for each batch; where Odoo refuses one, what it says."""
        self.now = self.today
        refusals = []
        for batch in batches:
            self.now += timedelta(hours=1)
            try:
                with self.env.cr.savepoint():
                    values = [self.prepared(*move) for move in batch if move[1] != move[2]]
                    moves = self.env["stock.move"].with_context(**context()).create(values)
                    moves._action_confirm(merge=False)
                    for move in moves._action_done().filtered("is_in"):
                        move.value_manual = move.quantity * (3 + move.quantity)
            except UserError as error:
                refusals.append(str(error))
        self.env.flush_all()
        self.env.invalidate_all()
        return refusals

    def outcome(self):
        """All rows of stock and money, without their IDs; new ones in the order they were made."""
        goods = [("product_id", "in", self.goods.ids)]
        shown = {
            "stock.quant": ["product_id", "location_id", "lot_id", "package_id", "owner_id", "quantity"]
            + ["reserved_quantity", "in_date"],
            "stock.move": ["product_id", "location_id", "location_dest_id", "state", "quantity", "value", "is_in"]
            + ["is_out", "date", "price_unit", "picked"],
            "stock.move.line": ["product_id", "location_id", "location_dest_id", "lot_id", "package_id"]
            + ["result_package_id", "owner_id", "quantity", "state", "date"],
            "account.move.line": ["product_id", "account_id", "debit", "credit", "quantity", "date"],
            "product.value": ["product_id", "lot_id", "value", "date"],
        }
        found = {}
        for model, names in shown.items():
            rows = self.env[model].search(goods, order="id")
            found[model] = [tuple(row[name] for name in names) for row in rows]
        found["costs"] = [(it.standard_price, it.avg_cost, it.total_value, it.qty_available) for it in self.goods]
        found["lots"] = [(lot.standard_price, lot.product_qty) for lots in self.lots.values() for lot in lots]
        found["packages"] = [(it.location_id, len(it.quant_ids)) for it in self.packages]
        return found

    def both_ways(self, before, batches):
        """(outcome, refusals) of `batches` done in Odoo's own way, and within one of our batches."""
        results = []
        shared = Batch(10)
        for context in (dict, lambda: {"fba_batch": shared}):
            with self.env.cr.savepoint() as savepoint:
                self.play(before, dict)
                refusals = self.play(batches, context)
                results.append((self.outcome(), refusals))
                savepoint.rollback()
        return results

    @given(before=BATCHES, batches=BATCHES)
    @settings(SEQUENCES, max_examples=EXAMPLES, derandomize="FBA_EXAMPLES" not in os.environ)
    def test_same_as_without_a_batch(self, before, batches):
        with patch.object(fields.Datetime, "now", lambda *_args: self.now):
            (plain, refused), (batched, refused_too) = self.both_ways(before, batches)
        note(refused)
        self.assertEqual(refused, refused_too)
        for model, rows in plain.items():
            self.assertEqual(rows, batched[model], model)

    def test_quant_is_locked_once(self):
        def queries(units, **context):
            with self.env.cr.savepoint() as savepoint:
                goods = [(0, "own", "customer", 1, 0, 0, 0, False)] * units
                before = self.env.cr.sql_log_count
                self.play([goods], lambda: context)
                spent = self.env.cr.sql_log_count - before
                savepoint.rollback()
            return spent

        self.play([[(0, "supplier", "own", 50, 0, 0, 0, False)]], dict)
        few, many = queries(2), queries(12)
        self.assertGreaterEqual(many - few, 20, "Odoo locks source and destination for each move")
        self.assertEqual(
            queries(12, fba_batch=Batch(12)) - queries(2, fba_batch=Batch(2)), 0, "none more for ten more moves"
        )

    def test_lock_that_a_savepoint_gave_back_is_taken_again(self):
        self.play([[(0, "supplier", "own", 50, 0, 0, 0, False)]], dict)
        quants = self.env["stock.quant"].search([("product_id", "=", self.goods[0].id)])
        quants = quants.with_context(fba_batch=Batch(1))

        def asked():
            before = self.env.cr.sql_log_count
            self.assertEqual(quants.try_lock_for_update(allow_referencing=True, limit=1), quants[:1])
            return self.env.cr.sql_log_count - before

        with self.env.cr.savepoint() as savepoint:
            self.assertEqual((asked(), asked()), (1, 0))
            savepoint.rollback()
        self.assertEqual((asked(), asked()), (1, 0))

    def test_quant_of_a_lot_goes_before_one_without_that_is_locked(self):
        product, place = self.goods[2], self.own.lot_stock_id
        one, two = self.lots[product]
        for lot, units in ((one, 3), (two, 4), (None, 2)):
            self.env["stock.quant"]._update_available_quantity(product, place, units, lot_id=lot)
        quants = self.env["stock.quant"].with_context(fba_batch=Batch(1))
        for lot in (one, two):
            quants._update_reserved_quantity(product, place, 2, lot_id=lot)
        found = quants.search([("product_id", "=", product.id), ("location_id", "=", place.id)], order="id")
        self.assertEqual([(it.lot_id, it.reserved_quantity) for it in found], [(one, 2), (two, 2), (one.browse(), 0)])
