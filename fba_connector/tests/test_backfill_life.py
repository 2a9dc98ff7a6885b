"""Imports of earlier orders and automatic invoices under odd conditions: nothing is lost, booked twice, or stuck."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .. import amazon
from ..models.amazon_order import fba_backfill_run
from .sold import sold_order, stage
from .test_backfill import BackfillCase

MARKET = {"marketplace_id": "ATVPDKIKX0DER", "currency": "USD"}


@tagged("post_install", "-at_install")
class TestBackfillOdd(BackfillCase):
    def synchronized(self, counted_at):
        sync = self.env["fba.first.sync"].sudo().create({"account_id": self.account.id})
        values = {"counted_at": counted_at, "counted_warehouse_ids": [fields.Command.set(self.afn.ids)]}
        for state in ("pulling", "importing", "counting", "ready", "confirmed", "done"):
            sync._move_to(state, **values)
        self.account.first_sync_confirmed = True

    def asking(self, **values):
        """An import of earlier orders that waits for Amazon's answers."""
        backfill = self.ask_for(**values)
        with patch.object(type(backfill), "_ask", lambda *args: fba_backfill_run.NotReady(timedelta(hours=1))):
            self.work()
        self.assertEqual(backfill.state, "asking")
        return backfill

    def told_later(self, amazon_id, **values):
        """What the list tells of an order after the report."""
        told = {"createdTime": "2026-08-03T00:00:00Z", "lastUpdatedTime": "2026-11-20T10:00:00Z"}
        item = {"sku": "A", "ITEM": "20.00", **values.pop("item", {})}
        return stage(self.account, sold_order(item, total="20.00", order_id=amazon_id, **{**told, **values}))

    def test_refund_after_the_first_count_moves_no_stock(self):
        """Amazon's answer is of the time of the refund; the goods left long before the count."""
        (amazon_id,) = self.sell_before(count=1)
        self.control("POST", f"sales/{amazon_id}/money", items=[{"seller_sku": "A", "item_price": "15.00"}])
        self.synchronized(datetime(2026, 10, 1))
        before = self.in_odoo()
        self.imported(reported_tax="ask")
        row = self.rows([amazon_id])
        self.assertEqual(row.state, "done", row.error_message)
        self.assertEqual(self.in_odoo(), before)
        self.assertEqual(row.sale_id.picking_ids.date_done, datetime(2026, 8, 4))

    def test_early_order_changed_after_the_first_count_moves_no_stock(self):
        (amazon_id,) = self.sell_before(count=1)
        row = self.told_later(amazon_id)
        row._process()
        self.assertEqual(row.state, "ignored")
        self.synchronized(datetime(2026, 10, 1))
        before = self.in_odoo()
        self.imported(reported_tax="company")
        self.assertEqual(row.state, "done", row.error_message)
        self.assertEqual(self.in_odoo(), before)

    def test_refund_in_the_list_after_the_first_count_moves_no_stock(self):
        """The list tells only the time of the refund; an order placed months before the count left before it."""
        ids = self.sell_before(count=2)
        for amazon_id, sku in zip(ids, "AB", strict=True):
            items = [{"seller_sku": sku, "item_price": "15.00"}]
            self.control("POST", f"sales/{amazon_id}/money", items=items)
        self.synchronized(datetime(2026, 10, 25))
        self.imported(way="orders")
        self.assertEqual(set(self.rows(ids).mapped("state")), {"done"})
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (10, 9), "B may have left later")

    def test_stop_keeps_what_was_booked_meanwhile(self):
        ids = self.sell_before(count=3)
        backfill = self.asking(reported_tax="ask")
        row = self.told_later(ids[0])
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        sale = row.sale_id
        backfill.action_stop()
        self.work(rounds=1)
        self.assertRecordValues(backfill, [{"state": "cancelled", "is_tidy": True}])
        self.assertEqual(self.rows(ids), row)
        self.assertRecordValues(row, [{"state": "done", "sale_id": sale.id, "backfill_step": False}])

    def test_stop_keeps_what_the_list_told_meanwhile(self):
        """Of the import's own time: the list does not tell it again."""
        ids = self.sell_before(count=3)
        backfill = self.asking(reported_tax="ask")
        self.account.import_from = "2026-08-01"
        waits, due = self.told_later(ids[0], item={"sku": "Unknown"}), self.told_later(ids[1])
        waits._process()
        self.assertEqual((waits.state, waits.awaits, due.is_due), ("error", "sku", True))
        backfill.action_stop()
        self.work(rounds=1)
        self.assertEqual(backfill.state, "cancelled")
        self.assertEqual(self.rows(ids), waits | due)
        self.assertEqual((waits | due).mapped("backfill_step"), [False, False])

    def test_forgotten_buyer_stays_forgotten_in_the_answer(self):
        self.account.buyer_data = "buyer"
        ids = self.sell_before(count=1)
        backfill = self.asking(reported_tax="ask")
        row = self.rows(ids)
        row.write({"is_forgotten": True, "has_personal_data": False})
        answer = sold_order(
            {"sku": "A", "ITEM": "20.00"},
            total="20.00",
            order_id=ids[0],
            recipient={"deliveryAddress": {"name": "Jane Doe", "countryCode": "US", "addressLine1": "1 Road"}},
        )
        (raw,) = amazon.parse_order_page({"orders": [answer]}, "buyer").orders
        self.assertIn("Jane", str(raw.payload))
        row._take_answer(raw)
        self.assertNotIn("Jane", str(row.payload))
        self.assertFalse(row.has_personal_data)
        self.assertEqual(backfill.state, "asking")


