from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestSubmit(FbaCase):
    def wizard(self, fulfillments):
        action = fulfillments.action_open_submit_wizard()
        return self.env["fba.submit.wizard"].with_context(**action["context"]).create({})

    def test_wizard_counts_orders_and_says_what_is_skipped_and_why(self):
        good = self.sourced({self.product_a: 2, self.product_b: 1})
        waiting = self.sell({self.product_a: 50}, warehouse_id=self.afn.id)
        waiting.action_confirm()
        wizard = self.wizard((good + waiting).fba_fulfillment_order_ids)
        self.assertRecordValues(wizard, [{"order_count": 1, "unit_count": 3, "sku_count": 2, "skipped_count": 1}])
        self.assertEqual(wizard.skipped_ids.sale_id, waiting)
        self.assertIn("Waiting for Stock", wizard.skipped_ids.reason)

        wizard.action_confirm()

        self.assertEqual(good.fba_fulfillment_order_ids.state, "queued")
        self.assertEqual(waiting.fba_fulfillment_order_ids.state, "waiting")

    def test_confirming_twice_queues_once(self):
        order = self.sourced({self.product_a: 2})
        first = self.wizard(order.fba_fulfillment_order_ids)
        second = self.wizard(order.fba_fulfillment_order_ids)
        first.action_confirm()
        second.action_confirm()
        self.push()
        self.assertEqual(len(self.journal("createFulfillmentOrder")), 1)

    def test_incomplete_address_is_refused_before_anything_is_sent(self):
        order = self.sourced({self.product_a: 2})
        self.customer.zip = False
        with self.assertRaisesRegex(UserError, "lacks: postal code"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_fraction_is_refused(self):
        metre = self.env.ref("uom.product_uom_meter")
        self.product_a.uom_id = metre
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A"})
        order = self.sell({self.product_a: 2.5}, warehouse_id=self.afn.id)
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "2.5 m of .* ships whole pieces only"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_dozens_are_sent_as_pieces(self):
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        self.stock(self.afn, self.product_a, 2)
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(order.fba_fulfillment_order_ids.line_ids.quantity, 12)

    def test_submit_wakes_the_scheduled_action(self):
        cron = self.env.ref("fba_connector.ir_cron_push_fulfillment_orders")
        before = self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])
        self.sourced({self.product_a: 2}).fba_fulfillment_order_ids.action_submit()
        self.assertEqual(self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)]), before + 1)
