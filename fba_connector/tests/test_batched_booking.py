"""Amazon's answers to several orders, applied together: stock, values and messages as one order after the other."""

import os
from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st
from odoo.tests import tagged

from .sequences import SEQUENCES
from .test_snapshot_property import STEPS, UNITS, TestSnapshotProperty

EXAMPLES = int(os.environ.get("FBA_EXAMPLES", 8))  # by hand: FBA_EXAMPLES=300
WORLDS = st.tuples(
    st.sampled_from(["average", "fifo", "standard"]),
    st.sampled_from(["periodic", "real_time"]),
    st.integers(0, 30),  # units that lack elsewhere: Odoo values what runs out otherwise
)


@tagged("post_install", "-at_install")
class TestBatchedBooking(TestSnapshotProperty):
    test_ends_as_the_last_one_alone = None

    def bought(self, units, price):
        """Units of product A and B at Amazon, at this cost each."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        for product in self.product_a + self.product_b:
            move = self.env["stock.move"].create(
                {
                    "product_id": product.id,
                    "product_uom_qty": units,
                    "location_id": vendors.id,
                    "location_dest_id": self.afn.lot_stock_id.id,
                    "picking_type_id": self.afn.in_type_id.id,
                }
            )
            move._action_confirm()
            move.write({"quantity": units, "picked": True})
            move._action_done()
            move.value_manual = units * price

    def prepare(self, world):
        cost, valuation, lacking = world
        category = {"name": cost, "property_cost_method": cost, "property_valuation": valuation}
        goods = self.product_a + self.product_b
        goods.categ_id = self.env["product.category"].create(category)
        self.bought(20, 10)
        self.bought(20, 13)
        if lacking:
            for product in goods:
                self.stock(self.own, product, -lacking)

    def both_ways(self, answers, shown):
        """What `shown(orders)` is after `answers` ({order: (snapshot, asked at)}) one by one, and after all at once."""
        orders, ends = self.env["fba.fulfillment.order"].union(*answers), []
        for together in (False, True):
            with self.cr.savepoint() as again:
                if together:
                    orders._apply_snapshots(answers)
                else:
                    for order in orders:
                        order._apply_snapshot(*answers[order])
                ends.append(shown(orders))
                again.rollback()
            self.env.invalidate_all()
        return ends

    def rows(self, orders):
        """Counter of all rows of stock and money; {order: what a person sees of it}."""
        self.env.flush_all()
        self.env.invalidate_all()
        goods = [("product_id", "in", (self.product_a + self.product_b).ids)]
        shown = {
            "stock.quant": ["product_id", "location_id", "quantity", "reserved_quantity"],
            "stock.move": ["sale_line_id", "product_id", "state", "quantity", "product_uom_qty", "value", "is_out"]
            + ["date", "location_id"],
            "account.move.line": ["product_id", "account_id", "debit", "credit", "quantity", "date"],
        }
        found = Counter()
        for model, names in shown.items():
            for row in self.env[model].search(goods):
                found[(model, *(row[name] for name in names))] += 1
        for line in self.env["stock.move.line"].search([*goods, ("move_id.sale_line_id", "!=", False)]):
            packed = line.result_package_id.name, line.quantity, line.state
            found[("stock.move.line", line.move_id.sale_line_id, *packed)] += 1
        costs = [(it.standard_price, it.total_value, it.qty_available) for it in self.product_a + self.product_b]
        seen = {
            order: (
                self.outcome(order),
                self.ship_dates(order),
                len(order.sale_id.message_ids),
                len(order.sale_id.activity_ids),
                [len(picking.message_ids) for picking in order.sale_id.picking_ids.sorted("id")],
            )
            for order in orders
        }
        return found, costs, seen

    @settings(SEQUENCES, max_examples=EXAMPLES, derandomize="FBA_EXAMPLES" not in os.environ)
    @given(WORLDS, st.lists(st.lists(STEPS, min_size=1, max_size=4), min_size=2, max_size=5))
    def test_same_as_one_by_one(self, world, each):
        with self.cr.savepoint() as savepoint:
            self.reset_simulator()
            self.control("PUT", "stock/A", fulfillable=100)
            self.control("PUT", "stock/B", fulfillable=100)
            self.prepare(world)
            orders = self.env["fba.fulfillment.order"]
            for _steps in each:
                orders |= self.sent({self.product_a: UNITS["A"], self.product_b: UNITS["B"]})
            answers = {}
            for order, steps in zip(orders, each, strict=True):
                asked_at, snapshot = self.grow(order, steps)[-1]
                answers[order] = snapshot, asked_at
            for one_by_one, batch in zip(*self.both_ways(answers, self.rows), strict=True):
                self.assertEqual(batch, one_by_one, f"{world}, {each}")
            savepoint.rollback()
        self.env.invalidate_all()

    def test_many_orders_take_few_queries_each(self):
        def queries(count):
            orders = self.env["fba.fulfillment.order"]
            for _number in range(count):
                orders |= self.sent({self.product_a: 2})
            answers = {}
            for order in orders:
                self.ship(order, ("1Z", {"A": 2}))
                [_before, (asked_at, snapshot)] = self.grow(order, [("track", "A", 1, False)])
                answers[order] = snapshot, asked_at
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            orders._apply_snapshots(answers)
            self.env.flush_all()
            self.assertEqual(set(orders.mapped("state")), {"shipped"})
            return self.cr.sql_log_count - before

        self.stock(self.afn, self.product_a, 50)
        self.control("PUT", "stock/A", fulfillable=100)
        few, many = queries(2), queries(8)
        self.assertLessEqual((many - few) / 6, 35)
