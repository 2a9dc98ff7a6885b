from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .. import amazon
from .test_order_changes import OrderCase


@tagged("post_install", "-at_install")
class TestCancelling(OrderCase):
    """Certain before the sending, a negotiation after it."""

    def test_cancelled_order_waits_for_amazon_to_agree(self):
        order = self.split_order()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        order.action_cancel()
        self.assertEqual((order.state, order.fba_cancel_pending), ("sale", True))
        self.assertTrue(fulfillment.cancel_requested_at)
        self.assertEqual(self.parts(order), (0, 6, 0, 4))
        self.assert_adds_up(order)

        self.push()
        self.advance(minutes=60)
        self.pull()
        self.assertEqual((order.state, order.fba_cancel_pending), ("cancel", False))
        self.assertEqual((fulfillment.state, fulfillment.cancel_requested_at), ("cancelled", False))
        self.assertEqual(self.free(self.product_a), 6)
        self.assert_adds_up(order)

    def test_amazon_refuses_and_the_order_goes_on(self):
        fulfillment = self.sent({self.product_a: 4})
        order = fulfillment.sale_id
        self.ship(fulfillment, ("1Z", {"A": 1}))
        order.action_cancel()
        self.push()
        self.assertFalse(order.fba_cancel_pending)
        self.assertFalse(fulfillment.cancel_requested_at)
        self.assertIn("can no longer be cancelled", order.fba_message)
        self.assertEqual((order.state, fulfillment.state), ("sale", "in_shipping"))
        self.assert_adds_up(order)

    def test_cancellation_that_got_no_answer_is_asked_again(self):
        fulfillment = self.sent({self.product_a: 4})
        self.fault("cancelFulfillmentOrder", "status", status=500)
        fulfillment.action_request_cancel()
        self.assertTrue(fulfillment.cancel_requested_at)
        self.assertFalse(fulfillment.cancel_asked_at)
        self.push()
        self.assertTrue(fulfillment.cancel_asked_at)
        self.assertEqual(self.parts(fulfillment.sale_id), (0, 4, 0, 0))
        self.advance(minutes=60)
        self.pull()
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertEqual(self.parts(fulfillment.sale_id), (0, 0, 0, 4))

    def test_agreement_that_was_not_heard_is_no_refusal_when_asked_again(self):
        fulfillment = self.sent({self.product_a: 4})
        order = fulfillment.sale_id
        order.action_cancel()
        self.fault("cancelFulfillmentOrder", "drop_after", count=5)
        self.push()
        self.assertTrue(order.fba_cancel_pending)
        self.control("DELETE", "faults")
        self.push()  # Amazon refuses now: nothing is left to cancel
        self.assertEqual((order.state, fulfillment.state), ("cancel", "cancelled"))
        self.assertFalse(order.fba_message)

    def test_cancelled_order_of_unknown_outcome_is_watched_and_never_sent_again(self):
        order = self.sourced({self.product_a: 2})
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.fault("createFulfillmentOrder", "drop_before")
        self.push()
        order.action_cancel()
        for _look_up in range(4):
            self.make_due(fulfillment)
            self.push()
        self.assertEqual(len(self.journal("createFulfillmentOrder")), 1)
        self.assertEqual((fulfillment.state, order.fba_cancel_pending), ("submitting", True))
        fulfillment.first_sent_at -= timedelta(days=2)
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.error_code, "Unclear")
        self.assertIn("press Not at Amazon", fulfillment.error_message)
        self.assertNotIn("Retry", fulfillment.error_message)
        fulfillment.action_declare_unknown()
        self.assertEqual((order.state, fulfillment.state, order.fba_cancel_pending), ("cancel", "cancelled", False))

    def test_cancelled_while_it_is_sent_and_did_not_arrive(self):
        """The request comes while the call is on its way: however that ends, nothing is sent after it."""
        for error in (amazon.Unavailable, amazon.Rejected):
            order = self.sourced({self.product_a: 2})
            order.fba_fulfillment_order_ids.action_submit()

            def create(_gateway, _request, order=order, error=error):
                order.action_cancel()
                self.env.flush_all()
                raise error(amazon.because("quote", words="no"), operation="createFulfillmentOrder")

            with patch.object(amazon.Gateway, "create_fulfillment_order", create):
                self.push()
            self.push()
            self.assertFalse(self.journal("createFulfillmentOrder"))
            self.assertEqual((order.state, order.fba_cancel_pending), ("cancel", False), error)
            self.assert_adds_up(order)

    def test_cancellation_of_what_amazon_does_not_show_yet_is_asked_again(self):
        fulfillment = self.sent({self.product_a: 4})
        self.fault("cancelFulfillmentOrder", "status", status=404, code="ResourceNotFound")
        fulfillment.action_request_cancel()
        self.assertTrue(fulfillment.cancel_requested_at)
        self.push()
        self.assertTrue(fulfillment.cancel_asked_at)

    def test_order_being_cancelled_is_not_sourced_again(self):
        order = self.split_order()
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        order.action_cancel()
        self.assertIn("is being cancelled", order.fba_reason_not_sourced)
        with self.assertRaisesRegex(UserError, "is being cancelled"):
            order.action_fulfill_by_amazon()

    def test_locked_order_does_not_keep_amazons_shipment_from_being_booked(self):
        fulfillment = self.sent({self.product_a: 4, self.product_b: 2})
        order = fulfillment.sale_id
        order.action_cancel()
        order.action_lock()
        self.ship(fulfillment, ("1Z", {"A": 1}))
        self.cannot_fulfill(fulfillment)
        self.pull()
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 1)
        self.assertIn("is locked", " ".join(order.message_ids.mapped("body")))
        self.assertFalse(order.fba_cancel_pending)

    def test_activity_ends_with_the_rejected_order_that_is_released(self):
        self.product_a.default_code = "UNKNOWN"
        order = self.sourced({self.product_a: 2})
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        self.assertTrue(order.activity_ids)
        self.rows(order).move_id.action_fba_release()
        self.assertFalse(order.activity_ids)

    def test_request_to_cancel_what_was_not_sent_releases_it(self):
        order = self.sourced({self.product_a: 4})
        order.fba_fulfillment_order_ids.action_request_cancel()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "cancelled")
        self.assertEqual(self.parts(order), (0, 0, 0, 4))

    def test_salesperson_may_not_cancel_at_amazon(self):
        order = self.sent({self.product_a: 4}).sale_id
        user = self.env["res.users"].create(
            {
                "name": "Sally",
                "login": "sally",
                "group_ids": [Command.set(self.env.ref("sales_team.group_sale_salesman_all_leads").ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "Only FBA Users"):
            order.with_user(user).action_cancel()
