"""The door for states: what it lets through, what it refuses, and since when an order is in its state."""

from datetime import timedelta

from odoo import fields
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestStates(FbaCase):
    def setUp(self):
        super().setUp()
        self.reset_simulator()

    def earlier(self, record):
        """As if it had entered its state an hour ago."""
        record.state_since = before = fields.Datetime.now() - timedelta(hours=1)
        return before

    def test_move_along_the_table_keeps_the_time(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        before = self.earlier(order.sudo())
        order.action_submit()
        self.assertEqual(order.state, "queued")
        self.assertGreater(order.state_since, before)

    def test_move_to_the_same_state_writes_and_keeps_the_time(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.sudo()
        before = self.earlier(order)
        order._move_to("ready", error_message="Something")
        self.assertRecordValues(order, [{"state": "ready", "state_since": before, "error_message": "Something"}])

    def test_move_off_the_table_is_refused_and_changes_nothing(self):
        orders = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.sudo()
        orders |= self.sourced({self.product_b: 1}).fba_fulfillment_order_ids.sudo()
        orders[:1].action_submit()
        with self.assertRaisesRegex(ValueError, "does not become in_shipping"):
            orders._move_to("in_shipping", at_amazon=True)
        self.assertEqual(orders.mapped("state"), ["queued", "ready"])
        self.assertFalse(any(orders.mapped("at_amazon")))

    def test_reservation_moves_through_the_door(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.sudo()
        before = self.earlier(order)
        order.picking_ids.do_unreserve()
        self.assertEqual(order.state, "waiting")
        self.assertGreater(order.state_since, before)
        order.picking_ids.action_assign()
        self.assertEqual(order.state, "ready")

    def test_queued_order_that_loses_its_stock_waits(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        order.action_submit()
        order.picking_ids.do_unreserve()
        self.assertEqual(order.state, "waiting")
        order.picking_ids.action_assign()
        self.assertEqual(order.state, "ready")  # nothing is sent that nobody said to send

    def test_inbox_has_the_same_door(self):
        row = self.env["fba.amazon.order"].create({"account_id": self.account.id, "amazon_order_id": "1-2-3"})
        before = self.earlier(row)
        row._move_to("done")
        self.assertGreater(row.state_since, before)
        with self.assertRaises(ValueError):
            row._move_to("lost")

    def test_queued_order_outlives_a_reservation_that_comes_back(self):
        """Within one step: a line is taken and another one put in its place; a quantity is written as it was."""
        order = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        order.action_submit()
        move = order.picking_ids.move_ids
        move.write({"product_uom_qty": 2})
        self.assertEqual(order.state, "queued")
        line = move.move_line_ids
        values = {"product_id": line.product_id.id, "location_id": line.location_id.id, "quantity": 2}
        move.write({"move_line_ids": [Command.delete(line.id), Command.create(values)]})
        self.assertEqual((move.state, order.state), ("assigned", "queued"))

    def test_deleted_move_leaves_no_stale_state(self):
        order = self.sourced({self.product_a: 1, self.product_b: 1}).fba_fulfillment_order_ids
        order.action_submit()
        order.picking_ids.move_ids[:1].sudo().unlink()
        self.assertEqual(order.state, "ready", "nobody said to send what is left")
        order.picking_ids.move_ids.sudo().unlink()
        self.assertEqual(order.state, "cancelled")

    def test_order_follows_what_is_taken_out_of_it(self):
        order = self.sourced({self.product_a: 1, self.product_b: 1}).fba_fulfillment_order_ids
        first, second = order.picking_ids.move_ids
        second._do_unreserve()
        self.assertEqual(order.state, "waiting")
        second.sudo().fba_line_id = False
        self.assertEqual(order.state, "ready")

    def test_user_chooses_the_speed_of_a_waiting_order(self):
        order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        order.picking_ids.do_unreserve()
        user = new_test_user(self.env, "fba_user_states", "fba_connector.group_fba_user,sales_team.group_sale_manager")
        order.with_user(user).shipping_speed = "Expedited"
        self.assertRecordValues(order, [{"state": "waiting", "shipping_speed": "Expedited"}])

    def test_imported_row_that_lost_its_order_may_be_ignored(self):
        row = self.env["fba.amazon.order"].create({"account_id": self.account.id, "amazon_order_id": "4-5-6"})
        row._move_to("done")
        row._move_to("ignored", error_message="Ordered before")
        self.assertEqual(row.state, "ignored")
