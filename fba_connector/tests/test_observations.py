"""Counts that Amazon's lists leave out, repeat, or cut short: a question, never a loss."""

from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .test_inventory import InTimeCase


class ObservationCase(InTimeCase):
    """Time passes at Amazon and in Odoo alike."""

    def advance(self, minutes):
        self.control("POST", "clock/advance", seconds=60 * minutes)
        self.read_clock()

    def full_list(self):
        """A synchronization with a full list, as once a day."""
        self.account.inventory_full_at = False
        self.sync()

    def passes(self, count):
        for _pass in range(count):
            self.sync()

    def asked_by_name(self):
        return [
            call["query"]["sellerSkus"]
            for call in self.journal("getInventorySummaries")
            if "sellerSkus" in call["query"]
        ]

    def assert_quiet(self, product, stock=10):
        """Nothing was ever booked, and all of it is free."""
        self.assertEqual(self.adjusted(product), 0)
        self.assertFalse(self.env["stock.move"].search([("product_id", "=", product.id), ("is_inventory", "=", True)]))
        self.assertEqual(self.in_odoo(product), (stock, 0, 0))
        self.assertFalse(self.difference(product))


@tagged("post_install", "-at_install")
class TestObservations(ObservationCase):
    def test_sku_missing_once_from_the_full_list_is_asked_for_by_name(self):
        self.habit("list_omits", ids=["A"], operation="getInventorySummaries")
        self.full_list()
        self.assert_quiet(self.product_a)
        self.assertIn("A", self.asked_by_name())
        self.assertEqual(self.sku().observed_at, self.now)
        self.no_habits()
        self.passes(2)
        self.assert_quiet(self.product_a)

    def test_list_that_is_much_shorter_is_asked_for_again_and_told(self):
        for number in range(12):
            self.count(f"MANY-{number}", fulfillable=1)
        self.full_list()
        self.assertEqual(self.afn.fba_listed_count, 14)
        self.control("DELETE", "journal")
        self.habit("list_omits", operation="getInventorySummaries")
        self.full_list()
        lists = [call for call in self.journal("getInventorySummaries") if "sellerSkus" not in call["query"]]
        self.assertEqual(len(lists), 2)
        self.assertIn("7 seller SKUs, and named 14", self.afn.fba_sync_message)
        for product in (self.product_a, self.product_b):
            self.assert_quiet(product)
        self.assertEqual(
            set(self.env["fba.sku"].search([("seller_sku", "=like", "MANY-%")]).mapped("fulfillable_quantity")), {1}
        )
        self.no_habits()
        self.full_list()
        self.assertFalse(self.afn.fba_sync_message)
        self.assertEqual(self.afn.fba_listed_count, 14)

    def test_list_of_almost_nothing_once(self):
        """5 % of it, only for one call: the second one is whole, and nothing has to be asked by name."""
        for number in range(12):
            self.count(f"MANY-{number}", fulfillable=1)
        self.full_list()
        self.control("DELETE", "journal")
        self.habit(
            "list_omits",
            ids=[*"AB", *(f"MANY-{number}" for number in range(11))],
            count=1,
            operation="getInventorySummaries",
        )
        self.full_list()
        self.assertFalse(self.asked_by_name())
        self.assertFalse(self.afn.fba_sync_message)
        self.assert_quiet(self.product_a)

    def test_sku_that_is_missing_by_name_too_is_not_free_and_not_lost_before_a_day(self):
        self.habit("list_omits", ids=["A"], by_name=True, operation="getInventorySummaries")
        self.full_list()
        self.assertEqual(self.in_odoo(self.product_a), (0, 10, 0), "Amazon does not say that it can be sold")
        self.passes(4)
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.no_habits()
        self.passes(2)
        self.assert_quiet(self.product_a)

    def test_sku_that_stays_away_for_a_day_is_lost(self):
        self.habit("list_omits", ids=["A"], by_name=True, operation="getInventorySummaries")
        self.full_list()
        self.advance(25 * 60)
        self.passes(2)
        self.assertEqual((self.adjusted(self.product_a), self.in_odoo(self.product_a)), (-10, (0, 0, 0)))

    def test_loss_is_confirmed_by_an_observation_of_that_sku_alone(self):
        """The list of changes says nothing of it in between: then it is asked for by name."""
        self.move("A", 3, "fulfillable", "gone")
        self.sync()
        self.assertEqual((self.difference(), self.adjusted(self.product_a)), (3, 0))
        self.control("DELETE", "journal")
        self.sync()
        self.assertEqual(self.asked_by_name(), ["A"])
        self.assertEqual((self.difference(), self.adjusted(self.product_a)), (0, -3))

    def test_difference_waits_while_amazon_does_not_name_its_sku(self):
        self.move("A", 3, "fulfillable", "gone")
        self.sync()
        self.habit("list_omits", ids=["A"], by_name=True, operation="getInventorySummaries")
        self.passes(3)
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.no_habits()
        self.sync()
        self.assertEqual(self.adjusted(self.product_a), -3)

    def test_product_of_two_skus_waits_for_both(self):
        self.count("A-NEW", fulfillable=4)
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A-NEW"}
        )
        self.full_cycle_in_time()
        self.assertEqual(self.in_odoo(self.product_a), (14, 0, 0))
        self.habit("list_omits", ids=["A-NEW"], operation="getInventorySummaries")
        self.full_list()
        self.passes(2)
        self.assertEqual((self.adjusted(self.product_a), self.in_odoo(self.product_a)), (4, (14, 0, 0)))

    def full_cycle_in_time(self):
        self.full_list()
        self.passes(2)

    def test_rows_that_come_twice_count_once(self):
        self.habit("list_repeats", operation="getInventorySummaries")
        self.full_list()
        self.passes(2)
        self.assert_quiet(self.product_a)

    def test_pages_that_move_lose_no_row(self):
        self.control("POST", "settings", inventory_page_size=1)
        self.habit("pages_move", operation="getInventorySummaries")
        self.full_list()
        self.passes(2)
        for product in (self.product_a, self.product_b):
            self.assert_quiet(product)

    def test_sku_with_a_comma_is_asked_for_alone(self):
        odd = self.new_product("C,1")
        self.count("C,1", fulfillable=10)
        self.full_list()
        self.habit("list_omits", ids=["C,1"], operation="getInventorySummaries")
        self.full_list()
        self.passes(1)
        self.assert_quiet(odd)

    def test_counts_that_lag_behind_a_shipment_find_nothing(self):
        """Odoo has booked a shipment that Amazon's counts show an hour later: no units are found, then lost again."""
        self.habit("counts_lag", seconds=3600)
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("1Z1", {"A": 4}))
        self.passes(6)
        self.assertEqual(fulfillment.state, "shipped")
        self.assert_quiet(self.product_a, stock=6)

    def test_counts_that_lag_behind_a_sending_free_nothing_twice(self):
        self.habit("counts_lag", seconds=3600)
        self.sent({self.product_a: 4})
        for _pass in range(4):
            self.sync()
            self.assertLessEqual(self.free(self.product_a), 6)
        self.assertEqual(self.free(self.product_a), 6)

    def test_order_that_amazon_has_not_reserved_yet_is_not_free_twice(self):
        self.control("POST", "settings", reserve_after_seconds=7200)
        self.sent({self.product_a: 4})
        for _pass in range(3):
            self.sync()
            self.assertLessEqual(self.free(self.product_a), 6)
        self.passes(4)
        self.assertEqual((self.free(self.product_a), self.adjusted(self.product_a)), (6, 0))


