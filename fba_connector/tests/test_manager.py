from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .. import amazon
from .common import FbaCase


@tagged("post_install", "-at_install")
class TestManager(FbaCase):
    """The clerk's screen: preview, fee limit, hold, options, all available, progress."""

    def ready(self, lines=None, **values):
        return self.sourced(lines or {self.product_a: 1}, **values).fba_fulfillment_order_ids

    def wizard(self, action):
        return self.env[action["res_model"]].with_context(**action["context"]).create({})

    def preview(self, orders):
        action = orders.action_preview()
        return self.env[action["res_model"]].browse(action["res_id"])

    # === PREVIEW === #

    def test_preview_of_every_speed_is_kept(self):
        order = self.ready({self.product_a: 2})
        wizard = self.preview(order)
        self.assertEqual(set(wizard.preview_ids.mapped("shipping_speed")), {"Standard", "Expedited", "Priority"})
        self.assertTrue(order.previewed_at)
        for preview in wizard.preview_ids.filtered("is_fulfillable"):
            self.assertGreater(len(preview.fee_ids), 1)
            self.assertAlmostEqual(preview.total, sum(preview.fee_ids.mapped("amount")))
            self.assertEqual(preview.currency_id.name, "USD")
            self.assertLess(preview.ships_from, preview.arrives_until)
            self.assertIn("Per unit", preview.fee_text)
        standard = wizard.preview_ids.filtered("is_chosen")
        self.assertEqual(order.estimated_fee, standard.total)
        self.assertEqual(wizard.preview_ids.filtered("is_cheapest"), standard)

    def test_one_click_adopts_a_speed_and_its_fee(self):
        order = self.ready()
        priority = self.preview(order).preview_ids.filtered(lambda preview: preview.shipping_speed == "Priority")
        priority.action_choose()
        self.assertEqual((order.shipping_speed, order.estimated_fee), ("Priority", priority.total))
        order.action_submit()
        with self.assertRaisesRegex(UserError, "is already on its way to Amazon"):
            priority.action_choose()

    def test_fee_of_a_changed_order_is_not_known(self):
        order = self.ready()
        self.preview(order)
        order.sale_id.order_line.product_uom_qty = 2
        self.assertFalse(order.fee_currency_id or order.estimated_fee)

    def test_unfulfillable_items_are_shown_with_reasons(self):
        self.control("PUT", "stock/A", fulfillable=0)
        wizard = self.preview(self.ready())
        self.assertFalse(any(wizard.preview_ids.mapped("is_fulfillable")))
        self.assertIn("1 × A:", wizard.preview_ids[0].reasons)

    def test_unknown_fee_is_shown_so(self):
        self.control("POST", "settings", fees_known=False)
        order = self.ready()
        preview = self.preview(order).preview_ids[0]
        self.assertTrue(preview.is_fulfillable)
        self.assertFalse(preview.currency_id or preview.fee_ids or order.fee_currency_id)

    def test_many_are_previewed_in_one_go_and_the_rest_by_the_scheduled_action(self):
        orders = self.ready() + self.ready() + self.ready()
        # Amazon's plan has no room while the person waits, who has no patience here at all.
        self.fault("getFulfillmentPreview", "status", status=429, code="QuotaExceeded", count=3)
        original = type(self.account)._open_gateway
        with patch.object(type(self.account), "_open_gateway", lambda account: original(account, 0)):
            wizard = self.preview(orders)
        self.assertEqual((wizard.count, wizard.waiting_count), (3, 3))
        amazon.forget_paces()
        self.push()
        self.env.invalidate_all()
        self.assertEqual(wizard.waiting_count, 0)
        self.assertEqual(wizard.preview_ids.order_id, orders)

    def test_preview_that_amazon_refuses_says_why(self):
        order = self.ready()
        self.fault("getFulfillmentPreview", "status", status=400, code="InvalidInput")
        wizard = self.preview(order)
        self.assertIn("Amazon returned no preview for", wizard.errors)
        self.assertFalse(wizard.waiting_count)

    def test_incomplete_order_is_not_previewed(self):
        order = self.ready()
        self.customer.zip = False
        with self.assertRaisesRegex(UserError, "postal code"):
            order.action_preview()

    # === THE FEE LIMIT, BY HAND === #

    def test_orders_above_the_limit_need_a_further_confirm(self):
        self.account.write({"fee_limit": 7})
        cheap, dear = self.ready(), self.ready({self.product_a: 9})
        unknown = self.ready({self.product_b: 1})
        self.preview(cheap + dear)
        self.assertLess(cheap.estimated_fee, 7)
        wizard = self.wizard((cheap + dear + unknown).action_open_submit_wizard())
        self.assertEqual((wizard.order_ids, wizard.limited_count), (cheap, 2))
        self.assertIn(f"USD {cheap.estimated_fee:.2f}", wizard.fees)
        wizard.send_limited = True
        self.assertEqual((wizard.order_count, wizard.unit_count), (3, 11))
        self.assertIn("unknown for 1", wizard.fees)
        wizard.action_confirm()
        self.assertEqual((cheap + dear + unknown).mapped("state"), ["queued"] * 3)

    def test_orders_above_the_limit_stay_without_it(self):
        self.account.write({"fee_limit": 1})
        order = self.ready()
        self.preview(order)
        wizard = self.wizard(order.action_open_submit_wizard())
        self.assertEqual(wizard.order_count, 0)
        wizard.action_confirm()
        self.assertEqual(order.state, "ready")

    def test_queued_order_is_not_sent_at_another_speed_unasked(self):
        self.account.fee_limit = 7
        order = self.ready()
        self.preview(order)
        order.action_submit()
        order.sale_id.carrier_id = self.carrier("Priority")
        self.push()
        self.assertEqual(order.state, "ready")
        with self.assertRaisesRegex(UserError, "is above your limit"):
            order.action_submit()

    def carrier(self, speed):
        product = self.env["product.product"].create({"name": "Delivery", "type": "service"})
        return self.env["delivery.carrier"].create(
            {"name": speed, "product_id": product.id, "fba_shipping_speed": speed}
        )

    def test_retry_at_another_price_or_without_stock_is_refused(self):
        self.account.fee_limit = 7
        order = self.ready()
        self.preview(order)
        order.action_submit()
        self.fault("createFulfillmentOrder", "status", status=400, code="InvalidInput")
        self.push()
        order.shipping_speed = "Priority"
        with self.assertRaisesRegex(UserError, "is above your limit"):
            order.action_retry()
        order.shipping_speed = "Standard"
        order.picking_ids.do_unreserve()
        with self.assertRaisesRegex(UserError, "no longer reserved"):
            order.action_retry()
        order.picking_ids.action_assign()
        order.action_retry()
        self.push()
        self.assertEqual(order.state, "in_shipping")

    def test_fee_is_that_of_address_options_and_sku(self):
        order = self.ready()
        for change in (
            lambda: order.write({"block_amzl": True}),
            lambda: order.sale_id.write({"partner_shipping_id": self.customer.copy({"zip": "99501"}).id}),
            lambda: self.env["fba.sku"].create(
                {"warehouse_id": self.afn.id, "product_id": self.product_a.id, "seller_sku": "B"}
            ),
        ):
            self.preview(order)
            self.assertTrue(order.fee_currency_id)
            change()
            order._choose_skus()
            self.assertFalse(order.fee_currency_id)
        self.preview(order)
        self.account.fee_limit = 1000
        order.partner_shipping_id.zip = "10001"  # the contact itself
        with self.assertRaisesRegex(UserError, "is not known"):
            order.action_submit()

    def test_limit_in_a_currency_without_rate_is_not_passed(self):
        self.account.fee_limit = 1000
        self.customer.property_product_pricelist = False
        order = self.ready()
        self.preview(order)
        mexico = self.env.ref("base.MXN")
        mexico.rate_ids.unlink()
        with patch.object(type(order), "fee_currency_id", mexico):
            self.assertIn("exchange rate", order._reason_too_expensive())

    def test_order_that_changed_since_the_prompt_leaves_the_others(self):
        self.account.fee_limit = 1000
        first, second = self.ready(), self.ready()
        self.preview(first + second)
        wizard = self.wizard((first + second).action_open_submit_wizard())
        second.sale_id.order_line.product_uom_qty = 2
        wizard.action_confirm()
        self.assertEqual((first.state, second.state), ("queued", "ready"))

    def test_failed_preview_keeps_the_one_before(self):
        order = self.ready()
        self.preview(order)
        self.fault("getFulfillmentPreview", "status", status=400, code="InvalidInput")
        wizard = self.preview(order)
        self.assertTrue(wizard.preview_ids and wizard.errors and order.fee_currency_id)

    def test_orders_that_cannot_be_previewed_are_named(self):
        good, bad = self.ready(), self.ready()
        bad.sale_id.partner_shipping_id = self.customer.copy({"zip": False})
        wizard = self.preview(good + bad)
        self.assertEqual(wizard.count, 2)
        self.assertIn("postal code", wizard.errors)

    # === ALL AVAILABLE === #

    def test_all_available_is_what_is_ready(self):
        orders = self.ready() + self.ready({self.product_b: 2})
        waiting = self.sell({self.product_a: 99}, warehouse_id=self.afn.id)
        waiting.action_confirm()
        action = self.env["fba.fulfillment.order"].action_fulfill_all_available()
        self.assertEqual(action["context"]["default_scope"], "all")
        self.assertLessEqual(set(orders.ids), set(action["context"]["default_order_ids"]))
        self.assertNotIn(waiting.fba_fulfillment_order_ids.id, action["context"]["default_order_ids"])

    def test_all_available_of_the_filter_shown(self):
        first, _second = self.ready(), self.ready()
        narrowed = self.env["fba.fulfillment.order"].with_context(active_domain=[("name", "=", first.name)])
        action = narrowed.action_fulfill_all_available()
        self.assertEqual(action["context"]["default_order_ids"], first.ids)
        self.assertEqual(action["context"]["default_scope"], "filter")

    def test_two_clerks_press_at_once(self):
        order = self.ready()
        first = self.wizard(order.action_open_submit_wizard())
        second = self.wizard(order.action_open_submit_wizard())
        first.action_confirm()
        second.action_confirm()
        self.push()
        self.assertEqual(len(self.journal("createFulfillmentOrder")), 1)

    def test_progress(self):
        get_progress = self.env["fba.fulfillment.order"].get_progress
        good, bad = self.ready(), self.ready()
        (good + bad).action_submit()
        progress = get_progress()
        self.assertEqual((progress["total"], progress["waiting"]), (2, 2))
        self.customer.zip = False
        bad.sale_id.partner_shipping_id = self.customer.copy({"zip": False})
        self.customer.zip = "97201"
        self.push()
        self.assertEqual(get_progress(progress["since"]), {**progress, "waiting": 0, "sent": 1, "rejected": 1})
        self.assertEqual(get_progress()["total"], 0)

    def test_progress_leaves_out_what_was_cancelled_and_paused(self):
        get_progress = self.env["fba.fulfillment.order"].get_progress
        first, second = self.ready(), self.ready()
        (first + second).action_submit()
        since = get_progress()["since"]
        second.action_request_cancel()
        self.push()
        self.assertEqual((get_progress(since)["total"], get_progress(since)["sent"]), (1, 1))
        self.ready().action_submit()
        self.account.paused = True
        self.assertFalse(get_progress()["total"])

    def test_cancellations_do_not_wait_for_previews(self):
        sent = self.ready()
        sent.action_submit()
        self.push()
        sent._request_cancel()
        self.ready().preview_is_due = True
        self.fault("getFulfillmentPreview", "status", status=429, code="QuotaExceeded", count=50)
        original = type(self.account)._open_gateway
        with patch.object(type(self.account), "_open_gateway", lambda account, *_deadline: original(account, 1)):
            self.push()
        self.assertTrue(sent.cancel_asked_at)

    # === HOLD === #

    def held(self):
        order = self.ready()
        order.hold = True
        order.action_submit()
        self.push()
        return order

    def test_held_order_is_shipped_once_it_is_said(self):
        order = self.held()
        [sent] = self.control("GET", "fulfillment-orders")
        self.assertEqual(sent["action"], "Hold")
        self.assertEqual(order.hold_ends_at, order.submitted_at + timedelta(days=14))
        order.action_release_hold()
        [sent] = self.control("GET", "fulfillment-orders")
        self.assertEqual(sent["action"], "Ship")
        self.assertFalse(order.hold or order.hold_ends_at)
        with self.assertRaisesRegex(UserError, "is not on hold"):
            order.action_release_hold()

    def test_release_that_amazon_does_not_take_changes_nothing(self):
        order = self.held()
        self.fault("updateFulfillmentOrder", "status", status=500)
        with self.assertRaisesRegex(UserError, "is not shipping .* yet"):
            order.action_release_hold()
        self.assertTrue(order.hold_ends_at)

    def test_release_that_got_no_answer_is_found_done(self):
        order = self.held()
        self.fault("updateFulfillmentOrder", "drop_after")
        order.action_release_hold()
        self.assertFalse(order.hold or order.hold_ends_at)

    def test_release_of_a_paused_account_is_refused(self):
        order = self.held()
        self.account.paused = True
        with self.assertRaisesRegex(UserError, "is paused"):
            order.action_release_hold()
        order.submitted_at -= timedelta(days=12)
        self.pull()
        self.assertEqual(len(order.sale_id.activity_ids), 1)

    def test_warning_before_amazon_ends_the_hold_comes_once(self):
        order = self.held()
        self.pull()
        self.assertFalse(order.sale_id.activity_ids)
        order.submitted_at -= timedelta(days=12)
        self.pull()
        self.pull()
        self.assertEqual(len(order.sale_id.activity_ids), 1)
        self.assertIn("is on hold. Amazon cancels it on", order.sale_id.activity_ids.note)

    # === OPTIONS === #

    def test_options_are_the_accounts_and_can_be_changed_until_queued(self):
        self.account.write({"comment": "Greetings", "notification_emails": "a@example.com", "blank_box": True})
        order = self.ready()
        order.write({"block_amzl": True, "notification_emails": "a@example.com, b@example.com"})
        order.action_submit()
        clerk = new_test_user(self.env, "options_clerk", groups="fba_connector.group_fba_user")
        with self.assertRaises(AccessError):
            order.with_user(clerk).comment = "Too late"
        self.push()
        [sent] = self.control("GET", "fulfillment-orders")
        request = sent["request"]
        self.assertEqual(request["displayableOrderComment"], "Greetings")
        self.assertEqual(request["notificationEmails"], ["a@example.com", "b@example.com"])
        self.assertEqual(
            [feature["featureName"] for feature in request["featureConstraints"]], ["BLANK_BOX", "BLOCK_AMZL"]
        )

    def test_option_the_marketplace_does_not_know_is_named_before_sending(self):
        order = self.ready()
        order.signature_confirmation = True
        self.afn.fba_marketplace_id.has_signature_confirmation = False
        with self.assertRaisesRegex(UserError, "does not support this option: Signature Confirmation"):
            order.action_submit()

    def test_default_that_the_marketplace_does_not_know_is_left_out(self):
        self.account.signature_confirmation = True
        self.afn.fba_marketplace_id.has_signature_confirmation = False
        self.assertFalse(self.ready().signature_confirmation)

    def test_addresses_amazon_would_refuse(self):
        for emails in ("nonsense", "x" * 60 + "@example.com"):
            with self.assertRaisesRegex(ValidationError, "is not a valid e-mail address"):
                self.account.notification_emails = emails

    # === FIGURES === #

    def test_time_to_ship_and_late(self):
        order = self.ready(commitment_date=fields.Datetime.now() - timedelta(days=1))
        self.assertIn(order, order.search([("delay", "=", "late")]))
        self.assertEqual(order.promised_at, order.sale_id.commitment_date)
        order.action_submit()
        self.push()
        order.submitted_at -= timedelta(hours=5)
        self.ship(order, ("1Z", {"A": 1}))
        self.pull()
        self.assertEqual(order.state, "shipped")
        self.assertGreater(order.hours_to_ship, 4)

    def test_detail_tells_what_is_free(self):
        order = self.ready({self.product_a: 4})
        self.assertEqual(order.line_ids.free_quantity, 6)

    def test_salesperson_neither_previews_nor_releases_a_hold(self):
        order = self.held()
        salesman = new_test_user(self.env, "manager_salesman", groups="sales_team.group_sale_salesman_all_leads")
        for action in ("action_preview", "action_release_hold", "action_open_submit_wizard", "action_submit"):
            with self.assertRaisesRegex(UserError, "Only FBA Users"):
                getattr(order.with_user(salesman), action)()
