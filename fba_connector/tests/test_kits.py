import unittest
from dataclasses import replace

from odoo import fields
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestKits(FbaCase):
    """A desk set is 1 of A and 2 of B; with Manufacturing only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env or "sale_mrp" not in cls.env.registry._init_modules:
            raise unittest.SkipTest("Manufacturing is not installed: run with --kits.")
        cls.kit = cls.env["product.product"].create({"name": "Desk Set", "default_code": "SET", "is_storable": True})
        cls.bom = cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": cls.kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": cls.product_a.id, "product_qty": 1}),
                    Command.create({"product_id": cls.product_b.id, "product_qty": 2}),
                ],
            }
        )

    def parts(self, order):
        """{warehouse: units of (A, B)} on their way, and kits without source."""
        self.env.invalidate_all()
        moves = order.order_line.move_ids._fba_open()
        found = {
            warehouse: tuple(
                sum(there.filtered(lambda move, product=product: move.product_id == product).mapped("product_qty"))
                for product in (self.product_a, self.product_b)
            )
            for warehouse, there in moves.grouped(lambda move: move.picking_type_id.warehouse_id).items()
        }
        return found, order.order_line.fba_unsourced_qty

    def confirmed(self, quantity, **values):
        order = self.sell({self.kit: quantity}, **values)
        order.action_confirm()
        return order

    def test_button_sources_the_components(self):
        order = self.confirmed(3)
        self.assertEqual(self.parts(order), ({self.own: (3, 6)}, 0))
        order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), ({self.afn: (3, 6)}, 0))
        fulfillment = order.fba_fulfillment_order_ids
        self.assertRecordValues(
            fulfillment.line_ids.sorted("seller_sku"),
            [{"seller_sku": "A", "quantity": 3}, {"seller_sku": "B", "quantity": 6}],
        )
        self.assertEqual(order.fba_status, "ready")

    def test_automation_sources_whole_kits_only(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.assertEqual(self.parts(self.confirmed(3)), ({self.afn: (3, 6)}, 0))
        order = self.confirmed(3)  # 7 of A are left, but only 4 of B
        self.assertEqual(self.parts(order), ({self.own: (3, 6)}, 0))
        self.assertIn("4 free at Amazon, 6 needed", order.order_line.fba_sourcing_note)

    def test_kit_of_which_a_component_is_reserved_is_not_split(self):
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed(2)
        with self.assertRaisesRegex(UserError, "is reserved by"):
            order.action_fulfill_by_amazon()
        self.assertEqual(self.parts(order), ({self.own: (2, 4)}, 0))

    def test_release_takes_the_whole_kit(self):
        order = self.confirmed(2)
        order.action_fulfill_by_amazon()
        self.rows(order).move_id.filtered(lambda move: move.product_id == self.product_a).action_fba_release()
        self.assertEqual(self.parts(order), ({}, 2))
        self.assertEqual((self.free(self.product_a), self.free(self.product_b)), (10, 10))
        self.assertEqual(order.fba_fulfillment_order_ids.state, "cancelled")
        order.order_line.action_fba_source_from_own()
        self.assertEqual(self.parts(order), ({self.own: (2, 4)}, 0))

    def test_quantity_changes(self):
        self.account.auto_source = "always"
        order = self.confirmed(2)
        order.order_line.product_uom_qty = 4
        self.assertEqual(self.parts(order), ({self.afn: (4, 8)}, 0))
        order.order_line.product_uom_qty = 1
        self.assertEqual(self.parts(order), ({self.afn: (1, 2)}, 0))
        order.order_line.product_uom_qty = 0
        self.assertEqual(self.parts(order), ({}, 0))
        self.assertFalse(order.picking_ids.filtered(lambda picking: picking.picking_type_code == "incoming"))

    def sent_kits(self, quantity):
        order = self.confirmed(quantity)
        order.action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        return order, fulfillment

    def test_part_shipped_kits_count_right(self):
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 2, "B": 2}))
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 1)
        self.assertEqual(self.parts(order), ({self.afn: (1, 4)}, 0))
        with self.assertRaisesRegex(UserError, "can no longer be removed"), self.cr.savepoint():
            order.order_line.product_uom_qty = 2
        self.ship(fulfillment, ("1Z2", {"A": 1, "B": 4}))
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 3)
        self.assertEqual((order.fba_status, order.delivery_status), ("shipped", "full"))

    def test_missing_component_is_sourced_alone(self):
        """Amazon ships all but one B: two of three kits are complete, and the third lacks just that."""
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 3, "B": 5}))
        self.cannot_fulfill(fulfillment, B=1)
        self.pull()
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(self.parts(order), ({}, 1))
        self.assertEqual(order.delivery_status, "partial")
        order.order_line.action_fba_source_from_own()
        self.assertEqual(self.parts(order), ({self.own: (0, 1)}, 0))

    def test_cancelled_order_of_which_a_component_has_left_stands(self):
        order, fulfillment = self.sent_kits(3)
        order.action_cancel()
        self.ship(fulfillment, ("1Z1", {"A": 1}))
        self.cannot_fulfill(fulfillment)
        self.pull()
        self.assertEqual((order.state, order.fba_cancel_pending), ("sale", False))
        self.assertEqual(self.parts(order), ({}, 0))

    def test_dropping_the_incomplete_kit(self):
        order, fulfillment = self.sent_kits(3)
        self.ship(fulfillment, ("1Z1", {"A": 3, "B": 5}))
        self.cannot_fulfill(fulfillment, B=1)
        self.pull()
        order.order_line.product_uom_qty = 2
        self.assertEqual(self.parts(order), ({}, 0))
        self.assertEqual(order.fba_status, "shipped")

    def test_components_that_amazon_ships_after_all_make_whole_kits(self):
        for lost in ({"B": 1}, {"A": 1, "B": 2}, {"A": 2, "B": 4}):
            with self.subTest(lost=lost), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.sent({self.kit: 2})
                line = fulfillment.sale_id.order_line
                with self.account._open_gateway() as gateway:
                    before = gateway.get_fulfillment_order(fulfillment.name)
                items = tuple(
                    replace(item, unfulfillable_quantity=lost.get(item.seller_sku, 0)) for item in before.items
                )
                now = fields.Datetime.now()
                fulfillment._apply_snapshot(replace(before, items=items), now)
                self.assertEqual(fulfillment.state, "exception")
                self.assertTrue(line.fba_unsourced_qty)
                fulfillment._apply_snapshot(before, now)
                self.assertEqual(self.parts(fulfillment.sale_id), ({self.afn: (2, 4)}, 0))
                fulfillment._apply_snapshot(replace(before, items=items), now)
                self.ship(fulfillment, ("T1", {"A": 2, "B": 4}))
                self.reread(fulfillment)
                self.assertEqual((fulfillment.state, line.qty_delivered, line.fba_unsourced_qty), ("shipped", 2, 0))
                self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (8, 6))
                savepoint.rollback()
            self.env.invalidate_all()
