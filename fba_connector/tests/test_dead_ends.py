"""No dead ends: whoever reads what is to be done can do it, or asks whoever can, by a button."""

import ast
import re
from datetime import timedelta
from pathlib import Path

from lxml import etree
from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from ..models.account.fba_account_requests import REQUEST_ACTIVITY
from .common import FbaCase
from .test_stock_screen import ScreenMixin

PEOPLE = r"[Aa]dministrator|accountant|FBA User"
FOR_ADMINISTRATORS = (  # only they see these, or they are the end of a sentence that names them
    'Account "%s" is paused.',
    'Account "%s" is paused or archived.',
    "Map or confirm it under",
    "Map or confirm them under",
)


class DeadEndCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["fba.account"].search([("id", "!=", cls.account.id)]).active = False
        cls.clerk, cls.manager, cls.salesman = (
            new_test_user(cls.env, f"end_{name}", groups=f"{group},base.group_partner_manager")
            for name, group in (
                ("clerk", "fba_connector.group_fba_user"),
                ("manager", "fba_connector.group_fba_manager"),
                ("sales", "sales_team.group_sale_salesman"),
            )
        )

    def requests(self, user=None):
        """Summaries of what the administrators, or `user` of them, are asked for."""
        activities = self.account.activity_search([REQUEST_ACTIVITY])
        return activities.filtered(lambda it: not user or it.user_id == user).mapped("summary")

    def message(self, action):
        return action["params"]["message"]

    def kind(self, action):
        return action["params"]["type"]

    def imported_row(self, *skus):
        sale = self.sell_on_amazon(*((sku, 1, "19.00", {}) for sku in skus))
        self.run_job("import_amazon_orders")
        return self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])

    def shown(self, model, view, user):
        """Names of the buttons that `user` finds in the view's source."""
        arch = self.env[model].with_user(user).get_view(self.env.ref(f"fba_connector.{view}").id)["arch"]
        return {node.get("name") for node in etree.fromstring(arch).iter("button", "a")}


@tagged("post_install", "-at_install")
class TestUnknownSku(DeadEndCase):
    def setUp(self):
        super().setUp()
        self.control("PUT", "stock/MYSTERY", fulfillable=6)
        self.row = self.imported_row("MYSTERY")
        self.assertEqual(self.row.missing_sku, "MYSTERY")

    def test_clerk_asks_each_administrator_once_and_mapping_ends_it(self):
        row = self.row.with_user(self.clerk)
        answer = row.action_ask_to_import()
        self.assertEqual(self.kind(answer), "success")
        self.assertIn(self.manager.name, self.message(answer))
        self.assertEqual(self.requests(self.manager), ["Map seller SKU MYSTERY"])
        activity = self.account.activity_search([REQUEST_ACTIVITY], user_id=self.manager.id)
        self.assertEqual(activity.create_uid, self.clerk, "it shows who asked")
        self.assertIn('Seller SKU "MYSTERY" cannot be used yet', activity.note)
        self.assertIn(f'data-oe-id="{self.row.id}"', activity.note, "the way to the button")
        before = len(self.requests())
        again = row.action_ask_to_import()
        self.assertIn("asked already", self.message(again))
        self.assertEqual(len(self.requests()), before)
        wizard = self.env["fba.sku.map.wizard"].browse(self.row.with_user(self.manager).action_map()["res_id"])
        wizard.with_user(self.manager).product_id = self.product_a
        answer = wizard.with_user(self.manager).action_confirm()
        self.assertIn("1 Amazon order was imported.", self.message(answer))
        self.assertFalse(self.requests(), "it is done")

    def test_requests_are_in_the_language_of_the_administrator(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.manager.lang = "de_DE"
        self.row.with_user(self.clerk).action_ask_to_import()
        self.row.with_user(self.clerk).action_ask_to_import()
        self.assertEqual(len(self.requests(self.manager)), 1)
        self.account._end_requests(self.env["fba.sku"]._mapping_request("MYSTERY"))
        self.assertFalse(self.requests())

    def test_company_without_administrators_says_so(self):
        group = self.env.ref("fba_connector.group_fba_manager")
        group.user_ids = [(5, 0, 0)]
        self.env["res.users"].search([("all_group_ids", "in", group.id)]).write({"active": False})
        with self.assertRaisesRegex(UserError, "has no FBA Administrator"):
            self.row.with_user(self.clerk).action_ask_to_import()

    def test_salesperson_asks_nothing(self):
        with self.assertRaises(AccessError):
            self.row.with_user(self.salesman).action_ask_to_import()

    def test_each_sees_own_buttons(self):
        for view in ("fba_amazon_order_view_list", "fba_amazon_order_view_form"):
            with self.subTest(view=view):
                clerk = self.shown("fba.amazon.order", view, self.clerk)
                manager = self.shown("fba.amazon.order", view, self.manager)
                self.assertLessEqual({"action_ask_to_import", "action_replay"}, clerk)
                self.assertNotIn("action_map", clerk)
                self.assertLessEqual({"action_map", "action_replay"}, manager)
                self.assertNotIn("action_ask_to_import", manager)

    def test_replay_says_what_it_has_changed(self):
        row = self.row.with_user(self.clerk)
        answer = row.action_replay()
        self.assertEqual(self.kind(answer), "warning")
        self.assertIn(f"{row.amazon_order_id} still waits: Seller SKU", self.message(answer))
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "seller_sku": "MYSTERY", "product_id": self.product_a.id}
        )
        answer = row.action_replay()
        self.assertEqual(self.kind(answer), "success")
        self.assertIn(f"{row.amazon_order_id} is imported as {self.row.sale_id.name}", self.message(answer))
        self.assertIn("None of these orders", self.message(row.action_replay()))


