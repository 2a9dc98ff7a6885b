"""Polling slows down while notifications are fresh, and comes back when they stay away."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.addons.fba_connector.amazon import notifications
from odoo.tests import tagged

from ..models import fba_account_polling
from .common import LISTS, NotificationCase, now


@tagged("post_install", "-at_install")
class TestPolling(NotificationCase):
    def setUp(self):
        super().setUp()
        self.set_up()

    def at_amazon(self):
        """An order that Amazon has and Odoo has read; from now on notifications are relied on."""
        fulfillment = self.queued({self.product_a: 1})
        self.push()
        self.pull()
        self.freshen()
        return fulfillment

    def later(self, **time):
        """Odoo's records are so much older."""
        delta = timedelta(**time)
        for row in self.account.subscription_ids:
            for name in ("last_received_at", "missed_at"):
                row[name] = row[name] and row[name] - delta
        for name in ("pull_cursor", "import_cursor", "inventory_cursor"):
            self.account[name] = self.account[name] and self.account[name] - delta

    def test_fresh_notifications_stand_in_for_the_list(self):
        self.freshen()
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 0)
        self.later(minutes=61)
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 1)
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 1)

    def test_until_the_first_notification_polling_goes_on(self):
        self.account._queue_state().read_at = fields.Datetime.now()
        for _time in range(2):
            self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 2)

    def test_queue_that_nobody_reads_stands_in_for_nothing(self):
        self.freshen()
        self.account._queue_state().read_at -= timedelta(minutes=11)
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 1)

    def test_queue_with_a_problem_stands_in_for_nothing(self):
        self.freshen()
        self.account._queue_state()._note_problem("missing")
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), 1)

    def test_shipment_is_booked_without_a_list(self):
        fulfillment = self.queued({self.product_a: 1})
        self.push()
        self.freshen()
        lists = self.asked(LISTS["pull"])
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        self.tell_of(fulfillment, event_at=now())
        self.receive()
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(self.asked(LISTS["pull"]), lists)

    def test_answer_that_is_older_than_the_notification_is_asked_for_again(self):
        fulfillment = self.at_amazon()
        self.tell_of(fulfillment, event_at=now())
        self.receive()
        self.pull()  # Amazon does not show it yet
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        [notice] = self.notices()
        self.assertGreater(notice.due_at, fields.Datetime.now())
        notice.due_at = fields.Datetime.now()
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")

    def test_notice_that_shows_nothing_new_ends_after_three_looks(self):
        fulfillment = self.at_amazon()
        before = self.asked("getFulfillmentOrder")
        self.tell_of(fulfillment, event_at=now())
        self.receive()
        for _look in range(5):
            self.notices().due_at = fields.Datetime.now()
            self.pull()
        self.assertFalse(self.notices())
        self.assertEqual(self.asked("getFulfillmentOrder") - before, 3)

    def test_notice_that_comes_while_a_run_has_the_account_is_looked_at_next(self):
        fulfillment = self.at_amazon()
        cron = self.env.ref("fba_connector.ir_cron_pull_fulfillment_orders")
        triggers = self.env["ir.cron.trigger"].search([("cron_id", "=", cron.id)])
        triggers.unlink()

        def read(account, _gateway):
            change = {(account, notifications.ORDER_STATUS, fulfillment.name): fields.Datetime.now()}
            self.env["fba.notice"].sudo()._note(change)

        with patch.object(type(self.account), "_read_due_orders", read):
            self.pull()
        self.assertTrue(triggers.search([("cron_id", "=", cron.id)]))
        triggers.search([("cron_id", "=", cron.id)]).unlink()
        self.notices().unlink()
        self.pull()
        self.assertFalse(triggers.search([("cron_id", "=", cron.id)]), "it goes on only where something is due")

    def test_change_that_was_not_told_brings_polling_back(self):
        fulfillment = self.at_amazon()
        self.later(minutes=61)
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        with patch.object(fba_account_polling, "TELLS_WITHIN", timedelta(days=-1)):  # as if that were long ago
            self.pull()
        row = self.row(notifications.ORDER_STATUS)
        self.assertEqual((row.state, row.missed_count), ("missed", 1))
        self.assertEqual(fulfillment.state, "shipped")
        lists = self.asked(LISTS["pull"])
        self.pull()
        self.assertEqual(self.asked(LISTS["pull"]), lists + 1)
        self.later(minutes=61)
        self.tell_of(fulfillment)
        self.receive()
        self.assertEqual(row.state, "fresh")

    def test_change_that_polling_finds_at_once_was_not_missed(self):
        fulfillment = self.at_amazon()
        self.later(minutes=61)
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        self.pull()
        self.assertEqual(self.row(notifications.ORDER_STATUS).state, "fresh", "it may be told yet")

    def test_sold_order_that_was_not_told_brings_polling_back(self):
        self.run_job("import_amazon_orders")
        self.freshen()
        self.later(minutes=61)
        self.account.import_cursor -= timedelta(days=1)
        self.sell_on_amazon(("A", 1, "10.00", {}))
        with patch.object(fba_account_polling, "TELLS_WITHIN", timedelta(days=-1)):
            self.run_job("import_amazon_orders")
        self.assertEqual(self.row(notifications.SOLD_ORDER).state, "missed")

    def test_sold_order_is_read_alone(self):
        self.pull()
        self.freshen()
        order_id = self.sell_on_amazon(("A", 1, "10.00", {}))
        sold = {"AmazonOrderId": order_id, "Summary": {"MarketplaceId": "ATVPDKIKX0DER", "FulfillmentType": "AFN"}}
        self.send("ORDER_CHANGE", {"OrderChangeNotification": sold}, event_at=now())
        self.receive()
        self.run_job("import_amazon_orders")
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", order_id)])
        self.assertTrue(row)
        self.assertEqual((self.asked("getOrder"), self.asked(LISTS["import"])), (1, 0))

    def test_many_sold_orders_are_read_by_the_list(self):
        self.freshen()
        for number in range(21):
            sold = {"AmazonOrderId": f"111-{number}"}
            self.send("ORDER_CHANGE", {"OrderChangeNotification": sold}, event_at=now(minutes=-20))
        for _run in range(3):
            self.receive()
        self.run_job("import_amazon_orders")
        self.assertEqual((self.asked("getOrder"), self.asked(LISTS["import"])), (0, 1))
        self.assertFalse(self.notices())

    def test_stock_of_the_sku_that_was_named_is_read(self):
        self.account.first_sync_confirmed = True
        self.run_job("sync_inventory")
        self.freshen()
        self.control("PUT", "stock/A", fulfillable=77)
        self.send("FBA_INVENTORY_AVAILABILITY_CHANGES", {"SKU": "A"}, event_at=now())
        self.receive()
        self.run_job("sync_inventory")
        sku = self.env["fba.sku"].search([("seller_sku", "=", "A"), ("warehouse_id", "=", self.afn.id)])
        self.assertEqual(sku.fulfillable_quantity, 77)
        asked = self.journal(LISTS["inventory"])[-1]
        self.assertIn("sellerSkus", str(asked))

    def test_button_asks_amazon_all_the_same(self):
        self.freshen()
        self.account.with_user(self.env.ref("base.user_admin")).action_import_now()
        self.run_job("import_amazon_orders")
        self.assertEqual(self.asked(LISTS["import"]), 1)
