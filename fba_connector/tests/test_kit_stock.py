"""Stock of kits and packs that Amazon counts as SKUs of their own: in the units of their parts. Kits need --kits."""

from odoo.tests import tagged

from .test_observations import ObservationCase
from .test_resolution import ResolutionCase


class KitStockCase(ObservationCase, ResolutionCase):
    """300 cups lie in the AFN warehouse; Amazon has them in boxes of six."""

    def setUp(self):
        super().setUp()
        self.cup = self.product("CUP")
        self.stock(self.afn, self.cup, 300)
        self.kit("KIT-6", {self.cup: 6})
        self.count("KIT-6", fulfillable=50)


@tagged("post_install", "-at_install")
class TestKitStock(KitStockCase):
    def test_fifty_boxes_are_three_hundred_cups_and_stop_nobody(self):
        self.move("B", 2, "fulfillable", "gone")
        self.passes(3)
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)
        self.assert_quiet(self.cup, stock=300)
        self.assertEqual(self.sku("KIT-6").resolution, "kit")
        self.assertTrue(self.sku("KIT-6").is_confirmed, "its cups were booked before")
        self.assertEqual(self.adjusted(self.product_b), -2)

    def test_products_show_what_amazon_can_sell_in_their_own_unit(self):
        self.sync()
        self.count("CUP", fulfillable=20)
        self.sync()
        kit = self.bill.product_tmpl_id.product_variant_id
        self.assertEqual((self.cup.fba_fulfillable_quantity, kit.fba_fulfillable_quantity), (320, 50))

    def test_boxes_that_are_held_unsellable_or_lost(self):
        self.sync()
        self.move("KIT-6", 2, "fulfillable", "transshipment")
        self.move("KIT-6", 1, "fulfillable", "unfulfillable")
        self.sync()
        self.assertEqual(self.in_odoo(self.cup), (282, 12, 6))
        self.move("KIT-6", 3, "fulfillable", "gone")
        self.passes(2)
        self.assertEqual((self.adjusted(self.cup), self.in_odoo(self.cup)), (-18, (264, 12, 6)))

    def test_boxes_and_single_cups_add_up(self):
        self.sync()
        self.count("CUP", fulfillable=20)
        self.passes(1)
        self.assertFalse(self.sku("CUP").is_confirmed, "the cups that Odoo has are in the boxes")
        self.sku("CUP")._confirm()
        self.passes(3)
        self.assertEqual((self.adjusted(self.cup), self.in_odoo(self.cup)), (20, (320, 0, 0)))

    def test_kit_of_two_goods_and_a_kit_in_it(self):
        saucer = self.product("SAUCER")
        for part, units in ((self.cup, 100), (saucer, 50)):
            self.stock(self.afn, part, units)
        inner = self.kit("PAIR", {self.cup: 2, saucer: 1})
        self.kit("TABLE", {inner: 5})
        self.count("TABLE", fulfillable=10)
        self.passes(1)
        self.sku("TABLE")._confirm()
        self.passes(2)
        self.assert_quiet(self.cup, stock=400)
        self.assert_quiet(saucer, stock=50)
        self.move("TABLE", 1, "fulfillable", "gone")
        self.passes(2)
        self.assertEqual((self.adjusted(self.cup), self.adjusted(saucer)), (-10, -5))

    def test_other_bill_of_materials_is_told_and_books_nothing(self):
        self.sync()
        self.bill.bom_line_ids.product_qty = 8
        self.passes(3)
        self.assert_quiet(self.cup, stock=300)
        self.assertIn("6 × [CUP] CUP and is now 8 × [CUP] CUP", self.sku("KIT-6").resolution_note)
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": self.sku("KIT-6").id})
        self.assertEqual(wizard.effect, "[CUP] CUP: 300 → 400 Units")
        wizard.action_confirm()
        self.passes(2)
        self.assertEqual((self.adjusted(self.cup), self.in_odoo(self.cup)), (100, (400, 0, 0)))

    def test_part_that_is_archived(self):
        self.sync()
        self.cup.active = False
        self.move("KIT-6", 10, "fulfillable", "gone")
        self.passes(3)
        self.assertEqual(self.adjusted(self.cup), 0)
        self.assertIn("archived", self.sku("KIT-6").resolution_note)
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)

    def test_kit_that_amazon_leaves_out_once(self):
        self.sync()
        self.habit("list_omits", ids=["KIT-6"], operation="getInventorySummaries")
        self.full_list()
        self.passes(1)
        self.assert_quiet(self.cup, stock=300)


@tagged("post_install", "-at_install")
class TestPackStock(ObservationCase, ResolutionCase):
    def test_pack_is_counted_in_units_of_its_product(self):
        self.count("A-6", fulfillable=4, transshipment=1)
        row = {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A-6", "pack_size": 6}
        self.env["fba.sku"].create(row)
        self.full_list()
        self.passes(2)
        self.assertEqual((self.adjusted(self.product_a), self.in_odoo(self.product_a)), (30, (34, 6, 0)))

    def test_bags_of_half_a_kilogram(self):
        tea = self.product("TEA", uom_id=self.env.ref("uom.product_uom_kgm").id)
        self.count("TEA", fulfillable=5)
        self.sync()
        self.assertEqual(self.sku("TEA").resolution, "wrong_unit")
        wizard = self.env["fba.sku.map.wizard"].create(
            {"sku_id": self.sku("TEA").id, "product_id": tea.id, "pack_size": 0.5}
        )
        self.assertEqual(wizard.effect, "[TEA] TEA: 0 → 2.5 kg")
        wizard.action_confirm()
        self.passes(2)
        self.assertEqual((self.in_odoo(tea), self.sku("TEA").resolution), ((2.5, 0, 0), "pack"))
