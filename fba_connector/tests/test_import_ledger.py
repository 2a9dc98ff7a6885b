"""The inbox remembers what was booked: whatever becomes of the sales order, its goods leave once."""

import importlib.util

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import file_path

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestImportLedger(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "ledger_clerk", groups="fba_connector.group_fba_user")
        cls.seller = new_test_user(cls.env, "ledger_sales", groups="sales_team.group_sale_manager")
        cls.admin = new_test_user(cls.env, "ledger_admin", groups="fba_connector.group_fba_manager")

    def payload(self, **values):
        return sold_order({"sku": "A", "quantity": 2, "ITEM": "20.00"}, total="20.00", **values)

    def imported(self, account=None, **values):
        row = stage(account or self.account, self.payload(**values))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    def change(self, row, day=22):
        """Amazon changes the order, and the scheduled action reads it."""
        stage(row.account_id, self.payload(order_id=row.amazon_order_id, lastUpdatedTime=f"2026-11-{day}T10:00:00Z"))
        self.assertTrue(row.is_due)
        self.run_job("import_amazon_orders")

    def delete(self, sale):
        """As a sales manager does."""
        sale = sale.with_user(self.seller)
        sale.action_cancel()
        sale.unlink()

    def return_all(self, picking):
        wizard = self.env["stock.return.picking"].create({"picking_id": picking.id})
        back = self.env["stock.picking"].browse(wizard.action_create_returns_all()["res_id"])
        back.location_dest_id = self.afn.lot_stock_id
        back.move_ids.write({"location_dest_id": self.afn.lot_stock_id.id, "picked": True})
        back.button_validate()
        self.assertEqual(back.state, "done")

    def sales(self):
        return self.env["sale.order"].search([("amazon_order_id", "!=", False)])

    def assert_left_once(self, row, name, delivery):
        self.assertRecordValues(row, [{"state": "done", "sale_id": False, "booked_name": name, "booked_total": 20.0}])
        self.assertEqual(row.booked_delivery_ids, delivery)
        self.assertIn(f"{name} was deleted", row.error_message)
        self.assertIn(delivery.name, row.error_message)
        self.assertEqual(row.error_message.sentence.code, "gone")
        self.assertFalse(self.sales())
        self.assertEqual(self.on_hand(self.product_a), 8)

    def test_deleted_order_is_not_imported_again(self):
        row = self.imported()
        name, delivery = row.sale_id.name, row.sale_id.picking_ids
        self.delete(row.sale_id)
        self.assertEqual(delivery.exists().state, "done", "what has left stays booked")
        self.assert_left_once(row, name, delivery)
        self.change(row)
        self.assert_left_once(row, name, delivery)
        row.with_user(self.clerk).action_replay()
        self.account.import_from = "2026-10-01"  # searches and looks at early orders again
        self.run_job("import_amazon_orders")
        self.assert_left_once(row, name, delivery)

    def test_deleted_order_does_not_look_like_units_to_book(self):
        row = self.imported()
        self.delete(row.sale_id)
        stage(self.account, self.payload(lastUpdatedTime="2026-11-22T10:00:00Z"))
        balance = self.afn.sudo()._fba_weigh(self.product_a)
        self.assertFalse(balance.inbox.shipped[self.product_a])

    def test_import_again_books_it_once_more_on_purpose(self):
        row = self.imported()
        first = row.sale_id.picking_ids
        with self.assertRaisesRegex(UserError, f"is sales order {row.sale_id.name}. Cancel and delete"):
            row.with_user(self.clerk).action_import_again()
        self.return_all(first)
        self.assertEqual(self.on_hand(self.product_a), 10)
        self.delete(row.sale_id)
        with self.assertRaises(AccessError):
            row.with_user(self.seller).action_import_again()
        row.with_user(self.clerk).action_import_again()
        self.assertRecordValues(row, [{"state": "done", "import_again": False, "booked_name": row.sale_id.name}])
        self.assertEqual(row.booked_delivery_ids, first | row.sale_id.picking_ids)
        self.assertEqual(self.on_hand(self.product_a), 8)
        self.assertIn("once more", row.sale_id.message_ids[0].body)
        with self.assertRaises(UserError):
            row.with_user(self.clerk).action_import_again()
        self.delete(row.sale_id)
        self.change(row)
        self.assertFalse(row.sale_id, "it was asked for once")

    def test_import_again_that_fails_is_asked_for_still(self):
        row = self.imported()
        self.delete(row.sale_id)
        self.product_a.default_code = "OTHER"
        row.with_user(self.clerk).action_import_again()
        self.assertRecordValues(row, [{"state": "error", "missing_sku": "A"}])
        balance = self.afn.sudo()._fba_weigh(self.product_a)
        self.assertEqual(balance.inbox.shipped_of_sku["A"], 2)
        self.product_a.default_code = "A"
        self.run_job("import_amazon_orders")
        self.assertEqual((row.state, row.sale_id.state), ("done", "sale"))
        self.assertEqual(self.on_hand(self.product_a), 6)

    def test_import_again_is_for_orders_that_were_imported(self):
        row = stage(self.account, self.payload(status="UNSHIPPED"))
        row._process()
        with self.assertRaisesRegex(UserError, "has not been imported yet"):
            row.with_user(self.clerk).action_import_again()

    def taken_back(self, order_id):
        """{code: Amazon's later word on the order `order_id` that it had shipped}."""
        later = {"order_id": order_id, "lastUpdatedTime": "2026-11-22T10:00:00Z"}
        item = {"sku": "A", "quantity": 2, "ITEM": "20.00", "fulfilled": 0}
        by_seller = {"fulfillment": {"fulfillmentStatus": "SHIPPED", "fulfilledBy": "MERCHANT"}}
        return {
            "cancelled": self.payload(**later, status="CANCELLED"),
            "nothing_shipped": sold_order(item, total="20.00", **later),
            "not_fulfilled": self.payload(**later, **by_seller),
        }

    def test_import_again_of_an_order_that_amazon_took_back(self):
        """It was shipped and booked, whatever Amazon says of it now."""
        for number, why in enumerate(self.taken_back(""), 1):
            with self.subTest(why):
                row = self.imported(order_id=f"111-0000000-000000{number}")
                name, delivery = row.sale_id.name, row.booked_delivery_ids
                self.delete(row.sale_id)
                stage(self.account, self.taken_back(row.amazon_order_id)[why])
                there = self.on_hand(self.product_a)
                for _time in range(2):
                    row.with_user(self.clerk).action_import_again()
                    self.assertRecordValues(
                        row, [{"state": "done", "sale_id": False, "import_again": False, "may_import_again": True}]
                    )
                    sentence = row.error_message.sentence
                    self.assertEqual((sentence.code, sentence.values["why"]), ("not_again", why))
                    self.assertRegex(row.error_message, f"Amazon (has|now).*{name} was deleted.*{delivery.name}")
                    self.assertNotIn("before it was shipped", row.error_message)
                self.assertEqual(self.on_hand(self.product_a), there)
                self.assertFalse(self.afn.sudo()._fba_weigh(self.product_a).inbox.shipped[self.product_a])
                self.change(row, 23)  # shipped after all
                self.assertEqual(row.error_message.sentence.code, "gone", "the user asked once")

    def test_import_again_is_meant_however_early_the_order_is(self):
        row = self.imported()
        self.delete(row.sale_id)
        self.account.import_from = "2026-12-01"
        row.with_user(self.clerk).action_import_again()
        self.assertEqual((row.state, row.sale_id.state), ("done", "sale"))
        self.assertEqual(self.on_hand(self.product_a), 6)

    def test_early_order_that_is_to_be_imported_again_waits_as_units_to_book(self):
        row = self.imported()
        self.delete(row.sale_id)
        self.account.import_from = "2026-12-01"
        self.product_a.default_code = "OTHER"
        row.with_user(self.clerk).action_import_again()
        self.assertEqual(row.state, "error")
        self.assertEqual(self.afn.sudo()._fba_weigh(self.product_a).inbox.shipped_of_sku["A"], 2)

    def test_cancelled_and_returned_orders_stay_imported(self):
        row = self.imported()
        sale = row.sale_id
        self.return_all(sale.picking_ids)
        sale.with_user(self.seller).action_cancel()
        self.change(row)
        self.assertEqual((row.sale_id, sale.state), (sale, "cancel"))
        self.assertEqual(self.sales(), sale)
        self.assertEqual(self.on_hand(self.product_a), 10)

    def test_copy_is_an_order_of_its_own(self):
        row = self.imported()
        sale = row.sale_id
        copy = sale.with_user(self.seller).copy()
        self.assertRecordValues(copy.sudo(), [{"amazon_order_id": False, "fba_account_id": False}])
        self.delete(sale)
        self.change(row)
        self.assertFalse(row.sale_id)
        delivery = row.booked_delivery_ids.with_user(self.clerk).copy()
        self.assertFalse(delivery.fba_amazon_order_id)
        with self.assertRaises(AccessError):
            delivery.fba_amazon_order_id = row

    def test_row_that_has_booked_stays_and_so_does_its_account(self):
        row = self.imported()
        self.delete(row.sale_id)
        with self.assertRaisesRegex(UserError, "would book the same order again"):
            row.unlink()
        for product, units in ((self.product_a, 8), (self.product_b, 10)):
            self.stock(self.afn, product, -units)
        self.afn.write({"is_afn": False, "fba_account_id": False})
        with self.assertRaisesRegex(UserError, "Archive it instead"):
            self.account.with_user(self.admin).unlink()
        waiting = stage(self.account, self.payload(order_id="111-0000000-0000009", status="UNSHIPPED"))
        waiting.unlink()

    def test_other_account_does_not_book_the_same_order(self):
        row = self.imported()
        self.afn.fba_marketplace_ids = self.env.ref("fba_connector.marketplace_us")
        other = self.env["fba.account"].create(self.account_values("Same store", **self.another_seller()))
        self.env["stock.warehouse"].create(
            {
                "name": "Same FBA",
                "code": "SFBA",
                "is_afn": True,
                "fba_account_id": other.id,
                "fba_marketplace_id": self.env.ref("fba_connector.marketplace_us").id,
            }
        )
        twin = stage(other, self.payload())
        twin._process()
        self.assertRecordValues(twin, [{"state": "ignored", "sale_id": False, "twin_id": row.id}])
        self.assertIn(f"Account Test store has imported it as {row.sale_id.name}", twin.error_message)
        self.assertEqual(twin.error_message.sentence.code, "twin")
        self.delete(row.sale_id)
        twin.is_due = True
        twin._process()
        self.assertEqual(twin.state, "ignored")
        stage(other, self.taken_back(twin.amazon_order_id)["cancelled"])
        twin.with_user(self.clerk).action_import_again()
        self.assertRecordValues(twin, [{"state": "ignored", "import_again": False, "may_import_again": True}])
        self.assertEqual(twin.error_message.sentence.code, "not_again")
        self.assertNotIn("before it was shipped", twin.error_message)
        stage(other, self.payload(lastUpdatedTime="2026-11-23T10:00:00Z"))
        twin.with_user(self.clerk).action_import_again()
        self.assertRecordValues(twin, [{"state": "done", "twin_id": False}])
        self.assertEqual(twin.sale_id.fba_account_id, other)

    def test_update_knows_what_an_older_version_has_booked(self):
        rows = self.imported() + self.imported(order_id="111-0000000-0000002")
        deleted, kept = rows
        waiting = stage(self.account, self.payload(order_id="111-0000000-0000003", status="UNSHIPPED"))
        waiting._process()
        names, deliveries = rows.sale_id.mapped("name"), rows.booked_delivery_ids
        rows.booked_delivery_ids.fba_amazon_order_id = False
        self.delete(deleted.sale_id)
        rows.write({"booked_at": False, "booked_name": False, "booked_total": 0, "error_message": False})
        self.env.flush_all()
        path = file_path("fba_connector/migrations/19.0.0.5.0/post-booked_orders.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        for _time in range(2):
            script.migrate(self.env.cr, "19.0.0.4.0")
            self.env.invalidate_all()
            self.assertRecordValues(
                rows,
                [
                    {"booked_name": deleted.amazon_order_id, "booked_total": 20.0, "state": "done"},
                    {"booked_name": names[1], "booked_total": 20.0, "state": "done"},
                ],
            )
        self.assertTrue(all(rows.mapped("booked_at")))
        self.assertEqual(kept.booked_delivery_ids, deliveries[-1])
        self.assertIn("was deleted in Odoo", deleted.error_message)
        self.assertFalse(waiting.booked_at or kept.error_message)
        self.change(deleted)
        self.assertEqual(self.sales(), kept.sale_id)

    def test_buyer_of_a_deleted_order_is_forgotten_too(self):
        self.account.buyer_data = "buyer"
        address = {"name": "Eva Käufer", "addressLine1": "Ring 1", "city": "Wien", "countryCode": "AT"}
        row = self.imported(recipient={"deliveryAddress": address})
        buyer = row.sale_id.partner_id
        self.assertEqual(buyer.name, "Eva Käufer")
        self.delete(row.sale_id)
        row.with_user(self.admin).action_forget_buyers()
        self.assertEqual(buyer.name, "Amazon customer")