@tagged("post_install", "-at_install")
class TestOtherWaits(DeadEndCase):
    def test_clerk_asks_for_what_any_order_waits_for(self):
        euro = self.env.ref("base.EUR")
        euro.active = False
        sale = self.sell_on_amazon(("A", 1, "7.00", {}), currency="EUR")
        self.run_job("import_amazon_orders")
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        row.with_user(self.clerk).action_ask_to_import()
        self.assertEqual(self.requests(self.manager), [f"Amazon order {sale}"])


@tagged("post_install", "-at_install")
class TestRejectedOrder(DeadEndCase):
    def rejected(self):
        order = self.sourced({self.product_a: 4}).fba_fulfillment_order_ids
        order.with_user(self.clerk).action_submit()
        self.fault("createFulfillmentOrder", "status", status=400, code="InvalidInput", message="Not so.")
        self.push()
        self.assertEqual(order.state, "exception")
        return order

    def test_retry_without_stock_names_the_way_out_and_it_works(self):
        order = self.rejected()
        mine = order.with_user(self.clerk)
        self.assertFalse(mine.can_wait)
        order.picking_ids.do_unreserve()
        self.stock(self.afn, self.product_a, -10)
        with self.assertRaisesRegex(UserError, "Press Wait for Stock.*or release it on the Sourcing tab of S"):
            mine.action_retry()
        self.env.invalidate_all()
        self.assertTrue(mine.can_wait)
        self.assertIn("action_wait_for_stock", self.shown(order._name, "fba_fulfillment_order_view_form", self.clerk))
        mine.action_wait_for_stock()
        self.assertRecordValues(order, [{"state": "waiting", "error_code": False, "error_message": False}])
        self.assertEqual(order.sale_id.fba_status, "waiting")
        self.assertFalse(order.sale_id.activity_ids, "nothing is left to decide")
        self.stock(self.afn, self.product_a, 10)
        order.picking_ids.action_assign()
        self.assertEqual(order.state, "ready")
        mine.action_submit()
        self.push()
        self.assertEqual(order.state, "in_shipping")
        self.assertEqual(len(self.control("GET", "fulfillment-orders")), 1)

    def test_order_with_its_stock_does_not_wait(self):
        order = self.rejected()
        with self.assertRaisesRegex(UserError, "does not wait for stock"):
            order.with_user(self.clerk).action_wait_for_stock()

    def test_order_that_may_be_at_amazon_does_not_wait(self):
        order = self.rejected()
        order.picking_ids.do_unreserve()
        for values in ({"at_amazon": True}, {"error_code": "SentBefore"}):
            with self.subTest(values=values):
                before = {name: order[name] for name in values}
                order.sudo().write(values)
                self.assertFalse(order._may("wait"))
                order.sudo().write(before)
        self.assertTrue(order._may("wait"))

    def test_clerk_asks_the_administrators_about_an_order(self):
        order = self.rejected()
        form = "fba_fulfillment_order_view_form"
        self.assertIn("action_ask_administrator", self.shown(order._name, form, self.clerk))
        self.assertNotIn("action_ask_administrator", self.shown(order._name, form, self.manager))
        order.with_user(self.clerk).action_ask_administrator()
        self.assertEqual(self.requests(self.manager), [f"Order {order.sale_id.name}"])
        with self.assertRaises(AccessError):
            order.with_user(self.salesman).action_ask_administrator()


