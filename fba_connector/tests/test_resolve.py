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
