"""Stock at Amazon: rows, figures that add up, and the story of each difference."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from ..models.inventory.holdings import Holdings
from .test_inventory import InTimeCase, InventoryCase

AMAZON = ("fulfillable_quantity", "held_quantity", "unsellable_quantity")
ODOO = ("stock_quantity", "odoo_held_quantity", "odoo_unsellable_quantity")


class ScreenMixin:
    def screen(self, *domain, user=None):
        self.env.flush_all()
        self.env.invalidate_all()
        Stock = self.env["fba.stock"].with_user(user or self.env.user).with_context(tz="UTC", lang="en_US")
        return Stock.search([("warehouse_id", "=", self.afn.id), *domain])

    def row_of(self, product, user=None):
        return self.screen(("product_id", "=", product.id), ("sku_id", "=", False), user=user)

    def row_of_sku(self, sku, user=None):
        return self.screen(("seller_sku", "=", sku), ("sku_id", "!=", False), user=user)

    def figures(self, row):
        return (row.amazon_quantity, row.odoo_quantity, row.difference_quantity, row.unexplained_quantity)

    def new_sku(self, name, product=None, **values):
        """A row as Amazon's list makes it: matched, if at all, but not confirmed."""
        new = {"warehouse_id": self.afn.id, "seller_sku": name, "product_id": product and product.id, **values}
        return self.env["fba.sku"].with_context(fba_suggested=True).create(new).with_context(fba_suggested=False)

    def assert_all_add_up(self):
        rows = self.screen()
        for row in rows:
            with self.subTest(row=row.seller_sku or row.product_id.name):
                self.assertAlmostEqual(sum(row[name] for name in AMAZON), row.amazon_quantity, 6)
                self.assertAlmostEqual(sum(row[name] for name in ODOO), row.odoo_quantity, 6)
                self.assertAlmostEqual(row.odoo_quantity - row.amazon_quantity, row.difference_quantity, 6)
        self.assertEqual(len(set(rows.ids)), len(rows))
        locations = self.afn._fba_locations()
        quants = self.env["stock.quant"].search([("location_id", "child_of", locations.ids)])
        self.assertAlmostEqual(sum(rows.mapped("odoo_quantity")), sum(quants.mapped("quantity")), 6, "each unit once")
        return rows


