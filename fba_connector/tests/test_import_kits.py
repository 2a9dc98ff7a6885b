"""Orders of kits sold on Amazon: what has left is delivered as components, and never procured."""

import unittest

from odoo.fields import Command
from odoo.tests import tagged

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestImportKits(FbaCase):
    """A desk set is 1 of A and 2 of B; with Manufacturing only."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "mrp.bom" not in cls.env or "sale_mrp" not in cls.env.registry._init_modules:
            raise unittest.SkipTest("Manufacturing is not installed: run with --kits.")
        cls.kit = cls.made_of("SET", {cls.product_a: 1, cls.product_b: 2})

    @classmethod
    def made_of(cls, sku, parts, kind="phantom", **values):
        product = cls.env["product.product"].create(
            {"name": sku, "default_code": sku, "is_storable": True, "taxes_id": False, **values}
        )
        cls.env["mrp.bom"].create(
            {
                "product_tmpl_id": product.product_tmpl_id.id,
                "type": kind,
                "bom_line_ids": [
                    Command.create({"product_id": part.id, "product_qty": units}) for part, units in parts.items()
                ],
            }
        )
        return product

    def imported(self, *items):
        items = [{"sku": sku, "quantity": units, "ITEM": "10.00"} for sku, units in items]
        row = stage(self.account, sold_order(*items, total=f"{10 * len(items)}.00"))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row.sale_id

    def moved(self, sale):
        """{product: units of its moves}, all of which are done."""
        self.assertEqual(set(sale.picking_ids.mapped("state")), {"done"})
        moves = sale.picking_ids.move_ids
        return {it: sum(same.mapped("quantity")) for it, same in moves.grouped("product_id").items()}

    def test_product_made_to_order_beside_a_kit_is_not_made_again(self):
        mto = self.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        steel = self.new_product("STEEL")
        routes = mto + self.env.ref("mrp.route_warehouse0_manufacture")
        frame = self.made_of("FRAME", {steel: 3}, "normal", route_ids=[Command.set(routes.ids)])
        self.kit.route_ids = self.product_a.route_ids = mto
        sale = self.imported(("SET", 2), ("FRAME", 1))
        self.assertEqual(self.moved(sale), {self.product_a: 2, self.product_b: 4, frame: 1})
        self.assertEqual(sale.order_line.mapped("qty_delivered"), [2, 1])
        self.assertFalse(self.env["mrp.production"].search([("product_id", "=", frame.id)]))
        self.assertFalse(sale.picking_ids.move_ids.move_orig_ids)
        self.assertEqual(len(sale.picking_ids), 1, "one delivery")
        self.assertEqual(sale.delivery_status, "full")

    def test_kit_of_kits_that_needs_one_twice(self):
        pair = self.made_of("PAIR", {self.kit: 1})
        room = self.made_of("ROOM", {pair: 1, self.kit: 1, self.product_b: 1})
        sale = self.imported(("ROOM", 2))
        self.assertEqual(self.moved(sale), {self.product_a: 4, self.product_b: 10})
        self.assertEqual(sale.order_line.product_id, room)
        self.assertEqual(sale.order_line.qty_delivered, 2)

    def test_kit_and_its_own_component_in_one_order(self):
        sale = self.imported(("SET", 3), ("A", 1), ("SET", 1))
        self.assertEqual(self.moved(sale), {self.product_a: 5, self.product_b: 8})
        self.assertEqual(sale.order_line[:3].mapped("qty_delivered"), [3, 1, 1])
        self.assertFalse(sale.fba_fulfillment_order_ids)

    def test_kit_is_counted_after_a_change_and_a_return(self):
        sale = self.imported(("SET", 2))
        line = sale.order_line
        line.product_uom_qty = 3
        added = sale.picking_ids.move_ids.filtered(lambda move: move.state != "done")
        self.assertEqual(
            {move.product_id: move.product_uom_qty for move in added}, {self.product_a: 1, self.product_b: 2}
        )
        added.picking_id.action_cancel()
        delivery = sale.picking_ids.filtered(lambda picking: picking.state == "done")
        wizard = self.env["stock.return.picking"].create({"picking_id": delivery.id})
        for row in wizard.product_return_moves:
            row.quantity = 1 if row.product_id == self.product_a else 2
        back = self.env["stock.picking"].browse(wizard.action_create_returns()["res_id"])
        back.move_ids.picked = True
        back.button_validate()
        self.assertEqual((back.state, line.qty_delivered), ("done", 1))
