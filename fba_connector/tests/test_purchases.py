"""What is bought for an order: never what Amazon ships. With purchases, where they are installed."""

from odoo.fields import Command
from odoo.tests import tagged

from .sold import sold_order, stage
from .test_doors import DoorsCase


@tagged("post_install", "-at_install")
class TestPurchases(DoorsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor = cls.env["res.partner"].create({"name": "Vendor"})
        cls.seller = [Command.create({"partner_id": cls.vendor.id, "price": 5})]

    def need(self, module):
        if module not in self.env.registry._init_modules:
            self.skipTest(f"{module} is not installed: run with --kits.")

    def service(self, sku):
        """A service that Odoo buys for each order."""
        return self.env["product.product"].create(
            {
                "name": "Engraving",
                "default_code": sku,
                "type": "service",
                "seller_ids": self.seller,
                "service_to_purchase": True,
            }
        )

    def test_no_service_is_bought_for_an_order_sold_on_amazon(self):
        self.need("sale_purchase")
        self.service("ENGRAVING")
        payload = sold_order(
            {"sku": "A", "ITEM": "20.00"}, {"sku": "ENGRAVING", "ITEM": "5.00"}, total="25.00", status="SHIPPED"
        )
        row = stage(self.account, payload)
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.sale_id.state), ("done", "sale"), row.error_message)
        sale = row.sale_id
        self.assertIn("service", sale.order_line.product_id.mapped("type"))
        self.assertFalse(sale.order_line.purchase_line_ids)
        for change in (
            lambda order: order.write(
                {"order_line": [Command.create({"product_id": self.service("MORE").id, "product_uom_qty": 1})]}
            ),
            lambda order: order.order_line.filtered(lambda line: line.product_id.type == "service").write(
                {"product_uom_qty": 3}
            ),
            lambda order: (order._action_cancel(), order.action_draft(), order.action_confirm()),
        ):
            change(sale.with_user(self.warehouse_man))
            self.assertFalse(sale.order_line.purchase_line_ids)
        self.assertEqual(sale.state, "sale")

    def test_service_is_bought_for_other_orders(self):
        self.need("sale_purchase")
        order = self.sell({self.service("ENGRAVING"): 2, self.product_a: 1})
        order.with_user(self.clerk_in_sales).action_confirm()
        self.assertEqual(order.order_line.purchase_line_ids.product_qty, 2)
