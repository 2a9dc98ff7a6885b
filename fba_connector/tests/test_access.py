"""Who may do what: each group with each model, each company, each public method over JSON-RPC."""

import json

import psycopg2
from odoo import models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase
from .sold import sold_order, stage

# What each group may do with records of each model, in its own company: create, read, write, delete. A salesperson with
# those of own sales orders.
MATRIX = """
                                public  portal  internal  sales  stock  user  admin
fba.account                     -       -       -         -      -      r     crwd
fba.account.keys                -       -       -         -      -      -     -
fba.amazon.order                -       -       -         -      -      r     r
fba.backfill                    -       -       -         -      -      -     r
fba.backfill.month              -       -       -         -      -      -     r
fba.backfill.wizard             -       -       -         -      -      -     crwd
fba.call.count                  -       -       -         -      -      -     r
fba.carrier                     -       -       r         r      r      r     crwd
fba.discrepancy                 -       -       -         -      -      r     r
fba.first.sync                  -       -       -         -      -      -     r
fba.first.sync.line             -       -       -         -      -      -     r
fba.fulfillment.order           -       -       -         r      r      rw    rw
fba.fulfillment.order.line      -       -       -         r      r      r     r
fba.marketplace                 -       -       r         r      r      r     crwd
fba.package                     -       -       -         r      r      r     r
fba.preview                     -       -       -         -      -      r     r
fba.preview.fee                 -       -       -         -      -      r     r
fba.preview.wizard              -       -       -         -      -      crwd  crwd
fba.release.wizard              -       -       -         crwd   crwd   crwd  crwd
fba.reported.item               -       -       -         -      -      -     -
fba.resolve.wizard              -       -       -         crwd   crwd   crwd  crwd
fba.resolve.wizard.line         -       -       -         crwd   crwd   crwd  crwd
fba.return.item                 -       -       -         r      r      r     r
fba.shipment                    -       -       -         r      r      r     r
fba.shipped.item                -       -       -         r      r      r     r
fba.sighting                    -       -       -         -      -      r     r
fba.sku                         -       -       -         -      -      r     crwd
fba.sku.map.wizard              -       -       -         -      -      -     crwd
fba.sku.map.wizard.suggestion   -       -       -         -      -      -     crwd
fba.sku.part                    -       -       -         -      -      r     r
fba.source.wizard               -       -       -         crwd   crwd   crwd  crwd
fba.source.wizard.line          -       -       -         crwd   crwd   crwd  crwd
fba.sourcing                    -       -       -         r      r      r     r
fba.stock                       -       -       -         -      -      r     r
fba.submit.wizard               -       -       -         -      -      crwd  crwd
fba.submit.wizard.skipped       -       -       -         -      -      crwd  crwd
fba.task.lock                   -       -       -         -      -      -     r
fba.usage.plan                  -       -       -         -      -      -     -
"""

