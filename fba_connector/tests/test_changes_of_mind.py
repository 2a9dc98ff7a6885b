"""Amazon changes its mind: units come back, shipments grow or are replaced, ended orders go on, and late reads."""

from dataclasses import replace
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .common import FbaCase

SEND = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_send"


@tagged("post_install", "-at_install")
class TestChangesOfMind(FbaCase):
    def snapshot(self, fulfillment, **changes):
        """What Amazon says of the order now, with `changes`."""
        with self.account._open_gateway() as gateway:
            return replace(gateway.get_fulfillment_order(fulfillment.name), **changes)

    def apply(self, fulfillment, snapshot):
        fulfillment._apply_snapshot(snapshot, fields.Datetime.now())

    def item(self, snapshot, **changes):
        return (replace(snapshot.items[0], **changes), *snapshot.items[1:])

    # === ADOPTED, THOUGH ODOO HAD GIVEN IT UP === #

    def test_replacement_of_an_order_that_amazon_has_is_held_in_the_same_run(self):
        first = self.queued()
        self.push()
        self.forget_sending(first)
        first.line_ids._open_moves()._fba_release()
        order = first.sale_id
        order.action_fulfill_by_amazon()
        second = order.fba_fulfillment_order_ids - first
        second.action_submit()
        self.push()
        self.push()
        self.assertEqual((first.state, second.state, second.error_code), ("in_shipping", "exception", "SentBefore"))
        self.assertEqual(self.create_count(), 1)
        self.assertIn(first.name, str(self.activities(order, "exception").note))

    def test_adopting_a_released_order_is_told_at_once(self):
        first = self.queued()
        self.push()
        self.forget_sending(first)
        first.line_ids._open_moves()._fba_release()
        self.pull()
        self.make_due(first)
        self.push()
        self.assertEqual(first.state, "in_shipping")
        self.assertIn("but Odoo had released its units: 2 × A", str(self.activities(first.sale_id, "exception").note))

    def test_order_of_a_cancelled_sale_is_cancelled_at_amazon(self):
        first = self.queued()
        self.push()
        self.forget_sending(first)
        first.sale_id._action_cancel()
        self.assertEqual((first.sale_id.state, first.state), ("cancel", "cancelled"))
        self.pull()
        self.make_due(first)
        self.push()
        self.push()
        self.pull()
        self.assertEqual((first.state, first.amazon_status), ("cancelled", "Cancelled"))

    @mute_logger(SEND)
    def test_contact_changed_after_the_sending_is_no_difference(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_after")
        self.push()
        fulfillment.partner_shipping_id.write({"zip": "97205", "name": "Eva Other"})
        self.make_due(fulfillment)
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.sent_facts), ("in_shipping", False))

    def test_adopted_quantities_count_from_then_on(self):
        fulfillment = self.queued()
        self.push()
        self.forget_sending(fulfillment)
        self.env.cr.execute("UPDATE fba_fulfillment_order_line SET quantity = 1 WHERE order_id = %s", [fulfillment.id])
        self.env.invalidate_all()
        fulfillment.write({"at_amazon": True, "state": "submitting", "due_at": fields.Datetime.now()})
        self.push()
        self.assertEqual(fulfillment.error_code, "Mismatch")
        fulfillment.action_adopt()
        self.assertEqual(fulfillment.line_ids.quantity, 2)
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 2))

    def test_order_with_other_items_is_not_adopted_by_hand_either(self):
        fulfillment = self.queued({self.product_a: 2, self.product_b: 1})
        self.push()
        self.forget_sending(fulfillment)
        moves = fulfillment.line_ids.filtered(lambda line: line.product_id == self.product_b)._open_moves()
        moves._fba_release()
        self.pull()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.error_code, "Mismatch")
        with self.assertRaisesRegex(UserError, "has other items at Amazon"):
            fulfillment.action_adopt()
        fulfillment.action_declare_unknown()
        fulfillment.line_ids._open_moves()._fba_release()
        self.assertEqual(fulfillment.state, "cancelled")
        self.pull()
        self.assertEqual(fulfillment.state, "cancelled", "seen again, it is still another order")

    # === UNITS COME BACK === #

    def test_unfillable_units_shipped_with_the_rest_are_booked_in_one_delivery(self):
        fulfillment = self.sent({self.product_a: 3})
        lost = self.snapshot(fulfillment)
        self.apply(fulfillment, replace(lost, items=self.item(lost, unfulfillable_quantity=1)))
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.fba_unsourced_qty), ("exception", 1))
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.reread(fulfillment)
        line = fulfillment.sale_id.order_line
        self.assertEqual((fulfillment.state, line.qty_delivered, line.fba_unsourced_qty), ("shipped", 3, 0))
        self.assertFalse(fulfillment.shipment_ids.difference)
        self.assert_adds_up(fulfillment.sale_id)
        self.assert_same_at_amazon(fulfillment)

    def test_units_that_amazon_finds_again_are_on_their_way_again(self):
        fulfillment = self.sent({self.product_a: 3})
        lost = self.snapshot(fulfillment)
        self.apply(fulfillment, replace(lost, items=self.item(lost, unfulfillable_quantity=2)))
        self.apply(fulfillment, replace(lost, items=self.item(lost, unfulfillable_quantity=1)))
        self.assertIn("1 of 3 × A", fulfillment.error_message)
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 1)
        self.apply(fulfillment, lost)
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.fba_unsourced_qty), ("in_shipping", 0))
        self.assertFalse(self.activities(fulfillment.sale_id, "exception"))
        self.assert_adds_up(fulfillment.sale_id)

    def test_unsent_replacement_gives_way_to_what_ships_after_all(self):
        first = self.sent({self.product_a: 2})
        self.ship(first, ("T1", {"A": 2}))
        self.habit("status_ahead")
        self.habit("unknown_word", key="fulfillmentOrderStatus", value="Unfulfillable")
        self.pull()
        order = first.sale_id
        order.action_fulfill_by_amazon()
        second = order.fba_fulfillment_order_ids - first
        second.action_submit()
        self.no_habits()
        self.reread(first)
        self.push()
        self.assertEqual((first.state, second.state, self.create_count()), ("shipped", "cancelled", 1))
        self.assertEqual(order.order_line.qty_delivered, 2)
        self.assert_adds_up(order)

    # === SHIPMENTS GROW, AND ARE REPLACED === #

    def test_items_of_a_shipment_listed_one_after_the_other_are_all_booked(self):
        fulfillment = self.sent({self.product_a: 2, self.product_b: 1})
        self.ship(fulfillment, ("T1", {"A": 2, "B": 1}))
        whole = self.snapshot(fulfillment)
        [shipment] = whole.shipments
        part = replace(shipment, items=tuple(item for item in shipment.items if item.quantity == 2))
        self.apply(fulfillment, replace(whole, shipments=(part,)))
        self.assertEqual(fulfillment.line_ids.mapped("shipped_quantity"), [2, 0])
        self.assertTrue(fulfillment.contradiction)
        self.apply(fulfillment, whole)
        self.assertEqual((fulfillment.state, fulfillment.line_ids.mapped("shipped_quantity")), ("shipped", [2, 1]))
        self.assertFalse(fulfillment.shipment_ids.difference)
        self.assertFalse(fulfillment.sale_id.activity_ids)
        self.assert_adds_up(fulfillment.sale_id)

    def test_shipment_replaced_by_two_hands_its_delivery_to_both(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.pull()
        [first] = fulfillment.shipment_ids
        delivery = first.picking_id
        self.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/change-shipment",
            shipment_id=first.amazon_shipment_id,
            status="CANCELLED_BY_FULFILLER",
        )
        self.ship(fulfillment, ("T2", {"A": 2}))
        self.ship(fulfillment, ("T3", {"A": 1}))
        self.reread(fulfillment)
        self.assertEqual((fulfillment.shipment_ids - first).picking_id, delivery)
        self.assertEqual(delivery.carrier_tracking_ref, "T2,T3")
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 3)
        self.assertFalse(self.activities(fulfillment.sale_id, "change"))
        self.ship(fulfillment, ("T4", {"A": 1}))
        self.reread(fulfillment)
        self.assertEqual((fulfillment.state, fulfillment.sale_id.order_line.qty_delivered), ("shipped", 4))
        self.assert_adds_up(fulfillment.sale_id)

    def test_unknown_word_for_a_booked_shipment_changes_nothing(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        self.habit("unknown_word", key="fulfillmentShipmentStatus", value="IN_TRANSIT")
        self.reread(fulfillment)
        self.assertFalse(fulfillment.sale_id.activity_ids)
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 2)

    # === THE END === #

    def test_new_word_for_the_end_ends_an_order_that_shipped_whole(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.habit("unknown_word", key="fulfillmentOrderStatus", value="Delivered")
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.amazon_status), ("shipped", "Delivered"))
        self.assertFalse(fulfillment.contradiction)

    def test_end_without_shipments_frees_all_whatever_its_numbers_say(self):
        for status, state in (("Cancelled", "cancelled"), ("Invalid", "exception"), ("Unfulfillable", "exception")):
            for numbers in ({"cancelled_quantity": 2, "unfulfillable_quantity": 2}, None):
                with self.subTest(status=status, numbers=numbers), self.env.cr.savepoint() as savepoint:
                    fulfillment = self.sent({self.product_a: 2})
                    seen = self.snapshot(fulfillment, status=status)
                    items = self.item(seen, **numbers) if numbers else ()
                    self.apply(fulfillment, replace(seen, items=items))
                    self.assertEqual(fulfillment.state, state)
                    self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)
                    savepoint.rollback()
                self.env.invalidate_all()

    def test_order_that_goes_on_after_its_end_is_told(self):
        fulfillment = self.sent({self.product_a: 2})
        opened = self.snapshot(fulfillment)
        self.apply(fulfillment, replace(opened, status="Cancelled"))
        self.assertEqual(fulfillment.state, "cancelled")
        self.apply(fulfillment, replace(opened, status="Processing", updated_at=opened.updated_at + timedelta(hours=1)))
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertIn("had ended the order before", fulfillment.contradiction)
        self.let_hours_pass(fulfillment, 25, "contradiction_since")
        fulfillment.due_at = False
        self.habit("list_omits", ids=[fulfillment.name])
        self.pull()
        self.assertTrue(self.activities(fulfillment.sale_id, "delay"))

    def test_late_read_is_not_applied(self):
        fulfillment = self.sent({self.product_a: 2})
        early = self.snapshot(fulfillment)
        self.advance(minutes=5)
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        before = self.outcome(fulfillment)
        self.apply(fulfillment, early)
        self.assertIn("earlier state", fulfillment.contradiction)
        self.assertTrue(fulfillment.due_at)
        self.assertEqual(self.outcome(fulfillment), before)
        self.reread(fulfillment)
        self.assertFalse(fulfillment.contradiction)

    def test_administrator_ends_a_contradiction_that_stays(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.cannot_fulfill(fulfillment)
        self.habit("quantities_off", change="no_unfulfillable")
        self.pull()
        self.assertTrue(fulfillment.can_end_doubt)
        clerk = new_test_user(self.env, "fba_clerk_end", "fba_connector.group_fba_user,sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            fulfillment.with_user(clerk).action_end_doubt()
        fulfillment.action_end_doubt()
        self.assertEqual((fulfillment.state, fulfillment.error_code), ("exception", "Unfillable"))
        self.assertEqual(fulfillment.sale_id.order_line.fba_unsourced_qty, 2)
        self.assertFalse(fulfillment.can_end_doubt or fulfillment.due_at)
        self.assert_adds_up(fulfillment.sale_id)

    def test_hold_of_a_partly_unfillable_order_can_still_be_released(self):
        fulfillment = self.sourced({self.product_a: 3}).fba_fulfillment_order_ids
        fulfillment.hold = True
        fulfillment.action_submit()
        self.push()
        self.cannot_fulfill(fulfillment, A=1)
        self.reread(fulfillment)
        self.assertEqual(fulfillment.state, "exception")
        self.assertTrue(fulfillment.hold_ends_at)
        fulfillment.action_release_hold()
        self.assertFalse(fulfillment.hold)

    def test_dead_order_of_others_holds_nothing_up(self):
        lost = self.queued()
        self.push()
        self.env.cr.execute("UPDATE fba_fulfillment_order SET name = 'AGAIN-1' WHERE id = %s", [lost.id])
        self.env.invalidate_all()
        self.pull()
        self.assertTrue(self.env["fba.sighting"].search([("destination_key", "!=", False)]))
        [there] = self.control("GET", "fulfillment-orders")
        self.control("POST", f"fulfillment-orders/{there['order_id']}/status", status="Invalid")
        self.advance(minutes=5)
        self.forget_sending(lost)
        lost.action_submit()
        self.push()
        self.assertEqual(lost.state, "in_shipping", lost.error_message)
