"""*Handle by Hand*: a delivery out of Amazon's hands is nobody else's, and Odoo does not have Amazon ship it, too."""

from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_doors import DoorsCase


class ByHandCase(DoorsCase):
    def force(self, picking):
        """The administrator takes it; returns it."""
        picking.with_user(self.administrator).action_fba_force()
        self.env.invalidate_all()
        return picking

    def quantities_at_amazon(self):
        """[{SKU: quantity} of each order there]."""
        return [
            {line["seller_sku"]: line["quantity"] for line in order["lines"]}
            for order in self.control("GET", "fulfillment-orders")
        ]

    def ready_in_two(self):
        """An order of 2 A and 1 B in two deliveries, and the one of A."""
        fulfillment = self.sourced({self.product_a: 2, self.product_b: 1}).fba_fulfillment_order_ids
        picking = fulfillment.picking_ids.with_user(self.warehouse_man)
        move = picking.move_ids.filtered(lambda it: it.product_id == self.product_a)
        move.write({"picking_id": picking.copy({"move_ids": [], "move_line_ids": []}).id})
        self.env.invalidate_all()
        return fulfillment, move.sudo().picking_id

    def push_until(self, fulfillment, state, most=20):
        for _time in range(most):
            if fulfillment.state == state:
                return
            self.make_due(fulfillment)
            self.push()
        self.assertEqual(fulfillment.state, state)


@tagged("post_install", "-at_install")
class TestByHand(ByHandCase):
    def test_what_did_not_arrive_is_not_sent_again(self):
        fulfillment = self.queued({self.product_a: 4})
        self.fault("createFulfillmentOrder", "drop_before")
        self.push()
        self.assertEqual((fulfillment.state, self.quantities_at_amazon()), ("submitting", []))
        picking = self.force(fulfillment.picking_ids)
        picking.with_user(self.warehouse_man).button_validate()
        for _time in range(3):
            self.advance(60)
            self.make_due(fulfillment)
            self.push()
        self.assertEqual((fulfillment.state, self.quantities_at_amazon()), ("cancelled", []))
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 4)

    def test_delivery_warns_while_amazon_may_ship_it_too(self):
        unsent, sent = self.ready().picking_ids, self.sent({self.product_a: 4}).picking_ids
        self.assertEqual((unsent | sent).mapped("fba_may_ship_twice"), [False, False])
        for picking in unsent, sent:
            self.force(picking)
            self.assertEqual(picking.with_user(self.warehouse_man).fba_may_ship_twice, picking == sent)
        sent.with_user(self.warehouse_man).button_validate()
        self.env.invalidate_all()
        self.assertFalse(sent.fba_may_ship_twice)

    def test_unclear_order_is_not_retried(self):
        fulfillment = self.queued({self.product_a: 4})
        self.fault("createFulfillmentOrder", "drop_before", count=4)
        self.push_until(fulfillment, "exception")
        self.force(fulfillment.picking_ids)
        with self.assertRaises(UserError), self.cr.savepoint():
            fulfillment.with_user(self.clerk).action_retry()
        fulfillment.with_user(self.administrator).action_declare_unknown()
        self.assertEqual(fulfillment.state, "cancelled")

    def test_hold_is_not_released(self):
        fulfillment = self.ready()
        fulfillment.with_user(self.clerk).write({"hold": True})
        fulfillment.action_submit()
        self.push()
        self.force(fulfillment.picking_ids)
        with self.assertRaisesRegex(UserError, "handled by hand"):
            fulfillment.with_user(self.clerk).action_release_hold()

    def test_one_of_two_deliveries_before_sending(self):
        fulfillment, of_a = self.ready_in_two()
        self.force(of_a)
        fulfillment.with_user(self.clerk).action_submit()
        self.push()
        self.assertEqual(self.quantities_at_amazon(), [{"B": 1}])
        of_a.with_user(self.warehouse_man).button_validate()
        self.ship(fulfillment, ("1Z", {"B": 1}))
        self.pull()
        self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [2, 1])

    def test_one_of_two_deliveries_at_amazon(self):
        fulfillment, of_a = self.ready_in_two()
        fulfillment.action_submit()
        self.push()
        self.force(of_a)
        self.ship(fulfillment, ("1Z", {"A": 2, "B": 1}))
        self.pull()
        self.env.invalidate_all()
        line_b = fulfillment.sale_id.order_line.filtered(lambda line: line.product_id == self.product_b)
        self.assertEqual((line_b.qty_delivered, line_b.fba_unsourced_qty), (1, 0))
        self.assertEqual(of_a.state, "assigned")

    def test_goods_of_another_order_do_not_join(self):
        by_hand, other = self.force(self.ready().picking_ids), self.ready()
        with self.assertRaisesRegex(UserError, "nothing can be added"), self.cr.savepoint():
            other.picking_ids.move_ids.with_user(self.warehouse_man).write({"picking_id": by_hand.id})
        self.assert_untouched(other)

    def test_new_line_is_amazons(self):
        order = self.sell({self.product_a: 4}, warehouse_id=self.afn.id)
        order.action_confirm()
        self.force(order.picking_ids)
        self.env["sale.order.line"].with_user(self.clerk_in_sales).create(
            {"order_id": order.id, "product_id": self.product_b.id, "product_uom_qty": 2}
        )
        self.env.invalidate_all()
        ready = order.fba_fulfillment_order_ids.filtered(lambda it: it.state == "ready")
        self.assertEqual(ready.line_ids.mapped("seller_sku"), ["B"])

    def test_cancelled_delivery_leaves_units_without_source(self):
        fulfillment = self.ready()
        picking = self.force(fulfillment.picking_ids)
        picking.with_user(self.warehouse_man).action_cancel()
        self.env.invalidate_all()
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 4)
        self.assert_adds_up(fulfillment.sale_id)

    def test_goods_may_come_from_the_own_shelf(self):
        fulfillment = self.ready()
        self.stock(self.own, self.product_a, 5)
        picking = self.force(fulfillment.picking_ids).with_user(self.administrator)
        picking.do_unreserve()
        picking.move_ids.write({"location_id": self.own.lot_stock_id.id})
        picking.action_assign()
        picking.button_validate()
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 4)

    def test_nobody_makes_such_a_delivery(self):
        fulfillment = self.ready()
        picking = fulfillment.picking_ids.with_user(self.warehouse_man)
        for name, door in {
            "copy": lambda: picking.copy({"fba_forced": True}),
            "default": lambda: picking.with_context(default_fba_forced=True).copy(),
            "another order's": lambda: picking.copy({"fba_fulfillment_order_id": fulfillment.id}),
        }.items():
            with self.subTest(name), self.assertRaises(UserError), self.cr.savepoint():
                door()
