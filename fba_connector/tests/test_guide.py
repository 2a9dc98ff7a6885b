from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import FbaCase

TOKEN = "Atzr|new"


@tagged("post_install", "-at_install")
class TestGuide(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.company.partner_id.write(
            {
                "street": "1 Main Street",
                "city": "Portland",
                "zip": "97201",
                "state_id": cls.env.ref("base.state_us_37").id,
                "country_id": cls.env.ref("base.us").id,
            }
        )
        cls.new = cls.env["fba.account"].create(
            {**cls.account_values("New store", is_live=False), "marketplace_ids": False, "refresh_token": TOKEN}
        )

    @classmethod
    def reset_simulator(cls):
        result = super().reset_simulator()
        cls.another_seller(TOKEN)
        return result

    def press(self, account, button):
        """What a request does: it commits."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            getattr(account.with_env(self.env(cr=cr)), button)()
        account.invalidate_recordset()

    def match(self, account):
        """The button, and its job."""
        account.action_match_skus()
        self.run_job("first_sync")
        self.env.invalidate_all()

    def step(self, *done):
        self.assertEqual(self.new.guide_done.split(), list(done))
        return self.new.guide_step

    def test_from_the_keys_to_live(self):
        new = self.new
        self.assertEqual(self.step(), "keys")
        new.action_test_connection()
        self.assertEqual(new.marketplace_ids.mapped("code"), ["US"], "those of the region")
        self.assertEqual(self.step("keys", "marketplaces"), "warehouses")
        new.action_make_warehouses()
        self.assertEqual(self.step("keys", "marketplaces", "warehouses"), "skus")
        self.control("PUT", "stock/NEW", seller=TOKEN, fulfillable=3)
        self.match(new)
        self.assertEqual((new.sku_count, new.unknown_sku_count), (3, 1))
        self.assertFalse(new.afn_warehouse_ids.lot_stock_id.quant_ids, "nothing is booked")
        self.assertEqual(self.step("keys", "marketplaces", "warehouses", "skus"), "stock")
        sync = self.env["fba.first.sync"].browse(new.action_first_sync()["res_id"])
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertEqual(sync.state, "ready", sync.failure_message)
        sync.action_confirm()
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertEqual(new.guide_step, "import")
        new.action_decide_import()
        new.action_decide_automation()
        self.assertRaisesRegex(UserError, "Complete these steps first: Test Order", new.action_go_live)
        self.press(new, "action_test_order")
        self.assertEqual((new.test_order_state, new.guide_step), ("cancelled", "live"))
        [sent] = self.control("GET", f"fulfillment-orders?seller={TOKEN}")
        self.assertEqual((sent["order_id"], sent["status"]), (new.test_order_name, "Cancelled"))
        new.action_go_live()
        self.assertTrue(new.is_live)
        self.run_job("pull_fulfillment_orders")
        self.assertFalse(new.foreign_order_count, "the test order is no stranger")

    def test_nothing_happens_by_itself_before_it_is_live(self):
        self.account.is_live = False
        order = self.sell({self.product_a: 1})
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "not live yet"):
            order.action_fulfill_by_amazon()
        self.account.auto_source = "always"
        other = self.sell({self.product_a: 1})
        other.action_confirm()
        self.assertFalse(other.fba_fulfillment_order_ids)
        for job in ("push_fulfillment_orders", "pull_fulfillment_orders", "import_amazon_orders", "sync_inventory"):
            self.run_job(job)
        self.assertFalse(self.journal("listAllFulfillmentOrders") + self.journal("searchOrders"))

    def test_test_order_whose_answer_is_lost_is_looked_up(self):
        self.account.write({"is_live": False, "test_order_name": False})
        self.read_counts()
        self.fault("createFulfillmentOrder", "drop_after")
        with self.assertRaisesRegex(UserError, "Press again"):
            self.press(self.account, "action_test_order")
        self.press(self.account, "action_test_order")
        self.assertEqual(self.account.test_order_state, "cancelled")
        self.assertEqual(len(self.control("GET", "fulfillment-orders")), 1)

    def refuse_test_order(self):
        self.read_counts()
        self.fault("createFulfillmentOrder", "status", status=400, code="InvalidInput", message="Not a place of ours.")
        self.press(self.account, "action_test_order")
        self.assertEqual(self.account.test_order_state, "refused")
        self.assertIn("(InvalidInput: Not a place of ours)", self.account.test_order_message)
        self.assertNotIn("test", self.account.guide_done.split())

    def test_test_order_that_amazon_refused_is_placed_again(self):
        self.refuse_test_order()
        self.press(self.account, "action_test_order")
        self.assertEqual((self.account.test_order_state, self.account.test_order_message), ("cancelled", False))

    def test_test_order_that_amazon_refused_can_be_skipped(self):
        self.refuse_test_order()
        self.account.action_skip_test_order()
        self.assertIn("test", self.account.guide_done.split())

    def test_test_order_that_ends_otherwise_is_not_called_cancelled(self):
        self.read_counts()
        self.fault("cancelFulfillmentOrder", "status", status=503, count=None)
        with self.assertRaisesRegex(UserError, "Press again"):
            self.press(self.account, "action_test_order")
        self.control("DELETE", "faults")
        self.control("POST", f"fulfillment-orders/{self.account.test_order_name}/status", status="Invalid")
        self.press(self.account, "action_test_order")
        self.assertEqual(self.account.test_order_state, "refused")
        self.assertIn("Invalid", self.account.test_order_message)

    def test_test_order_comes_from_the_pool_that_has_stock(self):
        self.read_counts()
        self.env["fba.sku"].search([("warehouse_id", "=", self.afn.id)]).fulfillable_quantity = 0
        self.account.marketplace_ids += self.env.ref("fba_connector.marketplace_ca")
        self.account.action_make_warehouses()
        other = self.account.afn_warehouse_ids - self.afn
        other.ensure_one()
        self.env["fba.sku"].create({"warehouse_id": other.id, "seller_sku": "A", "fulfillable_quantity": 1})
        self.assertEqual(self.account._prepare_test_order().marketplace_id, other.fba_marketplace_id.marketplace_id)

    def test_marketplace_added_later_wants_its_warehouse(self):
        self.assertIn("warehouses", self.account.guide_done.split())
        self.account.marketplace_ids += self.env.ref("fba_connector.marketplace_ca")
        self.assertNotIn("warehouses", self.account.guide_done.split())
        self.account.action_make_warehouses()
        self.assertIn("warehouses", self.account.guide_done.split())

    def test_reading_again_finds_new_internal_references(self):
        self.control("PUT", "stock/NEW", fulfillable=3)
        self.match(self.account)
        self.assertEqual(self.account.unknown_sku_count, 1)
        product = self.env["product.product"].create({"name": "New", "is_storable": True, "default_code": "NEW"})
        self.match(self.account)
        self.assertEqual(self.account.unknown_sku_count, 0)
        self.assertTrue(self.env["fba.sku"].search([("seller_sku", "=", "NEW"), ("product_id", "=", product.id)]))

    def test_company_without_an_address_is_told(self):
        self.env.company.partner_id.zip = False
        self.read_counts()
        self.press(self.account, "action_test_order")
        self.assertIn("postal code", self.account.test_order_message)
        self.env.company.partner_id.zip = "97201"
        self.press(self.account, "action_test_order")
        self.assertEqual(self.account.test_order_state, "cancelled")

    def test_another_place_begins_anew(self):
        self.new.write({"skus_matched_at": "2026-11-01", "first_sync_confirmed": True, "test_order_state": "skipped"})
        self.new.region = "eu"
        self.assertFalse(self.new.skus_matched_at or self.new.first_sync_confirmed or self.new.test_order_state)
        self.account.write({"first_sync_confirmed": True, "environment": self.account.environment})
        self.assertTrue(self.account.first_sync_confirmed, "where it was")
        self.account.environment = "sandbox"
        self.assertFalse(self.account.first_sync_confirmed, "nothing of another place is booked unseen")

    def test_app_opens_at_the_guide_until_an_account_is_live(self):
        self.assertEqual(self.env["fba.account"].action_start()["path"], "channel-managers")
        self.env["fba.account"].search([]).is_live = False
        self.assertEqual(self.env["fba.account"].action_start()["path"], "connect-amazon")
        clerk = new_test_user(self.env, "guide_clerk", groups="fba_connector.group_fba_user")
        self.assertEqual(self.env["fba.account"].with_user(clerk).action_start()["path"], "channel-managers")
        for button in ("action_open_guide", "action_go_live", "action_test_order", "action_decide_import"):
            with self.assertRaises(AccessError):
                getattr(self.new.with_user(clerk), button)()

    # === WORDS === #

    def test_missing_role_stays_told_while_other_calls_work(self):
        self.fault("searchOrders", "status", status=403, count=2)  # it is asked again with a fresh token
        self.account.action_test_connection()
        self.match(self.account)
        self.run_job("pull_fulfillment_orders")
        self.assertIn("lacks a role", self.account.connection_message)
        self.assertNotIn("keys", self.account.guide_done.split())
        self.account.action_test_connection()
        self.assertIn("keys", self.account.guide_done.split())

    def test_unreachable_amazon_is_not_said_to_be_tried_again(self):
        self.fault("getMarketplaceParticipations", "status", status=500, count=None)
        self.account.action_test_connection()
        self.assertIn("test again", self.account.connection_message)

    def test_wrong_keys_missing_role_and_wrong_region_are_told_apart(self):
        self.fault("listAllFulfillmentOrders", "status", status=403, count=2)
        self.account.action_test_connection()
        self.assertIn("lacks a role: Amazon Fulfillment (orders of other channels)", self.account.connection_message)
        for operation in (
            "getMarketplaceParticipations",
            "listAllFulfillmentOrders",
            "getInventorySummaries",
            "searchOrders",
        ):
            self.fault(operation, "status", status=403, count=2)
        self.account.action_test_connection()
        self.assertIn("give no access in North America", self.account.connection_message)
        self.control("DELETE", "faults")
        self.account.refresh_token = "Atzr|wrong"
        self.account.action_test_connection()
        self.assertIn("refused the keys", self.account.connection_message)
        self.assertEqual(self.account.connection_state, "refused")