@tagged("post_install", "-at_install")
class TestIdentity(ObservationCase):
    """Products are told apart by themselves, not by a reference that Odoo does not keep unique."""

    def ghosts(self, *references):
        products = self.env["product.product"].create(
            [
                {"name": f"Ghost {number}", "default_code": it, "is_storable": True}
                for number, it in enumerate(references)
            ]
        )
        for product in products:
            self.stock(self.afn, product, 3)
        return products

    def test_two_products_of_one_reference_that_amazon_does_not_list(self):
        one, two = self.ghosts("TWICE", "TWICE")
        self.move("B", 2, "fulfillable", "gone")
        self.full_list()
        self.passes(1)
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)
        self.assertEqual(self.adjusted(self.product_b), -2, "the others go on")
        self.full_list()
        self.assertEqual((self.adjusted(one), self.adjusted(two)), (-3, -3), "Amazon has neither")

    def test_two_products_of_one_reference_that_amazon_lists(self):
        one, two = self.ghosts("TWICE", "TWICE")
        self.count("TWICE", fulfillable=3)
        self.full_list()
        self.passes(3)
        self.assertEqual(self.sku("TWICE").resolution, "ambiguous")
        self.assertEqual((self.in_odoo(one), self.in_odoo(two)), ((3, 0, 0), (3, 0, 0)), "left alone")
        self.env["fba.sku.map.wizard"].create({"sku_id": self.sku("TWICE").id, "product_id": one.id}).action_confirm()
        self.assertEqual(self.in_odoo(one), (3, 0, 0), "it had these units before")
        self.full_list()
        self.full_list()
        self.assertEqual((self.adjusted(one), self.adjusted(two)), (0, -3))

    def test_reference_that_is_another_products_sku(self):
        self.sku()  # A is product A's
        [other] = self.ghosts("A")
        self.full_list()
        self.passes(1)
        self.full_list()
        self.assertEqual((self.adjusted(self.product_a), self.adjusted(other)), (0, -3))

    def test_product_without_a_reference(self):
        [nameless] = self.ghosts(False)
        self.full_list()
        self.full_list()
        self.assertEqual(self.adjusted(nameless), -3)

    def test_reference_that_changes_hands(self):
        """The product of a confirmed SKU gives its reference to another one: the SKU stays what it was."""
        [other] = self.ghosts("OTHER")
        self.product_a.default_code = "OLD"
        other.default_code = "A"
        self.full_list()
        self.full_list()
        self.assertEqual(self.sku().product_id, self.product_a)
        self.assertEqual((self.adjusted(self.product_a), self.adjusted(other)), (0, -3))


