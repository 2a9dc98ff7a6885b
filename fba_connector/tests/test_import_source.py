"""An account whose orders change faster than Amazon's list delivers them reads reports as well, and says so."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .. import amazon
from ..models.amazon_order import fba_backfill_run
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestImportSource(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(cls.env, "source_admin", groups="fba_connector.group_fba_manager")
        cls.Inbox = cls.env["fba.amazon.order"]

    def lag(self, hours):
        """A search in progress, and all read up to so many hours ago."""
        at = fields.Datetime.now() - timedelta(hours=hours)
        self.account.write({"import_cursor": at, "import_search_from": at, "import_page_token": "next"})

    def choose(self):
        self.account._choose_import_source()
        return bool(self.account.reports_since)

    def row(self, amazon_id):
        return self.Inbox.search([("amazon_order_id", "=", amazon_id)])

    def work(self, rounds=3):
        for _round in range(rounds):
            self.run_job("backfill")
            self.advance(minutes=2)
        self.env.invalidate_all()

    def test_list_that_lags_is_told_with_figures(self):
        account = self.account.with_user(self.admin)
        self.assertFalse(account.import_load_text)
        self.lag(hours=5)
        self.assertFalse(account.import_load_text)
        self.lag(hours=9)
        account.invalidate_recordset()
        self.assertEqual(
            account.import_load_text,
            "Amazon's list of orders is too slow: 0 orders changed in a day, it delivers at most 50300; the import is "
            "9 hours behind. Amazon's reports could help: an FBA Administrator says who owes their tax under Tax of "
            "Reported Orders.",
        )
        self.account.write({"import_page_token": False})
        account.invalidate_recordset()
        self.assertFalse(account.import_load_text, "all is read: the account rests")

    def test_more_changes_than_the_plan_delivers_are_told(self):
        stage(self.account, *(sold_order({"sku": "A"}, order_id=f"111-{number}") for number in range(3)))
        self.account.import_cursor = "2026-11-22 00:00:00"
        for most, told in ((3, False), (2, True)):
            with patch.object(amazon.Gateway, "most_orders_a_day", most):
                self.account.invalidate_recordset()
                self.assertEqual("3 orders changed in a day" in (self.account.import_load_text or ""), told)

    def test_automatic_choice_needs_somebodys_word_about_the_tax(self):
        self.lag(hours=9)
        self.assertFalse(self.choose())
        self.account.with_user(self.admin).reported_tax = "company"
        self.assertTrue(self.choose())
        self.assertIn("Odoo reads shipped orders from Amazon's reports as well", str(self.account.message_ids[0].body))
        self.assertIn("reports as well", self.account.import_load_text)
        messages = self.account.message_ids
        self.assertTrue(self.choose())
        self.assertEqual(self.account.message_ids, messages, "told once")
        self.account.import_page_token = False
        self.assertFalse(self.choose())
        self.assertIn("in time again", str(self.account.message_ids[0].body))

    def test_choice_by_hand(self):
        account = self.account.with_user(self.admin)
        with self.assertRaisesRegex(ValidationError, "say who owes their tax"):
            account.import_source = "report"
        account.write({"reported_tax": "company", "import_source": "orders"})
        self.lag(hours=9)
        self.assertFalse(self.choose())
        self.assertIn("Read Orders From allows no reports", account.import_load_text)
        account.import_source = "report"
        self.account.import_page_token = False
        self.assertTrue(self.choose())

    def test_shipped_orders_come_from_reports(self):
        """New ones, and those that the list showed before they shipped; settled first, and each once."""
        self.account.write({"reported_tax": "company", "import_source": "report"})
        items = [{"seller_sku": "A", "quantity": 1, "item_price": "20.00"}]
        market = {"marketplace_id": "ATVPDKIKX0DER", "currency": "USD"}
        listed = self.control("POST", "sales", items=items, status="UNSHIPPED", **market)["amazon_order_id"]
        self.advance(minutes=10)
        self.run_job("import_amazon_orders")
        self.assertEqual((self.row(listed).state, self.row(listed).amazon_status), ("pending", "UNSHIPPED"))
        self.assertTrue(self.account.reports_since)
        self.control("POST", f"sales/{listed}/status", status="SHIPPED")
        new = self.sell_on_amazon(("A", 1, "20.00", {"tax": "1.65"}))
        self.advance(minutes=180)
        later = fields.Datetime.now() + timedelta(hours=12)
        self.env["fba.backfill"].search([]).unlink()
        with patch.object(type(self.env["fba.backfill"]), "_report_end", lambda backfill: later):
            self.work()
            waiting = self.row(new) + self.row(listed)
            self.assertEqual(waiting.mapped("backfill_step"), ["book", "book"], "more of them may leave")
            self.assertEqual(self.afn._fba_weigh(self.product_a).inbox.shipped[self.product_a], 2, "these have left")
            self.env.cr.execute("UPDATE fba_backfill SET create_date = create_date - interval '5 hours'")
            self.env.invalidate_all()
            with patch.object(fba_backfill_run, "SETTLED", timedelta(days=-3)):
                self.work()
        self.assertEqual(waiting.mapped("state"), ["done", "done"], waiting.mapped("error_message"))
        self.assertEqual(sorted(waiting.sale_id.mapped("amount_total")), [20.00, 21.65])
        self.assertEqual(self.on_hand(self.product_a), 8)
        self.run_job("import_amazon_orders")
        self.assertEqual(waiting.mapped("state"), ["done", "done"])
        self.assertFalse(waiting.sale_id.activity_ids, "the list tells the same")
        self.assertFalse(self.account._open_backfill(), "an administrator may still import earlier orders")
