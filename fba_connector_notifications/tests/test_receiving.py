"""Messages become notices: twice, late, in any order, of unknown kinds, unreadable. None does harm, none is lost."""

from datetime import timedelta

from odoo import fields
from odoo.addons.fba_connector.amazon import notifications
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..models import fba_account_receive
from .common import NotificationCase, now

RECEIVE = "odoo.addons.fba_connector_notifications.models.fba_account_receive"


@tagged("post_install", "-at_install")
class TestReceiving(NotificationCase):
    def setUp(self):
        super().setUp()
        self.set_up()

    def sent(self):
        fulfillment = self.queued()
        self.push()
        return fulfillment

    def test_message_makes_its_order_due(self):
        fulfillment = self.sent()
        self.tell_of(fulfillment)
        self.receive()
        self.assertEqual(self.notices().mapped("key"), [fulfillment.name])
        self.assertEqual(self.left(), 0)
        row = self.row(notifications.ORDER_STATUS)
        self.assertEqual((row.message_count, row.state), (1, "fresh"))

    def test_duplicates_and_disorder_are_one_notice_of_the_latest_change(self):
        fulfillment = self.sent()
        for minutes in (-11, -12, -10, -10):
            self.tell_of(fulfillment, event_at=now(minutes=minutes))
        self.receive()
        [notice] = self.notices()
        self.assertAlmostEqual(
            notice.event_at, fields.Datetime.now() - timedelta(minutes=10), delta=timedelta(minutes=0.9)
        )
        self.assertEqual(self.row(notifications.ORDER_STATUS).message_count, 4)

    @mute_logger(RECEIVE)
    def test_unreadable_message_stays_for_the_dead_letters_and_stops_nobody(self):
        dead = self.new_queue()
        policy = f'{{"deadLetterTargetArn": "{self.arn(dead)}", "maxReceiveCount": "2"}}'
        self.sqs.set_queue_attributes(
            QueueUrl=self.queue_url, Attributes={"RedrivePolicy": policy, "VisibilityTimeout": "0"}
        )
        fulfillment = self.sent()
        self.send_raw("no JSON")
        self.tell_of(fulfillment)
        for _time in range(4):
            self.receive()
        self.assertEqual(self.notices().mapped("key"), [fulfillment.name])
        self.assertEqual((self.left(), self.left(dead), self.account.dead_letter_count), (0, 1, 1))
        self.assertIn("dead-letter", self.account.notification_problem)

    @mute_logger(RECEIVE)
    def test_without_a_dead_letter_queue_an_unreadable_message_goes_after_a_few_times(self):
        self.sqs.set_queue_attributes(QueueUrl=self.queue_url, Attributes={"VisibilityTimeout": "0"})
        self.send_raw("no JSON")
        for _time in range(fba_account_receive.MOST_RECEIVED):
            self.receive()
        self.assertEqual((self.left(), self.account.unknown_message_count), (0, 1))

    def test_unknown_types_and_versions_are_told(self):
        self.send("ORDER_CHANGE", {"Order": {}}, version="2.0")
        self.send("NEXT_YEARS_TYPE", {}, subscription=self.row("ORDER_CHANGE").amazon_subscription_id)
        self.receive()
        self.assertEqual((self.left(), self.account.unknown_message_count), (0, 2))
        self.assertFalse(self.notices())

    def test_transactions_are_counted(self):
        self.send("TRANSACTION_UPDATE", {"TransactionUpdateNotification": {}})
        self.receive()
        self.assertEqual(self.row("TRANSACTION_UPDATE").message_count, 1)
        self.assertFalse(self.account.unknown_message_count)

    def test_orders_of_other_marketplaces_and_of_the_seller_are_nothing_to_look_at(self):
        for summary in ({"MarketplaceId": "A1PA6795UKMFR9"}, {"FulfillmentType": "MFN"}):
            order = {"AmazonOrderId": "1", "Summary": summary}
            self.send("ORDER_CHANGE", {"OrderChangeNotification": order})
        self.receive()
        self.assertFalse(self.notices())
        self.assertEqual((self.left(), self.row("ORDER_CHANGE").message_count), (0, 2))

    @mute_logger(RECEIVE)
    def test_queue_that_is_gone_is_told_until_it_is_back(self):
        self.receive()
        self.sqs.delete_queue(QueueUrl=self.queue_url)
        self.receive()
        self.assertEqual(self.account.queue_problem_kind, "missing")
        self.assertTrue(self.account.notification_problem)
        self.sqs.create_queue(QueueName=self.queue_url.rsplit("/", 1)[1])
        self.receive()
        self.assertFalse(self.account.notification_problem)

    def test_paused_account_receives_nothing(self):
        self.tell_of(self.sent())
        self.account.paused = True
        self.receive()
        self.assertEqual(self.left(), 1)

    def test_receiver_that_stands_still_is_late_where_it_is_to_listen(self):
        lock = self.account.sudo().task_lock_ids.filtered(lambda it: it.task == "receive")
        self.account.works_since = lock.good_at = fields.Datetime.now() - timedelta(hours=1)
        lock.invalidate_recordset()
        self.assertTrue(lock.is_late)
        self.account.sqs_queue_url = False
        lock.invalidate_recordset()
        self.assertFalse(lock.is_late)

    def test_calls_of_the_queue_are_counted(self):
        self.receive()
        counts = self.env["fba.call.count"].search([("account_id", "=", self.account.id), ("task", "=", "receive")])
        self.assertIn("ReceiveMessage", counts.mapped("operation"))
        self.assertFalse(any(counts.mapped("plan")))
