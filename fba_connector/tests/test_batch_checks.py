"""What a batch leaves out of Odoo's steps is what would find or change nothing."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..models.shared.batch import Batch
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestBatchChecks(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.moves = cls.env["stock.move"]
        cls.product_c = cls.env["product.product"].create({"name": "Third", "is_storable": True})

    def both_ways(self, work):
        """What `work(stock.move)` returns in Odoo's own way, and within a batch of ours."""
        results = []
        for context in ({}, {"fba_batch": Batch(10)}):
            with self.env.cr.savepoint() as savepoint:
                results.append(work(self.moves.with_context(**context)))
                self.env.flush_all()
                savepoint.rollback()
                self.env.invalidate_all()
        return results

    def values(self, product, source, destination, **values):
        return {
            "product_id": product.id,
            "product_uom_qty": 2,
            "location_id": source.id,
            "location_dest_id": destination.id,
            "picked": True,
            "move_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "quantity": 2,
                        "location_id": source.id,
                        "location_dest_id": destination.id,
                    }
                )
            ],
            **values,
        }

    def arrive(self, moves, *products, **values):
        source, destination = self.env.ref("stock.stock_location_suppliers"), self.own.lot_stock_id
        moves = moves.create([self.values(product, source, destination, **values) for product in products])
        moves._action_confirm(merge=False)
        return moves._action_done()

    def wait(self, *products):
        """Deliveries from the own warehouse that wait for stock, each with a reference of its own."""
        customers = self.env.ref("stock.stock_location_customers")
        moves = self.moves.create(
            [
                {
                    "product_id": product.id,
                    "product_uom_qty": 2,
                    "location_id": self.own.lot_stock_id.id,
                    "location_dest_id": customers.id,
                    "picking_type_id": self.own.out_type_id.id,
                    "reference_ids": [Command.create({"name": f"Order {number}"})],
                }
                for number, product in enumerate(products)
            ]
        )
        moves._action_confirm(merge=False)
        self.assertEqual(set(moves.mapped("state")), {"confirmed"})
        return moves

    def test_goods_of_another_company_are_refused_in_the_same_words(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["stock.warehouse"].search([("company_id", "=", other.id)], limit=1)

        def work(moves):
            with self.assertRaises(UserError) as caught:
                moves.create(
                    [
                        self.values(self.product_a, self.own.lot_stock_id, self.afn.lot_stock_id),
                        self.values(
                            self.product_b,
                            self.own.lot_stock_id,
                            foreign.lot_stock_id,
                            company_id=self.env.company.id,
                        ),
                    ]
                )._action_done()
            return str(caught.exception)

        plain, batched = self.both_ways(work)
        self.assertIn(foreign.lot_stock_id.display_name, plain)
        self.assertEqual(batched, plain)

    def test_one_product_of_another_company_among_many(self):
        other = self.env["res.company"].create({"name": "Other Company"})
        foreign = self.env["product.product"].create(
            {"name": "Foreign Goods", "is_storable": True, "company_id": other.id}
        )

        def work(moves):
            try:
                self.arrive(moves, self.product_a, foreign)
            except UserError as error:
                return str(error)
            return None

        plain, batched = self.both_ways(work)
        self.assertIn(foreign.name, plain)
        self.assertEqual(batched, plain)

    def test_who_waits_for_stock_gets_it(self):
        waiting = self.wait(self.product_a, self.product_b)

        def work(moves):
            self.arrive(moves, self.product_a, self.product_c)._trigger_assign()
            return waiting.mapped("quantity")

        plain, batched = self.both_ways(work)
        self.assertEqual(plain, [2, 0])
        self.assertEqual(batched, plain)

    def test_who_shares_a_reference_comes_first(self):
        """The goods of the reference may be others than those that are waited for."""
        first, second = self.wait(self.product_a, self.product_a)

        def work(moves):
            arrived = self.arrive(moves, self.product_b, reference_ids=[Command.set(second.reference_ids.ids)])
            (arrived | self.arrive(moves, self.product_a))._trigger_assign()
            return first.quantity, second.quantity

        plain, batched = self.both_ways(work)
        self.assertEqual(plain, (0, 2))
        self.assertEqual(batched, plain)

    def test_reordering_rules_see_what_moved(self):
        rules = self.env["stock.warehouse.orderpoint"].create(
            [
                {"product_id": product.id, "warehouse_id": self.own.id, "product_min_qty": 5, "product_max_qty": 9}
                for product in self.product_a + self.product_b
            ]
        )
        self.env.flush_all()

        def work(moves):
            before = rules.mapped("qty_to_order")
            self.arrive(moves, self.product_a, self.product_c)
            return before, rules.mapped("qty_to_order"), rules.mapped("qty_to_order_computed")

        plain, batched = self.both_ways(work)
        self.assertEqual(plain, ([9, 9], [7, 9], [7, 9]))
        self.assertEqual(batched, plain)

    def test_a_move_has_the_references_of_its_transfer(self):
        picking = self.wait(self.product_a).picking_id

        def work(moves):
            move = moves.create(
                self.values(
                    self.product_b,
                    picking.location_id,
                    picking.location_dest_id,
                    picking_id=picking.id,
                    reference_ids=[],
                )
            )
            return move.reference_ids.mapped("name")

        plain, batched = self.both_ways(work)
        self.assertTrue(plain)
        self.assertEqual(batched, plain)
