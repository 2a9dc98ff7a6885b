from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .. import amazon
from ..amazon import outbound
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestPull(FbaCase):
    def done(self, order):
        return order.picking_ids.filtered(lambda picking: picking.state == "done").sorted("id")

    def test_two_shipments_with_three_packages_replace_the_provisional_delivery(self):
        fulfillment = self.sent({self.product_a: 2, self.product_b: 3})
        order = fulfillment.sale_id
        self.ship(fulfillment, ("T1", {"A": 1}), ("T2", {"A": 1}))
        self.pull()

        [first] = self.done(order)
        self.assertEqual(first.carrier_tracking_ref, "T1,T2")
        self.assertEqual(first.amazon_shipment_id, fulfillment.shipment_ids.amazon_shipment_id)
        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual(order.delivery_status, "partial")
        self.assertEqual(self.on_hand(self.product_a), 8)
        self.assertEqual(self.free(self.product_b), 7)
        self.assert_adds_up(order)

        self.ship(fulfillment, ("T3", {"B": 3}))
        self.pull()

        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(order.fba_status, "shipped")
        self.assertEqual(order.delivery_status, "full")
        self.assertFalse(
            order.picking_ids.filtered("fba_fulfillment_order_id") - self.done(order), "nothing provisional"
        )
        self.assertEqual(self.done(order).mapped("carrier_tracking_ref"), ["T1,T2", "T3"])
        self.assertEqual(len(self.done(order).move_line_ids.result_package_id), 3)
        self.assertRecordValues(
            fulfillment.package_ids.sorted("package_number"),
            [{"carrier_code": "UPS", "tracking_number": number} for number in ("T1", "T2", "T3")],
        )
        self.assertIn("T3", fulfillment.package_ids[-1].tracking_url)
        self.assertRecordValues(
            fulfillment.line_ids, [{"shipped_quantity": 2, "quantity": 2}, {"shipped_quantity": 3, "quantity": 3}]
        )
        self.assertEqual(self.on_hand(self.product_b), 7)
        self.assert_adds_up(order)

    def test_list_that_is_longer_than_a_run_goes_on_where_it_ended(self):
        fulfillments = self.env["fba.fulfillment.order"].union(*(self.sent({self.product_a: 1}) for _order in range(5)))
        for fulfillment in fulfillments:
            self.ship(fulfillment, (f"T{fulfillment.id}", {"A": 1}))
        self.account.pull_cursor = False
        self.control("POST", "settings", list_page_size=1, plan_factor=0.02)  # a page or two in a run
        with self.at_amazons_pace():
            for _run in range(20):
                self.pull()
                self.advance(minutes=1)
                amazon.forget_paces()
            reads = [call["query"] for call in self.journal("listAllFulfillmentOrders") if call["status"] == 200]
        self.assertEqual(set(fulfillments.mapped("state")), {"shipped"})
        self.assertTrue(self.account.pull_cursor)
        self.assertGreater(len({query.get("nextToken") for query in reads}), 4, "all of its pages were read")

    def test_ship_date_is_the_effective_date(self):
        fulfillment = self.sent({self.product_a: 1})
        self.advance(minutes=90)
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.pull()
        picking = self.done(fulfillment.sale_id)
        self.assertEqual(picking.date_done, fulfillment.shipment_ids.shipped_at)
        self.assertGreater(picking.date_done, fulfillment.submitted_at + timedelta(minutes=60))

    def test_no_mail_is_made_while_booking(self):
        self.env.company.stock_move_email_validation = True
        self.account.send_shipment_email = False  # that is a step of its own
        fulfillment = self.sent({self.product_a: 1})
        self.ship(fulfillment, ("T1", {"A": 1}))
        before = self.env["mail.mail"].search_count([])
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(self.env["mail.mail"].search_count([]), before)

    def test_unfillable_quantity_is_freed_and_an_exception(self):
        fulfillment = self.sent({self.product_a: 4, self.product_b: 1})
        order = fulfillment.sale_id
        self.cannot_fulfill(fulfillment, A=3)
        self.ship(fulfillment, ("T1", {"A": 1, "B": 1}))
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(order.fba_status, "exception")
        self.assertEqual(fulfillment.amazon_status, "CompletePartialled")
        self.assertIn("3 of 4 × A", fulfillment.error_message)
        self.assertEqual(order.activity_ids.summary, "Amazon Order Exception")
        self.assertEqual(order.order_line[0].fba_unsourced_qty, 3)
        self.assertEqual(self.free(self.product_a), 9)
        self.assertEqual(order.delivery_status, "partial", "not fully delivered while something has no source")
        self.assertFalse(self.open_deliveries(order))
        self.assert_adds_up(order)

        order.action_fulfill_by_amazon()

        self.assertEqual(len(order.fba_fulfillment_order_ids), 2, "Amazon ended the first id: a new one")
        self.assertEqual(order.order_line[0].fba_unsourced_qty, 0)
        self.assertEqual(fulfillment.state, "shipped", "nothing is left to decide")
        self.assertEqual(order.fba_status, "ready")
        self.assert_adds_up(order)

    def test_line_can_be_lowered_to_what_was_delivered(self):
        fulfillment = self.sent({self.product_a: 4})
        self.cannot_fulfill(fulfillment, A=3)
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.pull()
        line = fulfillment.sale_id.order_line
        line.product_uom_qty = 1
        self.assertEqual(line.fba_unsourced_qty, 0)
        self.assertEqual(fulfillment.sale_id.delivery_status, "full")
        self.assertEqual(fulfillment.sale_id.fba_status, "shipped")
        self.assert_adds_up(fulfillment.sale_id)

    def test_invalid_order_frees_everything(self):
        fulfillment = self.sent({self.product_a: 4})
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Invalid")
        self.pull()
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(fulfillment.line_ids.unfillable_quantity, 4)
        self.assertEqual(self.free(self.product_a), 10)
        self.assertFalse(fulfillment.picking_ids)
        self.assert_adds_up(fulfillment.sale_id)

    def test_cancelled_at_amazon_is_cancelled_and_freed(self):
        fulfillment = self.sent({self.product_a: 4})
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Cancelled")
        self.pull()
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertEqual(fulfillment.sale_id.fba_status, "cancelled")
        self.assertIn("was cancelled at Amazon", fulfillment.sale_id.activity_ids.note)
        self.assertEqual(self.free(self.product_a), 10)
        self.assert_adds_up(fulfillment.sale_id)

    def test_cancelled_at_amazon_is_told_though_it_was_told_to_be_late(self):
        fulfillment = self.sent({self.product_a: 4})
        fulfillment.sale_id.commitment_date = fields.Datetime.now() - timedelta(hours=1)
        self.pull()
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/status", status="Cancelled")
        self.pull()
        [activity] = fulfillment.sale_id.activity_ids
        self.assertIn("was cancelled at Amazon", activity.note)

    def test_pull_again_changes_nothing_and_reads_nothing(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        reads = len(self.journal("getFulfillmentOrder"))
        self.pull()
        self.assertEqual(len(self.journal("getFulfillmentOrder")), reads)
        self.assertEqual(len(fulfillment.picking_ids), 1)

    def test_snapshot_twice_or_older_changes_nothing(self):
        fulfillment = self.sent({self.product_a: 2})
        with self.account._open_gateway() as gateway:
            early = gateway.get_fulfillment_order(fulfillment.name)
            self.ship(fulfillment, ("T1", {"A": 2}))
            late = gateway.get_fulfillment_order(fulfillment.name)
        now = datetime.now().replace(microsecond=0)
        fulfillment._apply_snapshot(late, now)
        fulfillment._apply_snapshot(late, now)
        fulfillment._apply_snapshot(early, now - timedelta(seconds=5))
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(fulfillment.amazon_status, outbound.COMPLETE)
        self.assertEqual(len(fulfillment.shipment_ids), 1)
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 2)
        self.assertEqual(self.on_hand(self.product_a), 8)

    def test_tracking_that_comes_late_is_read_later(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, (None, {"A": 2}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertFalse(fulfillment.picking_ids.carrier_tracking_ref)
        self.assertTrue(fulfillment.due_at)

        number = fulfillment.package_ids.package_number
        self.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/tracking",
            package_number=number,
            tracking_number="LATE",
            carrier_code="USPS",
        )
        self.make_due(fulfillment)
        self.pull()

        self.assertRecordValues(fulfillment.package_ids, [{"tracking_number": "LATE", "carrier_code": "USPS"}])
        self.assertEqual(fulfillment.picking_ids.carrier_tracking_ref, "LATE")
        self.assertFalse(fulfillment.due_at)

    def test_second_shipment_is_found_though_amazon_does_not_announce_it(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.pull()
        self.ship(fulfillment, ("T2", {"A": 1}))
        self.make_due(fulfillment)
        self.pull()
        self.assertEqual(len(fulfillment.shipment_ids), 2)
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 2)

    def test_short_stock_in_odoo_does_not_block_what_shipped(self):
        fulfillment = self.sent({self.product_a: 2})
        self.stock(self.afn, self.product_a, -10)
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        self.assertEqual(self.on_hand(self.product_a), -2)

    def test_order_amazon_knows_and_we_do_not_is_left_alone(self):
        fulfillment = self.sent({self.product_a: 2})
        self.env.cr.execute("UPDATE fba_fulfillment_order SET name = 'ours' WHERE id = %s", [fulfillment.id])
        self.env.invalidate_all()
        self.pull()
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_refresh_reads_one_at_once(self):
        fulfillment = self.sent({self.product_a: 2})
        self.ship(fulfillment, ("T1", {"A": 2}))
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.state, "shipped")

    def test_paused_account_is_not_asked_by_hand_either(self):
        fulfillment = self.sent({self.product_a: 1})
        self.account.paused = True
        with self.assertRaisesRegex(UserError, "is paused"):
            fulfillment.action_refresh()

    def test_refresh_without_answer_is_told_in_words(self):
        fulfillment = self.sent({self.product_a: 2})
        self.fault("getFulfillmentOrder", "status", status=503)
        with self.assertRaisesRegex(UserError, "could not be read"):
            fulfillment.action_refresh()

    def test_delivery_prepared_by_hand_does_not_block_what_shipped(self):
        fulfillment = self.sent({self.product_a: 4})
        lines = fulfillment.picking_ids.move_line_ids
        lines.write({"quantity": 3, "picked": True})
        self.ship(fulfillment, ("T1", {"A": 1}))
        self.ship(fulfillment, ("T2", {"A": 3}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped", fulfillment.error_message)
        self.assertEqual(fulfillment.line_ids.shipped_quantity, 4)
        self.assertEqual(self.on_hand(self.product_a), 6)

    def test_dozen_of_which_a_part_is_unfillable_stays_whole_pieces(self):
        self.stock(self.afn, self.product_a, 20)
        self.control("PUT", "stock/A", fulfillable=30)
        order = self.sell({self.product_a: 1})
        order.order_line.product_uom_id = self.env.ref("uom.product_uom_dozen")
        order.action_confirm()
        order.action_fulfill_by_amazon()
        first = order.fba_fulfillment_order_ids
        first.action_submit()
        self.push()
        self.cannot_fulfill(first, A=5)
        self.ship(first, ("T1", {"A": 7}))
        self.pull()
        self.assertEqual(order.order_line.fba_unsourced_product_qty, 5)
        order.action_fulfill_by_amazon()
        second = order.fba_fulfillment_order_ids - first
        self.assertEqual(second.line_ids.quantity, 5)
        second.action_submit()
        self.push()
        self.ship(second, ("T2", {"A": 5}))
        self.pull()
        self.assertEqual(order.fba_status, "shipped")
        self.assertEqual(order.order_line.qty_delivered, 1)

    def test_return_is_no_supply(self):
        fulfillment = self.sent({self.product_a: 3})
        self.ship(fulfillment, ("T1", {"A": 3}))
        self.pull()
        returned = self.return_delivery(fulfillment.picking_ids, 1)
        with self.assertRaises(UserError):
            returned.move_ids.action_fba_release()
        self.assertIn("Nothing is left to source", fulfillment.sale_id.fba_reason_not_sourced)
