"""Orders in other units than the product's: dozens, packs, kilos. Amazon ships pieces, and the order stays whole."""

import importlib.util

from odoo.tests import tagged
from odoo.tools import file_path

from ..models.shared.guard import BY_CODE
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestUnits(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.dozen = cls.env.ref("uom.product_uom_dozen")
        cls.stock(cls.afn, cls.product_a, 90)

    def setUp(self):
        super().setUp()
        self.control("PUT", "stock/A", fulfillable=100)

    def propagate(self, value="1"):
        """Odoo's setting by which moves keep the unit of the order."""
        self.env["ir.config_parameter"].sudo().set_param("stock.propagate_uom", value)

    def unit(self, name, units):
        return self.env["uom.uom"].create(
            {"name": name, "relative_factor": units, "relative_uom_id": self.product_a.uom_id.id}
        )

    def sent_in(self, unit, quantity, *, warehouse=None, price=120):
        order = self.sell({self.product_a: quantity}, **({"warehouse_id": warehouse.id} if warehouse else {}))
        order.order_line.write({"product_uom_id": unit.id, "price_unit": price, "technical_price_unit": 0})
        order.action_confirm()
        if not warehouse:
            order.action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
        return fulfillment

    def ship_in_parts(self, fulfillment, *parts):
        for number, units in enumerate(parts, start=1):
            self.ship(fulfillment, (f"T{number}", {"A": units}))
            self.reread(fulfillment)

    def assert_whole(self, fulfillment, quantity, total=None):
        """Delivered and, if invoiced, for all of `total`."""
        self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
        order, line = fulfillment.sale_id, fulfillment.sale_id.order_line
        self.assertEqual((line.qty_delivered, line.fba_unsourced_qty), (quantity, 0))
        self.assertEqual(order.delivery_status, "full")
        if total is not None:
            order._create_invoices().action_post()
            self.assertEqual(order.invoice_ids.amount_untaxed, total)
            self.assertEqual(line.invoice_status, "invoiced")
        self.assert_adds_up(order)

    def test_dozen_in_parts_is_whole(self):
        for policy in ("delivery", "order"):
            self.product_a.invoice_policy = policy
            for propagate in ("0", "1"):
                self.propagate(propagate)
                for warehouse in (None, self.afn):
                    for parts in ((5, 7), (5, 5, 2), (1,) * 12):
                        with self.subTest(policy=policy, propagate=propagate, warehouse=warehouse, parts=parts):
                            fulfillment = self.sent_in(self.dozen, 1, warehouse=warehouse)
                            moves = fulfillment.line_ids.move_ids
                            self.assertEqual(moves.product_uom, self.product_a.uom_id)
                            self.assertEqual(moves.product_uom_qty, 12)
                            self.ship_in_parts(fulfillment, *parts)
                            self.assertFalse(fulfillment.shipment_ids.filtered("difference"))
                            self.assert_whole(fulfillment, 1, 120)
                            self.stock(self.afn, self.product_a, 12)
                            self.control("PUT", "stock/A", fulfillable=100)

    def test_parts_are_invoiced_as_they_leave(self):
        self.product_a.invoice_policy = "delivery"
        fulfillment = self.sent_in(self.dozen, 1)
        order = fulfillment.sale_id
        for number, (units, quantity) in enumerate(((5, 0.42), (5, 0.83), (2, 1)), start=1):
            self.ship(fulfillment, (f"T{number}", {"A": units}))
            self.reread(fulfillment)
            self.assertEqual(order.order_line.qty_delivered, quantity)
            order._create_invoices().action_post()
        self.assertEqual(sum(order.invoice_ids.mapped("amount_untaxed")), 120)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_returns_in_parts_leave_nothing(self):
        fulfillment = self.sent_in(self.dozen, 1)
        self.ship_in_parts(fulfillment, 5, 5, 2)
        for picking, units, left in zip(fulfillment.picking_ids.sorted("id"), (5, 5, 2), (0.58, 0.17, 0), strict=True):
            self.return_delivery(picking, units).button_validate()
            self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, left)

    def test_packs_of_other_sizes(self):
        self.propagate()
        for units, parts in ((6, (1, 2, 3)), (7, (2, 2, 3)), (3, (1, 1, 1)), (24, (1, 1, 1, 21))):
            with self.subTest(units=units):
                fulfillment = self.sent_in(self.unit(f"Pack of {units}", units), 1)
                self.ship_in_parts(fulfillment, *parts)
                self.assert_whole(fulfillment, 1, 120)

    def test_other_rounding_of_units(self):
        precision = self.env["decimal.precision"].search([("name", "=", "Product Unit")])
        self.propagate()
        for digits in (0, 3, 5):
            with self.subTest(digits=digits):
                precision.digits = digits
                fulfillment = self.sent_in(self.dozen, 1)
                self.ship_in_parts(fulfillment, 5, 5, 2)
                self.assert_whole(fulfillment, 1, 120)

    def test_part_from_the_own_warehouse(self):
        self.propagate()
        self.account.auto_split = True
        for policy in ("delivery", "order"):
            with self.subTest(policy=policy):
                self.product_a.invoice_policy = policy
                self.stock(self.own, self.product_a, 24)
                order = self.sell({self.product_a: 2})
                order.order_line.write({"product_uom_id": self.dozen.id, "price_unit": 120, "technical_price_unit": 0})
                order.action_confirm()
                self.rows(order).move_id.action_fba_release(19)
                self.assert_adds_up(order)
                order.action_fulfill_by_amazon()
                self.assert_adds_up(order)
                own = self.open_deliveries(order).filtered(lambda it: not it.fba_fulfillment_order_id)
                self.assertEqual(own.move_ids.product_qty, 5)
                own.button_validate()
                fulfillment = order.fba_fulfillment_order_ids
                fulfillment.action_submit()
                self.push()
                self.ship_in_parts(fulfillment, 5, 7, 7)
                self.assert_whole(fulfillment, 2, 240)
                self.stock(self.own, self.product_a, -19)

    def test_raised_and_lowered_dozens_stay_in_pieces(self):
        self.propagate()
        order = self.sell({self.product_a: 1}, warehouse_id=self.afn.id)
        order.order_line.product_uom_id = self.dozen
        order.action_confirm()
        for quantity in (3, 2, 0, 1):
            order.order_line.product_uom_qty = quantity
            moves = order.order_line.move_ids._fba_open()
            self.assertEqual(sum(moves.mapped("product_uom_qty")), quantity * 12)
            self.assertEqual(moves.product_uom, self.product_a.uom_id if quantity else moves.product_uom)
            self.assert_adds_up(order)

    # === UPDATE FROM AN OLDER VERSION === #

    def test_update_puts_open_deliveries_into_pieces(self):
        fulfillment = self.sent_in(self.dozen, 2)
        self.ship_in_parts(fulfillment, 5)
        move = fulfillment.line_ids.move_ids._fba_open()
        old = self.env(su=True, context={"fba_booking": BY_CODE})
        move.with_env(old)._do_unreserve()
        move.with_env(old).write({"product_uom_qty": 1.58, "product_uom": self.dozen.id})
        move.with_env(old)._action_assign()
        self.assertEqual(move.product_qty, 18.96)

        self.env.flush_all()
        path = file_path("fba_connector/migrations/19.0.0.5.0/post-units_of_moves.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.0.4.0")
        self.env.invalidate_all()

        self.assertEqual((move.product_uom, move.product_uom_qty, move.quantity), (self.product_a.uom_id, 19, 19))
        self.ship(fulfillment, ("T2", {"A": 19}))
        self.pull()
        self.assert_whole(fulfillment, 2)
