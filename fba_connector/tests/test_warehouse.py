from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

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

    def test_marketplaces_offered_are_those_of_the_account(self):
        markets = self.env["fba.marketplace"]
        self.account.marketplace_ids = self.env.ref("fba_connector.marketplace_us")
        self.assertEqual(self.afn.fba_offered_marketplace_ids, self.account.marketplace_ids)
        self.account.marketplace_ids = markets
        self.assertEqual(self.afn.fba_offered_marketplace_ids, markets.search([("region", "=", "na")]))
        self.assertEqual(self.own.fba_offered_marketplace_ids, markets.search([]))

    def test_marketplace_of_another_region_is_refused(self):
        for change in ({"fba_marketplace_id": "de"}, {"fba_marketplace_ids": "de"}):
            [(name, code)] = change.items()
            market = self.env.ref(f"fba_connector.marketplace_{code}")
            value = market.id if name == "fba_marketplace_id" else [Command.link(market.id)]
            with self.assertRaisesRegex(ValidationError, "another region"), self.cr.savepoint():
                self.afn.write({name: value})

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


@tagged("post_install", "-at_install")
class TestServedCountries(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "served_clerk", groups="fba_connector.group_fba_user")
        cls.manager = new_test_user(cls.env, "served_manager", groups="fba_connector.group_fba_manager")
        cls.us = cls.env.ref("fba_connector.marketplace_us")

    def sell_to(self, code):
        """An order of the clerk's, confirmed, to a country."""
        self.customer.write({"country_id": self.env.ref(f"base.{code}").id, "state_id": False, "zip": "00901"})
        order = self.sell({self.product_a: 1}).with_user(self.clerk)
        order.action_confirm()
        return order

    def test_each_marketplace_serves_its_country_and_its_territories(self):
        for marketplace in self.env["fba.marketplace"].search([]):
            self.assertIn(marketplace.code, marketplace.served_country_ids.mapped("code"), marketplace.name)
        served = {
            code: set(self.env.ref(f"fba_connector.marketplace_{code}").served_country_ids.mapped("code"))
            for code in ("us", "gb", "de", "jp")
        }
        self.assertEqual(served["us"], {"US", "PR", "VI", "GU", "AS", "MP"})
        self.assertEqual(served["gb"], {"GB", "IM", "JE", "GG"})
        self.assertEqual((served["de"], served["jp"]), ({"DE"}, {"JP"}))

    def test_order_to_a_territory_is_sourced_and_sent(self):
        order = self.sell_to("pr")
        order.action_fulfill_by_amazon()
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        [sent] = self.control("GET", "fulfillment-orders")
        self.assertEqual(sent["request"]["destinationAddress"]["countryCode"], "PR")
        self.account.auto_source = "always"
        self.assertEqual(self.sell_to("vi").fba_status, "ready")

    def test_country_is_the_administrators_to_add(self):
        order = self.sell_to("mx")
        with self.assertRaisesRegex(UserError, "delivers to Mexico.*Configuration > Marketplaces"):
            order.action_fulfill_by_amazon()
        served = {"served_country_ids": [Command.link(self.env.ref("base.mx").id)]}
        with self.assertRaises(AccessError):
            self.us.with_user(self.clerk).write(served)
        self.us.with_user(self.manager).write(served)
        order.action_fulfill_by_amazon()
        self.assertEqual(order.fba_status, "ready")
        self.us.with_user(self.manager).served_country_ids -= self.env.ref("base.mx")
        with self.assertRaisesRegex(UserError, "Test FBA does not deliver to Mexico"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_what_a_person_chose_stays(self):
        self.us.served_country_ids = self.env.ref("base.us")
        self.us.write({"name": "Amazon", "region": "na"})
        self.env.flush_all()
        self.assertEqual(self.us.served_country_ids.mapped("code"), ["US"])
