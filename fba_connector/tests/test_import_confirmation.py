"""Orders that Odoo does not confirm, or whose delivery it does not book, though it raises no error."""

from unittest.mock import patch

from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestConfirmation(FbaCase):
    """A module with exception rules keeps orders as quotations, without an error, and the whole batch with them."""

    def setUp(self):
        super().setUp()
        self.stopped = self.product_b
        Sale = type(self.env["sale.order"])
        confirm = Sale.action_confirm

        def action_confirm(orders):
            if orders.order_line.product_id & self.stopped:
                return {"type": "ir.actions.act_window", "res_model": "sale.exception.confirm"}
            return confirm(orders)

        self.patch(Sale, "action_confirm", action_confirm)

    def test_order_that_a_rule_stops_stops_no_other(self):
        rows = stage(
            self.account,
            *(
                sold_order({"sku": sku, "ITEM": "10.00"}, total="10.00", order_id=f"111-0000000-000000{number}")
                for number, sku in enumerate("ABA", 1)
            ),
        )
        rows._process()
        self.assertEqual(rows.mapped("state"), ["done", "error", "done"])
        self.assertEqual(set(rows.sale_id.mapped("state")), {"sale"})
        self.assertIn("does not confirm the order", rows[1].error_message)
        self.assertEqual(rows[1].error_message.sentence.code, "unconfirmed")
        self.assertEqual((self.on_hand(self.product_a), self.on_hand(self.product_b)), (8, 10))
        self.stopped = self.stopped.browse()
        clerk = new_test_user(self.env, "rule_clerk", groups="fba_connector.group_fba_user")
        rows[1].with_user(clerk).action_replay()
        self.assertEqual((rows[1].state, rows[1].sale_id.state, self.on_hand(self.product_b)), ("done", "sale", 9))

    def test_rule_is_told_in_its_own_words(self):
        row = stage(self.account, sold_order({"sku": "B", "ITEM": "10.00"}, total="10.00"))
        words = "<ul><li>No phone: <b>call</b> first</li></ul>"
        with patch.object(type(self.env["sale.order"]), "exceptions_summary", words, create=True):
            row._process()
        self.assertEqual(row.state, "error")
        self.assertIn("No phone: *call* first", row.error_message)

    def test_delivery_that_stays_open_is_told(self):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00"))
        with patch.object(type(self.env["stock.picking"]), "_action_done", lambda pickings: True):
            row._process()
        self.assertEqual((row.state, row.sale_id), ("error", self.env["sale.order"]))
        self.assertIn("does not book the delivery of 111-0000000-0000001", row.error_message)
        self.assertEqual(row.error_message.sentence.code, "undelivered")
        self.assertEqual(self.on_hand(self.product_a), 10)
