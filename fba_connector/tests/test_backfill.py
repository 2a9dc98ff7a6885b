"""Earlier orders: an administrator has them counted, then imported, and nothing comes twice or moves stock again."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, LockError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .. import amazon
from ..models.amazon_order import fba_backfill_run
from .common import FbaCase
from .sold import sold_order, stage

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"
FIRST, LAST = datetime(2026, 8, 3), datetime(2026, 10, 20)


class BackfillCase(FbaCase):
    """An account that imports since November, and an administrator with an administrator's rights only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "backfill_admin", groups="fba_connector.group_fba_manager")
        cls.clerk = new_test_user(cls.env, "backfill_clerk", groups="fba_connector.group_fba_user")
        cls.Inbox = cls.env["fba.amazon.order"]

    def sell_before(self, count=6, **values):
        """IDs of `count` shipped orders of A and B in turn at 20.00 and 1.65 of tax, from August to October."""
        sold = {"count": count, "from": f"{FIRST}Z".replace(" ", "T"), "to": f"{LAST}Z".replace(" ", "T")}
        more = {"skus": ["A", "B"], "price": "20.00", "tax": "1.65", "moves_stock": False, "ships_after_seconds": 86400}
        market = {"marketplace_id": "ATVPDKIKX0DER"}
        return self.control("POST", "sales/bulk", **{**sold, **more, **market, **values})["amazon_order_ids"]

    def ask_for(self, *, dry_run=False, **values):
        """The record that the wizard's button opens."""
        action = self.account.with_user(self.admin).action_import_earlier()
        Wizard = self.env[action["res_model"]].with_user(self.admin).with_context(**action["context"])
        with Form(Wizard) as form:
            form.ordered_from = fields.Datetime.to_string(values.pop("ordered_from", datetime(2026, 8, 1)))
            for name, value in values.items():
                form[name] = value
        wizard = form.record
        action = wizard.action_dry_run() if dry_run else wizard.action_begin()
        return self.env[action["res_model"]].with_user(self.admin).browse(action["res_id"])

    def work(self, rounds=8):
        """The scheduled action, as often as Amazon's reports need."""
        for _round in range(rounds):
            self.run_job("backfill")
            self.advance(minutes=2)
        self.env.invalidate_all()

    def imported(self, **values):
        backfill = self.ask_for(**values)
        self.work()
        return backfill

    def rows(self, ids):
        return self.Inbox.search([("amazon_order_id", "in", ids)], order="amazon_updated_at, id")

    def in_odoo(self):
        """Units of A and B in each internal location, and the value of what has left."""
        products = self.product_a + self.product_b
        quants = self.env["stock.quant"].search(
            [("product_id", "in", products.ids), ("location_id.usage", "=", "internal")]
        )
        return {(it.product_id, it.location_id): it.quantity for it in quants if it.quantity}


