"""A refusal is one record's, until a second witness shows that it is the account's; an account says what happened."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FbaCase

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"
TRANSPORT = "odoo.addons.fba_connector.amazon.transport"


@tagged("post_install", "-at_install")
class TestWitness(FbaCase):
    @mute_logger(RUNS)
    def test_one_refused_order_leaves_the_others_and_the_account(self):
        for operation, status in (("getFulfillmentOrder", 403), ("getFulfillmentOrder", 400)):
            with self.subTest(status=status), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                orders = [self.sent({self.product_a: 1}) for _order in range(3)]
                for order in orders:
                    self.ship(order, ("T", {"A": 1}))
                self.habit("refused_id", order_id=orders[0].name, operation=operation, status=status)
                self.pull()
                self.assertEqual([order.state for order in orders], ["in_shipping", "shipped", "shipped"])
                self.assertEqual(self.account.connection_state, "ok")
                self.assertTrue(orders[0].failure_message)
                self.no_habits()
                self.reread(orders[0])
                self.assertEqual(orders[0].state, "shipped")
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger(RUNS)
    def test_several_refused_orders_do_not_make_it_the_accounts(self):
        orders = [self.sent({self.product_a: 1}) for _order in range(4)]
        for order in orders:
            self.ship(order, ("T", {"A": 1}))
        for order in orders[:3]:
            self.habit("refused_id", order_id=order.name, operation="getFulfillmentOrder", status=403)
        self.pull()
        self.assertEqual(self.account.connection_state, "ok")
        self.assertEqual(orders[3].state, "shipped")

    @mute_logger(RUNS)
    def test_refused_sending_leaves_the_others(self):
        first, second = (self.sourced({self.product_a: 1}).fba_fulfillment_order_ids for _order in range(2))
        (first + second).action_submit()
        self.habit("refused_id", order_id=first.name, operation="createFulfillmentOrder", status=403)
        self.push()
        self.assertEqual((first.state, second.state), ("queued", "in_shipping"))
        self.assertFalse(first.at_amazon)
        self.assertTrue(first.error_message)
        self.assertNotEqual(self.account.connection_state, "refused")

    @mute_logger(RUNS)
    def test_refused_cancellation_leaves_the_others(self):
        first, second = self.sent({self.product_a: 1}), self.sent({self.product_a: 1})
        self.habit("refused_id", order_id=first.name, operation="cancelFulfillmentOrder", status=403)
        for order in (first, second):
            order._request_cancel()
        self.push()
        self.pull()
        self.assertEqual((first.state, second.state), ("in_shipping", "cancelled"))
        self.assertEqual(self.account.connection_state, "ok")

    @mute_logger(RUNS)
    def test_refused_preview_is_not_asked_for_again(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        order.sudo().preview_is_due = True
        self.fault("getFulfillmentPreview", "status", status=403, count=None)
        for _run in range(3):
            self.push()
        asked = [call for call in self.journal("getFulfillmentPreview")]
        self.assertLessEqual(len(asked), 2, "the second with a new token")
        self.assertFalse(order.preview_is_due)
        self.assertIn("refuses access", order.preview_error)
        self.assertNotEqual(self.account.connection_state, "refused")

    @mute_logger(RUNS)
    def test_refused_account_is_told_as_such(self):
        fulfillment = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.fault("createFulfillmentOrder", "status", status=403, count=None)
        self.fault("listAllFulfillmentOrders", "status", status=403, count=None)
        self.push()
        self.assertEqual((fulfillment.state, self.account.connection_state), ("queued", "refused"))

    @mute_logger(RUNS, TRANSPORT)
    def test_account_says_what_happened(self):
        cases = (
            ({"kind": "status", "status": 503}, "at_fault", "answered account"),
            ({"kind": "drop_before"}, "failed", "could not be reached"),
            ({"kind": "truncated"}, "at_fault", "cannot be read"),
            ({"kind": "status", "status": 400}, "rejected", "rejected a request"),
            ({"kind": "status", "status": 403}, "refused", "refused the keys"),
        )
        for fault, state, words in cases:
            with self.subTest(**fault), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                self.fault("listAllFulfillmentOrders", count=None, **fault)
                self.pull()
                self.assertEqual(self.account.connection_state, state, self.account.connection_message)
                self.assertIn(words, self.account.connection_message)
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger(RUNS, TRANSPORT)
    def test_trouble_of_one_task_is_not_ended_by_another(self):
        self.fault("searchOrders", "status", status=500, count=None)
        self.run_job("import_amazon_orders")
        self.assertEqual(self.account.connection_state, "at_fault")
        self.pull()
        self.assertEqual(self.account.connection_state, "at_fault", "the pull works, the import does not")
        self.control("DELETE", "faults")
        self.run_job("import_amazon_orders")
        self.assertEqual(self.account.connection_state, "ok")

    @mute_logger(RUNS)
    def test_error_in_odoo_is_not_amazons(self):
        with patch.object(type(self.account), "_list_changed_orders", side_effect=ZeroDivisionError("by zero")):
            self.pull()
        self.assertEqual(self.account.connection_state, "internal")
        self.assertIn("Follow fulfillment orders failed (by zero)", self.account.connection_message)
