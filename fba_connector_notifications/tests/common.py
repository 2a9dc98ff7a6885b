"""An account whose notifications go to a queue of a real SQS server."""

import json
import os
import unittest
import uuid
from datetime import timedelta
from unittest.mock import patch

import boto3
from odoo import fields
from odoo.addons.fba_connector.tests.common import FbaCase

from ..models import fba_account_receive

REGION = "us-east-1"
AMAZON = "437568002678"
SUBSCRIBED = 5
LISTS = {"pull": "listAllFulfillmentOrders", "import": "searchOrders", "inventory": "getInventorySummaries"}


class NotificationCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        if not os.environ.get("FBA_SQS_URL"):
            raise unittest.SkipTest("There is no SQS server (make test ARGS=notifications starts one).")
        super().setUpClass()
        cls.sqs_url = os.environ["FBA_SQS_URL"]
        keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        cls.sqs = boto3.client("sqs", region_name=REGION, endpoint_url=cls.sqs_url, **keys)
        cls.classPatch(fba_account_receive, "LISTEN_S", 1)
        cls.classPatch(fba_account_receive, "DEAD_LETTERS_EACH", timedelta())

    loss = 1.0  # of Amazon's own notifications: a test sends what it is about

    def setUp(self):
        super().setUp()
        self.control("PUT", "notifications", sqs_endpoint=self.sqs_url, loss=self.loss)
        self.queue_url = self.new_queue()
        self.account.write(
            {"sqs_queue_url": self.queue_url, "aws_access_key_id": "key", "aws_secret_access_key": "secret"}
        )

    def new_queue(self, **attributes):
        url = self.sqs.create_queue(QueueName=f"odoo-{uuid.uuid4()}", Attributes=attributes)["QueueUrl"]
        self.set_policy(url, {"AWS": f"arn:aws:iam::{AMAZON}:root"})
        return url

    def arn(self, url):
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return found["Attributes"]["QueueArn"]

    def set_policy(self, url, principal, action="sqs:SendMessage"):
        statement = {"Effect": "Allow", "Principal": principal, "Action": action, "Resource": self.arn(url)}
        policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})

    def set_up(self):
        return self.account.action_set_up_notifications()["params"]

    def row(self, type_):
        return self.account.subscription_ids.filtered(lambda it: it.type == type_)

    def receive(self):
        """One run of the receiver, which waits for nothing."""
        with patch.object(fba_account_receive, "LISTEN_S", 0.2):
            self.run_job_of("fba_connector_notifications", "receive_notifications")

    def run_job_of(self, module, name):
        with self.enter_registry_test_mode():
            self.env.ref(f"{module}.ir_cron_{name}").method_direct_trigger()

    def asked(self, operation):
        return len(self.journal(operation))

    def freshen(self):
        """Each type has told something, and was polled just now."""
        at = fields.Datetime.now()
        self.account._queue_state().read_at = at
        self.account.subscription_ids.last_received_at = at
        self.account.write({"pull_cursor": at, "import_cursor": at, "inventory_cursor": at})

    def left(self, url=None):
        """Messages in the queue, also those that somebody has taken."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url or self.queue_url, AttributeNames=names)["Attributes"]
        return sum(map(int, found.values()))

    def send(self, type_, payload, version="1.0", event_at=None, subscription=None):
        """As Amazon sends it, to our queue."""
        event_at = event_at or now()
        if subscription is None:
            subscription = self.row(type_).amazon_subscription_id or "other"
        body = {
            "NotificationVersion": "1.0",
            "NotificationType": type_,
            "PayloadVersion": version,
            "EventTime": event_at,
            "Payload": payload,
            "NotificationMetadata": {
                "ApplicationId": "app",
                "SubscriptionId": subscription,
                "PublishTime": event_at,
                "NotificationId": str(uuid.uuid4()),
            },
        }
        self.send_raw(json.dumps(body))

    def send_raw(self, body):
        self.sqs.send_message(QueueUrl=self.queue_url, MessageBody=body)

    def tell_of(self, fulfillment, **options):
        status = {"SellerFulfillmentOrderId": fulfillment.name, "FulfillmentOrderStatus": "PROCESSING"}
        self.send("FULFILLMENT_ORDER_STATUS", {"FulfillmentOrderStatusNotification": status}, **options)

    def tell_sold(self, order_id, marketplace="ATVPDKIKX0DER", **options):
        order = {"AmazonOrderId": order_id, "Summary": {"MarketplaceId": marketplace, "FulfillmentType": "AFN"}}
        self.send("ORDER_CHANGE", {"OrderChangeNotification": order}, **options)

    def tell_stock(self, sku, **options):
        self.send("FBA_INVENTORY_AVAILABILITY_CHANGES", {"SKU": sku}, **options)

    def inbox(self, order_id):
        return self.env["fba.amazon.order"].search([("amazon_order_id", "=", order_id)])

    def notices(self, type_=None):
        found = self.env["fba.notice"].sudo().search([("account_id", "=", self.account.id)])
        return found.filtered(lambda it: not type_ or it.type == type_)


def now(**ahead):
    return (fields.Datetime.now() + timedelta(**ahead)).isoformat() + "Z"
