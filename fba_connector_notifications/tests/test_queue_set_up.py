"""A button has Amazon send to a queue: what is wrong with it is told apart, and nothing is made twice."""

import json

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import AMAZON, NotificationCase

TYPES = [
    "FULFILLMENT_ORDER_STATUS",
    "ORDER_CHANGE",
    "FBA_INVENTORY_AVAILABILITY_CHANGES",
    "REPORT_PROCESSING_FINISHED",
    "TRANSACTION_UPDATE",
]


@tagged("post_install", "-at_install")
class TestQueueSetUp(NotificationCase):
    def at_amazon(self):
        found = self.control("GET", "notifications")
        return found["destinations"], found["subscriptions"]

    def test_each_type_is_subscribed_to_once(self):
        self.assertEqual(self.set_up()["type"], "success")
        self.assertEqual(self.account.subscription_ids.mapped("type"), TYPES)
        self.assertTrue(all(self.account.subscription_ids.mapped("amazon_subscription_id")))
        self.assertEqual(self.at_amazon(), (1, 5))
        self.assertEqual(set(self.account.subscription_ids.mapped("state")), {"waiting"})
        self.assertFalse(self.account.notification_problem)

    def test_pressed_again_nothing_is_made_twice(self):
        self.set_up()
        first = self.account.subscription_ids.mapped("amazon_subscription_id")
        self.assertEqual(self.set_up()["type"], "success")
        self.assertEqual(self.at_amazon(), (1, 5))
        self.assertEqual(self.account.subscription_ids.mapped("amazon_subscription_id"), first)

    def test_what_an_answer_that_got_lost_has_made_is_found(self):
        self.fault("createSubscription", "drop_after")
        self.assertEqual(self.set_up()["type"], "danger")
        self.assertEqual(self.set_up()["type"], "success")
        self.assertEqual(self.at_amazon(), (1, 5))

    def test_another_queue_takes_the_place_of_the_first(self):
        self.set_up()
        self.queue_url = self.account.sqs_queue_url = self.new_queue()
        self.assertEqual(self.set_up()["type"], "success")
        self.assertEqual(self.at_amazon(), (2, 5))
        self.tell_of(self.queued())
        self.receive()
        self.assertEqual(self.row("FULFILLMENT_ORDER_STATUS").message_count, 1)

    def test_queue_of_another_program_is_left_alone(self):
        self.set_up()
        self.account.subscription_ids.unlink()
        self.account.sqs_queue_url = self.new_queue()
        with self.assertRaisesRegex(UserError, "another queue"):
            self.set_up()
        self.assertEqual(self.at_amazon()[1], 5)

    def test_policy_that_lets_amazon_not_in(self):
        self.set_policy(self.queue_url, {"AWS": "arn:aws:iam::111111111111:root"})
        self.assertEqual(self.set_up()["type"], "danger")
        self.assertEqual(self.account.queue_problem_kind, "closed")
        self.assertIn("policy", self.account.notification_problem)
        self.assertEqual(self.at_amazon(), (0, 0))
        self.set_policy(self.queue_url, {"AWS": AMAZON})
        self.assertEqual(self.set_up()["type"], "success")
        self.assertFalse(self.account.notification_problem)

    def test_policy_of_reading_alone_is_not_enough(self):
        self.set_policy(self.queue_url, {"AWS": AMAZON}, action="sqs:GetQueueAttributes")
        self.set_up()
        self.assertEqual(self.account.queue_problem_kind, "closed")

    def test_policy_to_copy_is_the_queues(self):
        self.account.sqs_queue_url = "https://sqs.eu-west-1.amazonaws.com/123456789012/odoo"
        [statement] = json.loads(self.account.queue_policy)["Statement"]
        self.assertEqual(statement["Resource"], "arn:aws:sqs:eu-west-1:123456789012:odoo")
        self.assertIn(AMAZON, statement["Principal"]["AWS"])

    def test_queue_that_is_not_there(self):
        self.sqs.delete_queue(QueueUrl=self.queue_url)
        self.assertEqual(self.set_up()["type"], "danger")
        self.assertEqual(self.account.queue_problem_kind, "missing")
        self.assertIn("address", self.account.notification_problem)

    def test_address_where_nobody_answers(self):
        self.account.sqs_queue_url = "http://127.0.0.1:9/123456789012/odoo"
        self.set_up()
        self.assertEqual(self.account.queue_problem_kind, "unreachable")

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_amazon_that_refuses_is_quoted(self):
        self.fault("createDestination", "status", status=403, count=9)
        answer = self.set_up()
        self.assertEqual(answer["type"], "danger")
        self.assertIn("Amazon", answer["message"])
        self.assertFalse(self.account.sqs_destination_id)

    def test_addresses_are_whole_and_encrypted(self):
        for url in ("sqs.eu-west-1.amazonaws.com/1/a", "ftp://host/1/a", "odoo"):
            with self.assertRaises(ValidationError, msg=url):
                self.account.sqs_queue_url = url
        self.account.write({"sqs_queue_url": False, "environment": "production"})
        with self.assertRaises(ValidationError):
            self.account.sqs_queue_url = "http://sqs.eu-west-1.amazonaws.com/1/a"

    def test_without_a_queue_there_is_nothing_to_set_up(self):
        self.account.sqs_queue_url = False
        with self.assertRaises(UserError):
            self.set_up()

    def test_end_is_amazons_end_too(self):
        self.set_up()
        self.account.action_end_notifications()
        self.assertEqual(self.at_amazon()[1], 0)
        self.assertEqual(set(self.account.subscription_ids.mapped("state")), {"off"})
        self.account.action_end_notifications()  # nothing is left to end
        self.assertEqual(self.set_up()["type"], "success")
        self.assertEqual(self.at_amazon(), (1, 5))

    def test_keys_of_aws_are_the_administrators_alone(self):
        user = new_test_user(self.env, "notified", groups="fba_connector.group_fba_user")
        account = self.account.with_user(user)
        for name in ("sqs_queue_url", "aws_access_key_id", "aws_secret_access_key", "queue_policy"):
            with self.assertRaises(AccessError, msg=name):
                account.read([name])
        for method in ("action_set_up_notifications", "action_end_notifications"):
            with self.assertRaises(AccessError, msg=method):
                getattr(account, method)()
