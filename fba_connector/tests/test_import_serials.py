"""Serial numbers that Amazon names for orders sold there."""

from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestImportSerials(FbaCase):
    def setUp(self):
        super().setUp()
        self.product_a.tracking = "serial"

    def deliveries(self, *sales):
        """The done delivery of each of these sales: (units, serial numbers)."""
        ids = [self.sell_on_amazon(("A", units, "10.00", {"serial_numbers": names})) for units, names in sales]
        self.run_job("import_amazon_orders")
        rows = self.env["fba.amazon.order"].search([("amazon_order_id", "in", ids)], order="id")
        self.assertEqual(set(rows.mapped("state")), {"done"}, rows.mapped("error_message"))
        return rows.sale_id.picking_ids.sorted("id")

    def numbers(self, delivery):
        return [(line.lot_id.name, line.quantity) for line in delivery.move_line_ids.sorted("id")]

    def test_units_leave_with_the_numbers_that_amazon_names(self):
        all_named, some, none = self.deliveries((2, ["S1", "S2"]), (3, ["S3"]), (1, []))
        self.assertEqual(self.numbers(all_named), [("S1", 1), ("S2", 1)])
        self.assertEqual(self.numbers(some), [("S3", 1), (False, 2)])
        self.assertEqual(self.numbers(none), [(False, 1)])
        self.assertEqual(self.on_hand(self.product_a), 4)
        self.assertEqual(some.sale_id.order_line[0].qty_delivered, 3)
        quants = self.env["stock.quant"]._gather(self.product_a, self.afn.lot_stock_id)
        self.assertEqual(sum(quants.filtered("lot_id").mapped("quantity")), 0)

    def test_number_that_was_sold_already_is_noted(self):
        self.deliveries((1, ["S1"]))
        delivery = self.deliveries((2, ["S1", "S2"]))
        self.assertEqual(self.numbers(delivery), [("S2", 1), (False, 1)])
        self.assertIn("S1", "".join(delivery.message_ids.mapped("body")))

    def test_same_number_in_two_orders_of_a_batch_goes_to_the_first(self):
        first, second = self.deliveries((1, ["S1"]), (1, ["S1"]))
        self.assertEqual((self.numbers(first), self.numbers(second)), ([("S1", 1)], [(False, 1)]))

    def test_numbers_of_goods_that_odoo_does_not_track_so_are_left_out(self):
        for tracking in ("lot", "none"):
            with self.subTest(tracking=tracking):
                product = self.product_b
                product.tracking = tracking
                sale = self.sell_on_amazon(("B", 1, "10.00", {"serial_numbers": ["S9"]}))
                self.run_job("import_amazon_orders")
                row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
                self.assertEqual(row.state, "done", row.error_message)
                self.assertFalse(row.sale_id.picking_ids.move_line_ids.lot_id)
