"""The first synchronization: counts in the background, shows what it would book, asks, and books just that."""

from unittest.mock import patch

import psycopg2
from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .. import amazon
from ..models.inventory import fba_first_sync_run
from .common import FbaCase
from .sold import sold_order, stage

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"


class FirstSyncCase(FbaCase):
    """A live account with 10 of A and of B on both sides, and an administrator with an administrator's rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "first_sync_admin", groups="fba_connector.group_fba_manager")

    def press(self):
        """The record that the button opens."""
        action = self.account.with_user(self.admin).action_first_sync()
        return self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])

    def work(self):
        self.run_job("first_sync")
        self.env.invalidate_all()

    def counted(self):
        sync = self.press()
        self.work()
        return sync

    def book(self, sync):
        sync.action_confirm()
        self.work()
        return sync

    def adjustments(self):
        return self.env["stock.move"].search(
            [("product_id", "in", (self.product_a + self.product_b).ids), ("is_inventory", "=", True)]
        )

    def in_odoo(self, product):
        """(Stock, Held, Unsellable)."""
        stock = self.afn.sudo()._fba_stock(product)[product]
        return stock["stock"], stock["held"], stock["unsellable"]

    def sell_a(self):
        items = [{"seller_sku": "A", "quantity": 1, "item_price": "10.00"}]
        self.control("POST", "sales", items=items, status="SHIPPED")
        self.advance(minutes=10)

    def synchronize(self):
        """Two ordinary passes, as the scheduler makes them."""
        for _pass in range(2):
            self.advance(minutes=30)
            earlier = fields.Datetime.subtract(fields.Datetime.now(), minutes=20)
            self.env["fba.discrepancy"].search([("since", "!=", False)]).since = earlier
            self.account.inventory_full_at = False
            self.run_job("sync_inventory")
            self.env.invalidate_all()


@tagged("post_install", "-at_install")
class TestFirstSync(FirstSyncCase):
    def test_nothing_is_read_or_booked_before_it_is_confirmed(self):
        self.control("PUT", "stock/A", fulfillable=500)
        self.run_job("sync_inventory")
        self.assertFalse(self.journal("getInventorySummaries"))
        self.assertEqual(self.on_hand(self.product_a), 10)

    def test_button_and_confirmation_call_nobody(self):
        self.control("PUT", "stock/A", fulfillable=12)
        sync = self.press()
        self.assertEqual(sync.state, "requested")
        self.assertFalse(self.control("GET", "journal"))
        self.work()
        calls = self.control("GET", "journal")
        self.assertTrue(calls)
        sync.action_confirm()
        self.assertEqual((self.control("GET", "journal"), self.on_hand(self.product_a)), (calls, 10))

    def test_dialog_shows_what_it_would_book_and_books_it_when_agreed(self):
        self.product_a.standard_price = 3
        self.control("PUT", "stock/A", fulfillable=12, unfulfillable=1, transshipment=2)
        self.control("PUT", "stock/B", fulfillable=7, unfulfillable=3)
        self.control("PUT", "stock/STRANGE", fulfillable=4)
        sync = self.counted()
        self.assertRecordValues(
            sync.difference_ids,
            [
                {
                    "product_id": self.product_a.id,
                    "seller_skus": "A",
                    "odoo_quantity": 10,
                    "amazon_quantity": 15,
                    "difference": 5,
                    "value": 15,
                }
            ],
        )
        self.assertEqual(sync.line_ids.product_id, self.product_a + self.product_b, "B has to be divided")
        self.assertRecordValues(sync, [{"state": "ready", "product_count": 2, "unknown_count": 1, "value": 15}])
        self.assertEqual(self.on_hand(self.product_a), 10, "shown, not booked")
        self.book(sync)
        self.assertEqual((self.in_odoo(self.product_a), self.in_odoo(self.product_b)), ((12, 2, 1), (7, 0, 3)))
        self.assertRecordValues(
            sync, [{"state": "done", "confirmed_by_id": self.admin.id, "booked_count": 2, "progress": 100}]
        )
        self.assertRecordValues(self.account, [{"first_sync_confirmed": True, "inventory_cursor": sync.counted_at}])
        self.assertIn("2 products booked", str(self.account.message_ids.mapped("body")))
        self.assertEqual(sync.action_open_stock()["domain"], [("warehouse_id", "in", self.afn.ids)])

    def test_counts_that_were_shown_are_booked_and_no_newer_ones(self):
        self.control("PUT", "stock/A", fulfillable=12)
        sync = self.counted()
        self.control("PUT", "stock/A", fulfillable=3)
        self.read_counts()
        self.book(sync)
        self.assertEqual(self.in_odoo(self.product_a), (12, 0, 0))

    def test_sku_that_amazon_does_not_name_is_left_out(self):
        self.read_counts()
        self.habit("list_omits", ids=["A"], by_name=True, operation="getInventorySummaries")
        sync = self.counted()
        line = sync.line_ids.filtered(lambda line: line.product_id == self.product_a)
        self.assertEqual((line.outcome, line.value), ("left", 0))
        self.assertIn("no longer names a seller SKU", line.note)
        self.book(sync)
        self.assertEqual(self.in_odoo(self.product_a), (10, 0, 0))

    def test_what_shipped_and_sold_before_is_no_difference(self):
        """Whoever presses: the job has its own rights."""
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("1Z", {"A": 2}))
        self.sell_a()
        sync = self.counted()
        self.assertEqual(sync.state, "ready", sync.failure_message)
        self.assertFalse(sync.difference_ids)
        self.assertEqual((fulfillment.state, self.on_hand(self.product_a)), ("shipped", 7))
        self.book(sync)
        self.synchronize()
        self.assertEqual((self.in_odoo(self.product_a), self.adjustments()), ((7, 0, 0), self.env["stock.move"]))

    def test_sales_before_the_account_is_live_are_kept_and_booked_once_later(self):
        self.account.is_live = False
        self.sell_a()
        sync = self.counted()
        self.assertEqual(sync.state, "ready", sync.failure_message)
        row = self.env["fba.amazon.order"].search([("account_id", "=", self.account.id)])
        self.assertRecordValues(row, [{"state": "pending", "is_due": True, "sale_id": False}])
        self.assertFalse(sync.difference_ids)
        self.book(sync)
        self.assertEqual(self.on_hand(self.product_a), 10 - sum(self.in_odoo(self.product_a)[1:]), "not sold yet")
        self.account.write({"import_decided": True, "is_live": True})
        self.synchronize()
        self.assertEqual(row.sale_id.order_line.mapped("qty_delivered"), [1])
        self.assertEqual((self.in_odoo(self.product_a), self.adjustments()), ((9, 0, 0), self.env["stock.move"]))

    def test_decided_import_books_before_the_account_is_live(self):
        self.account.write({"is_live": False, "import_decided": True})
        self.sell_a()
        self.counted()
        row = self.env["fba.amazon.order"].search([("account_id", "=", self.account.id)])
        self.assertTrue(row.sale_id)

    def test_import_that_is_off_is_left_out(self):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00"))
        self.account.import_orders = False
        self.assertEqual(self.counted().state, "ready")
        self.assertFalse(self.journal("searchOrders") or row.sale_id)

    def test_failure_of_each_step_is_a_sentence_and_offers_no_confirmation(self):
        steps = {
            "listAllFulfillmentOrders": "Reading Shipments failed: .*Not today",
            "searchOrders": "Reading Orders Sold on Amazon failed: .*Not today",
            "getInventorySummaries": "Counting Stock failed: Warehouse Test FBA: .*Not today",
        }
        for operation, sentence in steps.items():
            with self.subTest(operation=operation), mute_logger(RUNS):
                self.fault(operation, "status", status=400, code="InvalidInput", message="Not today", count=None)
                sync = self.counted()
                self.assertEqual(sync.state, "failed")
                self.assertRegex(sync.failure_message, sentence)
                with self.assertRaisesRegex(UserError, "nothing to confirm"):
                    sync.action_confirm()
                self.control("DELETE", "faults")
                sync.action_try_again()
                self.work()
                self.assertRecordValues(sync, [{"state": "ready", "failure_message": False}])
                sync.action_give_up()

    def test_keys_that_amazon_refuses_are_said_with_what_to_do(self):
        self.account.refresh_token = "Atzr|wrong"
        with mute_logger(RUNS):
            sync = self.counted()
        self.assertRegex(sync.failure_message, "Amazon refused account .* enter the new keys")

    def test_amazons_pace_is_waited_for(self):
        """Its own scheduled action goes on later, at the step it was at."""
        cron = self.env.ref("fba_connector.ir_cron_first_sync")
        steps = {
            "pulling": "listAllFulfillmentOrders",
            "importing": "searchOrders",
            "counting": "getInventorySummaries",
        }
        for state, operation in steps.items():
            with self.subTest(state=state):
                self.fault(operation, "status", status=429, count=None)
                sync, triggers = self.press(), self.env["ir.cron.trigger"].search([])
                self.work()
                self.assertEqual(sync.state, state, sync.failure_message)
                self.assertTrue(sync.continues_at)
                self.assertEqual((self.env["ir.cron.trigger"].search([]) - triggers).cron_id, cron)
                self.control("DELETE", "faults")
                lists = len(self.journal("listAllFulfillmentOrders"))
                self.advance(minutes=30)
                amazon.forget_paces()
                self.work()
                self.assertRecordValues(sync, [{"state": "ready", "continues_at": False}])
                self.assertEqual(len(self.journal("listAllFulfillmentOrders")) > lists, state == "pulling")
                sync.action_give_up()

    def test_paused_account_is_refused(self):
        self.account.paused = True
        with self.assertRaisesRegex(UserError, "is paused"):
            self.press()

    def test_account_paused_meanwhile_fails(self):
        sync = self.press()
        self.account.paused = True
        self.work()
        self.assertRegex(sync.failure_message, "is paused")
        self.assertFalse(self.control("GET", "journal"))

    def test_only_administrators_may(self):
        clerk = new_test_user(self.env, "first_sync_clerk", groups="fba_connector.group_fba_user")
        with self.assertRaises(AccessError):
            self.account.with_user(clerk).action_first_sync()
        sync = self.counted()
        for button in ("action_confirm", "action_try_again", "action_give_up", "action_open_stock"):
            with self.subTest(button=button), self.assertRaises(AccessError):
                getattr(sync.with_user(clerk), button)()
        with self.assertRaises(AccessError):
            sync.write({"counted_at": fields.Datetime.now()})

    def test_two_administrators_share_one(self):
        other = new_test_user(self.env, "first_sync_admin_2", groups="fba_connector.group_fba_manager")
        sync = self.press()
        self.assertEqual(self.account.with_user(other).action_first_sync()["res_id"], sync.id)
        with mute_logger("odoo.sql_db"), self.assertRaises(psycopg2.errors.UniqueViolation), self.env.cr.savepoint():
            self.env["fba.first.sync"].create({"account_id": self.account.id})

    def test_confirming_twice_books_once(self):
        self.control("PUT", "stock/A", fulfillable=12)
        sync = self.counted()
        sync.action_confirm()
        sync.action_confirm()
        self.work()
        sync.action_confirm()
        self.work()
        self.assertEqual((self.on_hand(self.product_a), len(self.adjustments())), (12, 1))

    def test_old_counts_are_not_booked_and_counted_again(self):
        sync = self.counted()
        sync.sudo().counted_at = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        with self.assertRaisesRegex(UserError, "an hour old"):
            sync.action_confirm()
        self.assertEqual(self.press(), sync)
        self.assertEqual(sync.state, "requested")
        self.work()
        self.assertEqual(sync.state, "ready")

    def test_counts_that_nobody_saw_are_not_confirmed(self):
        """Somebody else counted again while the window was open."""
        sync = self.counted()
        seen = sync.with_context(fba_shown_at=fields.Datetime.to_string(sync.counted_at))
        sync.sudo().counted_at = fields.Datetime.subtract(fields.Datetime.now(), minutes=10)
        with self.assertRaisesRegex(UserError, "counted again"):
            seen.action_confirm()
        self.assertEqual(sync.state, "ready")

    def test_given_up_job_stops_and_a_new_one_begins(self):
        sync = self.press()
        sync.action_give_up()
        self.work()
        self.assertFalse(self.control("GET", "journal"))
        self.assertNotEqual(self.counted(), sync)

    def test_another_place_at_amazon_ends_it(self):
        sync = self.counted()
        self.account.environment = "sandbox"
        self.assertEqual(sync.state, "cancelled")

    def test_what_has_shipped_and_waits_in_the_inbox_is_neither_shown_nor_booked(self):
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A"})
        items = [{"seller_sku": "A", "quantity": 4, "item_price": "10.00"}]
        sale = self.control("POST", "sales", items=items, status="UNSHIPPED")["amazon_order_id"]
        shipped = [{"seller_sku": "A", "quantity": 1}]
        self.control("POST", f"sales/{sale}/status", status="PARTIALLY_SHIPPED", shipped=shipped)
        self.control("POST", "clock/advance", seconds=600)
        sync = self.counted()
        self.assertEqual(sync.state, "ready", sync.failure_message)
        self.assertFalse(sync.difference_ids)
        self.book(sync)
        self.assertFalse(self.adjustments())

    def test_stock_that_changed_since_it_was_shown_is_left_out_and_named(self):
        self.control("PUT", "stock/A", fulfillable=12)
        self.control("PUT", "stock/B", fulfillable=12)
        sync = self.counted()
        self.stock(self.afn, self.product_a, -1)
        self.book(sync)
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (9, 12))
        self.assertRecordValues(sync, [{"state": "done", "booked_count": 1, "left_count": 1}])
        self.assertRecordValues(sync.noted_ids, [{"product_id": self.product_a.id, "outcome": "left"}])
        self.assertIn("Stock has changed since it was counted", sync.noted_ids.note)

    def test_order_that_could_not_be_read_keeps_its_product_out(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("1Z", {"A": 2}))
        self.fault("getFulfillmentOrder", "status", status=400, code="InvalidInput", message="No", count=None)
        with mute_logger(RUNS):
            sync = self.counted()
        self.assertEqual((sync.state, sync.value), ("ready", 0))
        self.book(sync)
        self.assertRecordValues(sync.noted_ids, [{"product_id": self.product_a.id, "outcome": "left"}])
        self.assertEqual(self.on_hand(self.product_a), 10)

    def test_product_that_fails_stands_on_its_line_and_the_others_are_booked(self):
        self.control("PUT", "stock/A", fulfillable=12)
        self.control("PUT", "stock/B", fulfillable=12)
        sync = self.counted()
        adjust = type(self.afn)._fba_adjust

        def refuse(warehouse, lost, found, agreed):
            if self.product_a in found:
                raise ValueError("Not this one")
            return adjust(warehouse, lost, found, agreed)

        with patch.object(type(self.afn), "_fba_adjust", refuse), mute_logger(RUNS):
            self.book(sync)
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (10, 12))
        self.assertRecordValues(
            sync.noted_ids, [{"product_id": self.product_a.id, "outcome": "failed", "note": "Not this one"}]
        )
        self.assertEqual((sync.state, sync.failed_count), ("done", 1))

    def test_interrupted_booking_goes_on_and_books_nothing_twice(self):
        """The process ends after one of two commits."""
        self.control("PUT", "stock/A", fulfillable=12)
        self.control("PUT", "stock/B", fulfillable=12)
        sync = self.counted()
        sync.action_confirm()
        Line = type(self.env["fba.first.sync.line"])
        book, booked = Line._book_as_shown, []

        def book_one(lines):
            if booked:
                raise LockError("Gone")
            booked.append(lines)
            return book(lines)

        with patch.object(fba_first_sync_run, "AT_ONCE", 1), patch.object(Line, "_book_as_shown", book_one):
            self.work()
        self.assertRecordValues(sync, [{"state": "confirmed", "booked_count": 1, "progress": 50}])
        self.assertFalse(self.account.first_sync_confirmed, "the ordinary synchronization waits")
        self.work()
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (12, 12))
        self.assertEqual((sync.state, len(self.adjustments())), ("done", 2))

    def test_ordinary_synchronization_waits_for_the_booking(self):
        sync = self.counted()
        sync.action_confirm()
        before = len(self.journal("getInventorySummaries"))
        self.run_job("sync_inventory")
        self.assertEqual(len(self.journal("getInventorySummaries")), before)

    def test_dialog_opens_in_each_state(self):
        sync = self.press()
        for state in ("requested", "ready", "confirmed", "done"):
            self.assertEqual(sync.state, state)
            Form(sync)
            if state == "ready":
                sync.action_confirm()
            elif state != "done":
                self.work()

    def test_other_company_sees_nothing(self):
        self.control("PUT", "stock/A", fulfillable=12)
        sync = self.counted()
        records = (sync, sync.line_ids)
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.admin.write({"company_ids": [(6, 0, company.ids)], "company_id": company.id})
        for record in records:
            self.assertFalse(record.with_user(self.admin).search([("id", "in", record.ids)]))

    def test_each_account_is_counted_in_its_own_company(self):
        """Whatever company the administrator works in."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.admin.company_ids |= company
        self.control("PUT", "stock/A", fulfillable=12)
        self.product_a.standard_price = 3
        self.product_a.with_company(company).standard_price = 100
        allowed = (company + self.account.company_id).ids
        account = self.account.with_user(self.admin).with_context(allowed_company_ids=allowed)
        sync = self.env["fba.first.sync"].browse(account.action_first_sync()["res_id"])
        self.work()
        self.assertEqual((sync.company_id, sync.value), (self.account.company_id, 6))
        self.book(sync)
        self.assertEqual(self.adjustments().company_id, self.account.company_id)


