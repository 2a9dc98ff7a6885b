"""Bulk work that several workers share."""

from datetime import timedelta

from odoo.addons.fba_connector.models.fulfillment import fba_account as fulfillment
from odoo.addons.queue_job.exception import RetryableJobError
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import fba_account_parts
from .common import QueueCase

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"


@tagged("post_install", "-at_install")
class TestParts(QueueCase):
    def setUp(self):
        super().setUp()
        for module, name, value in (
            (fba_account_parts, "A_JOB", 4),
            (fba_account_parts, "AT_ONCE", 2),
            (fulfillment, "ORDERS_AT_ONCE", 2),
            (fba_account_parts, "ORDERS_AT_ONCE", 2),
        ):
            self.patch(module, name, value)

    def run_now(self, task):
        """A job of `task`, and those that it leaves behind."""
        self.jobs().unlink()
        self.account._enqueue(task)
        self.perform(self.jobs())
        return self.jobs()

    def all_sent(self, count):
        """Of A and B in turn."""
        products = [self.product_a, self.product_b]
        orders = self.env["fba.fulfillment.order"].union(
            *(self.queued({products[number % 2]: 1}) for number in range(count))
        )
        self.perform_all()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})
        for number, order in enumerate(orders):
            self.ship(order, (f"1Z{number}", {"AB"[number % 2]: 1}))
        return orders

    def test_bookings_are_left_to_jobs_and_amazon_is_asked_once(self):
        orders = self.all_sent(7)
        before = len(self.journal("getFulfillmentOrder"))
        parts = self.run_now("pull")
        self.assertEqual([len(job.args[0]) for job in parts], [3, 3], "one for each product")
        self.assertEqual(parts.mapped("method_name"), ["_apply_in_queue"] * 2)
        self.assertEqual([order.state for order in orders].count("shipped"), 1, "the rest of a batch is booked at once")
        self.assertNotIn("97201", str(orders.mapped("answer")))
        self.run_now_leaving(parts, "pull")
        self.perform(parts)
        self.assertEqual(set(orders.mapped("state")), {"shipped"})
        self.assertFalse(any(orders.mapped("answer")))
        self.assertEqual(len(self.journal("getFulfillmentOrder")) - before, 7)
        self.assertEqual([self.mails(order) for order in orders], [[1]] * 7)

    def run_now_leaving(self, parts, task):
        """Another run, while `parts` wait, shares nothing out again."""
        self.account._enqueue(task)
        self.perform(self.jobs() - parts)
        self.assertEqual(self.jobs(), parts)

    @mute_logger(RUNS)
    def test_one_that_cannot_be_booked_stops_none_of_the_others(self):
        orders = self.all_sent(7)
        bad, applying = orders[2], type(orders)._applying

        def broken(order, *arguments):
            if order == bad:
                raise ValueError("what nobody foresaw")
            return applying(order, *arguments)

        self.patch(type(orders), "_applying", broken)
        self.perform(self.run_now("pull"))
        self.assertEqual(set((orders - bad).mapped("state")), {"shipped"})
        self.assertEqual((bad.state, bad.answer_at), ("in_shipping", False))
        self.assertIn("what nobody foresaw", bad.failure_message)

    def test_stock_waits_until_all_is_booked(self):
        self.all_sent(7)
        parts = self.run_now("pull")
        self.account._enqueue("inventory")
        stock = self.jobs() - parts
        with self.assertRaises(RetryableJobError):
            self.perform(stock)
        self.perform(parts)
        self.assertEqual(self.perform(self.jobs()), [None])

    def test_what_was_left_to_jobs_is_booked_before_stock_is_compared(self):
        self.account.write({"sync_inventory": True, "first_sync_confirmed": True})
        orders = self.all_sent(7)
        parts = self.run_now("pull")
        self.stop_runner()
        self.run_job("sync_inventory")
        self.assertEqual(set(orders.mapped("state")), {"shipped"})
        self.assertEqual(self.perform(parts), [None, None], "late, they find nothing to do")

    def test_imports_are_left_to_jobs(self):
        self.account.import_orders = True
        names = [self.sell_on_amazon((sku, 1, "10.00", {}), ship=True) for sku in "AABABA"]
        parts = self.run_now("import")
        self.assertEqual(
            [(job.method_name, len(job.args[0])) for job in parts], [("_import_in_queue", n) for n in (4, 2)]
        )
        self.perform(parts)
        self.assertEqual(len(self.env["sale.order"].search([("amazon_order_id", "in", names)])), 6)

    def test_more_orders_of_one_product_than_a_job_has_are_imported_too(self):
        self.account.import_orders = True
        names = [self.sell_on_amazon(("A", 1, "10.00", {}), ship=True) for _sale in range(6)]
        [job] = self.run_now("import")
        self.assertEqual(len(job.args[0]), 6)
        self.perform(job)
        self.assertEqual(len(self.env["sale.order"].search([("amazon_order_id", "in", names)])), 6)

    def test_what_somebody_wants_to_be_read_after_a_kept_answer_is_read(self):
        orders = self.all_sent(7)
        parts = self.run_now("pull")
        order = orders.filtered("answer_at")[:1]
        order.due_at = order.answer_at + timedelta(seconds=5)
        self.perform(parts)
        self.assertEqual(order.state, "shipped")
        self.assertEqual(order.due_at, order.snapshot_at + timedelta(seconds=5))

    def test_previews_are_left_to_jobs(self):
        orders = self.env["fba.fulfillment.order"].union(
            *(self.sourced({self.product_a: 1}).fba_fulfillment_order_ids for _order in range(6))
        )
        orders.preview_is_due = True
        parts = self.run_now("push")
        self.assertEqual(
            [(job.method_name, len(job.args[0])) for job in parts], [("_preview_in_queue", n) for n in (4, 2)]
        )
        self.perform(parts)
        self.assertTrue(all(orders.mapped("previewed_at")))
        self.assertFalse(any(orders.mapped("preview_is_due")))

    def test_parts_that_failed_go_again_and_the_rest_is_shared_out(self):
        self.account.import_orders = True
        names = [self.sell_on_amazon((sku, 1, "10.00", {}), ship=True) for sku in "AABABA"]
        parts = self.run_now("import")
        self.fail(parts)
        self.assertEqual(self.mailed_failures(), 1, "not one for each part")
        names += [self.sell_on_amazon(("A", 1, "10.00", {}), ship=True)]
        self.account._enqueue("import")
        self.perform(self.jobs())
        new = self.jobs() - parts
        self.assertEqual([len(job.args[0]) for job in new], [1], "only what no failed job has")
        self.assertEqual(set(parts.mapped("state")), {"pending"})
        self.perform(self.jobs())
        self.assertEqual(len(self.env["sale.order"].search([("amazon_order_id", "in", names)])), 7)
        self.assertFalse(self.jobs("failed"))

    def test_part_that_failed_goes_again_where_nothing_is_left_to_do(self):
        self.account.import_orders = True
        for sku in "AABABA":
            self.sell_on_amazon((sku, 1, "10.00", {}), ship=True)
        parts = self.run_now("import")
        self.fail(parts[:1])
        self.perform(parts[1:])
        self.account._enqueue("import")
        self.perform(self.jobs())
        self.assertEqual(self.jobs(), parts[:1])
        self.perform(self.jobs())
        self.assertFalse(self.jobs("failed"))

    def test_part_says_how_many_orders_it_has(self):
        self.account.name = "US store"
        self.all_sent(7)
        self.assertEqual(self.run_now("pull").mapped("name"), ["Follow fulfillment orders: US store, 3 orders"] * 2)

    def test_few_are_done_at_once(self):
        orders = self.all_sent(1)
        self.assertFalse(self.run_now("pull"))
        self.assertEqual(orders.state, "shipped")
