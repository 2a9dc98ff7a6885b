from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestResolve(FbaCase):
    """Amazon shipped 1 of 4 and cannot fulfill 3: how it goes on is a person's choice."""

    def setUp(self):
        super().setUp()
        self.fulfillment = self.sent({self.product_a: 4})
        self.order = self.fulfillment.sale_id
        self.ship(self.fulfillment, ("1Z", {"A": 1}))
        self.cannot_fulfill(self.fulfillment, A=3)
        self.pull()
        self.assertEqual(self.order.fba_status, "exception")

    def wizard(self, user=None):
        record = self.fulfillment.with_user(user) if user else self.fulfillment
        action = record.action_resolve()
        return Form(record.env[action["res_model"]].with_context(**action["context"]))

    def resolve(self, choice, **values):
        form = self.wizard()
        self.assertIn("cannot fulfill 3 of 4", form.message)
        with form.line_ids.edit(0) as line:
            self.assertEqual(line.quantity, 3)
            line.choice = choice
            for name, value in values.items():
                setattr(line, name, value)
        form.save().action_confirm()
        self.assertFalse(self.order.order_line.fba_unsourced_qty)
        self.assertEqual(self.fulfillment.state, "shipped")
        self.assertFalse(self.order.activity_ids)
        self.assert_adds_up(self.order)

    def open_units(self):
        moves = self.order.order_line.move_ids._fba_open()
        return [(move.picking_type_id.warehouse_id, move.product_qty) for move in moves]

    def test_from_the_own_warehouse(self):
        self.resolve("own")
        self.assertEqual(self.open_units(), [(self.own, 3)])
        self.assertEqual(self.order.fba_status, "shipped")

    def test_from_a_warehouse_of_ones_choice(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.resolve("own", warehouse_id=second)
        self.assertEqual(self.open_units(), [(second, 3)])

    def test_from_amazon_again_is_a_new_fulfillment_order(self):
        self.resolve("amazon")
        self.assertEqual(self.open_units(), [(self.afn, 3)])
        again = self.order.fba_fulfillment_order_ids - self.fulfillment
        self.assertRecordValues(again, [{"state": "ready", "unit_count": 3}])
        self.assertNotEqual(again.name, self.fulfillment.name)

    def test_drop(self):
        self.resolve("drop")
        self.assertEqual(self.order.order_line.product_uom_qty, 1)
        self.assertEqual((self.order.fba_status, self.order.delivery_status), ("shipped", "full"))

    def test_nothing_left_to_resolve_is_refused(self):
        self.resolve("drop")
        with self.assertRaisesRegex(UserError, "All units of .* have a source"):
            self.env["fba.resolve.wizard"].create({"sale_id": self.order.id}).action_confirm()

    def test_salesperson_resolves_own_orders_only(self):
        user = new_test_user(self.env, "resolve_salesman", groups="sales_team.group_sale_salesman")
        self.order.user_id = self.env.user
        with self.assertRaises(AccessError):
            self.wizard(user)
        self.order.user_id = user
        form = self.wizard(user)
        with form.line_ids.edit(0) as line:
            line.choice = "amazon"
        form.save().action_confirm()
        self.assertEqual(self.open_units(), [(self.afn, 3)])


@tagged("post_install", "-at_install")
class TestProposals(FbaCase):
    """Amazon cannot fulfill 7 of A; what the dialog proposes, and how a line is split."""

    def setUp(self):
        super().setUp()
        self.fulfillment = self.sent({self.product_a: 7})
        self.order = self.fulfillment.sale_id
        self.clerk = new_test_user(
            self.env, "proposal_clerk", groups="sales_team.group_sale_salesman_all_leads,fba_connector.group_fba_user"
        )
        self.cannot_fulfill(self.fulfillment)
        self.pull()

    def wizard(self):
        self.env.invalidate_all()
        action = self.order.with_user(self.clerk).action_fba_resolve()
        return self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])

    def take_from_amazon(self, left):
        """Leave `left` free of A at Amazon."""
        self.env["stock.quant"]._update_available_quantity(
            self.product_a, self.afn.lot_stock_id, left - self.free(self.product_a)
        )
        self.env.invalidate_all()

    def split(self, *parts):
        """The dialog with rows of (quantity, choice, warehouse or None)."""
        wizard = self.wizard()
        wizard.line_ids[1:].unlink()
        row = wizard.line_ids
        for number, (quantity, choice, warehouse) in enumerate(parts):
            values = {"quantity": quantity, "choice": choice, "warehouse_id": warehouse and warehouse.id}
            row.copy(values) if number else row.write(values)
        return wizard

    def open_units(self):
        self.env.invalidate_all()
        moves = self.order.order_line.move_ids._fba_open()
        return {move.picking_type_id.warehouse_id: move.product_qty for move in moves}

    def test_repeated_request_takes_nothing_more(self):
        self.stock(self.own, self.product_a, 7)
        wizard = self.split((2, "own", self.own))
        wizard.action_confirm()
        with self.assertRaises(UserError):
            wizard.action_confirm()
        self.assertEqual(self.order.order_line.fba_unsourced_qty, 5)

    def test_afn_warehouse_is_no_own_warehouse(self):
        self.afn.fba_available_for_fulfillment = False
        wizard = self.split((2, "own", self.afn))
        with self.assertRaisesRegex(UserError, "own warehouses"):
            wizard.action_confirm()

    def test_own_stock_is_proposed_where_it_is_enough(self):
        second = self.env["stock.warehouse"].create({"name": "Second", "code": "SEC"})
        self.stock(second, self.product_a, 7)
        self.assertRecordValues(
            self.wizard().line_ids, [{"choice": "own", "warehouse_id": second.id, "quantity": 7, "hint": False}]
        )
        self.stock(self.own, self.product_a, 7)
        wizard = self.wizard()
        self.assertRecordValues(wizard.line_ids, [{"choice": "own", "warehouse_id": self.own.id}])
        self.assertEqual(
            wizard.line_ids.free,
            f"{self.own.name}: 7 free · Test FBA: {self.free(self.product_a):g} free · Second: 7 free",
        )

    def test_else_amazon_is_proposed(self):
        self.stock(self.own, self.product_a, 6)
        self.assertRecordValues(self.wizard().line_ids, [{"choice": "amazon", "is_impossible": False}])

    def test_else_nothing_is_preset_and_a_choice_is_asked_for(self):
        self.take_from_amazon(0)
        wizard = self.wizard()
        self.assertRecordValues(wizard.line_ids, [{"choice": False}])
        self.assertIn("choose a next step", wizard.line_ids.hint)
        with self.assertRaisesRegex(UserError, "Choose a next step for 7"):
            wizard.action_confirm()
        self.assertEqual(self.order.fba_status, "exception")

    def test_choices_that_cannot_work(self):
        self.take_from_amazon(2)
        wizard = self.wizard()
        wizard.line_ids.choice = "amazon"
        self.assertTrue(wizard.line_ids.is_impossible)
        self.assertIn("2 free at Amazon, 7 needed", wizard.line_ids.hint)
        with self.assertRaisesRegex(UserError, "2 free at Amazon, 7 needed"):
            wizard.action_confirm()
        wizard.line_ids.write({"choice": "own", "warehouse_id": self.own.id})
        self.assertFalse(wizard.line_ids.is_impossible)
        self.assertEqual(wizard.line_ids.hint, f"0 free in {self.own.name}: it will wait for stock.")
        notice = wizard.action_confirm()["params"]
        self.assertEqual(notice["message"], f"7 × [A] Product A from {self.own.name}, waits for stock.")

    def test_line_in_three_parts(self):
        self.stock(self.own, self.product_a, 4)
        wizard = self.split((4, "own", self.own), (2, "amazon", None), (1, "drop", None))
        notice = wizard.action_confirm()["params"]
        self.assertEqual(
            notice["message"],
            "2 × [A] Product A from Test FBA, Ready to Process; "
            f"4 × [A] Product A from {self.own.name}, reserved; 1 × [A] Product A dropped.",
        )
        self.assertIn("resolved", notice["title"])
        self.assertEqual(self.open_units(), {self.own: 4, self.afn: 2})
        self.assertEqual((self.order.order_line.product_uom_qty, self.order.order_line.fba_unsourced_qty), (6, 0))
        self.assertNotEqual(self.fulfillment.state, "exception")
        self.assertIn("Resolved: 2 ×", str(self.order.message_ids.mapped("body")))
        self.assert_adds_up(self.order)

    def test_rest_stays_an_exception(self):
        self.stock(self.own, self.product_a, 4)
        notice = self.split((4, "own", self.own)).action_confirm()["params"]
        self.assertIn("some units still have no source", notice["title"])
        self.assertEqual((self.order.order_line.fba_unsourced_qty, self.order.fba_status), (3, "exception"))
        self.assertEqual(self.open_units(), {self.own: 4})
        self.assert_adds_up(self.order)

    def test_more_than_there_is_is_refused(self):
        with self.assertRaisesRegex(UserError, "add up to 8, but only 7 have no source"):
            self.split((5, "own", self.own), (3, "drop", None)).action_confirm()
        with self.assertRaisesRegex(UserError, "0 or more"):
            self.split((-1, "drop", None)).action_confirm()
        self.assertEqual(self.order.order_line.fba_unsourced_qty, 7)

    def test_button_splits_off_what_the_choice_has_not(self):
        self.stock(self.own, self.product_a, 4)
        wizard = self.wizard()
        wizard.line_ids.write({"choice": "own", "warehouse_id": self.own.id})
        action = wizard.line_ids.action_split()
        self.assertEqual(action["res_id"], wizard.id)
        self.assertRecordValues(wizard.line_ids, [{"quantity": 4, "choice": "own"}, {"quantity": 3, "choice": False}])
        wizard.line_ids[0].quantity = 1
        wizard.line_ids[0].action_split()
        self.assertEqual(wizard.line_ids.mapped("quantity"), [1, 3, 3])

    def test_dozens_are_split_in_pieces(self):
        self.stock(self.afn, self.product_a, 20)
        self.control("PUT", "stock/A", fulfillable=30)
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        order.action_fulfill_by_amazon()
        order.order_line.move_ids.action_fba_release()
        self.order = order
        self.split((5, "amazon", None), (3, "own", self.own), (4, "drop", None)).action_confirm()
        self.assertEqual(self.open_units(), {self.afn: 5, self.own: 3})
        self.assertEqual((order.order_line.product_uom_qty, order.order_line.fba_unsourced_product_qty), (0.67, 0))
