"""Corners of the stock: settings that change, names that Amazon does not find, several SKUs of a product.

Kits need --kits.
"""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from ..amazon import inventory_v1
from ..amazon.inventory_v1 import InventoryApi
from .test_kit_stock import KitStockCase
from .test_observations import ObservationCase
from .test_resolution import ResolutionCase

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"


class CornerCase(ObservationCase, ResolutionCase):
    def setUp(self):
        super().setUp()
        self.control("POST", "settings", auto_ship=False)

    def second_sku(self, fulfillable):
        """A2 is another SKU of product A, with stock that agrees."""
        self.count("A2", fulfillable=fulfillable)
        row = {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A2", "sequence": 20}
        self.env["fba.sku"].create(row)
        if fulfillable:
            self.stock(self.afn, self.product_a, fulfillable)
        self.full_list()
        self.advance(60)

    def add_market(self):
        credentials = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
        markets = ["ATVPDKIKX0DER", "A2EUQ1WTGCTBG2"]
        self.control("POST", "sellers", refresh_token="Atzr|demo", marketplace_ids=markets, **credentials)
        canada = self.env.ref("fba_connector.marketplace_ca")
        self.account.marketplace_ids |= canada
        return canada

    def adjustments(self, product):
        return self.env["stock.move"].search([("product_id", "=", product.id), ("is_inventory", "=", True)])


@tagged("post_install", "-at_install")
class TestStockCorners(CornerCase):
    # === 1. A PRODUCT OF SEVERAL SKUS === #

    def test_loss_is_booked_before_the_import_has_passed_it(self):
        """since = the OLDEST observation of its SKUs: the import has passed that long ago."""
        self.second_sku(10)
        self.advance(240)
        self.control("POST", "settings", orders_lag_seconds=4 * 3600)
        self.sell_on_amazon(3)
        self.passes(12)
        self.assertFalse(self.adjustments(self.product_a).mapped("quantity"), "the sale explains it")

    def test_own_units_are_taken_from_free_twice(self):
        """`sent` compares with the oldest observation: reserved units of the own order go to Held."""
        self.second_sku(10)
        self.sent({self.product_a: 4})
        self.passes(2)
        self.assertEqual((self.in_odoo(self.product_a), self.free(self.product_a)), ((20, 0, 0), 16))

    def test_own_units_are_taken_from_free_twice_for_ever_beside_a_dead_sku(self):
        self.second_sku(0)
        self.habit("list_omits", ids=["A2"], operation="getInventorySummaries")  # it has none
        self.sent({self.product_a: 4})
        for _day in range(3):
            self.advance(25 * 60)
            self.sync()
        self.assertEqual(self.free(self.product_a), 6)

    def test_ready_order_loses_its_units_to_an_order_sent_before(self):
        self.second_sku(10)
        self.sent({self.product_a: 4})
        orders = [self.sourced({self.product_a: 8}).fba_fulfillment_order_ids for _order in range(2)]
        self.sync()
        self.assertEqual([order.state for order in orders], ["ready", "ready"], "Amazon has 16 free")

    # === 2. SKUS THAT AMAZON DOES NOT FIND BY NAME === #

    def test_sku_with_a_blank_is_sold_out_for_a_day(self):
        """Its list has them; asked by name Amazon returns no SKU with a blank or an apostrophe
        (amzn/selling-partner-api-models 1008, -docs 366; saleweaver/python-amazon-sp-api 22 and 306)."""
        real = InventoryApi.summaries

        def summaries(api, marketplace_id, changed_since, skus):
            rows = real(api, marketplace_id, changed_since, skus)
            yield from (row for row in rows if not (skus and {" ", "'"} & set(row.seller_sku)))

        self.startPatcher(patch.object(InventoryApi, "summaries", summaries))
        club = self.product("Foo's Club")
        self.stock(self.afn, club, 10)
        self.count("Foo's%20Club", fulfillable=10)
        self.full_list()
        self.move("Foo's%20Club", 3, "fulfillable", "gone")
        self.passes(3)
        self.assertEqual(self.free(club), 7)

    # === 3. FREE WHAT AMAZON HAS NOT === #

    def test_own_order_that_amazon_reserves_late_beside_a_sale_that_its_orders_lack_yet(self):
        self.control("POST", "settings", reserve_after_seconds=7200, orders_lag_seconds=900)
        self.sent({self.product_a: 4})
        self.advance(30)
        self.sell_on_amazon(4, status="UNSHIPPED")
        self.advance(5)
        self.run_job("sync_inventory")
        self.env.invalidate_all()
        self.assertLessEqual(self.free(self.product_a), 2, "10 less 4 sold by Amazon and 4 of our own")

    def test_own_order_that_amazon_reserves_late_without_import(self):
        self.account.import_orders = False
        self.control("POST", "settings", reserve_after_seconds=7200)
        self.sell_on_amazon(4, status="UNSHIPPED")
        self.sync()
        self.sent({self.product_a: 4})
        self.sync()
        self.assertLessEqual(self.free(self.product_a), 2)

    def test_new_sku_of_a_product_leaves_its_stock_free(self):
        """Nobody has confirmed NEW; A has been synchronized for months."""
        self.count("NEW", fulfillable=1)
        self.product_a.default_code = "NEW"
        self.sync()
        self.move("A", 8, "fulfillable", "transshipment")
        self.passes(3)
        self.assertLessEqual(self.free(self.product_a), 3)

    def test_sku_whose_count_amazon_leaves_out_stops_its_product_without_a_word(self):
        self.count("A2", fulfillable=5, omit=["reservedQuantity"])
        row = {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A2"}
        self.env["fba.sku"].create(row)
        self.move("A", 8, "fulfillable", "transshipment")
        self.full_list()
        self.passes(2)
        told = self.sku("A2").resolution_note or self.afn.fba_sync_message or self.env["fba.discrepancy"].search([])
        self.assertTrue(told, "why A is not synchronized")
        self.assertLessEqual(self.free(self.product_a), 7)

    # === 4. SETTINGS === #

    def test_row_that_a_person_deletes(self):
        """Lists of changes do not say that its SKU is there: the product is lost an hour before the next full list."""
        self.product_a.default_code = "REF-A"  # the SKU is not the reference
        self.sku().unlink()
        self.passes(4)
        self.assertEqual(self.adjusted(self.product_a), 0, "Amazon has 10")

    def test_import_that_is_switched_off_and_on(self):
        self.account.import_orders = False
        self.sell_on_amazon(3)
        self.passes(4)
        self.assertEqual(self.adjusted(self.product_a), -3)
        self.account.import_orders = True
        self.passes(4)
        self.assertEqual(len(self.adjustments(self.product_a)), 1, "no opposite one")

    def test_pool_of_another_marketplace(self):
        canada = self.add_market()
        self.sync()
        self.control("DELETE", "journal")
        self.afn.fba_marketplace_id = canada
        self.sync()
        [call] = self.journal("getInventorySummaries")
        self.assertNotIn("startDateTime", call["query"], "the counts that Odoo has are the other pool's")

    def test_warehouse_of_another_account(self):
        token = {"refresh_token": "Atzr|other"}
        credentials = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
        self.control("POST", "sellers", marketplace_ids=["ATVPDKIKX0DER"], **token, **credentials)
        other = self.env["fba.account"].create(self.account_values("Other store", **token))
        other.write({"is_live": True, "first_sync_confirmed": True})
        self.afn.fba_account_id = other
        self.passes(3)
        self.assertEqual(self.free(self.product_a), 0, "the other seller has nothing")

    def test_difference_of_before_another_first_synchronization(self):
        self.move("A", 3, "fulfillable", "gone")
        self.sync()
        self.account.write({"first_sync_confirmed": False, "inventory_cursor": False})  # as `valid_for=PLACE` does
        self.count("A", fulfillable=10)
        sync = self.env["fba.first.sync"].browse(self.account.action_first_sync()["res_id"])
        self.run_job("first_sync")
        sync.action_confirm()
        self.run_job("first_sync")
        self.env.invalidate_all()
        self.assertEqual(sync.state, "done")
        self.move("A", 3, "fulfillable", "gone")
        self.sync()
        self.assertEqual(self.adjusted(self.product_a), 0, "seen once")

    def test_warehouse_that_is_no_longer_amazons(self):
        for product in self.product_a + self.product_b:
            self.stock(self.afn, product, -10)
        self.afn.is_afn = False
        us = self.env.ref("fba_connector.marketplace_us")
        values = {"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": us.id}
        new = self.env["stock.warehouse"].create({"name": "New FBA", "code": "NFBA", **values})
        sale = self.sell_on_amazon(1)
        self.advance(30)
        self.run_job("import_amazon_orders")
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(row.sale_id.warehouse_id, new)

    # === 5. CONFIRMED BY NOBODY, LOST TOO SOON === #

    def test_sale_confirms_a_suggestion(self):
        new = self.product("NEW", taxes_id=False)
        self.count("NEW", fulfillable=10)
        self.sync()
        self.assertFalse(self.sku("NEW").is_confirmed)
        self.sell_on_amazon(1, sku="NEW")
        self.advance(30)
        self.passes(3)
        self.assertFalse(self.sku("NEW").is_confirmed, "-1 in Odoo is no stock that is booked already")
        self.assertEqual(self.adjusted(new), 0)

    def test_ambiguous_sku_that_is_missing_once_by_name_too(self):
        one, two = (self.product("TWICE") for _product in range(2))
        for product in (one, two):
            self.stock(self.afn, product, 3)
        self.count("TWICE", fulfillable=3)
        self.full_list()
        self.habit("list_omits", ids=["TWICE"], by_name=True, operation="getInventorySummaries")
        self.full_list()
        self.passes(2)
        self.assertEqual((self.adjusted(one), self.adjusted(two)), (0, 0), "not before a day")

    def test_counts_that_are_two_days_late(self):
        """models issue 947, docs/simulator.md: LONGEST_LAG is one day."""
        self.habit("counts_lag", seconds=2 * 86400)
        self.sell_on_amazon(4)
        for _pass in range(24):
            self.advance(150)
            self.sync()
        self.assertFalse(self.adjustments(self.product_a))

    def test_sku_that_moves_to_another_product_while_an_own_order_is_open(self):
        order = self.sent({self.product_a: 4})
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": self.sku().id})
        wizard.product_id = self.product_b
        with self.assertRaisesRegex(UserError, f"Amazon is fulfilling orders with A: {order.sale_id.name}"):
            wizard.action_confirm()
        self.ship(order, ("1Z1", {"A": 4}))
        self.passes(1)
        self.env["fba.sku.map.wizard"].create(
            {"sku_id": self.sku().id, "product_id": self.product_b.id}
        ).action_confirm()
        self.passes(4)
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(self.product_b)), ((0, 0, 0), (16, 0, 0)))

    def test_units_below_held_are_not_to_be_sold(self):
        shelf = self.env["stock.location"].create({"name": "Shelf", "location_id": self.afn.fba_held_location_id.id})
        self.afn.sudo()._fba_transfer([(self.product_a, 5, self.afn.lot_stock_id, shelf)])
        self.passes(2)
        self.assertEqual(self.free(self.product_a), 10)


