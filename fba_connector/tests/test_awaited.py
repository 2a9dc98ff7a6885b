"""Orders sold on Amazon carry what they wait for, and wake when it comes, whoever brings it."""

import importlib.util

from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from ..models.amazon_order.awaited import AWAITED, Awaited
from ..models.amazon_order.sold_terms import SoldTerms
from .sold import MARKETS, sold_order, stage
from .test_import_skus import SkuImportCase

MARKETS["BR"] = ("A2Q3Y263D00KWC", "BRL")
MARKETS["MARS"] = ("AMARS", "USD")


@tagged("post_install", "-at_install")
class TestAwaited(SkuImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.admin = new_test_user(
            cls.env, "awaited_admin", groups="fba_connector.group_fba_manager,stock.group_stock_manager"
        )
        cls.settings = new_test_user(cls.env, "awaited_settings", groups="base.group_system")
        cls.canada = cls.env.ref("fba_connector.marketplace_ca")
        for name in ("CAD", "BRL"):
            cls.currency(name).active = True

    @classmethod
    def currency(cls, name):
        return cls.env["res.currency"].with_context(active_test=False).search([("name", "=", name)])

    def triggers(self):
        cron = self.env.ref("fba_connector.ir_cron_import_amazon_orders")
        return self.env["ir.cron.trigger"].search_count([("cron_id", "=", cron.id)])

    def waiting_for(self, kind, key, **values):
        row = self.staged({"sku": "A", "ITEM": "10.00"}, total="10.00", **values)
        row._process()
        self.assertRecordValues(row, [{"state": "error", "awaits": kind, "awaited": key, "is_due": False}])
        self.assertIn("automatically", row.error_message)
        self.run_job("import_amazon_orders")
        self.assertFalse(row.is_due, "as long as nobody did anything")
        self.before = self.triggers()
        return row

    def assert_imported(self, *rows, at_once=True):
        if at_once:
            self.assertGreater(self.triggers(), self.before, "the import starts at once")
        self.run_job("import_amazon_orders")
        for row in rows:
            self.assertEqual(row.state, "done", row.error_message)
            self.assertRecordValues(row, [{"awaits": False, "awaited": False}])

    def serve(self, marketplace):
        self.afn.with_user(self.admin).fba_marketplace_ids = [Command.link(marketplace.id)]

    # === WHAT WAKES THEM === #

    def test_warehouse_that_serves_the_marketplace_wakes_its_orders(self):
        row = self.waiting_for("warehouse", MARKETS["CA"][0], market="CA")
        self.assertIn("sells on marketplace Amazon.ca", row.error_message)
        self.serve(self.canada)
        self.assert_imported(row)

    def test_new_warehouse_wakes_them_too(self):
        row = self.waiting_for("warehouse", MARKETS["CA"][0], market="CA")
        self.env["stock.warehouse"].with_user(self.admin).create(
            {
                "name": "FBA Canada",
                "code": "FBACA",
                "is_afn": True,
                "fba_account_id": self.account.id,
                "fba_marketplace_id": self.canada.id,
            }
        )
        self.assert_imported(row)

    def test_currency_that_is_activated_wakes_its_orders(self):
        self.serve(self.canada)
        self.currency("CAD").active = False
        row = self.waiting_for("currency", "CAD", market="CA")
        self.currency("CAD").with_user(self.settings).active = True
        self.assert_imported(row)

    def test_marketplace_that_is_entered_wakes_its_orders(self):
        row = self.waiting_for("marketplace", "AMARS", market="MARS")
        mars = self.env["fba.marketplace"].with_user(self.admin).create(
            {
                "name": "Amazon Mars",
                "code": "US",
                "marketplace_id": "AMARS",
                "region": "na",
                "currency_id": self.env.ref("base.USD").id,
            }
        )  # fmt: skip
        self.assertGreater(self.triggers(), self.before)
        self.run_job("import_amazon_orders")
        self.assertRecordValues(row, [{"state": "error", "awaits": "warehouse", "awaited": "AMARS"}])
        self.serve(mars)
        self.assert_imported(row)

    def test_rate_that_is_entered_wakes_its_orders(self):
        self.serve(self.canada)
        cad, Rate = self.currency("CAD"), self.env["res.currency.rate"].with_user(self.settings)
        cad.rate_ids.unlink()
        known = {"currency_id": cad.id, "company_id": self.env.company.root_id.id}
        day, currency_named = "2026-11-20", SoldTerms.currency_named

        def currency(terms, name):
            if not self.env["res.currency.rate"].search([("currency_id", "=", cad.id), ("name", "<=", day)]):
                raise Awaited("rate", f"{name} {day}", "It needs a rate. Odoo then imports it automatically.")
            return currency_named(terms, name)

        self.patch(SoldTerms, "currency_named", currency)
        row = self.waiting_for("rate", f"CAD {day}", market="CA")
        rate = Rate.create({**known, "name": "2026-11-21", "rate": 1.4})
        self.assertGreater(self.triggers(), self.before)
        self.account._wake_waiting()
        self.assertFalse(row.is_due, "a day too late")
        other = self.env["res.company"].create({"name": "Other"})
        Rate.sudo().create({**known, "company_id": other.id, "name": day, "rate": 1.4})
        self.account._wake_waiting()
        self.assertFalse(row.is_due, "of another company")
        self.before = self.triggers()
        rate.name = day
        self.assert_imported(row)

    def test_rate_of_all_companies_wakes_orders_too(self):
        row = self.staged({"sku": "A", "ITEM": "10.00"}, total="10.00")
        row._settle("error", "No rate.", awaits="rate", awaited="CAD 2026-11-20")
        cad = self.currency("CAD")
        cad.rate_ids.unlink()
        self.env["res.currency.rate"].create(
            {"currency_id": cad.id, "company_id": False, "name": "2026-11-01", "rate": 1.4}
        )
        self.account._wake_waiting()
        self.assertTrue(row.is_due)

    def test_sku_and_stock_are_carried_as_well(self):
        row = self.waiting("STRANGE")
        self.assertRecordValues(row, [{"awaits": "sku", "awaited": "STRANGE"}])
        self.product("STRANGE", taxes_id=False)
        self.assert_imported(row, at_once=False)
        other = self.staged({"sku": "A", "ITEM": "10.00"}, total="10.00", number=9)
        other.marketplace_id = self.env.ref("fba_connector.marketplace_us")
        other._settle("pending", "Waits.", awaits="stock", awaited_units={str(self.product_a.id): 11.0})
        self.run_job("import_amazon_orders")
        self.assertFalse(other.is_due)
        self.stock(self.afn, self.product_a, 1)
        self.assert_imported(other, at_once=False)

    def test_nobody_is_woken_where_nobody_waits(self):
        before = self.triggers()
        self.serve(self.canada)
        self.currency("BRL").with_user(self.settings).active = False
        self.currency("BRL").with_user(self.settings).active = True
        self.env["res.currency.rate"].create({"currency_id": self.currency("CAD").id, "name": "2026-11-01", "rate": 1})
        self.assertEqual(self.triggers(), before)

    def test_waking_costs_no_query_for_each_order(self):
        def settle(count):
            self.env["fba.amazon.order"].search([("account_id", "=", self.account.id)]).unlink()
            orders = [
                sold_order({"sku": "A", "ITEM": "1"}, total="1", market="CA", order_id=f"111-{n}") for n in range(count)
            ]
            rows = stage(self.account, *orders)
            rows.marketplace_id = self.canada
            keys = {"sku": "NO-{}", "warehouse": "A{}", "rate": "CAD 2026-01-{:02}", "currency": "X{}", "stock": False}
            for number, row in enumerate(rows):
                kind, _label = AWAITED[number % len(AWAITED)]
                key = (keys.get(kind, "A{}") or "").format(number % 28 + 1) or False
                more = {"missing_sku": key} if kind == "sku" else {}
                more |= {"awaited_units": {str(self.product_a.id): 99}} if kind == "stock" else {}
                row._settle("error", "Waits.", awaits=kind, awaited=key, **more)
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            self.account._wake_waiting()
            self.env.flush_all()
            self.assertFalse(rows.filtered("is_due"))
            return self.cr.sql_log_count - before

        self.currency("CAD").rate_ids.unlink()
        self.serve(self.env.ref("fba_connector.marketplace_us"))
        settle(6)
        self.assertEqual(settle(12), settle(120))

    # === ITEMS WITHOUT A SKU === #

    def nameless(self, **values):
        return self.staged({"sku": None, "ITEM": "10.00"}, total="10.00", **values)

    def test_item_without_a_sku_is_what_all_skus_of_its_asin_mean(self):
        for sku in ("A-NEW", "A-OLD"):
            self.row(sku, self.product_a, asin="B000000000")._confirm()
        self.row("NOBODY-KNOWS", asin="B000000000")
        row = self.nameless()
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        self.assertRecordValues(row.sale_id.order_line, [{"product_id": self.product_a.id, "product_uom_qty": 1}])
        self.assertEqual(self.on_hand(self.product_a), 9)

    def test_item_without_a_sku_keeps_the_pack_size(self):
        self.row("A-6", self.product_a, pack_size=6, asin="B000000000")._confirm()
        row = self.nameless()
        row._process()
        self.assertRecordValues(row.sale_id.order_line[0], [{"product_id": self.product_a.id, "product_uom_qty": 6}])

    def test_item_without_a_sku_waits_where_its_skus_differ(self):
        self.row("A", self.product_a, asin="B000000000")._confirm()
        other = self.row("A-6", self.product_a, pack_size=6, asin="B000000000")
        other._confirm()
        row = self.nameless()
        row._process()
        self.assertRecordValues(
            row, [{"state": "error", "missing_sku": False, "awaits": "sku", "awaited": "B000000000"}]
        )
        for words in ('"A" is 1 × [A] Product A', '"A-6" is 6 × [A] Product A', "B000000000"):
            self.assertIn(words, row.error_message)
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.is_due), ("error", False))
        other.with_user(self.admin).asin = "B000000006"
        self.assert_imported(row, at_once=False)

    def test_item_without_a_sku_waits_for_the_sku_of_its_asin(self):
        row = self.nameless()
        row._process()
        self.assertRecordValues(row, [{"missing_sku": False, "awaits": "sku", "awaited": "B000000000"}])
        unknown = self.row("NOBODY-KNOWS", asin="B000000000")
        again = self.nameless(number=2)
        again._process()
        self.assertRecordValues(again, [{"missing_sku": "NOBODY-KNOWS", "awaits": "sku", "awaited": "NOBODY-KNOWS"}])
        self.assertEqual(again.with_user(self.admin).action_map()["res_model"], "fba.sku.map.wizard")
        unknown.with_user(self.admin).product_id = self.product_b
        self.assert_imported(row, again, at_once=False)
        self.assertEqual((row + again).sale_id.order_line.product_id, self.product_b)

    def test_item_without_sku_and_asin_waits_for_a_person(self):
        order = sold_order({"sku": None, "ITEM": "10.00"}, total="10.00")
        del order["orderItems"][0]["product"]["asin"]
        row = stage(self.account, order)
        row._process()
        self.assertRecordValues(row, [{"state": "error", "awaits": False, "awaited": False}])

    def test_item_without_a_sku_is_known_to_the_count_as_far_as_its_asin_is(self):
        row = self.nameless()
        row._process()

        def shipped():
            return self.afn.sudo()._fba_weigh(self.product_a).inbox.shipped

        self.assertFalse(shipped()[self.product_a], "and it stops no count")
        self.row("A-6", self.product_a, pack_size=6, asin="B000000000")._confirm()
        self.assertEqual(shipped()[self.product_a], 6)
        self.row("A-5", self.product_a, pack_size=5, asin="B000000000")._confirm()
        self.assertFalse(shipped()[self.product_a])

    # === UPDATE === #

    def test_update_tells_what_older_rows_wait_for(self):
        sku = self.waiting("STRANGE")
        warehouse = self.waiting_for("warehouse", MARKETS["CA"][0], market="CA", number=3)
        marketplace = self.waiting_for("marketplace", "AMARS", market="MARS", number=4)
        self.serve(self.env.ref("fba_connector.marketplace_br"))
        self.currency("BRL").active = False
        currency = self.waiting_for("currency", "BRL", market="BR", number=5)
        stock = self.staged({"sku": "A", "ITEM": "10.00"}, total="10.00", number=6)
        stock._settle("pending", "Waits.", awaits="stock", awaited_units={str(self.product_a.id): 99.0})
        ignored = self.staged({"sku": "A", "ITEM": "10.00"}, total="10.00", number=7, status="CANCELLED")
        ignored._process()
        rows = sku + warehouse + marketplace + currency + stock + ignored
        names = ["awaits", "awaited", "outcome"]
        expected = rows.read(names)
        rows.write(dict.fromkeys(names, False))
        self.env.flush_all()
        path = file_path("fba_connector/migrations/19.0.0.6.0/post-inbox_waits.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.0.5.0")
            self.env.invalidate_all()
            self.assertEqual(rows.read(names), expected)
        self.assertEqual(ignored.outcome, "cancelled")
