"""What is whose: messages of a queue that others use too, subscriptions of a seller, the server's own keys."""

import json
import os
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import hooks, sqs
from ..models import fba_account_receive
from .common import SUBSCRIBED, NotificationCase

RECEIVE = "odoo.addons.fba_connector_notifications.models.fba_account_receive"


@tagged("post_install", "-at_install")
class TestSharedQueues(NotificationCase):
    def setUp(self):
        super().setUp()
        self.set_up()

    def another_account(self, **values):
        """A second account with the same queue."""
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        other = self.env["fba.account"].create(self.account_values("Another", **values))
        other.write({"sqs_queue_url": self.queue_url, **keys})
        return other

    def subscribed(self):
        """At Amazon."""
        return self.control("GET", "notifications")["subscriptions"]

    def noted_by(self):
        return self.env["fba.notice"].sudo().search([]).account_id

    # === MESSAGES === #

    def test_message_goes_to_the_account_of_its_marketplace(self):
        canada = self.env.ref("fba_connector.marketplace_ca")
        other = self.another_account(marketplace_ids=[(6, 0, canada.ids)])
        self.assertEqual(other.action_set_up_notifications()["params"]["type"], "success")
        self.tell_sold("701-1", marketplace=canada.marketplace_id)
        self.receive()
        self.assertEqual(self.noted_by(), other)

    @mute_logger(RECEIVE)
    def test_message_of_another_database_is_left_to_it(self):
        self.tell_of(self.queued(), subscription="another-databases")
        self.receive()
        self.assertEqual(self.left(), 1)
        self.assertFalse(self.notices())
        self.assertEqual(self.row("FULFILLMENT_ORDER_STATUS").state, "waiting")

    def test_message_without_a_subscription_is_the_accounts_of_the_queue(self):
        other = self.env["fba.account"].create(self.account_values("Another", **self.another_seller()))
        self.env["fba.subscription"].sudo().create({"account_id": other.id, "type": "FULFILLMENT_ORDER_STATUS"})
        self.tell_of(self.queued(), subscription="")
        self.receive()
        self.assertEqual(self.noted_by(), self.account)

    @mute_logger(RECEIVE)
    def test_message_without_a_subscription_is_nobodys_in_a_queue_of_two(self):
        self.another_account(**self.another_seller())
        self.tell_of(self.queued(), subscription="")
        self.receive()
        self.assertEqual(self.left(), 1)
        self.assertFalse(self.noted_by())

    @mute_logger(RECEIVE)
    def test_unreadable_message_is_the_dead_letter_queues_however_late(self):
        dead, times = self.new_queue(), fba_account_receive.MOST_RECEIVED + 2
        policy = json.dumps({"deadLetterTargetArn": self.arn(dead), "maxReceiveCount": str(times)})
        self.sqs.set_queue_attributes(
            QueueUrl=self.queue_url, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"}
        )
        self.set_up()
        self.send_raw("no JSON")
        for _time in range(times + 1):
            self.receive()
        self.assertEqual((self.left(), self.left(dead)), (0, 1))

    def test_messages_of_the_queue_before_are_not_of_the_new_one(self):
        receive, old, calls = sqs.Queue.receive, self.account.sqs_queue_url, []

        def queue_is_changed_at_the_second(queue, _wait_s):
            calls.append(queue)
            if len(calls) == 2:
                self.tell_sold("111-2")
                with self.registry.cursor() as cr:
                    self.account.with_env(self.env(cr=cr)).sqs_queue_url = "http://127.0.0.1:9/1/new"
            return receive(queue, 0)

        self.tell_sold("111-1")
        with (
            patch.object(fba_account_receive, "LISTEN_S", 5),
            patch.object(sqs.Queue, "receive", queue_is_changed_at_the_second),
        ):
            self.run_job_of("fba_connector_notifications", "receive_notifications")
        self.env.invalidate_all()
        self.assertNotEqual(self.account.sqs_queue_url, old)
        self.assertEqual(self.notices().mapped("key"), ["111-1"])
        self.assertEqual(self.row("ORDER_CHANGE").state, "waiting")

    # === SUBSCRIPTIONS === #

    def test_end_of_one_account_leaves_the_other_its_subscriptions(self):
        other = self.another_account()
        other.action_set_up_notifications()
        other.action_end_notifications()
        self.assertEqual(set(other.subscription_ids.mapped("state")), {"off"})
        self.assertEqual(self.subscribed(), SUBSCRIBED)
        self.freshen()
        self.assertFalse(self.account._may_poll("pull"))
        self.account.action_end_notifications()
        self.assertEqual(self.subscribed(), 0)

    def test_removal_ends_what_was_set_up_for_a_queue_that_was_cleared(self):
        self.account.sqs_queue_url = False
        hooks.unsubscribe(self.env)
        self.assertEqual(self.subscribed(), 0)

    # === KEYS === #

    def test_keys_of_the_server_are_an_accounts_only_where_the_server_says_so(self):
        self.account.write({"aws_access_key_id": False, "aws_secret_access_key": False})
        with patch.object(sqs.boto3, "client") as client:
            with patch.dict(os.environ), self.assertRaisesRegex(sqs.QueueError, "NoKeys"):
                os.environ.pop("FBA_AWS_KEYS_OF_THE_SERVER", None)
                self.account._open_queue()
            client.assert_not_called()
            with patch.dict(os.environ, FBA_AWS_KEYS_OF_THE_SERVER="1"):
                self.account._open_queue()
            client.assert_called_once()
