"""Stock that agrees with Amazon's, told in scenarios on the simulator's own stock."""

from unittest.mock import patch

from odoo import fields
from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import config, mute_logger

from .. import amazon
from .common import FbaCase


class InventoryCase(FbaCase):
    """An account whose first synchronization was agreed to; Odoo and Amazon have 10 of A and of B each."""

    def setUp(self):
        super().setUp()
        self.account.first_sync_confirmed = True
        self.sync()

    def sync(self):
        """A synchronization half an hour later, when Amazon's lists are up to date."""
        self.advance(minutes=30)
        amazon.forget_paces()
        self.run_job("sync_inventory")
        self.env.invalidate_all()

    def full_cycle(self):
        """Two passes: what one sees, the next confirms."""
        self.sync()
        # Time stands still in a test: the second pass comes later than the first.
        earlier = fields.Datetime.subtract(fields.Datetime.now(), minutes=20)
        self.env["fba.discrepancy"].search([("since", "!=", False)]).since = earlier
        self.account.inventory_full_at = False
        self.sync()

    def count_only(self):
        """A synchronization without the pull and the import: something has shipped since they asked."""
        amazon.forget_paces()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            account = self.account.with_env(self.env(cr=cr))
            account._run_task("inventory", type(account)._sync_counted_inventory)
        self.env.invalidate_all()

    def count(self, sku, **counts):
        self.control("PUT", f"stock/{sku}", **counts)

    def move(self, sku, units, source, destination):
        self.control("POST", f"stock/{sku}/move", units=units, **{"from": source, "to": destination})

    def in_odoo(self, product):
        """(Stock, Held, Unsellable) of Odoo."""
        stock = self.afn.sudo()._fba_stock(product)[product]
        return stock["stock"], stock["held"], stock["unsellable"]

    def adjusted(self, product):
        """Units gained (lost, below zero) by inventory adjustments."""
        moves = self.env["stock.move"].search([("product_id", "=", product.id), ("is_inventory", "=", True)])
        gained = moves.filtered(lambda move: move.location_dest_id.usage == "internal")
        return sum(gained.mapped("quantity")) - sum((moves - gained).mapped("quantity"))

    def difference(self, product=None):
        """Units that Odoo has more than Amazon, noted for a later count to confirm."""
        of_product = [("warehouse_id", "=", self.afn.id), ("product_id", "=", (product or self.product_a).id)]
        return self.env["fba.discrepancy"].search(of_product).quantity

    def sku(self, name="A"):
        return self.env["fba.sku"].search([("warehouse_id", "=", self.afn.id), ("seller_sku", "=", name)])

    def count_as_of_now(self, name):
        """As if Amazon's last count of a SKU were of now by Amazon's clock, which is ahead of Odoo's in most tests."""
        self.sku(name).observed_at = self.amazons_now()

    def amazons_now(self):
        return fields.Datetime.to_datetime(self.control("GET", "clock")["now"][:19].replace("T", " "))

    def sell_on_amazon(self, units, status="SHIPPED", sku="A"):
        items = [{"seller_sku": sku, "quantity": units, "item_price": "10.00"}]
        return self.control("POST", "sales", items=items, status=status)["amazon_order_id"]


class InTimeCase(InventoryCase):
    """Odoo's clock is the simulator's: what comes later at Amazon comes later in Odoo."""

    def setUp(self):
        self.now = fields.Datetime.now()
        self.startPatcher(patch.object(fields.Datetime, "now", lambda *_args: self.now))
        super().setUp()

    def read_clock(self):
        self.now = self.amazons_now()