@tagged("post_install", "-at_install")
class TestEachForItself(ObservationCase):
    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_pool_that_amazon_refuses_leaves_the_other(self):
        """The seller does not sell in Canada: Amazon refuses its stock."""
        canada = self.env.ref("fba_connector.marketplace_ca")
        self.account.marketplace_ids |= canada
        values = {"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": canada.id}
        other = self.env["stock.warehouse"].create({"name": "Canada", "code": "TFBAC", **values})
        self.move("A", 4, "fulfillable", "transshipment")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (6, 4, 0))
        self.assertIn("Canada could not be synchronized", other.fba_sync_message)
        self.assertFalse(self.afn.fba_sync_message)
        self.assertFalse(self.account.inventory_cursor, "not all of it is read")

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_product_that_cannot_be_booked_leaves_the_others(self):
        for sku in "AB":
            self.move(sku, 2, "fulfillable", "gone")
        self.sync()
        book = type(self.env["stock.move"])._action_done

        def refuse(moves, *args, **options):
            """As another add-on may."""
            if self.product_a in moves.product_id:
                raise ValueError("The costs of A are locked.")
            return book(moves, *args, **options)

        with patch.object(type(self.env["stock.move"]), "_action_done", refuse):
            self.sync()
        self.assertEqual((self.adjusted(self.product_a), self.adjusted(self.product_b)), (0, -2))
        row = self.env["fba.discrepancy"].search([("product_id", "=", self.product_a.id)])
        self.assertEqual(row.failure_message, "The costs of A are locked.")
        self.assertEqual(self.account.connection_state, "ok")
        self.sync()
        self.assertEqual(self.adjusted(self.product_a), -2)
        self.assertFalse(row.exists())

    def test_skus_that_are_no_countable_product_stop_nobody(self):
        Product = self.env["product.product"]
        for number, values in enumerate(
            (
                {"type": "service"},
                {"is_storable": False},
                {"is_storable": True, "active": False},
                {"is_storable": True, "uom_id": self.env.ref("uom.product_uom_dozen").id},
            )
        ):
            product = Product.create({"name": f"Odd {number}", "default_code": f"ODD-{number}", **values})
            self.count(f"ODD-{number}", fulfillable=5)
            self.env["fba.sku"].with_context(fba_suggested=True).create(
                {"warehouse_id": self.afn.id, "seller_sku": f"ODD-{number}", "product_id": product.id}
            )
        self.count("NOBODYS", fulfillable=5)
        self.move("B", 2, "fulfillable", "gone")
        self.passes(3)
        self.assertEqual(self.adjusted(self.product_b), -2)
        odd = self.env["fba.sku"].search([("seller_sku", "=like", "ODD-%")]) | self.sku("NOBODYS")
        self.assertEqual(
            odd.sorted("seller_sku").mapped("resolution"), ["unknown", "service", "untracked", "archived", "wrong_unit"]
        )
        self.assertEqual(set(odd.mapped("fulfillable_quantity")), {5})
        self.assertTrue(all(odd.mapped("resolution_note")))
        self.assertFalse(self.env["stock.quant"].search([("product_id", "in", odd.product_id.ids)]))


