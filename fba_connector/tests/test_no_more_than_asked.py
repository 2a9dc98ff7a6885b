"""What comes back, is bought, or goes to another warehouse: Amazon and the own warehouse send what was asked, once."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_doors import DoorsCase


@tagged("post_install", "-at_install")
class TestNoMoreThanAsked(DoorsCase):
    def refill(self):
        self.stock(self.afn, self.product_a, 30)
        self.control("PUT", "stock/A", fulfillable=30)

    def give_back(self, picking, units, method):
        wizard = self.env["stock.return.picking"].with_user(self.warehouse_man).create({"picking_id": picking.id})
        wizard.product_return_moves.quantity = units
        getattr(wizard, method)()
        self.env.invalidate_all()

    def resolve(self, order, choice):
        wizard = self.env["fba.resolve.wizard"].with_user(self.administrator)
        wizard = wizard.with_context(default_sale_id=order.id).create({})
        wizard.line_ids.choice = choice
        wizard.action_confirm()
        self.env.invalidate_all()

    def on_the_way(self, order):
        """{warehouse: units of open deliveries}."""
        self.env.invalidate_all()
        moves = order.order_line.move_ids._fba_open().filtered(lambda move: move.picking_code == "outgoing")
        warehouses = moves.grouped(lambda move: move.picking_type_id.warehouse_id)
        return {warehouse: sum(same.mapped("product_qty")) for warehouse, same in warehouses.items()}

    def half_shipped_and_one_back(self, **values):
        """4 ordered, 2 shipped, one of them returned, 2 that Amazon cannot ship."""
        self.refill()
        order = self.sell({self.product_a: 4}, **values)
        order.action_confirm()
        if not order.fba_fulfillment_order_ids:
            order.action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("1Z", {"A": 2}))
        self.pull()
        self.give_back(fulfillment.picking_ids.filtered(lambda it: it.state == "done"), 1, "action_create_returns")
        order.picking_ids.filtered(lambda it: it.picking_type_code == "incoming").button_validate()
        self.cannot_fulfill(fulfillment)
        self.pull()
        self.refill()
        self.assertEqual(order.order_line.fba_unsourced_qty, 2)
        return order

    def test_rest_is_sourced_once_beside_a_return(self):
        for choice, warehouse in ("own", self.own), ("amazon", self.afn):
            with self.subTest(choice):
                order = self.half_shipped_and_one_back(warehouse_id=self.afn.id)
                self.resolve(order, choice)
                self.assertEqual(self.on_the_way(order), {warehouse: 2})

    def test_rest_is_dropped_whole_beside_a_return(self):
        order = self.half_shipped_and_one_back()
        self.resolve(order, "drop")
        self.assertEqual((order.order_line.product_uom_qty, order.order_line.fba_unsourced_qty), (2, 0))
        self.assertEqual((order.fba_status, self.on_the_way(order)), ("shipped", {}))

    def test_line_raised_during_an_exchange(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.pull()
        self.give_back(fulfillment.picking_ids, 2, "action_create_exchanges")
        order = fulfillment.sale_id
        self.assertEqual(self.on_the_way(order), {self.own: 2})
        order.order_line.with_user(self.clerk_in_sales).write({"product_uom_qty": 5})
        self.assertEqual(self.on_the_way(order), {self.own: 3})

    def test_transfer_to_the_own_warehouse_is_no_order_at_amazon(self):
        self.own.resupply_wh_ids = [Command.link(self.afn.id)]
        route = self.own.resupply_route_ids.filtered(lambda it: it.supplier_wh_id == self.afn)
        to_order = self.env.ref("stock.route_warehouse0_mto")
        to_order.active = True
        self.product_a.route_ids = [Command.set((route | to_order).ids)]
        self.account.auto_submit = True
        order = self.sell({self.product_a: 4})
        order.with_user(self.clerk_in_sales).action_confirm()
        self.assertFalse(order.fba_fulfillment_order_ids)
        transfer = order.picking_ids.filtered(lambda it: it.location_dest_id.usage == "transit")
        transfer.with_user(self.warehouse_man).button_validate()
        self.assertEqual(transfer.state, "done")

    def test_order_without_any_delivery_can_be_sourced(self):
        """As an add-on leaves it by which a person makes the deliveries."""
        order = self.sell({self.product_a: 4})
        order.with_context(skip_procurement=True).action_confirm()
        self.assertFalse(order.fba_reason_not_sourced)
        order.with_user(self.clerk_in_sales).action_fulfill_by_amazon()
        self.assertEqual(self.on_the_way(order), {self.afn: 4})

    def test_move_without_a_delivery_is_booked(self):
        fulfillment = self.ready()
        fulfillment.picking_ids.move_ids.with_user(self.warehouse_man).write({"picking_id": False})
        fulfillment.with_user(self.clerk).action_submit()
        self.push()
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.pull()
        self.env.invalidate_all()
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 4))

    def test_two_sales_of_one_delivery_are_two_orders(self):
        """As modules do that put a customer's goods into one delivery."""
        orders = self.env["sale.order"]
        for _number in range(2):
            order = self.sell({self.product_a: 2})
            order.with_context(skip_procurement=True).action_confirm()
            line = order.order_line
            values = {**line._prepare_procurement_values(), "warehouse_id": self.afn}
            place, rules = self.customer.property_stock_customer, self.env["stock.rule"]
            rules.run(
                [
                    rules.Procurement(
                        line.product_id, 2, line.product_uom_id, place, line.name, "x", order.company_id, values
                    )
                ]
            )
            orders |= order
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("fba_status"), ["ready", "ready"])

    def test_demand_of_an_unsent_delivery_is_that_of_the_order(self):
        fulfillment = self.ready()
        for units in 1, 6:
            with self.assertRaisesRegex(UserError, "sales order"), self.cr.savepoint():
                fulfillment.picking_ids.move_ids.with_user(self.warehouse_man).product_uom_qty = units
                self.env.flush_all()
        self.assert_untouched(fulfillment)

    def test_held_units_leave_by_no_own_delivery(self):
        self.env["stock.quant"]._update_available_quantity(self.product_a, self.afn.fba_held_location_id, 5)
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 2})
        order.action_confirm()
        with self.assertRaisesRegex(UserError, "Sourcing tab"), self.cr.savepoint():
            line = order.picking_ids.move_line_ids.with_user(self.warehouse_man)
            line.location_id = self.afn.fba_held_location_id
            self.env.flush_all()
