"""Several seller SKUs of a product: what each has at Amazon, less what own orders take."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .counted import CountedCase


@tagged("post_install", "-at_install")
class TestSkuAllocation(CountedCase):
    """Odoo has 13 cups at Amazon, as A (5) and A2 (8)."""

    def setUp(self):
        super().setUp()
        self.cup = self.cups(13)
        self.a = self.counted("CUP-A", self.cup, 5)
        self.a2 = self.counted("CUP-A2", self.cup, 8)

    def ready(self, quantity):
        return self.sourced({self.cup: quantity}).fba_fulfillment_order_ids

    def test_three_orders_submitted_one_by_one(self):
        orders = self.env["fba.fulfillment.order"]
        for _number in range(3):
            order = self.queued({self.cup: 4})
            orders |= order
        self.push()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})
        self.assertEqual(self.requested(), [[("CUP-A", 4)], [("CUP-A2", 4)], [("CUP-A2", 4)]])

    def test_three_orders_sourced_then_submitted_together(self):
        orders = self.ready(4) | self.ready(4) | self.ready(4)
        self.assertEqual(self.contents(orders), [[("CUP-A", 4)], [("CUP-A2", 4)], [("CUP-A2", 4)]])
        orders.action_submit()
        self.assertEqual(self.contents(orders), [[("CUP-A", 4)], [("CUP-A2", 4)], [("CUP-A2", 4)]])
        self.push()
        self.assertEqual(set(orders.mapped("state")), {"in_shipping"})

    def test_orders_submitted_in_one_call_do_not_take_the_same_units(self):
        """Both were sourced while A had enough for both; meanwhile Amazon has sold of it."""
        self.a.fulfillable_quantity = 8
        orders = self.ready(4) | self.ready(4)
        self.assertEqual(self.contents(orders), [[("CUP-A", 4)], [("CUP-A", 4)]])
        self.a.fulfillable_quantity = 5
        orders.action_submit()
        self.assertEqual(self.contents(orders), [[("CUP-A", 4)], [("CUP-A2", 4)]])

    def test_orders_submitted_automatically_do_not_take_the_same_units(self):
        self.account.auto_submit = True
        orders = self.ready(4) | self.ready(4) | self.ready(4)
        self.assertEqual(set(orders.mapped("state")), {"queued"})
        self.assertEqual(self.contents(orders), [[("CUP-A", 4)], [("CUP-A2", 4)], [("CUP-A2", 4)]])

    def test_line_is_split_over_skus(self):
        (self.a | self.a2).fulfillable_quantity = 5
        fulfillment = self.queued({self.cup: 8})
        self.assertEqual(self.contents(fulfillment), [[("CUP-A", 5), ("CUP-A2", 3)]])
        self.assertEqual(sorted(fulfillment.line_ids.move_ids.mapped("product_qty")), [3, 5])
        self.assertEqual(set(fulfillment.line_ids.move_ids.mapped("state")), {"assigned"})
        self.assert_adds_up(fulfillment.sale_id)
        self.push()
        self.assertEqual(self.requested(), [[("CUP-A", 5), ("CUP-A2", 3)]])
        self.ship(fulfillment, ("1Z1", {"CUP-A": 5}), ("1Z2", {"CUP-A2": 3}))
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 8))
        self.assertEqual(self.on_hand(self.cup), 5)
        self.assert_adds_up(fulfillment.sale_id)

    def test_one_of_two_skus_is_unfillable(self):
        (self.a | self.a2).fulfillable_quantity = 5
        fulfillment = self.queued({self.cup: 8})
        self.push()
        self.cannot_fulfill(fulfillment, **{"CUP-A2": 3})
        self.pull()
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 3)
        self.assertEqual([line._open_units() for line in fulfillment.line_ids.sorted("id")], [5, 0])
        self.assert_adds_up(fulfillment.sale_id)

    def test_splitting_account_takes_what_the_skus_have(self):
        (self.a | self.a2).fulfillable_quantity = 3
        self.account.write({"auto_source": "always", "auto_split": True})
        order = self.sell({self.cup: 8})
        order.action_confirm()
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-A", 3), ("CUP-A2", 3)]])
        self.assert_adds_up(order)

    def test_more_than_the_skus_have_is_refused(self):
        (self.a | self.a2).fulfillable_quantity = 3
        with self.assertRaisesRegex(UserError, "6 free at Amazon, 8 needed"):
            self.ready(8)

    def test_lines_of_one_order_share_what_the_skus_have(self):
        order = self.sell({})
        order.order_line = [(0, 0, {"product_id": self.cup.id, "product_uom_qty": units}) for units in (4, 4, 4)]
        order.action_confirm()
        order.action_fulfill_by_amazon()
        self.assertEqual(self.contents(order.fba_fulfillment_order_ids), [[("CUP-A", 4), ("CUP-A2", 4), ("CUP-A2", 4)]])
        self.assert_adds_up(order)

    def test_two_lines_become_one_and_one_becomes_two(self):
        (self.a | self.a2).fulfillable_quantity = 5
        fulfillment = self.ready(8)
        self.a2.fulfillable_quantity = 8
        fulfillment.action_submit()
        self.assertEqual(self.contents(fulfillment), [[("CUP-A2", 8)]])
        self.assertEqual((fulfillment.state, len(fulfillment.line_ids.move_ids)), ("queued", 1))
        self.assert_adds_up(fulfillment.sale_id)
        self.a2.fulfillable_quantity = 4
        self.push()
        self.assertEqual([sorted(items) for items in self.requested()], [[("CUP-A", 5), ("CUP-A2", 3)]])
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_counts_that_fell_since_it_was_queued_leave_the_decision_to_amazon(self):
        fulfillment = self.queued({self.cup: 8})
        self.assertEqual(self.contents(fulfillment), [[("CUP-A2", 8)]])
        line = fulfillment.line_ids
        (self.a | self.a2).fulfillable_quantity = 1
        self.push()
        self.assertEqual(self.requested(), [[("CUP-A2", 8)]])
        self.assertEqual((fulfillment.state, fulfillment.line_ids), ("in_shipping", line))

    def test_sent_order_keeps_its_skus(self):
        fulfillment = self.queued({self.cup: 4})
        self.push()
        line = fulfillment.line_ids
        self.a.fulfillable_quantity = 0
        fulfillment._choose_skus()
        self.assertEqual((fulfillment.line_ids, line.seller_sku), (line, "CUP-A"))

    def test_other_skus_than_those_of_the_preview_cost_something_else(self):
        fulfillment = self.ready(4)
        fulfillment.action_preview()
        [call] = self.journal("getFulfillmentPreview")
        self.assertEqual([it["sellerSku"] for it in call["body"]["items"]], ["CUP-A"])
        self.assertTrue(fulfillment.fee_currency_id)
        self.a.fulfillable_quantity = 3
        fulfillment._choose_skus()
        self.assertEqual(self.contents(fulfillment), [[("CUP-A2", 4)]])
        self.assertFalse(fulfillment.fee_currency_id)

    # === WHAT A SKU HAS === #

    def taken(self):
        self.env.invalidate_all()
        taken = (self.a | self.a2)._taken_units()
        return taken[self.a], taken[self.a2]

    def counted_now(self, **values):
        """As if Amazon's list had named these SKUs after the sending."""
        later = fields.Datetime.add(fields.Datetime.now(), seconds=5)
        (self.a | self.a2).write({"observed_at": later, **values})

    def test_queued_and_sent_since_the_count_is_taken(self):
        fulfillment = self.ready(4)
        self.assertEqual(self.taken(), (0, 0), "it may still be sent by another SKU")
        fulfillment.action_submit()
        self.assertEqual(self.taken(), (4, 0))
        self.push()
        self.assertEqual(self.taken(), (4, 0))
        self.ship(fulfillment, ("1Z1", {"CUP-A": 4}))
        self.pull()
        self.assertEqual(self.taken(), (4, 0), "shipped after the count")
        self.counted_now(fulfillable_quantity=1)
        self.assertEqual(self.taken(), (0, 0))

    def test_order_that_amazon_has_not_reserved_is_taken(self):
        fulfillment = self.queued({self.cup: 4})
        self.push()
        self.assertIn(fulfillment.amazon_status, (False, "New", "Received", "Planning"))
        self.counted_now()
        self.assertEqual(self.taken(), (4, 0), "counted, but not reserved")
        self.a.held_orders_quantity = 3
        self.assertEqual(self.taken(), (1, 0))
        self.a.held_orders_quantity = 4
        self.assertEqual(self.taken(), (0, 0))

    def test_units_reserved_for_orders_being_packed_cover_no_others(self):
        packed = self.queued({self.cup: 2})
        new = self.queued({self.cup: 2})
        self.push()
        packed.amazon_status = "Processing"
        self.counted_now(held_orders_quantity=2)
        self.a.held_orders_quantity = 2
        self.assertEqual(self.taken(), (2, 0), new.name)

    def test_next_order_after_one_just_sent_takes_another_sku(self):
        self.queued({self.cup: 4})
        self.push()
        self.counted_now()  # Amazon's count still shows 5
        self.assertEqual(self.contents(self.ready(4)), [[("CUP-A2", 4)]])

    def test_unfillable_and_cancelled_units_are_not_taken(self):
        fulfillment = self.queued({self.cup: 4})
        self.push()
        self.cannot_fulfill(fulfillment, **{"CUP-A": 1})
        self.pull()
        self.assertEqual(self.taken(), (3, 0))

    def test_sku_that_cannot_be_used_is_told_with_its_reason(self):
        self.a2.unlink()
        self.a.product_id = self.product_b
        self.cup.default_code = False
        with self.assertRaisesRegex(UserError, "has no Amazon seller SKU"):
            self.ready(1)
        self.assertEqual(self.a.resolution, "changed")
        with self.assertRaisesRegex(UserError, "CUP-A: It was confirmed as .* and is now"):
            self.sourced({self.product_b: 1})
