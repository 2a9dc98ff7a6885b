"""The first synchronization: shows what it would book, asks, and books just that."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestFirstSync(FbaCase):
    def first_sync(self):
        """The action as the button runs it, with its commits."""
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            action = self.account.with_env(self.env(cr=cr)).action_first_sync()
        self.env.invalidate_all()
        return self.env["fba.first.sync.wizard"].browse(action["res_id"])

    def test_nothing_is_read_or_booked_before_it_is_confirmed(self):
        self.control("PUT", "stock/A", fulfillable=500)
        self.run_job("sync_inventory")
        self.assertFalse(self.journal("getInventorySummaries"))
        self.assertEqual(self.on_hand(self.product_a), 10)

    def test_dialog_shows_what_it_would_book_and_books_it_when_agreed(self):
        self.product_a.standard_price = 3
        self.control("PUT", "stock/A", fulfillable=12, unfulfillable=1, transshipment=2)
        self.control("PUT", "stock/STRANGE", fulfillable=4)
        wizard = self.first_sync()
        self.assertRecordValues(
            wizard.line_ids,
            [
                {
                    "product_id": self.product_a.id,
                    "odoo_quantity": 10,
                    "amazon_quantity": 15,
                    "difference": 5,
                    "value": 15,
                }
            ],
        )
        self.assertEqual((wizard.product_count, wizard.unknown_count, wizard.value), (2, 1, 15))
        self.assertEqual(self.on_hand(self.product_a), 10, "shown, not booked")

        wizard.action_confirm()

        stock = self.afn.sudo()._fba_stock(self.product_a)[self.product_a]
        self.assertEqual((stock["stock"], stock["held"], stock["unsellable"]), (12, 2, 1))
        self.assertTrue(self.account.first_sync_confirmed)

    def test_old_counts_are_not_booked(self):
        wizard = self.first_sync()
        wizard.counted_at = fields.Datetime.subtract(fields.Datetime.now(), hours=2)
        with self.assertRaisesRegex(UserError, "an hour old"):
            wizard.action_confirm()

    def test_only_administrators_may_and_amazons_refusal_is_a_sentence(self):
        user = self.env["res.users"].create(
            {
                "name": "U",
                "login": "fba-u",
                "group_ids": [(4, self.env.ref("fba_connector.group_fba_user").id)],
            }
        )
        with self.assertRaises(UserError):
            self.account.with_user(user).action_first_sync()

    def test_what_has_shipped_and_waits_in_the_inbox_is_neither_shown_nor_booked(self):
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A"})
        items = [{"seller_sku": "A", "quantity": 4, "item_price": "10.00"}]
        sale = self.control("POST", "sales", items=items, status="UNSHIPPED")["amazon_order_id"]
        shipped = [{"seller_sku": "A", "quantity": 1}]
        self.control("POST", f"sales/{sale}/status", status="PARTIALLY_SHIPPED", shipped=shipped)
        self.control("POST", "clock/advance", seconds=600)
        wizard = self.first_sync()
        self.assertFalse(wizard.line_ids)
        wizard.action_confirm()
        self.assertFalse(
            self.env["stock.move"].search([("product_id", "=", self.product_a.id), ("is_inventory", "=", True)])
        )

    def test_stock_that_changed_since_it_was_shown_is_not_booked(self):
        self.control("PUT", "stock/A", fulfillable=12)
        wizard = self.first_sync()
        self.stock(self.afn, self.product_a, -1)
        with self.assertRaisesRegex(UserError, "changed since"):
            wizard.action_confirm()
        self.assertFalse(self.account.first_sync_confirmed)
