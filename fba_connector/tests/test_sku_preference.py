"""Which of several seller SKUs of a product its orders are sent by, where stock leaves the choice."""

from odoo.tests import tagged

from .counted import CountedCase


@tagged("post_install", "-at_install")
class TestSkuPreference(CountedCase):
    def map(self, seller_sku, product):
        """A SKU of an order sold on Amazon, mapped by the dialog; returns what the dialog tells."""
        row = self.row(seller_sku)
        wizard = self.env["fba.sku.map.wizard"].browse(row.action_map()["res_id"])
        wizard.product_id = product
        return wizard.action_confirm()["params"]

    def offered(self, product):
        return [offer.seller_sku for offer in self.env["fba.sku"]._offers(self.afn, product).get(product, ())]

    def sent(self, product):
        self.stock(self.afn, product, 5)
        self.queued({product: 2})
        self.push()
        return self.requested()

    # === BEFORE THE FIRST SYNCHRONIZATION === #

    def test_second_sku_mapped_before_the_first_list_does_not_take_over(self):
        self.account.first_sync_confirmed = False
        self.control("PUT", "stock/A", fulfillable=9)
        self.control("PUT", "stock/A-RENEWED", fulfillable=9)
        told = self.map("A-RENEWED", self.product_a)
        self.assertEqual(told["type"], "success")
        self.assertEqual(self.offered(self.product_a), ["A", "A-RENEWED"])
        self.assertEqual(self.sent(self.product_a), [[("A", 2)]])

    def test_reference_that_is_no_sku_is_not_sent(self):
        self.account.first_sync_confirmed = False
        product = self.product("OUR-NUMBER")
        self.control("PUT", "stock/AMAZON-NUMBER", fulfillable=9)
        told = self.map("AMAZON-NUMBER", product)
        self.assertEqual(told["type"], "success")
        self.assertEqual(self.offered(product), ["AMAZON-NUMBER"])
        self.assertFalse(self.env["fba.sku"].search([("seller_sku", "=", "OUR-NUMBER")]))
        self.assertEqual(self.sent(product), [[("AMAZON-NUMBER", 2)]])

    def test_amazon_that_cannot_be_asked_is_told(self):
        self.account.first_sync_confirmed = False
        self.fault("getInventorySummaries", "status", status=403, count=None)
        told = self.map("A-RENEWED", self.product_a)
        self.assertEqual(told["type"], "warning")
        self.assertIn("whether A is a SKU of this product, too", told["message"])
        self.assertEqual(self.offered(self.product_a), ["A-RENEWED"])

    def test_paused_account_is_not_asked(self):
        self.account.first_sync_confirmed = False
        self.account.paused = True
        told = self.map("A-RENEWED", self.product_a)
        self.assertIn("is paused", told["message"])

    def test_after_the_first_list_the_reference_needs_no_question(self):
        self.control("DELETE", "journal")
        self.map("A-RENEWED", self.product_a)
        self.assertNotIn("A", [call["query"].get("sellerSkus") for call in self.journal("getInventorySummaries")])

    # === EQUAL ONES === #

    def test_own_reference_comes_before_a_sku_that_was_entered_earlier(self):
        self.counted("A-RENEWED", self.product_a, 9)
        self.counted("A", self.product_a, 9)
        self.assertEqual(self.offered(self.product_a), ["A", "A-RENEWED"])
        self.assertEqual(self.sent(self.product_a), [[("A", 2)]])

    def test_new_goods_come_before_used_ones(self):
        self.counted("A", self.product_a, 9, condition="UsedGood")
        self.counted("A-NEW", self.product_a, 9, condition="NewItem")
        self.assertEqual(self.offered(self.product_a), ["A-NEW", "A"])

    def test_packs_keep_their_place(self):
        self.counted("A-6", self.product_a, 9, pack_size=6)
        self.counted("A-RENEWED", self.product_a, 9)
        self.counted("A", self.product_a, 9)
        self.assertEqual(self.offered(self.product_a), ["A-6", "A", "A-RENEWED"])

    def test_peoples_own_order_comes_first(self):
        self.counted("A", self.product_a, 9, condition="NewItem")
        self.counted("A-USED", self.product_a, 9, condition="UsedGood", sequence=5)
        self.assertEqual(self.offered(self.product_a), ["A-USED", "A"])
