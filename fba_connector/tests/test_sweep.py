"""The daily search for orders that the import has missed: late ones, and those that Amazon left out of a page."""

from datetime import timedelta

from odoo import fields
from odoo.tests import Form, new_test_user, tagged

from .. import amazon
from ..models.amazon_order.fba_account_sweep import LEFT_TO_IMPORT
from .common import FbaCase
from .sold import stage


@tagged("post_install", "-at_install")
class TestSweep(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "sweep_clerk", groups="fba_connector.group_fba_manager")

    def setUp(self):
        super().setUp()
        self.import_orders()  # the first search is one of all orders; the sweeps begin a day later

    def import_orders(self):
        self.run_job("import_amazon_orders")

    def a_day_later(self):
        """Of Odoo's clock as far as the sweep is concerned."""
        self.account.sweep_started_at = fields.Datetime.now() - timedelta(hours=25)

    def row(self, amazon_order_id):
        return self.env["fba.amazon.order"].search([("amazon_order_id", "=", amazon_order_id)])

    def searches(self, name=None):
        """The queries of searchOrders that Amazon answered."""
        read = [call["query"] for call in self.journal("searchOrders") if call["status"] == 200]
        return [query for query in read if name is None or name in query]

    def missed(self, **habit):
        """A sale that the import's own search never shows."""
        if habit:
            self.habit(**habit)
        sale = self.sell_on_amazon(("A", 1, "10.00", {}))
        if not habit:
            self.habit("list_omits", ids=[sale])
        for _run in range(3):
            self.import_orders()
            self.advance(minutes=12)
        self.no_habits()
        self.import_orders()
        self.assertFalse(self.row(sale))
        return sale

    def assert_swept(self, sale):
        self.a_day_later()
        self.import_orders()
        row = self.row(sale)
        self.assertEqual(row.state, "done", row.error_message)
        self.assertFalse(row.is_due)
        self.assertEqual(self.on_hand(self.product_a), 9)
        self.assertRecordValues(self.account, [{"sweep_from": False, "sweep_page_token": False}])

    def test_order_that_amazon_shows_late_is_imported(self):
        sale = self.missed(name="search_late")
        self.assert_swept(sale)
        self.assertLess(self.row(sale).amazon_updated_at, self.account.import_cursor)

    def test_change_that_amazon_shows_late_is_imported(self):
        sale = self.sell_on_amazon(("A", 1, "10.00", {}), status="UNSHIPPED")
        self.import_orders()
        self.assertEqual(self.row(sale).state, "pending")
        self.advance(minutes=60)
        self.habit("search_late")
        self.control("POST", f"sales/{sale}/status", status="SHIPPED")
        for _run in range(4):
            self.advance(minutes=12)
            self.import_orders()
        self.assertEqual(self.row(sale).amazon_status, "UNSHIPPED")
        self.assert_swept(sale)

    def test_order_that_a_page_left_out_is_imported(self):
        self.assert_swept(self.missed())

    def test_order_that_was_unreadable_at_first_is_imported(self):
        sale = self.missed()
        (there,) = self.control("GET", "sales")
        row = stage(self.account, {"orderId": sale, "lastUpdatedTime": there["updated_at"]})
        row._process()
        self.assertEqual(row.state, "error")
        self.assert_swept(sale)

    def test_order_of_a_marketplace_added_meanwhile_is_imported(self):
        us, canada = (self.env.ref(f"fba_connector.marketplace_{code}") for code in ("us", "ca"))
        self.account.marketplace_ids = canada
        sale = self.sell_on_amazon(("A", 1, "10.00", {}))
        self.import_orders()
        self.account.write({"sweep_from": "2026-11-01", "sweep_page_token": "of Canada only"})
        self.account.marketplace_ids = us + canada
        self.assertFalse(self.account.sweep_page_token, "the search in progress starts anew")
        self.account.import_cursor = fields.Datetime.now() + timedelta(days=1)
        self.import_orders()
        self.assertEqual(self.row(sale).state, "done")

    def test_sweep_is_of_the_last_30_days_but_not_from_before_the_import(self):
        now = fields.Datetime.now()
        for begun, since in ((now - timedelta(days=90), now - timedelta(days=30)), (now - timedelta(days=3),) * 2):
            self.account.import_from = begun
            self.import_orders()
            self.control("DELETE", "journal")
            self.a_day_later()
            self.import_orders()
            (query,) = self.searches("createdAfter")
            asked = fields.Datetime.to_datetime(query["createdAfter"].removesuffix("Z").replace("T", " "))
            self.assertAlmostEqual(asked, since.replace(microsecond=0), delta=timedelta(minutes=2))
            self.assertNotIn("lastUpdatedAfter", query)

    def test_sweep_runs_once_a_day(self):
        self.a_day_later()
        for _run in range(3):
            self.import_orders()
        self.assertEqual(len(self.searches("createdAfter")), 1)
        self.assertEqual(len(self.searches("lastUpdatedAfter")), 4)

    def test_no_sweep_before_the_search_of_the_import_has_ended(self):
        for unfinished in ({"import_cursor": False}, {"import_page_token": "of a search in progress"}):
            self.a_day_later()
            self.account.write(unfinished)
            self.fault("searchOrders", "status", status=503)
            self.import_orders()
            self.assertFalse(self.searches("createdAfter"))
            self.assertFalse(self.account.sweep_from)
            self.import_orders()
            self.assertEqual(len(self.searches("createdAfter")), 1, "only after it")
            self.control("DELETE", "journal")

    def test_known_orders_stay_as_they_are(self):
        ids = [self.sell_on_amazon(("A", 1, "10.00", {})) for _sale in range(3)]
        self.import_orders()
        rows = self.env["fba.amazon.order"].search([("amazon_order_id", "in", ids)])
        self.env.cr.execute("UPDATE fba_amazon_order SET write_date = '2026-01-01'")
        self.env.invalidate_all()
        self.a_day_later()
        self.import_orders()
        self.assertEqual(set(rows.mapped("state")), {"done"})
        self.assertEqual(set(map(str, rows.mapped("write_date"))), {"2026-01-01 00:00:00"})
        self.assertEqual(self.on_hand(self.product_a), 7)

    # === AMAZON'S PLAN === #

    def many(self):
        """Thirty orders, imported; then Amazon shows one a page, at a plan that is fresh."""
        self.control("PUT", "stock/A", fulfillable=40)
        ids = [self.sell_on_amazon(("A", 1, "10.00", {})) for _sale in range(30)]
        self.import_orders()
        self.assertEqual({self.row(sale).state for sale in ids}, {"done"})
        self.advance(minutes=60)
        amazon.forget_paces()
        self.control("POST", "settings", orders_page_size=1)
        self.control("DELETE", "journal")
        self.a_day_later()

    def test_sweep_leaves_room_for_the_search_of_the_next_run(self):
        self.many()
        self.import_orders()
        self.assertTrue(self.account.sweep_page_token)
        swept = len(self.searches("createdAfter"))
        self.assertEqual(swept, 19 - LEFT_TO_IMPORT - len(self.searches("lastUpdatedAfter")))
        sale = self.sell_on_amazon(("B", 1, "10.00", {}))
        for _run in range(3):
            self.import_orders()
        self.assertEqual(self.row(sale).state, "done", "found at once")
        self.assertEqual(len(self.searches("createdAfter")), swept, "no room to spare")
        self.assertFalse([call for call in self.journal("searchOrders") if call["status"] == 429])

    def test_sweep_goes_on_where_it_ended(self):
        self.many()
        for _run in range(10):
            self.import_orders()
            if not self.account.sweep_from:
                break
            self.advance(minutes=60)
            amazon.forget_paces()
        self.assertFalse(self.account.sweep_from)
        tokens = [query.get("paginationToken") for query in self.searches("createdAfter")]
        self.assertEqual(len(tokens), 30)
        self.assertEqual(len(set(tokens)), 30, "no page is read twice")

    def test_throttled_sweep_is_no_failure_of_the_import(self):
        self.a_day_later()
        lock = self.account.sudo().task_lock_ids.filtered(lambda it: it.task == "import")
        trigger = self.env["ir.cron.trigger"].search([])
        self.advance(minutes=60)
        self.control("POST", "settings", plan_factor=0.05)  # one page an hour
        for _run in range(2):
            lock.good_at = False
            self.import_orders()
            statuses = [
                (next(key for key in call["query"] if key.endswith("After")), call["status"])
                for call in self.journal("searchOrders")[-2:]
            ]
            self.assertEqual(statuses, [("lastUpdatedAfter", 200), ("createdAfter", 429)])
            self.assertTrue(lock.good_at, "the run was good")
            self.assertEqual(self.account.connection_state, "ok")
            self.assertFalse(self.env["ir.cron.trigger"].search([]) - trigger, "the next regular run goes on")
            self.assertTrue(self.account.sweep_from)
            self.advance(minutes=60)
            amazon.forget_paces()

    # === FIGURES === #

    def message(self, a_day):
        """The account's message where so many orders of each of the last 30 days are in the inbox."""
        self.env.cr.execute("DELETE FROM fba_amazon_order")
        self.env.cr.execute(
            """
            INSERT INTO fba_amazon_order (account_id, amazon_order_id, state, ordered_at)
            SELECT %s, 'X' || n, 'done', now() AT TIME ZONE 'UTC' - interval '29 days' * n / %s
              FROM generate_series(1, %s) n
            """,
            [self.account.id, a_day * 30, a_day * 30],
        )
        self.env.invalidate_all()
        return Form(self.account.with_user(self.clerk)).import_pace_message

    def test_account_tells_where_the_sweep_takes_more_than_a_day(self):
        self.account.import_from = fields.Datetime.now() - timedelta(days=365)
        self.assertFalse(self.message(1000))
        self.assertFalse(self.message(1600))
        message = self.message(2000)
        for figure in ("2,000 orders a day", "50,300 a day", "60,000 orders of the last 30 days", "1.2 days"):
            self.assertIn(figure, message)
        self.account.import_from = fields.Datetime.now() - timedelta(days=1)
        message = self.message(2000)
        self.assertIn("60,000 orders a day", message)
        self.assertIn("falls behind", message)
        self.account.import_orders = False
        self.assertFalse(Form(self.account).import_pace_message)
