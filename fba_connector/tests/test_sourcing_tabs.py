"""The Sourcing and FBA tabs of a sales order."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import FbaCase, SimulatorMixin


@tagged("post_install", "-at_install")
class TestTabs(FbaCase):
    def test_quotation_names_only_warehouses_that_deliver(self):
        self.stock(self.own, self.product_a, 3)
        order = self.sell({self.product_a: 2})
        self.assertEqual(order.order_line.fba_free, f"{self.own.name} 3 · Test FBA 10")
        self.afn.fba_available_for_fulfillment = False
        self.env.invalidate_all()
        self.assertEqual(order.order_line.fba_free, f"{self.own.name} 3")
        self.afn.fba_available_for_fulfillment = True
        order.partner_shipping_id.country_id = self.env.ref("base.jp")
        self.env.invalidate_all()
        self.assertEqual(order.order_line.fba_free, f"{self.own.name} 3")
        order.partner_shipping_id.country_id = False
        self.env.invalidate_all()
        self.assertEqual(order.order_line.fba_free, f"{self.own.name} 3 · Test FBA 10")

    def test_shipment_is_one_row_with_its_packages(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("1ZA", {"A": 1}), ("1ZB", {"A": 2}))
        self.pull()
        shipment = fulfillment.sale_id.fba_shipment_ids
        self.assertEqual(len(shipment), 1)
        self.assertTrue(shipment.picking_id and shipment.arrival)
        for number in ("1ZA", "1ZB"):
            self.assertRegex(
                str(shipment.packages), rf"<div>UPS <a href=\"https://[^\"]*{number}[^>]*>{number}</a></div>"
            )
        shipment.package_ids[0].tracking_number = '"><b>x'
        self.assertNotIn("<b>", str(shipment.packages))

    def test_cancelled_shipment_leaves_no_empty_row(self):
        fulfillment = self.sent({self.product_a: 3})
        sale = fulfillment.sale_id
        values = {"fulfillment_order_id": fulfillment.id, "amazon_shipment_id": "S"}
        shipment = self.env["fba.shipment"].create({**values, "status": "CANCELLED_BY_FULFILLER"})
        self.assertFalse(sale.fba_shipment_ids)
        shipment.status = "PENDING"
        self.env.invalidate_all()
        self.assertEqual(sale.fba_shipment_ids, shipment)


@tagged("post_install", "-at_install")
class TestSourcingTours(SimulatorMixin, HttpCase):
    def test_many_orders_sourced_from_the_list_and_sent(self):
        orders = [self.sell({self.product_a: 2}, name=f"BULK-{number}") for number in (1, 2)]
        short = self.sell({self.product_b: 90}, name="BULK-3")
        for order in (*orders, short):
            order.action_confirm()
        groups = "sales_team.group_sale_salesman_all_leads,fba_connector.group_fba_user"
        clerk = new_test_user(self.env, "bulk_tour", groups=groups)
        self.start_tour("/odoo/action-sale.action_orders", "fba_source_selected", login=clerk.login)
        self.assertEqual({order.fba_fulfillment_order_ids.state for order in orders}, {"queued"})
        self.assertFalse(short.fba_status)

    def test_line_is_split_and_resolved(self):
        order = self.sourced({self.product_a: 4}, name="SPLIT-1")
        order.order_line.move_ids.action_fba_release()
        self.stock(self.own, self.product_a, 4)
        form = f"/odoo/action-sale.action_orders/{order.id}"
        self.start_tour(form, "fba_resolve_in_parts", login="admin")
        moves = order.order_line.move_ids._fba_open()
        self.assertEqual({it.picking_type_id.warehouse_id: it.product_qty for it in moves}, {self.own: 3, self.afn: 1})

    def test_buttons_with_names_and_no_bin(self):
        order = self.sourced({self.product_a: 4}, name="NAMES-1")
        form = f"/odoo/action-sale.action_orders/{order.id}"
        self.start_tour(form, "fba_sourcing_names", login="admin")

    def test_sourcing_on_a_phone(self):
        order = self.sourced({self.product_a: 4}, name="PHONE-1")
        self.browser_size = "375x667"
        self.touch_enabled = True
        self.start_tour(f"/odoo/action-sale.action_orders/{order.id}", "fba_sourcing_phone", login="admin")
        self.assertEqual(order.order_line.fba_unsourced_qty, 4)