@tagged("post_install", "-at_install")
class TestRows(ScreenMixin, InventoryCase):
    def test_several_skus_of_a_product_are_one_row_in_its_unit(self):
        self.count("A-6", fulfillable=2, unfulfillable=1, inbound_shipped=3)
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "A-6", "product_id": self.product_a.id, "pack_size": 6}
        )
        self.full_cycle()
        self.assertRecordValues(
            self.row_of(self.product_a),
            [
                {
                    "seller_sku": "A, A-6",
                    "resolution": "product",
                    "fulfillable_quantity": 22,
                    "unsellable_quantity": 6,
                    "inbound_quantity": 18,
                    "amazon_quantity": 28,
                    "odoo_quantity": 28,
                    "difference_quantity": 0,
                    "why": False,
                    "needs_person": False,
                }
            ],
        )
        self.assert_all_add_up()

    def test_units_in_kilograms_and_negative_quants(self):
        rice = self.env["product.product"].create(
            {
                "name": "Rice",
                "default_code": "RICE",
                "is_storable": True,
                "uom_id": self.env.ref("uom.product_uom_kgm").id,
            }
        )
        self.count("BAG", fulfillable=3, fc_processing=1)
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "BAG", "product_id": rice.id, "pack_size": 2.5}
        )
        self.sync()
        row = self.row_of(rice)
        self.assertEqual((row.fulfillable_quantity, row.held_quantity, row.amazon_quantity), (7.5, 2.5, 10))
        self.assertEqual(row.uom_id.name, "kg")
        self.assertEqual(row.resolution, "pack")
        self.stock(self.afn, self.product_b, -13)
        self.assertEqual(self.figures(self.row_of(self.product_b))[:3], (10, -3, -13))
        self.assert_all_add_up()

    def test_sku_that_nobody_confirmed_is_a_row_with_its_sentence(self):
        unknown = self.new_sku("X", fulfillable_quantity=3)
        product = self.env["product.product"].create({"name": "Y", "default_code": "Y", "is_storable": True})
        suggested = self.new_sku("Y", product, fulfillable_quantity=4, pack_size=2)
        rows = self.row_of_sku("X") + self.row_of_sku("Y")
        self.assertEqual(rows.mapped("resolution"), ["unknown", "suggested"])
        self.assertEqual(rows.mapped("why"), [unknown.resolution_note, suggested.resolution_note])
        self.assertIn("Confirm it", rows[1].why)
        self.assertEqual(rows.mapped("amazon_quantity"), [3, 8], "in the product's unit, as far as it is known")
        self.assertEqual(rows.mapped("unexplained_quantity"), [0, 0])
        self.assertTrue(all(rows.mapped("needs_person")))
        self.assert_all_add_up()
        suggested._confirm()
        self.assertFalse(self.row_of_sku("Y"))
        self.assertEqual(self.row_of(product).amazon_quantity, 8)

    def test_sentence_of_a_sku_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.new_sku("X", fulfillable_quantity=3)
        sentences = {"unknown": lambda env, sku: f"{sku} in {env.lang}"}
        self.enterContext(patch.object(self.env.registry["fba.sku"], "_sentences", sentences))
        for lang in ("en_US", "de_DE"):
            self.assertEqual(self.row_of_sku("X").with_context(lang=lang).why, f"X in {lang}")

    def test_product_that_no_sku_holds(self):
        other = self.env["product.product"].create({"name": "Other", "is_storable": True})
        self.stock(self.afn, other, 4)
        row = self.row_of(other)
        self.assertRecordValues(
            row, [{"resolution": "odoo", "amazon_quantity": 0, "odoo_quantity": 4, "difference_quantity": 4}]
        )
        self.assertIn("Amazon lists no SKU for this product.", row.why)
        self.assertEqual(row.unexplained_quantity, 4)

    def test_product_that_left_both_is_not_in_use(self):
        self.assertTrue(self.row_of(self.product_a).is_in_use)
        self.count("A", fulfillable=0)
        self.stock(self.afn, self.product_a, -10)
        self.sync()
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (0, 0, 0, 0))
        self.assertFalse(row.is_in_use)
        self.count("A", fulfillable=0, inbound_shipped=2)
        self.sync()
        self.assertTrue(self.row_of(self.product_a).is_in_use, "some are on their way")

    def test_archived_product_is_told_and_opened(self):
        self.product_a.active = False
        self.sync()
        row = self.row_of_sku("A")
        self.assertEqual((row.resolution, row.amazon_quantity), ("archived", 10))
        self.assertIn("archived", row.why)
        self.assertEqual(row.action_open_product()["res_id"], self.product_a.id)
        self.assertEqual(self.row_of(self.product_a).why, "Not compared until A is resolved: see its row.")
        self.assert_all_add_up()

    def test_products_told_as_not_compared_are_those_left_alone(self):
        """The screen and the synchronization agree on them."""
        self.new_sku("A-2", self.product_a, fulfillable_quantity=1)
        self.new_sku("B-EMPTY", self.product_b)
        for product in (self.product_a, self.product_b):
            self.stock(self.afn, product, 1)
        compared = Holdings(self.afn.sudo()).products
        for product in (self.product_a, self.product_b):
            told = (self.row_of(product).why or "").startswith("Not compared")
            self.assertEqual(told, product not in compared, product.name)

    def test_groups_count_a_product_once(self):
        self.new_sku("X", fulfillable_quantity=3)
        groups = self.env["fba.stock"]._read_group(
            [("warehouse_id", "=", self.afn.id)], ["product_id"], ["amazon_quantity:sum", "odoo_quantity:sum"]
        )
        self.assertEqual(
            {product.default_code: sums for product, *sums in groups}, {"A": [10, 10], "B": [10, 10], False: [3, 0]}
        )

    def test_queries_do_not_grow_with_the_rows(self):
        def read(count):
            rows = self.screen(("product_id", "!=", False))[:count]
            self.assertEqual(len(rows), count)
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            rows.web_read({name: {} for name in ("why", "unexplained_quantity", "resolution", "amazon_quantity")})
            return self.cr.sql_log_count - before

        products = self.env["product.product"].create(
            [{"name": f"P{n}", "default_code": f"P{n}", "is_storable": True} for n in range(60)]
        )
        for number, product in enumerate(products):
            sku = self.new_sku(f"P{number}", product, fulfillable_quantity=3, observed_at=fields.Datetime.now())
            if number % 3:
                sku._confirm()
                self.stock(self.afn, product, number)
        self.sell_on_amazon(1, sku="P1")
        self.run_job("import_amazon_orders")
        read(5)
        self.assertLessEqual(read(50), read(5) + 1)  # Odoo reads names of products in parts

    # === COVER === #

    def test_days_of_cover(self):
        self.sell_on_amazon(3)
        self.advance(minutes=10)
        self.sync()
        rows = self.row_of(self.product_a) + self.row_of(self.product_b)
        self.assertEqual(rows.mapped("sold_quantity"), [3, 0])
        self.assertEqual(rows.mapped("cover_days"), [7 * 30 / 3, 0])
        low = [("sold_quantity", ">", 0), ("cover_days", "<", 30)]
        self.assertFalse(self.screen(*low))
        moves = self.env["stock.move"].search(
            [("product_id", "=", self.product_a.id), ("picking_type_id", "=", self.afn.out_type_id.id)]
        )
        moves.date = fields.Datetime.now() - timedelta(days=31)
        self.assertEqual(self.row_of(self.product_a).sold_quantity, 0)
        moves.date = fields.Datetime.now()
        self.count("A", fulfillable=2)
        self.sync()
        self.assertEqual(self.screen(*low), self.row_of(self.product_a))


