"""An order that was seen at Amazon is found, adopted or told, and never sent again."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase

SEND = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_send"


@tagged("post_install", "-at_install")
class TestSightings(FbaCase):
    def at_amazon(self):
        return self.control("GET", "fulfillment-orders")

    @mute_logger(SEND)
    def unclear(self):
        """Sent with the answer lost, and unclear after all tries: reads lag by hours."""
        self.habit("read_lag", seconds=6 * 3600)
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_after")
        for _run in range(12):
            self.push()
            self.make_due(fulfillment)
            if fulfillment.state == "exception":
                break
        return fulfillment

    # === SEEN, THEN ADOPTED === #

    def test_each_way_of_seeing_an_order_is_noted_once(self):
        fulfillment = self.queued()
        self.push()
        self.assertEqual(fulfillment.sighting_ids.mapped("source"), ["created"])
        for _run in range(2):
            self.reread(fulfillment)
        self.assertEqual(sorted(fulfillment.sighting_ids.mapped("source")), ["created", "listed", "read"])

    @mute_logger(SEND)
    def test_echo_among_all_orders_and_the_shipments_report_are_sightings(self):
        first, second = self.queued(), self.queued({self.product_b: 1})
        self.fault("createFulfillmentOrder", "drop_after", count=2)
        self.habit("read_lag", seconds=6 * 3600)
        self.push()
        self.ship(first, ("T1", {"A": 2}))
        self.advance(minutes=10)
        self.run_job("import_amazon_orders")
        self.assertIn("echoed", first.sighting_ids.mapped("source"))
        row = {"amazon-order-id": "S01-1", "shipment-item-id": "I1", "merchant-order-id": second.name}
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.account.with_env(self.env(cr=cr))._store_tracking(amazon.shipped_items([row]))
        self.env.invalidate_all()
        self.assertIn("reported", second.sighting_ids.mapped("source"))
        self.no_habits()
        for order in (first, second):
            self.make_due(order)
        self.push()
        self.assertEqual((first.state, second.state), ("shipped", "in_shipping"))
        self.assertEqual(self.create_count(), 2)

    @mute_logger(SEND)
    def test_unclear_order_that_the_list_shows_is_adopted(self):
        fulfillment = self.unclear()
        self.assertIn(fulfillment.state, ("submitting", "exception"))
        sent = self.create_count()
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.pull()
        self.assertEqual(fulfillment.state, "submitting")
        self.assertIn("listed", fulfillment.sighting_ids.mapped("source"))
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.state, "submitting", "reads still lag: it is not sent again")
        self.no_habits()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.line_ids.shipped_quantity), ("shipped", 2))
        self.assertEqual(self.create_count(), sent)
        self.assert_same_at_amazon(fulfillment)

    @mute_logger(SEND)
    def test_sighted_order_can_neither_be_declared_unknown_nor_sent_again(self):
        fulfillment = self.unclear()
        self.assertIn("exists", fulfillment.sighting_ids.mapped("source"))
        sent = self.create_count()
        fulfillment.first_sent_at -= timedelta(days=2)
        self.make_due(fulfillment)
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.error_code), ("exception", "Unclear"))
        self.assertIn("reported as existing", fulfillment.error_message)
        with self.assertRaisesRegex(UserError, "Not at Amazon is therefore not possible"):
            fulfillment.action_declare_unknown()
        fulfillment.action_retry()
        for _run in range(4):
            self.make_due(fulfillment)
            self.push()
        self.assertEqual(self.create_count(), sent)
        self.assertEqual(len(self.at_amazon()), 1)

    def test_taken_id_in_other_words_is_adopted(self):
        for message in ("The merchant order ID you supplied is in use", "Order not accepted", "Something else"):
            with self.subTest(message=message), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.queued()
                self.fault("createFulfillmentOrder", "drop_after")
                with mute_logger(SEND):
                    self.push()
                self.habit("read_lag", seconds=3600, count=2)
                self.habit("other_duplicate_words", message=message)
                for _run in range(3):
                    self.make_due(fulfillment)
                    with mute_logger(SEND):
                        self.push()
                self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
                self.assertEqual(len(self.at_amazon()), 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_real_refusal_still_counts(self):
        self.product_a.default_code = "UNKNOWN"
        fulfillment = self.queued()
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.at_amazon), ("exception", False))
        self.assertEqual(len(self.journal("getFulfillmentOrder")), 1, "looked up once")
        self.assertFalse(fulfillment.sighting_ids)

    # === THE SAME ID, ANOTHER ORDER === #

    def test_order_that_differs_is_not_adopted(self):
        for fact, value in (
            ("postal_code", "10115"),
            ("country_code", "CA"),
            ("displayable_order_id", "S99999"),
            ("displayable_order_date", "2025-01-01T10:00:00Z"),
        ):
            with self.subTest(fact=fact), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.queued()
                self.push()
                self.ship(fulfillment, ("T1", {"A": 2}))
                self.forget_sending(fulfillment)
                self.habit("other_address", **{fact: value})
                self.pull()
                self.make_due(fulfillment)
                self.push()
                self.assertEqual((fulfillment.state, fulfillment.error_code), ("exception", "Mismatch"))
                self.assertIn("in Odoo, ", fulfillment.error_message)
                self.assertIn(value[:4], fulfillment.error_message)
                self.assertFalse(fulfillment.can_retry)
                self.assertFalse(fulfillment.shipment_ids)
                self.assertEqual(self.create_count(), 1)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_spelling_of_the_same_facts_is_no_difference(self):
        fulfillment = self.queued()
        self.push()
        self.forget_sending(fulfillment)
        moment = fields.Datetime.to_string(fulfillment.sale_id.date_order.replace(microsecond=0)).replace(" ", "T")
        self.habit(
            "other_address",
            postal_code="97201-1234",
            country_code="us",
            displayable_order_id=f" {fulfillment.sale_id.name.lower()} ",
            displayable_order_date=f"{moment}.123Z",
        )
        self.pull()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)

    def test_administrator_adopts_an_order_that_differs(self):
        fulfillment = self.queued()
        self.push()
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.forget_sending(fulfillment)
        self.habit("other_address", postal_code="10115")
        self.pull()
        self.make_due(fulfillment)
        self.push()
        self.assertTrue(fulfillment.can_adopt)
        clerk = new_test_user(self.env, "fba_clerk_adopt", "fba_connector.group_fba_user,sales_team.group_sale_manager")
        manager = new_test_user(self.env, "fba_manager_adopt", "fba_connector.group_fba_manager")
        with self.assertRaises(AccessError):
            fulfillment.with_user(clerk).action_adopt()
        fulfillment.with_user(manager).action_adopt()
        self.assertEqual((fulfillment.state, fulfillment.line_ids.shipped_quantity), ("shipped", 2))
        self.assertEqual(self.create_count(), 1)

    def test_ids_of_the_same_order_never_come_again(self):
        first = self.sourced({self.product_a: 1})
        names = {first.fba_fulfillment_order_ids.name}
        Order = self.env["fba.fulfillment.order"]
        names |= {Order._new_name(first, 1) for _time in range(50)}
        self.assertEqual(len(names), 51)

    # === A BACKUP IS RESTORED === #

    def test_restored_queued_order_is_adopted_before_anything_is_sent(self):
        fulfillment = self.queued()
        self.push()
        self.ship(fulfillment, ("T1", {"A": 2}))
        self.forget_sending(fulfillment)
        fulfillment.action_submit()
        self.push()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.line_ids.shipped_quantity), ("shipped", 2))
        self.assertEqual(self.create_count(), 1)
        self.assert_adds_up(fulfillment.sale_id)

    def test_restored_order_is_adopted_whatever_its_state(self):
        for state in ("waiting", "ready", "cancelled"):
            with self.subTest(state=state), self.env.cr.savepoint() as savepoint:
                self.reset_simulator()
                fulfillment = self.queued()
                self.push()
                self.ship(fulfillment, ("T1", {"A": 2}))
                self.forget_sending(fulfillment)
                if state == "cancelled":
                    fulfillment.line_ids._open_moves()._fba_release()
                elif state == "waiting":
                    fulfillment.line_ids._open_moves()._do_unreserve()
                self.assertEqual(fulfillment.state, state)
                self.pull()
                self.make_due(fulfillment)
                self.push()
                self.assertEqual((fulfillment.state, fulfillment.line_ids.shipped_quantity), ("shipped", 2))
                self.assertEqual(self.create_count(), 1)
                self.assert_adds_up(fulfillment.sale_id)
                savepoint.rollback()
            self.env.invalidate_all()

    def test_order_sent_under_a_lost_id_is_told_and_not_sent_again(self):
        lost = self.queued()
        self.push()
        # The backup is of before the order was sourced: sourced again, it has another ID.
        self.env.cr.execute("UPDATE fba_fulfillment_order SET name = 'AGAIN-1' WHERE id = %s", [lost.id])
        self.env.invalidate_all()
        self.forget_sending(lost)
        lost.action_submit()
        self.push()
        self.assertEqual((lost.state, lost.error_code), ("exception", "SentBefore"))
        self.assertIn("backup", lost.error_message)
        self.assertEqual(self.create_count(), 1)
        clerk = new_test_user(self.env, "fba_clerk_twin", "fba_connector.group_fba_user,sales_team.group_sale_manager")
        with self.assertRaises(AccessError):
            lost.with_user(clerk).action_retry()
        lost.action_retry()
        self.push()
        self.assertEqual(lost.state, "in_shipping", "an administrator may send it nevertheless")

    def test_orders_of_others_hold_nothing_up(self):
        other = self.queued()
        self.push()
        fulfillment = self.queued()
        self.account.pull_cursor = fields.Datetime.now() - timedelta(days=3)
        self.push()
        self.assertEqual((other.state, fulfillment.state), ("in_shipping", "in_shipping"))