@tagged("post_install", "-at_install")
class TestOneFailsAlone(CornerCase):
    @mute_logger(RUNS)
    def test_internal_reference_that_amazon_refuses_stops_the_warehouse(self):
        """Only the question by name is refused; the list is good."""
        self.stock(self.afn, self.product("X" * 300), 1)
        real = InventoryApi.summaries

        def summaries(api, marketplace_id, changed_since, skus):
            if any(len(sku) > 200 for sku in skus):
                self.fault("getInventorySummaries", "status", status=400, code="InvalidInput")
            yield from real(api, marketplace_id, changed_since, skus)

        self.startPatcher(patch.object(InventoryApi, "summaries", summaries))
        self.move("A", 4, "fulfillable", "transshipment")
        self.full_list()
        self.full_list()
        self.assertEqual(self.in_odoo(self.product_a), (6, 4, 0))

    @mute_logger(RUNS)
    def test_row_that_cannot_be_read_stops_the_warehouse(self):
        self.move("A", 4, "fulfillable", "transshipment")
        self.count("B", fulfillable=3)
        parse = inventory_v1.parse_page

        def bend(answer, **options):
            for row in answer["payload"]["inventorySummaries"]:
                if row["sellerSku"] == "B":
                    row["inventoryDetails"]["fulfillableQuantity"] = -1
            return parse(answer, **options)

        self.startPatcher(patch.object(inventory_v1, "parse_page", bend))
        self.full_list()
        self.assertEqual(self.in_odoo(self.product_a), (6, 4, 0))

    def test_skus_of_a_warehouse_added_later_are_confirmed_together(self):
        canada = self.add_market()
        values = {"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": canada.id}
        other = self.env["stock.warehouse"].create({"name": "Canada", "code": "TFBAC", **values})
        self.passes(2)
        skus = self.env["fba.sku"].search([("warehouse_id", "=", other.id)])
        self.assertFalse(any(skus.mapped("is_confirmed")))
        skus.action_confirm_matches()
        self.assertTrue(all(skus.mapped("is_confirmed")))

    def test_product_typed_into_the_list_is_no_match_by_reference(self):
        lamp = self.product("LAMP")
        self.count("ODD-1", fulfillable=6)
        self.sync()
        self.sku("ODD-1").product_id = lamp
        self.assertNotIn("by its internal reference", self.sku("ODD-1").resolution_note)


