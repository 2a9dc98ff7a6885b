"""Sales in another currency than the company's: never without an exchange rate of the day of the order or before."""

from unittest.mock import patch

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestImportRates(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cad = cls.env.ref("base.CAD")
        cls.mxn = cls.env.ref("base.MXN")
        (cls.cad | cls.mxn).active = True
        cls.env["res.currency.rate"].search([("currency_id", "in", (cls.cad | cls.mxn).ids)]).unlink()
        markets = cls.env.ref("fba_connector.marketplace_ca") | cls.env.ref("fba_connector.marketplace_mx")
        cls.account.marketplace_ids |= markets
        cls.afn.fba_marketplace_ids |= markets
        # In the company's own currency there is always one.
        cls.env["res.currency.rate"].search([("currency_id", "=", cls.env.company.currency_id.id)]).unlink()

    def rate(self, day, rate=1.25, currency=None, **values):
        known = {"currency_id": (currency or self.cad).id, "company_id": self.env.company.id}
        return self.env["res.currency.rate"].create({**known, "name": day, "rate": rate, **values})

    def in_days(self, days):
        """From the user's day, by which Odoo looks up rates."""
        return fields.Date.add(fields.Date.context_today(self.account), days=days)

    def staged(self, market="CA", number=1, **values):
        return stage(
            self.account,
            sold_order({"sku": "A", "ITEM": "12.50"}, market=market, total="12.50", order_id=f"701-{number}", **values),
        )

    def processed(self, *args, **values):
        row = self.staged(*args, **values)
        row._process()
        return row

    def assert_waits(self, row, name="CAD"):
        self.assertRecordValues(row, [{"state": "error", "awaits": "rate", "awaited": f"{name} 2026-11-20"}])
        self.assertFalse(row.sale_id)

    def test_without_any_rate_waits_and_says_who_enters_it(self):
        row = self.processed()
        self.assert_waits(row)
        for words in ("exchange rate of CAD", "11/20/2026", "accountant", "Configuration > Currencies"):
            self.assertIn(words, row.error_message)
        self.assertFalse(self.env["sale.order"].search([("amazon_order_id", "=", "701-1")]))

    def test_accountant_enters_the_rate_and_the_order_is_imported(self):
        row = self.processed()
        accountant = new_test_user(self.env, "rate_accountant", groups="account.group_account_manager")
        self.env["res.currency.rate"].with_user(accountant).create(
            {"currency_id": self.cad.id, "name": "2026-11-20", "company_rate": 1.25}
        )
        self.run_job("import_amazon_orders")
        self.assertRecordValues(row, [{"state": "done", "awaits": False, "error_message": False}])
        self.assertRecordValues(row.sale_id, [{"currency_rate": 1.25, "amount_total": 12.50}])

    def test_only_later_rates_are_none(self):
        self.rate("2026-11-21")
        self.assert_waits(self.processed())

    def test_rate_of_the_day_and_of_the_week_before_say_nothing(self):
        self.rate("2026-10-01", 2)
        for number, day in enumerate(("2026-11-13", "2026-11-20")):
            self.rate(day, 1.25 + number)
            row = self.processed(number=number)
            self.assertRecordValues(row, [{"state": "done", "error_message": False, "rate_is_old": False}])
            self.assertEqual(row.sale_id.currency_rate, 1.25 + number)

    def test_old_rate_is_used_and_named(self):
        self.rate("2026-10-01", 2)
        self.rate("2026-11-12", 1.25)
        self.rate("2026-11-21", 4)
        row = self.processed()
        self.assertRecordValues(row, [{"state": "done", "rate_is_old": True, "awaits": False}])
        self.assertEqual(row.sale_id.currency_rate, 1.25)
        for words in ("11/12/2026", "USD 1 = CAD 1.25"):
            self.assertIn(words, row.error_message)
        # Looked at again without a change, it keeps the note; a change replaces it.
        row.is_due = True
        row._process()
        self.assertTrue(row.rate_is_old)
        stage(self.account, sold_order({"sku": "A", "ITEM": "9.00"}, market="CA", total="9.00", order_id="701-1"))
        row._process()
        self.assertRecordValues(row, [{"state": "done", "rate_is_old": False}])
        self.assertIn("changed", row.error_message)

    def test_single_old_rate_is_meant_to_stay(self):
        self.rate("2020-01-01")
        self.rate("2026-11-12", currency=self.mxn)
        self.assertRecordValues(self.processed(), [{"state": "done", "error_message": False}])

    def test_own_currency_needs_none(self):
        self.assertRecordValues(self.processed("US"), [{"state": "done", "error_message": False}])

    def test_rates_of_others_count_as_odoo_counts_them(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.rate("2026-11-20", company_id=other.id)
        self.assert_waits(self.processed())
        self.rate("2026-11-20", company_id=False)
        self.assertEqual(self.processed(number=2).state, "done")
        # The company's own come first, however old.
        self.rate("2026-01-01", 3)
        row = self.processed(number=3)
        self.assertTrue(row.rate_is_old)
        self.assertEqual(row.sale_id.currency_rate, 3)

    def test_branch_has_the_rates_of_its_parent(self):
        branch = self.env["res.company"].create({"name": "Branch", "parent_id": self.env.company.id})
        self.rate("2026-11-20")
        day = fields.Date.to_date("2026-11-20")
        self.assertIn((self.cad, day), self.cad._fba_rates(branch, [(self.cad, day)]))

    def test_days_of_a_batch_are_one_query(self):
        self.rate("2026-11-20")
        self.rate("2026-11-20", 20, self.mxn)
        orders = [("US", 1, {}), ("CA", 2, {}), ("MX", 3, {}), ("CA", 4, {"createdTime": "2026-11-22T09:00:00Z"})]
        rows = self.env["fba.amazon.order"].union(*(self.staged(*it, **more) for *it, more in orders))
        Currency = self.env.registry["res.currency"]
        with patch.object(Currency, "_fba_rates", autospec=True, side_effect=Currency._fba_rates) as asked:
            rows._process()
        self.assertEqual(rows.mapped("state"), ["done"] * 4, rows.mapped("error_message"))
        self.assertEqual(asked.call_count, 1)

    def test_one_without_rate_does_not_stop_the_others(self):
        self.rate("2026-11-20")
        rows = self.staged() | self.staged("MX", 2) | self.staged("US", 3)
        with patch.object(self.env.registry["fba.amazon.order"], "_import_one") as one_by_one:
            rows._process()
        one_by_one.assert_not_called()
        self.assertEqual(rows.sorted("amazon_order_id").mapped("state"), ["done", "error", "done"])
        self.assert_waits(rows.filtered("awaits"), "MXN")

    def test_sum_of_several_currencies_is_empty_without_a_rate(self):
        self.rate("2026-11-20")
        rows = self.processed() | self.processed("US", 2)
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        group = [("id", "in", rows.ids)], [], ["amount_total:sum_currency", "amount_total:sum"]
        self.assertEqual(rows._read_group(*group), [(12.5 / 1.25 + 12.5, 25.0)])
        self.cad.rate_ids.unlink()
        self.rate(self.in_days(1))
        self.assertEqual(rows._read_group(*group), [(False, 25.0)])

    def test_fee_limit_is_not_compared_at_a_later_rate(self):
        self.account.fee_limit = 1000
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        order.preview_ids = [
            Command.create({"shipping_speed": order.shipping_speed, "total": 5, "currency_id": self.cad.id})
        ]
        order.previewed_for = order._fee_terms()
        for days, refused in ((1, True), (0, False)):
            self.rate(self.in_days(days))
            self.assertEqual("exchange rate of CAD" in (order._reason_too_expensive() or ""), refused)
