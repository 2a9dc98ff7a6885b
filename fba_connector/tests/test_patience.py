"""No order waits for Amazon for ever, and no question is repeated for ever: a person gets it, once."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models.fulfillment.patience import next_try
from .common import FbaCase

SEND = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_send"
CANCEL = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_cancel"
RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"


@tagged("post_install", "-at_install")
class TestPatience(FbaCase):
    def assert_told_once(self, fulfillment, kind, words):
        for _run in range(3):
            self.pull()
        [activity] = self.activities(fulfillment.sale_id, kind)
        self.assertEqual(str(activity.note).count(words), 1, activity.note)

    def test_pauses_grow_and_end(self):
        now = fields.Datetime.now()
        pauses = [
            next_try(now, now - timedelta(hours=hours), count) for hours, count in ((0, 0), (1, 3), (20, 9), (48, 30))
        ]
        minutes = [round((at - now).total_seconds() / 60) for at in pauses]
        self.assertEqual(minutes, [1, 8, 60, 720])
        self.assertFalse(next_try(now, now - timedelta(days=30), 99))

    @mute_logger(SEND, RUNS)
    def test_look_up_that_always_fails_ends_with_a_person_after_a_day(self):
        for status in (400, 403, 404):
            with self.subTest(status=status), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.queued()
                self.habit("refused_id", order_id=fulfillment.name, operation="getFulfillmentOrder", status=status)
                self.habit("list_omits", ids=[fulfillment.name])
                self.fault("createFulfillmentOrder", "drop_after")
                self.push()
                self.make_due(fulfillment)
                self.push()
                self.assertEqual(fulfillment.state, "submitting")
                self.let_hours_pass(fulfillment, 25, "state_since", "first_sent_at")
                self.pull()
                self.assertEqual(
                    (fulfillment.state, fulfillment.error_code, fulfillment.due_at), ("exception", "Unclear", False)
                )
                self.assertEqual(len(self.activities(fulfillment.sale_id, "exception")), 1)
                self.assertEqual(self.account.connection_state, "ok")
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger(SEND, RUNS)
    def test_accepted_order_that_cannot_be_read_is_told_after_a_day(self):
        for status in (400, 403, 404):
            with self.subTest(status=status), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.sent({self.product_a: 2})
                self.habit("refused_id", order_id=fulfillment.name, operation="getFulfillmentOrder", status=status)
                self.reread(fulfillment)
                self.assertEqual(fulfillment.state, "in_shipping")
                self.assertTrue(fulfillment.failure_message)
                self.let_hours_pass(fulfillment, 25, "failing_since")
                self.assert_told_once(fulfillment, "delay", "unable to read")
                self.no_habits()
                self.reread(fulfillment)
                self.assertFalse(fulfillment.failing_since or fulfillment.failure_message)
                self.assertFalse(self.activities(fulfillment.sale_id, "delay"))
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger(RUNS)
    def test_order_that_cannot_be_read_for_a_month_is_read_no_more(self):
        fulfillment = self.sent({self.product_a: 2})
        self.habit("refused_id", order_id=fulfillment.name, operation="getFulfillmentOrder", status=404)
        self.reread(fulfillment)
        self.let_hours_pass(fulfillment, 24 * 31, "failing_since")
        self.reread(fulfillment)
        self.assertFalse(fulfillment.due_at)

    @mute_logger(CANCEL)
    def test_cancellation_that_amazon_never_answers_is_told_and_asked_less_and_less(self):
        fulfillment = self.sent({self.product_a: 2})
        self.habit("refused_id", order_id=fulfillment.name, operation="cancelFulfillmentOrder", status=404)
        fulfillment.action_request_cancel()
        self.push()
        asked = len(self.journal("cancelFulfillmentOrder"))
        self.push()
        self.assertEqual(len(self.journal("cancelFulfillmentOrder")), asked, "not at every run")
        self.let_hours_pass(fulfillment, 25, "cancel_requested_at", "cancel_due_at")
        self.push()
        self.assertEqual(len(self.journal("cancelFulfillmentOrder")), asked + 1)
        self.assertGreater(fulfillment.cancel_due_at, fields.Datetime.now() + timedelta(hours=1))
        self.assert_told_once(fulfillment, "delay", "neither agreed nor refused")
        self.no_habits()
        fulfillment.cancel_due_at = fields.Datetime.now()
        self.push()
        self.pull()
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertFalse(self.activities(fulfillment.sale_id, "delay"))

    @mute_logger(CANCEL)
    def test_cancellation_of_the_rest_of_an_exception_is_told_as_well(self):
        fulfillment = self.sent({self.product_a: 4})
        self.cannot_fulfill(fulfillment, A=1)
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.habit("refused_id", order_id=fulfillment.name, operation="cancelFulfillmentOrder", status=404)
        fulfillment.action_request_cancel()
        self.let_hours_pass(fulfillment, 25, "cancel_requested_at")
        self.assert_told_once(fulfillment, "delay", "neither agreed nor refused")

    def test_order_that_stays_queued_is_told_after_a_day(self):
        fulfillment = self.queued()
        self.let_hours_pass(fulfillment, 25, "state_since")
        self.assert_told_once(fulfillment, "delay", "has been queued since")

    def test_order_without_progress_for_a_week_is_told(self):
        fulfillment = self.sent({self.product_a: 2})
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Processing")
        self.pull()
        self.habit("list_omits", ids=[fulfillment.name])
        self.let_hours_pass(fulfillment, 24 * 8, "state_since", "amazon_updated_at")
        self.assert_told_once(fulfillment, "delay", "has not changed at Amazon")

    def test_order_on_hold_has_its_own_warning(self):
        fulfillment = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        fulfillment.hold = True
        fulfillment.action_submit()
        self.push()
        self.let_hours_pass(fulfillment, 24 * 8, "state_since")
        self.assertFalse(fulfillment.waits_until)

    def test_wait_is_told_to_the_responsible_user_in_their_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        fulfillment = self.queued()
        fulfillment.sale_id.user_id = self.env.ref("base.user_admin")
        fulfillment.sale_id.user_id.lang = "de_DE"
        self.let_hours_pass(fulfillment, 25, "state_since")
        self.pull()
        self.assertIn("seit", str(self.activities(fulfillment.sale_id, "delay").note))
