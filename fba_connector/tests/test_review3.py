import unittest

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .test_kits import TestKits as Base


@tagged("post_install", "-at_install")
class TestReview3(Base):
    def show(self, tag, order):
        self.env.invalidate_all()
        l = order.order_line
        print(f"\n{tag}", {w.name: v for w, v in self.parts(order)[0].items()}, "uns", l.mapped("fba_unsourced_product_qty"), "deliv", l.mapped("qty_delivered"),
              order.fba_fulfillment_order_ids.mapped(lambda f: (f.state, f.unit_count)), order.state, order.fba_cancel_pending)

    def test_k_raise_beside_sent(self):
        order = self.confirmed(2)
        order.action_fulfill_by_amazon()
        order.fba_fulfillment_order_ids.action_submit()
        self.push()
        self.show("KRS", order)
        order.order_line.product_uom_qty = 4
        self.show("KRS4", order)
        order.order_line.product_uom_qty = 3
        self.show("KRS3", order)
        try:
            with self.cr.savepoint():
                order.order_line.product_uom_qty = 1
        except UserError as e:
            print("\nKRSE", e)
        order.order_line.product_uom_qty = 2
        self.show("KRS2", order)

    def test_k_auto_raise_own(self):
        self.account.auto_source = "always"
        order = self.confirmed(2)
        self.show("KAR", order)
        order.order_line.product_uom_qty = 8  # 16 B > 10: own
        self.show("KAR8", order)
        order.order_line.product_uom_qty = 1
        self.show("KAR1", order)

    def test_k_partial_cancel(self):
        order = self.confirmed(3)
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order.action_cancel()
        f.cancel_asked_at = "2024-01-01"
        self.ship(f, ("1Z", {"A": 1}))
        self.cannot_fulfill(f)
        self.pull()
        self.show("KPC", order)
        print("\nKPC", f.error_message, order.picking_ids.mapped(lambda p: (p.name, p.state)), order.order_line.product_uom_qty)

    def test_k_partial_cancel2(self):
        order = self.confirmed(3)
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order.action_cancel()
        f.cancel_asked_at = "2024-01-01"
        self.ship(f, ("1Z", {"A": 2, "B": 2}))
        self.cannot_fulfill(f)
        self.pull()
        self.show("KPD", order)
        print("\nKPD", f.error_message, order.picking_ids.mapped(lambda p: (p.name, p.state)), order.order_line.product_uom_qty)

    def test_k_unfillable_then_own_then_lower(self):
        self.stock(self.own, self.product_a, 10)
        self.stock(self.own, self.product_b, 20)
        self.stock(self.own, self.product_b, -20)
        order = self.confirmed(3)
        order.order_line.move_ids._fba_open()[:1].action_fba_release()
        order.action_fulfill_by_amazon()
        self.show("KU", order)
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        self.ship(f, ("1Z", {"A": 2, "B": 2}))
        self.pull()
        self.cannot_fulfill(f)
        self.pull()
        self.show("KU1", order)
        order.order_line.action_fba_source_from_own()
        self.show("KU2", order)
        order.order_line.product_uom_qty = 2
        self.show("KU3", order)
        order.order_line.product_uom_qty = 4
        self.show("KU4", order)

    def test_k_arrives(self):
        self.account.write({"auto_source": "always", "auto_split": True, "auto_submit": True})
        self.stock(self.afn, self.product_a, -10)
        order = self.confirmed(2)
        line = self.env["sale.order.line"].create({"order_id": order.id, "product_id": self.product_a.id, "product_uom_qty": 3})
        self.show2(order)
        quant = self.env["stock.quant"].create({"product_id": self.product_a.id, "location_id": self.afn.lot_stock_id.id, "inventory_quantity": 4})
        quant.action_apply_inventory()
        self.show2(order)

    def show2(self, order):
        self.env.invalidate_all()
        print("\nK2", order.order_line.move_ids._fba_open().mapped(lambda m: (m.picking_type_id.warehouse_id.name, m.product_id.default_code, m.product_qty)), order.order_line.mapped("fba_sourcing_note"), order.fba_fulfillment_order_ids.mapped("state"))

    def test_k_dozen(self):
        self.stock(self.afn, self.product_a, 10)
        self.stock(self.afn, self.product_b, 30)
        order = self.sell({self.kit: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.show("KD", order)
        order.order_line.product_uom_qty = 0.5
        self.show("KD", order)
        order.order_line.move_ids._fba_open()[:1].action_fba_release()
        self.show("KD", order)
        order.order_line.action_fba_source_from_own()
        self.show("KD", order)
        order.order_line.product_uom_qty = 0.25
        self.show("KD", order)

    def test_k_form(self):
        order = self.confirmed(2)
        order.action_fulfill_by_amazon()
        with Form(order) as form:
            with form.order_line.edit(0) as l:
                l.product_uom_qty = 3
        self.show("KF", order)
        print("\nKF", self.rows(order).mapped(lambda r: (r.product_id.name, r.ordered, r.assigned, r.status, r.can_source, r.note)))
        order.order_line.move_ids._fba_open()[:1].action_fba_release()
        print("\nKF", self.rows(order).mapped(lambda r: (r.product_id.name, r.ordered, r.assigned, r.status, r.can_source, r.note)))

    def test_k_salesman(self):
        user = new_test_user(self.env, "sally3", "sales_team.group_sale_salesman")
        self.account.write({"auto_source": "always"})
        order = self.sell({self.kit: 2}, user_id=user.id).with_user(user)
        order.action_confirm()
        order.order_line.product_uom_qty = 3
        order.invalidate_recordset()
        order.fba_sourcing_ids.mapped("note")
        order.order_line.move_ids._fba_open()[:1].action_fba_release()
        order.order_line.action_fba_source()
        self.show("KS", order.sudo())

    def test_force_then_shipped(self):
        f = self.sourced({self.product_a: 4}).fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order = f.sale_id
        d = self.open_deliveries(order)
        d.action_fba_force()
        d.button_validate()
        self.ship(f, ("1Z", {"A": 4}))
        with mute_logger("odoo.addons.fba_connector.models.fba_account_tasks"):
            self.pull()
        print("\nFORCE", f.state, f.error_message)

    def test_force_cancel_then_cancelled(self):
        f = self.sourced({self.product_a: 4}).fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order = f.sale_id
        d = self.open_deliveries(order)
        d.action_fba_force()
        d.action_cancel()
        self.env.invalidate_all()
        print("\nFC", f.state, order.fba_reason_not_sourced, order.order_line.fba_unsourced_qty)
        self.cannot_fulfill(f)
        with mute_logger("odoo.addons.fba_connector.models.fba_account_tasks"):
            self.pull()
        print("\nFC", f.state, f.error_message, order.order_line.fba_unsourced_qty, order.delivery_status, order.fba_reason_not_sourced)
