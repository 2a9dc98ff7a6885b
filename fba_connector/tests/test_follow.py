"""What Amazon says beside the smooth way: early exceptions, corrections, delays, returns, lots, carriers."""

import json
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import FbaCase

TASKS = "odoo.addons.fba_connector.models.account.fba_account_runs"


@tagged("post_install", "-at_install")
class TestFollow(FbaCase):
    def tell(self, fulfillment, what, **body):
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/{what}", **body)

    # === EXCEPTIONS BEFORE THE END === #

    def test_unfillable_part_is_an_exception_while_amazon_ships_the_rest(self):
        fulfillment = self.sent({self.product_a: 4, self.product_b: 2})
        order = fulfillment.sale_id
        self.cannot_fulfill(fulfillment, A=3)
        self.pull()
        self.assertEqual((fulfillment.state, order.fba_status), ("exception", "exception"))
        self.assertEqual(order.order_line[0].fba_unsourced_qty, 3)
        self.assertIn("3 of 4 × A", self.activities(order, "exception").note)
        self.assertTrue(fulfillment.can_cancel, "the rest can still be cancelled")
        self.assert_adds_up(order)

        self.ship(fulfillment, ("T1", {"A": 1}))
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.line_ids.mapped("shipped_quantity"), [1, 0])
        self.assertEqual(fulfillment.state, "exception")

        order.action_fulfill_by_amazon()
        self.assertEqual(fulfillment.state, "in_shipping", "resolved: the rest goes on")
        self.assertFalse(self.activities(order, "exception"))
        self.ship(fulfillment, ("T2", {"B": 2}))
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.amazon_status), ("shipped", "CompletePartialled"))
        self.assert_adds_up(order)

    def test_exception_that_nobody_resolved_stays_one_at_the_end(self):
        fulfillment = self.sent({self.product_a: 4})
        self.cannot_fulfill(fulfillment, A=1)
        self.pull()
        self.cannot_fulfill(fulfillment, A=2)
        fulfillment.action_refresh()
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.assertIn("3 of 4 × A for", fulfillment.error_message)
        self.assertIn("CompletePartialled", fulfillment.error_message)
        self.assertFalse(self.open_deliveries(fulfillment.sale_id))
        self.assertEqual(len(self.activities(fulfillment.sale_id, "exception")), 1, "one, with all that was told")

    def test_rest_of_an_exception_is_cancelled_at_amazon(self):
        fulfillment = self.sent({self.product_a: 4})
        order = fulfillment.sale_id
        self.control("POST", "settings", cancel_lag_seconds=60)
        order._action_cancel()
        self.cannot_fulfill(fulfillment, A=1)
        self.tell(fulfillment, "status", status="Planning")
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.state, "exception")
        self.push()
        self.assertTrue(fulfillment.cancel_asked_at)
        self.advance(minutes=2)
        self.pull()
        self.assertEqual(order.state, "cancel")
        self.assertFalse(self.open_deliveries(order))

    # === CORRECTIONS === #

    def test_shipment_cancelled_after_it_was_booked_is_told_once(self):
        fulfillment = self.sent({self.product_a: 3, self.product_b: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        shipment = fulfillment.shipment_ids
        self.tell(
            fulfillment, "change-shipment", shipment_id=shipment.amazon_shipment_id, status="CANCELLED_BY_FULFILLER"
        )
        fulfillment.action_refresh()
        fulfillment.action_refresh()
        self.assertEqual(shipment.difference, "A: 2 booked, 0 shipped")
        [activity] = self.activities(fulfillment.sale_id, "change")
        self.assertEqual(activity.note.count("2 booked, 0 shipped"), 1)
        self.assertEqual(shipment.picking_id.state, "done", "nothing is undone behind anybody's back")

        self.ship(fulfillment, ("T2", {"A": 3, "B": 2}))  # Amazon packs all anew, of which one A is open in Odoo
        self.pull()
        self.assertEqual((fulfillment.state, fulfillment.amazon_status), ("shipped", "Complete"))
        self.assertEqual(fulfillment.sale_id.order_line.mapped("qty_delivered"), [3, 2])
        self.assertEqual(fulfillment.sale_id.order_line.mapped("fba_unsourced_qty"), [0, 0], "nothing to send again")
        self.assertEqual((fulfillment.shipment_ids - shipment).difference, "A: 1 booked, 3 shipped")
        self.assertIn("1 booked, 3 shipped", activity.note)
        self.assert_adds_up(fulfillment.sale_id)

    def test_customer_is_not_told_of_a_shipment_that_was_cancelled_meanwhile(self):
        fulfillment = self.sent({self.product_a: 1})
        self.ship(fulfillment, (None, {"A": 1}))
        self.pull()
        shipment = fulfillment.shipment_ids
        self.tell(
            fulfillment, "change-shipment", shipment_id=shipment.amazon_shipment_id, status="CANCELLED_BY_FULFILLER"
        )
        fulfillment.action_refresh()
        shipment.shipped_at = fields.Datetime.now() - timedelta(hours=30)
        shipment._send_mails()
        self.assertEqual(shipment.mail_state, "due")

    def test_note_of_the_activity_may_be_empty(self):
        fulfillment = self.sent({self.product_a: 3})
        self.cannot_fulfill(fulfillment, A=1)
        self.pull()
        fulfillment.sale_id.activity_ids.note = False
        self.cannot_fulfill(fulfillment, A=1)
        fulfillment.action_refresh()
        self.assertIn("cannot fulfill", fulfillment.sale_id.activity_ids.note)

    def test_shipment_that_held_less_is_told(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        shipment = fulfillment.shipment_ids
        items = [{"seller_sku": "A", "quantity": 1}]
        self.tell(fulfillment, "change-shipment", shipment_id=shipment.amazon_shipment_id, items=items)
        fulfillment.action_refresh()
        self.assertEqual(shipment.difference, "A: 2 booked, 1 shipped")

    def test_what_was_delivered_is_not_free_again(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.pull()
        shipment = fulfillment.shipment_ids
        items = [{"seller_sku": "A", "quantity": 2}]
        self.tell(fulfillment, "change-shipment", shipment_id=shipment.amazon_shipment_id, items=items)
        fulfillment.action_refresh()
        self.assertEqual((fulfillment.state, fulfillment.amazon_status), ("shipped", "CompletePartialled"))
        self.assertFalse(self.activities(fulfillment.sale_id, "exception"))
        self.assertIn("3 booked, 2 shipped", self.activities(fulfillment.sale_id, "change").note)

    # === TIME === #

    def test_promise_that_passed_is_seen_and_told_once(self):
        fulfillment = self.sent({self.product_a: 1})
        order = fulfillment.sale_id
        order.commitment_date = fields.Datetime.now() - timedelta(hours=1)
        late = self.env["fba.fulfillment.order"].search([("delay", "=", "late")])
        self.assertIn(fulfillment, late)
        self.pull()
        self.pull()
        self.assertEqual(fulfillment.delay, "late")
        [activity] = self.activities(order, "delay")
        self.assertEqual(activity.note.count("was promised for"), 1)
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.pull()
        self.assertFalse(fulfillment.delay)
        self.assertFalse(self.activities(order, "delay"))

    def test_late_is_told_again_only_for_another_promise(self):
        order = self.sourced({self.product_a: 1})
        fulfillment = order.fba_fulfillment_order_ids
        order.commitment_date = fields.Datetime.now() - timedelta(hours=1)
        self.pull()
        self.activities(order, "delay").action_done()
        fulfillment.action_submit()
        self.push()
        self.pull()
        self.assertFalse(self.activities(order, "delay"))
        order.commitment_date -= timedelta(days=1)
        self.pull()
        self.assertEqual(len(self.activities(order, "delay")), 1)

    def test_order_that_amazon_does_not_begin_is_told_until_it_does(self):
        fulfillment = self.sent({self.product_a: 1})
        self.advance(minutes=2)
        self.pull()
        self.assertEqual(fulfillment.amazon_status, "Received")
        self.assertFalse(fulfillment.delay)
        fulfillment.amazon_updated_at = fields.Datetime.now() - timedelta(hours=30)
        self.assertEqual(fulfillment.delay, "stuck")
        self.assertIn(fulfillment, fulfillment.search([("delay", "in", ["late", "stuck"])]))
        self.account.stuck_after_hours = 48
        self.assertFalse(fulfillment.delay)
        self.account.stuck_after_hours = 24
        fulfillment._warn_of_time()
        self.assertEqual(len(self.activities(fulfillment.sale_id, "delay")), 1)
        self.tell(fulfillment, "status", status="Processing")
        self.pull()
        self.assertFalse(fulfillment.delay)
        self.assertFalse(self.activities(fulfillment.sale_id, "delay"))

    def test_order_on_hold_is_not_stuck(self):
        fulfillment = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        fulfillment.hold = True
        fulfillment.action_submit()
        self.push()
        self.assertFalse(fulfillment.stuck_at)

    # === RETURNS === #

    def test_returns_are_shown_and_told(self):
        fulfillment = self.sent({self.product_a: 3})
        order = fulfillment.sale_id
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.pull()
        self.tell(fulfillment, "return", items=[{"seller_sku": "A", "quantity": 2}], reason="TOO_SMALL")
        fulfillment.action_refresh()
        fulfillment.action_refresh()
        self.assertEqual(order.fba_return_item_ids.mapped("status"), ["New", "New"])
        [activity] = self.activities(order, "return")
        self.assertEqual(activity.note.count("is returning 2 × A (TOO_SMALL)"), 1)
        self.tell(fulfillment, "process-returns", condition="Defective")
        fulfillment.action_refresh()
        self.assertEqual(order.fba_return_item_ids.mapped("condition"), ["Defective", "Defective"])
        self.assertIn("received 2 × A (Defective) back", activity.note)

    def test_codes_of_returns_are_shown_in_words(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("T1", {"A": 4}))
        self.pull()
        for code in ("DAMAGED_BY_FC", "CR-SWITCHEROO", "apparel-too-small", "NEW_CODE"):
            self.tell(fulfillment, "return", items=[{"seller_sku": "A", "quantity": 1}], reason=code)
        self.tell(fulfillment, "process-returns", condition="CustomerDamaged")
        fulfillment.action_refresh()
        items = fulfillment.return_item_ids.sorted("amazon_return_id")
        self.assertEqual(
            items.mapped("reason_words"), ["Damaged at Amazon", "Wrong item sent", "Too small", "NEW_CODE"]
        )
        self.assertEqual(items[1].reason, "CR-SWITCHEROO", "Amazon's code stays")
        self.assertEqual(set(items.mapped("condition_words")), {"Damaged by the customer"})
        [activity] = self.activities(fulfillment.sale_id, "return")
        self.assertIn("received 4 × A (Damaged by the customer) back", activity.note)

    def test_odoos_return_goes_to_the_own_warehouse(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.pull()
        returned = self.return_delivery(fulfillment.picking_ids, 1)
        self.assertEqual(returned.picking_type_id, self.own.in_type_id)
        self.assertEqual(returned.location_dest_id, self.own.lot_stock_id)
        returned.move_ids.picked = True
        returned._action_done()
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 2)
        self.assertEqual(self.on_hand(self.product_a), 7, "nothing came back to Amazon")

    # === LOTS AND CARRIERS === #

    def ship_items(self, fulfillment, *items, carrier="UPS"):
        self.tell(
            fulfillment,
            "ship",
            packages=[{"carrier_code": carrier, "tracking_number": "T1", "items": list(items)}],
        )

    def test_serial_numbers_that_amazon_names(self):
        self.product_a.tracking = "serial"
        fulfillment = self.sent({self.product_a: 3})
        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 3, "serial_numbers": ["S1", "S2"]})
        self.pull()
        self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
        lines = fulfillment.picking_ids.move_line_ids
        self.assertEqual(sorted(lines.lot_id.mapped("name")), ["S1", "S2"])
        self.assertEqual(sum(lines.mapped("quantity")), 3)
        self.assertEqual(self.on_hand(self.product_a), 7)

    def test_serial_number_that_is_sold_again_is_booked_without_and_told(self):
        self.product_a.tracking = "serial"
        for _order in range(2):
            fulfillment = self.sent({self.product_a: 1})
            self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 1, "serial_numbers": ["S1"]})
            fulfillment.action_refresh()
            self.assertEqual(fulfillment.state, "shipped", fulfillment.failure_message)
        delivery = fulfillment.shipment_ids.picking_id
        self.assertFalse(delivery.move_line_ids.lot_id)
        self.assertIn("S1", "".join(delivery.message_ids.mapped("body")))

    def test_lot_code_is_no_serial_number(self):
        self.product_a.tracking = "serial"
        fulfillment = self.sent({self.product_a: 2})
        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 2, "lot_codes": ["L1"]})
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.state, "shipped", fulfillment.failure_message)

    def test_lot_that_another_company_has_too(self):
        self.product_a.tracking = "lot"
        other = self.env["res.company"].create({"name": "Other"})
        self.env["stock.lot"].create({"name": "L1", "product_id": self.product_a.id, "company_id": other.id})
        fulfillment = self.sent({self.product_a: 2})
        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 2, "lot_codes": ["L1"]})
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.shipment_ids.picking_id.move_line_ids.lot_id.company_id, self.env.company)

    def test_one_lot_is_booked_and_of_several_none(self):
        self.product_a.tracking = "lot"
        fulfillment = self.sent({self.product_a: 5})
        known = self.env["stock.lot"].create({"product_id": self.product_a.id, "name": "L1"})
        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 2, "lot_codes": ["L1"]})
        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 3, "lot_codes": ["L1", "L2"]})
        self.pull()
        self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
        lines = fulfillment.picking_ids.move_line_ids.sorted("quantity")
        self.assertEqual([(line.quantity, line.lot_id) for line in lines], [(2, known), (3, known.browse())])
        self.assertEqual(self.on_hand(self.product_a), 5)

    def test_carrier_is_mapped_named_and_linked(self):
        method = self.env["delivery.carrier"].create(
            {"name": "Parcel", "product_id": self.env["product.product"].create({"name": "Way", "type": "service"}).id}
        )
        self.env.ref("fba_connector.carrier_ups").delivery_carrier_id = method
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("1Z/1", {"A": 1}), ("1Z2", {"A": 1}))
        self.pull()
        picking = fulfillment.picking_ids.filtered(lambda picking: picking.state == "done")
        self.assertEqual(picking.carrier_id, method)
        self.assertEqual(fulfillment.package_ids.mapped("carrier_name"), ["UPS", "UPS"])
        self.assertEqual(
            json.loads(picking.carrier_tracking_url),
            [
                [number, f"https://www.ups.com/track?tracknum={quoted}"]
                for number, quoted in (("1Z/1", "1Z%2F1"), ("1Z2", "1Z2"))
            ],
        )
        self.assertFalse((fulfillment.picking_ids - picking).carrier_id, "what is still to come has none yet")

        self.ship_items(fulfillment, {"seller_sku": "A", "quantity": 1}, carrier="NOBODY_KNOWS")
        self.pull()
        self.assertEqual(fulfillment.package_ids[-1].carrier_name, "NOBODY_KNOWS")
        self.assertFalse(fulfillment.picking_ids.sorted("id")[-1].carrier_id)

    def test_longest_code_counts_and_links_are_checked(self):
        Carrier = self.env["fba.carrier"]
        self.assertEqual(Carrier._by_code({"DHLECOMMERCE"})["DHLECOMMERCE"].name, "DHL eCommerce")
        self.assertEqual(Carrier._by_code({"AMZN_US"})["AMZN_US"].name, "Amazon Logistics")
        with self.assertRaises(ValidationError):
            self.env.ref("fba_connector.carrier_ups").tracking_url = "javascript:<shipmenttrackingnumber>"

    # === STOCK === #

    def test_short_stock_sends_unsent_orders_back_to_waiting(self):
        fulfillment = self.sent({self.product_a: 4})
        other_sent = self.sent({self.product_a: 2}, commitment_date=fields.Datetime.now() + timedelta(days=90))
        unsent = self.sourced({self.product_a: 3}).fba_fulfillment_order_ids
        unsent.action_submit()
        self.assertEqual(unsent.state, "queued")
        self.stock(self.afn, self.product_a, -2)  # Amazon's count was wrong, and one is missing
        self.ship(fulfillment, ("T1", {"A": 4}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(unsent.state, "waiting", "nothing is sent that is not there")
        self.assertEqual(other_sent.line_ids.move_ids.state, "assigned", "Amazon has this one: it is spared")
        self.assert_adds_up(unsent.sale_id)

    # === ACCOUNT === #

    @mute_logger(TASKS)
    def test_refused_keys_are_one_activity_of_each_administrator(self):
        administrator = self.env["res.users"].create(
            {"name": "Ada", "login": "ada", "group_ids": [(4, self.env.ref("fba_connector.group_fba_manager").id)]}
        )
        self.account.refresh_token = "Atzr|wrong"
        self.pull()
        self.pull()
        [activity] = self.activities(self.account, "keys").filtered(lambda it: it.user_id == administrator)
        self.assertIn("invalid_grant", activity.note)
        self.account.refresh_token = "Atzr|demo"
        self.pull()
        self.assertFalse(self.activities(self.account, "keys"))

    def test_one_kind_of_call_that_is_refused_stays_one_activity(self):
        self.account.import_orders = True
        told = []
        for _round in range(2):
            self.fault("searchOrders", "status", status=403, count=5)
            self.run_job("import_amazon_orders")
            self.pull()
            self.assertEqual(self.account.connection_state, "refused")
            told.append(self.activities(self.account, "keys"))
        self.assertTrue(told[0])
        self.assertEqual(told[0], told[1])
        self.control("DELETE", "faults")
        self.run_job("import_amazon_orders")
        self.assertFalse(self.activities(self.account, "keys"))

    def test_orders_not_made_here_are_counted_once(self):
        fulfillment = self.sent({self.product_a: 2})
        self.env.cr.execute("UPDATE fba_fulfillment_order SET name = 'ours' WHERE id = %s", [fulfillment.id])
        self.env.invalidate_all()
        self.account.pull_cursor = fields.Datetime.now() - timedelta(minutes=5)
        self.pull()
        self.pull()
        self.assertEqual(self.account.foreign_order_count, 1)
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_returns_and_carriers_are_not_changed_by_hand(self):
        clerk = self.env["res.users"].create(
            {"name": "Carl", "login": "carl", "group_ids": [(4, self.env.ref("fba_connector.group_fba_user").id)]}
        )
        with self.assertRaises(AccessError):
            self.env.ref("fba_connector.carrier_ups").with_user(clerk).name = "X"