@tagged("post_install", "-at_install")
class TestStock(ScreenMixin, DeadEndCase):
    def test_first_synchronization_is_asked_for_or_opened(self):
        self.account.first_sync_confirmed = False
        Stock = self.env["fba.stock"]
        message = self.message(Stock.with_user(self.clerk).action_synchronize())
        self.assertIn("waits for its first synchronization", message)
        self.assertIn(self.manager.name, message)
        self.assertEqual(self.requests(self.manager), ["Start the first synchronization"])
        action = Stock.with_user(self.manager).action_synchronize()
        self.assertEqual(action["res_model"], "fba.first.sync")
        self.account.first_sync_confirmed = True
        self.assertFalse(self.requests())

    def test_clerk_asks_for_the_skus_of_selected_rows(self):
        sku = self.env["fba.sku"].with_context(fba_suggested=True).create(
            {"warehouse_id": self.afn.id, "seller_sku": "MYSTERY", "fulfillable_quantity": 6}
        )  # fmt: skip
        rows = self.screen(user=self.clerk)
        answer = rows.action_ask_to_map()
        self.assertIn(self.manager.name, self.message(answer))
        self.assertEqual(self.requests(self.manager), ["Map seller SKU MYSTERY"])
        with self.assertRaisesRegex(UserError, "Nothing is to be mapped"):
            (rows - self.row_of_sku("MYSTERY", user=self.clerk)).action_ask_to_map()
        sku.with_context(fba_suggested=False)._map_to(self.product_a, 1, book=False)
        self.assertFalse(self.requests())

    def test_many_skus_are_one_request(self):
        self.env["fba.sku"].with_context(fba_suggested=True).create(
            [{"warehouse_id": self.afn.id, "seller_sku": f"M-{number}"} for number in range(5)]
        )
        self.env["fba.sku"].search([("seller_sku", "=like", "M-%")]).with_user(self.clerk)._ask_to_map()
        self.assertEqual(self.requests(self.manager), ["Map 5 seller SKUs: M-0, M-1, M-2, …"])


