"""The shipments report: rows without a key, and orders that changed long after they left."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from .. import amazon
from . import test_import_life
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestShipmentsReport(FbaCase):
    with_report = test_import_life.TestTracking.with_report

    def items(self, row, *told):
        """amazon.ShippedItem of one report on `row`; `told` are {column: text}."""
        line = {
            "amazon-order-id": row.amazon_order_id,
            "shipment-item-id": "",
            "amazon-order-item-id": "55",
            "shipment-id": "D1",
            "sku": "A",
            "quantity-shipped": "1",
            "carrier": "UPS",
            "tracking-number": "1Z1",
        }
        return list(amazon.shipped_items([{**line, **columns} for columns in told]))

    def imported(self, quantity=2):
        row = stage(self.account, sold_order({"sku": "A", "quantity": quantity, "ITEM": "10.00"}, total="10.00"))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    def test_rows_without_a_key_bring_their_numbers_once(self):
        self.habit("blank_shipment_item_id", operation="reportDocument")
        rows = self.with_report(("A", 2, "10.00", {}), ("B", 1, "10.00", {}))
        for _report in range(2):
            self.run_job("import_amazon_orders")
            self.assertFalse(self.account.tracking_report_id)
            self.assertEqual([sum(row.shipped_item_ids.mapped("quantity")) for row in rows], [2, 1])
            self.assertTrue(all(rows.mapped("is_tracked")))
            for row in rows:
                number = ",".join(dict.fromkeys(row.shipped_item_ids.mapped("tracking_number")))
                self.assertEqual(row.sale_id.picking_ids.carrier_tracking_ref, number)
            request = amazon.ReportRequest(amazon.reports.SHIPMENTS, ("ATVPDKIKX0DER",))
            with self.account._open_gateway() as gateway:
                self.account.tracking_report_id = gateway.create_report(request)
            self.advance(minutes=60)
        reports = len(self.journal("createReport"))
        self.account.write({"tracking_report_id": False, "tracking_asked_at": False})
        self.run_job("import_amazon_orders")
        self.assertEqual(len(self.journal("createReport")), reports, "nothing is missing any more")

    def test_equal_rows_of_a_report_are_as_many_items_however_often_it_is_read(self):
        row, Item = self.imported(), self.env["fba.shipped.item"]
        for _report in range(2):
            Item._store(self.account, self.items(row, {}, {"tracking-number": "1Z2"}))
            self.assertEqual(sorted(row.shipped_item_ids.mapped("tracking_number")), ["1Z1", "1Z2"])
        self.assertTrue(row.is_tracked)

    def test_key_that_comes_later_or_goes_makes_no_second_item(self):
        for first, second in (("", "K1"), ("K1", "")):
            with self.subTest(first=first, second=second):
                row, Item = self.imported(), self.env["fba.shipped.item"]
                row.shipped_item_ids.unlink()
                one, other = ({"shipment-item-id": key} for key in (first, second))
                Item._store(self.account, self.items(row, one))
                Item._store(self.account, self.items(row, other | {"tracking-number": "1Z9"}))
                self.assertRecordValues(row.shipped_item_ids, [{"quantity": 1, "tracking_number": "1Z9"}])
                self.assertFalse(row.is_tracked, "one of two units")
                Item._store(self.account, self.items(row, other, {"shipment-item-id": "K2"}))
                self.assertEqual(len(row.shipped_item_ids), 2)

    def test_report_begins_before_an_order_left_that_changed_days_later(self):
        sale = self.sell_on_amazon(("A", 2, "20.00", {}))
        self.advance(minutes=60 * 24 * 4)
        self.control("POST", f"sales/{sale}/money", items=[{"seller_sku": "A", "item_price": "12.50"}])
        self.advance(minutes=10)
        self.run_job("import_amazon_orders")
        self.advance(minutes=60)
        self.run_job("import_amazon_orders")
        row = self.env["fba.amazon.order"].search([("amazon_order_id", "=", sale)])
        self.assertTrue(row.is_tracked)

    def test_report_is_never_longer_than_a_month(self):
        row = self.imported()
        now = fields.Datetime.now()
        row.write({"ordered_at": now - timedelta(days=50), "amazon_updated_at": now})
        self.run_job("import_amazon_orders")
        (call,) = self.journal("createReport")
        self.assertEqual(call["status"], 202)
        begins = fields.Datetime.to_datetime(call["body"]["dataStartTime"].removesuffix("Z").replace("T", " "))
        self.assertAlmostEqual(begins, fields.Datetime.now() - timedelta(days=30), delta=timedelta(minutes=5))
