"""Amazon's answers applied together: orders that fail or are busy."""

from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged

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
