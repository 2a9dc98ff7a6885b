"""What a customer sees of an order that Amazon ships: on the page, and over RPC."""

import json

from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase

INTERNAL_GROUPS = {
    "base.group_user", "fba_connector.group_fba_user", "fba_connector.group_fba_manager",
}  # fmt: skip
# Fields of ours that a customer's page needs, and why: {"model.field": reason}.
FOR_CUSTOMERS = {}


class PortalCase(FbaCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.buyer = new_test_user(cls.env, "fba_buyer", groups="base.group_portal")
        cls.buyer.partner_id.write(
            {name: cls.customer[name] for name in ("street", "city", "zip", "state_id", "country_id")}
        )

    def page(self, order):
        order._portal_ensure_token()
        self.env.flush_all()
        return self.url_open(f"/my/orders/{order.id}?access_token={order.access_token}").text

    def rpc(self, model, method, *args, **kwargs):
        """(result, the name of the error)."""
        self.env.flush_all()
        answer = self.url_open(
            f"/web/dataset/call_kw/{model}/{method}",
            data=json.dumps({"params": {"model": model, "method": method, "args": args, "kwargs": kwargs}}),
            headers={"Content-Type": "application/json"},
        ).json()
        error = answer.get("error", {}).get("data", {}).get("name", "").rsplit(".", 1)[-1]
        return answer.get("result"), error


@tagged("post_install", "-at_install")
class TestPortal(PortalCase):
    def test_customer_sees_each_package_and_when_it_is_expected(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("1ZPORTAL1", {"A": 2}), ("1ZPORTAL2", {"A": 1}))
        fulfillment.action_refresh()
        packages = fulfillment.shipment_ids.package_ids
        packages[0].estimated_arrival = "2026-12-24 12:00:00"
        page = self.page(fulfillment.sale_id)
        for words in ("1ZPORTAL1", "1ZPORTAL2", "https://www.ups.com/track?tracknum=1ZPORTAL1", "Expected arrival"):
            self.assertIn(words, page)
        self.assertIn("12/24/2026", page)
        self.assertIn("Shipped", page)
        body = page.split("<main")[1].split("</main>")[0]
        self.assertNotIn("Amazon", body, "whose warehouse it is, is the company's own affair")

    def test_customer_sees_all_shipments(self):
        """Odoo's page shows the last three deliveries: the others would count as not sent."""
        fulfillment = self.sent({self.product_a: 5})
        for number in range(5):
            self.ship(fulfillment, (f"1ZPORTAL{number}", {"A": 1}))
        fulfillment.action_refresh()
        order = fulfillment.sale_id.with_user(self.env.ref("base.user_admin"))
        order.sudo().partner_id = self.buyer.partner_id
        self.authenticate(self.buyer.login, self.buyer.login)
        page = self.page(order.sudo())
        done = order.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(len(done), 5)
        for picking in done:
            self.assertIn(picking.name, page)
        at = [page.index(f">1ZPORTAL{number}<") for number in range(5)]
        self.assertEqual(at, sorted(at, reverse=True), "the newest first, though all were booked in one moment")

    def test_other_orders_show_what_odoo_shows(self):
        order = self.sell({self.product_a: 5}, company_id=self.own.company_id.id)
        self.stock(self.own, self.product_a, 5)
        order.action_confirm()
        for _part in range(4):
            picking = self.open_deliveries(order)
            picking.move_ids.write({"quantity": 1, "picked": True})
            picking._action_done()
        page = self.page(order)
        self.assertEqual(sum(name in page for name in order.picking_ids.mapped("name")), 3)


@tagged("post_install", "-at_install")
class TestPortalFields(PortalCase):
    """Inner fields are for internal users, whatever other modules let customers read."""

    def setUp(self):
        super().setUp()
        order = self.sell({self.product_a: 4}, partner_id=self.buyer.partner_id.id)
        order.action_confirm()
        order.action_fulfill_by_amazon()
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        self.ship(order.fba_fulfillment_order_ids, ("1Z", {"A": 1}))
        self.pull()
        self.order = order
        self.authenticate(self.buyer.login, self.buyer.login)

    def our_fields(self):
        """{model of others: its fields of ours}."""
        found = {}
        for name, model in self.env.registry.items():
            if model._original_module == "fba_connector" or model._abstract:
                continue
            for field in model._fields.values():
                if field._modules[:1] == ("fba_connector",) or field.name.startswith("fba_"):
                    found.setdefault(name, []).append(field.name)
        return found

    def test_every_field_of_ours_is_internal(self):
        for model, names in self.our_fields().items():
            for name in names:
                groups = {it for it in (self.env[model]._fields[name].groups or "").split(",") if it}
                internal = bool(groups) and groups <= INTERNAL_GROUPS
                if model.startswith("stock.return.picking"):  # a dialog of internal users
                    continue
                self.assertNotEqual(internal, f"{model}.{name}" in FOR_CUSTOMERS, f"{model}.{name}")

    @mute_logger("odoo.http")
    def test_customer_reads_none_of_them_over_rpc(self):
        """Of own orders and deliveries, and of all else that Odoo lets customers read."""
        records = {
            "sale.order": self.order,
            "sale.order.line": self.order.order_line,
            "stock.picking": self.order.picking_ids,
            "res.partner": self.buyer.partner_id,
        }
        readable = {"sale.order", "sale.order.line", "stock.picking", "res.partner"}
        for model, names in self.our_fields().items():
            ids = records[model].ids if model in records else self.env[model].search([], limit=1).ids
            _rows, refused = self.rpc(model, "read", ids, ["id"])
            self.assertTrue(model not in readable or not refused, f"the customer has no {model}: nothing was tried")
            if refused:
                continue
            readable.discard(model)
            told, _error = self.rpc(model, "fields_get")
            self.assertFalse(set(told) & set(names), model)
            for name in names:
                if f"{model}.{name}" in FOR_CUSTOMERS:
                    continue
                for method, *args in (
                    ("read", ids, [name]),
                    ("search_read", [(name, "!=", False)], ["id"]),
                    ("search_read", [], ["id"], 0, 1, name),
                    ("formatted_read_group", [], [name]),
                    ("export_data", ids, [name]),
                ):
                    with self.subTest(model=model, field=name, method=method, args=args):
                        answer, error = self.rpc(model, method, *args)
                        self.assertTrue(error, answer)
        self.assertFalse(readable)

    def test_customer_still_reads_what_odoo_tells(self):
        """Odoo's own fields do not fail on the way through ours: what is refused is Odoo's own refusal."""
        self.env.flush_all()
        for record in (self.order, self.order.order_line, self.order.picking_ids):
            for name in record.with_user(self.buyer).fields_get():
                self.env.invalidate_all()
                try:
                    record.with_user(self.buyer).read([name])
                except AccessError as error:
                    self.assertNotIn("fba", str(error).lower(), f"{record._name}.{name}")
                    self.assertNotIn("Amazon", str(error), f"{record._name}.{name}")
        done = self.order.picking_ids.filtered(lambda picking: picking.state == "done")
        [row], _error = self.rpc("stock.picking", "read", done.ids, ["carrier_tracking_url", "carrier_tracking_ref"])
        self.assertIn("1Z", row["carrier_tracking_url"])

    @mute_logger("odoo.http")
    def test_customer_has_none_of_our_models(self):
        for name, model in self.env.registry.items():
            if model._original_module == "fba_connector" and not model._abstract:
                self.assertEqual(self.rpc(name, "search_read", [], ["id"])[1], "AccessError", name)

    def test_internal_users_read_them_as_before(self):
        """Those without a role in sales or at Amazon, too, where Odoo shows them the record."""
        user = new_test_user(self.env, "fba_internal", groups="base.group_user,stock.group_stock_user")
        for model, names in self.our_fields().items():
            shown = set(self.env[model].with_user(user).fields_get(names))
            inner = {name for name in names if self.env[model]._fields[name].groups == "base.group_user"}
            self.assertEqual(shown & inner, inner, model)