@tagged("post_install", "-at_install")
class TestPools(FirstSyncCase):
    """Two AFN warehouses, each with a pool of its own."""

    def setUp(self):
        super().setUp()
        self.account.marketplace_ids += self.env.ref("fba_connector.marketplace_ca")
        self.account.action_make_warehouses()
        seller = {"client_id": "POOLS", "client_secret": "POOLS", "refresh_token": "Atzr|POOLS"}
        markets = self.account.marketplace_ids.mapped("marketplace_id")
        self.control("POST", "sellers", **seller, marketplace_ids=markets)
        self.control("PUT", "stock/A", seller="Atzr|POOLS", fulfillable=12)
        self.account.write({name if name == "refresh_token" else f"lwa_{name}": key for name, key in seller.items()})
        self.other = self.account.afn_warehouse_ids - self.afn

    def test_pool_that_fails_is_named_and_the_other_is_counted(self):
        self.fault("getInventorySummaries", "status", status=400, code="InvalidInput", message="Not here")
        with mute_logger(RUNS):
            sync = self.counted()
        self.assertEqual((sync.state, len(sync.counted_warehouse_ids)), ("failed", 1), sync.failure_message)
        failed = (self.afn + self.other) - sync.counted_warehouse_ids
        self.assertIn(f"Warehouse {failed.name}: ", sync.failure_message)
        self.assertNotIn(sync.counted_warehouse_ids.name, sync.failure_message)
        with self.assertRaises(UserError):
            sync.action_confirm()
        self.assertEqual(self.press(), sync)
        self.work()
        self.assertEqual((sync.state, sync.counted_warehouse_ids), ("ready", self.afn + self.other))
        self.book(sync)
        self.assertEqual(self.on_hand(self.product_a), 12)
