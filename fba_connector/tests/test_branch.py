"""A branch sells what its parent company owns: what Odoo lets a branch use, it sells on Amazon and sends there."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestBranch(FbaCase):
    @classmethod
    def set_up_company(cls):
        """Products, taxes and contacts are the parent's; account and warehouses the branch's."""
        cls.parent = cls.env.company
        cls.branch = cls.env["res.company"].create({"name": "Branch", "parent_id": cls.parent.id})
        cls.env["stock.warehouse"].search([("company_id", "=", cls.branch.id)]) or cls.env["stock.warehouse"].create(
            {"name": "Branch", "code": "BRA", "company_id": cls.branch.id}
        )
        cls.env = cls.env(context={**cls.env.context, "allowed_company_ids": cls.branch.ids})
        result = super().set_up_company()
        cls.customer.company_id = cls.parent
        cls.clerk = new_test_user(
            cls.env,
            "branch_clerk",
            groups="fba_connector.group_fba_manager,stock.group_stock_manager",
            company_id=cls.branch.id,
            company_ids=[Command.set(cls.branch.ids)],
        )
        return result

    @classmethod
    def new_product(cls, sku, **values):
        product = cls.env["product.product"].create(
            {
                "name": f"Product {sku}",
                "default_code": sku,
                "is_storable": True,
                "taxes_id": False,
                "company_id": cls.parent.id,
                **values,
            }
        )
        cls.stock(cls.afn, product, 10)
        return product

    def imported(self, *items, total="10.00", **values):
        row = stage(self.account, sold_order(*(items or [{"sku": "A", "ITEM": "10.00"}]), total=total, **values))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row.sale_id

    def test_sale_of_the_parents_products_is_imported(self):
        self.assertEqual((self.account.company_id, self.afn.company_id), (self.branch, self.branch))
        sale = self.imported({"sku": "A", "ITEM": "10.00", "SHIPPING": "2.00"}, total="12.00")
        self.assertRecordValues(sale, [{"company_id": self.branch.id, "delivery_status": "full"}])
        self.assertEqual(self.on_hand(self.product_a), 9)
        again = self.imported(order_id="111-0000000-0000002")
        self.assertEqual(again.pricelist_id, sale.pricelist_id)
        self.sell_on_amazon(("B", 3, "30.00", {}))
        self.run_job("import_amazon_orders")
        self.assertEqual(self.on_hand(self.product_b), 7)

    def test_parents_taxes_and_fiscal_position_apply(self):
        tax = self.env["account.tax"].create(
            {"name": "19 incl", "amount": 19, "price_include_override": "tax_included", "company_id": self.parent.id}
        )
        other = self.env["account.tax"].create(
            {
                "name": "20 incl",
                "amount": 20,
                "price_include_override": "tax_included",
                "company_id": self.parent.id,
                "original_tax_ids": [Command.set(tax.ids)],
            }
        )
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Austria",
                "auto_apply": True,
                "country_id": self.env.ref("base.at").id,
                "tax_ids": [Command.link(other.id)],
                "company_id": self.parent.id,
            }
        )
        self.product_a.taxes_id = tax
        self.account.buyer_data = "region"
        sale = self.imported(
            {"sku": "A", "ITEM": "12.00", "TAX": "2.00"},
            total="12.00",
            recipient={"deliveryAddress": {"countryCode": "AT", "city": "Wien"}},
        )
        self.assertEqual((sale.fiscal_position_id, sale.order_line.tax_ids), (position, other))

    def test_order_of_the_branch_is_sent_shipped_and_counted(self):
        order = self.sell({self.product_a: 2}, company_id=self.branch.id).with_user(self.clerk)
        order.action_confirm()
        order.action_fulfill_by_amazon()
        fulfillment = order.sudo().fba_fulfillment_order_ids
        fulfillment.with_user(self.clerk).action_submit()
        self.push()
        self.ship(fulfillment, ("1Z1", {"A": 2}))
        self.pull()
        self.assertEqual((fulfillment.state, order.delivery_status), ("shipped", "full"))
        sku = self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "A"})
        self.assertEqual(sku._resolve()[sku].kind, "product")
        sku.product_id = self.product_a
        self.assertEqual(sku._resolve()[sku].kind, "product")

    def test_mapping_suggests_the_parents_products(self):
        self.product_a.name = "Walnut Desk"
        sku = self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "X-1", "amazon_name": "Walnut Desk"}
        )
        wizard = (
            self.env["fba.sku.map.wizard"]
            .with_user(self.clerk)
            .browse(sku.with_user(self.clerk).action_map()["res_id"])
        )
        self.assertIn(self.product_a, wizard.suggestion_ids.product_id)
        wizard.product_id = self.product_a
        wizard.action_confirm()
        self.assertEqual((sku.product_id, sku.is_confirmed), (self.product_a, True))

    def test_first_synchronization_of_a_branch(self):
        self.control("PUT", "stock/A", fulfillable=12)
        sync = self.env["fba.first.sync"].browse(self.account.with_user(self.clerk).action_first_sync()["res_id"])
        self.run_job("first_sync")
        sync.with_user(self.clerk).action_confirm()
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertEqual((sync.state, self.on_hand(self.product_a)), ("done", 12))

    def test_product_of_another_company_stays_refused(self):
        sister = self.env["res.company"].create({"name": "Sister", "parent_id": self.parent.id})
        product = self.env["product.product"].create(
            {"name": "Hers", "default_code": "HERS", "is_storable": True, "company_id": sister.id}
        )
        row = stage(self.account, sold_order({"sku": "HERS", "ITEM": "10.00"}, total="10.00"))
        row._process()
        self.assertEqual((row.state, row.missing_sku), ("error", "HERS"))
        with self.assertRaises(UserError):
            self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "HERS", "product_id": product.id})