@tagged("post_install", "-at_install")
class TestBackfill(BackfillCase):
    def test_dry_run_counts_by_month_and_imports_nothing(self):
        self.sell_before(count=6)
        backfill = self.ask_for(dry_run=True, reported_tax="ask")
        self.assertFalse(self.control("GET", "journal"), "pressing a button calls nobody")
        self.work()
        self.assertRecordValues(backfill, [{"state": "ready", "order_count": 6, "imported_count": 0, "way": "report"}])
        self.assertEqual(
            [(it.month.isoformat(), it.channel, it.order_count) for it in backfill.month_ids],
            [("2026-08-01", "Amazon.com", 2), ("2026-09-01", "Amazon.com", 2), ("2026-10-01", "Amazon.com", 2)],
        )
        self.assertEqual(len(self.journal("createReport")), 5, "August to November, 30 days each")
        self.assertEqual(
            backfill.plan_text,
            "Reports: 5 reports and 6 single orders, less than 2 minutes.\n"
            "List of orders: 1 pages, less than 2 minutes.",
        )
        self.assertFalse(self.Inbox.search([("account_id", "=", self.account.id)]))
        backfill.action_import()
        self.work()
        self.assertRecordValues(backfill, [{"state": "done", "booked_count": 6, "asked_count": 6, "progress": 100}])
        self.assertEqual(len(self.journal("createReport")), 5, "read once")

    def test_report_makes_delivered_sale_orders(self):
        ids = self.sell_before(count=6)
        before = self.in_odoo()
        backfill = self.imported(reported_tax="company")
        self.assertRecordValues(
            backfill, [{"state": "done", "fetched_count": 6, "booked_count": 6, "error_count": 0, "asked_count": 0}]
        )
        rows = self.rows(ids)
        self.assertEqual(set(rows.mapped("state")), {"done"}, rows.mapped("error_message"))
        self.assertFalse(self.journal("getOrder") + self.journal("searchOrders"))
        sale = rows[0].sale_id
        self.assertRecordValues(
            sale,
            [
                {
                    "amazon_order_id": ids[0],
                    "date_order": FIRST,
                    "amount_total": 21.65,
                    "delivery_status": "full",
                    "fba_status": "shipped",
                    "warehouse_id": self.afn.id,
                }
            ],
        )
        self.assertEqual(sale.picking_ids.date_done, FIRST + timedelta(days=1))
        self.assertEqual(sale.order_line.filtered("product_id.is_storable").mapped("qty_delivered"), [1])
        self.assertEqual(self.in_odoo(), before, "the stock of today is without them")
        self.assertEqual(backfill.action_open_inbox()["domain"], [("backfill_id", "=", backfill.id)])

    def test_who_owes_the_tax_is_somebodys_word(self):
        ids = self.sell_before(count=2, facilitator_tax=True)
        self.imported(reported_tax="amazon")
        labels = self.rows(ids).sale_id.order_line.mapped("name")
        self.assertIn("Tax collected and remitted by Amazon", labels)

    def test_amazon_is_asked_who_owes_the_tax(self):
        ids = self.sell_before(count=4, facilitator_tax=True)
        backfill = self.imported()
        self.assertEqual((backfill.reported_tax, len(self.journal("getOrder"))), ("ask", 4))
        self.assertEqual(set(self.rows(ids).mapped("state")), {"done"})
        self.assertIn("Tax collected and remitted by Amazon", self.rows(ids).sale_id.order_line.mapped("name"))

    def test_order_that_amazon_does_not_answer_about_is_no_guess(self):
        first, second = self.sell_before(count=2)
        self.fault("getOrder", "status", status=400, code="InvalidInput", message="no")
        with mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs"):
            backfill = self.imported()
        self.assertRecordValues(backfill, [{"state": "done", "booked_count": 1, "error_count": 1}])
        row = self.rows([first])
        self.assertIn("Amazon does not tell who owes the tax of this order", row.error_message)
        row.with_user(self.clerk).action_replay()
        self.assertEqual((row.state, self.rows([second]).state), ("error", "done"))

    def test_throttling_and_an_outage_only_take_time(self):
        ids = self.sell_before(count=3)
        self.fault("createReport", "status", status=429)
        self.fault("getOrder", "status", status=429)
        self.fault("getOrder", "status", status=503)
        backfill = self.ask_for()
        with mute_logger(RUNS):
            for _hour in range(12):
                self.work(rounds=1)
                amazon.forget_paces()
        self.assertEqual((backfill.state, set(self.rows(ids).mapped("state"))), ("done", {"done"}))

    def test_list_of_orders_is_the_other_way(self):
        ids = self.sell_before(count=5)
        self.control("POST", "settings", orders_page_size=2)
        backfill = self.imported(way="orders")
        self.assertRecordValues(backfill, [{"state": "done", "fetched_count": 5, "booked_count": 5}])
        self.assertEqual(len(self.journal("searchOrders")), 3)
        self.assertEqual(set(self.rows(ids).mapped("state")), {"done"})
        self.assertFalse(self.journal("createReport"))

    def test_list_leaves_searches_to_the_import_of_new_orders(self):
        self.sell_before(count=60)
        self.control("POST", "settings", orders_page_size=2)
        backfill = self.imported(way="orders")
        self.assertEqual((backfill.state, len(self.journal("searchOrders"))), ("fetching", 16))
        self.sell_on_amazon(("A", 1, "5.00", {}))
        self.run_job("import_amazon_orders")
        self.assertEqual({call["status"] for call in self.journal("searchOrders")}, {200})

    def test_short_time_is_asked_of_the_list(self):
        wizard = Form(self.env["fba.backfill.wizard"].with_context(default_account_id=self.account.id))
        wizard.ordered_from = "2026-10-30 00:00:00"
        self.assertEqual((wizard.way, wizard.ordered_to), ("orders", self.account.import_from))
        wizard.ordered_from = "2026-10-01 00:00:00"
        self.assertEqual(wizard.way, "report")

    def test_imported_orders_come_once(self):
        ids = self.sell_before(count=4)
        self.imported(reported_tax="company")
        sales = self.rows(ids).sale_id
        again = self.imported(reported_tax="company", dry_run=True)
        self.assertRecordValues(again, [{"state": "ready", "order_count": 4, "imported_count": 4}])
        again.action_import()
        self.work()
        self.assertRecordValues(again, [{"state": "done", "fetched_count": 0, "known_count": 4}])
        self.assertEqual(self.rows(ids).sale_id, sales)
        self.assertEqual(len(self.env["sale.order"].search([("amazon_order_id", "in", ids)])), 4)

    def test_order_that_was_too_early_is_booked_by_what_amazon_told(self):
        (amazon_id,) = self.sell_before(count=1)
        early = sold_order(
            {"sku": "A", "ITEM": "30.00", "total": "30.00"},
            total="30.00",
            order_id=amazon_id,
            createdTime=f"{FIRST.isoformat()}Z",
        )
        row = stage(self.account, early)
        row._process()
        self.assertEqual((row.state, row.error_message), ("ignored", "Ordered before the account began to import."))
        self.imported(reported_tax="company")
        self.assertEqual((row.state, row.sale_id.amount_total), ("done", 30.00), row.error_message)

    def test_rows_of_an_order_in_two_reports_are_one_order(self):
        cells = {"amazon-order-id": "112-1", "amazon-order-item-id": "1", "sku": "A", "quantity-shipped": "1"}
        cells |= {"purchase-date": "2026-08-30T10:00:00Z", "currency": "USD", "sales-channel": "Amazon.com"}
        money = ("item", "shipping", "gift-wrap")
        cells |= dict.fromkeys([f"{it}-price" for it in money] + [f"{it}-tax" for it in money], "1.00")
        cells |= {"item-promotion-discount": "0.00", "ship-promotion-discount": "0.00"}
        august = {**cells, "shipment-item-id": "X", "shipment-date": "2026-08-31T10:00:00Z"}
        september = {**cells, "shipment-item-id": "Y", "shipment-date": "2026-09-02T10:00:00Z"}
        early = {**cells, "amazon-order-id": "112-0", "purchase-date": "2026-07-31T23:59:59Z"}
        backfill = self.ask_for(reported_tax="company").sudo()
        with patch.object(type(self.account), "_commit", lambda account, **progress: 100):
            for report in ([august, early, august], [august, september]):
                backfill._keep_rows(self.account, iter(report))
                backfill.report_row = 0
            backfill._fetch_reported(self.account)
        (row,) = self.Inbox.search([("account_id", "=", self.account.id)])
        order = amazon.parse_order(row.payload)
        self.assertEqual((order.items[0].quantity_shipped, order.grand_total.amount), (2, 12))
        self.assertRecordValues(row, [{"amazon_updated_at": datetime(2026, 9, 2, 10), "backfill_step": "book"}])

    def test_own_orders_at_amazon_are_no_sales_there(self):
        self.queued()
        self.push()
        self.sell_before(count=2)
        self.advance(minutes=60 * 24 * 2)
        backfill = self.imported(reported_tax="company", ordered_to=str(fields.Datetime.now()))
        self.assertEqual((backfill.state, backfill.fetched_count), ("done", 2))

    def test_list_that_tells_the_same_later_is_no_change(self):
        """The report writes amounts in another way, and leaves out what never left."""
        (amazon_id,) = self.sell_before(count=1)
        self.imported(reported_tax="company")
        row = self.rows([amazon_id])
        item = {"sku": "A", "ITEM": "20.0", "TAX": "1.650", "total": "21.65"}
        told = sold_order(item, {"sku": "B", "fulfilled": 0}, total="21.650", order_id=amazon_id)
        told["orderItems"][0]["orderItemId"] = next(iter(row.imported["items"]))
        stage(self.account, told)
        row._process()
        self.assertFalse(row.error_message)
        self.assertFalse(row.sale_id.activity_ids)
        told["orderItems"][1]["fulfillment"]["quantityFulfilled"] = 1
        told["lastUpdatedTime"] = "2026-11-22T00:00:00Z"
        stage(self.account, told)
        row._process()
        self.assertIn("B 0 → 1", row.error_message)

    # === IT STOPS AND GOES ON === #

    def test_dead_worker_costs_no_order_and_doubles_none(self):
        ids = self.sell_before(count=9)
        backfill = self.ask_for(reported_tax="company")
        stage_wanted, calls = type(self.Inbox)._stage_wanted, []

        def dies_at_times(inbox, *args):
            calls.append(1)
            if len(calls) in (2, 4):
                raise LockError("The worker died.")
            return stage_wanted(inbox, *args)

        with (
            patch.object(fba_backfill_run, "STAGED_AT_ONCE", 2),
            patch.object(type(self.Inbox), "_stage_wanted", dies_at_times),
        ):
            self.work(rounds=12)
        self.assertRecordValues(backfill, [{"state": "done", "fetched_count": 9, "booked_count": 9}])
        self.assertEqual(len(self.env["sale.order"].search([("amazon_order_id", "in", ids)])), 9)

    def test_reading_of_a_report_goes_on_behind_the_last_row(self):
        self.sell_before(count=9, **{"to": "2026-08-20T00:00:00Z"})
        backfill = self.ask_for(reported_tax="company")
        keep, commit, parts = type(self.env["fba.reported.item"])._store_rows, type(self.account)._commit, []

        def kept(*args):
            parts.append(keep(*args))
            return parts[-1]

        def time_up(account, **progress):
            return commit(account, **progress) and (0 if parts and parts[-1] and not parts.append(0) else 100)

        with (
            patch("odoo.addons.fba_connector.models.amazon_order.fba_reported_item.ROWS_AT_ONCE", 4),
            patch.object(fba_backfill_run, "READS_FOR_S", -1),
            patch.object(type(self.env["fba.reported.item"]), "_store_rows", kept),
            patch.object(type(self.account), "_commit", time_up),
        ):
            self.work(rounds=12)
        self.assertEqual([count for count in parts if count], [4, 4, 1])
        self.assertRecordValues(backfill, [{"state": "done", "booked_count": 9}])

    def test_failure_is_told_and_it_goes_on_where_it_stopped(self):
        ids = self.sell_before(count=3)
        backfill = self.ask_for(reported_tax="company")
        with patch.object(amazon.Gateway, "open_report", side_effect=ValueError("odd")), mute_logger(RUNS):
            self.work(rounds=2)
        self.assertEqual(backfill.state, "failed")
        self.assertIn("Reading Reports failed: An error in Odoo (odd).", backfill.failure_message)
        backfill.action_go_on()
        self.work()
        self.assertEqual((backfill.state, len(self.rows(ids))), ("done", 3))
        self.assertEqual(len(self.journal("createReport")), 5, "the report that was there is read")

    def test_one_order_that_fails_stops_nobody(self):
        ids = self.sell_before(count=4)
        self.product_b.active = False
        backfill = self.imported(reported_tax="company")
        self.assertRecordValues(backfill, [{"state": "done", "booked_count": 2, "error_count": 2}])
        self.assertEqual(self.rows(ids).mapped("backfill_step"), [False] * 4)

    def test_given_up_leaves_nothing_but_what_is_booked(self):
        ids = self.sell_before(count=4)
        early = sold_order(
            {"sku": "A", "ITEM": "30.00"}, total="30.00", order_id=ids[0], createdTime=f"{FIRST.isoformat()}Z"
        )
        row = stage(self.account, early)
        row._process()
        backfill = self.ask_for()
        with patch.object(type(backfill), "_ask", lambda *args: fba_backfill_run.NotReady(timedelta(hours=1))):
            self.work()
        self.assertEqual((backfill.state, len(self.rows(ids))), ("asking", 4))
        backfill.action_stop()
        self.work(rounds=1)
        self.assertEqual((backfill.state, self.rows(ids)), ("cancelled", row))
        self.assertRecordValues(row, [{"state": "ignored", "is_wanted": False, "backfill_step": False}])
        self.assertFalse(self.env["fba.reported.item"].search([]))
        self.assertEqual(self.imported(reported_tax="company").booked_count, 4)

    def test_import_of_new_orders_goes_on_beside_it(self):
        self.sell_before(count=4)
        backfill = self.ask_for()
        with patch.object(type(backfill), "_ask", lambda *args: fba_backfill_run.NotReady(timedelta(hours=1))):
            self.work()
        new = self.sell_on_amazon(("A", 1, "5.00", {}))
        self.run_job("import_amazon_orders")
        self.assertEqual(self.rows([new]).state, "done")
        self.assertEqual(len(self.Inbox.search([("backfill_step", "=", "ask")])), 4, "these wait for the answer")

    # === WHO, AND WHEN === #

    def test_clerk_may_not(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.clerk).action_import_earlier()
        backfill = self.ask_for(dry_run=True)
        with self.assertRaises(AccessError):
            backfill.with_user(self.clerk).action_stop()

    def test_one_at_a_time(self):
        backfill = self.ask_for(dry_run=True)
        action = self.account.with_user(self.admin).action_import_earlier()
        self.assertEqual((action["res_model"], action["res_id"]), ("fba.backfill", backfill.id))
        wizard = self.env["fba.backfill.wizard"].create(
            {"account_id": self.account.id, "ordered_from": "2026-08-01", "ordered_to": "2026-09-01"}
        )
        with self.assertRaisesRegex(UserError, "are being imported already"):
            wizard.with_user(self.admin).action_begin()

    def test_time_has_to_be_one(self):
        with self.assertRaisesRegex(UserError, "begins before it ends"):
            self.ask_for(ordered_from=datetime(2026, 11, 2))
        self.account.import_orders = False
        with self.assertRaisesRegex(UserError, "imports no orders"):
            self.account.with_user(self.admin).action_import_earlier()

    def test_other_account_at_amazon_ends_it(self):
        backfill = self.ask_for(dry_run=True)
        self.account.environment = "production"
        self.assertEqual(backfill.state, "cancelled")


