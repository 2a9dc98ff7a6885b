import time

from .case import DATABASE, CrashCase
from .worker import DONE, Worker, pull, push


class TestKilledWorkers(CrashCase):
    """A worker is killed at every moment there is, in turn; others bring what it left to the one right end."""

    def queued(self):
        """Two orders to be sent."""
        orders = self.sourced({self.product_a: 2}) + self.sourced({self.product_a: 1, self.product_b: 3})
        orders.fba_fulfillment_order_ids.action_submit()
        return orders.fba_fulfillment_order_ids

    def unanswered(self):
        """The answers are lost: Amazon has the first order, and not the second."""
        orders = self.queued()
        self.fault("createFulfillmentOrder", "drop_after")
        self.fault("createFulfillmentOrder", "drop_before")
        return orders

    def sent(self):
        orders = self.queued()
        self.work([push])
        return orders

    def check_sent(self, orders):
        self.assertEqual(orders.mapped("state"), ["in_shipping"] * len(orders), orders.mapped("error_message"))
        self.assertEqual(orders.mapped("error_message"), [False] * len(orders))

    def test_sending(self):
        self.at_every_kill_point(self.queued, [push], self.check_sent)

    def test_sending_whose_answers_are_lost(self):
        self.at_every_kill_point(self.unanswered, [push], self.check_sent)

    def test_look_up(self):
        def unanswered_once():
            orders = self.unanswered()
            self.work([push])
            return orders

        self.at_every_kill_point(unanswered_once, [push], self.check_sent)

    def test_second_look_up_and_sending_again(self):
        def missed_once():
            orders = self.unanswered()
            self.work([push, push])
            self.make_due(orders)
            return orders

        self.at_every_kill_point(missed_once, [push], self.check_sent)

    def test_cancelling(self):
        def asked_for():
            orders = self.sent()
            orders.sale_id._action_cancel()
            return orders

        def check(orders):
            self.assertEqual(orders.mapped("state"), ["cancelled"] * len(orders))
            self.assertEqual(orders.sale_id.mapped("state"), ["cancel"] * len(orders))

        self.at_every_kill_point(asked_for, [push, pull], check)

    def test_booking_and_confirming(self):
        def on_its_way():
            orders = self.sent()
            whole, part = orders
            self.ship(whole, ("1Z-WHOLE", {"A": 2}))
            self.ship(part, ("1Z-FIRST", {"A": 1}))
            self.ship(part, ("1Z-SECOND", {"B": 2}))
            self.cannot_fulfill(part, B=1)
            return orders

        def check(orders):
            self.assertEqual(orders.mapped("state"), ["shipped", "exception"])
            self.assertEqual(orders.shipment_ids.mapped("mail_state"), ["queued"] * 3)
            self.assertEqual(self.mails(orders), [1, 1, 1])
            self.assertEqual(orders.sale_id.order_line.mapped("fba_unsourced_qty"), [0, 0, 1])

        self.at_every_kill_point(on_its_way, [pull], check)

    def test_worker_whose_lock_is_lost_ends_its_work(self):
        orders = self.queued()
        self.control("POST", "settings", latency_seconds=0.5)
        self.env.cr.commit()
        worker = Worker(DATABASE, [push])
        self.end_connection_that_locks("fba_task_lock")
        self.assertEqual(worker.end(), DONE)
        self.go_on(orders)
        self.check_exactly_once(orders)
        self.check_sent(orders)

    def end_connection_that_locks(self, table):
        """Wait for one that is idle meanwhile, and end it."""
        deadline = time.monotonic() + 30
        while not (holders := self.idle_holders(table)):
            self.assertLess(time.monotonic(), deadline, f"nobody locks {table}")
            time.sleep(0.05)
        for pid in holders:
            self.env.cr.execute("SELECT pg_terminate_backend(%s)", [pid])
        self.env.cr.commit()

    def test_two_workers_at_once_of_which_one_is_killed(self):
        for point in (0, 2, 3, 5):  # who comes to the later ones is chance, the end is not
            with self.subTest(point=point):
                self.reset_simulator()
                sales = self.env["sale.order"].union(*(self.sourced({self.product_a: 1}) for _number in range(8)))
                orders = sales.fba_fulfillment_order_ids
                orders.action_submit()
                self.env.cr.commit()
                workers = [Worker(DATABASE, [push, pull], point), Worker(DATABASE, [push, pull])]
                _first, second = [worker.end() for worker in workers]
                self.assertEqual(second, DONE)
                self.wait_for_locks()
                self.go_on(orders)
                self.check_exactly_once(orders)
                self.check_sent(orders)
