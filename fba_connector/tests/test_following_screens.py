"""Screens that follow what happened elsewhere, and texts that fit their place."""

import importlib.util

from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_path

from .common import FbaCase, SimulatorMixin

MANAGER = "/odoo/fulfillment-by-amazon"
INBOX = "/odoo/action-fba_connector.fba_amazon_order_action"
SALES = "/odoo/action-sale.action_orders"


class ScreenCase(SimulatorMixin, HttpCase):
    def setUp(self):
        super().setUp()
        groups = "sales_team.group_sale_salesman_all_leads,stock.group_stock_user,fba_connector.group_fba_user"
        self.clerk = new_test_user(self.env, "screen_clerk", groups=groups, company_id=self.env.company.id)
        self.env["fba.fulfillment.order"].search([]).sale_id._action_cancel()  # the demo's

    def run_job(self, name):
        self.env.ref(f"fba_connector.ir_cron_{name}").method_direct_trigger()
        self.env.invalidate_all()

    def tour(self, name, url, login=None):
        self.start_tour(url, name, login=login or self.clerk.login)
        self.env.invalidate_all()

    def in_shipping(self, lines):
        order = self.sourced(lines, name="TOUR-1")
        order.fba_fulfillment_order_ids.action_submit()
        self.run_job("push_fulfillment_orders")
        return order

    def without_source(self, **units):
        """An order of which Amazon cannot fulfill anything."""
        order = self.in_shipping({self.product_a: 2})
        self.cannot_fulfill(order.fba_fulfillment_order_ids)
        self.run_job("pull_fulfillment_orders")
        self.assertEqual(order.fba_status, "exception")
        return order


@tagged("post_install", "-at_install")
class TestFollowingScreens(ScreenCase):
    def imported(self):
        self.sell_on_amazon(("A", 1, "7.00", {}))
        self.run_job("import_amazon_orders")

    def test_order_number_in_the_inbox_is_a_link(self):
        self.imported()
        self.tour("fba_inbox_link", INBOX)

    def test_order_number_in_the_matrix_is_a_link(self):
        self.sourced({self.product_a: 1}, name="TOUR-2")
        self.tour("fba_matrix_link", MANAGER)

    def test_counts_and_ticks_after_a_dialog(self):
        exception = self.without_source()
        for number in (2, 3):
            self.sourced({self.product_a: 1}, name=f"TOUR-{number}")
        self.stock(self.own, self.product_a, 2)
        self.tour("fba_proposal_counts", MANAGER)
        self.assertFalse(exception.fba_has_unsourced)

    def test_sales_list_follows_the_sending(self):
        order = self.sell({self.product_a: 1}, name="TOUR-1")
        other = self.sourced({self.product_a: 1}, name="TOUR-2")
        order.action_confirm()
        self.tour("fba_sales_list_follows", SALES, login="admin")
        self.assertEqual((order.fba_status, other.fba_status), ("in_shipping", "ready"))

    def test_requested_cancellation_is_seen_on_the_order(self):
        order = self.in_shipping({self.product_a: 1})
        self.tour("fba_request_is_seen_everywhere", f"{SALES}/{order.id}")
        self.assertEqual(order.fba_status, "in_shipping")

    def test_import_of_earlier_orders_opens_without_a_calendar(self):
        form = f"/odoo/action-fba_connector.fba_account_action/{self.account.id}"
        self.tour("fba_backfill_begins_readable", form, login="admin")

    def test_reason_of_a_failed_mail_has_room(self):
        order = self.in_shipping({self.product_a: 1})
        self.ship(order.fba_fulfillment_order_ids, ("1Z", {"A": 1}))
        self.run_job("pull_fulfillment_orders")
        note = "No such user here: somebody@example.com does not exist at the mail server of this domain."
        order.fba_shipment_ids.write({"mail_stage": "failed", "mail_note": note})
        self.browser_size = "1480x900"
        self.tour("fba_failed_mail_is_readable", f"{SALES}/{order.id}")


@tagged("post_install", "-at_install")
class TestFollowingScreensOnPhone(ScreenCase):
    browser_size = "390x844"
    touch_enabled = True

    def test_resolve(self):
        order = self.without_source()
        self.tour("fba_resolve_phone", f"{SALES}/{order.id}")

    def test_inbox_and_mapping(self):
        self.env["product.product"].create({"name": "Arc Lamp", "barcode": "B0SIM00003", "is_storable": True})
        self.control("PUT", "stock/MYSTERY", fulfillable=6, asin="B0SIM00003")
        self.sell_on_amazon(("MYSTERY", 1, "19.00", {}))
        self.run_job("import_amazon_orders")
        self.tour("fba_map_phone", INBOX, login="admin")
        self.tour("fba_inbox_link_phone", INBOX)