@tagged("post_install", "-at_install")
class TestStory(ScreenMixin, InTimeCase):
    """Odoo's clock is the simulator's."""

    def setUp(self):
        super().setUp()
        self.sync()

    def sync(self):
        self.read_clock()
        result = super().sync()
        self.read_clock()
        return result

    def clock(self, moment, zone="UTC"):
        """A pattern: "10:05 AM" as the story tells it in that zone, with its day where that is not today."""
        there = self.account.with_context(tz=zone)
        local = fields.Datetime.context_timestamp(there, moment)
        day = "" if local.date() == fields.Date.context_today(there) else f"{local:%m/%d/%Y} "
        return rf"{day}{local:%-I:%M\s?%p}"

    def test_shipped_since_the_last_count(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.advance(minutes=5)
        self.read_clock()
        self.pull()
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (10, 6, -4, 0))
        self.assertRegex(row.why, rf"^4 shipped since the last count at {self.clock(row.observed_at)}\.$")
        self.assertEqual(row.observed_at, self.sku().observed_at)
        zone = row.with_context(tz="Asia/Tokyo")
        zone.invalidate_recordset()
        self.assertRegex(zone.why, rf"at {self.clock(row.observed_at, 'Asia/Tokyo')}\.$")
        self.sync()
        self.assertFalse(self.row_of(self.product_a).why)

    def test_sold_on_amazon_and_not_imported(self):
        self.new_sku("Z", fulfillable_quantity=0)
        items = [
            {"seller_sku": "A", "quantity": 2, "item_price": "10.00"},
            {"seller_sku": "Z", "quantity": 1, "item_price": "10.00"},
        ]
        self.control("POST", "sales", items=items, status="SHIPPED")
        self.advance(minutes=10)
        self.sync()
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (8, 10, 2, 0))
        self.assertEqual(row.why, "2 sold on Amazon, waiting to be imported.")

    def test_shipped_shortly_before_a_count_that_does_not_show_it(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.advance(minutes=5)
        self.read_clock()
        self.pull()
        moves = fulfillment.line_ids.move_ids
        moves.date = self.now
        self.sku().observed_at = self.now + timedelta(minutes=10)
        self.env["fba.discrepancy"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "quantity": -5, "since": self.now}
        )
        self.stock(self.afn, self.product_a, -1)
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (10, 5, -5, 1))
        self.assertIn("4 shipped shortly before the count at", row.why)
        self.assertIn("1 not explained since", row.why)
        moves.date = self.now - timedelta(minutes=25)
        self.assertEqual(self.row_of(self.product_a).unexplained_quantity, 5, "Amazon had time to count it")

    def test_amazon_had_counted_a_shipment_before_its_time_in_odoo(self):
        """Only what the difference needs is told."""
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.advance(minutes=5)
        self.read_clock()
        self.pull()
        self.sku().fulfillable_quantity -= 3
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (7, 6, -1, 0))
        self.assertIn("1 shipped since the last count", row.why)

    def test_difference_that_nothing_explains_waits_for_a_later_count(self):
        self.count("A", fulfillable=7)
        self.sync()
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (7, 10, 3, 3))
        self.assertRegex(row.why, r"^3 not explained since .*: booked when a later count agrees\.$")
        self.assertEqual(self.screen(("difference_since", "!=", False)), row)

    def test_story_of_several_parts_adds_up(self):
        self.count("A", fulfillable=7)
        self.sync()
        self.stock(self.afn, self.product_a, 1200.5)  # by hand, after the count
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (7, 1210.5, 1203.5, 1203.5))
        self.assertIn("3 not explained since", row.why)
        self.assertIn("1,200.5 not explained: the next count compares them.", row.why)

    def test_received_since_the_count(self):
        self.advance(minutes=1)
        self.read_clock()
        self.stock(self.own, self.product_a, 5)
        move = self.env["stock.move"].create(
            {
                "product_id": self.product_a.id,
                "product_uom_qty": 5,
                "location_id": self.own.lot_stock_id.id,
                "location_dest_id": self.afn.lot_stock_id.id,
            }
        )
        move._action_confirm()
        move._action_assign()
        move.picked = True
        move._action_done()
        move.date = self.now
        row = self.row_of(self.product_a)
        self.assertEqual(self.figures(row), (10, 15, 5, 0))
        self.assertIn("5 received since the last count", row.why)

    def test_failure_of_a_product(self):
        self.env["fba.discrepancy"]._note_failure_of(self.afn, self.product_a, "the unit is broken.")
        row = self.row_of(self.product_a)
        self.assertEqual(row.why, "Failed: the unit is broken.")
        self.assertTrue(row.needs_person)

    def test_sku_that_amazon_no_longer_lists(self):
        self.sku()._note_missing(self.now)
        row = self.row_of(self.product_a)
        self.assertIn("Amazon has not listed A since", row.why)
        self.assertEqual(row.missing_sku, "A")

    def test_account_that_is_not_synchronized(self):
        self.stock(self.afn, self.product_a, 1)
        self.account.first_sync_confirmed = False
        row = self.row_of(self.product_a)
        self.assertEqual(row.why, "Not compared: account Test store is not synchronized yet.")
        self.assertEqual(row.unexplained_quantity, 0)


