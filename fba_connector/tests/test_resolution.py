"""What a seller SKU is: each way in which it is, or is not, one countable product."""

from odoo.fields import Command
from odoo.tests import tagged

from ..models.warehouse.allocation import ENDLESS, Offer, allocate
from ..models.warehouse.resolution import RESOLUTIONS, Resolution
from .common import FbaCase


class ResolutionCase(FbaCase):
    def product(self, name, **values):
        return self.env["product.product"].create({"name": name, "default_code": name, "is_storable": True, **values})

    def row(self, sku, product=None, **values):
        """A row as Amazon's list makes it: matched, if at all, but not confirmed."""
        new = {"warehouse_id": self.afn.id, "seller_sku": sku, "product_id": product and product.id, **values}
        return self.env["fba.sku"].with_context(fba_suggested=True).create(new).with_context(fba_suggested=False)

    def kind(self, sku):
        return self.env["fba.sku"]._resolve_skus(self.afn, [sku])[sku].kind

    def kit(self, name, parts, **values):
        """A kit of {product: units}. Skips without Manufacturing."""
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        kit = self.product(name, is_storable=False, **values)
        self.bill = self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": units}) for part, units in parts.items()
                ],
            }
        )
        return kit


@tagged("post_install", "-at_install")
class TestResolution(ResolutionCase):
    def assert_told(self, row, kind, part_of_note):
        self.assertEqual(row._resolve()[row].kind, kind)
        self.assertEqual(row.resolution, kind)
        self.assertIn(part_of_note, row.resolution_note or "")

    def test_product_and_pack(self):
        row = self.row("A", self.product_a)
        self.assert_told(row, "product", "Confirm it")
        self.assertFalse(row.is_confirmed)
        row._confirm()
        self.assertTrue(row.is_confirmed)
        self.assertFalse(row.resolution_note)
        six = self.row("A-6", self.product_a, pack_size=6)
        self.assert_told(six, "pack", "Confirm it")
        self.assertEqual(six._resolve()[six].units, {self.product_a: 6})

    def test_row_entered_by_a_person_is_confirmed(self):
        row = self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "A-6", "product_id": self.product_a.id, "pack_size": 6}
        )
        self.assertRecordValues(row.part_ids, [{"product_id": self.product_a.id, "units": 6}])

    def test_unknown_and_several_products_of_one_reference(self):
        row = self.row("X-1")
        self.assert_told(row, "unknown", "X-1")
        self.product("X-1")
        self.assertEqual(row._resolve()[row].kind, "product")
        self.product("X-1")
        row._refresh_resolutions()
        self.assert_told(row, "ambiguous", "Several products")

    def test_reference_that_only_products_share_which_cannot_be_counted(self):
        self.product("OLD").active = False
        self.product("FREE", is_storable=False)
        self.product("CARE", type="service", is_storable=False)
        self.assertEqual(
            {sku: self.kind(sku) for sku in ("OLD", "FREE", "CARE")},
            {"OLD": "archived", "FREE": "untracked", "CARE": "service"},
        )
        self.product("FREE")
        self.assertEqual(self.kind("FREE"), "product", "the only one of them that can be counted")

    def test_product_that_can_no_longer_be_counted_is_told_at_once(self):
        other_company = self.env["res.company"].create({"name": "Other"})
        for change, kind, words in (
            ({"active": False}, "archived", "Restore it"),
            ({"type": "service", "is_storable": False}, "service", "nothing to count"),
            ({"is_storable": False}, "untracked", "Track its inventory"),
            ({"uom_id": self.env.ref("uom.product_uom_dozen").id}, "wrong_unit", "counted in Dozens"),
        ):
            with self.subTest(kind=kind):
                product = self.product(f"P-{kind}")
                row = self.row(f"S-{kind}", product)
                row._confirm()
                product.write(change)
                self.assert_told(row, kind, words)
        row = self.row("THEIRS", self.product("THEIRS-P"))
        row.product_id.sudo().company_id = other_company
        row._refresh_resolutions()
        self.assert_told(row, "company", "belongs to Other")
        combo = self.env["product.combo"].create(
            {"name": "Menu", "combo_item_ids": [Command.create({"product_id": self.product_a.id})]}
        )
        menu = self.product("MENU", type="combo", is_storable=False, combo_ids=[Command.link(combo.id)])
        self.assert_told(self.row("MENU", menu), "combo", "differ from order to order")

    def test_other_product_merged_into_this_one_or_moved_is_a_change(self):
        row = self.row("A", self.product_a)
        row._confirm()
        row.fulfillable_quantity = 5
        row.product_id = self.product_b
        self.assert_told(row, "changed", "1 × [A] Product A and is now 1 × [B] Product B")
        row._confirm()
        self.assert_told(row, "product", "")
        row.pack_size = 3
        self.assert_told(row, "changed", "3 × [B] Product B")

    def test_sku_that_moves_to_goods_that_are_not_counted_is_a_change(self):
        for number, values in enumerate(({"type": "service"}, {"is_storable": False}, {"active": False})):
            with self.subTest(values=values):
                row = self.row(f"S-{number}", self.product(f"P-{number}"), fulfillable_quantity=5)
                row._confirm()
                row.product_id = self.product(f"Q-{number}", **{"is_storable": "type" not in values, **values})
                self.assertFalse(row._resolve()[row].is_sold)
                self.assert_told(row, "changed", f"1 × [Q-{number}]")

    def test_change_of_a_sku_without_units_moves_nothing_and_needs_no_dialog(self):
        row = self.row("A", self.product_a)
        row._confirm()
        row.product_id = self.product_b
        self.assert_told(row, "product", "")
        self.assertEqual(row.part_ids.product_id, self.product_b)

    def test_product_in_another_unit_is_countable_once_confirmed(self):
        kilo = self.product("TEA", uom_id=self.env.ref("uom.product_uom_kgm").id)
        row = self.row("TEA", kilo, pack_size=0.5)
        self.assert_told(row, "wrong_unit", "counted in kg")
        row._confirm()
        self.assert_told(row, "pack", "")
        self.assertEqual(row._resolve()[row].units, {kilo: 0.5})

    def test_graded_returns_are_kept_apart_or_follow_a_rule(self):
        sku = "amzn.gr.A-100-kfYcsA4KoBAhRA-VG"
        row = self.row(sku)
        self.assert_told(row, "graded", "kept apart")
        self.account.graded_return_reference = "{sku}-{condition}"
        row._refresh_resolutions()
        self.assert_told(row, "graded", "A-100-VG of your rule")
        used = self.product("A-100-VG")
        resolution = row._resolve()[row]
        self.assertEqual((resolution.kind, resolution.product, resolution.by_rule), ("product", used, True))
        self.assertEqual(self.kind("amzn.gr.odd"), "graded")
        self.assertEqual(self.kind("A-100-kfYcsA4KoBAhRA-VG"), "unknown")

    def test_every_kind_is_tested(self):
        tested = set(
            "product pack unknown ambiguous changed wrong_unit archived untracked service combo company".split()
        )
        self.assertEqual(tested | {"kit", "unclear_kit", "graded"}, {kind for kind, _label in RESOLUTIONS})