# Who may call what over JSON-RPC. Sales: only on own sales orders.
SALES, USERS, ADMINS = {"sales", "stock", "user", "admin"}, {"user", "admin"}, {"admin"}
METHODS = {
    "fba.account.action_ask_about_account": USERS,
    "fba.account.action_decide_automation": ADMINS,
    "fba.account.action_decide_import": ADMINS,
    "fba.account.action_first_sync": ADMINS,
    "fba.account.action_go_live": ADMINS,
    "fba.account.action_import_earlier": ADMINS,
    "fba.account.action_import_now": USERS,
    "fba.account.action_make_warehouses": ADMINS,
    "fba.account.action_match_skus": ADMINS,
    "fba.account.action_open_amazon_orders": USERS,
    "fba.account.action_open_calls": ADMINS,
    "fba.account.action_open_differences": USERS,
    "fba.account.action_open_guide": ADMINS,
    "fba.account.action_open_orders": USERS,
    "fba.account.action_open_unknown_skus": USERS,
    "fba.account.action_open_settings": ADMINS,
    "fba.account.action_resume": ADMINS,
    "fba.account.action_set_up_warehouses": ADMINS,
    "fba.account.action_skip_test_order": ADMINS,
    "fba.account.action_start": USERS,
    "fba.account.action_sync_inventory": USERS,
    "fba.account.action_test_connection": ADMINS,
    "fba.account.action_test_order": ADMINS,
    "fba.amazon.order.action_ask_to_import": USERS,
    "fba.amazon.order.action_forget_buyers": ADMINS,
    "fba.amazon.order.action_import_again": USERS,
    "fba.amazon.order.action_import_now": USERS,
    "fba.amazon.order.action_invoice": USERS,
    "fba.amazon.order.action_map": ADMINS,
    "fba.amazon.order.action_open_sale": USERS,
    "fba.amazon.order.action_replay": USERS,
    "fba.backfill.action_go_on": ADMINS,
    "fba.backfill.action_import": ADMINS,
    "fba.backfill.action_open_inbox": ADMINS,
    "fba.backfill.action_stop": ADMINS,
    "fba.backfill.wizard.action_begin": ADMINS,
    "fba.backfill.wizard.action_dry_run": ADMINS,
    "fba.first.sync.action_confirm": ADMINS,
    "fba.first.sync.action_give_up": ADMINS,
    "fba.first.sync.action_open_stock": ADMINS,
    "fba.first.sync.action_try_again": ADMINS,
    "fba.fulfillment.order.action_adopt": ADMINS,
    "fba.fulfillment.order.action_ask_administrator": USERS,
    "fba.fulfillment.order.action_declare_unknown": ADMINS,
    "fba.fulfillment.order.action_detail": SALES,
    "fba.fulfillment.order.action_end_doubt": ADMINS,
    "fba.fulfillment.order.action_fulfill_all_available": USERS,
    "fba.fulfillment.order.action_open_sale": SALES,
    "fba.fulfillment.order.action_open_submit_wizard": USERS,
    "fba.fulfillment.order.action_preview": USERS,
    "fba.fulfillment.order.action_refresh": USERS,
    "fba.fulfillment.order.action_release_hold": USERS,
    "fba.fulfillment.order.action_request_cancel": USERS,
    "fba.fulfillment.order.action_resolve": SALES,
    "fba.fulfillment.order.action_retry": USERS,
    "fba.fulfillment.order.action_submit": USERS,
    "fba.fulfillment.order.action_wait_for_stock": USERS,
    "fba.fulfillment.order.get_progress": SALES,
    "fba.fulfillment.order.get_status_counts": SALES,
    "fba.preview.action_choose": USERS,
    "fba.preview.wizard.action_choose_cheapest": USERS,
    "fba.preview.wizard.action_preview_again": USERS,
    "fba.preview.wizard.action_reload": USERS,
    "fba.preview.wizard.action_send_these": USERS,
    "fba.release.wizard.action_confirm": SALES,
    "fba.resolve.wizard.action_confirm": SALES,
    "fba.resolve.wizard.line.action_split": SALES,
    "fba.shipment.action_send_mail": USERS,
    "fba.sku.action_confirm_matches": ADMINS,
    "fba.sku.action_map": ADMINS,
    "fba.sku.map.wizard.action_confirm": ADMINS,
    "fba.sku.map.wizard.action_create_product": ADMINS,
    "fba.sku.map.wizard.suggestion.action_choose": ADMINS,
    "fba.source.wizard.action_confirm": SALES,
    "fba.source.wizard.action_continue": SALES,
    "fba.source.wizard.action_open_manager": SALES,
    "fba.source.wizard.action_send_now": USERS,
    "fba.source.wizard.line.action_open_sale": SALES,
    "fba.sourcing.action_release": SALES,
    "fba.sourcing.action_request_cancel": USERS,
    "fba.sourcing.action_source": SALES,
    "fba.sourcing.action_source_from_own": SALES,
    "fba.stock.action_ask_to_map": USERS,
    "fba.stock.action_map": ADMINS,
    "fba.stock.action_open_product": USERS,
    "fba.stock.action_synchronize": USERS,
    "fba.submit.wizard.action_confirm": USERS,
    "product.product.action_open_fba_stock": USERS,
    "product.template.action_open_fba_stock": USERS,
    "res.partner.action_fba_forget": ADMINS,
    "sale.order.action_fba_resolve": SALES,
    "sale.order.action_fulfill_by_amazon": SALES,
    "sale.order.action_view_fba_amazon_order": USERS,
    "sale.order.action_view_fba_fulfillment_orders": SALES,
    "sale.order.line.action_fba_source": SALES,
    "sale.order.line.action_fba_source_from_own": SALES,
    "stock.move.action_fba_release": SALES,
    "stock.move.action_open_fba_release": SALES,
    "stock.picking.action_fba_force": ADMINS,
    "stock.warehouse.action_open_fba_stock": USERS,
}

