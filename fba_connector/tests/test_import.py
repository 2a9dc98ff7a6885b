from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestImport(FbaCase):
    def row(self, amazon_order_id):
        return self.env["fba.amazon.order"].search([("amazon_order_id", "=", amazon_order_id)])

    def import_orders(self):
        self.run_job("import_amazon_orders")

    def test_shipped_order_becomes_a_delivered_sale_order(self):
        amazon_id = self.sell_on_amazon(("A", 2, "49.98", {"tax": "4.12", "shipping": "5.99"}), ("B", 1, "15.00", {}))
        self.import_orders()
        row = self.row(amazon_id)
        self.assertEqual(row.state, "done", row.error_message)
        order = row.sale_id
        self.assertRecordValues(
            order,
            [
                {
                    "state": "sale",
                    "amazon_order_id": amazon_id,
                    "fba_account_id": self.account.id,
                    "fba_status": "shipped",
                    "delivery_status": "full",
                    "amount_total": 75.09,
                    "warehouse_id": self.afn.id,
                    "user_id": False,
                }
            ],
        )
        self.assertFalse(order.fba_fulfillment_order_ids, "Amazon's own sale is not sent to Amazon")
        self.assertEqual(self.on_hand(self.product_a), 8)
        self.assertEqual(order.order_line[0].price_unit, 24.99)
        self.assert_adds_up(order)

    def test_later_change_of_quantity_keeps_amazons_price(self):
        amazon_id = self.sell_on_amazon(("A", 1, "7.77", {}))
        self.import_orders()
        line = self.row(amazon_id).sale_id.order_line
        line.product_uom_qty = 2
        self.assertEqual(line.price_unit, 7.77)

    def test_price_that_does_not_divide_gets_a_rounding_line(self):
        amazon_id = self.sell_on_amazon(("A", 3, "10.00", {}))
        self.import_orders()
        order = self.row(amazon_id).sale_id
        self.assertEqual(order.amount_total, 10.00)
        self.assertEqual(order.order_line[-1].name, "Rounding")

    def test_import_again_changes_nothing(self):
        amazon_id = self.sell_on_amazon(("A", 2, "20.00", {}))
        self.import_orders()
        self.import_orders()
        self.account.import_cursor = False
        self.import_orders()
        self.assertEqual(self.env["sale.order"].search_count([("amazon_order_id", "=", amazon_id)]), 1)
        self.assertEqual(self.on_hand(self.product_a), 8)

    def test_unshipped_order_waits_and_is_imported_once_shipped(self):
        amazon_id = self.sell_on_amazon(("A", 2, "20.00", {}), status="UNSHIPPED")
        self.import_orders()
        self.assertEqual(self.row(amazon_id).state, "pending")
        self.control("POST", f"sales/{amazon_id}/status", status="SHIPPED")
        self.advance(minutes=10)
        self.import_orders()
        self.assertEqual(self.row(amazon_id).sale_id.fba_status, "shipped")

    def test_cancelled_order_is_ignored(self):
        amazon_id = self.sell_on_amazon(("A", 2, "20.00", {}), status="CANCELLED")
        self.import_orders()
        self.assertEqual(self.row(amazon_id).state, "ignored")

    def test_unknown_sku_waits_for_its_mapping_and_stops_nobody(self):
        self.control("PUT", "stock/STRANGE", fulfillable=5)
        bad = self.sell_on_amazon(("STRANGE", 1, "5.00", {}))
        good = self.sell_on_amazon(("A", 1, "10.00", {}))
        self.import_orders()
        self.assertEqual(self.row(good).state, "done")
        row = self.row(bad)
        self.assertEqual(row.state, "error")
        self.assertIn('Seller SKU "STRANGE" cannot be used yet: No product has the internal', row.error_message)

        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_b.id, "seller_sku": "STRANGE"}
        )
        row.action_replay()

        self.assertEqual(row.state, "done")
        self.assertEqual(row.sale_id.order_line.product_id, self.product_b)

    def test_gift_wrap_and_tip_are_booked_apart(self):
        amounts = {"gift_wrap": "3.50", "shipping": "4.00", "shipping_discount": "1.00"}
        amazon_id = self.sell_on_amazon(("A", 1, "10.00", amounts), tip="2.25")
        self.import_orders()
        order = self.row(amazon_id).sale_id
        self.assertEqual(
            {line.name: line.price_total for line in order.order_line[1:]},
            {
                "Amazon Gift Wrap": 3.5,
                "Amazon Shipping": 4.0,
                "Amazon Discount": -1.0,
                "Delivery tip": 2.25,
            },
        )
        self.assertEqual(order.amount_total, 18.75)

    def assert_told_once(self, amazon_id, *words):
        """Of a change after the import: an activity, once, and nothing booked."""
        row = self.row(amazon_id)
        order = row.sale_id
        before = order.amount_total, order.picking_ids.mapped("state"), self.on_hand(self.product_a)
        self.advance(minutes=10)
        self.import_orders()
        self.account.import_cursor = False
        self.import_orders()
        self.assertEqual((order.amount_total, order.picking_ids.mapped("state"), self.on_hand(self.product_a)), before)
        self.assertEqual(len(order.activity_ids), 1)
        for word in words:
            self.assertIn(word, order.activity_ids.note)
        self.assertEqual(row.state, "done")

    def test_cancelled_after_import_is_told(self):
        amazon_id = self.sell_on_amazon(("A", 2, "20.00", {}))
        self.import_orders()
        self.control("POST", f"sales/{amazon_id}/revoke")
        self.assert_told_once(amazon_id, amazon_id, "SHIPPED → CANCELLED")

    def test_refund_after_import_is_told(self):
        amazon_id = self.sell_on_amazon(("A", 2, "20.00", {}))
        self.import_orders()
        self.control("POST", f"sales/{amazon_id}/money", items=[{"seller_sku": "A", "item_price": "12.50"}])
        self.assert_told_once(amazon_id, amazon_id, "20.00 → 12.50")

    def test_echo_of_our_own_order_is_linked_not_imported(self):
        fulfillment = self.sent({self.product_a: 1})
        echo = self.sell_on_amazon(("A", 1, "0.00", {}), channel="NON_AMAZON", seller_order_id=fulfillment.name)
        self.import_orders()
        row = self.row(echo)
        self.assertRecordValues(row, [{"state": "ignored", "sale_id": fulfillment.sale_id.id}])
        self.assertEqual(self.on_hand(self.product_a), 10)
        row.is_due = True
        self.import_orders()
        self.assertEqual(row.state, "ignored", "also the next time")

    def test_no_mail_goes_to_amazons_buyer(self):
        self.env.company.stock_move_email_validation = True
        before = self.env["mail.mail"].search_count([])
        amazon_id = self.sell_on_amazon(("A", 1, "10.00", {}))
        self.import_orders()
        self.assertEqual(self.row(amazon_id).state, "done")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)
        self.assertFalse(self.row(amazon_id).sale_id.partner_id.email)

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_payload_that_cannot_be_read_is_an_error_with_a_sentence(self):
        amazon_id = self.sell_on_amazon(("A", 1, "10.00", {}))
        self.import_orders()
        row = self.row(amazon_id).copy({"amazon_order_id": "broken", "payload": {"orderId": "broken"}, "is_due": True})
        self.import_orders()
        self.assertEqual(row.state, "error")
        self.assertIn("cannot be used", row.error_message)

    def test_switched_off_imports_nothing(self):
        self.sell_on_amazon(("A", 1, "10.00", {}))
        self.account.import_orders = False
        self.import_orders()
        self.assertFalse(self.journal("searchOrders"))

    def test_search_that_is_cut_off_goes_on_where_it_ended(self):
        ids = [self.sell_on_amazon(("A", 1, "10.00", {})) for _sale in range(3)]
        self.control("POST", "settings", orders_page_size=1, plan_factor=0.05)  # one page an hour
        for count in (1, 2, 3):
            self.import_orders()
            self.assertEqual([self.row(amazon_id).state for amazon_id in ids].count("done"), count)
            self.assertEqual(bool(self.account.import_cursor), count == 3, "not before all pages are in")
            self.advance(minutes=60)
            amazon.forget_paces()
        read = [call["query"] for call in self.journal("searchOrders") if call["status"] == 200]
        tokens = [query.get("paginationToken") for query in read]
        self.assertEqual(len(set(tokens)), 3, "no page is read twice")
        self.assertFalse(self.account.import_page_token)
        self.assertNotEqual(self.account.connection_state, "failed")

    def test_ordered_before_the_account_began_is_ignored_until_it_begins_earlier(self):
        self.account.write({"import_from": "2026-11-21", "import_cursor": "2026-11-25"})
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00"))  # of November 20
        row._process()
        self.assertEqual((row.state, row.sale_id), ("ignored", self.env["sale.order"]))
        self.assertIn("before the account began to import", row.error_message)
        self.account.import_from = "2026-11-20"
        self.assertFalse(self.account.import_cursor, "what was changed before is searched for, too")
        self.import_orders()
        self.assertEqual(row.state, "done")

    def test_marketplace_added_later_is_searched_from_the_beginning(self):
        self.import_orders()
        self.assertTrue(self.account.import_cursor)
        self.account.marketplace_ids += self.env.ref("fba_connector.marketplace_ca")
        self.assertFalse(self.account.import_cursor)
