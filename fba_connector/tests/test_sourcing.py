from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestSourcing(FbaCase):
    def test_button_moves_waiting_lines_to_amazon(self):
        order = self.sell({self.product_a: 2, self.product_b: 3})
        order.action_confirm()
        self.assertEqual(order.picking_ids.picking_type_id.warehouse_id, self.own)
        self.assertFalse(order.fba_status)

        order.action_fulfill_by_amazon()

        delivery = order.picking_ids.filtered(lambda picking: picking.state != "cancel")
        self.assertEqual(delivery.picking_type_id.warehouse_id, self.afn)
        self.assertEqual(order.fba_status, "ready")
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.picking_ids, delivery)
        self.assertRecordValues(
            fulfillment.line_ids, [{"seller_sku": "A", "quantity": 2}, {"seller_sku": "B", "quantity": 3}]
        )
        self.assertEqual(self.free(self.product_a), 8)
        self.assert_adds_up(order)

    def test_fulfillment_order_name_is_one_amazon_takes(self):
        order = self.sell({self.product_a: 1}, name="SO/2026 + 1")
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertRegex(order.fba_fulfillment_order_ids.name, r"^[A-Za-z0-9_-]{1,40}$")

    def test_order_from_afn_warehouse_gets_its_fulfillment_order_at_confirmation(self):
        order = self.sell({self.product_a: 1}, warehouse_id=self.afn.id)
        order.action_confirm()
        self.assertEqual(order.fba_status, "ready")

    def test_without_stock_it_waits_and_follows_the_reservation(self):
        order = self.sell({self.product_a: 11}, warehouse_id=self.afn.id)
        order.action_confirm()
        self.assertEqual(order.fba_status, "waiting")
        self.stock(self.afn, self.product_a, 5)
        order.picking_ids.action_assign()
        self.assertEqual(order.fba_status, "ready")

    def assert_refused(self, order, words):
        """The button shows the reason, and the server refuses with the same words."""
        self.assertIn(words, order.fba_reason_not_sourced)
        with self.assertRaisesRegex(UserError, words):
            order.action_fulfill_by_amazon()

    def test_button_when_reserved_elsewhere_is_refused_until_released(self):
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 2})
        order.action_confirm()
        self.assert_refused(order, "is reserved by")

        self.rows(order).move_id.action_fba_release()

        self.assertEqual(self.free(self.product_a, self.own), 5)
        self.assertEqual(order.order_line.fba_unsourced_qty, 2)
        self.assert_adds_up(order)
        order.action_fulfill_by_amazon()
        self.assertEqual(order.fba_status, "ready")
        self.assertEqual(order.order_line.fba_unsourced_qty, 0)
        self.assert_adds_up(order)

    def test_button_when_warehouse_is_off_is_refused(self):
        self.afn.fba_available_for_fulfillment = False
        order = self.sell({self.product_a: 2})
        order.action_confirm()
        self.assert_refused(order, "Test FBA is not available for fulfillment")

    def test_button_without_stock_is_refused(self):
        order = self.sell({self.product_a: 11})
        order.action_confirm()
        self.assert_refused(order, "10 free at Amazon, 11 needed")

    def test_two_lines_share_one_tally(self):
        order = self.sell({self.product_a: 6})
        order.order_line.copy({"order_id": order.id})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(sorted(order.order_line.mapped("fba_warehouse_id.name")), ["Test FBA"])
        self.assertEqual(order.fba_fulfillment_order_ids.line_ids.quantity, 6)

    def test_button_without_sku_is_refused(self):
        self.product_a.default_code = False
        order = self.sell({self.product_a: 1})
        order.action_confirm()
        self.assert_refused(order, "has no Amazon seller SKU")

    def test_button_without_country_is_refused(self):
        self.customer.country_id = False
        order = self.sell({self.product_a: 1})
        order.action_confirm()
        self.assert_refused(order, "has no country")

    def test_mapped_sku_beats_internal_reference(self):
        self.env["fba.sku"].create(
            {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A-AMZ"}
        )
        order = self.sourced({self.product_a: 1})
        self.assertEqual(order.fba_fulfillment_order_ids.line_ids.seller_sku, "A-AMZ")

    def test_release_of_unsent_line_frees_stock_and_cancels(self):
        order = self.sourced({self.product_a: 4})
        self.rows(order).move_id.action_fba_release()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "cancelled")
        self.assertEqual(self.free(self.product_a), 10)
        self.assertEqual(order.order_line.fba_unsourced_qty, 4)
        self.assertFalse(self.open_deliveries(order))
        self.assert_adds_up(order)

    def test_released_line_can_be_delivered_from_the_own_warehouse(self):
        order = self.sourced({self.product_a: 4})
        self.rows(order).move_id.action_fba_release()
        order.order_line.action_fba_source_from_own()
        self.assertEqual(self.open_deliveries(order).picking_type_id.warehouse_id, self.own)
        self.assertEqual(order.order_line.fba_unsourced_qty, 0)
        self.assert_adds_up(order)

    def test_queued_order_that_is_changed_is_not_sent_unseen(self):
        order = self.sourced({self.product_a: 4})
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        order.order_line.product_uom_qty = 3
        self.assertRecordValues(fulfillment, [{"state": "ready", "unit_count": 3}])
        self.push()
        self.assertFalse(self.journal("createFulfillmentOrder"))

    def test_queued_order_can_be_released(self):
        order = self.sourced({self.product_a: 4})
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.rows(order).move_id.action_fba_release()
        self.assertEqual(fulfillment.state, "cancelled")
        self.push()
        self.assertFalse(self.journal("createFulfillmentOrder"))

    def test_queued_order_that_loses_its_stock_waits_again(self):
        order = self.sourced({self.product_a: 4})
        order.fba_fulfillment_order_ids.action_submit()
        self.open_deliveries(order).do_unreserve()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "waiting")
        self.push()
        self.assertFalse(self.journal("createFulfillmentOrder"))

    def test_cancelled_order_frees_everything(self):
        order = self.sourced({self.product_a: 4, self.product_b: 1})
        self.rows(order).move_id[0].action_fba_release()
        order._action_cancel()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "cancelled")
        self.assertFalse(any(order.order_line.mapped("fba_unsourced_qty")))
        self.assertEqual(self.free(self.product_b), 10)

    def test_quantity_changes_follow_while_unsent(self):
        order = self.sourced({self.product_a: 4})
        fulfillment = order.fba_fulfillment_order_ids
        for quantity in (6, 2):
            order.order_line.product_uom_qty = quantity
            self.assertEqual(fulfillment.line_ids.quantity, quantity)
            self.assert_adds_up(order)
        order.order_line.product_uom_qty = 0
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertEqual(self.free(self.product_a), 10)

    def test_lowering_a_line_gives_up_what_has_no_source_first(self):
        order = self.sourced({self.product_a: 4})
        self.rows(order).move_id.action_fba_release()
        order.order_line.product_uom_qty = 1
        self.assertEqual(order.order_line.fba_unsourced_qty, 1)
        self.assertFalse(self.open_deliveries(order))
        self.assert_adds_up(order)

    def test_at_amazon_nothing_is_changed_by_hand(self):
        order = self.sent({self.product_a: 4}).sale_id
        picking = self.open_deliveries(order)
        self.assertTrue(picking.fba_is_at_amazon)
        for change in (
            picking.move_ids.action_fba_release,
            lambda: picking.move_ids.write({"product_uom_qty": 2}),
            lambda: picking.move_ids.write({"quantity": 1, "picked": True}),
            picking.button_validate,
            picking.action_cancel,
            picking.do_unreserve,
            lambda: order.order_line.write({"product_uom_qty": 3}),
        ):
            with self.assertRaisesRegex(UserError, "fulfilled by Amazon"), self.cr.savepoint():
                change()
        order.order_line.product_uom_qty = 5
        self.assertEqual(order.fba_fulfillment_order_ids.sorted("id").mapped("line_ids.quantity"), [4, 1])
        self.assert_adds_up(order)

    def test_release_of_a_two_step_delivery_before_the_pick(self):
        self.own.delivery_steps = "pick_ship"
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 2})
        order.action_confirm()
        self.assert_refused(order, "Release it on the Sourcing tab")
        self.assertTrue(self.rows(order).can_release)
        self.rows(order).move_id.action_fba_release()
        order.action_fulfill_by_amazon()
        self.assertEqual(order.fba_status, "ready")

    def test_releasing_is_no_advice_where_amazon_has_nothing(self):
        self.stock(self.own, self.product_a, 25)
        order = self.sell({self.product_a: 12})
        order.action_confirm()
        words = "is reserved by .* 10 free at Amazon, 12 needed"
        self.assertRegex(order.fba_reason_not_sourced, words)
        self.assertNotIn("Release", order.fba_reason_not_sourced)
        self.assertRegex(self.rows(order).note, words)
        self.assertEqual(self.rows(order).note.count(self.product_a.display_name), 1, "the row names it, too")
        with self.assertRaisesRegex(UserError, words):
            order.action_fulfill_by_amazon()

    def test_releasing_is_advice_for_each_line_that_amazon_could_fulfill_alone(self):
        """Two lines of 8, and 10 at Amazon: to release one of them is possible."""
        self.stock(self.own, self.product_a, 25)
        order = self.sell({self.product_a: 8})
        order.order_line += order.order_line.copy({"order_id": order.id})
        order.action_confirm()
        self.assertEqual(order.fba_reason_not_sourced.count("Release it"), 1)
        for row in self.rows(order):
            self.assertIn("Release it", row.note)

    def test_releasing_is_no_advice_where_amazon_does_not_deliver(self):
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 2})
        order.partner_shipping_id.country_id = self.env.ref("base.aq")
        order.action_confirm()
        self.assertRegex(order.fba_reason_not_sourced, "is reserved by .* delivers to Antarctica")
        self.assertNotIn("Release", order.fba_reason_not_sourced)

    def test_only_open_assignments_are_released(self):
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 5})
        order.action_confirm()
        delivery = self.open_deliveries(order)
        delivery.move_ids.quantity = 2
        delivery.with_context(skip_backorder=True).button_validate()
        done, still_open = self.rows(order).move_id.sorted("state", reverse=True)
        with self.assertRaisesRegex(UserError, "Only open deliveries"):
            done.action_fba_release()
        still_open.action_fba_release()
        self.assert_adds_up(order)

    def test_orders_of_the_same_name_have_different_ids(self):
        names = [self.sourced({self.product_a: 1}, name=name).fba_fulfillment_order_ids.name for name in ("S/1", "S-1")]
        self.assertEqual(len(set(names)), 2)

    def test_sku_mapped_later_is_found(self):
        self.product_a.default_code = False
        order = self.sell({self.product_a: 1}, warehouse_id=self.afn.id)
        order.action_confirm()
        fulfillment = order.fba_fulfillment_order_ids
        with self.assertRaisesRegex(UserError, "no Amazon seller SKU"):
            fulfillment.action_submit()
        self.product_a.default_code = "A"
        fulfillment.action_submit()
        self.assertEqual(fulfillment.line_ids.seller_sku, "A")

    def test_warehouse_that_is_off_sends_nothing(self):
        order = self.sourced({self.product_a: 1})
        self.afn.fba_available_for_fulfillment = False
        with self.assertRaisesRegex(UserError, "not available for fulfillment"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_product_replenished_on_order_is_left_alone(self):
        route = self.env.ref("stock.route_warehouse0_mto")
        route.active = True
        self.product_a.route_ids = route
        vendor = self.env["stock.route"].create({"name": "Vendor", "product_selectable": True})
        self.env["stock.rule"].create(
            {
                "name": "From the vendor",
                "action": "pull",
                "procure_method": "make_to_stock",
                "location_src_id": self.env.ref("stock.stock_location_suppliers").id,
                "location_dest_id": self.own.lot_stock_id.id,
                "picking_type_id": self.own.in_type_id.id,
                "route_id": vendor.id,
            }
        )
        self.product_a.route_ids |= vendor
        self.account.auto_source = "always"
        order = self.sell({self.product_a: 1})
        order.action_confirm()
        self.assertIn("has its own route", order.order_line.fba_sourcing_note)
        self.assert_refused(order, "is bought or made for this order")
        self.rows(order).move_id.action_fba_release()
        order.action_fulfill_by_amazon()
        move = self.rows(order).move_id
        self.assertEqual((move.picking_type_id.warehouse_id, move.procure_method), (self.afn, "make_to_stock"))
        direct = self.sell({self.product_a: 1}, warehouse_id=self.afn.id)
        direct.action_confirm()
        self.assertEqual((direct.picking_ids.move_ids.procure_method, direct.fba_status), ("make_to_stock", "ready"))

    def test_cancelled_order_forgets_its_source(self):
        order = self.sourced({self.product_a: 1})
        order._action_cancel()
        order.action_draft()
        order.action_confirm()
        self.assertEqual(self.open_deliveries(order).picking_type_id.warehouse_id, self.own)
