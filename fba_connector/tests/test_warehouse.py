from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestWarehouse(FbaCase):
    def test_afn_warehouse_lets_tracked_goods_leave_without_lot(self):
        self.assertFalse(self.afn.out_type_id.use_existing_lots)
        self.assertFalse(self.afn.out_type_id.use_create_lots)

    def test_inventory_marketplace_sells_from_the_pool(self):
        self.assertEqual(self.afn.fba_marketplace_ids, self.env.ref("fba_connector.marketplace_us"))

    def test_afn_warehouse_needs_an_account(self):
        with self.assertRaisesRegex(ValidationError, "needs an Amazon account"):
            self.own.is_afn = True

    def test_afn_warehouse_delivers_in_one_step(self):
        with self.assertRaisesRegex(ValidationError, "in one step"):
            self.afn.delivery_steps = "pick_ship"

    def test_marketplace_of_two_pools_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "count its stock twice"):
            self.afn.copy({"name": "Second", "code": "TFB2"})


@tagged("post_install", "-at_install")
class TestWarehouseSetUp(FbaCase):
    def test_afn_warehouse_has_its_locations_outside_of_the_warehouse(self):
        for location in (self.afn.fba_held_location_id, self.afn.fba_unsellable_location_id):
            self.assertEqual(location.usage, "internal")
            self.assertFalse(location._child_of(self.afn.view_location_id))
            self.assertTrue(location._should_be_valued())
        types = self.afn.out_type_id + self.afn.int_type_id
        self.assertFalse(any(types.mapped("use_existing_lots") + types.mapped("use_create_lots")))

    def test_set_up_makes_a_warehouse_for_each_pool(self):
        account = self.env["fba.account"].create(
            self.account_values(
                "Europe",
                region="eu",
                refresh_token="Atzr|eu",
                marketplace_ids=[
                    (4, self.env.ref(f"fba_connector.marketplace_{code}").id) for code in ("de", "fr", "gb")
                ],
            )
        )
        account.action_set_up_warehouses()
        account.action_set_up_warehouses()
        pools = [set(warehouse.fba_marketplace_ids.mapped("code")) for warehouse in account.afn_warehouse_ids]
        self.assertCountEqual(pools, [{"DE", "FR"}, {"GB"}])
        self.assertTrue(all(account.afn_warehouse_ids.mapped("fba_held_location_id")))

    def test_set_up_without_marketplaces_says_so(self):
        account = self.env["fba.account"].create(self.account_values("Bare", marketplace_ids=False))
        with self.assertRaisesRegex(UserError, "marketplaces of account Bare"):
            account.action_set_up_warehouses()

    def test_reordering_rule_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "cannot have reordering rules"):
            self.env["stock.warehouse.orderpoint"].create(
                {"product_id": self.product_a.id, "warehouse_id": self.afn.id, "product_max_qty": 1}
            )