@tagged("post_install", "-at_install")
class TestBackfillStock(BackfillCase):
    """Ten of A and of B in *Stock*, of the first synchronization or before it."""

    def synchronized(self, counted_at):
        sync = self.env["fba.first.sync"].sudo().create({"account_id": self.account.id})
        values = {"counted_at": counted_at, "counted_warehouse_ids": [fields.Command.set(self.afn.ids)]}
        for state in ("pulling", "importing", "counting", "ready", "confirmed", "done"):
            sync._move_to(state, **values)
        self.account.first_sync_confirmed = True

    def units(self, ids):
        """{product: (Stock, delivered)} of A and B."""
        sales = self.rows(ids).sale_id
        goods = sales.order_line.filtered("product_id.is_storable").grouped("product_id")
        return {
            product.default_code: (
                self.on_hand(product),
                sum(goods.get(product, sales.order_line[:0]).mapped("qty_delivered")),
            )
            for product in (self.product_a, self.product_b)
        }

    def test_what_left_before_the_first_count_leaves_no_stock(self):
        """Six orders, four of them before the count: a unit each of A and B in turn."""
        ids = self.sell_before(count=6)
        rows = self.rows(ids)
        self.synchronized(datetime(2026, 10, 1))
        self.imported(reported_tax="company")
        rows = self.rows(ids)
        self.assertEqual(set(rows.mapped("state")), {"done"}, rows.mapped("error_message"))
        early = rows.filtered(lambda row: row.amazon_updated_at < datetime(2026, 10, 1))
        self.assertEqual((len(early), len(rows)), (4, 6))
        self.assertEqual(self.units(ids), {"A": (9, 3), "B": (9, 3)}, "one of each left after the count")
        moves = early.sale_id.picking_ids.move_ids
        self.assertEqual(set(moves.location_id.mapped("usage")), {"inventory"})
        self.assertEqual((set(moves.mapped("state")), sum(moves.mapped("value"))), ({"done"}, 0))
        self.assertEqual(set(early.sale_id.mapped("delivery_status")), {"full"})

    def test_pool_that_was_never_counted_has_none_of_them(self):
        ids = self.sell_before(count=6)
        self.imported(reported_tax="company")
        self.assertEqual(self.units(ids), {"A": (10, 3), "B": (10, 3)})

    def test_stock_that_odoo_alone_counts_leaves(self):
        ids = self.sell_before(count=6)
        self.account.sync_inventory = False
        self.imported(reported_tax="company")
        self.assertEqual(self.units(ids), {"A": (7, 3), "B": (7, 3)})

    def test_new_orders_leave_stock_as_ever(self):
        amazon_id = self.sell_on_amazon(("A", 1, "5.00", {}))
        self.run_job("import_amazon_orders")
        self.assertEqual(self.units([amazon_id])["A"], (9, 1))

    def test_earlier_orders_that_wait_are_no_difference_of_stock(self):
        self.sell_before(count=6)
        self.synchronized(datetime(2026, 7, 1))
        backfill = self.ask_for()
        with patch.object(type(backfill), "_ask", lambda *args: fba_backfill_run.NotReady(timedelta(hours=1))):
            self.work()
        self.assertEqual(len(self.Inbox.search([("backfill_step", "=", "ask")])), 6)
        balance = self.afn._fba_weigh(self.product_a + self.product_b)
        self.assertFalse(balance.inbox.shipped)
