"""Orders sold on Amazon by what their seller SKUs are: imported, or waiting with the reason until that has changed."""

from odoo.fields import Command
from odoo.tests import tagged

from .. import amazon
from .sold import sold_order, stage
from .test_resolution import ResolutionCase


class SkuImportCase(ResolutionCase):
    def staged(self, *items, number=1, **values):
        return stage(self.account, sold_order(*items, order_id=f"111-0000000-{number:07}", **values))

    def imported(self, *items, **values):
        row = self.staged(*items, **values)
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row.sale_id

    def waiting(self, sku, *words):
        """An order for `sku` that waits in a batch with one that does not."""
        row = self.staged({"sku": sku, "quantity": 2, "ITEM": "20.00"}, total="20.00")
        other = self.staged({"sku": "B", "ITEM": "10.00"}, total="10.00", number=2)
        (row + other)._process()
        self.assertEqual(other.state, "done", other.error_message)
        self.assertRecordValues(row, [{"state": "error", "missing_sku": sku, "sale_id": False}])
        for word in (f'"{sku}"', "FBA Administrator", "automatically", *words):
            self.assertIn(word, row.error_message)
        self.account._wake_waiting()
        self.assertFalse(row.is_due, "as long as nobody did anything")
        return row

    def assert_wakes(self, row, product, units):
        before = self.on_hand(product)
        self.run_job("import_amazon_orders")
        self.assertEqual(row.state, "done", row.error_message)
        self.assertFalse(row.missing_sku)
        self.assertEqual(row.sale_id.order_line[0].product_id, product)
        self.assertEqual(self.on_hand(product), before - units)

    def tax(self, product, rate, *, included=False):
        kind = "tax_included" if included else "tax_excluded"
        values = {"name": f"{rate}", "amount": rate, "price_include_override": kind, "type_tax_use": "sale"}
        product.taxes_id = [Command.set(self.env["account.tax"].create(values).ids)]