@tagged("post_install", "-at_install")
class TestKitResolution(ResolutionCase):
    def test_kit_is_its_parts(self):
        kit = self.kit("KIT-6", {self.product_a: 6})
        row = self.row("KIT-6", kit)
        self.assertEqual(row.resolution, "kit")
        self.assertEqual(row._resolve()[row].units, {self.product_a: 6})
        two = self.row("KIT-12", kit, pack_size=2)
        self.assertEqual(two._resolve()[two].units, {self.product_a: 12})

    def test_archived_kit_has_no_known_parts(self):
        row = self.row("KIT-6", self.kit("KIT-6", {self.product_a: 6}))
        row._confirm()
        row.product_id.product_tmpl_id.action_archive()
        row._refresh_resolutions()
        self.assertEqual(row.resolution, "archived")
        self.assertFalse(row._resolve()[row].is_sold)
        self.assertTrue(row.part_ids)

    def test_kit_in_a_kit_and_goods_that_are_not_tracked(self):
        sticker = self.product("STICKER", is_storable=False)
        inner = self.kit("INNER", {self.product_a: 2, sticker: 1})
        outer = self.kit("OUTER", {inner: 3, self.product_b: 1})
        row = self.row("OUTER", outer)
        self.assertEqual(row._resolve()[row].units, {self.product_a: 6, self.product_b: 1})
        self.assertIn(sticker, {product for product, _line in row._resolve()[row].components})

    def test_bill_of_materials_that_changes_is_told_with_the_next_pass(self):
        row = self.row("KIT-6", self.kit("KIT-6", {self.product_a: 6}))
        row._confirm()
        self.bill.bom_line_ids.product_qty = 8
        row._refresh_resolutions()
        self.assertEqual(row.resolution, "changed")
        self.assertIn("6 × [A] Product A and is now 8 × [A] Product A", row.resolution_note)

    def test_kit_without_countable_parts_or_with_an_archived_one(self):
        sticker = self.product("STICKER", is_storable=False)
        row = self.row("EMPTY", self.kit("EMPTY", {sticker: 1}))
        self.assertEqual(row.resolution, "unclear_kit")
        kit = self.kit("KIT-6", {self.product_a: 6})
        self.product_a.active = False
        row = self.row("KIT-6", kit)
        self.assertEqual(row.resolution, "archived")
        self.assertIn("Product A", row.resolution_note)

    def test_kit_whose_parts_depend_on_the_order(self):
        attribute = self.env["product.attribute"].create({"name": "Gift", "create_variant": "no_variant"})
        values = self.env["product.attribute.value"].create(
            [{"name": name, "attribute_id": attribute.id} for name in ("Yes", "No")]
        )
        kit = self.kit("GIFT", {self.product_a: 1, self.product_b: 1})
        line = self.env["product.template.attribute.line"].create(
            {"product_tmpl_id": kit.product_tmpl_id.id, "attribute_id": attribute.id, "value_ids": values.ids}
        )
        self.bill.bom_line_ids[1].bom_product_template_attribute_value_ids = line.product_template_value_ids[0]
        row = self.row("GIFT", kit)
        self.assertEqual(row.resolution, "unclear_kit")
        self.assertIn("options", row.resolution_note)


