from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestReview(FbaCase):
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

    # 1
    def test_arrive_two_products_split(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.stock(self.afn, self.product_a, -10)
        self.stock(self.afn, self.product_b, -10)
        order = self.confirmed({self.product_a: 4, self.product_b: 4})
        self.arrive(self.product_a, 4)
        self.assertEqual(self.at(order, self.afn), 4)

    # 2
    def test_cancel_while_submitting_is_not_sent_again(self):
        f = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        f.action_submit()
        self.fault("createFulfillmentOrder", "drop_before")
        self.push()
        print("STATE", f.state, f.at_amazon, f.error_message)
        f.sale_id.action_cancel()
        self.assertTrue(f.sale_id.fba_cancel_pending)
        for _i in range(5):
            self.make_due(f)
            self.push()
            print("STATE", f.state, f.at_amazon, f.sale_id.state, f.sale_id.fba_cancel_pending)
        print(len(self.journal("createFulfillmentOrder")), self.control("GET", "fulfillment-orders"))
        self.assertEqual(len(self.journal("createFulfillmentOrder")), 1)

    # 3
    def test_cancel_while_submitting_then_rejected(self):
        f = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        f.action_submit()
        self.fault("createFulfillmentOrder", "drop_before")
        self.push()
        f.sale_id.action_cancel()
        self.fault("createFulfillmentOrder", "status", status=400, code="InvalidInput", count=None)
        for _i in range(5):
            self.make_due(f)
            self.push()
        print("REJ", f.state, f.at_amazon, f.sale_id.state, f.sale_id.fba_cancel_pending, f.error_code, f.cancel_requested_at)
        self.assertEqual(f.sale_id.state, "cancel")

    # 4
    def test_pending_then_locked(self):
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        order.action_cancel()
        order.action_lock()
        self.push()
        self.advance(minutes=60)
        self.pull()
        print("LOCKED", order.state, f.state, f.error_message)
        self.assertEqual(f.state, "cancelled")

    def test_pending_then_locked_partial(self):
        f = self.sent({self.product_a: 4, self.product_b: 2})
        order = f.sale_id
        order.fba_cancel_pending = True
        f.cancel_requested_at = f.cancel_asked_at = "2024-01-01"
        order.action_lock()
        self.ship(f, ("1Z", {"A": 1}))
        self.cannot_fulfill(f)
        with mute_logger("odoo.addons.fba_connector.models.fba_account_tasks"):
            self.pull()
        print("LOCKEDP", order.state, f.state, f.error_message, order.order_line.mapped("qty_delivered"))
        self.assertEqual(sum(order.order_line.mapped("qty_delivered")), 1)

    # 5
    def test_dozen_three_parts(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.stock(self.own, self.product_a, 100)
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        print("DZ", order.order_line.move_ids.mapped(lambda m: (m.product_qty, m.product_uom.name)))
        self.rows(order).move_id.action_fba_release(8)
        order.action_fulfill_by_amazon()
        self.assert_adds_up(order)
        afn = order.order_line.move_ids.filtered(lambda m: m.picking_type_id.warehouse_id == self.afn)._fba_open()
        afn.action_fba_release(4)
        total = lambda: (sum(order.order_line.move_ids._fba_open().mapped("product_qty")), order.order_line.fba_unsourced_product_qty)
        print("DZ", total())
        order.order_line._action_launch_stock_rule()
        print("DZ", total(), order.order_line.move_ids.mapped(lambda m: (m.product_qty, m.picking_type_id.warehouse_id.name, m.state)))
        self.assertEqual(sum(total()), 12)

    def test_dozen_release_then_button(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.stock(self.own, self.product_a, 100)
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        total = lambda: (sum(order.order_line.move_ids._fba_open().mapped("product_qty")), order.order_line.fba_unsourced_product_qty)
        self.stock(self.afn, self.product_a, -6)
        self.account.auto_split = True
        self.rows(order).move_id.action_fba_release(8)
        order.action_fulfill_by_amazon()
        print("DZ2", total(), order.order_line.move_ids.mapped(lambda m: (m.product_qty, m.picking_type_id.warehouse_id.name, m.state)))
        self.assertEqual(sum(total()), 12)

    def test_dozen_lowered(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        self.rows(order).move_id.action_fba_release(7)
        order.order_line.product_uom_qty = 0.42
        print("DZ3", order.order_line.fba_unsourced_product_qty, order.order_line.fba_unsourced_qty, self.rows(order).mapped("assigned"))
        self.assertFalse(order.order_line.fba_unsourced_product_qty)

    def test_dozen_ship_cancel(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.stock(self.afn, self.product_a, 10)
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = dozen
        order.action_confirm()
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        self.control("PUT", "stock/A", fulfillable=100)
        f.action_submit()
        self.push()
        self.assertEqual(f.state, "in_shipping", f.error_message)
        order.action_cancel()
        f.cancel_asked_at = "2024-01-01"
        self.ship(f, ("1Z", {"A": 5}))
        self.cannot_fulfill(f)
        self.pull()
        print("DZ4", f.state, order.state, order.order_line.product_uom_qty, order.order_line.qty_delivered, order.order_line.fba_unsourced_product_qty, order.delivery_status, f.error_message)
        self.assertFalse(order.order_line.fba_unsourced_product_qty)

    # 6
    def test_release_part_of_partly_reserved(self):
        order = self.confirmed({self.product_a: 12}, warehouse_id=self.afn.id)
        f = order.fba_fulfillment_order_ids
        self.assertEqual(f.state, "waiting")
        self.rows(order).move_id.action_fba_release(2)
        m = order.order_line.move_ids._fba_open()
        print("PART", f.state, m.state, m.quantity, m.product_uom_qty)
        self.assertEqual(f.state, "ready")

    def test_lower_partly_reserved(self):
        order = self.confirmed({self.product_a: 12}, warehouse_id=self.afn.id)
        f = order.fba_fulfillment_order_ids
        order.order_line.product_uom_qty = 10
        m = order.order_line.move_ids._fba_open()
        print("PARTL", f.state, m.state, m.quantity, m.product_uom_qty)
        self.assertEqual(f.state, "ready")

    def test_own_rest_ready(self):
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -10)
        self.stock(self.own, self.product_a, 4)
        order = self.confirmed({self.product_a: 10})
        self.arrive(self.product_a, 6)
        own = self.open_deliveries(order).filtered(lambda p: p.picking_type_id.warehouse_id == self.own)
        print("OWN", own.state, own.move_ids.mapped("state"), own.move_ids.mapped("quantity"), own.move_ids.mapped("product_uom_qty"))
        self.assertEqual(own.state, "assigned")

    # 7
    def test_when_short_own_has_but_manual_reservation(self):
        self.account.auto_source = "when_short"
        self.own.out_type_id.reservation_method = "manual"
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed({self.product_a: 4})
        self.assertEqual(self.at(order, self.own), 4)
        self.arrive(self.product_b, 1)
        self.arrive(self.product_a, 1)
        self.assertEqual(self.at(order, self.own), 4)

    # 8
    def test_address_change_keeps_manual_speed(self):
        order = self.sourced({self.product_a: 1})
        f = order.fba_fulfillment_order_ids
        f.shipping_speed = "Priority"
        order.partner_shipping_id = self.customer.copy({"street": "9 Side"})
        self.assertEqual(f.shipping_speed, "Priority")

    # 9
    def test_queued_then_address_abroad(self):
        order = self.sourced({self.product_a: 1})
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        order.partner_shipping_id = self.customer.copy({"country_id": self.env.ref("base.fr").id, "state_id": False})
        self.push()
        print("ABROAD", f.state, f.error_message)
        self.assertFalse(self.journal("createFulfillmentOrder"))

    # 10
    def test_picking_cancelled_by_hand(self):
        order = self.sourced({self.product_a: 4})
        self.open_deliveries(order).action_cancel()
        self.env.invalidate_all()
        print("PC", order.fba_status, self.rows(order), order.fba_reason_not_sourced, order.order_line.fba_unsourced_qty)
        order.action_fulfill_by_amazon()

    # 11
    def test_split_note(self):
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -4)
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 10})
        order.order_line.copy({"order_id": order.id, "product_uom_qty": 3})
        order.action_confirm()
        print("NOTE", order.order_line.mapped("fba_sourcing_note"))
        self.assertNotIn("has enough", order.order_line[1].fba_sourcing_note or "")

    # 12
    def test_pending_then_source_again(self):
        self.account.auto_source = "always"
        self.stock(self.own, self.product_b, 5)
        self.product_b.fba_exclude = True
        order = self.sell({self.product_a: 4, self.product_b: 2})
        order.action_confirm()
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order.action_cancel()
        print("PEND", order.fba_reason_not_sourced, order.order_line.mapped("fba_unsourced_qty"))
        with self.assertRaises(UserError):
            order.action_fulfill_by_amazon()

    # 13
    def test_all_shipped_message(self):
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        order.action_cancel()
        f.cancel_asked_at = "2024-01-01"
        self.ship(f, ("1Z", {"A": 4}))
        self.pull()
        print("ALL", f.state, order.message_ids[0].body, order.fba_cancel_pending)
        self.assertNotIn("only the rest", order.message_ids[0].body)

    # 14
    def test_rejected_then_released_activity(self):
        self.product_a.default_code = "UNKNOWN"
        f = self.sourced({self.product_a: 2}).fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        self.assertEqual(f.state, "exception")
        self.rows(f.sale_id).move_id.action_fba_release()
        print("ACT", f.state, f.error_message, f.sale_id.activity_ids, f.sale_id.fba_message)
        self.assertFalse(f.sale_id.activity_ids)

    # 15
    def test_salesman_confirms_with_automation(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 100})
        user = new_test_user(self.env, "sally", "sales_team.group_sale_salesman")
        order = self.sell({self.product_a: 2}, user_id=user.id).with_user(user)
        order.action_confirm()
        order.order_line.product_uom_qty = 1
        with Form(order) as form:
            form.note = "x"
        self.assertEqual(order.sudo().fba_fulfillment_order_ids.state, "queued")
        order.action_cancel()
        self.assertEqual(order.sudo().fba_fulfillment_order_ids.state, "cancelled")

    def test_portal_confirms(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        portal = new_test_user(self.env, "porty", "base.group_portal")
        order = self.sell({self.product_a: 2}).with_user(portal).sudo()
        order.action_confirm()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "queued")

    def test_accountant_writes_line(self):
        user = new_test_user(self.env, "acc", "account.group_account_user")
        order = self.sourced({self.product_a: 2})
        order.order_line.with_user(user).product_uom_qty = 3
        self.assert_adds_up(order)

    def test_project_user_cancels_plain(self):
        user = new_test_user(self.env, "acc2", "account.group_account_user")
        order = self.sell({self.product_a: 2})
        order.with_user(user)._action_cancel()

    def test_stock_user_inventory(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        self.stock(self.afn, self.product_a, -10)
        order = self.confirmed({self.product_a: 4})
        user = new_test_user(self.env, "stocky", "stock.group_stock_manager")
        quant = self.env["stock.quant"].with_user(user).with_context(inventory_mode=True).create(
            {"product_id": self.product_a.id, "location_id": self.afn.lot_stock_id.id, "inventory_quantity": 5})
        quant.action_apply_inventory()
        self.assertEqual(self.at(order, self.afn), 4)
        self.assertEqual(order.fba_fulfillment_order_ids.state, "queued")

    def test_negative_lines_and_sections(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        order = self.sell({self.product_a: -2, self.product_b: 3})
        self.env["sale.order.line"].create([{"order_id": order.id, "display_type": "line_section", "name": "S"}, {"order_id": order.id, "display_type": "line_note", "name": "S"}])
        order.action_confirm()
        print("NEG", order.picking_ids.mapped(lambda p: (p.name, p.state, p.move_ids.mapped("product_qty"))), self.rows(order).mapped("status"))
        with Form(order) as form:
            form.note = "x"
        order.order_line[0].product_uom_qty = -3
        order.order_line[1].product_uom_qty = 1
        self.assertEqual(self.at(order, self.afn), 1 + 3)

    def test_form_edit_confirmed(self):
        order = self.sourced({self.product_a: 2})
        with Form(order) as form:
            with form.order_line.edit(0) as line:
                line.product_uom_qty = 5
            with form.order_line.new() as line:
                line.product_id = self.product_b
                line.product_uom_qty = 2
        self.assert_adds_up(order)
        with Form(self.env["sale.order"]) as form:
            form.partner_id = self.customer
            with form.order_line.new() as line:
                line.product_id = self.product_b
        order2 = form.record

    def test_cancel_several(self):
        f = self.sent({self.product_a: 4})
        others = self.sourced({self.product_a: 2}) + self.sourced({self.product_b: 2})
        (f.sale_id + others)._action_cancel()
        self.assertEqual((f.sale_id + others).mapped("state"), ["sale", "cancel", "cancel"])

    def test_fee_unavailable(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        one = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        two = self.confirmed({self.product_b: 1}).fba_fulfillment_order_ids
        self.fault("getFulfillmentPreview", "status", status=503, count=1)
        self.push()
        print("FEE", one.state, one.due_at, one.error_message, one.fee_is_to_check, two.state)
        self.assertEqual({one.state, two.state}, {"queued", "in_shipping"})

    def test_return(self):
        self.account.write({"auto_source": "always"})
        f = self.sent({self.product_a: 4})
        order = f.sale_id
        self.ship(f, ("1Z", {"A": 4}))
        self.pull()
        done = order.picking_ids.filtered(lambda p: p.state == "done")
        wiz = self.env["stock.return.picking"].with_context(active_id=done.id, active_model="stock.picking").create({"picking_id": done.id})
        wiz.product_return_moves.quantity = 4
        action = wiz.action_create_returns()
        ret = self.env["stock.picking"].browse(action["res_id"])
        print("RET", ret.picking_type_id.warehouse_id.name, ret.location_dest_id.complete_name, order.order_line.fba_warehouse_id.name, self.rows(order).mapped("status"))
        ret.button_validate()
        self.env.invalidate_all()
        print("RET", order.order_line.qty_delivered, order.order_line.fba_warehouse_id.name, self.on_hand(self.product_a), order.fba_reason_not_sourced)
        order.order_line.product_uom_qty = 5
        print("RET5", self.at(order, self.afn), self.at(order, self.own))

    def test_manual_reservation_at_afn(self):
        self.afn.out_type_id.reservation_method = "manual"
        one = self.sourced({self.product_a: 10})
        with self.assertRaises(UserError):
            self.sourced({self.product_a: 10})

    def test_unfillable_own_then_automation(self):
        self.account.write({"auto_source": "always"})
        f = self.sent({self.product_a: 4})
        self.cannot_fulfill(f)
        self.pull()
        order = f.sale_id
        order.order_line.action_fba_source_from_own()
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (4, 0))
        self.afn._fba_source_waiting()
        self.assertEqual((self.at(order, self.own), self.at(order, self.afn)), (4, 0))

    def test_multi_company(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env.user.company_ids += other
        self.account.write({"auto_source": "always", "auto_submit": True})
        order = self.sell({self.product_a: 4})
        order = order.with_context(allowed_company_ids=[other.id, self.env.company.id]).with_company(other)
        order.action_confirm()
        self.assertEqual(order.env.company, other)
        self.assertEqual(self.at(order, self.afn), 4)
        order.order_line.product_uom_qty = 6
        self.rows(order).move_id.action_fba_release()
        order.order_line.action_fba_source_from_own()
        self.assert_adds_up(order)