@tagged("post_install", "-at_install")
class TestImportSkus(SkuImportCase):
    def pack(self, sku, size):
        row = self.row(sku, self.product_a, pack_size=size)
        row._confirm()
        return row

    # === PACKS === #

    def test_pack_is_imported_as_its_units_at_amazons_total(self):
        self.pack("A-6", 6)
        order = self.imported({"sku": "A-6", "quantity": 2, "ITEM": "20.00"}, total="20.00")
        line = order.order_line[0]
        self.assertRecordValues(
            line, [{"product_id": self.product_a.id, "product_uom_qty": 12, "qty_delivered": 12, "price_unit": 1.67}]
        )
        self.assertEqual((order.amount_total, order.delivery_status), (20.00, "full"))
        self.assertEqual(self.on_hand(self.product_a), -2)

    def test_taxes_of_packs_are_those_of_amazon(self):
        self.pack("A-6", 6)
        self.pack("A-1000", 1000)
        for rate, included, amounts, tax in (
            (8.25, False, {"ITEM": "20.00", "TAX": "1.65", "total": "21.65"}, 1.65),
            (19, True, {"ITEM": "20.00", "TAX": "3.19", "total": "20.00"}, 3.19),
        ):
            self.tax(self.product_a, rate, included=included)
            for number, sku in enumerate(("A-6", "A-1000")):
                with self.subTest(rate=rate, sku=sku):
                    total = amounts["total"]
                    item = {"sku": sku, "quantity": 2, **amounts}
                    order = self.imported(item, total=total, number=number + int(rate * 100))
                    self.assertEqual(order.amount_total, float(total))
                    self.assertAlmostEqual(order.amount_tax, tax, delta=0.011)

    def test_wrong_tax_of_a_big_pack_is_an_error(self):
        """The price of a unit would round to nothing, and its tax with it."""
        self.pack("A-1000", 1000)
        self.tax(self.product_a, 19)
        row = self.staged({"sku": "A-1000", "ITEM": "3.00", "TAX": "0.25"}, total="3.25")
        row._process()
        self.assertEqual(row.state, "error")
        self.assertIn("taxes", row.error_message)

    def test_pack_stays_in_amazons_units_where_amazon_counts(self):
        self.pack("A-6", 6)
        row = self.staged({"sku": "A-6", "quantity": 2, "ITEM": "20.00"}, total="20.00")
        row._process()
        shipped = amazon.ShippedItem(
            order_id=row.amazon_order_id, shipment_item_id="D1", shipment_id="S1", merchant_order_id=None,
            seller_sku="A-6", quantity=2, shipped_at=None, carrier_code="UPS", tracking_number="1Z1",
        )  # fmt: skip
        self.env["fba.shipped.item"]._store(self.account, [shipped])
        self.assertTrue(row.is_tracked)
        row.is_due = True
        row._process()
        self.assertEqual((row.state, row.error_message, len(row.sale_id.activity_ids)), ("done", False, 0))

    def test_kit_is_imported_as_kits_and_delivered_as_parts(self):
        kit = self.kit("KIT", {self.product_a: 2, self.product_b: 1}, taxes_id=False)
        self.row("KIT-2", kit, pack_size=2)._confirm()
        order = self.imported({"sku": "KIT-2", "quantity": 1, "ITEM": "10.00"}, total="10.00")
        line = {"product_id": kit.id, "product_uom_qty": 2, "qty_delivered": 2, "price_unit": 5}
        self.assertRecordValues(order.order_line, [line])
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (6, 8))

    # === GOODS THAT ARE NOT COUNTED === #

    def test_goods_that_nobody_counts_have_left_all_the_same(self):
        for number, (change, deliveries) in enumerate(
            (({"active": False}, 1), ({"is_storable": False}, 1), ({"type": "service", "is_storable": False}, 0))
        ):
            with self.subTest(**change):
                product = self.product(f"P-{number}", taxes_id=False)
                self.row(f"S-{number}", product, pack_size=2)._confirm()
                product.write(change)
                order = self.imported({"sku": f"S-{number}", "ITEM": "10.00"}, total="10.00", number=number)
                self.assertRecordValues(order.order_line, [{"product_id": product.id, "product_uom_qty": 2}])
                self.assertEqual(len(order.picking_ids), deliveries)
                self.assertEqual(set(order.picking_ids.mapped("state")), {"done"} if deliveries else set())

    # === SKUS THAT WAIT === #

    def test_several_products_of_one_reference_wait_for_a_choice(self):
        first, _second = (self.product("TWIN", taxes_id=False) for _product in range(2))
        row = self.waiting("TWIN", "Several products", f"({first.id})")
        self.assertEqual(row.action_map()["res_model"], "fba.sku.map.wizard")
        self.env["fba.sku"].search([("seller_sku", "=", "TWIN")]).product_id = first
        self.assert_wakes(row, first, 2)

    def test_sku_that_moved_to_another_product_waits_for_a_confirmation(self):
        sku = self.row("MOVED", self.product_a)
        sku._confirm()
        sku.fulfillable_quantity = 5
        sku.product_id = self.product_b
        row = self.waiting("MOVED", "confirmed as 1 × [A] Product A and is now 1 × [B] Product B")
        self.assertEqual(row.action_map()["res_model"], "fba.sku.map.wizard")
        sku._confirm()
        self.assert_wakes(row, self.product_b, 2)

    def test_other_unit_waits_for_a_confirmation(self):
        tea = self.product("TEA", uom_id=self.env.ref("uom.product_uom_kgm").id, taxes_id=False)
        sku = self.row("TEA-500", tea, pack_size=0.5)
        row = self.waiting("TEA-500", "counted in kg")
        sku._confirm()
        self.assert_wakes(row, tea, 1)

    def test_archived_product_of_a_reference_waits_until_it_is_restored(self):
        old = self.product("OLD", taxes_id=False)
        old.active = False
        row = self.waiting("OLD", "Restore it")
        old.active = True
        self.assert_wakes(row, old, 2)

    def test_each_sku_that_cannot_be_used_is_named(self):
        row = self.staged(
            {"sku": "S-1", "ITEM": "1.00"}, {"sku": "A", "ITEM": "1.00"}, {"sku": "S-2", "ITEM": "1.00"}, total="3.00"
        )
        row._process()
        self.assertIn('"S-1" cannot be used yet', row.error_message)
        self.assertIn('"S-2" cannot be used yet', row.error_message)
        self.product("S-1", taxes_id=False)
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.missing_sku), ("error", "S-2"))

    def test_message_about_many_skus_is_short(self):
        lines = [{"sku": f"S-{number}", "ITEM": "1.00"} for number in range(9)]
        row = self.staged(*lines, total="9.00")
        row._process()
        self.assertEqual(row.error_message.count("cannot be used yet"), 3)
        self.assertIn('Nor can these be used: "S-3", "S-4", "S-5" and 3 more.', row.error_message)

    def test_item_that_never_left_waits_for_nobody(self):
        lines = {"sku": "A", "ITEM": "10.00"}, {"sku": "STRANGE", "fulfilled": 0, "ITEM": "0.00"}
        self.assertEqual(self.imported(*lines, total="10.00").order_line.product_id, self.product_a)

    def test_item_without_a_sku_has_nothing_to_map(self):
        row = self.staged({"sku": None, "ITEM": "10.00"}, total="10.00")
        row._process()
        self.assertRecordValues(row, [{"state": "error", "missing_sku": False}])
        self.assertIn("names no seller SKU for Title of None", row.error_message)