@tagged("post_install", "-at_install")
class TestChangedSkus(ObservationCase):
    """A SKU that becomes another product's is told, and booked only when a person confirms it."""

    def wizard(self, sku, **values):
        return self.env["fba.sku.map.wizard"].create({"sku_id": self.sku(sku).id, **values})

    def test_sku_that_moves_to_another_product(self):
        lamp = self.env["product.product"].create({"name": "Lamp", "is_storable": True})
        self.sku().product_id = lamp
        self.passes(3)
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(lamp)), ((10, 0, 0), (0, 0, 0)))
        self.assertEqual(self.sku().resolution, "changed")
        wizard = self.wizard("A")
        self.assertEqual(wizard.product_id, lamp)
        self.assertEqual(set(wizard.effect.split("\n")), {"[A] Product A: 10 → 0 Units", "Lamp: 0 → 10 Units"})
        wizard.action_confirm()
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(lamp)), ((0, 0, 0), (10, 0, 0)))
        self.passes(3)
        self.assertEqual((self.adjusted(self.product_a), self.adjusted(lamp)), (-10, 10))

    def test_product_that_is_archived_and_restored(self):
        self.product_a.active = False
        self.move("A", 3, "fulfillable", "gone")
        self.passes(3)
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.assertIn("archived", self.sku().resolution_note)
        self.product_a.active = True
        self.passes(2)
        self.assertEqual(self.adjusted(self.product_a), -3)

    def test_product_that_is_no_longer_tracked(self):
        self.env["stock.quant"].search([("product_id", "=", self.product_b.id)]).sudo().quantity = 0
        self.product_b.is_storable = False
        self.passes(3)
        self.assertEqual(self.sku("B").resolution, "untracked")
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)

    def test_pack_size_that_a_person_changes(self):
        self.sku().pack_size = 6
        self.passes(3)
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        wizard = self.wizard("A")
        self.assertEqual(wizard.effect, "[A] Product A: 10 → 60 Units")
        wizard.action_confirm()
        self.assertEqual(self.in_odoo(self.product_a), (60, 0, 0))

    def test_mapping_books_the_units_of_that_sku_as_counted_now(self):
        """Product A has a difference of 30 of its own; the new SKU has 3 now, and had 7 when it was listed."""
        self.count("A", fulfillable=40)
        self.count("A-NEW", fulfillable=7)
        self.sync()
        self.count("A-NEW", fulfillable=3)
        self.control("DELETE", "journal")
        wizard = self.wizard("A-NEW", product_id=self.product_a.id)
        self.assertEqual(wizard.total_quantity, 3)
        self.assertEqual(wizard.effect, "[A] Product A: 10 → 13 Units")
        wizard.action_confirm()
        self.assertEqual(len(self.journal("getInventorySummaries")), 1)
        self.assertEqual((self.adjusted(self.product_a), sum(self.in_odoo(self.product_a))), (3, 13))
        self.passes(2)
        self.assertEqual(sum(self.in_odoo(self.product_a)), 43)

    def test_mapping_does_not_book_units_that_odoo_had_already(self):
        self.stock(self.afn, self.product_a, 3)
        self.count("A-NEW", fulfillable=3)
        self.sync()
        wizard = self.wizard("A-NEW", product_id=self.product_a.id)
        self.assertEqual(wizard.effect, "[A] Product A: 13 → 13 Units")
        wizard.action_confirm()
        self.passes(3)
        self.assertEqual((self.adjusted(self.product_a), self.in_odoo(self.product_a)), (0, (13, 0, 0)))

    def test_mapping_while_amazon_cannot_be_asked_leaves_the_stock_to_later_counts(self):
        self.count("A-NEW", fulfillable=3)
        self.sync()
        self.fault("getInventorySummaries", "status", status=400, count=None)
        wizard = self.wizard("A-NEW", product_id=self.product_a.id)
        self.assertTrue(wizard.count_error)
        wizard.action_confirm()
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.control("DELETE", "faults")
        self.passes(3)
        self.assertEqual((self.adjusted(self.product_a), self.in_odoo(self.product_a)), (3, (13, 0, 0)))

    def test_dialog_that_stayed_open_counts_again(self):
        self.count("A-NEW", fulfillable=3)
        self.sync()
        wizard = self.wizard("A-NEW", product_id=self.product_a.id)
        self.count("A-NEW", fulfillable=5)
        self.advance(10)
        action = wizard.action_confirm()
        self.assertEqual((action["res_id"], self.adjusted(self.product_a)), (wizard.id, 0))
        wizard.action_confirm()
        self.assertEqual(self.adjusted(self.product_a), 5)

    def test_graded_return_is_booked_by_the_accounts_rule(self):
        self.count("amzn.gr.A-kfYcsA4KoBAhRA-VG", fulfillable=2)
        self.passes(2)
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        used = self.env["product.product"].create({"name": "Used", "default_code": "A-USED", "is_storable": True})
        self.account.graded_return_reference = "{sku}-USED"
        self.passes(4)
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(used)), ((10, 0, 0), (2, 0, 0)))

    def test_product_that_is_merged_into_another_takes_its_skus_along(self):
        """As tools do that repoint each reference in the database."""
        self.env.flush_all()
        for table in ("stock_quant", "stock_move", "stock_move_line", "fba_sku", "fba_sku_part"):
            query = SQL(
                "UPDATE %s SET product_id = %s WHERE product_id = %s",
                SQL.identifier(table),
                self.product_b.id,
                self.product_a.id,
            )
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.product_a.active = False
        self.full_list()
        self.passes(2)
        self.assertEqual(self.in_odoo(self.product_b), (20, 0, 0))
        self.assertEqual(self.adjusted(self.product_b), 0)

    def test_match_by_reference_is_booked_once_confirmed(self):
        lamp = self.env["product.product"].create({"name": "Lamp", "default_code": "LAMP", "is_storable": True})
        self.count("LAMP", fulfillable=8)
        self.passes(3)
        row = self.sku("LAMP")
        self.assertEqual((row.product_id, row.resolution, row.is_confirmed), (lamp, "product", False))
        self.assertEqual(self.in_odoo(lamp), (0, 0, 0))
        row._confirm()
        self.passes(3)
        self.assertEqual(self.in_odoo(lamp), (8, 0, 0))