@tagged("post_install", "-at_install")
class TestKitRows(ScreenMixin, InventoryCase):
    """With Manufacturing only: run with --kits."""

    def test_part_without_a_sku_of_its_own_has_a_row(self):
        if "mrp.bom" not in self.env:
            self.skipTest("Manufacturing is not installed")
        saucer = self.env["product.product"].create({"name": "Saucer", "is_storable": True})
        kit = self.env["product.product"].create({"name": "Set", "default_code": "KIT-6", "is_storable": False})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": product.id, "product_qty": 6}) for product in (self.product_a, saucer)
                ],
            }
        )
        self.count("KIT-6", fulfillable=2, unfulfillable=1)
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "KIT-6", "product_id": kit.id})
        self.full_cycle()
        self.assertRecordValues(
            self.row_of(saucer),
            [{"seller_sku": "KIT-6", "resolution": "kit", "amazon_quantity": 18, "odoo_quantity": 18}],
        )
        self.assertRecordValues(
            self.row_of(self.product_a), [{"seller_sku": "A, KIT-6", "resolution": "product", "amazon_quantity": 28}]
        )
        self.assertFalse(self.row_of(kit))
        self.assert_all_add_up()
        self.stock(self.afn, saucer, 1)
        suggested = self.new_sku("KIT-NEW", kit, fulfillable_quantity=1)
        self.assertEqual(suggested.resolution, "kit")
        self.assertEqual(self.row_of(saucer).why, "Not compared until KIT-NEW is resolved: see its row.")
        self.assertNotIn(saucer, Holdings(self.afn.sudo()).products)


