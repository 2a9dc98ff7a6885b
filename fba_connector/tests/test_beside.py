"""Add-ons of others at work on orders that Amazon fulfills; only in the world `add-ons` (`make worlds`)."""

import unittest

from odoo.exceptions import UserError
from odoo.tests import tagged

from .sold import sold_order, stage
from .test_inventory import InventoryCase
from .worlds import WORLD


@tagged("post_install", "-at_install")
class TestBeside(InventoryCase):
    all_act = True

    @classmethod
    def setUpClass(cls):
        if WORLD.beside != "beside":
            raise unittest.SkipTest("Add-ons of others are not installed: run `make worlds ARGS=add-ons`.")
        super().setUpClass()

    def assert_shipped(self, fulfillment):
        """Amazon has shipped 2 of A and 3 of B, and all of it is booked."""
        self.pull()
        self.env.invalidate_all()
        sale = fulfillment.sale_id
        self.assertEqual(set(sale.fba_fulfillment_order_ids.mapped("state")), {"shipped"}, fulfillment.error_message)
        delivered = {line.product_id: line.qty_delivered for line in sale.order_line if line.product_id.is_storable}
        self.assertEqual(delivered, {self.product_a: 2, self.product_b: 3})
        self.assertFalse(self.open_deliveries(sale))
        self.assert_adds_up(sale)

    def test_split_before_it_is_sent(self):
        order = self.sourced({self.product_a: 2, self.product_b: 3})
        delivery = order.fba_fulfillment_order_ids.picking_ids
        delivery._split_off_moves(delivery.move_ids[0])
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        for fulfillment in order.fba_fulfillment_order_ids:
            items = {line.seller_sku: int(line.quantity) for line in fulfillment.line_ids}
            self.ship(fulfillment, ("1Z", items))
        self.assert_shipped(order.fba_fulfillment_order_ids[0])

    def test_split_while_amazon_works_on_it(self):
        """Refused, or without effect on what Amazon ships."""
        fulfillment = self.sent({self.product_a: 2, self.product_b: 3})
        delivery = fulfillment.picking_ids
        try:
            with self.env.cr.savepoint():
                delivery._split_off_moves(delivery.move_ids[0])
        except UserError as refusal:
            self.assertIn("Amazon", str(refusal))
        self.ship(fulfillment, ("1Z", {"A": 2, "B": 3}))
        self.assert_shipped(fulfillment)

    def test_exception_stops_its_order_alone(self):
        rule = {"name": "No Fridays", "model": "sale.order", "exception_type": "by_py_code"}
        code = "failed = self.amazon_order_id == '111-0000000-0000002'"
        rule = self.env["exception.rule"].create({**rule, "code": code})
        item = {"sku": "A", "ITEM": "10.00"}
        ids = [f"111-0000000-000000{number}" for number in (1, 2, 3)]
        rows = stage(self.account, *(sold_order(item, total="10.00", order_id=amazon_id) for amazon_id in ids))
        self.run_job("import_amazon_orders")
        self.env.invalidate_all()
        self.assertEqual(rows.mapped("state"), ["done", "error", "done"])
        self.assertIn("No Fridays", rows[1].error_message)
        self.assertEqual(rows.sale_id.mapped("state"), ["sale", "sale"])
        rule.active = False
        rows[1].action_replay()
        self.assertEqual(rows[1].state, "done", rows[1].error_message)

    def test_exception_of_an_order_leaves_it_a_quotation(self):
        order = self.sell({self.product_a: 2}, note="STOP")
        order.action_confirm()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.fba_fulfillment_order_ids)

    def test_sale_that_held_does_not_cover(self):
        """No location may go below zero."""
        sales = [self.sell_on_amazon(2, "UNSHIPPED")]
        self.sync()
        self.assertEqual(self.in_odoo(self.product_a), (8, 2, 0))
        self.control("POST", f"sales/{sales[0]}/status", status="SHIPPED")
        sales.append(self.sell_on_amazon(5))
        self.advance(10)
        self.run_job("import_amazon_orders")
        self.env.invalidate_all()
        rows = self.env["fba.amazon.order"].search([("amazon_order_id", "in", sales)])
        self.assertEqual(rows.mapped("state"), ["done", "done"], rows.mapped("error_message"))
        self.full_cycle()
        self.assertEqual(self.account.connection_state, "ok", self.account.connection_message)
        self.assertGreaterEqual(min(self.in_odoo(self.product_a)), 0)

    def test_delivery_made_by_hand_is_fulfilled(self):
        order = self.sell({self.product_a: 2, self.product_b: 3}, warehouse_id=self.afn.id, manual_delivery=True)
        order.action_confirm()
        self.assertFalse(order.picking_ids)
        wizard = self.env["manual.delivery"].with_context(active_model="sale.order", active_ids=order.ids).create({})
        wizard.confirm()
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.state, "ready")
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("1Z", {"A": 2, "B": 3}))
        self.assert_shipped(fulfillment)

    def test_rest_stays_open_whatever_the_policy_of_backorders(self):
        fulfillment = self.sent({self.product_a: 2, self.product_b: 3})
        fulfillment.picking_ids.backorder_policy = "never"
        self.ship(fulfillment, ("1Z1", {"A": 2, "B": 1}))
        self.pull()
        rest = self.open_deliveries(fulfillment.sale_id)
        self.assertEqual(sum(rest.move_ids.mapped("product_qty")), 2)
        self.assert_adds_up(fulfillment.sale_id)
        self.ship(fulfillment, ("1Z2", {"B": 2}))
        self.assert_shipped(fulfillment)

    def test_lines_of_two_dates_are_two_orders(self):
        order = self.sell({self.product_a: 2, self.product_b: 3}, warehouse_id=self.afn.id)
        order.order_line[0].commitment_date = "2030-02-02 12:00:00"
        order.action_confirm()
        self.assertEqual(len(order.picking_ids), 2)
        self.assertEqual(len(order.fba_fulfillment_order_ids), 2)
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        for fulfillment in order.fba_fulfillment_order_ids:
            items = {line.seller_sku: int(line.quantity) for line in fulfillment.line_ids}
            self.ship(fulfillment, ("1Z", items))
        self.assert_shipped(order.fba_fulfillment_order_ids[0])

    def test_packages_are_amazons(self):
        fulfillment = self.sent({self.product_a: 2, self.product_b: 3})
        self.ship(fulfillment, ("1Z1", {"A": 2}), ("1Z2", {"B": 3}))
        self.assert_shipped(fulfillment)
        done = fulfillment.sale_id.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(len(done.move_line_ids.result_package_id), 2)

    def test_all_or_nothing_is_reserved(self):
        order = self.sell({self.product_a: 11}, warehouse_id=self.afn.id)
        order.action_confirm()
        self.assertEqual(order.fba_status, "waiting")
        self.assertEqual(self.free(self.product_a), 10)
        self.stock(self.afn, self.product_a, 1)
        order.picking_ids.action_assign()
        self.assertEqual(order.fba_status, "ready")

    def test_shipping_cost_is_not_added_to_a_sale_on_amazon(self):
        service = self.env["product.product"].create({"name": "Way", "type": "service", "list_price": 7})
        carrier = self.env["delivery.carrier"].create({"name": "Parcel", "product_id": service.id, "fixed_price": 7})
        self.env["ir.default"].set("res.partner", "property_delivery_carrier_id", carrier.id)
        [row] = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00"))
        self.run_job("import_amazon_orders")
        self.env.invalidate_all()
        self.assertEqual(row.state, "done", row.error_message)
        self.assertEqual(row.sale_id.amount_total, 10)
        self.assertFalse(row.sale_id.order_line.filtered("is_delivery"))

    def test_invoiced_and_locked_before_it_ships(self):
        (self.product_a + self.product_b).invoice_policy = "order"
        fulfillment = self.sent({self.product_a: 2, self.product_b: 3})
        self.run_job("pull_fulfillment_orders")
        self.assertTrue(fulfillment.sale_id.locked)
        self.ship(fulfillment, ("1Z", {"A": 2, "B": 3}))
        self.assert_shipped(fulfillment)
