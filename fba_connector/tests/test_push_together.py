"""Orders sent at once: each has its own outcome, and none is sent that was not leased."""

import threading
from datetime import timedelta
from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase

TASKS = "odoo.addons.fba_connector.models.account.fba_account_runs"
SEND = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_send"
AT_ONCE = 4


class Busy(psycopg2.errors.SerializationFailure):
    """As PostgreSQL raises it, here with words of ours."""


@tagged("post_install", "-at_install")
class TestPushTogether(FbaCase):
    def creates(self):
        return self.journal("createFulfillmentOrder")

    def queue(self, count):
        """The first of them goes alone."""
        return self.env["fba.fulfillment.order"].union(*(self.queued({self.product_a: 1}) for _order in range(count)))

    def answering(self, answer):
        """Patch: `answer(request)` raises what a create comes to, or sends it by what it returns."""
        create = amazon.Gateway.create_fulfillment_order

        def patched(gateway, request):
            answer(request)
            create(gateway, request)

        return patch.object(amazon.Gateway, "create_fulfillment_order", patched)

    def test_four_are_on_their_way_at_once(self):
        self.assert_on_their_way_at_once(self.queue(1 + AT_ONCE))

    def test_those_that_automation_queued_are_too_where_there_is_no_fee_limit(self):
        self.account.auto_submit = True
        orders = self.env["fba.fulfillment.order"].union(
            *(self.sourced({self.product_a: 1}).fba_fulfillment_order_ids for _order in range(1 + AT_ONCE))
        )
        self.assertEqual(set(orders.mapped("state")), {"queued"})
        self.assertTrue(all(orders.mapped("fee_is_to_check")))
        self.assert_on_their_way_at_once(orders)
        self.assertFalse(any(orders.mapped("fee_is_to_check")))

    def assert_on_their_way_at_once(self, orders):
        """All but the first, which goes alone."""
        first, together = orders[0].name, threading.Barrier(AT_ONCE)

        def answer(request):
            if request.order_id != first:
                together.wait(timeout=30)  # raises where they come one after the other

        with self.answering(answer):
            self.push()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})
        self.assertEqual(len(self.creates()), len(orders))

    def test_each_is_committed_as_leased_before_any_is_sent(self):
        orders, seen = self.queue(1 + AT_ONCE), []

        def answer(_request):
            seen.append(committed[-1])

        committed = [None]
        commit = type(self.account)._commit

        def commit_and_look(account, **progress):
            left = commit(account, **progress)
            committed.append([(it.state, it.at_amazon) for it in orders.with_env(account.env)])
            return left

        self.patch(type(self.account), "_commit", commit_and_look)
        with self.answering(answer):
            self.push()
        self.assertEqual(seen[0][0], ("submitting", True))
        for states in seen[1:]:
            self.assertEqual(states[1:], [("submitting", True)] * AT_ONCE)

    @mute_logger(SEND, TASKS)
    def test_each_has_its_own_outcome(self):
        orders = self.queue(1 + AT_ONCE)
        _first, good, unknown, lost, broken = orders
        errors = {
            unknown.name: amazon.Rejected(amazon.because("quote", words="no"), operation="createFulfillmentOrder"),
            broken.name: ValueError("what nobody foresaw"),
        }

        def answer(request):
            if error := errors.get(request.order_id):
                raise error
            if request.order_id == lost.name:
                self.fault("createFulfillmentOrder", "drop_after")

        with self.answering(answer):
            self.push()
        self.assertEqual(
            [order.state for order in orders],
            ["in_shipping", "in_shipping", "exception", "submitting", "submitting"],
        )
        self.assertIn("what nobody foresaw", broken.failure_message)
        self.assertTrue(all(order.at_amazon for order in good + lost + broken))
        self.make_due(lost + broken)
        self.push()
        self.make_due(broken)
        self.push()
        self.assertEqual([order.state for order in good + lost + broken], ["in_shipping"] * 3)
        names = [call["body"]["sellerFulfillmentOrderId"] for call in self.creates() if call["status"] == 200]
        self.assertEqual(len(names), len(set(names)), "none twice")

    @mute_logger(TASKS)
    def test_one_that_cannot_be_prepared_stops_none_of_the_others(self):
        orders = self.queue(1 + AT_ONCE)
        bad, prepare = orders[2], type(orders)._prepare_items

        def broken(order):
            if order == bad:
                raise ValueError("what nobody foresaw")
            return prepare(order)

        self.patch(type(orders), "_prepare_items", broken)
        self.push()
        self.assertEqual(set((orders - bad).mapped("state")), {"in_shipping"})
        self.assertEqual((bad.state, bad.at_amazon), ("queued", False))
        self.assertIn("what nobody foresaw", bad.failure_message)

    def test_refused_for_the_pace_all_the_same_each_keeps_its_turn(self):
        orders = self.queue(1 + AT_ONCE)
        first, taken = orders[0].name, orders[2].name

        def answer(request):
            if request.order_id not in (first, taken):
                raise amazon.Throttled(
                    amazon.because("quote", words="slowly"), operation="createFulfillmentOrder", retry_after=60
                )

        with self.answering(answer):
            self.push()
        self.assertEqual(
            [order.state for order in orders], ["in_shipping", "queued", "in_shipping", "queued", "queued"]
        )
        waiting = orders.filtered(lambda order: order.state == "queued")
        self.assertEqual(set(waiting.mapped("at_amazon")), {False})
        self.assertEqual(set(waiting.mapped("send_count")), {0})
        self.assertTrue(all(order.due_at > fields.Datetime.now() for order in waiting))
        self.make_due(waiting)
        self.push()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})

    def test_order_whose_fee_is_asked_for_goes_alone(self):
        orders = self.queue(1 + AT_ONCE)
        self.account.fee_limit = 100
        orders[2].fee_is_to_check = True
        self.push()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})
        self.assertEqual(len(self.journal("getFulfillmentPreview")), 1)

    def test_order_cancelled_meanwhile_is_not_sent(self):
        orders = self.queue(1 + AT_ONCE)
        cancelled = orders[3]
        cancelled.cancel_requested_at = fields.Datetime.now() - timedelta(seconds=1)
        self.push()
        self.assertEqual(set((orders - cancelled).mapped("state")), {"in_shipping"})
        self.assertEqual(cancelled.state, "cancelled")
        self.assertNotIn(cancelled.name, [call["body"]["sellerFulfillmentOrderId"] for call in self.creates()])

    def failing_together(self, name):
        """The method `name` of fulfillment orders fails for several of them at once."""
        work = getattr(self.env.registry["fba.fulfillment.order"], name)

        def fail_together(orders, *args):
            if len(orders) > 1:
                raise Busy("another worker changes one of them")
            return work(orders, *args)

        self.patch(self.env.registry["fba.fulfillment.order"], name, fail_together)

    def meanwhile(self, order, **values):
        """Write `values` just before `order`, alone after a failure of its group, is to be leased."""
        lease = type(order)._lease

        def lease_after(part, *args):
            if part == order:
                part.write(values)
            return lease(part, *args)

        self.patch(type(order), "_lease", lease_after)

    @mute_logger(TASKS)
    def test_order_cancelled_after_its_group_failed_is_not_sent(self):
        orders = self.queue(1 + AT_ONCE)
        cancelled = orders[3]
        self.failing_together("_after_work")
        self.meanwhile(cancelled, cancel_requested_at=fields.Datetime.now())
        self.push()
        self.assertEqual(cancelled.state, "cancelled")
        self.assertNotIn(cancelled.name, [call["body"]["sellerFulfillmentOrderId"] for call in self.creates()])
        self.assertEqual(set((orders - cancelled).mapped("state")), {"in_shipping"})

    @mute_logger(TASKS)
    def test_no_question_to_amazon_comes_between_a_lease_and_its_sending(self):
        orders = self.queue(1 + AT_ONCE)
        self.account.fee_limit = 100
        asked = orders[3]
        self.failing_together("_after_work")
        self.meanwhile(asked, fee_is_to_check=True)

        def refused(_order, _gateway):
            raise amazon.KeysRefused(amazon.because("quote", words="no"), operation="getFulfillmentPreview")

        self.patch(type(orders), "_ask_for_preview", refused)
        self.push()
        self.assertEqual(set((orders - asked).mapped("state")), {"in_shipping"})
        self.assertEqual((asked.state, asked.at_amazon), ("queued", False))

    @mute_logger(TASKS)
    def test_one_refused_for_the_pace_costs_no_outcome_of_a_group_that_fails(self):
        orders = self.queue(1 + AT_ONCE)
        slow = orders[1]

        def answer(request):
            if request.order_id == slow.name:
                raise amazon.Throttled(
                    amazon.because("quote", words="slowly"), operation="createFulfillmentOrder", retry_after=60
                )

        self.failing_together("_keep_outcomes")
        with self.answering(answer):
            self.push()
        self.assertEqual(set((orders - slow).mapped("state")), {"in_shipping"})
        self.assertEqual((slow.state, slow.at_amazon), ("queued", False))

    @mute_logger(TASKS)
    def test_one_that_may_not_be_read_is_no_failure_of_the_others(self):
        orders = self.queue(2 + AT_ONCE)
        closed, others = orders[2], orders - orders[2]
        get = amazon.Gateway.get_fulfillment_order

        def answer(request):
            if request.order_id == closed.name:
                raise amazon.AlreadyExists(amazon.because("quote", words="known"), operation="createFulfillmentOrder")

        def read(gateway, name):
            if name == closed.name:
                raise amazon.AuthenticationFailed(
                    amazon.because("quote", words="not yours"), operation="getFulfillmentOrder"
                )
            return get(gateway, name)

        self.patch(amazon.Gateway, "get_fulfillment_order", read)
        with self.answering(answer):
            self.push()
        self.assertEqual(set(others.mapped("state")), {"in_shipping"})
        self.assertFalse(any(others.mapped("failure_message")))
        self.assertEqual((closed.state, closed.at_amazon), ("submitting", True))
        self.assertTrue(closed.failure_message)
        self.assertNotEqual(self.account.connection_state, "internal")

    @mute_logger(TASKS)
    def test_one_that_fails_at_the_commit_stops_none_of_the_others(self):
        orders = self.queue(1 + AT_ONCE)
        bad, take = orders[2], type(orders)._take_lease

        def take_lease(order):
            if order == bad:
                order.env.cr.precommit.add(lambda: self.fail("what nobody foresaw"))
            return take(order)

        self.patch(type(orders), "_take_lease", take_lease)
        self.push()
        self.assertEqual(set((orders - bad).mapped("state")), {"in_shipping"})
        self.assertEqual((bad.state, bad.at_amazon), ("queued", False))
        self.assertIn("what nobody foresaw", bad.failure_message)

    def test_orders_share_what_is_read_and_written(self):
        def queries(count):
            orders = self.queue(count)
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.push()
            self.assertEqual(set(orders.mapped("state")), {"in_shipping"})
            return self.env.cr.sql_log_count - before

        self.stock(self.afn, self.product_a, 100)
        few, many = queries(1 + AT_ONCE), queries(1 + 5 * AT_ONCE)
        self.assertLessEqual((many - few) / (4 * AT_ONCE), 25)
