import os
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import HttpCase, new_test_user, tagged

from .common import FbaCase

KEYS = ("lwa_client_id", "lwa_client_secret", "refresh_token")


@tagged("post_install", "-at_install")
class TestKeysInVariables(FbaCase):
    def setUp(self):
        super().setUp()
        self.variables = {
            "FBA_US_CLIENT_ID": "amzn1.application-oa2-client.demo",
            "FBA_US_CLIENT_SECRET": "demo-secret",
            "FBA_US_REFRESH_TOKEN": "Atzr|demo",
            "FBA_US_API_ENDPOINT": self.simulator.url,
            "FBA_US_TOKEN_ENDPOINT": self.simulator.lwa_url,
        }
        self.account.write({"keys_prefix": "FBA_US", **dict.fromkeys(KEYS, False)})

    def test_nothing_but_their_name_is_in_the_database(self):
        self.account.write({"api_endpoint": "https://elsewhere.example", "lwa_endpoint": False})
        with patch.dict(os.environ, self.variables):
            self.account.action_test_connection()
            self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)
            self.sent({self.product_a: 1})

    def test_what_is_missing_is_named(self):
        del self.variables["FBA_US_REFRESH_TOKEN"]
        with patch.dict(os.environ, self.variables):
            self.account.action_test_connection()
        self.assertEqual(self.account.connection_state, "refused")
        self.assertEqual(self.account.connection_message, "Not filled in: FBA_US_REFRESH_TOKEN.")

    def test_run_without_any_sends_nothing_and_says_why(self):
        fulfillment = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "queued")
        self.assertEqual(self.account.connection_state, "refused")
        self.assertIn("FBA_US_CLIENT_ID", self.account.connection_message)

    def test_no_other_variable_can_be_named(self):
        for prefix in ("AWS", "FBA_us", "FBA_", "XFBA"):
            with self.assertRaises(ValidationError):
                self.account.keys_prefix = prefix


@tagged("post_install", "-at_install")
class TestHealth(FbaCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.watcher = new_test_user(cls.env, "watcher", groups="fba_connector.group_fba_user")

    def ask(self, user=None, days=90, **headers):
        """`days`: the life of the user's key; None for ever."""
        if user:
            ends = days and fields.Datetime.now() + timedelta(days=days)
            key = self.env["res.users.apikeys"].with_user(user).sudo()._generate(None, "monitoring", ends)
            headers["Authorization"] = f"Bearer {key}"
        return self.url_open("/fba_connector/health", headers=headers)

    def health(self):
        """What monitoring reads of our account."""
        answer = self.ask(self.watcher).json()
        account = next(it for it in answer["accounts"] if it["id"] == self.account.id)
        self.assertEqual(answer["status"], "attention" if account["problems"] else "ok")
        return account

    def test_idle_and_busy(self):
        tasks = ("push", "pull", "import", "inventory", "backfill")
        self.assertEqual(self.health()["last_good_runs"], dict.fromkeys(tasks))
        self.push()
        self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.action_submit()
        health = self.health()
        self.assertTrue(health["last_good_runs"]["push"].endswith("Z"))
        self.assertEqual((health["orders_to_send"], health["problems"]), (1, []))
        self.assertTrue(health["oldest_to_send"])
        self.push()
        health = self.health()
        self.assertEqual((health["orders_to_send"], health["orders_in_shipping"]), (0, 1))

    def test_task_that_does_not_run_well_is_a_problem(self):
        self.push()
        lock = self.account.task_lock_ids.filtered(lambda lock: lock.task == "push")
        lock.good_at -= timedelta(minutes=20)
        before = lock.good_at
        self.fault("createFulfillmentOrder", "status", status=403, count=4)
        self.fault("listAllFulfillmentOrders", "status", status=403, count=None)  # the second witness
        self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.action_submit()
        self.push()
        lock.invalidate_recordset()
        self.assertEqual(lock.good_at, before)
        problems = self.health()["problems"]
        self.assertEqual(len(problems), 2, problems)
        self.assertIn("connection: Amazon refused the keys", problems[0])
        self.assertIn("push: no good run since", problems[1])

    def test_work_that_was_just_resumed_is_not_late(self):
        self.push()
        lock = self.account.task_lock_ids.filtered(lambda lock: lock.task == "push")
        lock.good_at -= timedelta(days=2)
        self.account.paused = True
        self.account.works_since -= timedelta(days=2)
        self.assertEqual(self.health()["problems"], [])
        self.account.paused = False
        self.assertEqual(self.health()["problems"], [])
        self.account.works_since -= timedelta(minutes=16)
        lock.invalidate_recordset(["is_late"])
        self.assertIn("push: no good run since", self.health()["problems"][0])

    def test_key_that_ends_soon_is_a_problem(self):
        for days, attention in ((13, True), (15, False), (None, False)):
            answer = self.ask(self.watcher, days=days).json()
            self.assertEqual(answer["status"], "attention" if attention else "ok", days)
            self.assertEqual(bool(answer["problems"]), attention)
            self.assertEqual(bool(answer["key_expires_at"]), bool(days))
        answer = self.ask(self.watcher, days=1).json()
        self.assertIn(f"this API key ends at {answer['key_expires_at']}", answer["problems"][0])

    def test_nobody_else_reads_it(self):
        self.assertEqual(self.ask().status_code, 401)
        self.assertEqual(self.ask(Authorization="Bearer nonsense").status_code, 401)
        self.assertEqual(self.ask(new_test_user(self.env, "clerk", groups="base.group_user")).status_code, 403)
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        foreign = {"company_id": elsewhere.id, "company_ids": [elsewhere.id]}
        stranger = new_test_user(self.env, "stranger", groups="fba_connector.group_fba_user", **foreign)
        self.assertEqual(self.ask(stranger).json()["accounts"], [])
