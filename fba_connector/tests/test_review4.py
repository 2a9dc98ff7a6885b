from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestReview4(FbaCase):
    def confirmed(self, lines, **values):
        order = self.sell(lines, **values)
        order.action_confirm()
        self.assert_adds_up(order)
        return order

    def at(self, order, warehouse):
        moves = self.open_deliveries(order).move_ids._fba_open()
        return sum(moves.filtered(lambda move: move.picking_type_id.warehouse_id == warehouse).mapped("product_qty"))

    def test_cancel_not_found(self):
        f = self.sent({self.product_a: 4})
        self.fault("cancelFulfillmentOrder", "status", status=404, code="ResourceNotFound")
        f.sale_id.action_cancel()
        self.push()
        print("\nCNF", f.state, f.error_message, f.sale_id.fba_cancel_pending, f.cancel_requested_at)

    def test_two_accounts_tally(self):
        second = self.env["fba.account"].create(self.account_values("Second store", auto_source="when_short", auto_split=True))
        afn2 = self.env["stock.warehouse"].create({"name": "Second FBA", "code": "SFBA", "is_afn": True, "fba_account_id": second.id, "fba_marketplace_id": self.env.ref("fba_connector.marketplace_us").id})
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -4)
        self.stock(afn2, self.product_a, 5)
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 10})
        order.order_line.copy({"order_id": order.id, "product_uom_qty": 4})
        order.action_confirm()
        print("\nTAC", [(m.product_qty, m.picking_type_id.warehouse_id.name, m.state) for m in order.order_line.move_ids], order.order_line.mapped("fba_sourcing_note"))
        self.assertEqual(self.at(order, afn2), 4)

    def test_own_picking_cancelled_then_source(self):
        self.stock(self.own, self.product_a, 4)
        self.account.auto_split = True
        self.account.auto_source = "when_short"
        self.stock(self.afn, self.product_a, -4)
        order = self.confirmed({self.product_a: 10})
        self.open_deliveries(order).filtered(lambda p: p.picking_type_id.warehouse_id == self.own).action_cancel()
        self.account.auto_source = "never"
        order.order_line.move_ids._fba_open().action_fba_release(2)
        print("\nOPC", self.at(order, self.own), self.at(order, self.afn), order.order_line.fba_unsourced_qty)
        order.action_fulfill_by_amazon()
        print("\nOPC", self.at(order, self.own), self.at(order, self.afn), order.order_line.fba_unsourced_qty)

    def test_mass_cancel(self):
        f = self.sent({self.product_a: 4})
        other = self.sourced({self.product_b: 4})
        orders = f.sale_id + other
        w = self.env["sale.mass.cancel.orders"].create({"sale_order_ids": [Command.set(orders.ids)]})
        print("\nMASS", w.action_mass_cancel(), orders.mapped("state"))

    def test_locked_setting_arrival(self):
        self.env.user.group_ids += self.env.ref("sale.group_auto_done_setting")
        self.account.write({"auto_source": "always"})
        self.stock(self.afn, self.product_a, -10)
        order = self.confirmed({self.product_a: 4})
        print("\nLCK", order.locked)
        self.stock(self.afn, self.product_a, 10)
        self.afn._fba_source_waiting()
        print("\nLCK", self.at(order, self.afn), self.rows(order).mapped("note"), order.fba_reason_not_sourced)

    def test_tally_after_failure(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.stock(self.afn, self.product_a, -10)
        self.stock(self.afn, self.product_b, -10)
        one = self.confirmed({self.product_a: 4, self.product_b: 1})
        two = self.confirmed({self.product_a: 4})
        self.stock(self.afn, self.product_a, 4)
        n = len(one.message_ids)
        with mute_logger("odoo.addons.fba_connector.models.sale_order_sourcing"):
            for _i in range(3):
                self.afn._fba_source_waiting()
        print("\nTAF", self.at(one, self.afn), self.at(two, self.afn), len(one.message_ids) - n, one.message_ids[:2].mapped("body"))

    def test_pending_partial_then_rest(self):
        """cancel pending; Amazon refuses; order's own parts were released"""
        self.stock(self.own, self.product_b, 5)
        order = self.sell({self.product_a: 4, self.product_b: 2})
        order.action_confirm()
        order.action_fulfill_by_amazon()
        f = order.fba_fulfillment_order_ids
        f.action_submit()
        self.push()
        order.action_cancel()
        self.assertEqual(order.order_line.mapped("fba_unsourced_qty"), [0, 2])
        self.ship(f, ("1Z", {"A": 1}))
        self.push()
        print("\nREF", order.fba_cancel_pending, order.state, f.error_message, order.activity_ids.mapped("note"), order.delivery_status)
        self.assert_adds_up(order)

    def test_cancel_twice_while_asking(self):
        f = self.sent({self.product_a: 4})
        o = f.sale_id
        o.action_cancel()
        o.action_cancel()
        print("\nTWICE", [m.body for m in o.message_ids][:3])

    def test_invoice_status_unsourced_service(self):
        svc = self.env["product.product"].create({"name": "S", "type": "service", "invoice_policy": "order"})
        self.product_a.invoice_policy = "order"
        order = self.sourced({self.product_a: 4, svc: 1})
        self.rows(order).move_id.action_fba_release(4)
        print("\nIST", order.delivery_status, order.order_line.mapped("invoice_status"))
        order.order_line[0].product_uom_qty = 0
        print("\nIST", order.delivery_status, order.order_line.mapped("invoice_status"), order.order_line.mapped("fba_unsourced_qty"))

    def test_by_date_future(self):
        self.account.auto_source = "when_short"
        self.own.out_type_id.write({"reservation_method": "by_date", "reservation_days_before": 1})
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed({self.product_a: 4}, commitment_date="2030-01-01")
        self.assertEqual(self.at(order, self.own), 4)
        self.afn._fba_source_waiting()
        print("\nBYD", self.at(order, self.own), self.at(order, self.afn))

    def test_unreserved_by_hand(self):
        self.account.auto_source = "when_short"
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed({self.product_a: 4})
        self.open_deliveries(order).do_unreserve()
        self.afn._fba_source_waiting()
        print("\nUNR", self.at(order, self.own), self.at(order, self.afn))

    def test_queue_then_release_row(self):
        order = self.sourced({self.product_a: 4})
        order.fba_fulfillment_order_ids.action_submit()
        print("\nQRR", self.rows(order).mapped("can_release"))

    def test_combo_products(self):
        """storable and not storable"""
        consu = self.env["product.product"].create({"name": "C", "type": "consu", "default_code": "C"})
        self.account.write({"auto_source": "always", "auto_split": True})
        order = self.sell({consu: 2})
        order.action_confirm()
        print("\nCON", self.at(order, self.own), order.order_line.fba_sourcing_note, self.rows(order).mapped(lambda r: (r.status, r.note)))

    def test_wrong_company_confirm(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.account.write({"auto_source": "always"})
        wh = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)
        self.env.user.company_ids += other
        self.stock(wh, self.product_a, 1)
        o1 = self.sell({self.product_a: 2})
        o2 = self.env["sale.order"].with_company(other).create({"partner_id": self.customer.id, "company_id": other.id, "warehouse_id": wh.id, "order_line": [Command.create({"product_id": self.product_a.id, "product_uom_qty": 2})]})
        orders = (o1 + o2).with_context(allowed_company_ids=[self.env.company.id, other.id])
        orders.action_confirm()
        print("\nMCO", [(m.picking_type_id.warehouse_id.name, m.product_qty) for m in orders.order_line.move_ids], o2.order_line.fba_sourcing_note, o2.fba_reason_not_sourced)
