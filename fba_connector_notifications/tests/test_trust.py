"""What shows that notifications can be relied on, and what does not."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.fba_connector.amazon import notifications
from odoo.tests import tagged

from ..models import fba_account_polling
from .common import LISTS, NotificationCase, now


@tagged("post_install", "-at_install")
class TestTrust(NotificationCase):
    def setUp(self):
        super().setUp()
        self.set_up()
        self.account.first_sync_confirmed = True
        for job in ("import_amazon_orders", "sync_inventory"):
            self.run_job(job)
        self.freshen()

    def synchronize(self):
        self.run_job("sync_inventory")

    def poll_late(self, job, cursor):
        """The list is read after two hours, and what it shows was not told for long."""
        self.account[cursor] -= timedelta(hours=2)
        with patch.object(fba_account_polling, "TELLS_WITHIN", timedelta(days=-1)):
            self.run_job(job)

    # === THE FIRST MESSAGE === #

    def assert_still_waits(self, type_, send):
        """`send` sends a first message of the subscription to `type_`, which shows nothing."""
        row = self.row(type_)
        row.last_received_at = False
        send()
        self.receive()
        row.invalidate_recordset()
        self.assertEqual((row.message_count, row.state), (1, "waiting"))

    def test_message_of_an_unknown_version_shows_nothing(self):
        self.assert_still_waits("ORDER_CHANGE", lambda: self.send("ORDER_CHANGE", {"Order": {}}, version="2.0"))
        self.assertTrue(self.account._may_poll("import"))
        self.assertEqual(self.account.unknown_message_kind, "ORDER_CHANGE 2.0")

    def test_known_payload_of_an_unknown_version_shows_nothing(self):
        status = {"FulfillmentOrderStatusNotification": {"SellerFulfillmentOrderId": "1"}}
        type_ = notifications.ORDER_STATUS
        self.assert_still_waits(type_, lambda: self.send(type_, status, version="1.1"))
        self.assertEqual(self.account.unknown_message_count, 1)

    def test_message_of_another_type_shows_nothing(self):
        fulfillment, by = self.queued(), self.row("ORDER_CHANGE").amazon_subscription_id
        self.assert_still_waits("ORDER_CHANGE", lambda: self.tell_of(fulfillment, subscription=by))

    def test_message_of_days_ago_shows_nothing(self):
        self.assert_still_waits("ORDER_CHANGE", lambda: self.tell_sold("111-1", event_at=now(days=-3)))
        self.assertTrue(self.account._may_poll("import"))

    # === WHAT POLLING FINDS === #

    def test_stock_that_was_not_told_brings_polling_back(self):
        self.control("PUT", "stock/A", fulfillable=50)
        self.advance(minutes=70)
        self.poll_late("sync_inventory", "inventory_cursor")
        self.assertEqual(self.row(notifications.STOCK).state, "missed")
        self.assertTrue(self.account._may_poll("inventory"))

    def test_echo_of_an_own_order_was_not_missed(self):
        self.sent({self.product_a: 1})
        self.advance(minutes=30)
        self.poll_late("import_amazon_orders", "import_cursor")
        self.assertTrue(self.env["fba.amazon.order"].search([("account_id", "=", self.account.id)]))
        row = self.row(notifications.SOLD_ORDER)
        self.assertEqual((row.state, row.missed_count), ("fresh", 0))

    # === WHEN LISTS ARE READ ALL THE SAME === #

    def test_dead_letter_queue_that_is_gone_does_no_harm(self):
        dead = self.new_queue()
        policy = f'{{"deadLetterTargetArn": "{self.arn(dead)}", "maxReceiveCount": "5"}}'
        self.sqs.set_queue_attributes(QueueUrl=self.queue_url, Attributes={"RedrivePolicy": policy})
        self.sqs.delete_queue(QueueUrl=dead)
        self.receive()
        self.assertFalse(self.account.notification_problem)
        self.assertFalse(self.account._may_poll("pull"))

    def test_cursor_of_the_future_says_nothing(self):
        self.assertFalse(self.account._may_poll("pull"))
        self.account.pull_cursor = fields.Datetime.now() + timedelta(days=2)
        self.assertTrue(self.account._may_poll("pull"))

    def test_button_leaves_what_was_read_as_it_is(self):
        before = self.account.import_cursor
        for _time in range(3):
            self.account.with_user(self.env.ref("base.user_admin")).action_import_now()
        self.assertEqual(self.account.import_cursor, before)
        self.assertTrue(self.account._may_poll("import"))

    def test_button_for_stock_asks_for_orders_too_and_once(self):
        before = [self.asked(LISTS[name]) for name in ("pull", "import")]
        self.advance(minutes=5)
        for cursor in ("pull_cursor", "import_cursor"):
            self.account[cursor] -= timedelta(minutes=5)
        self.account.with_user(self.env.ref("base.user_admin")).action_sync_inventory()
        self.account.polls_asked_at -= timedelta(minutes=1)
        for _run in range(2):
            self.synchronize()
            self.assertEqual([self.asked(LISTS[name]) for name in ("pull", "import")], [it + 1 for it in before])

    def test_free_stock_counts_an_order_once_while_the_import_polls_slowly(self):
        self.control("POST", "settings", auto_ship=False)
        self.sent({self.product_a: 4})
        self.pull()
        self.account.inventory_cursor -= timedelta(hours=2)
        self.synchronize()
        self.assertEqual(self.free(self.product_a), 6)
        self.freshen()
        self.account.import_cursor -= timedelta(minutes=20)
        self.tell_stock("A")
        self.receive()
        self.synchronize()
        self.assertEqual(self.free(self.product_a), 6)