# Column heads of which a part is hidden, on the console: the browser's words for a failure.
CUT = """
    const parts = [...document.querySelectorAll(".o_list_table thead th *")];
    const isCut = (part) => part.scrollWidth > part.clientWidth && getComputedStyle(part).overflow !== "visible";
    const cut = parts.filter((part) => part.clientWidth && isCut(part)).map((part) => part.textContent.trim());
    if (cut.length) {
        console.error("cut: " + cut.join(", "));
    } else {
        console.log("test successful");
    }
"""
LISTS = ("fba_fulfillment_order", "fba_stock", "fba_sku", "fba_carrier", "fba_marketplace", "fba_amazon_order")


@tagged("post_install", "-at_install")
class TestHeads(ScreenCase):
    browser_size = "1280x800"

    def test_column_heads_are_whole_in_the_language_of_long_words(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        self.env.ref("base.user_admin").lang = "de_DE"
        self.sourced({self.product_a: 1}, name="TOUR-1")
        ready = "!!document.querySelector('.o_list_table:not(.o_list_computing_widths) thead th[data-name]')"
        for name in LISTS:
            url = f"/odoo/action-fba_connector.{name}_action?view_type=list"
            with self.subTest(list=name):
                self.browser_js(url, CUT, ready, login="admin")


@tagged("post_install", "-at_install")
class TestShownStatus(FbaCase):
    def shown(self, order):
        return order.fba_status, order.fba_shown_status

    def test_order_shows_more_than_its_status(self):
        order = self.sell({self.product_a: 1, self.product_b: 1})
        self.assertEqual(self.shown(order), (False, False))
        order.action_confirm()
        order.order_line.action_fba_source()
        self.assertEqual(self.shown(order), ("ready", "ready"))
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.action_submit()
        self.assertEqual(self.shown(order), ("ready", "queued"))
        self.push()
        self.assertEqual(self.shown(order), ("in_shipping", "in_shipping"))
        fulfillment.action_request_cancel()
        self.assertEqual(self.shown(order), ("in_shipping", "cancel_requested"))
        self.assertEqual(set(order.fba_sourcing_ids.mapped("status")), {"cancel_requested"})
        labels = dict(order._fields["fba_shown_status"]._description_selection(self.env))
        self.assertEqual(labels["cancel_requested"], "Cancellation Requested")

    def test_exception_outranks_a_request(self):
        fulfillment = self.sent({self.product_a: 2})
        self.cannot_fulfill(fulfillment)
        self.pull()
        fulfillment.cancel_requested_at = "2026-11-30 10:00:00"
        self.assertEqual(self.shown(fulfillment.sale_id), ("exception", "exception"))

    def test_shown_to_whoever_sees_the_order(self):
        salesman = new_test_user(self.env, "shown_salesman", groups="sales_team.group_sale_salesman")
        fulfillment = self.sent({self.product_a: 2}, user_id=salesman.id)
        self.assertEqual(fulfillment.sale_id.with_user(salesman).fba_shown_status, "in_shipping")

    def test_dialogs_do_without_the_way_to_themselves(self):
        fulfillment = self.sent({self.product_a: 2})
        self.cannot_fulfill(fulfillment)
        self.pull()
        order = fulfillment.sale_id
        self.assertIn("Press Resolve", order.fba_message)
        wizard = self.env["fba.resolve.wizard"].create({"sale_id": order.id})
        self.assertIn("Amazon cannot fulfill 2 of 2 × A", wizard.message)
        self.assertNotIn("Press Resolve", wizard.message)
        sku = self.env["fba.sku"].create({"warehouse_id": self.afn.id, "seller_sku": "MYSTERY"})
        self.assertIn("An FBA Administrator can map it.", sku.resolution_note)
        wizard = self.env["fba.sku.map.wizard"].create({"sku_id": sku.id})
        self.assertEqual(wizard.resolution_note, "No product has the internal reference MYSTERY.")


@tagged("post_install", "-at_install")
class TestPictures(FbaCase):
    def test_goods_without_a_picture_begin_at_the_left(self):
        fulfillment = self.sent({self.product_a: 1})
        self.ship(fulfillment, ("1Z", {"A": 1}))
        self.pull()
        body = fulfillment.shipment_ids.mail_message_id.body
        self.assertRegex(body, r'<td [^>]*colspan="2"[^>]*>\s*1 × Product A')
        self.assertNotRegex(body, "width: ?64px")

    def test_update_changes_the_mail_that_nobody_changed(self):
        template = self.env.ref("fba_connector.mail_template_shipment")
        path = file_path("fba_connector/migrations/19.0.0.8.0/post-mail_without_picture.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        new, before = template.body_html, template.body_html.replace(" t-att-colspan", " data-colspan")
        script.BEFORE = script._digest(before)
        for user, renewed in ((self.env.ref("base.user_admin"), False), (self.env.ref("base.user_root"), True)):
            template.with_user(user).sudo().body_html = before
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.0.7.0")
            self.env.invalidate_all()
            self.assertEqual(template.body_html == new, renewed)

    def test_demo_products_have_pictures(self):
        names = ("desk", "lamp", "chair", "stool", "shelf")
        products = [self.env.ref(f"fba_connector.product_{name}", raise_if_not_found=False) for name in names]
        if not all(products):
            self.skipTest("without demo data")
        self.assertTrue(all(product.image_128 for product in products))
