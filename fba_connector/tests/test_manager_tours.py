from odoo.tests import HttpCase, new_test_user, tagged

from .common import SimulatorMixin

MANAGER = "/odoo/fulfillment-by-amazon"


@tagged("post_install", "-at_install")
class TestManagerTours(SimulatorMixin, HttpCase):
    """The manager as a clerk uses it, on a wide screen."""

    def setUp(self):
        super().setUp()
        self.clerk = new_test_user(
            self.env,
            "tour_clerk",
            groups="fba_connector.group_fba_user,sales_team.group_sale_salesman_all_leads",
            company_id=self.env.company.id,
        )
        self.env["fba.fulfillment.order"].search([("state", "=", "ready")]).sale_id._action_cancel()  # the demo's
        lines = ({self.product_a: 2}, {self.product_b: 1}, {self.product_a: 1})
        sales = [self.sourced(line, name=f"TOUR-{number}") for number, line in enumerate(lines, 1)]
        self.orders = self.env["sale.order"].union(*sales).fba_fulfillment_order_ids.sorted("id")

    def tour(self, name, url=MANAGER):
        self.start_tour(url, name, login=self.clerk.login)
        self.env.invalidate_all()

    def test_order_number_is_a_link(self):
        self.tour("fba_manager_link")

    def test_tabs_count_and_filter(self):
        self.orders[2].action_request_cancel()
        self.tour("fba_manager_tabs")

    def test_order_that_would_not_be_sent_says_why(self):
        sale = self.orders[1].sale_id
        sale.partner_shipping_id = sale.partner_shipping_id.copy({"name": "No ZIP", "zip": False})
        self.tour("fba_manager_reason")

    def test_ticks_survive_dialogs_until_sent(self):
        self.tour("fba_manager_ticks")
        self.assertEqual(self.orders.mapped("state"), ["queued", "queued", "ready"])

    def test_requested_cancellation_is_seen(self):
        order = self.orders[0]
        order.action_submit()
        self.env.ref("fba_connector.ir_cron_push_fulfillment_orders").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(order.state, "in_shipping")
        self.tour("fba_manager_cancel", f"/odoo/action-sale.action_orders/{order.sale_id.id}")


@tagged("post_install", "-at_install")
class TestManagerOnPhone(SimulatorMixin, HttpCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_cards_have_the_actions(self):
        self.env["fba.fulfillment.order"].search([("state", "=", "ready")]).sale_id._action_cancel()  # the demo's
        orders = [
            self.sourced({it: 1}, name=f"TOUR-{n}").fba_fulfillment_order_ids
            for n, it in enumerate((self.product_a, self.product_b), 1)
        ]
        self.start_tour(MANAGER, "fba_manager_cards", login="admin")
        self.env.invalidate_all()
        self.assertEqual([order.state for order in orders], ["queued", "queued"])
