"""Amazon's answers applied together: orders that fail, are busy or share goods, sales, deliveries, serial numbers."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged

from . import test_batched_booking
from .test_by_hand import ByHandCase


@tagged("post_install", "-at_install")
class TestBatchedFailures(ByHandCase):
    def due(self):
        """Three orders that Amazon has shipped."""
        orders = self.sent({self.product_a: 1}) + self.sent({self.product_a: 1}) + self.sent({self.product_a: 1})
        for order in orders:
            self.ship(order, ("1Z", {"A": 1}))
            self.make_due(order)
        return orders

    def break_booking(self, broken, error):
        original = type(broken)._apply_shipments

        def apply_shipments(order, *args):
            if order == broken:
                raise error
            return original(order, *args)

        self.patch(type(broken), "_apply_shipments", apply_shipments)

    def test_one_bad_answer_does_not_stop_the_others(self):
        orders = self.due()
        bad = orders[1]
        self.break_booking(bad, UserError("Something that nobody has foreseen"))
        self.pull()
        self.assertEqual(orders.mapped("state"), ["shipped", "in_shipping", "shipped"])
        self.assertIn("nobody has foreseen", bad.failure_message)
        self.assertFalse((orders - bad).filtered("failure_message"))

    def test_each_that_cannot_be_read_has_its_own_reason(self):
        orders = self.due()
        self.fault("getFulfillmentOrder", "status", status=400, code="InvalidInput", message="First of all")
        self.fault("getFulfillmentOrder", "status", status=404, code="ResourceNotFound", message="Never seen")
        self.pull()
        failed = orders.filtered("failure_message")
        self.assertEqual(len(failed), 2)
        self.assertEqual((orders - failed).state, "shipped")
        self.assertEqual(failed.mapped("failure_count"), [1, 1])
        self.assertEqual(len(set(failed.mapped("failure_message"))), 2, failed.mapped("failure_message"))
        self.assertEqual(self.account.connection_state, "ok")

    def test_busy_one_does_not_keep_the_others(self):
        orders = self.due()
        self.break_booking(orders[1], LockError("Another transaction changes the same rows."))
        self.pull()
        self.assertEqual(orders.mapped("state"), ["shipped", "in_shipping", "shipped"])
        self.assertFalse(orders[1].failure_message)

    def test_what_was_read_is_booked_though_time_is_up(self):
        orders = self.due()
        self.break_booking(orders[2], UserError("Something that nobody has foreseen"))
        Cron = type(self.env["ir.cron"])
        commit = Cron._commit_progress

        def in_no_time(cron, processed=0, **options):
            left_s = commit(cron, processed, **options)
            return 0 if processed else left_s

        with patch.object(Cron, "_commit_progress", in_no_time):
            self.pull()
        self.assertEqual(len(self.journal("getFulfillmentOrder")), 3)
        self.assertEqual(orders.mapped("state"), ["shipped", "shipped", "in_shipping"])


@tagged("post_install", "-at_install")
class TestBatchedCorners(ByHandCase):
    rows = test_batched_booking.TestBatchedBooking.rows
    both_ways = test_batched_booking.TestBatchedBooking.both_ways
    bought = test_batched_booking.TestBatchedBooking.bought
    ship_dates = test_batched_booking.TestBatchedBooking.ship_dates

    def setUp(self):
        super().setUp()
        for sku in ("A", "B"):
            self.control("PUT", f"stock/{sku}", fulfillable=100)

    def same_together(self, *orders):
        """What booking `orders` together comes to: the same as one by one."""
        orders = self.env["fba.fulfillment.order"].union(*orders)
        with self.account._open_gateway() as gateway:
            answers = {it: (gateway.get_fulfillment_order(it.name), fields.Datetime.now()) for it in orders}
        one_by_one, together = self.both_ways(answers, self.shown)
        for name, value in one_by_one.items():
            self.assertEqual(together[name], value, name)
        return together

    def shown(self, orders):
        rows, costs, seen = self.rows(orders)
        goods = [("product_id", "in", (self.product_a + self.product_b).ids)]
        entries = self.env["account.move.line"].search(goods).move_id
        lines = self.env["stock.move.line"].search([*goods, ("move_id.sale_line_id", "!=", False)])
        deliveries = orders.sale_id.picking_ids
        return {
            "rows": rows,
            "costs": costs,
            "seen": seen,
            "entries": sorted((it.date, len(it.line_ids), it.amount_total) for it in entries),
            "lots": sorted((it.move_id.sale_line_id.id, it.lot_id.name or "", it.quantity) for it in lines),
            "messages": [sorted(map(str, order.sale_id.message_ids.mapped("body"))) for order in orders],
            "deliveries": sorted(
                (it.state, it.carrier_tracking_ref or "", len(it.message_ids), it.shipping_weight) for it in deliveries
            ),
        }

    # === SERIAL NUMBERS AND LOTS === #

    def ship_items(self, fulfillment, *items):
        packages = [{"carrier_code": "UPS", "tracking_number": "T1", "items": list(items)}]
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/ship", packages=packages)

    def of_one(self, **named):
        return {"seller_sku": "A", "quantity": 1, **named}

    def test_serial_number_of_two_orders(self):
        self.product_a.tracking = "serial"
        orders = self.sent({self.product_a: 1}) + self.sent({self.product_a: 1})
        for order in orders:
            self.ship_items(order, self.of_one(serial_numbers=["S1"]))
        shown = self.same_together(orders)
        self.assertEqual(sorted(name for _line, name, _units in shown["lots"]), ["", "S1"])

    def test_serial_number_of_two_shipments(self):
        self.product_a.tracking = "serial"
        first, second = self.sent({self.product_a: 2}), self.sent({self.product_a: 1})
        for order in (first, first, second):
            self.ship_items(order, self.of_one(serial_numbers=["S1"]))
        self.same_together(first, second)

    def test_serial_number_twice_in_a_shipment(self):
        self.product_a.tracking = "serial"
        order = self.sent({self.product_a: 2})
        self.ship_items(order, self.of_one(serial_numbers=["S1"]), self.of_one(serial_numbers=["S1"]))
        order.action_refresh()
        self.assertEqual(order.state, "shipped")
        self.assertFalse(order.picking_ids.move_line_ids.lot_id)
        self.assertIn("S1", "".join(order.picking_ids.message_ids.mapped("body")))

    def test_lot_of_two_orders(self):
        self.product_a.tracking = "lot"
        orders = self.sent({self.product_a: 2}) + self.sent({self.product_a: 3})
        for order in orders:
            self.ship_items(order, self.of_one(lot_codes=["L1"]))
        self.same_together(orders)

    # === VALUES, WEIGHTS === #

    def test_each_delivery_has_its_own_entry(self):
        goods = self.product_a + self.product_b
        cost, stock = (
            self.env["account.account"].create({"name": name, "code": f"CRN{name[0]}", "account_type": kind})
            for name, kind in (("Cost", "expense_direct_cost"), ("Stock", "asset_current"))
        )
        self.env.ref("stock.stock_location_customers").valuation_account_id = cost
        kind = {"property_valuation": "real_time", "property_stock_valuation_account_id": stock.id}
        for method in ("fifo", "average"):
            with self.subTest(method=method), self.cr.savepoint() as savepoint:
                kind.update(name=method, property_cost_method=method)
                goods.categ_id = self.env["product.category"].create(kind)
                self.bought(3, 10)
                self.bought(40, 13)
                orders = self.sent({self.product_a: 3, self.product_b: 1}) + self.sent({self.product_a: 3})
                for order in orders:
                    self.ship(order, ("1Z", {"A": 1}))
                    self.ship(order, ("2Z", {"A": 1}))
                shown = self.same_together(orders)
                self.assertEqual(len(shown["entries"]), 4)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_first_in_first_out_in_turn(self):
        self.stock(self.afn, self.product_a, -10)
        goods = self.product_a + self.product_b
        goods.categ_id = self.env["product.category"].create({"name": "F", "property_cost_method": "fifo"})
        for price in range(10, 20):
            self.bought(1, price)
        self.bought(10, 30)
        orders = self.sent({self.product_a: 3}) + self.sent({self.product_a: 3})
        for order in orders:
            for number in range(3):
                self.ship(order, (f"{number}Z", {"A": 1}))
        self.same_together(orders)

    def test_weights(self):
        self.product_a.weight, self.product_b.weight = 2, 3
        first, second = self.sent({self.product_a: 3, self.product_b: 1}), self.sent({self.product_a: 3})
        self.ship(first, ("1Z", {"A": 1}), ("2Z", {"A": 2, "B": 1}))
        self.ship(second, ("1Z", {"A": 3}))
        self.same_together(first, second)

    # === WHAT ORDERS SHARE === #

    def test_orders_of_a_sale(self):
        sale = self.sourced({self.product_a: 4})
        first = sale.fba_fulfillment_order_ids
        first.action_submit()
        self.push()
        sale.order_line.product_uom_qty = 7
        self.env.invalidate_all()
        second = sale.fba_fulfillment_order_ids - first
        second.action_submit()
        self.push()
        self.assertEqual((first + second).mapped("state"), ["in_shipping", "in_shipping"])
        for order in first + second:
            self.ship(order, ("1Z", {"A": 1}))
            self.cannot_fulfill(order)
        self.same_together(first, second)

    def test_moves_of_two_orders_in_one_delivery(self):
        orders = self.sent({self.product_a: 2, self.product_b: 1}) + self.sent({self.product_a: 2, self.product_b: 1})
        first, second = orders.mapped("picking_ids.id")
        for order in orders:
            self.ship(order, ("1Z", {"A": 1}))
            self.ship(order, ("2Z", {"A": 1, "B": 1}))
        for products in ([self.product_a.id], [self.product_a.id, self.product_b.id]):
            for move in (  # whatever did this, Amazon has shipped
                "UPDATE stock_move SET picking_id = %s WHERE picking_id = %s AND product_id = ANY(%s)",
                "UPDATE stock_move_line SET picking_id = %s WHERE picking_id = %s AND product_id = ANY(%s)",
            ):
                self.env.cr.execute(move, [first, second, products])
            self.env.invalidate_all()
            self.same_together(orders)
            self.same_together(*reversed(orders))

    def test_deliveries_by_hand(self):
        whole, (part, of_a), by_hand = self.sent({self.product_a: 1}), self.ready_in_two(), self.ready(1)
        (part + by_hand).action_submit()
        self.push()
        self.force(of_a)
        self.force(by_hand.picking_ids)
        self.ship(part, ("1Z", {"A": 2, "B": 1}))
        for order in (whole, by_hand):
            self.ship(order, ("1Z", {"A": 1}))
        self.same_together(by_hand, part, whole)

    def test_shipment_of_what_was_given_up(self):
        lost, other = self.sent({self.product_a: 4}), self.sent({self.product_a: 2})
        self.cannot_fulfill(lost, A=2)
        lost.action_refresh()
        self.env.invalidate_all()
        lost.sale_id.action_fulfill_by_amazon()
        for order in (lost, other):
            self.ship(order, ("1Z", {"A": 2}))
        self.same_together(lost, other)
        self.same_together(other, lost)

    # === LOCKS === #

    def test_what_customers_got_earlier_is_not_locked(self):
        customers = self.env.ref("stock.stock_location_customers")
        packed = self.env["stock.quant"].create(
            [
                {"product_id": self.product_a.id, "location_id": customers.id, "quantity": 1, "package_id": package.id}
                for package in self.env["stock.package"].create([{}] * 3)
            ]
        )
        order = self.sent({self.product_a: 2})
        self.ship(order, ("1Z", {"A": 2}))
        self.env.flush_all()
        order.action_refresh()
        self.assertEqual(order.state, "shipped")
        self.env.cr.execute("SELECT count(*) FROM stock_quant WHERE id = ANY(%s) AND xmax <> 0", [packed.ids])
        self.assertEqual(self.env.cr.fetchone(), (0,))
