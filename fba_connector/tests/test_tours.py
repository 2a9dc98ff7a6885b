from odoo.tests import HttpCase, new_test_user, tagged

from .common import SimulatorMixin

INBOX = "/odoo/action-fba_connector.fba_amazon_order_action"


@tagged("post_install", "-at_install")
class TestTours(SimulatorMixin, HttpCase):
    def run_job(self, name):
        self.env.ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def test_order_from_confirmation_to_tracking(self):
        """Confirm, Fulfillment by Amazon, select, send, In Shipping, and after Amazon shipped the tracking."""
        order = self.sell({self.product_a: 2}, name="TOUR-1")
        form = f"/odoo/action-sale.action_orders/{order.id}"

        self.start_tour(form, "fba_send_order", login="admin")
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.state, "queued")

        self.run_job("push_fulfillment_orders")
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_order_in_shipping", login="admin")

        self.ship(fulfillment, ("1ZTOUR", {"A": 2}))
        self.run_job("pull_fulfillment_orders")
        self.start_tour(form, "fba_order_shipped", login="admin")

    def test_sourcing_by_hand(self):
        """Reserved elsewhere, released, sourced from Amazon, seen in the manager, released again, dropped."""
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 2}, name="TOUR-1")
        form = f"/odoo/action-sale.action_orders/{order.id}"
        self.start_tour(form, "fba_source_by_hand", login="admin")
        self.assertEqual(order.fba_status, "ready")
        self.start_tour(form, "fba_release_and_drop", login="admin")
        self.assertEqual(order.fba_status, "cancelled")
        self.assertFalse(order.order_line.product_uom_qty or order.order_line.fba_unsourced_qty)

    def three_ready(self):
        """TOUR-1 (2 × A), TOUR-2 (1 × B), TOUR-3 (1 × A), ready to be sent."""
        self.env["fba.fulfillment.order"].search([("state", "=", "ready")]).sale_id._action_cancel()  # the demo's
        lines = ({self.product_a: 2}, {self.product_b: 1}, {self.product_a: 1})
        orders = [self.sourced(line, name=f"TOUR-{number}") for number, line in enumerate(lines, 1)]
        return self.env["sale.order"].union(*orders).fba_fulfillment_order_ids

    def test_two_of_three_are_sent_and_the_list_follows(self):
        orders = self.three_ready()
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_send_two_of_three", login="admin")
        self.assertEqual(orders.sorted("id").mapped("state"), ["in_shipping", "in_shipping", "ready"])
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_send_all_available", login="admin")
        self.assertEqual(orders.sorted("id")[2].state, "queued")

    def test_preview_and_detail(self):
        self.sourced({self.product_a: 2}, name="TOUR-1")
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_preview_and_detail", login="admin")

    def test_salesperson_sees_no_buttons_and_is_refused(self):
        user = new_test_user(self.env, "tour_salesman", groups="sales_team.group_sale_salesman_all_leads")
        order = self.sourced({self.product_a: 2}, name="TOUR-1")
        form = f"/odoo/action-sale.action_orders/{order.id}"
        self.start_tour(form, "fba_no_buttons_without_rights", login=user.login)
        self.authenticate(user.login, user.login)
        fulfillment = order.fba_fulfillment_order_ids
        for method in ("action_submit", "action_preview", "action_request_cancel", "action_release_hold"):
            answer = self.make_jsonrpc_request_error(fulfillment, method)
            self.assertIn("Only FBA Users", answer["data"]["message"])
        self.assertEqual(fulfillment.state, "ready")

    def make_jsonrpc_request_error(self, record, method):
        """The error that a call of `method` by the client of the user who is logged in ends with."""
        call = {"model": record._name, "method": method, "args": [record.ids], "kwargs": {}}
        body = {"jsonrpc": "2.0", "method": "call", "params": call}
        return self.url_open(f"/web/dataset/call_kw/{record._name}/{method}", json=body).json()["error"]

    def in_shipping(self, lines):
        """The sale order TOUR-1 of `lines`, at Amazon."""
        order = self.sourced(lines, name="TOUR-1")
        order.fba_fulfillment_order_ids.action_submit()
        self.run_job("push_fulfillment_orders")
        return order

    def test_shipped_in_parts_and_too_late_to_cancel(self):
        order = self.in_shipping({self.product_a: 4, self.product_b: 1})
        fulfillment = order.fba_fulfillment_order_ids
        self.ship(fulfillment, ("1ZPART1", {"A": 2}))
        self.run_job("pull_fulfillment_orders")
        self.ship(fulfillment, ("1ZPART2", {"A": 1, "B": 1}))
        self.start_tour(f"/odoo/action-sale.action_orders/{order.id}", "fba_shipped_in_parts", login="admin")
        self.assertEqual(order.order_line.mapped("qty_delivered"), [3, 1])

    def test_sent_order_is_cancelled_once_amazon_agrees(self):
        order = self.in_shipping({self.product_a: 4})
        self.start_tour(f"/odoo/action-sale.action_orders/{order.id}", "fba_cancel_sent_order", login="admin")
        self.assertEqual((order.state, self.free(self.product_a)), ("cancel", 10))

    def test_exception_is_resolved(self):
        order = self.in_shipping({self.product_a: 4})
        fulfillment = order.fba_fulfillment_order_ids
        self.ship(fulfillment, ("1Z", {"A": 1}))
        self.cannot_fulfill(fulfillment, A=3)
        self.run_job("pull_fulfillment_orders")
        self.start_tour(f"/odoo/action-sale.action_orders/{order.id}", "fba_resolve_exception", login="admin")
        self.assertEqual((order.fba_status, order.order_line.product_uom_qty), ("shipped", 1))

    def test_unknown_sku_is_mapped_and_its_stock_is_there(self):
        self.account.first_sync_confirmed = True
        self.env["product.product"].create({"name": "Arc Lamp", "barcode": "B0SIM00003", "is_storable": True})
        self.control("PUT", "stock/MYSTERY", fulfillable=6, asin="B0SIM00003")
        self.advance(minutes=10)
        self.run_job("sync_inventory")
        self.start_tour("/odoo/stock-at-amazon", "fba_map_unknown_sku", login="admin")
        self.advance(minutes=30)
        self.run_job("sync_inventory")
        row = self.env["fba.stock"].search([("seller_sku", "=", "MYSTERY")])
        self.assertEqual((row.stock_quantity, row.difference_quantity), (6, 0))

    def listed(self, name, product=None, **counts):
        """A seller SKU as Amazon's list makes it."""
        values = {"warehouse_id": self.afn.id, "seller_sku": name, "product_id": product and product.id, **counts}
        return self.env["fba.sku"].with_context(fba_suggested=True).create(values).with_context(fba_suggested=False)

    def test_clerk_sees_why_stock_differs_and_synchronizes(self):
        self.env["fba.account"].search([("id", "!=", self.account.id)]).active = False
        self.account.first_sync_confirmed = True
        self.listed("A", self.product_a, fulfillable_quantity=10)._confirm()
        self.stock(self.afn, self.product_a, 2)
        self.listed("MYSTERY", fulfillable_quantity=6)
        self.afn._note_failure("No answer.")
        clerk = new_test_user(self.env, "tour_clerk", groups="fba_connector.group_fba_user")
        self.start_tour("/odoo/stock-at-amazon", "fba_stock_is_told", login=clerk.login)

    def test_selected_skus_are_confirmed(self):
        product = self.env["product.product"].create({"name": "New", "default_code": "NEW-1", "is_storable": True})
        self.listed("NEW-1", product, fulfillable_quantity=6)
        self.listed("MYSTERY", fulfillable_quantity=6)
        self.start_tour("/odoo/action-fba_connector.fba_sku_action", "fba_confirm_selected_skus", login="admin")

    def test_order_of_an_unknown_sku_is_mapped_and_imported(self):
        """Two orders wait for the SKU; mapping it imports both, and they stand there as Shipped."""
        self.env["product.product"].create({"name": "Arc Lamp", "barcode": "B0SIM00003", "is_storable": True})
        self.control("PUT", "stock/MYSTERY", fulfillable=6, asin="B0SIM00003")
        first, second = (self.sell_on_amazon(("MYSTERY", 1, "19.00", {})) for _ in range(2))
        self.run_job("import_amazon_orders")
        rows = self.env["fba.amazon.order"].search([("amazon_order_id", "in", (first, second))])
        self.start_tour(INBOX, "fba_map_sku_of_order", login="admin")
        self.assertEqual(rows.mapped("state"), ["done", "done"])
        self.assertEqual(rows.sale_id.mapped("fba_status"), ["shipped", "shipped"])

    def test_order_is_replayed_once_what_it_lacked_is_there(self):
        """An inactive currency, activated, and an unknown SKU as a new product."""
        euro = self.env.ref("base.EUR")
        euro.active = False
        self.sell_on_amazon(("A", 1, "7.00", {}), currency="EUR")
        self.run_job("import_amazon_orders")
        euro.active = True
        self.start_tour(INBOX, "fba_replay_order", login="admin")
        self.control("PUT", "stock/NEW-THING", fulfillable=3)
        self.sell_on_amazon(("NEW-THING", 1, "9.00", {}))
        self.run_job("import_amazon_orders")
        self.start_tour(INBOX, "fba_create_product_of_order", login="admin")
        self.assertEqual(self.env["product.product"].search_count([("default_code", "=", "NEW-THING")]), 1)

    def test_first_synchronization_asks_then_books(self):
        self.control("PUT", "stock/A", fulfillable=15)
        self.advance(minutes=10)
        form = f"/odoo/action-fba_connector.fba_account_action/{self.account.id}"
        self.start_tour(form, "fba_first_synchronization", login="admin")
        self.assertTrue(self.account.first_sync_confirmed)

    def test_wrong_refresh_token_is_told_on_the_account(self):
        self.account.refresh_token = "Atzr|wrong"
        self.start_tour(
            f"/odoo/action-fba_connector.fba_account_action/{self.account.id}", "fba_wrong_refresh_token", login="admin"
        )
        self.assertEqual(self.account.connection_state, "refused")

    def test_guide_from_the_keys_to_live(self):
        """An account that is new goes live by the buttons of its guide alone."""
        self.env.company.partner_id.write(
            {
                "street": "1 Main Street",
                "city": "Portland",
                "zip": "97201",
                "state_id": self.env.ref("base.state_us_37").id,
                "country_id": self.env.ref("base.us").id,
            }
        )
        values = self.account_values("New store", is_live=False, marketplace_ids=False, **self.another_seller())
        account = self.env["fba.account"].create(values)
        self.start_tour(f"/odoo/connect-amazon/{account.id}", "fba_guide", login="admin")
        self.assertTrue(account.is_live)
        self.assertEqual(account.afn_warehouse_ids.lot_stock_id.quant_ids.mapped("quantity"), [10, 10])

    def test_german(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        self.sourced({self.product_a: 2}, name="TOUR-1")
        self.env.ref("base.user_admin").lang = "de_DE"
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_german", login="admin")
