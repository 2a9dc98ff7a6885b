"""The manager beside an archive: what it searches for is found by index, is the same, and is counted no further than
people read."""

import importlib.util
from contextlib import contextmanager
from unittest.mock import patch

from lxml import etree
from odoo.fields import Command, Domain
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import SQL, file_path, sql
from odoo.tools.safe_eval import safe_eval

from ..models.fulfillment import fba_fulfillment_order_shown
from ..models.fulfillment.states import OPEN_STATES
from ..models.shared import fba_name_search
from .common import FbaCase, SimulatorMixin


@tagged("post_install", "-at_install")
class TestManagerArchive(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "archive_clerk", groups="fba_connector.group_fba_user", company_id=cls.env.company.id
        )
        cls.orders = cls.env["fba.fulfillment.order"].with_user(cls.clerk)
        for product in (cls.product_a, cls.product_b):
            cls.stock(cls.afn, product, 50)
        names = ("FIND-1", "FIND-2", "100%_\\x")
        goods = (cls.product_a, cls.product_b, cls.product_a)
        sales = [cls.sourced({product: 1}, name=name) for name, product in zip(names, goods, strict=True)]
        cls.first, cls.second, cls.odd = (sale.fba_fulfillment_order_ids.with_user(cls.clerk) for sale in sales)
        for order, name in ((cls.first, "Ann Find"), (cls.second, "Bob Find")):
            customer = cls.customer.copy({"name": name})
            order.sudo().sale_id.write({"partner_id": customer.id, "partner_shipping_id": customer.id})
        package = {"package_number": 1, "tracking_number": "1Z-FIND"}
        shipment = {"amazon_shipment_id": "S", "status": "SHIPPED", "package_ids": [Command.create(package)]}
        cls.env["fba.shipment"].create({"fulfillment_order_id": cls.first.id, **shipment})
        cls.env.flush_all()

    # === NAMES === #

    @contextmanager
    def by_joins(self):
        """As Odoo searches by itself."""
        with patch.object(type(self.orders), "_with_found", lambda _self, domain: Domain(domain)):
            yield

    def searches(self):
        for text in ("FIND", "find-1", self.first.name, "Ann", "A", "100%", "_", "\\x", "nothing like it", ""):
            for name in ("sale_id", "partner_id", "user_id", "account_id", "line_ids.product_id", "sale_id.partner_id"):
                for operator in ("ilike", "not ilike", "=ilike", "like"):
                    yield [(name, operator, text)]
            yield ["|", ("sale_id", "ilike", text), ("name", "ilike", text)]
            yield ["|", ("line_ids.seller_sku", "ilike", text), ("line_ids.product_id", "ilike", text)]
            yield ["!", "&", ("partner_id", "ilike", text), ("state", "=", "ready")]
            yield [("line_ids", "any", [("product_id", "ilike", text)]), ("state", "in", OPEN_STATES)]

    def test_names_find_the_same(self):
        self.product_b.active = False
        self.second.sale_id.sudo().partner_id.active = False
        for domain in self.searches():
            with self.by_joins():
                expected = self.orders.search(domain)
            for most in (0, 1, 300):
                with patch.object(fba_name_search, "MOST", most):
                    self.assertEqual(self.orders.search(domain), expected, (domain, most))
                    self.assertEqual(self.orders.search_count(domain), len(expected), (domain, most))
        self.assertIn(self.second, self.orders.search([("partner_id", "ilike", "Bob Find")]))
        self.assertIn(self.second, self.orders.search([("line_ids.product_id", "ilike", self.product_b.name)]))

    def test_records_that_a_reader_may_not_see_have_no_name(self):
        self.env["ir.rule"].create(
            {
                "name": "One sales order is secret",
                "model_id": self.env["ir.model"]._get_id("sale.order"),
                "domain_force": f"[('id', '!=', {self.second.sale_id.id})]",
            }
        )
        with self.by_joins():
            self.assertEqual(self.orders.search([("sale_id", "ilike", "FIND-")]), self.first)
        self.assertEqual(self.orders.search([("sale_id", "ilike", "FIND-")]), self.first)

    def test_few_names_are_no_join(self):
        def tables(domain):
            return self.orders._search(domain).select().code.count('FROM "sale_order"')

        domain = ["|", ("sale_id", "ilike", "FIND-1"), ("name", "ilike", "FIND-1")]
        self.assertEqual(tables(domain), 0)
        with patch.object(fba_name_search, "MOST", 0):
            self.assertEqual(tables(domain), 1)

    def test_names_are_found_once_for_rows_and_count(self):
        Sale = type(self.env["sale.order"])
        with patch.object(Sale, "_search", autospec=True, side_effect=Sale._search) as found:
            answer = self.orders.web_search_read([("sale_id", "ilike", "FIND-")], {"name": {}}, limit=1, count_limit=10)
        self.assertEqual((len(answer["records"]), answer["length"]), (1, 2))
        self.assertEqual(found.call_count, 1)

    # === INDEXES === #

    def domains(self, text):
        """{name: the domain} of fields and filters of the manager's search view."""
        domains = {}
        for node in etree.fromstring(self.env.ref("fba_connector.fba_fulfillment_order_view_search").arch).iter():
            wanted = node.get("filter_domain") or node.get("domain")
            if node.tag == "field" and not wanted:
                domains[node.get("name")] = [(node.get("name"), "ilike", text)]
            elif wanted:
                domains[node.get("name")] = safe_eval(wanted, {"self": text, "uid": self.clerk.id})
        return domains

    def test_what_people_look_for_has_an_index(self):
        """Which one PostgreSQL chooses in a small table is chance; `make bench ARGS=manager` shows it."""
        self.cr.execute("SELECT indexname, indexdef FROM pg_indexes WHERE tablename LIKE 'fba_%%'")
        indexes = dict(self.cr.fetchall())
        for name, what in (
            ("fba_fulfillment_order_state_company_index", "(state, company_id)"),
            ("fba_fulfillment_order__late_at_index", "(late_at)"),
            ("fba_fulfillment_order__user_id_index", "(user_id)"),
            ("fba_fulfillment_order__partner_id_index", "(partner_id)"),
            ("fba_fulfillment_order__sale_id_index", "(sale_id)"),
            ("fba_fulfillment_order__name_index", "gin_trgm_ops"),
            ("fba_fulfillment_order__error_code_index", "(error_code)"),
            ("fba_fulfillment_order__submitted_at_index", "(submitted_at)"),
            ("fba_package__tracking_number_index", "gin_trgm_ops"),
            ("fba_fulfillment_order_line__seller_sku_index", "gin_trgm_ops"),
            ("fba_fulfillment_order_line__product_id_index", "(product_id)"),
        ):
            self.assertIn(what, indexes.get(name, ""), name)

    def test_scheduled_work_finds_its_orders_by_index(self):
        Order, queries = type(self.env["fba.fulfillment.order"]), []
        search = Order._search

        def keep(*args, **options):
            queries.append(search(*args, **options))
            return queries[-1]

        with patch.object(Order, "_search", autospec=True, side_effect=keep):
            self.push()
            self.pull()
            self.run_job("anonymize")
        self.assertGreater(len(queries), 5)
        # An account has most of the orders: an index by it alone would read them all.
        self.cr.execute("ALTER TABLE fba_fulfillment_order DROP CONSTRAINT fba_fulfillment_order_name_unique")
        self.cr.execute("SET LOCAL enable_seqscan = off")
        for query in queries:
            query.order = None  # or they are all read in this order
            self.cr.execute(SQL("EXPLAIN %s", query.select()))
            plan = "\n".join(line for (line,) in self.cr.fetchall())
            self.assertNotIn("Seq Scan on fba_fulfillment_order", plan)

    def test_first_page_of_the_inbox_is_found_by_index(self):
        inbox = self.env["fba.amazon.order"].with_user(self.clerk)
        self.cr.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_sort = off")
        query = inbox._search([("state", "!=", "ignored")], limit=80, order=inbox._order)
        self.cr.execute(SQL("EXPLAIN %s", query.select()))
        self.assertIn("fba_amazon_order_latest_index ", str(self.cr.fetchall()))

    def test_links_are_indexed_by_their_keys(self):
        """A deleted account, order or shipment finds what depends on it."""
        for table, column in (
            ("fba_amazon_order", "account_id"),
            ("fba_fulfillment_order", "account_id"),
            ("fba_shipment", "fulfillment_order_id"),
            ("fba_package", "shipment_id"),
            ("fba_fulfillment_order_line", "product_id"),
        ):
            self.cr.execute(
                """SELECT 1 FROM pg_index
                     JOIN pg_attribute ON attrelid = indrelid AND attnum = indkey[0]
                    WHERE indrelid = %s::regclass AND attname = %s AND indpred IS NULL""",
                (table, column),
            )
            self.assertTrue(self.cr.fetchone(), (table, column))

    def test_update_drops_what_others_have_replaced(self):
        path = file_path("fba_connector/migrations/19.0.0.9.0/post-indexes.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        self.cr.execute("CREATE INDEX fba_fulfillment_order__state_index ON fba_fulfillment_order (state)")
        for _time in range(2):
            script.migrate(self.cr, "19.0.0.8.0")
        self.assertFalse(sql.index_exists(self.cr, "fba_fulfillment_order__state_index"))
        self.assertTrue(sql.index_exists(self.cr, "fba_fulfillment_order_state_company_index"))

    # === COUNTS === #

    def counts(self, domain=()):
        here = [("id", "in", (self.first | self.second | self.odd).ids), *domain]
        counts = self.orders.get_status_counts(here, here)
        return {name: counts[name] for name in counts if counts[name]}

    def test_counts_are_of_each_status(self):
        self.first.action_request_cancel()
        ready = {"ready": 2, "available": 2, "open": 2}
        self.assertEqual(self.counts(), {**ready, "cancelled": 1})
        self.second.sudo()._move_to("queued")
        self.second.sudo().cancel_requested_at = "2026-01-01"
        self.first.sudo().cancel_requested_at = "2026-01-01"  # ended
        counts = {"ready": 1, "available": 1, "open": 2, "queued": 1, "cancelled": 1, "cancel_requested": 1}
        self.assertEqual(self.counts(), counts)
        self.assertEqual(self.counts([("partner_id", "ilike", "Ann Find")]), {"cancelled": 1})

    def test_more_ended_orders_than_people_read_are_not_counted(self):
        (self.first | self.second).action_request_cancel()
        with patch.object(fba_fulfillment_order_shown, "COUNTED", 2):
            self.assertEqual(self.counts()["cancelled"], 2)
            self.assertNotIn("uncounted", self.counts())
        with patch.object(fba_fulfillment_order_shown, "COUNTED", 1):
            self.assertEqual((self.counts()["cancelled"], self.counts()["uncounted"]), (1, ["cancelled"]))

    # === ODOO'S LIST OF SALES ORDERS === #

    def test_list_of_sales_orders_takes_as_many_queries_for_many(self):
        sales = (self.first | self.second | self.odd).sudo().sale_id.with_user(self.env.ref("base.user_admin"))

        def queries(orders):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            orders.browse().web_search_read([("id", "in", orders.ids)], {"fba_shown_status": {}, "fba_status": {}})
            return self.cr.sql_log_count - before

        queries(sales)
        self.assertEqual(queries(sales), queries(sales[0]))


@tagged("post_install", "-at_install")
class TestManagerArchiveTour(SimulatorMixin, HttpCase):
    def test_tab_says_that_there_are_more(self):
        for number in (1, 2):
            self.sourced({self.product_a: 1}, name=f"TOUR-{number}").fba_fulfillment_order_ids.action_request_cancel()
        with patch.object(fba_fulfillment_order_shown, "COUNTED", 1):
            self.start_tour("/odoo/fulfillment-by-amazon", "fba_manager_uncounted", login="admin")
