from odoo.tests import HttpCase, tagged

from .common import SimulatorMixin


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

    def test_wrong_refresh_token_is_told_on_the_account(self):
        self.account.refresh_token = "Atzr|wrong"
        self.start_tour(
            f"/odoo/action-fba_connector.fba_account_action/{self.account.id}", "fba_wrong_refresh_token", login="admin"
        )
        self.assertEqual(self.account.connection_state, "refused")
