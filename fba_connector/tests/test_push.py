from datetime import timedelta

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .. import amazon
from .common import FbaCase

TASKS = "odoo.addons.fba_connector.models.account.fba_account_runs"
SEND = "odoo.addons.fba_connector.models.fulfillment.fba_fulfillment_order_send"


@tagged("post_install", "-at_install")
class TestPush(FbaCase):
    def creates(self):
        return self.journal("createFulfillmentOrder")

    def at_amazon(self):
        return self.control("GET", "fulfillment-orders")

    def test_push_sends_what_amazon_needs(self):
        fulfillment = self.queued({self.product_a: 2, self.product_b: 3})
        self.push()
        self.assertRecordValues(fulfillment, [{"state": "in_shipping", "error_message": False}])
        self.assertEqual(fulfillment.sale_id.fba_status, "in_shipping")
        [call] = self.creates()
        body = call["body"]
        line_a, line_b = fulfillment.line_ids
        self.assertEqual(
            {key: body[key] for key in body if key != "displayableOrderDate"},
            {
                "marketplaceId": "ATVPDKIKX0DER",
                "sellerFulfillmentOrderId": fulfillment.name,
                "displayableOrderId": fulfillment.sale_id.name,
                "displayableOrderComment": "Thank you for your order.",
                "shippingSpeedCategory": "Standard",
                "fulfillmentAction": "Ship",
                "fulfillmentPolicy": "FillAllAvailable",
                "destinationAddress": {
                    "name": "Eva Muster",
                    "addressLine1": "1 Main Street",
                    "city": "Portland",
                    "stateOrRegion": "OR",
                    "postalCode": "97201",
                    "countryCode": "US",
                },
                "items": [
                    {"sellerSku": "A", "sellerFulfillmentOrderItemId": line_a.item_id, "quantity": 2},
                    {"sellerSku": "B", "sellerFulfillmentOrderItemId": line_b.item_id, "quantity": 3},
                ],
            },
        )

    def test_second_push_sends_nothing(self):
        self.queued()
        self.push()
        self.push()
        self.assertEqual(len(self.creates()), 1)

    def test_rejected_order_is_an_exception_and_retried_with_the_same_id(self):
        self.product_a.default_code = "UNKNOWN"
        fulfillment = self.queued()
        self.push()
        self.assertEqual(fulfillment.state, "exception")
        self.assertEqual(fulfillment.sale_id.fba_status, "exception")
        self.assertIn("SellerSKU for UNKNOWN is invalid", fulfillment.error_message)
        self.assertIn("map the product under", fulfillment.error_message)
        self.assertIn(fulfillment.sale_id.name, fulfillment.error_message)
        self.assertEqual(fulfillment.sale_id.activity_ids.summary, "Amazon Order Exception")
        self.assertEqual(fulfillment.line_ids.move_ids.state, "assigned", "the stock stays assigned")

        self.control("PUT", "stock/UNKNOWN", fulfillable=10)
        fulfillment.action_retry()
        self.push()

        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual({call["body"]["sellerFulfillmentOrderId"] for call in self.creates()}, {fulfillment.name})

    def test_rejected_order_follows_the_line(self):
        self.product_a.default_code = "UNKNOWN"
        fulfillment = self.queued({self.product_a: 5})
        self.push()
        line = fulfillment.sale_id.order_line
        for quantity in (3, 6, 4):
            line.product_uom_qty = quantity
            self.assertEqual(fulfillment.line_ids.quantity, quantity)
            self.assert_adds_up(fulfillment.sale_id)
        self.assertEqual(fulfillment.sale_id.fba_fulfillment_order_ids, fulfillment)

    def test_warehouse_switched_off_after_the_submit_sends_nothing(self):
        fulfillment = self.queued()
        self.afn.fba_available_for_fulfillment = False
        self.push()
        self.assertFalse(self.creates())
        self.assertEqual(fulfillment.state, "ready")
        self.assertIn("not available for fulfillment", fulfillment.error_message)

    def test_exception_without_salesperson_is_somebodys(self):
        self.product_a.default_code = "UNKNOWN"
        fulfillment = self.queued(user_id=False)
        self.push()
        self.assertTrue(fulfillment.sale_id.activity_ids.user_id.active)

    def test_rejected_order_can_be_released(self):
        self.product_a.default_code = "UNKNOWN"
        fulfillment = self.queued()
        self.push()
        fulfillment.line_ids.move_ids.action_fba_release()
        self.assertEqual(fulfillment.state, "cancelled")
        self.assertEqual(self.free(self.product_a), 10)

    def test_one_bad_order_stops_nobody(self):
        unknown = self.new_product("UNKNOWN")
        good, bad, other = self.queued(), self.queued({unknown: 1}), self.queued()
        self.push()
        self.assertEqual((good + bad + other).mapped("state"), ["in_shipping", "exception", "in_shipping"])

    @mute_logger(TASKS)
    def test_unforeseen_error_stays_on_its_order(self):
        good, bad = self.queued(), self.queued()

        def broken(order):
            if order == bad:
                raise ValueError("what nobody foresaw")
            return prepare(order)

        prepare = type(bad)._prepare_create_request
        self.patch(type(bad), "_prepare_create_request", broken)
        self.push()
        self.assertEqual((good.state, bad.state), ("in_shipping", "queued"))
        self.assertIn("what nobody foresaw", bad.failure_message)
        self.assertIn("what nobody foresaw", bad.sale_id.fba_message)
        self.assertGreater(bad.due_at, fields.Datetime.now())

    @mute_logger(SEND)
    def test_answer_lost_after_the_effect_is_looked_up_and_adopted(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_after")
        self.push()
        self.assertEqual(fulfillment.state, "submitting")
        self.assertIn("The order may have arrived", fulfillment.error_message)

        self.push()

        self.assertRecordValues(fulfillment, [{"state": "in_shipping", "error_message": False}])
        self.assertEqual(len(self.creates()), 1)

    @mute_logger(SEND)
    def test_answer_lost_before_the_effect_is_sent_again_after_two_misses(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_before")
        self.push()
        self.push()  # the first look-up misses: Amazon may lag
        self.assertEqual(fulfillment.state, "submitting")
        self.assertGreater(fulfillment.due_at, fields.Datetime.now() + timedelta(minutes=4))
        self.push()
        self.assertEqual(len(self.creates()), 1, "not before the delay is over")

        self.make_due(fulfillment)
        self.push()

        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual([order["order_id"] for order in self.at_amazon()], [fulfillment.name])
        self.assertEqual(len(self.creates()), 2)

    @mute_logger(SEND)
    def test_unclear_for_good_ends_as_exception(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_before", count=10)
        for _turn in range(20):
            self.make_due(fulfillment)
            self.push()
        self.assertEqual(fulfillment.state, "exception")
        self.assertIn("Check Seller Central", fulfillment.error_message)
        self.assertEqual(len(self.creates()), 4)
        with self.assertRaisesRegex(UserError, "fulfilled by Amazon"):
            fulfillment.line_ids.move_ids.action_fba_release()

        fulfillment.action_retry()
        self.push()
        self.assertEqual(len(self.creates()), 4, "looked up before anything is sent")

        fulfillment._request_cancel()
        fulfillment.first_sent_at -= timedelta(hours=25)
        for _turn in range(3):
            self.make_due(fulfillment)
            self.push()
        self.assertEqual(fulfillment.state, "exception", "not looked up for ever")

    @mute_logger(SEND)
    def test_incomplete_address_after_a_lost_answer_does_not_free_what_may_be_at_amazon(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_after")
        self.fault("getFulfillmentOrder", "status", status=404, code="ResourceNotFound", count=2)
        self.push()
        self.customer.zip = False
        for _look_up in range(2):
            self.make_due(fulfillment)
            self.push()
        self.assertRecordValues(fulfillment, [{"state": "exception", "error_code": "Unclear", "at_amazon": True}])
        self.assertIn("postal code", fulfillment.error_message)
        with self.assertRaisesRegex(UserError, "fulfilled by Amazon"):
            fulfillment.line_ids.move_ids.action_fba_release()

        fulfillment.sale_id.partner_shipping_id.zip = "97201"
        fulfillment.action_retry()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual(len(self.creates()), 1)

    @mute_logger(SEND)
    def test_rejection_after_a_lost_answer_does_not_free_what_may_be_at_amazon(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "drop_before")
        for _turn in range(2):  # sent, missed once
            self.push()
        self.fault("createFulfillmentOrder", "status", status=400, code="InvalidInput")
        self.make_due(fulfillment)
        self.push()
        self.assertRecordValues(fulfillment, [{"state": "exception", "error_code": "Unclear", "at_amazon": True}])

    def test_rejected_sku_is_mapped_and_sent_with_the_same_id(self):
        unknown = self.new_product("WRONG")
        fulfillment = self.queued({unknown: 1})
        self.push()
        self.assertEqual(fulfillment.state, "exception")
        self.env["fba.sku"].create({"warehouse_id": self.afn.id, "product_id": unknown.id, "seller_sku": "A"})
        fulfillment.action_retry()
        self.push()
        self.assertRecordValues(fulfillment, [{"state": "in_shipping", "contents": "1 SKU · A"}])
        self.assertFalse(fulfillment.sale_id.activity_ids)

    def test_line_released_before_sending_is_not_sent(self):
        order = self.sourced({self.product_a: 2, self.product_b: 1})
        self.open_deliveries(order).move_ids[1].action_fba_release()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping", fulfillment.error_message)
        self.assertEqual([item["sellerSku"] for item in self.creates()[0]["body"]["items"]], ["A"])

    @mute_logger(TASKS)
    def test_account_that_fails_altogether_leaves_the_others_alone(self):
        other = self.env["fba.account"].create(self.account_values("Other", **self.another_seller()))
        broken = self.account

        def fail(account, gateway):
            if account.id == broken.id:
                raise ValueError("what nobody foresaw")
            return pull(account, gateway)

        pull = type(broken)._pull_changed_orders
        self.patch(type(broken), "_pull_changed_orders", fail)
        self.run_job("pull_fulfillment_orders")
        self.assertIn("what nobody foresaw", broken.connection_message)
        self.assertTrue(other.pull_cursor)

    def test_account_that_takes_all_the_time_leaves_the_next_run_to_the_others(self):
        other = self.env["fba.account"].create(self.account_values("Other", **self.another_seller()))
        ran = []
        commit = type(other)._commit

        def commit_and_look_at_the_clock(account, **progress):
            commit(account, **progress)
            return 0 if ran else 10  # seconds

        self.patch(type(other), "_commit", commit_and_look_at_the_clock)
        accounts, firsts = self.account + other, []
        for _run in range(2):
            with self.enter_registry_test_mode(), self.registry.cursor() as cr:
                here = accounts.with_env(self.env(cr=cr))
                here._run_task("push", lambda account, _gateway: ran.append(account.id))
            firsts.append(ran.pop())
            self.assertFalse(ran, "the other is left to the next run")
        self.assertEqual(set(firsts), set(accounts.ids))

    def test_worker_that_died_after_the_lease_is_taken_over_when_it_ends(self):
        fulfillment = self.queued()
        fulfillment.write(
            {"state": "submitting", "due_at": fields.Datetime.now() + timedelta(minutes=9), "send_count": 1}
        )
        self.push()
        self.assertFalse(self.control("GET", "journal"), "nobody touches a live lease")
        self.make_due(fulfillment)
        self.push()
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual(len(self.creates()), 1)

    def test_known_id_is_adopted(self):
        fulfillment = self.queued()
        self.push()
        fulfillment.write(
            {"state": "queued", "due_at": fields.Datetime.now(), "submitted_at": False, "at_amazon": False}
        )
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")
        self.assertEqual(len(self.creates()), 2)

    def test_known_id_with_other_lines_is_never_adopted(self):
        fulfillment = self.queued()
        self.push()
        self.env.cr.execute("UPDATE fba_fulfillment_order_line SET quantity = 7 WHERE order_id = %s", [fulfillment.id])
        self.env.invalidate_all()
        fulfillment.write({"state": "queued", "due_at": fields.Datetime.now(), "submitted_at": False})
        self.push()
        self.assertEqual(fulfillment.state, "exception")
        self.assertIn("differs from", fulfillment.error_message)
        self.assertFalse(fulfillment.can_retry)
        with self.assertRaisesRegex(UserError, "fulfilled by Amazon"):
            fulfillment.line_ids.move_ids.action_fba_release()

        fulfillment.action_declare_unknown()
        fulfillment.line_ids.move_ids.action_fba_release()

        self.assertEqual(fulfillment.state, "cancelled")

    def test_refused_once_for_its_pace_is_sent_in_the_same_run(self):
        fulfillment = self.queued()
        self.fault("createFulfillmentOrder", "status", status=429)
        self.push()
        self.assertRecordValues(fulfillment, [{"state": "in_shipping", "error_message": False, "send_count": 1}])
        self.assertEqual([call["status"] for call in self.creates()], [429, 200])

    def test_throttled_for_hours_the_rest_waits_without_asking(self):
        first, second, third = (self.queued({self.product_a: 1}) for _order in range(3))
        self.control("POST", "settings", plan_factor=0.0001)  # one call, then hours until the next
        self.push()
        self.push()
        self.assertEqual([order.state for order in first + second + third], ["in_shipping", "queued", "queued"])
        self.assertEqual([call["status"] for call in self.creates()], [200, 429], "the second run knows the pace")
        self.assertRecordValues(third, [{"error_message": False, "failure_count": 0, "first_sent_at": False}])
        self.assertNotEqual(self.account.connection_state, "failed")

        self.control("POST", "settings", plan_factor=1)
        self.advance(minutes=1)
        amazon.forget_paces()
        self.make_due(second + third)
        self.push()
        self.assertEqual([order.state for order in first + second + third], ["in_shipping"] * 3)
        self.assertEqual(len(self.at_amazon()), 3)

    def test_address_in_japan_has_no_city_of_its_own(self):
        fulfillment = self.queued()
        japan = self.env.ref("base.jp")
        self.customer.write({"country_id": japan.id, "state_id": False, "city": "Kobe", "street2": "Floor 2"})
        address = fulfillment.partner_shipping_id._fba_address()
        self.assertIsNone(address.city)
        self.assertEqual((address.line1, address.line2, address.line3), ("Kobe", "1 Main Street", "Floor 2"))

    def test_order_number_that_amazon_cannot_print_gives_way_to_our_id(self):
        fulfillment = self.queued(name="注文 7")
        self.push()
        [call] = self.creates()
        self.assertEqual(call["body"]["displayableOrderId"], fulfillment.name)

    def test_order_that_amazon_would_reject_is_not_sent_and_says_why(self):
        self.customer.street = "1 Main\x07 Street"
        fulfillment = self.queued()
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.error_code), ("exception", "Incomplete"))
        self.assertIn(f"{fulfillment.sale_id.name} was not sent", fulfillment.error_message)
        self.assertIn("the street contains the character U+0007", fulfillment.error_message)
        self.assertFalse(self.creates())
        self.assertFalse(fulfillment.at_amazon)

        self.customer.street = "1 Main Street"
        fulfillment.action_retry()
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")

    @mute_logger(TASKS)
    def test_refused_keys_flag_the_account_and_leave_others_alone(self):
        self.control(
            "POST",
            "sellers",
            client_id="c2",
            client_secret="s2",
            refresh_token="Atzr|2",
            marketplace_ids=["ATVPDKIKX0DER"],
        )
        fulfillment = self.queued()
        self.account.refresh_token = "Atzr|wrong"
        other = self.env["fba.account"].create(
            self.account_values("Other", lwa_client_id="c2", lwa_client_secret="s2", refresh_token="Atzr|2")
        )
        self.push()
        self.pull()
        self.assertEqual(fulfillment.state, "queued")
        self.assertEqual(self.account.connection_state, "refused")
        self.assertIn("invalid_grant", self.account.connection_message)
        self.assertNotEqual(other.connection_state, "refused")
        self.assertTrue(other.pull_cursor)

        self.account.refresh_token = "Atzr|demo"
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")

    def test_server_that_is_down_is_tried_later(self):
        fulfillment = self.queued()
        self.account.lwa_endpoint = "http://127.0.0.1:9/auth/o2/token"
        self.push()
        self.assertEqual(fulfillment.state, "queued")
        self.assertGreater(fulfillment.due_at, fields.Datetime.now())
        self.account.lwa_endpoint = self.simulator.lwa_url
        self.make_due(fulfillment)
        self.push()
        self.assertEqual(fulfillment.state, "in_shipping")
