"""Odoo's batches and waves (stock_picking_batch) with deliveries that Amazon ships."""

import unittest

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .test_doors import DoorsCase


@tagged("post_install", "-at_install")
class TestWaves(DoorsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "stock.picking.batch" not in cls.env:
            raise unittest.SkipTest("Batches are not installed.")

    def ready_for_two(self):
        return self.sourced({self.product_a: 2, self.product_b: 1}).fba_fulfillment_order_ids

    def wave(self, lines):
        """Warehouse staff put reservations into a wave of their own."""
        Wizard = self.env["stock.add.to.wave"].with_user(self.warehouse_man)
        wizard = Wizard.with_context(active_model="stock.move.line", active_ids=lines.ids).create({"mode": "new"})
        wizard.attach_pickings()
        return lines.picking_id.batch_id

    def test_batch_is_not_done_by_hand(self):
        fulfillment = self.ready()
        batch = (
            self.env["stock.picking.batch"]
            .with_user(self.warehouse_man)
            .create({"picking_ids": [Command.set(fulfillment.picking_ids.ids)]})
        )
        batch.action_confirm()
        fulfillment.picking_ids.move_ids.picked = True
        with self.assertRaisesRegex(UserError, "Fulfillment by Amazon"), self.cr.savepoint():
            batch.action_done()
        self.assert_untouched(fulfillment)
        fulfillment.action_submit()
        self.push()
        self.ship(fulfillment, ("1Z", {"A": 4}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.env.invalidate_all()
        self.assertEqual(batch.state, "done")

    def test_others_of_a_batch_are_validated_without_amazons(self):
        amazons, by_hand = self.ready(), self.ready()
        picking = by_hand.picking_ids
        picking.with_user(self.administrator).action_fba_force()
        batch = self.env["stock.picking.batch"].with_user(self.warehouse_man).create(
            {"picking_ids": [Command.set((amazons.picking_ids | picking).ids)]}
        )  # fmt: skip
        batch.action_confirm()
        with self.assertRaisesRegex(UserError, "Remove them from the batch or wave"), self.cr.savepoint():
            batch.action_done()
        batch.picking_ids = [Command.unlink(amazons.picking_ids.id)]
        batch.action_done()
        self.env.invalidate_all()
        self.assertEqual((picking.state, batch.state), ("done", "done"))
        self.assert_untouched(amazons)
        batch = batch.create({"picking_ids": [Command.set(amazons.picking_ids.ids)]})
        batch.action_confirm()
        with self.assertRaises(UserError) as refused, self.cr.savepoint():
            batch.action_done()
        self.assertNotIn("Remove them", str(refused.exception))

    def test_order_of_which_a_part_is_in_a_wave_is_booked_whole(self):
        for units in 2, 1:
            with self.subTest(in_the_wave=units):
                fulfillment = self.ready_for_two()
                line = fulfillment.picking_ids.move_line_ids.filtered(lambda it: it.product_id == self.product_a)
                if units == 1:
                    line.quantity = 1
                    line = line | line.copy({"quantity": 1})
                wave = self.wave(line[:1])
                self.env.invalidate_all()
                self.assertTrue(wave.is_wave)
                self.assertEqual(fulfillment.state, "ready")
                self.assertEqual(fulfillment.line_ids.mapped("quantity"), [2, 1])
                self.assertEqual(len(fulfillment.picking_ids), 2)
                fulfillment.action_submit()
                self.push()
                self.ship(fulfillment, ("1Z", {"A": 2, "B": 1}))
                self.pull()
                self.env.invalidate_all()
                self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
                self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [2, 1])
                self.assertEqual(fulfillment.sale_id.picking_ids.mapped("state"), ["done"])

    def test_what_amazon_works_on_joins_no_wave(self):
        fulfillment = self.queued({self.product_a: 2, self.product_b: 1})
        self.push()
        with self.assertRaisesRegex(UserError, "Amazon"), self.cr.savepoint():
            self.wave(fulfillment.picking_ids.move_line_ids[0])
        self.env.invalidate_all()
        self.assertEqual(len(fulfillment.picking_ids), 1)

    def test_wave_of_two_orders_does_not_mix_them(self):
        orders = self.ready_for_two() | self.ready_for_two()
        lines = orders.picking_ids.move_line_ids.filtered(lambda it: it.product_id == self.product_a)
        self.wave(lines)
        orders.action_submit()
        self.push()
        for fulfillment in orders:
            self.ship(fulfillment, ("1Z", {"A": 2, "B": 1}))
        self.pull()
        self.env.invalidate_all()
        self.assertEqual(orders.mapped("state"), ["shipped", "shipped"])
        for fulfillment in orders:
            self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [2, 1])
