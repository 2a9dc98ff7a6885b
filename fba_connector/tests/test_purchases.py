"""What is bought for an order: never what Amazon ships, and what a vendor ships is never Amazon's to send.

With purchases and drop-shipping where they are installed.
"""

from odoo.exceptions import UserError
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

    # === SERVICES === #

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

    # === DROP-SHIPPING === #

    def drop_shipped(self):
        """An order of four A that the vendor sends, and of one B."""
        self.need("stock_dropshipping")
        route = self.env.ref("stock_dropshipping.route_drop_shipping")
        self.product_a.write({"route_ids": [Command.set(route.ids)], "seller_ids": self.seller})
        self.account.auto_submit = True
        order = self.sell({self.product_a: 4, self.product_b: 1})
        order.with_user(self.clerk_in_sales).action_confirm()
        self.assertEqual(order.order_line.purchase_line_ids.mapped("product_qty"), [4])
        return order

    def assert_amazon_sends_b_alone(self, order):
        order.with_user(self.clerk_in_sales).action_fulfill_by_amazon()
        self.push()
        there = self.control("GET", "fulfillment-orders")
        sent = [[(line["seller_sku"], line["quantity"]) for line in its["lines"]] for its in there]
        self.assertEqual(sent, [[("B", 1)]])
        self.env.invalidate_all()
        self.assertEqual(order.fba_reason_not_sourced, "Nothing is left to source.")

    def test_goods_that_a_vendor_is_asked_for_are_not_sent_by_amazon(self):
        self.assert_amazon_sends_b_alone(self.drop_shipped())

    def test_goods_that_a_vendor_is_to_send_are_not_sent_by_amazon(self):
        order = self.drop_shipped()
        order.order_line.purchase_line_ids.order_id.button_confirm()
        self.assert_amazon_sends_b_alone(order)

    def test_goods_that_a_vendor_has_sent_are_not_sent_by_amazon(self):
        order = self.drop_shipped()
        order.order_line.purchase_line_ids.order_id.button_confirm()
        order.picking_ids.filtered(lambda it: it.picking_type_code == "dropship").button_validate()
        self.assertEqual(order.order_line.mapped("qty_delivered"), [4, 0])
        self.assert_amazon_sends_b_alone(order)

    def test_goods_that_a_rule_brings_from_a_vendor_are_not_sent_by_amazon(self):
        """Without the module, as some shops set it up; also of a locked order."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        customers = self.env.ref("stock.stock_location_customers")
        places = {"location_src_id": vendors.id, "location_dest_id": customers.id}
        kind = self.env["stock.picking.type"].create(
            {
                "name": "Drop",
                "code": "outgoing",
                "sequence_code": "DSX",
                "warehouse_id": False,
                **{f"default_{name}": place for name, place in places.items()},
            }
        )
        rule = {"name": "Drop", "action": "pull", "procure_method": "make_to_stock", "picking_type_id": kind.id}
        route = self.env["stock.route"].create(
            {"name": "Drop", "product_selectable": True, "rule_ids": [Command.create({**rule, **places})]}
        )
        self.product_a.route_ids = route
        order = self.sell({self.product_a: 4})
        order.with_user(self.clerk_in_sales).action_confirm()
        order.locked = True
        self.assertEqual(order.fba_reason_not_sourced, "Nothing is left to source.")
        with self.assertRaisesRegex(UserError, "Nothing is left"):
            order.with_user(self.administrator).action_fulfill_by_amazon()
