"""Answers of Amazon that contradict themselves free nothing and end nothing; what ships after the end is booked."""

from datetime import timedelta

from odoo import fields
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestDoubt(FbaCase):
    def assert_waits(self, fulfillment):
        """Nothing is freed or ended, and the order is read again."""
        order = fulfillment.sale_id
        self.assertEqual((fulfillment.state, order.fba_status), ("in_shipping", "in_shipping"))
        self.assertFalse(any(order.order_line.mapped("fba_unsourced_qty")))
        self.assertTrue(fulfillment.contradiction)
        self.assertTrue(fulfillment.due_at)
        self.assertFalse(order.activity_ids)
        self.assert_adds_up(order)

    def assert_shipped(self, fulfillment, packages=1):
        order = fulfillment.sale_id
        self.assertEqual((fulfillment.state, order.fba_status), ("shipped", "shipped"))
        self.assertFalse(fulfillment.contradiction or fulfillment.error_message)
        self.assertEqual(len(fulfillment.package_ids), packages)
        self.assertEqual(order.order_line.mapped("qty_delivered"), order.order_line.mapped("product_uom_qty"))
        self.assert_adds_up(order)
        self.assert_same_at_amazon(fulfillment)

    # === THE STATUS IS AHEAD === #

    def test_complete_before_its_shipments_frees_nothing(self):
        for omitted in ("shipments", "items", "items_key"):
            with self.subTest(omitted=omitted), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.sent({self.product_a: 2})
                self.ship(fulfillment, ("T1", {"A": 2}))
                self.habit("status_ahead", omit=omitted)
                self.pull()
                self.assertEqual(fulfillment.amazon_status, "Complete")
                self.assert_waits(fulfillment)
                self.no_habits()
                self.reread(fulfillment)
                self.assert_shipped(fulfillment)
                self.assertFalse(fulfillment.sale_id.activity_ids)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_second_shipment_listed_late_is_booked(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.ship(fulfillment, ("T2", {"A": 2}))
        self.habit("status_ahead", omit="last_shipment")
        self.pull()
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 1)
        self.assertEqual(self.open_deliveries(fulfillment.sale_id).move_ids.product_uom_qty, 2)
        self.assert_waits(fulfillment)
        self.no_habits()
        self.reread(fulfillment)
        self.assert_shipped(fulfillment, packages=2)

    def test_partly_complete_without_its_unfillable_units_frees_nothing(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.cannot_fulfill(fulfillment)
        self.habit("quantities_off", change="no_unfulfillable")
        self.pull()
        self.assertEqual(fulfillment.amazon_status, "CompletePartialled")
        self.assert_waits(fulfillment)
        self.no_habits()
        self.reread(fulfillment)
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)

    def test_more_shipped_and_lost_than_ordered_frees_nothing(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.habit("quantities_off", change="too_many")
        self.reread(fulfillment)
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 1)
        self.assert_waits(fulfillment)
        self.no_habits()
        self.ship(fulfillment, ("T2", {"A": 2}))
        self.reread(fulfillment)
        self.assert_shipped(fulfillment, packages=2)

    def test_more_shipped_than_ordered_is_booked_up_to_the_order(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("quantities_off", change="more_shipped")
        self.pull()
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 2)
        self.assertTrue(fulfillment.contradiction)
        self.no_habits()
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)

    def test_order_that_ends_without_any_shipment_frees_all(self):
        for status, freed in (("Invalid", "unfillable_quantity"), ("Cancelled", "cancelled_quantity")):
            with self.subTest(status=status), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.sent({self.product_a: 2})
                self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status=status)
                self.habit("quantities_off", change="no_unfulfillable")
                self.pull()
                self.assertFalse(fulfillment.contradiction)
                self.assertEqual(fulfillment.line_ids[freed], 2)
                self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)
                savepoint.rollback()
            self.env.invalidate_all()

    # === TOLD, FIRST ON THE ORDER, THEN TO A PERSON === #

    def test_contradiction_is_shown_after_an_hour_and_told_after_a_day_once(self):
        fulfillment = self.sent({self.product_a: 2})
        order = fulfillment.sale_id
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.pull()
        self.assertFalse(order.fba_message)
        self.let_hours_pass(fulfillment, 2, "contradiction_since")
        self.env.invalidate_all()
        self.assertIn("contradicts itself", order.fba_message)
        self.assertIn("not all units of item A", fulfillment.outcome)
        self.assertFalse(order.activity_ids)
        self.let_hours_pass(fulfillment, 23, "contradiction_since")
        for _run in range(3):
            self.reread(fulfillment)
        self.assertEqual(len(self.activities(order, "delay")), 1)
        self.assertEqual(str(self.activities(order, "delay").note).count("contradicted each other"), 1)
        self.no_habits()
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)
        self.assertFalse(order.activity_ids, "nothing is left to do")

    def test_contradiction_is_read_again_less_and_less_and_after_a_month_no_more(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.pull()
        pauses = []
        for hours in (0, 4, 20, 200):
            fulfillment.contradiction_since = fields.Datetime.now() - timedelta(hours=hours)
            self.reread(fulfillment)
            pauses.append(round((fulfillment.due_at - fields.Datetime.now()).total_seconds() / 60))
        self.assertEqual(pauses, [5, 120, 600, 1440])
        fulfillment.contradiction_since = fields.Datetime.now() - timedelta(days=31)
        self.reread(fulfillment)
        self.assertFalse(fulfillment.due_at)

    def test_contradiction_is_in_the_readers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.pull()
        english, german = (fulfillment.with_context(lang=lang).contradiction for lang in ("en_US", "de_DE"))
        self.assertIn("contradicts itself", english)
        self.assertIn("widerspricht sich", german)
        self.assertEqual(fulfillment.with_context(lang="de_DE").read(["contradiction"])[0]["contradiction"], german)

    # === WORDS === #

    def test_status_in_any_spelling_ends_the_order(self):
        for style in ("UPPER_UNDERSCORE", "lower", "hyphen", "blanks"):
            with self.subTest(style=style), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                self.habit("spelling", style=style)
                fulfillment = self.sent({self.product_a: 2})
                self.ship(fulfillment, ("T1", {"A": 1}))
                self.cannot_fulfill(fulfillment)
                self.pull()
                self.assertEqual((fulfillment.state, fulfillment.amazon_status), ("exception", "CompletePartialled"))
                self.assertEqual(fulfillment.shipment_ids.status, "SHIPPED")
                self.assertEqual(fulfillment.line_ids.shipped_quantity, 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_unknown_status_is_kept_and_told_and_ends_nothing(self):
        fulfillment = self.sent({self.product_a: 2})
        self.habit("unknown_word", key="fulfillmentOrderStatus", value="Evaporated")
        self.pull()
        self.assertEqual(fulfillment.amazon_status, "Evaporated")
        self.assertIn("Evaporated", fulfillment.contradiction)
        self.assert_waits(fulfillment)
        self.no_habits()
        self.reread(fulfillment)
        self.assertFalse(fulfillment.contradiction)

    def test_shipment_of_unknown_status_is_not_booked(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("unknown_word", key="fulfillmentShipmentStatus", value="TELEPORTED")
        self.pull()
        self.assert_waits(fulfillment)
        self.no_habits()
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)

    # === SHIPPED AFTER ALL === #

    def unfillable_then_shipped(self, lines):
        """Amazon says that it cannot, and later that it did."""
        fulfillment = self.sent(lines)
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.habit("unknown_word", key="fulfillmentOrderStatus", value="Unfulfillable")
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)
        self.no_habits()
        return fulfillment

    def test_shipment_after_the_end_is_booked_and_told(self):
        fulfillment = self.unfillable_then_shipped({self.product_a: 2})
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)
        self.assertIn("shipped 2 × A", str(self.activities(fulfillment.sale_id, "change").note))
        self.assertFalse(self.activities(fulfillment.sale_id, "exception"))
        before = self.outcome(fulfillment)
        self.reread(fulfillment)
        self.assertEqual(self.outcome(fulfillment), before)

    def test_shipment_after_its_replacement_is_booked_as_well(self):
        fulfillment = self.unfillable_then_shipped({self.product_a: 2})
        order = fulfillment.sale_id
        self.stock(self.own, self.product_a, 5)
        order.order_line._fba_source_from_own(self.own)
        self.assertEqual(fulfillment.state, "cancelled")
        self.reread(fulfillment)
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assertEqual(self.open_deliveries(order).picking_type_id.warehouse_id, self.own, "a person decides")
        self.assertIn("cancel the replacement", str(self.activities(order, "change").note))
        self.assertEqual(self.on_hand(self.product_a), 8)

    def test_shipment_of_a_cancelled_order_is_booked(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.habit("unknown_word", key="fulfillmentOrderStatus", value="Cancelled")
        self.pull()
        self.assertEqual(fulfillment.state, "cancelled")
        self.no_habits()
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)

    # === REPLACED AFTER IT WAS BOOKED === #

    def test_replaced_shipment_hands_its_delivery_over(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        [first] = fulfillment.shipment_ids
        delivery = first.picking_id
        self.assertEqual(delivery.carrier_tracking_ref, "T1")
        self.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/change-shipment",
            shipment_id=first.amazon_shipment_id,
            status="CANCELLED_BY_FULFILLER",
        )
        self.ship(fulfillment, ("T2", {"A": 2}))
        self.reread(fulfillment)
        second = fulfillment.shipment_ids - first
        self.assertEqual((first.status, second.status), ("CANCELLED_BY_FULFILLER", "SHIPPED"))
        self.assertEqual((first.picking_id, second.picking_id), (delivery.browse(), delivery))
        self.assertEqual(
            (delivery.carrier_tracking_ref, delivery.amazon_shipment_id), ("T2", second.amazon_shipment_id)
        )
        self.assertIn("T2", delivery.carrier_tracking_url)
        self.assertEqual(second.mail_state, "sent")
        self.assertFalse(first.difference or second.difference)
        self.assertFalse(self.activities(fulfillment.sale_id, "change"))
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 2)
        self.ship(fulfillment, ("T3", {"A": 1}))
        self.reread(fulfillment)
        self.assertEqual(fulfillment.state, "shipped")
        self.assert_same_at_amazon(fulfillment)

    # === LISTS AND READS THAT LAG, REPEAT AND LEAVE OUT === #

    def test_order_that_the_list_leaves_out_is_read_within_a_day(self):
        fulfillment = self.sent({self.product_a: 2})
        self.assertLessEqual(fulfillment.due_at, fields.Datetime.now() + timedelta(days=1))
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("list_omits", operation="listAllFulfillmentOrders", ids=[fulfillment.name])
        self.pull()
        self.assertEqual(fulfillment.state, "in_shipping")
        self.reread(fulfillment)
        self.assert_shipped(fulfillment)

    def test_rows_that_come_twice_count_once(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("list_repeats")
        self.habit("frozen_update_time")
        self.habit("same_update_time")
        self.pull()
        self.assert_shipped(fulfillment)

    def test_looser_types_than_the_model_read_the_same(self):
        for style in ("numbers_as_text", "null_for_absent", "single_for_list"):
            with self.subTest(style=style), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                self.habit("loose_types", style=style)
                fulfillment = self.sent({self.product_a: 2, self.product_b: 1})
                self.ship(fulfillment, ("T1", {"A": 2, "B": 1}))
                self.pull()
                self.assert_shipped(fulfillment)
                savepoint.rollback()
            self.env.invalidate_all()

    @mute_logger("odoo.addons.fba_connector.amazon.fields")
    def test_own_tracking_number_counts_and_is_linked(self):
        fulfillment = self.sent({self.product_a: 2})
        self.habit("own_tracking_only")
        self.ship(fulfillment, ("QXB123456789", {"A": 2}))
        self.pull()
        self.assert_shipped(fulfillment)
        delivery = fulfillment.shipment_ids.picking_id
        self.assertEqual(delivery.carrier_tracking_ref, "QXB123456789")
        self.assertIn("QXB123456789", delivery.carrier_tracking_url)
        self.assertEqual(fulfillment.shipment_ids.mail_state, "sent")