@tagged("post_install", "-at_install")
class TestShippedOdd(BackfillCase):
    def setUp(self):
        super().setUp()
        self.account.write({"reported_tax": "company", "import_source": "report"})
        self.run_job("import_amazon_orders")
        self.assertTrue(self.account.reports_since)

    def jobs(self):
        return self.env["fba.backfill"].search([("account_id", "=", self.account.id), ("kind", "=", "shipped")])

    def pass_hours(self, hours):
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE fba_backfill SET create_date = create_date - %(hours)s * interval '1 hour', "
            "state_since = state_since - %(hours)s * interval '1 hour'",
            {"hours": hours},
        )
        self.env.invalidate_all()

    def test_pause_ends_no_reading_of_reports_for_good(self):
        self.work(rounds=1)
        (job,) = self.jobs()
        self.assertEqual(job.state, "counting")
        self.account.paused = True
        self.work(rounds=2)
        self.account.paused = False
        self.pass_hours(5)
        self.work()
        self.assertEqual(self.jobs()[0].state, "done", self.jobs().mapped("failure_message"))

    def test_report_that_amazon_cannot_make_ends_no_reading_for_good(self):
        self.work(rounds=1)
        with patch.object(type(self.jobs()), "_read_report", return_value=fba_backfill_run.ReportFailed()):
            self.work(rounds=1)
        self.assertEqual(self.jobs().state, "failed")
        self.pass_hours(5)
        self.work()
        self.assertEqual(self.jobs()[0].state, "done")

    def test_reported_orders_are_booked_though_no_more_reports_are_read(self):
        new = self.sell_on_amazon(("A", 1, "20.00", {}))
        self.advance(minutes=180)
        later = fields.Datetime.now() + timedelta(hours=12)
        with patch.object(type(self.env["fba.backfill"]), "_report_end", lambda backfill: later):
            self.work()
        row = self.rows([new])
        self.assertEqual((row.state, row.backfill_step), ("pending", "book"))
        self.account.import_source = "orders"
        self.account._choose_import_source()
        self.assertFalse(self.account.reports_since)
        self.pass_hours(5)
        calls = len(self.journal("createReport"))
        with patch.object(fba_backfill_run, "SETTLED", timedelta(days=-3)):
            self.work()
        self.assertEqual(row.state, "done", row.error_message)
        self.assertEqual(len(self.journal("createReport")), calls)
        count = len(self.jobs())
        self.pass_hours(5)
        self.work(rounds=1)
        self.assertEqual(len(self.jobs()), count, "nothing waits")

    def test_report_of_new_orders_wants_no_early_one(self):
        early = stage(
            self.account,
            sold_order(
                {"sku": "A", "ITEM": "30.00"}, total="30.00", order_id="111-7", createdTime="2026-08-03T00:00:00Z"
            ),
        )
        early._process()
        self.assertEqual(early.state, "ignored")
        self.work(rounds=1)
        (raw,) = amazon.parse_order_page({"orders": [early.payload]}, "nobody").orders
        self.Inbox._stage_wanted(self.jobs(), [(raw, "book")])
        self.assertRecordValues(early, [{"is_wanted": False, "backfill_step": False}])


@tagged("post_install", "-at_install")
class TestInvoiceOdd(BackfillCase):
    def test_twin_imported_again_is_not_invoiced_again(self):
        self.account.auto_invoice = "posted"
        payload = sold_order({"sku": "A", "ITEM": "20.00"}, total="20.00", order_id="111-9")
        row = stage(self.account, payload)
        self.run_job("import_amazon_orders")
        self.assertEqual(row.invoice_state, "posted")
        other = self.env["fba.account"].create(
            self.account_values("Same store", auto_invoice="posted", **self.another_seller())
        )
        us = self.env.ref("fba_connector.marketplace_us")
        self.afn.fba_marketplace_ids = us
        self.env["stock.warehouse"].create(
            {"name": "Same", "code": "SF", "is_afn": True, "fba_account_id": other.id, "fba_marketplace_id": us.id}
        )
        twin = stage(other, payload)
        twin._process()
        self.assertEqual(twin.state, "ignored")
        twin.with_user(self.clerk).action_import_again()
        self.assertEqual(twin.state, "done", twin.error_message)
        self.assertFalse(twin.invoice_due_at)
        self.assertEqual(twin.invoice_id, row.invoice_id)

    def test_administrator_of_another_company_sees_nothing(self):
        company = self.env["res.company"].create({"name": "Elsewhere"})
        other = new_test_user(
            self.env,
            "elsewhere_admin",
            groups="fba_connector.group_fba_manager",
            company_id=company.id,
            company_ids=[fields.Command.set(company.ids)],
        )
        with self.assertRaises(AccessError):
            self.env["fba.backfill.wizard"].with_user(other).create(
                {"account_id": self.account.id, "ordered_from": "2026-08-01"}
            ).read(["reported_tax", "ordered_to", "marketplace_ids"])
        backfill = self.ask_for(dry_run=True)
        with self.assertRaises(AccessError):
            backfill.with_user(other).read(["state"])
        for button in ("action_stop", "action_import", "action_go_on", "action_open_inbox"):
            with self.assertRaises(AccessError):
                getattr(backfill.with_user(other), button)()