@tagged("post_install", "-at_install")
class TestManySkus(FbaCase):
    """Amazon tells two pages of its list a second; here a page has one SKU."""

    def setUp(self):
        super().setUp()
        self.control("POST", "settings", inventory_page_size=1)
        for number in range(150):
            self.control("PUT", f"stock/MANY-{number}", fulfillable=1)
        self.advance(minutes=30)
        self.enterContext(self.at_amazons_pace())

    def first_sync(self):
        """Its record, when the job has ended."""
        sync = self.env["fba.first.sync"].browse(self.account.action_first_sync()["res_id"])
        self.run_job("first_sync")
        self.env.invalidate_all()
        return sync

    def known(self):
        return self.env["fba.sku"].search_count([("seller_sku", "=like", "MANY-%")])

    def test_first_synchronization_waits_until_all_are_told(self):
        sync = self.first_sync()
        self.assertEqual((self.known(), sync.state), (150, "ready"))

    def test_scheduled_action_waits_until_all_are_told(self):
        self.account.first_sync_confirmed = True
        self.run_job("sync_inventory")
        self.assertEqual(self.known(), 150)
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)

    def test_more_than_odoo_has_time_for_says_what_to_set(self):
        self.enterContext(patch.dict(config.options, limit_time_real=60, limit_time_real_cron=-1))
        self.enterContext(mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs"))
        sync = self.first_sync()
        self.assertRegex(sync.failure_message, r"there was time for \d+ of account .* raise limit_time_real")
        self.account.first_sync_confirmed = True
        self.run_job("sync_inventory")
        self.assertIn("raise limit_time_real", self.account.connection_message)
        self.assertFalse(self.known())


@tagged("post_install", "-at_install")
class TestInventory(InventoryCase):
    def test_drifting_count_of_reservations_is_counted_again(self):
        """As two workers leave it behind that reserve and deliver at the same time."""
        self.sync()
        (self.sku("A") + self.sku("B"))._confirm()
        fulfillment = self.sourced({self.product_a: 4}).fba_fulfillment_order_ids
        quant = self.env["stock.quant"]._gather(self.product_a, self.afn.lot_stock_id)
        for drifted in 9, 0:
            self.env.cr.execute("UPDATE stock_quant SET reserved_quantity = %s WHERE id = %s", [drifted, quant.id])
            self.env.invalidate_all()
            self.sync()
            self.env.invalidate_all()
            self.assertEqual((quant.reserved_quantity, self.free(self.product_a)), (4, 6))
            self.assertEqual(fulfillment.state, "ready")

    def test_counts_are_mirrored_and_the_locations_follow(self):
        self.count(
            "A", fulfillable=5, transshipment=2, fc_processing=1, researching=1, unfulfillable=1, inbound_shipped=7
        )
        self.sync()
        self.assertRecordValues(
            self.sku(),
            [
                {
                    "product_id": self.product_a.id,
                    "fulfillable_quantity": 5,
                    "held_transfer_quantity": 2,
                    "held_processing_quantity": 1,
                    "held_quantity": 4,
                    "unsellable_quantity": 1,
                    "inbound_quantity": 7,
                }
            ],
        )
        self.assertEqual(self.in_odoo(self.product_a), (5, 4, 1))
        self.assertEqual(self.free(self.product_a), 5, "free is what can be sold")
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_several_rows_of_a_sku_and_several_skus_of_a_product_add_up(self):
        row = {"condition": "UsedGood", "fnsku": "X9", "fulfillable": 2, "unfulfillable": 1}
        self.count("A", fulfillable=3, other_rows=[row])
        self.count("A-NEW", fulfillable=4)
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A-NEW", "sequence": 20}
        )
        self.sync()
        self.assertEqual(self.sku().fulfillable_quantity, 5)
        self.assertEqual(self.in_odoo(self.product_a), (9, 0, 1))

    def test_sku_to_send_is_the_first_that_has_enough(self):
        self.count("A", fulfillable=2)
        self.count("A-NEW", fulfillable=8)
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A-NEW", "sequence": 20}
        )
        self.sync()
        self.assertEqual(self.sourced({self.product_a: 2}).fba_fulfillment_order_ids.line_ids.seller_sku, "A")
        self.assertEqual(self.sourced({self.product_a: 5}).fba_fulfillment_order_ids.line_ids.seller_sku, "A-NEW")

    def test_second_pass_without_changes_writes_nothing(self):
        self.sync()
        before = self.sku().synced_at
        moves = self.env["stock.move"].search_count([])
        self.account.inventory_full_at = False
        self.sync()
        self.assertEqual(self.env["stock.move"].search_count([]), moves)
        self.assertEqual(self.sku().synced_at, before)

    def test_pass_asks_for_all_once_a_day_and_for_changes_in_between(self):
        self.sync()
        self.account.inventory_full_at = False
        self.sync()
        starts = ["startDateTime" in call["query"] for call in self.journal("getInventorySummaries")]
        self.assertEqual(starts, [False, True, False])

    # === OWN ORDERS === #

    def test_sent_order_keeps_its_stock_until_it_is_booked(self):
        fulfillment = self.sent({self.product_a: 4})
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        self.assertEqual(self.free(self.product_a), 6)

        self.ship(fulfillment, ("1Z1", {"A": 4}))
        self.sync()  # the pull runs first
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(self.in_odoo(self.product_a), (6, 0, 0))
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_unsent_assignment_is_still_to_be_sold_at_amazon(self):
        self.sourced({self.product_a: 3})
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        self.assertEqual(self.free(self.product_a), 7)

    def test_less_stock_than_reserved_takes_back_the_youngest_unsent(self):
        sent = self.sent({self.product_a: 2})
        old, young = (self.sourced({self.product_a: 4}).fba_fulfillment_order_ids for _order in range(2))
        self.assertEqual((old.state, young.state), ("ready", "ready"))
        self.count("A", fulfillable=5, transshipment=3)  # 8 were fulfillable beside the 2 sent
        self.sync()
        self.assertEqual((sent.state, old.state, young.state), ("in_shipping", "ready", "waiting"))
        self.assertIn("fewer units", " ".join(young.message_ids.mapped("body")))
        self.assertEqual(sum(sent.line_ids.move_ids.mapped("quantity")), 2)
        self.assertEqual(self.in_odoo(self.product_a), (7, 3, 0))

        self.count("A", fulfillable=8, transshipment=0)
        self.sync()
        self.assertEqual(young.state, "ready", "stock that comes back is reserved again")

    # === AMAZON'S OWN SALES === #

    def test_amazons_sale_moves_to_held_then_leaves_from_there(self):
        sale = self.sell_on_amazon(3, status="UNSHIPPED")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (7, 3, 0))

        self.count_as_of_now("A")
        self.control("POST", f"sales/{sale}/status", status="SHIPPED")
        self.sync()  # the import runs first
        order = self.env["sale.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(order.picking_ids.move_ids.location_id, self.afn.fba_held_location_id)
        self.assertEqual(self.in_odoo(self.product_a), (7, 0, 0))
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_sale_of_an_unknown_sku_is_no_loss_while_it_waits(self):
        self.sku().product_id = False
        self.product_a.default_code = False
        sale = self.sell_on_amazon(2)
        self.sync()
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(row.state, "error")
        self.sku().product_id = self.product_a
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_partly_shipped_sale_is_no_loss(self):
        sale = self.sell_on_amazon(4, status="UNSHIPPED")
        shipped = [{"seller_sku": "A", "quantity": 1}]
        self.control("POST", f"sales/{sale}/status", status="PARTIALLY_SHIPPED", shipped=shipped)
        self.full_cycle()
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.control("POST", f"sales/{sale}/status", status="SHIPPED")
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), (6, 0, 0))
        self.assertEqual(self.adjusted(self.product_a), 0)

    # === LOST AND FOUND === #

    def test_loss_is_booked_when_a_second_pass_confirms_it(self):
        self.move("A", 2, "fulfillable", "gone")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (8, 2, 0), "held until it is explained")
        self.assertEqual((self.difference(), self.adjusted(self.product_a)), (2, 0))
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), (8, 0, 0))
        self.assertEqual(self.adjusted(self.product_a), -2)
        self.assertFalse(self.difference())
        [move] = self.env["stock.move"].search(
            [("product_id", "=", self.product_a.id), ("is_inventory", "=", True), ("state", "=", "done")], limit=1
        )
        self.assertIn("Test store", move.reference)

    def test_find_is_booked_when_a_second_pass_confirms_it(self):
        self.count("A", fulfillable=13)
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), (13, 0, 0))
        self.assertEqual(self.adjusted(self.product_a), 3)

    def test_difference_that_goes_away_is_never_booked(self):
        self.move("A", 2, "fulfillable", "gone")
        self.sync()
        self.count("A", fulfillable=10)
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.assertFalse(self.difference())

    def test_difference_is_not_confirmed_before_the_import_has_passed_it(self):
        self.move("A", 2, "fulfillable", "gone")
        self.sync()
        self.account.import_orders = True
        self.account.import_cursor = fields.Datetime.subtract(fields.Datetime.now(), days=1)
        self.control("POST", "settings", orders_lag_seconds=86400)
        self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_order_the_pull_could_not_read_is_no_loss(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("1Z1", {"A": 3}))
        self.fault("getFulfillmentOrder", "status", status=500, count=None)
        with mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs"):
            self.full_cycle()
            self.make_due(fulfillment)
            self.full_cycle()
        self.assertEqual(self.adjusted(self.product_a), 0)
        self.control("DELETE", "faults")
        self.make_due(fulfillment)
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), (7, 0, 0))
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_product_amazon_does_not_have_is_lost_after_two_passes(self):
        ghost = self.new_product("GHOST")
        self.account.inventory_full_at = False
        self.full_cycle()
        self.assertEqual(self.in_odoo(ghost), (0, 0, 0))
        self.assertEqual(self.adjusted(ghost), -10)

    def test_tracked_products_do_not_block(self):
        for number, tracking in enumerate(("lot", "serial")):
            product = self.env["product.product"].create(
                {"name": tracking, "default_code": tracking, "is_storable": True, "tracking": tracking}
            )
            self.count(tracking, fulfillable=3, fc_processing=number)
            self.sync()
            self.sku(tracking)._confirm()
            self.full_cycle()
            self.assertEqual(self.in_odoo(product), (3, number, 0))
            self.count(tracking, fulfillable=2, unfulfillable=1, fc_processing=0)
            self.full_cycle()
            self.assertEqual(self.in_odoo(product), (2, 0, 1))

    # === UNCLEAR, UNKNOWN === #

    def test_sku_that_amazon_does_not_count_is_left_as_it_is(self):
        self.count("A", fulfillable=1, omit=["reservedQuantity"])
        self.full_cycle()
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        self.assertEqual(self.sku().fulfillable_quantity, 10)

    def test_unknown_sku_is_listed_suggested_and_mapped_with_one_click(self):
        lamp = self.env["product.product"].create(
            {"name": "Arc Lamp", "barcode": "B0SIM00003", "is_storable": True, "standard_price": 5}
        )
        self.count("MYSTERY", fulfillable=6, unfulfillable=1, asin="B0SIM00003")
        self.sync()
        row = self.env["fba.stock"].search([("seller_sku", "=", "MYSTERY")])
        self.assertRecordValues(row, [{"product_id": False, "fulfillable_quantity": 6}])
        sale = self.sell_on_amazon(1, sku="MYSTERY")
        self.sync()
        self.count_as_of_now("MYSTERY")
        wizard = self.env["fba.sku.map.wizard"].browse(row.action_map()["res_id"])
        self.assertEqual((wizard.suggestion_ids[:1].product_id, wizard.total_quantity), (lamp, 6))
        wizard.suggestion_ids[:1].action_choose()
        self.assertEqual(self.in_odoo(lamp), (5, 0, 1))
        order = self.env["sale.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(order.order_line.product_id, lamp, "what waited for it is imported")

    def test_mapping_a_sku_confirms_no_difference_of_others(self):
        self.move("B", 2, "fulfillable", "gone")
        self.count("MYSTERY", fulfillable=6)
        self.sync()
        lamp = self.env["product.product"].create({"name": "Arc Lamp", "is_storable": True})
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": self.sku("MYSTERY").id, "product_id": lamp.id})
        wizard.action_confirm()
        self.assertEqual(self.in_odoo(lamp), (6, 0, 0))
        self.assertEqual((self.adjusted(self.product_b), self.difference(self.product_b)), (0, 2))

    def test_order_of_another_channel_that_waits_in_the_inbox_does_not_count(self):
        items = [{"seller_sku": "A", "quantity": 2}]
        sale = self.control("POST", "sales", items=items, channel="NON_AMAZON")["amazon_order_id"]
        self.sync()
        self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)]).is_due = True
        self.count_only()
        self.assertFalse(self.difference())

    def test_map_suggests_by_asin_and_name_and_never_chooses(self):
        self.product_b.name = "Garden Chair Deluxe"
        self.sku("B").asin = "B000CHAIR"
        unknown = self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "CH-1", "asin": "B000CHAIR", "amazon_name": "Garden Chair"}
        )
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": unknown.id})
        self.assertIn(self.product_b, wizard.suggestion_ids.product_id)
        self.assertFalse(unknown.product_id)
        with self.assertRaisesRegex(UserError, "Choose the product"):
            wizard.action_confirm()

    # === FAILURES === #

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_busy_warehouse_is_no_good_run_and_keeps_the_cursor(self):
        lock = self.account.task_lock_ids.filtered(lambda lock: lock.task == "inventory")
        self.account.inventory_cursor = before = fields.Datetime.subtract(fields.Datetime.now(), hours=1)
        lock.good_at = False
        with patch.object(type(self.afn), "_fba_read_counts", side_effect=LockError("busy")):
            self.sync()
        self.assertEqual(self.account.inventory_cursor, before)
        self.assertFalse(lock.good_at)
        self.sync()
        self.assertGreater(self.account.inventory_cursor, before)
        self.assertTrue(lock.good_at)

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_warehouse_that_fails_leaves_the_other_and_is_reported(self):
        canada = self.env.ref("fba_connector.marketplace_ca")
        self.account.marketplace_ids |= canada
        values = {"is_afn": True, "fba_account_id": self.account.id, "fba_marketplace_id": canada.id}
        other = self.env["stock.warehouse"].create({"name": "Canada", "code": "TFBAC", **values})
        seen = []

        def fail(warehouse, *_args, **_options):
            seen.append(warehouse.id)
            if warehouse == self.afn:
                raise ValueError("The first one is odd.")
            warehouse.fba_inventory_full_at = fields.Datetime.now()
            return {}

        with patch.object(type(self.afn), "_fba_read_counts", fail):
            self.sync()
        self.assertEqual(set(seen), {self.afn.id, other.id})
        self.assertIn("The first one is odd.", self.afn.fba_sync_message)
        self.assertFalse(other.fba_sync_message)
        self.assertTrue(other.fba_inventory_full_at)
        self.assertIn("The first one is odd.", self.account.connection_message)

    def test_pass_that_fails_changes_nothing_and_the_next_one_goes_on(self):
        self.count("A", fulfillable=4, transshipment=6)
        self.fault("getInventorySummaries", "status", status=500)
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        self.assertEqual(self.account.connection_state, "at_fault")
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (4, 6, 0))
        self.assertEqual(self.account.connection_state, "ok")


