"""A database that refuses negative stock, as a module such as stock_no_negative makes it."""

from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .sold import sold_order, stage
from .test_first_sync import FirstSyncCase


@tagged("post_install", "-at_install")
class TestNoNegativeStock(FirstSyncCase):
    def setUp(self):
        super().setUp()
        Quant = type(self.env["stock.quant"])
        validate = Quant._validate_fields

        def validate_fields(quants, names, *args):
            validate(quants, names, *args)
            for quant in quants if "quantity" in names else ():
                if quant.location_id.usage == "internal" and quant.quantity < 0:
                    words = f"Negative stock of {quant.product_id.name} in {quant.location_id.name}"
                    raise ValidationError(words)

        self.patch(Quant, "_validate_fields", validate_fields)

    def sale(self, sku, units, number=1):
        row = stage(
            self.account,
            sold_order(
                {"sku": sku, "quantity": units, "ITEM": "10.00"}, total="10.00", order_id=f"111-0000000-000000{number}"
            ),
        )
        row._process()
        return row

    def test_first_synchronization_books_what_is_lost_and_moved(self):
        self.control("PUT", "stock/A", fulfillable=6, unfulfillable=1)
        self.control("PUT", "stock/B", fulfillable=3, transshipment=9)
        sync = self.book(self.counted())
        self.assertEqual(sync.state, "done", sync.failure_message)
        self.assertFalse(sync.failed_count, sync.noted_ids.mapped("note"))
        self.assertEqual(self.in_odoo(self.product_a), (6, 0, 1))
        self.assertEqual(self.in_odoo(self.product_b), (3, 9, 0))

    def test_later_losses_and_finds_are_booked(self):
        self.book(self.counted())
        self.control("PUT", "stock/A", fulfillable=4, unfulfillable=1)
        self.control("PUT", "stock/B", fulfillable=13, unfulfillable=2)
        self.synchronize()
        self.assertFalse(self.env["fba.discrepancy"].search([("failure_message", "!=", False)]))
        self.assertEqual(self.in_odoo(self.product_a), (4, 0, 1))
        self.assertEqual(self.in_odoo(self.product_b), (13, 0, 2))

    def test_sale_of_more_than_odoo_has_waits_for_its_units(self):
        row = self.sale("A", 12)
        self.assertEqual(row.state, "pending", row.error_message)
        self.assertIn("it has 10 of 12 × [A] Product A", row.error_message)
        self.assertEqual(row.error_message.sentence.code, "unstocked")
        self.assertFalse(self.env["sale.order"].search([("amazon_order_id", "=", row.amazon_order_id)]))
        other = self.sale("A", 3, number=2)
        self.assertEqual((other.state, self.on_hand(self.product_a)), ("done", 7))
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.is_due), ("pending", False))
        self.stock(self.afn, self.product_a, 4)
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.is_due), ("pending", False), "11 of 12")
        self.stock(self.afn, self.product_a, 1)
        self.run_job("import_amazon_orders")
        self.assertRecordValues(row, [{"state": "done", "awaited_units": False, "error_message": False}])
        self.assertEqual(self.on_hand(self.product_a), 0)

    def test_units_that_amazon_counted_and_sold_are_found_and_then_delivered(self):
        self.book(self.counted())
        self.control("PUT", "stock/A", fulfillable=12)
        sale = self.sell_on_amazon(("A", 12, "10.00", {}))
        self.run_job("import_amazon_orders")
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        self.assertEqual(row.state, "pending", row.error_message)
        earlier = fields.Datetime.subtract(fields.Datetime.now(), hours=1)  # a count may not show it at first
        row.payload = {**row.payload, "lastUpdatedTime": f"{earlier.isoformat()}Z"}
        self.synchronize()
        self.assertEqual(self.in_odoo(self.product_a), (0, 12, 0))
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, self.in_odoo(self.product_a)), ("done", (0, 0, 0)), row.error_message)

    def test_other_refusals_of_a_delivery_stay_errors(self):
        words = "No deliveries on Sundays."
        stuck = type(self.env["stock.move"])._action_done

        def action_done(moves, *args, **options):
            raise ValidationError(words)

        self.patch(type(self.env["stock.move"]), "_action_done", action_done)
        row = self.sale("A", 2)
        self.assertRecordValues(row, [{"state": "error", "error_message": words}])
        self.patch(type(self.env["stock.move"]), "_action_done", stuck)
        row.action_replay()
        self.assertEqual(row.state, "done")