@tagged("post_install", "-at_install")
class TestKitCorners(KitStockCase):
    def setUp(self):
        super().setUp()
        self.control("POST", "settings", auto_ship=False)

    def test_unclear_kit_that_nobody_confirmed_loses_its_parts(self):
        saucer = self.product("SAUCER")
        self.bill.bom_line_ids = [Command.create({"product_id": saucer.id, "product_qty": 1})]
        saucer.active = False
        self.passes(3)
        self.assertEqual(self.adjusted(self.cup), 0, "Amazon has 50 boxes of six")

    def test_parts_smaller_than_the_products_unit(self):
        """A bag holds 125 g; flour is stocked in kg, of which Odoo keeps two digits."""
        flour = self.product("FLOUR", uom_id=self.env.ref("uom.product_uom_kgm").id)
        bag = self.product("BAG", is_storable=False)
        line = {"product_id": flour.id, "product_qty": 125, "product_uom_id": self.env.ref("uom.product_uom_gram").id}
        values = {"product_tmpl_id": bag.product_tmpl_id.id, "type": "phantom", "bom_line_ids": [Command.create(line)]}
        self.env["mrp.bom"].create(values)
        self.stock(self.afn, flour, 125)
        self.count("BAG", fulfillable=1000)
        self.passes(3)
        self.assertEqual((self.in_odoo(flour)[0], self.adjusted(flour)), (125, 0))

    def test_parts_much_smaller_than_the_products_unit(self):
        seed = self.product("SEED", uom_id=self.env.ref("uom.product_uom_kgm").id)
        bag = self.product("BAG", is_storable=False)
        line = {"product_id": seed.id, "product_qty": 4, "product_uom_id": self.env.ref("uom.product_uom_gram").id}
        values = {"product_tmpl_id": bag.product_tmpl_id.id, "type": "phantom", "bom_line_ids": [Command.create(line)]}
        self.env["mrp.bom"].create(values)
        self.stock(self.afn, seed, 4)
        self.count("BAG", fulfillable=1000)
        self.passes(3)
        self.assertEqual(self.adjusted(seed), 0)

    def test_sale_of_a_kit_whose_bill_is_archived(self):
        """Imported as goods that nobody counts: its cups are lost later."""
        self.sync()
        self.bill.active = False
        self.sell_on_amazon(1, sku="KIT-6")
        self.advance(30)
        self.passes(2)
        self.bill.active = True
        self.passes(4)
        self.assertEqual((self.in_odoo(self.cup), self.adjusted(self.cup)), ((294, 0, 0), 0))

    def test_bill_that_changes_between_the_count_and_its_confirmation(self):
        self.env["fba.sku"].search([]).unlink()
        self.account.write({"first_sync_confirmed": False, "inventory_cursor": False})
        sync = self.env["fba.first.sync"].browse(self.account.action_first_sync()["res_id"])
        self.run_job("first_sync")
        self.assertFalse(sync.line_ids, "all agrees")
        self.bill.bom_line_ids.product_qty = 12
        sync.action_confirm()
        self.run_job("first_sync")
        self.passes(3)
        self.assertEqual(self.adjusted(self.cup), 0, "twelve in a box: shown to nobody")

    def test_boxes_are_sold_while_the_single_cups_do_not_change(self):
        """As with two SKUs of a product."""
        self.sync()
        self.count("CUP", fulfillable=20)
        self.sync()
        self.sku("CUP")._confirm()
        self.passes(3)
        self.full_list()
        before = self.adjusted(self.cup)
        self.advance(300)
        self.control("POST", "settings", orders_lag_seconds=4 * 3600)
        self.sell_on_amazon(1, sku="KIT-6")
        self.passes(10)
        self.assertEqual(self.adjusted(self.cup), before)

    def bill_of(self, product, **values):
        """A bill that makes `product` a kit of cups."""
        line = Command.create({"product_id": self.cup.id, "product_qty": 6})
        values = {"product_tmpl_id": product.product_tmpl_id.id, "type": "phantom", "bom_line_ids": [line], **values}
        return self.env["mrp.bom"].create(values)

    def test_sent_product_that_becomes_a_kit_is_booked_as_it_was_sent(self):
        order = self.sent({self.product_a: 1})
        self.bill_of(self.product_a)
        self.ship(order, ("1Z1", {"A": 1}))
        self.reread(order)
        self.assertEqual((order.state, order.failure_message), ("shipped", False))
        self.assertEqual((self.in_odoo(self.product_a)[0], self.in_odoo(self.cup)[0]), (9, 300))
        self.assertTrue(self.product_a.is_kits)

    def test_part_of_a_sent_kit_that_becomes_a_kit_is_booked_as_it_was_sent(self):
        self.passes(2)
        order = self.sent({self.bill.product_tmpl_id.product_variant_id: 2})
        line = Command.create({"product_id": self.product_b.id, "product_qty": 1})
        self.env["mrp.bom"].create(
            {"product_tmpl_id": self.cup.product_tmpl_id.id, "type": "phantom", "bom_line_ids": [line]}
        )
        self.ship(order, ("1Z1", {"KIT-6": 2}))
        self.reread(order)
        self.assertEqual((order.state, self.in_odoo(self.cup)[0]), ("shipped", 288))

    def test_product_with_stock_that_becomes_a_kit_says_what_to_do(self):
        bill = self.bill_of(self.product_a)
        self.sync()
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": self.sku().id})
        with self.assertRaisesRegex(UserError, "it is a kit now. Change its bill"):
            wizard.action_confirm()
        bill.type = "normal"
        self.sync()
        self.assert_quiet(self.product_a)

    def test_kit_that_cannot_be_sent_says_why(self):
        self.passes(2)
        order = self.sell({self.bill.product_tmpl_id.product_variant_id: 51})
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "KIT-6: 50 free at Amazon, 51 needed"), self.cr.savepoint():
            order.action_fulfill_by_amazon()
        self.bill.bom_line_ids.product_qty = 8
        order = self.sell({self.bill.product_tmpl_id.product_variant_id: 1})
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "It was confirmed as 6 × .* and is now 8 ×"):
            order.action_fulfill_by_amazon()
