"""Calls of each day are counted, for whom they were made, beside what Amazon's usage plans allow."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .common import FbaCase

DAY_S = 24 * 3600


@tagged("post_install", "-at_install")
class TestCallCount(FbaCase):
    def counts(self, **facts):
        self.env["fba.call.count"].invalidate_model()
        domain = [("account_id", "=", self.account.id), *((name, "=", value) for name, value in facts.items())]
        return self.env["fba.call.count"].search(domain)

    def test_each_call_counts_for_its_task(self):
        self.queued()
        self.push()
        self.pull()
        for operation, task in (("createFulfillmentOrder", "push"), ("listAllFulfillmentOrders", "pull")):
            [count] = self.counts(operation=operation)
            self.assertEqual((count.task, count.calls, count.refused), (task, len(self.journal(operation)), 0))
            self.assertEqual(count.day, fields.Date.today())

    def test_calls_of_a_day_add_up_beside_the_plan(self):
        for _run in range(3):
            self.pull()
        [count] = self.counts(operation="listAllFulfillmentOrders")
        self.assertEqual((count.calls, count.plan), (3, 2 * DAY_S))
        self.assertAlmostEqual(count.plan_share, 100 * 3 / (2 * DAY_S))
        self.assertEqual(self.account.calls_today, sum(self.counts().mapped("calls")))

    def test_refused_calls_are_told_apart(self):
        self.fault("listAllFulfillmentOrders", "status", status=429)
        self.pull()
        [count] = self.counts(operation="listAllFulfillmentOrders")
        self.assertEqual((count.calls, count.refused), (2, 1))

    def test_plan_that_amazon_tells_may_be_of_any_size(self):
        self.control("POST", "settings", plan_factor=1e9)
        for _run in range(2):  # the first answer tells it
            self.pull()
        [count] = self.counts(operation="listAllFulfillmentOrders")
        self.assertEqual((count.calls, count.plan), (2, 2**31 - 1))

    def test_tokens_have_no_plan(self):
        self.pull()
        [count] = self.counts(operation="getAccessToken")
        self.assertEqual((count.plan, count.plan_share), (0, 0))

    def test_people_are_counted_apart(self):
        with self.enter_registry_test_mode():
            self.account.action_test_connection()
        self.assertEqual(set(self.counts().mapped("task")), {"screen"})

    def test_only_administrators_see_them(self):
        self.pull()
        user = new_test_user(self.env, "calls_user", groups="fba_connector.group_fba_user")
        with self.assertRaises(AccessError):
            self.account.with_user(user).action_open_calls()
        action = self.account.action_open_calls()
        self.assertEqual(self.env[action["res_model"]].search(action["domain"]), self.counts())

    def test_old_ones_are_deleted(self):
        facts = {"account_id": self.account.id, "operation": "O", "task": "push"}
        old, new = self.env["fba.call.count"].create(
            [{**facts, "day": fields.Date.today() - timedelta(days=days)} for days in (401, 399)]
        )
        old._gc_old()
        self.assertEqual((old | new).exists(), new)