@tagged("post_install", "-at_install")
class TestInventoryInTime(InTimeCase):
    def advance(self, minutes):
        self.control("POST", "clock/advance", seconds=60 * minutes)
        self.read_clock()

    def test_sale_that_was_a_difference_and_is_booked_since_explains_it(self):
        self.sell_on_amazon(2)
        self.advance(1)
        self.count_only()
        self.assertEqual(self.difference(), 2)
        self.sync()  # the import books it
        self.assertFalse(self.difference())

        self.sell_on_amazon(2)
        self.advance(1)
        self.count_only()
        self.advance(45)
        self.run_job("import_amazon_orders")
        self.pull()
        self.sell_on_amazon(2)
        self.advance(1)
        self.count_only()
        self.assertEqual(self.adjusted(self.product_a), 0, "as much as before, and not the same")
        self.assertEqual(self.difference(), 2)
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (4, 0, 0))

    def test_sale_and_find_that_leave_the_count_as_it_was_are_both_booked(self):
        self.sell_on_amazon(1)
        self.count("A", fulfillable=10)
        self.sync()
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))
        self.assertEqual(self.adjusted(self.product_a), 1)

    def test_order_that_is_booked_after_the_count_is_looked_at_again(self):
        fulfillment = self.sent({self.product_a: 2})
        self.cannot_fulfill(fulfillment, A=1)
        self.advance(1)
        self.count_only()
        self.sync()
        self.sync()
        self.assertEqual(self.free(self.product_a), 9)
        self.assertEqual(self.adjusted(self.product_a), 0)

    def test_order_sent_after_the_count_was_read_is_not_free_twice(self):
        self.sync()
        self.advance(30)
        with self.account._open_gateway() as gateway:
            self.afn._fba_read_counts(gateway, full=False)
        self.advance(1)
        self.sent({self.product_a: 3})
        self.afn._fba_balance()
        self.assertEqual(self.free(self.product_a), 7)
