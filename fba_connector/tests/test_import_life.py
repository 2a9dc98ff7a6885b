"""What happens to orders sold on Amazon beside their booking: names, contacts, tracking numbers, later changes."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2.errors import SerializationFailure

from .. import amazon
from .common import FbaCase
from .sold import sold_order, stage

ADDRESS = {
    "name": "Eva Käufer",
    "addressLine1": "Hauptstraße 1",
    "addressLine2": "Hinterhaus",
    "city": "Wien",
    "postalCode": "1010",
    "countryCode": "AT",
    "phone": "+43 1 234",
}


@tagged("post_install", "-at_install")
class TestImportLife(FbaCase):
    def imported(self, number=1, *, item=None, **values):
        row = stage(
            self.account,
            sold_order(
                item or {"sku": "A", "ITEM": "10.00"},
                **{"total": "10.00", "order_id": f"111-0000000-{number:07}", **values},
            ),
        )
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    # === SALES ORDER === #

    def test_orders_are_told_apart_by_marketplace(self):
        self.account.import_team_id = team = self.env["crm.team"].create({"name": "Marketplaces"})
        sale = self.imported().sale_id
        self.assertRecordValues(sale, [{"team_id": team.id, "user_id": False}])
        self.assertEqual(sale.source_id.name, "Amazon.com")
        self.env.flush_all()
        report = self.env["sale.report"].search([("source_id", "=", sale.source_id.id)])
        self.assertEqual(sum(report.mapped("price_total")), 10.00)

    def test_named_as_the_account_wants(self):
        self.assertTrue(self.imported(1).sale_id.name.startswith("S"))
        self.account.order_naming = "amazon"
        self.assertEqual(self.imported(2).sale_id.name, "111-0000000-0000002")

    def test_amazons_dates_are_kept(self):
        sale = self.imported().sale_id
        self.assertEqual(str(sale.date_order), "2026-11-20 09:00:00")
        self.assertEqual(str(sale.picking_ids.date_done), "2026-11-21 18:30:00")
        self.assertEqual(sale.effective_date, sale.picking_ids.date_done)

    # === BUYERS === #

    def test_shipping_cost_that_is_added_to_new_orders_is_not_added_to_amazons(self):
        """As OCA's delivery_auto_refresh does it, while the order is created."""
        service = self.env["product.product"].create({"name": "Way", "type": "service"})
        carrier = self.env["delivery.carrier"].create({"name": "Parcel", "product_id": service.id})
        Sale = type(self.env["sale.order"])
        create = Sale.create

        def create_with_cost(sales, vals_list):
            sales = create(sales, vals_list)
            for sale in sales:
                sale._create_delivery_line(carrier, 7)
            return sales

        with patch.object(Sale, "create", create_with_cost):
            sale = self.imported().sale_id
            self.assertEqual(sale.amount_total, 10)
            own = self.sell({self.product_a: 1})
        self.assertEqual(len(own.order_line), 2)

    def test_without_data_of_buyers_there_is_one_contact(self):
        self.assertEqual(self.imported(1).sale_id.partner_id, self.imported(2).sale_id.partner_id)
        row = self.imported(3, recipient={"deliveryAddress": ADDRESS})
        self.assertNotIn("recipient", row.payload)
        self.assertFalse(row.has_personal_data)

    def test_contact_for_each_buyer_is_forgotten_in_time(self):
        self.account.buyer_data = "buyer"
        first = self.imported(1, recipient={"deliveryAddress": ADDRESS})
        again = self.imported(2, recipient={"deliveryAddress": {**ADDRESS, "name": "eva  KÄUFER"}})
        nameless = self.imported(3, recipient={"deliveryAddress": {"countryCode": "AT"}})
        partner = first.sale_id.partner_id
        self.assertEqual(again.sale_id.partner_id, partner)
        self.assertNotEqual(nameless.sale_id.partner_id, partner)
        self.assertRecordValues(
            partner, [{"name": "Eva Käufer", "city": "Wien", "country_id": self.env.ref("base.at").id, "email": False}]
        )
        self.assertNotIn("+43", str(first.payload))
        self.assertFalse(partner.phone)

        first.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        again.amazon_updated_at = fields.Datetime.now()
        self.run_job("anonymize")
        self.assertEqual(partner.name, "Eva Käufer", "a later order still needs it")
        self.assertNotIn("Käufer", str(first.payload))

        again.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertRecordValues(
            partner,
            [{"name": "Amazon customer", "street": False, "city": False, "zip": False, "active": False}],
        )
        self.assertNotIn("Käufer", str(again.payload))
        self.assertFalse((first + again).filtered("has_personal_data"))
        self.assertEqual(first.sale_id.amount_total, 10.00, "the order stays")

    def test_destination_decides_the_fiscal_position(self):
        self.account.buyer_data = "region"
        here = self.env["account.tax"].create(
            {"name": "19 incl", "amount": 19, "price_include_override": "tax_included"}
        )
        there = self.env["account.tax"].create(
            {
                "name": "20 incl",
                "amount": 20,
                "price_include_override": "tax_included",
                "original_tax_ids": [Command.set(here.ids)],
            }
        )
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Austria",
                "auto_apply": True,
                "country_id": self.env.ref("base.at").id,
                "tax_ids": [Command.link(there.id)],
            }
        )
        self.product_a.taxes_id = here
        row = self.imported(
            item={"sku": "A", "ITEM": "12.00", "TAX": "2.00"},
            total="12.00",
            recipient={"deliveryAddress": ADDRESS},
        )
        self.assertNotIn("Käufer", str(row.payload))
        self.assertEqual(row.sale_id.fiscal_position_id, position)
        self.assertEqual(row.sale_id.order_line.tax_ids, there)
        self.assertEqual(row.sale_id.amount_tax, 2.00)

    # === LATER === #

    def test_change_after_import_is_told_once_and_books_nothing(self):
        row = self.imported()
        sale = row.sale_id
        self.assertFalse(sale.activity_ids)
        changed = sold_order(
            {"sku": "A", "ITEM": "10.00"}, total="0.00", status="CANCELLED", lastUpdatedTime="2026-11-22T10:00:00Z"
        )
        stage(self.account, changed)._process()
        self.assertEqual(row.state, "done")
        self.assertIn("status SHIPPED → CANCELLED; total 10.00 → 0.00", row.error_message)
        self.assertEqual(sale.activity_ids.activity_type_id.name, "Changed by Amazon")
        self.assertIn("0.00", sale.activity_ids.note)
        self.assertRecordValues(sale, [{"state": "sale", "amount_total": 10.00, "delivery_status": "full"}])

        stage(self.account, {**changed, "lastUpdatedTime": "2026-11-23T10:00:00Z"})._process()
        self.assertEqual(len(sale.activity_ids), 1)
        self.assertIn("CANCELLED", row.error_message, "and stays to be seen")

    def test_update_that_changes_nothing_says_nothing(self):
        row = self.imported()
        stage(
            self.account,
            sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", lastUpdatedTime="2026-11-22T10:00:00Z"),
        )._process()
        self.assertRecordValues(row, [{"state": "done", "error_message": False}])
        self.assertFalse(row.sale_id.activity_ids)

    def test_echo_of_somebody_elses_order_is_ignored(self):
        channel = {"channelName": "NON_AMAZON", "marketplaceId": "ATVPDKIKX0DER"}
        row = stage(self.account, sold_order({"sku": "A"}, salesChannel=channel))
        row._process()
        self.assertRecordValues(row, [{"state": "ignored", "sale_id": False}])
        self.assertIn("not sent to Amazon from this Odoo", row.error_message)

    # === SKU === #

    def test_unknown_sku_is_imported_by_itself_once_it_is_known(self):
        self.account.import_orders = True
        row = stage(self.account, sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00"))
        self.run_job("import_amazon_orders")
        self.assertRecordValues(row, [{"state": "error", "missing_sku": "NEW"}])
        self.product_b.default_code = "NEW"
        self.run_job("import_amazon_orders")
        self.assertRecordValues(row, [{"state": "done", "missing_sku": False}])

    def test_product_is_created_from_the_wizard_and_waiting_orders_come_in(self):
        rows = stage(
            self.account,
            *(
                sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00", order_id=f"111-0000000-000000{number}")
                for number in range(3)
            ),
        )
        rows._process()
        action = rows[0].action_map()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual((wizard.seller_sku, wizard.amazon_name), ("NEW", "Title of NEW"))
        wizard.action_create_product()
        self.assertEqual(rows.mapped("state"), ["done"] * 3)
        product = rows.sale_id.order_line.product_id
        self.assertRecordValues(product, [{"name": "Title of NEW", "default_code": "NEW", "is_storable": True}])

    def test_only_administrators_map(self):
        row = stage(self.account, sold_order({"sku": "NEW", "ITEM": "10.00"}, total="10.00"))
        row._process()
        user = new_test_user(self.env, "fba_user", groups="fba_connector.group_fba_user")
        with self.assertRaises(AccessError):
            row.with_user(user).action_map()
        row.with_user(user).action_replay()
        salesman = new_test_user(self.env, "salesman", groups="sales_team.group_sale_salesman")
        with self.assertRaises(AccessError):
            row.with_user(salesman).action_replay()

    # === OTHER CONNECTORS === #

    def test_warns_of_another_connector(self):
        self.assertFalse(self.account.other_connectors)
        module = self.env["ir.module.module"].search([("name", "=", "sale_stock")])
        self.patch(type(self.account), "_other_connectors", ("sale_stock",))
        self.account.invalidate_recordset()
        self.assertEqual(self.account.other_connectors, module.shortdesc)


@tagged("post_install", "-at_install")
class TestTracking(FbaCase):
    def with_report(self, *items):
        """Imported orders of these sales, and a report with their numbers, ready to be fetched."""
        ids = [self.sell_on_amazon(item) for item in items]
        self.run_job("import_amazon_orders")
        self.advance(minutes=300)  # a report knows of a shipment some hours later
        self.account.write({"tracking_report_id": False, "tracking_asked_at": False})
        self.run_job("import_amazon_orders")
        self.advance(minutes=60)  # Amazon makes the report
        self.assertTrue(self.account.tracking_report_id)
        return self.env["fba.amazon.order"].search([("amazon_order_id", "in", ids)], order="id")

    def test_numbers_wait_for_an_order_that_is_busy(self):
        row = self.with_report(("A", 1, "10.00", {}))
        with patch.object(type(row), "_apply_tracking", side_effect=SerializationFailure):
            self.run_job("import_amazon_orders")
        self.assertTrue(self.account.tracking_report_id, "the report is read again")
        self.assertFalse(row.shipped_item_ids, "a number that is stored is on its delivery, too")
        self.run_job("import_amazon_orders")
        self.assertFalse(self.account.tracking_report_id)
        self.assertEqual(row.sale_id.picking_ids.carrier_tracking_ref, row.shipped_item_ids.tracking_number)

    @mute_logger("odoo.addons.fba_connector.models.account.fba_account_runs")
    def test_number_that_cannot_be_written_leaves_the_others(self):
        rows = self.with_report(("A", 1, "10.00", {}), ("B", 1, "10.00", {}))
        bad, good = rows
        apply_tracking = type(rows)._apply_tracking

        def fail(these):
            if bad in these:
                raise ValueError("The delivery is odd.")
            return apply_tracking(these)

        with patch.object(type(rows), "_apply_tracking", fail):
            self.run_job("import_amazon_orders")
        self.assertTrue(good.sale_id.picking_ids.carrier_tracking_ref)
        self.assertRecordValues(bad, [{"state": "done"}])
        self.assertIn("The delivery is odd.", bad.error_message)
        self.assertFalse(self.account.tracking_report_id)

    def test_tracking_comes_from_the_report(self):
        sale = self.control(
            "POST",
            "sales",
            marketplace_id="ATVPDKIKX0DER",
            items=[
                {"seller_sku": "A", "quantity": 2, "item_price": "20.00"},
                {"seller_sku": "B", "quantity": 1, "item_price": "5.00"},
            ],
        )
        self.advance(minutes=10)
        self.run_job("import_amazon_orders")
        order = self.env["sale.order"].search([("amazon_order_id", "=", sale["amazon_order_id"])])
        picking = order.picking_ids
        self.assertFalse(picking.carrier_tracking_ref)
        self.assertTrue(self.account.tracking_report_id, "asked for")

        self.advance(minutes=60)  # Amazon makes the report
        self.run_job("import_amazon_orders")
        self.assertFalse(self.account.tracking_report_id, "taken")
        self.assertFalse(order.fba_shipped_item_ids, "a report knows of a shipment some hours later")
        self.run_job("import_amazon_orders")
        self.assertFalse(self.account.tracking_report_id, "not asked for again that soon")

        self.advance(minutes=240)
        self.account.tracking_asked_at -= timedelta(hours=5)
        self.run_job("import_amazon_orders")
        self.advance(minutes=60)
        self.run_job("import_amazon_orders")
        told = self.control("GET", "sales")[0]["shipments"][0]
        self.assertEqual(picking.carrier_tracking_ref, told["tracking_number"])
        self.assertIn(told["tracking_number"], picking.carrier_tracking_url)
        self.assertEqual(sorted(order.fba_shipped_item_ids.mapped("seller_sku")), ["A", "B"])
        self.assertEqual(str(picking.date_done), told["shipped_at"].replace("T", " ").removesuffix("Z"))
        reports = len(self.journal("createReport"))

        self.account.tracking_asked_at -= timedelta(hours=5)
        self.run_job("import_amazon_orders")
        self.assertEqual(len(self.journal("createReport")), reports, "nothing is missing any more")

    def test_rows_may_repeat_and_correct_each_other(self):
        row = stage(self.account, sold_order({"sku": "A", "quantity": 2, "ITEM": "10.00"}, total="10.00"))
        row._process()
        Item = self.env["fba.shipped.item"]

        def told(key, tracking):
            return next(
                amazon.shipped_items(
                    [
                        {
                            "amazon-order-id": row.amazon_order_id,
                            "shipment-item-id": key,
                            "shipment-id": "D1",
                            "sku": "A",
                            "quantity-shipped": "1",
                            "carrier": "UPS",
                            "tracking-number": tracking,
                            "shipment-date": "2026-11-21T20:00:00+00:00",
                        }
                    ]
                )
            )

        Item._store(self.account, [told("i1", "1Z1")])._apply_tracking()
        self.assertFalse(row.is_tracked, "one of the two units")
        for _time in range(2):
            Item._store(self.account, [told("i1", "1Z1"), told("i2", ""), told("i1", "1Z1")])._apply_tracking()
            self.assertEqual(len(row.shipped_item_ids), 2)
        self.assertFalse(row.is_tracked)
        self.assertFalse(Item._store(self.account, [told("i1", "1Z1")]), "no news")
        Item._store(self.account, [told("i2", "1Z2")])._apply_tracking()
        self.assertTrue(row.is_tracked)
        self.assertEqual(row.sale_id.picking_ids.carrier_tracking_ref, "1Z1,1Z2")
        self.assertIn('["1Z2", "https://', row.sale_id.picking_ids.carrier_tracking_url)

    def test_report_that_cannot_be_read_is_given_up(self):
        self.sell_on_amazon(("A", 1, "10.00", {}))
        self.run_job("import_amazon_orders")
        self.assertTrue(self.account.tracking_report_id)
        self.account.tracking_report_id = "999"
        self.run_job("import_amazon_orders")
        self.assertFalse(self.account.tracking_report_id)
        self.assertEqual(self.account.connection_state, "rejected", "told once")
        self.run_job("import_amazon_orders")
        self.assertEqual(self.account.connection_state, "ok")

    def test_report_that_does_not_come_is_asked_for_again_the_next_day(self):
        self.sell_on_amazon(("A", 1, "10.00", {}))
        self.run_job("import_amazon_orders")
        first = self.account.tracking_report_id
        self.account.tracking_asked_at -= timedelta(hours=25)
        self.run_job("import_amazon_orders")
        self.assertNotIn(self.account.tracking_report_id, (False, first))