@tagged("post_install", "-at_install")
class TestAllocation(ResolutionCase):
    def offers(self, *offers):
        return [Offer(sku, Resolution("pack", self.product_a, size), free) for sku, size, free in offers]

    def allocated(self, units, *offers):
        parts = allocate(units, self.offers(*offers))
        return parts and [(offer.seller_sku, count) for offer, count in parts]

    def test_first_that_has_enough_then_as_few_as_possible(self):
        self.assertEqual(self.allocated(4, ("A", 1, 5), ("A2", 1, 8)), [("A", 4)])
        self.assertEqual(self.allocated(6, ("A", 1, 5), ("A2", 1, 8)), [("A2", 6)])
        self.assertEqual(self.allocated(8, ("A", 1, 5), ("A2", 1, 5)), [("A", 5), ("A2", 3)])
        self.assertEqual(self.allocated(9, ("A", 1, 2), ("B", 1, 3), ("C", 1, 7)), [("A", 2), ("C", 7)])
        self.assertEqual(self.allocated(12, ("A", 1, 2), ("B", 1, 3), ("C", 1, 7)), [("A", 2), ("B", 3), ("C", 7)])
        self.assertIsNone(self.allocated(13, ("A", 1, 2), ("B", 1, 3), ("C", 1, 7)))

    def test_packs(self):
        self.assertEqual(self.allocated(12, ("SIX", 6, ENDLESS)), [("SIX", 2)])
        self.assertIsNone(self.allocated(1, ("SIX", 6, 9)))
        self.assertEqual(self.allocated(14, ("SIX", 6, 9), ("ONE", 1, 5)), [("SIX", 2), ("ONE", 2)])
        self.assertEqual(self.allocated(8, ("SIX", 6, 9), ("ONE", 1, 1), ("FOUR", 4, 5)), [("FOUR", 2)])
        self.assertEqual(self.allocated(10, ("SIX", 6, 9), ("FOUR", 4, 5)), [("SIX", 1), ("FOUR", 1)])
        self.assertEqual(self.allocated(1.5, ("HALF", 0.5, 9)), [("HALF", 3)])
        self.assertIsNone(self.allocated(1.3, ("HALF", 0.5, 9)))
        self.assertIsNone(self.allocated(0.5, ("ONE", 1, 9)))
