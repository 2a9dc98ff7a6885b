from unittest.mock import patch
import unittest

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestReview2(FbaCase):
    def confirmed(self, lines, **values):
        order = self.sell(lines, **values)
        order.action_confirm()
        self.assert_adds_up(order)
        return order

    def at(self, order, warehouse):
        moves = self.open_deliveries(order).move_ids._fba_open()
        return sum(moves.filtered(lambda move: move.picking_type_id.warehouse_id == warehouse).mapped("product_qty"))

    def arrive(self, product, quantity):
        quant = self.env["stock.quant"]._gather(product, self.afn.lot_stock_id)
        quant = quant[:1] or quant.create({"product_id": product.id, "location_id": self.afn.lot_stock_id.id})
        quant.inventory_quantity = quant.quantity + quantity
        quant.action_apply_inventory()

    def auto_sent(self, lines):
        order = self.confirmed(lines)
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        self.assertEqual(f.state, "in_shipping")
        return f

    def _cancel_during(self, error):
        f = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        f.action_submit()
        sale = f.sale_id
        real = amazon.Gateway.create_fulfillment_order
        calls = []

        def create(gw, request):
            calls.append(request)
            if len(calls) == 1:
                self.env.invalidate_all()
                sale.action_cancel()
                raise error
            return real(gw, request)

        with patch.object(amazon.Gateway, "create_fulfillment_order", create):
            for _i in range(4):
                f.invalidate_recordset()
                if f.due_at:
                    self.make_due(f)
                self.push()
                self.env.invalidate_all()
                print("\nDURING", type(error).__name__, len(calls), f.state, f.at_amazon, sale.state, sale.fba_cancel_pending, f.cancel_requested_at)
        return f, calls

    def test_cancel_during_unavailable(self):
        f, calls = self._cancel_during(amazon.Unavailable("x", operation="createFulfillmentOrder"))
        self.assertEqual(len(calls), 1)

    def test_cancel_during_rejected(self):
        f, calls = self._cancel_during(amazon.Rejected("x", operation="createFulfillmentOrder"))
        self.assertEqual(f.sale_id.state, "cancel")

    def test_cancel_unclear_declared(self):
        f = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        f.action_submit()
        self.fault("createFulfillmentOrder", "drop_before", count=20)
        self.push()
        f.sale_id.action_cancel()
        for _i in range(20):
            if f.due_at:
                self.make_due(f)
            self.push()
        print("\nUNCL", f.state, f.error_code, f.sale_id.fba_cancel_pending)
        f.action_declare_unknown()
        print("\nUNCL", f.state, f.error_code, f.sale_id.fba_cancel_pending, f.sale_id.state, f.can_cancel)
        self.assertFalse(f.sale_id.fba_cancel_pending)

    def test_pending_lock_own_delivered(self):
        self.stock(self.own, self.product_b, 5)
        order = self.sell({self.product_a: 4, self.product_b: 2})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        own = self.open_deliveries(order).filtered(lambda p: p.picking_type_id.warehouse_id == self.own)
        own.button_validate()
        f.action_submit()
        self.push()
        order.action_cancel()
        order.action_lock()
        self.push()
        self.advance(minutes=60)
        with mute_logger("odoo.addons.fba_connector.models.fba_account_tasks"):
            self.pull()
        print("\nPLOD", f.state, f.error_message, order.fba_cancel_pending, order.order_line.mapped("product_uom_qty"))
        self.assertEqual(f.state, "cancelled")

    def test_three_eights(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.stock(self.own, self.product_a, 100)
        self.account.auto_split = True
        order = self.sell({self.product_a: 2})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        self.stock(self.afn, self.product_a, -2)
        self.rows(order).move_id.action_fba_release(16)
        order.action_fulfill_by_amazon()
        self.env.invalidate_all()
        l = order.order_line
        print("\n888", l.fba_unsourced_product_qty, l.move_ids.mapped(lambda m: (m.product_qty, m.picking_type_id.warehouse_id.name, m.state)), order.fba_fulfillment_order_ids.line_ids.mapped("quantity"))
        self.assertEqual(sum(l.move_ids._fba_open().mapped("product_qty")) + l.fba_unsourced_product_qty, 24)

    def test_three_parts_all_amazon_sent(self):
        """raise by release & button beside what was sent"""
        dozen = self.env.ref("uom.product_uom_dozen")
        self.account.auto_split = True
        self.stock(self.afn, self.product_a, -2)
        self.control("PUT", "stock/A", fulfillable=100)
        order = self.sell({self.product_a: 2})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        order.order_line.action_fba_source()  # 8 of 24 from Amazon
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        print("\nTPS", f.state, f.error_message, order.order_line.move_ids.mapped(lambda m: (m.product_qty, m.picking_type_id.warehouse_id.name, m.state)))
        self.stock(self.afn, self.product_a, 8)
        order.order_line.action_fba_source()
        print("\nTPS", order.order_line.move_ids.mapped(lambda m: (m.product_qty, m.picking_type_id.warehouse_id.name, m.state)), order.fba_fulfillment_order_ids.mapped("line_ids.quantity"))
        l = order.order_line
        self.assertEqual(sum(l.move_ids._fba_open().mapped("product_qty")) + l.fba_unsourced_product_qty, 24)

    def test_two_lines_same_product(self):
        order = self.sell({self.product_a: 4})
        order.order_line.copy({"order_id": order.id, "product_uom_qty": 6})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assert_adds_up(order)
        one, two = order.order_line
        two.move_ids._fba_open().action_fba_release(3)
        self.assert_adds_up(order)
        one.product_uom_qty = 2
        self.assert_adds_up(order)
        two.product_uom_qty = 1
        self.assert_adds_up(order)
        self.assertEqual(order.fba_fulfillment_order_ids.unit_count, 3)
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        f = order.fba_fulfillment_order_ids
        self.cannot_fulfill(f)
        self.pull()
        self.assert_adds_up(order)
        self.assertEqual(order.order_line.mapped("fba_unsourced_qty"), [2, 1])

    def test_return(self):
        self.account.write({"auto_source": "always"})
        f = self.auto_sent({self.product_a: 4})
        order = f.sale_id
        self.ship(f, ("1Z", {"A": 4}))
        self.pull()
        done = order.picking_ids.filtered(lambda p: p.state == "done")
        wiz = self.env["stock.return.picking"].with_context(active_id=done.id, active_model="stock.picking").create({"picking_id": done.id})
        wiz.product_return_moves.quantity = 4
        action = wiz.action_create_returns()
        ret = self.env["stock.picking"].browse(action["res_id"])
        print("\nRET", ret.picking_type_id.warehouse_id.name, ret.location_dest_id.complete_name, order.order_line.fba_warehouse_id.name, self.rows(order).mapped("status"))
        ret.button_validate()
        self.env.invalidate_all()
        print("\nRET", order.order_line.qty_delivered, order.order_line.fba_warehouse_id.name, self.on_hand(self.product_a), order.fba_reason_not_sourced)
        order.order_line.product_uom_qty = 5
        print("\nRET5", self.at(order, self.afn), self.at(order, self.own))

    def test_return_then_lower(self):
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        self.ship(f, ("1Z", {"A": 4}))
        self.pull()
        done = order.picking_ids.filtered(lambda p: p.state == "done")
        wiz = self.env["stock.return.picking"].with_context(active_id=done.id, active_model="stock.picking").create({"picking_id": done.id})
        wiz.product_return_moves.quantity = 1
        ret = self.env["stock.picking"].browse(wiz.action_create_returns()["res_id"])
        ret.button_validate()
        print("\nRTL", ret.move_ids.mapped("to_refund"), order.order_line.qty_delivered)
        order.order_line.product_uom_qty = 3
        print("\nRTL", order.picking_ids.mapped(lambda p: (p.name, p.state, p.move_ids.mapped("product_qty"))))

    def test_exchange(self):
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        self.ship(f, ("1Z", {"A": 4}))
        self.pull()
        done = order.picking_ids.filtered(lambda p: p.state == "done")
        wiz = self.env["stock.return.picking"].with_context(active_id=done.id, active_model="stock.picking").create({"picking_id": done.id})
        wiz.product_return_moves.quantity = 1
        wiz.action_create_exchanges()
        self.env.invalidate_all()
        print("\nEXC", order.picking_ids.mapped(lambda p: (p.name, p.state, p.picking_type_id.warehouse_id.name, p.fba_fulfillment_order_id.name, p.move_ids.mapped("product_qty"))), self.rows(order).mapped("status"), order.fba_status)

    def test_unfillable_own_then_automation(self):
        self.account.write({"auto_source": "always"})
        f = self.auto_sent({self.product_a: 4})
        self.cannot_fulfill(f)
        self.pull()
        order = f.sale_id
        order.order_line.action_fba_source_from_own()
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (4, 0))
        self.arrive(self.product_a, 1)
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (4, 0))

    def test_afn_is_own_unsourced(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        self.stock(self.own, self.product_a, 3)
        order = self.confirmed({self.product_a: 4}, warehouse_id=self.afn.id)
        f = order.fba_fulfillment_order_ids
        self.assertEqual(f.state, "queued")
        self.rows(order).move_id.action_fba_release(3)
        self.assertEqual(f.state, "queued")
        self.assertEqual(f.unit_count, 1)
        order.order_line.action_fba_source_from_own()
        self.assert_adds_up(order)
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (3, 1))
        order.order_line.product_uom_qty = 6
        self.assert_adds_up(order)
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (3, 3))
        order.order_line.product_uom_qty = 2
        self.assert_adds_up(order)
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (0, 2))
        self.push()
        self.assertEqual(f.state, "in_shipping")

    def test_fee_throttled(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        self.account.fee_limit = 0
        two = self.confirmed({self.product_b: 1}).fba_fulfillment_order_ids
        self.fault("getFulfillmentPreview", "status", status=429, count=None)
        with mute_logger("odoo.addons.fba_connector.models.fba_account_tasks"):
            self.push()
        print("\nTHR", one.state, one.due_at, one.error_message, one.fee_is_to_check, two.state)
        self.assertEqual(two.state, "in_shipping")

    def test_fee_no_country(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        self.customer.country_id = False
        self.push()
        print("\nFNC", one.state, one.due_at, one.error_message, one.error_code)

    def test_fee_no_zip(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        self.customer.zip = False
        self.push()
        print("\nFNZ", one.state, one.due_at, one.error_message, one.error_code)

    def test_fee_no_sku(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        one.line_ids.seller_sku = False
        self.push()
        print("\nFNS", one.state, one.due_at, one.error_message, one.error_code)

    def test_warehouse_off_after_fee(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        self.afn.fba_available_for_fulfillment = False
        self.push()
        print("\nWOFF", one.state, one.due_at, one.error_message)

    def test_too_large_auto_submit(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        self.stock(self.afn, self.product_a, 600)
        self.control("PUT", "stock/A", fulfillable=1000)
        order = self.confirmed({self.product_a: 300})
        fs = order.fba_fulfillment_order_ids.sorted("id")
        print("\nBIG", fs.mapped(lambda f: (f.state, f.unit_count, f.queued_quantities, f._quantities())))
        self.push()
        self.assertEqual(fs.mapped("state"), ["in_shipping"] * 2)
        self.assert_adds_up(order)

    def test_two_step_pick_done_reason(self):
        self.own.delivery_steps = "pick_ship"
        self.stock(self.own, self.product_a, 5)
        order = self.confirmed({self.product_a: 5})
        pick = order.picking_ids.filtered(lambda p: p.picking_type_id == self.own.pick_type_id)
        pick.button_validate()
        r = self.rows(order)
        print("\n2ST", r.mapped(lambda r: (r.status, r.can_source, r.can_release, r.note, r.warehouse_id.name)), order.fba_reason_not_sourced)
        order.order_line.product_uom_qty = 7
        self.env.invalidate_all()
        print("\n2ST", self.rows(order).mapped(lambda r: (r.status, r.assigned, r.can_source, r.can_release, r.note)))
        order.action_fulfill_by_amazon()
        print("\n2ST", self.rows(order).mapped(lambda r: (r.status, r.assigned, r.warehouse_id.name)))
        self.account.auto_split = True
        order.order_line.product_uom_qty = 9
        print("\n2ST", self.rows(order).mapped(lambda r: (r.status, r.assigned, r.warehouse_id.name)))

    def test_cancel_salesman_message(self):
        f = self.sent({self.product_a: 4})
        user = new_test_user(self.env, "sally2", "sales_team.group_sale_salesman_all_leads")
        try:
            f.sale_id.with_user(user).action_cancel()
        except UserError as e:
            print("\nMSG", e)

    def test_settle_two_lines_downpayment(self):
        self.stock(self.own, self.product_b, 5)
        order = self.sell({self.product_a: 4, self.product_b: 2})
        self.env["sale.order.line"].create({"order_id": order.id, "name": "DP", "is_downpayment": True, "product_uom_qty": 0, "price_unit": 5})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        own = self.open_deliveries(order).filtered(lambda p: p.picking_type_id.warehouse_id == self.own)
        own.button_validate()
        f.action_submit()
        self.push()
        order.action_cancel()
        self.push()
        self.advance(minutes=60)
        self.pull()
        print("\nSET", f.state, order.state, order.order_line.mapped("product_uom_qty"), order.delivery_status)
        self.assert_adds_up(order)

    def test_invoiced_then_settle(self):
        """invoiced on order, delivered nothing"""
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        self.product_a.invoice_policy = "order"
        inv = order._create_invoices()
        inv.action_post()
        order.action_cancel()
        self.push()
        self.advance(minutes=60)
        self.pull()
        print("\nINV", order.state, f.state, f.error_message)

    def test_unit_fraction_release(self):
        order = self.sourced({self.product_a: 4})
        self.rows(order).move_id.action_fba_release(0.5)
        print("\nFRA", order.fba_status, order.fba_fulfillment_order_ids.unit_count)

    def test_noncommercial_country_change_auto_submit(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        order = self.confirmed({self.product_a: 1})
        self.customer.country_id = self.env.ref("base.fr")
        self.push()
        f = order.fba_fulfillment_order_ids
        print("\nNCC", f.state, f.error_message)

    def test_pending_raise_line(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        order = self.confirmed({self.product_a: 2})
        self.push()
        order.action_cancel()
        order.order_line.product_uom_qty = 3
        print("\nPRL", order.fba_fulfillment_order_ids.mapped(lambda f: (f.state, f.unit_count)), order.fba_cancel_pending)
        self.push()
        print("\nPRL", order.fba_fulfillment_order_ids.mapped(lambda f: (f.state, f.unit_count)), order.fba_cancel_pending)
        self.advance(minutes=60)
        self.pull()
        print("\nPRL", order.fba_fulfillment_order_ids.mapped(lambda f: (f.state, f.unit_count)), order.fba_cancel_pending, order.state)

    def test_pending_own_sourced_then_settled(self):
        self.stock(self.own, self.product_b, 5)
        order = self.sell({self.product_a: 4, self.product_b: 2})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        print(order.fba_fulfillment_order_ids.line_ids.mapped("seller_sku"))

    def test_not_sent_exception_raise_auto(self):
        """A rejected order, mended and raised with auto_submit"""
        self.account.write({"auto_source": "always", "auto_submit": True})
        self.product_a.default_code = "UNKNOWN"
        order = self.confirmed({self.product_a: 2})
        self.push()
        f = order.fba_fulfillment_order_ids
        self.assertEqual(f.state, "exception")
        order.order_line.product_uom_qty = 3
        self.assert_adds_up(order)
        self.control("PUT", "stock/UNKNOWN", fulfillable=10)
        f.action_retry()
        self.push()
        self.assertEqual((f.state, f.unit_count), ("in_shipping", 3))

    def test_expense_line(self):
        self.account.write({"auto_source": "always"})
        order = self.sell({self.product_a: 2})
        order.order_line.is_expense = True
        order.action_confirm()
        print("\nEXP", self.at(order, self.afn))

    def test_own_route_afn_line(self):
        """line with a route into the AFN warehouse"""
        self.account.write({"auto_source": "always"})
        self.afn.delivery_route_id.sale_selectable = True
        order = self.sell({self.product_a: 2})
        order.order_line.route_ids = self.afn.delivery_route_id
        order.action_confirm()
        print("\nROU", self.at(order, self.afn), order.fba_status)
        order.order_line.product_uom_qty = 4
        self.assert_adds_up(order)
        self.assertEqual(self.at(order, self.afn), 4)
        self.rows(order).move_id.action_fba_release()
        self.stock(self.own, self.product_a, 10)
        order.order_line.action_fba_source_from_own()
        print("\nROU", self.at(order, self.afn), self.at(order, self.own))