@tagged("post_install", "-at_install")
class TestAccountProblem(DeadEndCase):
    def test_card_has_the_way_to_the_keys_or_to_the_administrators(self):
        self.account.refresh_token = "Atzr|wrong"
        with self.assertRaisesRegex(UserError, "has no problem"):
            self.account.with_user(self.clerk).action_ask_about_account()
        self.account.action_test_connection()
        view = "fba_account_view_dashboard"
        self.assertIn("action_open_settings", self.shown("fba.account", view, self.manager))
        self.assertNotIn("action_open_settings", self.shown("fba.account", view, self.clerk))
        self.assertIn("action_ask_about_account", self.shown("fba.account", view, self.clerk))
        action = self.account.with_user(self.manager).action_open_settings()
        self.assertEqual((action["res_model"], action["res_id"]), ("fba.account", self.account.id))
        self.account.with_user(self.clerk).action_ask_about_account()
        self.assertEqual(self.requests(self.manager), ["Check the account"])
        self.assertIn("invalid_grant", self.account.activity_search([REQUEST_ACTIVITY])[:1].note)

    def test_work_that_is_late_is_told_on_card_and_form_while_the_account_works(self):
        self.push()
        self.assertFalse(self.account.late_work_text)
        lock = self.account.task_lock_ids.filtered(lambda lock: lock.task == "push")
        lock.good_at -= timedelta(minutes=16)
        self.env.invalidate_all()
        self.assertTrue(lock.is_late)
        self.assertIn("Send fulfillment orders (last good run:", self.account.late_work_text)
        self.assertIn("Odoo's log", self.account.late_work_text)
        for view in ("fba_account_view_dashboard", "fba_account_view_form"):
            view_id = self.env.ref(f"fba_connector.{view}").id
            arch = etree.fromstring(self.env["fba.account"].with_user(self.clerk).get_view(view_id)["arch"])
            ask = "//*[field[@name='late_work_text']]//button[@name='action_ask_about_account']"
            self.assertTrue(arch.xpath(ask), view)
        self.account.with_user(self.clerk).action_ask_about_account()
        self.assertIn("Scheduled work is late", self.account.activity_search([REQUEST_ACTIVITY])[:1].note)
        self.account.paused = True
        self.env.invalidate_all()
        self.assertFalse(self.account.late_work_text)

    def test_late_work_is_told_once_where_the_connection_is_its_reason(self):
        self.account.task_lock_ids.good_at = self.account.works_since = fields.Datetime.now() - timedelta(hours=1)
        self.account._set_connection("refused", "The keys are refused.")
        self.assertTrue(all(lock.is_late for lock in self.account.task_lock_ids if lock.task in ("push", "pull")))
        self.assertFalse(self.account.late_work_text)

    def test_paused_account_is_resumed_where_it_says_so(self):
        self.account.paused = True
        with self.assertRaises(AccessError):
            self.account.with_user(self.clerk).action_resume()
        self.account.with_user(self.manager).action_resume()
        self.assertFalse(self.account.paused)


@tagged("post_install", "-at_install")
class TestImportNow(DeadEndCase):
    def pressed(self, user):
        """(kind, message) of the notification, and how many runs were started."""
        triggers = [("cron_id", "=", self.env.ref("fba_connector.ir_cron_import_amazon_orders").id)]
        before = self.env["ir.cron.trigger"].search_count(triggers)
        action = self.env["fba.amazon.order"].with_user(user).action_import_now()
        started = self.env["ir.cron.trigger"].search_count(triggers) - before
        return self.kind(action), self.message(action), started

    def test_clerk_imports_now(self):
        sale = self.sell_on_amazon(("A", 1, "19.00", {}))
        kind, message, started = self.pressed(self.clerk)
        self.assertEqual((kind, started), ("success", 1))
        self.assertIn("Test store", message)
        self.run_job("import_amazon_orders")
        self.assertTrue(self.env["sale.order"].search([("amazon_order_id", "=", sale)]))
        self.env.invalidate_all()
        kind, message, started = self.pressed(self.clerk)
        self.assertEqual((kind, started), ("warning", 0), "nothing new can be there")
        self.assertIn("has just done this", message)
        lock = self.account.task_lock_ids.filtered(lambda lock: lock.task == "import")
        lock.run_at = fields.Datetime.now() - timedelta(seconds=20)
        self.assertEqual(self.pressed(self.clerk)[2], 1)

    def test_import_under_way_is_not_started_again(self):
        lock = self.env["fba.task.lock"].search([("account_id.company_id", "!=", False)], limit=1)
        self.assertFalse(lock._is_held())
        with self.registry.cursor() as other:  # as the process that runs it
            other.execute("SELECT id FROM fba_task_lock WHERE account_id <> %s LIMIT 1", [self.account.id])
            committed = other.fetchone()
            if not committed:
                self.skipTest("no account of the database itself")
            other.execute("SELECT id FROM fba_task_lock WHERE id = %s FOR UPDATE", committed)
            held = self.env["fba.task.lock"].browse(committed)
            self.assertTrue(held._is_held())
            self.assertIn("at work", held.account_id._reason_to_wait(held.task, timedelta(0)))
        self.assertFalse(held._is_held())

    def test_import_now_says_why_nothing_was_started(self):
        for values, words in (
            ({"import_orders": False}, "does not import orders: an FBA Administrator"),
            ({"is_live": False}, "not live"),
            ({"paused": True}, "paused"),
            ({"active": False}, "no Amazon account"),
        ):
            self.account.write(values)
            kind, message, started = self.pressed(self.clerk)
            self.assertEqual((kind, started), ("warning", 0))
            self.assertIn(words, message)

    def test_others_do_not_import(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.salesman).action_import_now()

    def test_button_is_where_the_orders_are(self):
        for model, view in (
            ("fba.amazon.order", "fba_amazon_order_view_list"),
            ("fba.amazon.order", "fba_amazon_order_view_kanban"),
            ("fba.account", "fba_account_view_form"),
            ("fba.account", "fba_account_view_dashboard"),
        ):
            with self.subTest(view=view):
                self.assertIn("action_import_now", self.shown(model, view, self.clerk))