@tagged("post_install", "-at_install")
class TestButtons(ScreenMixin, InventoryCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "screen_clerk", groups="fba_connector.group_fba_user")
        cls.manager = new_test_user(cls.env, "screen_manager", groups="fba_connector.group_fba_manager")
        cls.salesman = new_test_user(cls.env, "screen_sales", groups="sales_team.group_sale_salesman")

    def pressed(self, user):
        """(kind, message) of the notification, and how many runs were started."""
        cron = self.env.ref("fba_connector.ir_cron_sync_inventory")
        triggers = [("cron_id", "=", cron.id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        params = self.env["fba.stock"].with_user(user).action_synchronize()["params"]
        started = self.env["ir.cron.trigger"].search_count(triggers) - before
        return params["type"], params["message"], started

    def test_clerk_synchronizes_now(self):
        self.env["fba.account"].search([("id", "!=", self.account.id)]).active = False
        for user in (self.clerk, self.manager):
            kind, message, started = self.pressed(user)
            self.assertEqual((kind, started), ("success", 1))
            self.assertIn("Test store", message)
        self.account.with_user(self.clerk).action_sync_inventory()

    def test_synchronize_now_says_why_nothing_was_started(self):
        self.env["fba.account"].search([("id", "!=", self.account.id)]).active = False
        for values, words in (
            ({"first_sync_confirmed": False}, "first synchronization"),
            ({"sync_inventory": False}, "does not synchronize"),
            ({"is_live": False}, "not live"),
            ({"paused": True}, "paused"),
            ({"active": False}, "no Amazon account"),
        ):
            self.account.write(values)
            kind, message, started = self.pressed(self.clerk)
            self.assertEqual((kind, started), ("warning", 0))
            self.assertIn(words, message)

    def test_salesperson_has_no_access(self):
        with self.assertRaises(AccessError):
            self.screen(user=self.salesman)
        with self.assertRaises(AccessError):
            self.pressed(self.salesman)
        with self.assertRaises(AccessError):
            self.account.with_user(self.salesman).action_sync_inventory()

    def test_clerk_reads_the_story_of_all_rows(self):
        self.new_sku("X", fulfillable_quantity=3)
        self.new_sku("A-2", self.product_a, fulfillable_quantity=1)
        self.stock(self.afn, self.product_a, 2)
        self.stock(self.afn, self.product_b, 2)
        rows = self.screen(user=self.clerk)
        self.assertEqual(len(rows.filtered("why")), 4)
        with self.assertRaises(AccessError):
            self.row_of_sku("X", user=self.clerk).action_map()

    def test_row_that_somebody_else_confirmed_meanwhile(self):
        row = self.row_of_sku(self.new_sku("X", fulfillable_quantity=3).seller_sku, user=self.manager)
        self.sku("X").product_id = self.product_b
        self.sku("X")._confirm()
        self.env.flush_all()
        for press in (row.action_map, row.action_open_product):
            with self.assertRaisesRegex(UserError, "Reload"):
                press()

    def test_other_company_sees_and_starts_nothing(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
        self.assertFalse(self.screen(user=self.clerk))
        kind, message, started = self.pressed(self.clerk)
        self.assertEqual((kind, started), ("warning", 0))
        self.assertNotIn("Test store", message)

    # === SELLER SKUS === #

    def test_selected_skus_are_confirmed(self):
        new = self.env["product.product"].create({"name": "New", "default_code": "NEW", "is_storable": True})
        matched = self.new_sku("NEW", new, fulfillable_quantity=3)
        unknown = self.new_sku("X", fulfillable_quantity=3)
        rows = (matched + unknown + self.sku()).with_user(self.manager)
        params = rows.action_confirm_matches()["params"]
        self.assertEqual(params["type"], "warning")
        for words in ("1 SKU confirmed", "1 already confirmed", "X: No product has the internal reference X"):
            self.assertIn(words, params["message"])
        self.assertEqual(rows.mapped("is_confirmed"), [True, False, True])
        self.assertEqual(matched.part_ids.product_id, new)

    def test_changed_sku_keeps_what_was_confirmed(self):
        """It needs the dialog, which shows what changes."""
        row = self.sku()
        row.with_context(fba_suggested=True).sudo().pack_size = 3
        self.assertEqual(row.resolution, "changed")
        params = row.with_user(self.manager).action_confirm_matches()["params"]
        self.assertIn("It was confirmed as", params["message"])
        self.assertEqual(row.part_ids.units, 1)

    def test_only_administrators_confirm(self):
        with self.assertRaises(AccessError):
            self.sku().with_user(self.clerk).action_confirm_matches()
