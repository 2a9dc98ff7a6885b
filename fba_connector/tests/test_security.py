from lxml import etree
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase

SECRETS = ("lwa_client_id", "lwa_client_secret", "refresh_token")


@tagged("post_install", "-at_install")
class TestSecurity(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.salesman = new_test_user(cls.env, "fba_salesman", groups="sales_team.group_sale_salesman")
        cls.clerk = new_test_user(cls.env, "fba_clerk", groups="fba_connector.group_fba_user")
        cls.manager = new_test_user(cls.env, "fba_manager", groups="fba_connector.group_fba_manager")

    def test_secrets_are_the_administrators_only(self):
        self.assertEqual(self.account.with_user(self.manager).read(SECRETS)[0]["refresh_token"], "Atzr|demo")
        for name in SECRETS:
            with self.assertRaises(AccessError):
                self.account.with_user(self.clerk).read([name])
        with self.assertRaises(AccessError):
            self.account.with_user(self.salesman).read(["name"])

    def test_secrets_are_not_exported(self):
        fields = self.account.with_user(self.manager).fields_get(["refresh_token", "lwa_client_secret"])
        self.assertFalse(any(field["exportable"] for field in fields.values()))

    def test_only_administrators_test_the_connection(self):
        with self.assertRaises(AccessError):
            self.account.with_user(self.clerk).action_test_connection()

    def test_salesperson_sources_and_releases_own_orders_but_does_not_send(self):
        order = self.sell({self.product_a: 2}, user_id=self.salesman.id).with_user(self.salesman)
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(order.fba_status, "ready")
        with self.assertRaises(UserError):
            order.fba_fulfillment_order_ids.action_submit()
        with self.assertRaises(AccessError):
            order.fba_fulfillment_order_ids.write({"shipping_speed": "Priority"})
        self.rows(order).move_id.action_fba_release()
        self.assertEqual(order.fba_status, "cancelled")

    def test_salesperson_does_not_see_orders_of_others(self):
        order = self.sourced({self.product_a: 2}, user_id=self.clerk.id)
        orders = self.env["fba.fulfillment.order"].with_user(self.salesman)
        self.assertFalse(orders.search([("sale_id", "=", order.id)]))
        with self.assertRaises(AccessError):
            order.order_line.move_ids.with_user(self.salesman).action_fba_release()

    def test_sourcing_rows_are_those_of_ones_own_orders(self):
        own = self.sourced({self.product_a: 2}, user_id=self.salesman.id)
        other = self.sourced({self.product_a: 2}, user_id=self.clerk.id)
        rows = self.env["fba.sourcing"].with_user(self.salesman)
        self.assertEqual(rows.search([("order_id", "in", (own + other).ids)]).order_id, own)
        foreign_move = self.rows(other).move_id
        foreign = self.rows(other).with_user(self.salesman)
        wizard = self.env["fba.release.wizard"].with_user(self.salesman).create({"move_id": foreign_move.id})
        for forbidden in (
            foreign.action_source,
            foreign.action_source_from_own,
            wizard.action_confirm,
            other.order_line.with_user(self.salesman).action_fba_source,
        ):
            with self.assertRaises(AccessError):
                forbidden()
        release = self.rows(own).with_user(self.salesman).action_release()
        wizard = self.env[release["res_model"]].with_user(self.salesman).with_context(**release["context"]).create({})
        wizard.action_confirm()
        self.assertEqual(own.order_line.fba_unsourced_qty, 2)
        self.rows(own).with_user(self.salesman).action_source()
        self.assertFalse(own.order_line.fba_unsourced_qty)
        self.assertFalse(self.env["fba.sourcing"].with_user(self.manager_elsewhere()).search([]))

    def manager_elsewhere(self):
        """An administrator of another company only."""
        company = self.env["res.company"].create({"name": "Elsewhere"})
        self.manager.write({"company_id": company.id, "company_ids": [Command.set(company.ids)]})
        return self.manager

    def test_clerk_cancels_before_and_after_sending(self):
        unsent = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids.with_user(self.clerk)
        unsent.action_request_cancel()
        self.assertEqual(unsent.state, "cancelled")
        sent = self.sent({self.product_a: 2}).with_user(self.clerk)
        sent.action_request_cancel()
        self.assertTrue(sent.cancel_asked_at)
        with self.assertRaisesRegex(UserError, "Only FBA Users"):
            sent.with_user(self.salesman).action_request_cancel()

    def test_clerk_sends_and_follows(self):
        order = self.sell({self.product_a: 2}).with_user(self.clerk)
        order.action_confirm()
        order.action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        wizard = self.env["fba.submit.wizard"].with_user(self.clerk)
        wizard.with_context(active_model=fulfillment._name, active_ids=fulfillment.ids).create({}).action_confirm()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")
        self.ship(fulfillment, ("T1", {"A": 2}))
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.state, "shipped")

    def test_other_company_sees_nothing(self):
        order = self.sourced({self.product_a: 2})
        self.manager_elsewhere()
        for record in (self.account, order.fba_fulfillment_order_ids, order.fba_fulfillment_order_ids.line_ids):
            seen = self.env[record._name].with_user(self.manager).search([("id", "in", record.ids)])
            self.assertFalse(seen, record._name)

    def test_stock_is_the_clerks_to_see_and_the_administrators_to_synchronize(self):
        sku = self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "X", "fulfillable_quantity": 3})
        row = self.env["fba.stock"].with_user(self.clerk).search([("seller_sku", "=", "X")])
        self.assertEqual(row.fulfillable_quantity, 3)
        for forbidden in (
            self.account.with_user(self.clerk).action_first_sync,
            self.account.with_user(self.clerk).action_set_up_warehouses,
            row.action_map,
        ):
            with self.assertRaises(AccessError):
                forbidden()
        with self.assertRaises(AccessError):
            self.env["fba.stock"].with_user(self.salesman).search([])
        self.env["fba.sku.map.wizard"].with_user(self.manager).create(
            {"sku_id": sku.id, "product_id": self.product_b.id}
        ).action_confirm()
        self.assertEqual(sku.product_id, self.product_b)

    def test_other_company_sees_no_stock(self):
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "X"})
        self.manager_elsewhere()
        for model in ("fba.sku", "fba.stock"):
            self.assertFalse(self.env[model].with_user(self.manager).search([("seller_sku", "=", "X")]))

    def test_neutralized_copy_cannot_reach_amazon(self):
        from odoo.modules.neutralize import get_neutralization_queries

        self.account.keys_prefix = "FBA_US"
        self.env.flush_all()
        for query in get_neutralization_queries(["fba_connector"]):
            self.env.cr.execute(query)
        self.env.invalidate_all()
        self.assertTrue(self.account.paused)
        self.assertFalse(any(self.account[name] for name in (*SECRETS, "keys_prefix")))

    def test_accountant_opens_any_order(self):
        accountant = new_test_user(self.env, "fba_accountant", groups="account.group_account_invoice")
        fulfillment = self.sent({self.product_a: 2})
        view = self.env["sale.order"].with_user(accountant).get_view(self.env.ref("sale.view_order_form").id, "form")
        names = set(etree.fromstring(view["arch"]).xpath("//form//field[not(ancestor::field)]/@name"))
        for order in fulfillment.sale_id + self.sell({self.product_a: 1}):
            self.assertTrue(order.with_user(accountant).read(list(names)))

    def test_clerk_does_not_write_states_by_hand(self):
        fulfillment = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids.with_user(self.clerk)
        fulfillment.shipping_speed = "Priority"
        for values in ({"state": "queued"}, {"name": "other"}, {"at_amazon": False}):
            with self.assertRaises(AccessError):
                fulfillment.write(values)
        fulfillment.action_submit()
        self.push()
        with self.assertRaises(AccessError):
            fulfillment.shipping_speed = "Standard"

    def test_only_administrators_declare_an_order_unknown(self):
        fulfillment = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        fulfillment.write({"state": "exception", "at_amazon": True, "error_code": "Unclear"})
        with self.assertRaises(AccessError):
            fulfillment.with_user(self.clerk).action_declare_unknown()
        stranger = self.manager.copy({"login": "stranger"})
        other = self.env["res.company"].create({"name": "Other"})
        stranger.write({"company_ids": [Command.set(other.ids)], "company_id": other.id})
        with self.assertRaises(AccessError):
            fulfillment.with_user(stranger).action_declare_unknown()
        fulfillment.with_user(self.manager).action_declare_unknown()
        self.assertFalse(fulfillment.at_amazon)

    def test_context_of_a_client_opens_no_lock(self):
        fulfillment = self.sent({self.product_a: 2})
        picking = fulfillment.picking_ids.with_user(self.clerk).with_context(fba_booking=True)
        with self.assertRaisesRegex(UserError, "fulfilled by Amazon"):
            picking.action_cancel()

    def test_nobody_sets_by_hand_what_happens_to_an_order(self):
        order = self.sourced({self.product_a: 2}, user_id=self.manager.id).with_user(self.manager)
        delivery = self.open_deliveries(order)
        for record, name, value in (
            (order, "amazon_order_id", "112"),
            (order.order_line, "fba_unsourced_product_qty", 1),
            (order.order_line, "fba_warehouse_id", self.own.id),
            (delivery, "fba_fulfillment_order_id", False),
            (delivery.move_ids, "fba_line_id", False),
        ):
            with self.assertRaises(AccessError):
                record.write({name: value})
        with self.assertRaises(AccessError):
            order.create({"partner_id": self.customer.id, "amazon_order_id": "112"})