@tagged("post_install", "-at_install")
class TestNamedPlaces(DeadEndCase):
    """Menus and buttons that the sentences name are there."""

    def test_named_menus_and_buttons_are_there(self):
        ours = [("module", "=", "fba_connector"), ("model", "=", "ir.ui.view")]
        buttons, tabs = set(), set()
        for view in self.env["ir.ui.view"].browse(self.env["ir.model.data"].search(ours).mapped("res_id")):
            arch = etree.fromstring(view.arch)
            buttons |= {node.get("string") or " ".join(node.itertext()).strip() for node in arch.iter("button")}
            tabs |= {node.get("string") for node in arch.iter("page")}
        menus = self.env["ir.ui.menu"].with_context(**{"ir.ui.menu.full_list": True}).search([])
        paths = [menu.complete_name.split("/") for menu in menus]
        for button in self.named(r"[Pp]ress ((?:[A-Z][a-z]+ ?(?:(?:by|for|a|at) (?=[A-Z]))?)+)"):
            with self.subTest(button=button):
                self.assertIn(button, buttons)
        for tab in self.named(r"([A-Z]\w+) tab\b"):
            with self.subTest(tab=tab):
                self.assertIn(tab, tabs)
        for place in self.named(r"(?:under|in) ((?:[A-Z]\w+ )*[A-Z]\w+(?: > [A-Z]\w+(?: [A-Z]\w+)*)+)"):
            with self.subTest(place=place):
                root, *rest = place.split(" > ")  # a heading of the menu may stand between
                self.assertTrue(any(path[0] == root and set(rest) <= set(path) for path in paths))

    def test_who_can_is_named_where_it_is_not_the_reader(self):
        """Settings, SKUs and warehouses are the administrators': a sentence on them that a clerk reads says so."""
        elsewhere = r"Configuration > |let the account|the SKU to|map the SKU|Buyer Data|Sells On|is paused"
        for said in self.texts():
            if re.search(elsewhere, said) and not re.search(PEOPLE, said) and not said.startswith(FOR_ADMINISTRATORS):
                with self.subTest(said=said):
                    self.fail("nobody is named who can do it")

    def named(self, pattern):
        """What texts for people name by `pattern`."""
        return {it.strip() for said in self.texts() for it in re.findall(pattern, said)}

    def texts(self):
        """Texts for people in the Python sources."""
        root = Path(__file__).parents[1]
        for path in [*(root / "models").rglob("*.py"), *(root / "wizards").glob("*.py")]:
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "_" and node.args:
                    yield getattr(node.args[0], "value", "")
