"""What the screens say once the last unknown SKU is mapped, and in lists where nothing is left."""

from odoo.tests import new_test_user, tagged

from .test_import_skus import SkuImportCase


@tagged("post_install", "-at_install")
class TestAfterSuccess(SkuImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "mapping_admin", groups="fba_connector.group_fba_manager,stock.group_stock_manager"
        )
        cls.clerk = new_test_user(cls.env, "mapping_clerk", groups="fba_connector.group_fba_user")

    def inbox_row(self, *skus, number=1):
        row = self.staged(*({"sku": sku, "ITEM": "1.00"} for sku in skus), total=f"{len(skus)}.00", number=number)
        row._process()
        self.assertEqual(row.state, "error")
        return row

    def mapped(self, sku, product):
        """The notification after an administrator mapped `sku`, which Amazon has counted."""
        wizard = (
            self.env["fba.sku.map.wizard"].with_user(self.admin).create({"sku_id": sku.id, "product_id": product.id})
        )
        action = wizard.action_confirm()
        self.assertEqual((action["tag"], action["params"]["next"]["tag"]), ("display_notification", "soft_reload"))
        return action["params"]

    def empty_inbox(self):
        return self.env["fba.amazon.order"].with_user(self.clerk).get_empty_list_help("Never sold")

    def empty_stock(self):
        return self.env["fba.stock"].with_user(self.clerk).get_empty_list_help("Never counted")

    def test_mapping_tells_what_was_imported_and_leads_there(self):
        sku = self.row("NEW-1")
        row = self.inbox_row("NEW-1")
        told = self.mapped(sku, self.product_a)
        self.assertEqual(told["type"], "success")
        self.assertEqual(told["message"], "NEW-1 is mapped to [A] Product A. 1 Amazon order was imported. %s")
        self.assertEqual(told["links"], [{"label": row.sale_id.name, "url": f"/odoo/sale.order/{row.sale_id.id}"}])

    def test_mapping_tells_of_several_orders_and_of_those_that_still_wait(self):
        sku, _other = self.row("NEW-1"), self.row("NEW-2")
        rows = [self.inbox_row("NEW-1", number=number) for number in (1, 2)] + [
            self.inbox_row("NEW-1", "NEW-2", number=3)
        ]
        told = self.mapped(sku, self.product_a)
        self.assertEqual([row.state for row in rows], ["done", "done", "error"])
        self.assertEqual(told["type"], "warning")
        self.assertIn("2 Amazon orders were imported.", told["message"])
        self.assertIn("1 Amazon order still waits", told["message"])
        self.assertIn("fba_amazon_order_action", told["links"][0]["url"])

    def test_mapping_tells_of_the_stock(self):
        self.control("PUT", "stock/NEW-1", fulfillable=3)
        self.account.first_sync_confirmed = True
        self.read_counts()
        sku = self.env["fba.sku"].search([("seller_sku", "=", "NEW-1")])
        lamp = self.env["product.product"].create({"name": "Lamp", "default_code": "L", "is_storable": True})
        told = self.mapped(sku, lamp)
        self.assertEqual(told["message"], "NEW-1 is mapped to [L] Lamp. Stock: [L] Lamp: 0 → 3 Units.")
        self.assertEqual(told["links"], [])

    def test_empty_inbox(self):
        self.env["fba.amazon.order"].search([]).unlink()
        self.assertEqual(self.empty_inbox(), "Never sold")
        sku = self.row("NEW-1")
        self.inbox_row("NEW-1")
        self.assertIn("something is left to do", self.empty_inbox())
        self.mapped(sku, self.product_a)
        self.assertIn("Nothing is left to do", self.empty_inbox())

    def test_empty_stock(self):
        self.env["fba.sku"].search([]).unlink()
        self.assertEqual(self.empty_stock(), "Never counted")
        self.control("PUT", "stock/NEW-1", fulfillable=3)
        self.read_counts()
        self.assertIn("something is left to do", self.empty_stock())
        for sku in self.env["fba.sku"].search([("product_id", "=", False)]):
            self.mapped(sku, self.product_a)
        self.assertIn("Nothing is left to do", self.empty_stock())