# Amazon's own lists: the same for all companies.
SHARED = ("fba.carrier", "fba.marketplace")
SECRETS = ("lwa_client_id", "lwa_client_secret", "refresh_token")
GROUPS = {
    "portal": "base.group_portal",
    "internal": "base.group_user",
    "sales": "sales_team.group_sale_salesman",
    "stock": "stock.group_stock_user",
    "user": "fba_connector.group_fba_user,base.group_allow_export",
    "admin": "fba_connector.group_fba_manager",
}


class AccessCase(FbaCase):
    """A record of each model, of a sale whose salesperson is ours, and a user of each group."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.users = {name: new_test_user(cls.env, f"fba_{name}", groups=group) for name, group in GROUPS.items()}
        cls.users["public"] = cls.env.ref("base.public_user")
        cls.public_methods = cls.find_public_methods()

    @classmethod
    def own_models(cls):
        return sorted(
            name
            for name, model in cls.env.registry.items()
            if model._original_module == "fba_connector" and not model._abstract
        )

    @classmethod
    def find_public_methods(cls):
        """{"model.method"} that came with this module and anybody can call by its name."""
        found = set()
        for name, model in cls.env.registry.items():
            if model._abstract:
                continue
            for owner in model.mro():
                for method, function in vars(owner).items():
                    first = [base for base in model.mro() if method in vars(base)][-1]
                    if (
                        first.__module__.startswith("odoo.addons.fba_connector")
                        and callable(function)
                        and not method.startswith("_")
                        and not hasattr(models.BaseModel, method)
                        and not getattr(function, "_api_private", False)
                    ):
                        found.add(f"{name}.{method}")
        return found

    def setUp(self):
        super().setUp()
        fulfillment = self.sourced(
            {self.product_a: 2, self.product_b: 1}, user_id=self.users["sales"].id
        ).fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("1Z", {"A": 1}))
        self.pull()
        row = stage(self.account, sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00"))
        row._process()
        sold = self.imported("111-0000000-0000002", self.users["sales"])
        line, open_move = fulfillment.line_ids[:1], fulfillment.line_ids._open_moves()[:1]
        self.fulfillment, self.open_move = fulfillment, open_move
        self.sku = self.make("fba.sku", warehouse_id=self.afn.id, seller_sku="X")
        sync = self.make("fba.first.sync", account_id=self.account.id)
        earlier = {"ordered_from": "2026-08-01", "ordered_to": "2026-09-01", "way": "report", "reported_tax": "ask"}
        backfill = self.make("fba.backfill", account_id=self.account.id, **earlier)
        product = {"warehouse_id": self.afn.id, "product_id": self.product_a.id}
        preview = self.make("fba.preview", order_id=fulfillment.id, shipping_speed="Standard")
        self.records = {
            "fba.account": self.account,
            "fba.account.keys": self.account.keys_id,
            "fba.amazon.order": row,
            "fba.backfill": backfill,
            "fba.backfill.month": self.make("fba.backfill.month", backfill_id=backfill.id),
            "fba.call.count": self.make(
                "fba.call.count", account_id=self.account.id, day="2026-08-01", operation="O", task="push"
            ),
            "fba.carrier": self.env["fba.carrier"].search([], limit=1),
            "fba.discrepancy": self.make(
                "fba.discrepancy", warehouse_id=self.afn.id, product_id=self.product_a.id, quantity=1
            ),
            "fba.first.sync": sync,
            "fba.first.sync.line": self.make("fba.first.sync.line", first_sync_id=sync.id, **product),
            "fba.fulfillment.order": fulfillment,
            "fba.fulfillment.order.line": line,
            "fba.marketplace": self.env.ref("fba_connector.marketplace_us"),
            "fba.package": fulfillment.shipment_ids.package_ids,
            "fba.preview": preview,
            "fba.preview.fee": self.make("fba.preview.fee", preview_id=preview.id, name="Fee", amount=1),
            "fba.reported.item": self.make(
                "fba.reported.item", backfill_id=backfill.id, amazon_order_id="1", row_key="1", cells="1"
            ),
            "fba.return.item": self.make("fba.return.item", line_id=line.id, amazon_return_id="R"),
            "fba.shipment": fulfillment.shipment_ids,
            "fba.sighting": fulfillment.sighting_ids[:1],
            "fba.shipped.item": self.make("fba.shipped.item", amazon_id=sold.id, shipment_item_id="I"),
            "fba.sku": self.sku,
            "fba.sku.part": self.make(
                "fba.sku", warehouse_id=self.afn.id, seller_sku="Y", product_id=self.product_b.id
            ).part_ids,
            "fba.sourcing": self.rows(fulfillment.sale_id).filtered("move_id")[:1],
            "fba.stock": self.env["fba.stock"].search([("seller_sku", "=", "X")]),
            "fba.task.lock": self.account.task_lock_ids[:1],
            "fba.usage.plan": self.make("fba.usage.plan", seller="S", operation="O"),
            "product.product": self.product_a,
            "product.template": self.product_a.product_tmpl_id,
            "res.partner": self.customer,
            "sale.order": fulfillment.sale_id,
            "sale.order.line": fulfillment.sale_id.order_line[:1],
            "stock.move": open_move,
            "stock.picking": open_move.picking_id,
            "stock.warehouse": self.afn,
        }
        self.env.flush_all()

    def make(self, model, user=None, **values):
        return self.env[model].with_user(user or self.env.user).sudo().create(values).sudo(False)

    def imported(self, order_id, salesperson):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, order_id=order_id, total="10.00"))
        row._process()
        row.sale_id.user_id = salesperson
        return row

    def wizards(self, user):
        """Those of a user: each sees its own."""
        sale = self.fulfillment.sale_id
        resolve = self.make("fba.resolve.wizard", user, sale_id=sale.id)
        sourcing = self.make("fba.source.wizard", user, task="source", sourced_ids=[Command.link(sale.id)])
        mapping = self.make("fba.sku.map.wizard", user, sku_id=self.sku.id)
        submit = self.make("fba.submit.wizard", user, order_ids=[Command.link(self.fulfillment.id)])
        line, order = self.fulfillment.sale_id.order_line[:1].id, self.fulfillment.id
        return {
            "fba.backfill.wizard": self.make(
                "fba.backfill.wizard",
                user,
                account_id=self.account.id,
                ordered_from="2026-08-01",
                marketplace_ids=[Command.set(self.account.marketplace_ids.ids)],
            ),
            "fba.preview.wizard": self.make("fba.preview.wizard", user, order_ids=[Command.link(order)]),
            "fba.release.wizard": self.make("fba.release.wizard", user, move_id=self.open_move.id),
            "fba.resolve.wizard": resolve,
            "fba.resolve.wizard.line": self.make(
                "fba.resolve.wizard.line", user, wizard_id=resolve.id, sale_line_id=line, choice="own"
            ),
            "fba.source.wizard": sourcing,
            "fba.source.wizard.line": self.make(
                "fba.source.wizard.line", user, wizard_id=sourcing.id, sale_id=sale.id, outcome="none", words="Late"
            ),
            "fba.sku.map.wizard": mapping,
            "fba.sku.map.wizard.suggestion": self.make(
                "fba.sku.map.wizard.suggestion", user, wizard_id=mapping.id, product_id=self.product_a.id, reason="SKU"
            ),
            "fba.submit.wizard": submit,
            "fba.submit.wizard.skipped": self.make(
                "fba.submit.wizard.skipped", user, wizard_id=submit.id, order_id=order, reason="Late"
            ),
        }


@tagged("post_install", "-at_install")
class TestAccess(AccessCase):
    def may(self, record, operation):
        """Whether its user may do it with this very record, tried out and taken back."""
        tries = {
            "c": lambda: record.create({}),
            "r": lambda: record.read(["display_name"]),
            "w": lambda: record.write({}),
            "d": record.unlink,
        }
        try:
            with self.env.cr.savepoint() as savepoint, mute_logger("odoo.sql_db"):
                tries[operation]()
                savepoint.rollback()
        except AccessError:
            return False
        except (UserError, psycopg2.Error):
            self.env.invalidate_all()  # that was no question of rights
        return True

    def test_matrix(self):
        head, *rows = [row.split() for row in MATRIX.strip().splitlines()]
        expected = {name: dict(zip(head, letters, strict=True)) for name, *letters in rows}
        self.assertEqual(sorted(expected), self.own_models(), "the matrix names all models")
        for group, user in self.users.items():
            records = {**self.records, **self.wizards(user)}
            for name, letters in expected.items():
                record = records[name].with_user(user)
                found = "".join(letter for letter in "crwd" if self.may(record, letter)) or "-"
                self.assertEqual(found, letters[group], f"{group} with {name}")

    def test_other_company_has_nothing(self):
        """Neither what is there, nor whether it is."""
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        for group in ("sales", "stock", "user", "admin"):
            user = self.users[group]
            records = {**self.records, **self.wizards(user)}
            user.write({"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id})
            for name in self.own_models():
                if name in SHARED or records[name]._transient:
                    continue
                record = records[name].with_user(user).with_company(elsewhere)
                for letter in "rwd":
                    self.assertFalse(self.may(record, letter), f"{group}: {letter} {name}")
                if record.has_access("read") or self.env[name].with_user(user).has_access("read"):
                    found = self.env[name].with_user(user).search([("id", "in", record.ids)])
                    self.assertFalse(found, f"{group} finds {name}")
                    groups = self.env[name].with_user(user)._read_group([("id", "in", record.ids)], [], ["__count"])
                    self.assertEqual(groups, [(0,)], f"{group} counts {name}")
                    self.assertEqual(self.env[name].with_user(user).name_search("", [("id", "in", record.ids)]), [])

    def test_company_that_is_not_chosen_is_not_shown(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        user = self.users["admin"]
        user.company_ids = [Command.link(elsewhere.id)]
        Order = self.env["fba.fulfillment.order"].with_user(user)
        ours = [("id", "=", self.fulfillment.id)]
        self.assertFalse(Order.with_context(allowed_company_ids=elsewhere.ids).search(ours))
        both = (self.env.company + elsewhere).ids
        self.assertTrue(Order.with_context(allowed_company_ids=both).search(ours))

    def test_every_model_of_a_company_has_its_rule(self):
        for name in self.own_models():
            model = self.env[name]
            if "company_id" not in model._fields or model._transient:
                continue
            rules = self.env["ir.rule"].search([("model_id.model", "=", name), ("groups", "=", False)])
            self.assertIn("company_ids", str(rules.mapped("domain_force")), f"{name} has no rule for companies")

    # === LEAKS === #

    def test_secrets_leak_in_no_way(self):
        """To a clerk who sees the account: not by a search that guesses, not by way of other records."""
        clerk = self.users["user"]
        account = self.account.with_user(clerk)
        Account, order = self.env["fba.account"].with_user(clerk), self.fulfillment.with_user(clerk)
        for name in SECRETS:
            if name == "lwa_client_id":
                self.assertNotIn(name, account.fields_get())
            for leak in (
                lambda name=name: account.read([name]),
                lambda name=name: account[name],
                lambda name=name: Account.search_read([], [name]),
                lambda name=name: Account.search([(name, "=like", "d%")]),
                lambda name=name: Account.search([], order=name),
                lambda name=name: Account._read_group([], [name]),
                lambda name=name: Account.formatted_read_group([], [name], ["__count"]),
                lambda name=name: Account.web_search_read([], {name: {}}),
                lambda name=name: account.export_data([name]),
                lambda name=name: order.web_read({"account_id": {"fields": {name: {}}}}),
                lambda name=name: order.export_data([f"account_id/{name}"]),
                lambda name=name: order.search([(f"account_id.{name}", "=like", "d%")]),
                lambda name=name: (
                    self.env["stock.warehouse"].with_user(clerk).search([(f"fba_account_id.{name}", "!=", False)])
                ),
            ):
                with self.assertRaises(AccessError):
                    leak()

    def test_secrets_are_not_told_where_administrators_write(self):
        account = self.account.with_user(self.users["admin"])
        account.write(dict.fromkeys(SECRETS, "TOPSECRET"))
        self.env.flush_all()
        self.assertNotIn("TOPSECRET", str(account.message_ids.mapped("body")))
        self.assertFalse(account.message_ids.sudo().tracking_value_ids.filtered(lambda it: it.field_id.name in SECRETS))
        self.assertFalse(any(account.copy()[name] for name in SECRETS))
        for name in ("lwa_client_secret", "refresh_token"):
            self.assertFalse(account.fields_get([name])[name]["exportable"])

    def test_what_amazon_told_of_buyers_is_the_administrators(self):
        row = self.records["fba.amazon.order"].with_user(self.users["user"])
        for leak in (
            lambda: row.read(["payload"]),
            lambda: row.web_read({"payload": {}}),
            lambda: row.export_data(["payload"]),
            lambda: self.env["fba.amazon.order"].with_user(self.users["user"]).search([("payload", "!=", False)]),
        ):
            with self.assertRaises(AccessError):
                leak()

    def test_salesperson_reaches_no_order_of_others(self):
        others = self.sourced({self.product_a: 1}, user_id=self.users["admin"].id).fba_fulfillment_order_ids
        sales = self.users["sales"]
        self.assertEqual(self.env["fba.fulfillment.order"].with_user(sales).search([]), self.fulfillment)
        self.assertEqual(self.env["fba.fulfillment.order"].with_user(sales).name_search(others.name), [])
        returned = self.make("fba.return.item", line_id=others.line_ids.id, amazon_return_id="R")
        sold = self.imported("111-0000000-0000003", self.users["admin"])
        shipped = self.make("fba.shipped.item", amazon_id=sold.id, shipment_item_id="I")
        for record in (others, others.line_ids, self.rows(others.sale_id), returned, shipped):
            self.assertFalse(self.may(record.with_user(sales), "r"), record)


@tagged("post_install", "-at_install")
class TestPublicMethods(AccessCase, HttpCase):
    def call(self, record, method):
        """The name of the error, if there is one."""
        of_model = getattr(getattr(record, method), "_api_model", False)
        params = {"model": record._name, "method": method, "args": [] if of_model else [record.ids], "kwargs": {}}
        answer = self.url_open(
            f"/web/dataset/call_kw/{record._name}/{method}",
            data=json.dumps({"params": params}),
            headers={"Content-Type": "application/json"},
        ).json()
        return answer["error"]["data"]["name"].rsplit(".", 1)[-1] if "error" in answer else None

    def test_each_is_allowed_or_an_access_error(self):
        """Allowed may still be refused in words (UserError): such is the state of the record."""
        self.assertEqual(sorted(METHODS), sorted(self.public_methods), "the table names all methods")
        denied = {"AccessError", "SessionExpiredException"}
        for group, user in self.users.items():
            records = {**self.records, **self.wizards(user)}
            self.env.flush_all()
            self.authenticate(None, None) if group == "public" else self.authenticate(user.login, user.login)
            for name, groups in METHODS.items():
                model, method = name.rsplit(".", 1)
                error = self.call(records[model], method)
                with self.subTest(group=group, method=name):
                    self.assertIn(error, {None, "UserError", "ValidationError"} if group in groups else denied)
