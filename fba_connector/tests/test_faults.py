"""Whatever Amazon's network does to a call, each story of a fulfillment order ends as if nothing had happened."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase

READ_FAULTS = ({"kind": "status", "status": 429}, {"kind": "truncated"})
WRITE_FAULTS = (
    *READ_FAULTS,
    {"kind": "status", "status": 503},
    {"kind": "drop_before"},
    {"kind": "drop_after"},
)
WRITES = {"createFulfillmentOrder", "updateFulfillmentOrder", "cancelFulfillmentOrder"}
ALL_TRIES = 5  # more than the gateway makes of one call
MOST_TURNS = 10
END = object()
MODELS = "odoo.addons.fba_connector.models"
MUTED = [f"{MODELS}.fba_{name}" for name in ("account_tasks", "fulfillment_order_cancel", "fulfillment_order_send")]


@tagged("post_install", "-at_install")
class TestFaults(FbaCase):
    """A story stops where Odoo's scheduled actions have to work; `play` then runs them until nothing is left to do."""

    def check(self, story):
        expected, calls = self.play(story)
        for operation in sorted(calls):
            for fault in WRITE_FAULTS if operation in WRITES else READ_FAULTS:
                with self.subTest(operation=operation, **fault):
                    outcome, _calls = self.play(story, operation=operation, count=ALL_TRIES, **fault)
                    self.assertEqual(outcome, expected)

    @mute_logger(*MUTED)
    def play(self, story, **fault):
        """(how it ended, operations called), where each stage of the story meets the fault."""
        with self.cr.savepoint() as savepoint:
            self.reset_simulator()
            self.control("POST", "settings", auto_ship=False)
            sale = self.sourced({self.product_a: 4, self.product_b: 2})
            stages = story(sale.fba_fulfillment_order_ids)
            goes_on = True
            while goes_on:
                if fault:
                    self.fault(**fault)
                goes_on = next(stages, END) is not END
                self.push()
                self.pull()
                self.control("DELETE", "faults")
                self.come_to_rest(sale)
            self.assert_adds_up(sale)
            outcome = [self.outcome(order) for order in sale.fba_fulfillment_order_ids]
            self.assert_same_at_amazon(sale.fba_fulfillment_order_ids)
            calls = {call["operation"] for call in self.control("GET", "journal")}
            savepoint.rollback()
        self.env.invalidate_all()
        return outcome, calls

    def come_to_rest(self, sale):
        before = None
        for _turn in range(MOST_TURNS):
            if before == (before := self.picture(sale)):
                return
            self.let_time_pass(sale)
            self.push()
            self.pull()
        self.fail(f"never at rest: {before}")

    def picture(self, sale):
        """What a further run would change if it still had something to do."""
        orders = sale.fba_fulfillment_order_ids
        names = ("state", "at_amazon", "send_count", "lookup_misses", "amazon_status", "cancel_requested_at")
        return orders.mapped(lambda order: [order[name] for name in names]), orders.shipment_ids.mapped("mail_state")

    def let_time_pass(self, sale):
        """Until Odoo looks again; Amazon does nothing by itself meanwhile."""
        amazon.forget_paces()
        for order in sale.fba_fulfillment_order_ids:
            if order.due_at:
                order.due_at = fields.Datetime.now()
            if order.cancel_requested_at:
                order.cancel_requested_at -= timedelta(minutes=10)
            if order.cancel_due_at:
                order.cancel_due_at = fields.Datetime.now()

    def press(self, button):
        """Pressed again by a clerk who was told that it did not work."""
        try:
            button()
        except UserError:
            self.control("DELETE", "faults")
            button()

    # === STORIES === #

    def test_shipped_in_two_parts(self):
        def story(order):
            order.action_submit()
            yield
            self.ship(order, ("T1", {"A": 2}), ("T2", {"A": 1, "B": 1}))
            yield
            self.ship(order, ("T3", {"A": 1, "B": 1}))

        self.check(story)

    def test_exception_and_from_amazon_again(self):
        def story(order):
            order.action_submit()
            yield
            self.cannot_fulfill(order, A=3)
            yield
            order.sale_id.action_fulfill_by_amazon()
            (order.sale_id.fba_fulfillment_order_ids - order).action_submit()
            self.ship(order, ("T1", {"A": 1, "B": 2}))

        self.check(story)

    def test_invalid(self):
        def story(order):
            order.action_submit()
            yield
            self.control("POST", f"fulfillment-orders/{order.name}/status", status="Invalid")

        self.check(story)

    def test_rejected_and_mended(self):
        def story(order):
            self.product_a.default_code = "UNKNOWN"
            order.action_submit()
            yield
            self.control("PUT", "stock/UNKNOWN", fulfillable=10)
            order.action_retry()

        self.check(story)

    def test_cancellation_that_amazon_agrees_to(self):
        def story(order):
            order.action_submit()
            yield
            order.sale_id._action_cancel()

        self.check(story)

    def test_cancellation_by_the_clerk(self):
        def story(order):
            order.action_submit()
            yield
            order.action_request_cancel()

        self.check(story)

    def test_cancellation_that_amazon_refuses(self):
        def story(order):
            order.action_submit()
            yield
            self.ship(order, ("T1", {"A": 1}))
            order.sale_id._action_cancel()
            yield
            self.ship(order, ("T2", {"A": 3, "B": 2}))

        self.check(story)

    def test_hold_that_ends(self):
        def story(order):
            order.hold = True
            order.action_submit()
            yield
            self.press(order.action_release_hold)
            yield
            self.ship(order, ("T1", {"A": 4, "B": 2}))

        self.check(story)
