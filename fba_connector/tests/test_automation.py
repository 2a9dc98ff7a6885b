from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import amazon
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestAutomation(FbaCase):
    """What is sourced from Amazon by itself: 10 of A and B are at Amazon; the own warehouse is empty."""

    def confirmed(self, lines, **values):
        order = self.sell(lines, **values)
        order.action_confirm()
        self.assert_adds_up(order)
        return order

    def at(self, order, warehouse):
        """Units of an order's open deliveries from a warehouse."""
        moves = self.open_deliveries(order).move_ids._fba_open()
        return sum(moves.filtered(lambda move: move.picking_type_id.warehouse_id == warehouse).mapped("product_qty"))

    def assert_split(self, order, *, afn, own):
        self.assertEqual((self.at(order, self.afn), self.at(order, self.own)), (afn, own))

    def note(self, order):
        return " ".join(filter(None, self.rows(order).mapped("note")))

    # === WHEN === #

    def test_never(self):
        order = self.confirmed({self.product_a: 4})
        self.assert_split(order, afn=0, own=4)
        self.assertFalse(order.order_line.fba_sourcing_note)

    def test_always(self):
        self.account.auto_source = "always"
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed({self.product_a: 4, self.product_b: 2})
        self.assert_split(order, afn=6, own=0)
        self.assertEqual(order.fba_status, "ready")
        self.assertEqual(order.order_line.fba_warehouse_id, self.afn)

    def test_when_short_leaves_what_the_own_warehouse_has(self):
        self.account.auto_source = "when_short"
        self.stock(self.own, self.product_a, 4)
        order = self.confirmed({self.product_a: 4, self.product_b: 2})
        self.assert_split(order, afn=2, own=4)
        self.assertIn("has enough stock", order.order_line[0].fba_sourcing_note)

    def test_when_short_counts_what_lines_before_take_from_the_own_warehouse(self):
        self.account.auto_source = "when_short"
        self.stock(self.own, self.product_a, 5)
        order = self.sell({self.product_a: 4})
        order.order_line.copy({"order_id": order.id})
        order.action_confirm()
        self.assert_split(order, afn=4, own=4)
        self.assert_adds_up(order)

    def test_lines_of_one_call_share_one_tally(self):
        self.account.auto_source = "always"
        orders = self.sell({self.product_a: 6}) + self.sell({self.product_a: 6})
        orders.action_confirm()
        self.assertEqual([self.at(order, self.afn) for order in orders], [6, 0])
        self.assertIn("4 free at Amazon, 6 needed", self.note(orders[1]))

    def test_whole_lines_only_unless_split(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 12})
        self.assert_split(order, afn=0, own=12)
        self.assertIn("10 free at Amazon, 12 needed", self.note(order))

    def test_split_takes_the_available_part(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        order = self.confirmed({self.product_a: 12})
        self.assert_split(order, afn=10, own=2)
        self.assertEqual(order.fba_fulfillment_order_ids.unit_count, 10)

    def test_what_a_split_line_takes_from_the_own_warehouse_is_taken(self):
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -4)
        self.stock(self.own, self.product_a, 4)
        order = self.sell({self.product_a: 10})
        order.order_line.copy({"order_id": order.id, "product_uom_qty": 3})
        order.action_confirm()
        self.assertIn("0 free at Amazon, 3 needed", order.order_line[1].fba_sourcing_note)

    def test_split_takes_whole_pieces(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.stock(self.afn, self.product_a, -0.5)
        self.product_a.uom_id = self.env.ref("uom.product_uom_meter")
        self.map_a()
        self.assert_split(self.confirmed({self.product_a: 12}), afn=9, own=3)
        self.assert_split(self.confirmed({self.product_b: 2}), afn=2, own=0)

    def map_a(self):
        """A product in meters is no SKU of pieces by its reference alone."""
        order = self.confirmed({self.product_a: 1})
        self.assertIn("counted in m", self.note(order))
        order._action_cancel()
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "A"})

    def test_fraction_is_not_split(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        self.product_a.uom_id = self.env.ref("uom.product_uom_meter")
        self.map_a()
        self.stock(self.afn, self.product_a, -8)
        order = self.confirmed({self.product_a: 2.5})
        self.assert_split(order, afn=0, own=2.5)
        self.assertIn("ships whole pieces only", self.note(order))

    def test_line_added_later(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 1})
        self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": self.product_b.id, "product_uom_qty": 2}
        )
        self.assert_split(order, afn=3, own=0)
        self.assertEqual(len(order.fba_fulfillment_order_ids), 1)
        self.assert_adds_up(order)

    # === WHAT NOT === #

    def test_excluded_product_and_category(self):
        self.account.auto_source = "always"
        parent = self.env["product.category"].create({"name": "Parent", "fba_exclude": True})
        self.product_b.categ_id = self.env["product.category"].create({"name": "Child", "parent_id": parent.id})
        self.product_a.fba_exclude = True
        order = self.confirmed({self.product_a: 1, self.product_b: 1})
        self.assert_split(order, afn=0, own=2)
        self.assertIn("excluded from automatic sourcing", self.note(order))
        order.action_fulfill_by_amazon()  # a person may
        self.assert_split(order, afn=2, own=0)

    def carrier(self, **values):
        product = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        return self.env["delivery.carrier"].create({"name": "Courier", "product_id": product.id, **values})

    def test_excluded_delivery_method(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 1}, carrier_id=self.carrier(fba_exclude=True).id)
        self.assert_split(order, afn=0, own=1)
        self.assertIn("Courier is excluded from automatic sourcing", self.note(order))

    def test_delivery_method_names_the_speed(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 1}, carrier_id=self.carrier(fba_shipping_speed="Priority").id)
        self.assertEqual(order.fba_fulfillment_order_ids.shipping_speed, "Priority")

    def test_product_without_sku(self):
        self.account.auto_source = "always"
        self.product_a.default_code = False
        order = self.confirmed({self.product_a: 1, self.product_b: 1})
        self.assert_split(order, afn=1, own=1)
        self.assertIn("has no Amazon seller SKU", self.note(order))

    def test_other_country_is_delivered_from_the_own_warehouse(self):
        self.account.auto_source = "always"
        self.customer.write({"country_id": self.env.ref("base.fr").id, "state_id": False})
        self.assert_split(self.confirmed({self.product_a: 1}), afn=0, own=1)

    def test_warehouse_that_is_off_and_archived_account(self):
        self.account.auto_source = "always"
        self.afn.fba_available_for_fulfillment = False
        self.assert_split(self.confirmed({self.product_a: 1}), afn=0, own=1)
        self.afn.fba_available_for_fulfillment = True
        self.account.active = False
        order = self.confirmed({self.product_a: 1})
        self.assert_split(order, afn=0, own=1)
        with self.assertRaisesRegex(UserError, "is archived"):
            order.action_fulfill_by_amazon()

    def test_services_are_left_alone(self):
        self.account.auto_source = "always"
        service = self.env["product.product"].create({"name": "Assembly", "type": "service"})
        order = self.confirmed({service: 1, self.product_a: 1})
        self.assertEqual(order.fba_fulfillment_order_ids.line_ids.product_id, self.product_a)

    def test_line_with_a_route_of_its_own(self):
        self.account.auto_source = "always"
        order = self.sell({self.product_a: 1})
        order.order_line.route_ids = self.own.delivery_route_id
        order.action_confirm()
        self.assert_split(order, afn=0, own=1)
        self.assertIn("has its own route", self.note(order))

    def test_dozens_are_sourced_as_pieces(self):
        self.account.auto_source = "always"
        self.stock(self.afn, self.product_a, 20)
        order = self.sell({self.product_a: 2})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        self.assert_split(order, afn=24, own=0)
        self.assert_adds_up(order)

    # === STOCK ARRIVES === #

    def arrive(self, product, quantity):
        """Units found in the AFN warehouse, as a user would enter them."""
        quant = self.env["stock.quant"]._gather(product, self.afn.lot_stock_id)[:1]
        quant.inventory_quantity = quant.quantity + quantity
        quant.action_apply_inventory()

    def test_arriving_stock_goes_to_those_who_wait_the_oldest_first(self):
        self.account.auto_source = "always"
        self.confirmed({self.product_a: 10})
        orders = self.env["sale.order"].union(*(self.confirmed({self.product_a: 4}) for _number in range(3)))
        orders[2].date_order = "2020-01-01"
        self.arrive(self.product_a, 9)
        self.assertEqual([self.at(order, self.afn) for order in orders], [4, 0, 4])
        self.assertEqual(orders[2].fba_status, "ready")
        for order in orders:
            self.assert_adds_up(order)

    def test_arriving_stock_takes_the_part_that_waits(self):
        self.account.write({"auto_source": "when_short", "auto_split": True})
        self.stock(self.afn, self.product_a, -10)
        self.stock(self.own, self.product_a, 4)
        order = self.confirmed({self.product_a: 10})
        self.assert_split(order, afn=0, own=10)
        self.arrive(self.product_a, 2)
        self.assert_split(order, afn=2, own=8)
        self.arrive(self.product_a, 8)
        self.assert_split(order, afn=6, own=4)
        self.assertEqual((self.free(self.product_a), self.free(self.product_a, self.own)), (4, 0))
        self.assert_adds_up(order)

    def test_arriving_stock_of_one_product_is_for_an_order_that_waits_for_two(self):
        self.account.write({"auto_source": "always", "auto_split": True})
        for product in (self.product_a, self.product_b):
            self.stock(self.afn, product, -10)
        order = self.confirmed({self.product_a: 4, self.product_b: 4})
        self.arrive(self.product_a, 4)
        self.assert_split(order, afn=4, own=4)
        self.assert_adds_up(order)

    def test_arriving_stock_leaves_what_the_own_warehouse_only_has_to_reserve(self):
        self.account.auto_source = "when_short"
        self.own.out_type_id.reservation_method = "manual"
        self.stock(self.own, self.product_a, 10)
        order = self.confirmed({self.product_a: 4})
        self.arrive(self.product_a, 1)
        self.assert_split(order, afn=0, own=4)

    def test_arriving_stock_leaves_what_somebody_gave_to_the_own_warehouse(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 4})
        self.rows(order).move_id.action_fba_release()
        order.order_line.action_fba_source_from_own()
        self.arrive(self.product_a, 1)
        self.assert_split(order, afn=0, own=4)
        order.action_fulfill_by_amazon()
        self.assert_split(order, afn=4, own=0)

    def test_arriving_stock_is_not_for_what_is_excluded(self):
        self.account.auto_source = "always"
        self.product_a.fba_exclude = True
        order = self.confirmed({self.product_a: 4})
        self.arrive(self.product_a, 1)
        self.assert_split(order, afn=0, own=4)

    def test_released_units_are_not_taken_behind_ones_back(self):
        self.account.auto_source = "always"
        order = self.confirmed({self.product_a: 4})
        self.rows(order).move_id.action_fba_release()
        self.arrive(self.product_a, 1)
        self.assertEqual(order.order_line.fba_unsourced_qty, 4)

    def test_without_automation_arriving_stock_waits_for_a_person(self):
        order = self.confirmed({self.product_a: 4})
        self.arrive(self.product_a, 1)
        self.assert_split(order, afn=0, own=4)

    def test_order_that_fails_leaves_the_others_alone(self):
        self.account.auto_source = "always"
        self.stock(self.afn, self.product_a, -10)
        bad, good = self.confirmed({self.product_a: 1}), self.confirmed({self.product_a: 1})
        self.patch(
            type(self.env["sale.order.line"]),
            "_fba_move_to",
            self._failing_for(bad, type(self.env["sale.order.line"])._fba_move_to),
        )
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            self.arrive(self.product_a, 5)
        self.assert_split(good, afn=1, own=0)
        self.assert_split(bad, afn=0, own=1)
        self.assertIn("Could not be sourced from Test FBA", bad.message_ids[0].body)
        messages = len(bad.message_ids)
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            self.arrive(self.product_a, 1)
        self.assertEqual(len(bad.message_ids), messages)

    def _failing_for(self, order, original):
        def move_to(lines, plan, waiting):
            if lines.order_id == order:
                raise ValueError("boom")
            return original(lines, plan, waiting)

        return move_to

    # === SENT BY ITSELF === #

    def test_ready_order_is_queued_at_once(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        order = self.confirmed({self.product_a: 4})
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.state, "queued")
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_waiting_order_is_queued_when_its_stock_arrives(self):
        self.account.auto_submit = True
        order = self.confirmed({self.product_a: 12}, warehouse_id=self.afn.id)
        fulfillment = order.fba_fulfillment_order_ids
        self.assertEqual(fulfillment.state, "waiting")
        self.arrive(self.product_a, 2)
        self.assertEqual(fulfillment.state, "queued")

    def test_raised_order_is_queued_with_what_it_holds_now(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        order = self.confirmed({self.product_a: 4})
        order.order_line.product_uom_qty = 6
        self.push()
        [sent] = self.control("GET", "fulfillment-orders")
        self.assertEqual([line["quantity"] for line in sent["lines"]], [6])

    def test_order_that_cannot_be_sent_says_why_and_is_left(self):
        self.account.write({"auto_source": "always", "auto_submit": True})
        self.customer.zip = False
        order = self.confirmed({self.product_a: 4})
        self.assertEqual(order.fba_status, "ready")
        self.assertIn("postal code", order.fba_message)

    def test_paused_account_is_sent_later(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "paused": True})
        order = self.confirmed({self.product_a: 4})
        self.push()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "queued")
        self.account.paused = False
        self.push()
        self.assertEqual(order.fba_fulfillment_order_ids.state, "in_shipping")

    def auto_submitted(self, **values):
        self.account.write({"auto_source": "always", "auto_submit": True, **values})
        order = self.confirmed({self.product_a: 1})
        self.push()
        return order.fba_fulfillment_order_ids

    def test_fee_within_the_limit(self):
        fulfillment = self.auto_submitted(fee_limit=1000)
        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertGreater(fulfillment.estimated_fee, 0)
        self.assertEqual(fulfillment.fee_currency_id.name, "USD")

    def test_fee_above_the_limit_is_left_to_a_person(self):
        for values in ({"fee_limit": 0.5}, {"fee_limit": 1, "fee_limit_type": "percent"}):
            fulfillment = self.auto_submitted(**values)
            self.assertEqual(fulfillment.state, "ready")
            self.assertIn("is above your limit of", fulfillment.error_message)
            self.assertFalse(self.journal("createFulfillmentOrder"))
        with self.assertRaisesRegex(UserError, "is above your limit of 1 %"):
            fulfillment.action_submit()
        fulfillment.action_submit(above_fee_limit=True)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_fee_that_amazon_has_no_time_for_keeps_no_other_order_waiting(self):
        self.account.write({"auto_source": "always", "auto_submit": True, "fee_limit": 1000})
        limited = self.confirmed({self.product_a: 1}).fba_fulfillment_order_ids
        free = self.confirmed({self.product_b: 1}).fba_fulfillment_order_ids
        free.fee_is_to_check = False  # as if a person had sent it
        original = type(self.account)._open_gateway
        self.fault("getFulfillmentPreview", "status", status=429, code="QuotaExceeded", count=20)
        with patch.object(type(self.account), "_open_gateway", lambda account, *_deadline: original(account, 1)):
            self.push()
        self.assertEqual((limited.state, free.state), ("queued", "in_shipping"))
        self.control("DELETE", "faults")
        amazon.forget_paces()
        self.make_due(limited)
        self.push()
        self.assertEqual(limited.state, "in_shipping")

    def test_unknown_fee_is_not_within_the_limit(self):
        self.control("POST", "settings", fees_known=False)
        fulfillment = self.auto_submitted(fee_limit=1000)
        self.assertEqual(fulfillment.state, "ready")
        self.assertIn("is not known, but the account has a fee limit", fulfillment.error_message)
