"""Amazon notifies by itself, of some changes twice and of none in order: all is booked, and no list is asked for."""

import time

from odoo import fields
from odoo.addons.fba_connector.amazon import notifications
from odoo.tests import tagged

from .common import NotificationCase

PATIENCE_S = 60


@tagged("post_install", "-at_install")
class TestLive(NotificationCase):
    loss = 0.0

    def setUp(self):
        super().setUp()
        self.control("PUT", "notifications", duplicates=0.5, disorder=True, seed=30)
        self.set_up()

    def hear(self):
        """All that Amazon has to tell has arrived and was received."""
        ends_at = time.monotonic() + PATIENCE_S
        while self.control("GET", "notifications")["waiting"] or self.left():
            self.assertLess(time.monotonic(), ends_at, "Amazon's messages do not arrive")
            self.receive()

    def work(self):
        self.hear()
        for job in ("pull_fulfillment_orders", "import_amazon_orders", "sync_inventory"):
            self.run_job(job)

    def rely(self):
        """From now on no list is due."""
        now = fields.Datetime.now()
        self.account._queue_state().read_at = now
        self.account.subscription_ids.write({"last_received_at": now, "missed_at": False})
        self.account.write({"pull_cursor": now, "import_cursor": now})
        self.lists = self.asked_for_lists()

    def asked_for_lists(self):
        return {name: len(self.journal(name)) for name in ("listAllFulfillmentOrders", "searchOrders")}

    def test_own_orders_from_sending_to_shipment(self):
        orders = self.env["fba.fulfillment.order"].union(*(self.queued({self.product_a: 1}) for _order in range(3)))
        self.push()
        self.rely()
        for number, order in enumerate(orders):
            self.ship(order, (f"1Z{number}", {"A": 1}))
        self.work()
        self.assertEqual(set(orders.mapped("state")), {"shipped"})
        self.assertEqual(len(orders.shipment_ids), 3)
        self.assertEqual(self.asked_for_lists(), self.lists)
        self.assertFalse(self.account.notification_problem)

    def test_orders_sold_on_amazon(self):
        self.run_job("import_amazon_orders")
        self.rely()
        order_id = self.sell_on_amazon(("A", 2, "20.00", {}))
        self.work()
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", order_id)])
        self.assertEqual(len(row), 1)
        self.assertEqual(row.sale_id.order_line.qty_delivered, 2)
        self.assertEqual(self.asked_for_lists(), self.lists)

    def test_stock(self):
        self.account.first_sync_confirmed = True
        self.run_job("sync_inventory")
        self.rely()
        self.control("PUT", "stock/B", fulfillable=31)
        self.work()
        sku = self.env["fba.sku"].search([("seller_sku", "=", "B"), ("warehouse_id", "=", self.afn.id)])
        self.assertEqual(sku.fulfillable_quantity, 31)

    def test_each_type_has_told_something(self):
        order = self.queued({self.product_a: 1})
        self.push()
        self.ship(order, ("1Z", {"A": 1}))
        self.sell_on_amazon(("A", 1, "10.00", {}))
        self.hear()
        told = self.account.subscription_ids.filtered("message_count").mapped("type")
        self.assertEqual(told, [notifications.ORDER_STATUS, notifications.SOLD_ORDER, notifications.STOCK])
        self.assertFalse(self.account.unknown_message_count)
