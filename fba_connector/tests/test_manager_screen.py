import base64
import io

from lxml import etree
from odoo.tests import new_test_user, tagged
from odoo.tools.safe_eval import safe_eval
from PIL import Image

from .common import FbaCase


def picture():
    data = io.BytesIO()
    Image.new("RGB", (8, 8), "navy").save(data, "PNG")
    return base64.b64encode(data.getvalue())


@tagged("post_install", "-at_install")
class TestManagerScreen(FbaCase):
    """What the manager shows of an order, and counts."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(
            cls.env, "screen_clerk", groups="fba_connector.group_fba_user", company_id=cls.env.company.id
        )
        cls.orders = cls.env["fba.fulfillment.order"].with_user(cls.clerk)

    def ready(self, lines=None, **values):
        return self.sourced(lines or {self.product_a: 1}, **values).fba_fulfillment_order_ids.with_user(self.clerk)

    def counts(self, domain=(), shown=None):
        return self.orders.get_status_counts([("account_id", "=", self.account.id), *domain], shown)

    # === A REQUESTED CANCELLATION === #

    def test_requested_cancellation_is_shown_until_amazon_agrees(self):
        order = self.sent({self.product_a: 2}).with_user(self.clerk)
        wanted = [("shown_state", "=", "cancel_requested"), ("id", "=", order.id)]
        self.assertEqual(order.shown_state, "in_shipping")
        self.assertFalse(self.orders.search(wanted) or self.counts()["cancel_requested"])

        self.assert_told(order.action_request_cancel(), "success", f"Amazon was asked to cancel {order.sale_id.name}.")
        self.assertEqual((order.state, order.shown_state), ("in_shipping", "cancel_requested"))
        self.assertEqual(self.orders.search(wanted), order)
        self.assertFalse(self.orders.search([("shown_state", "=", "in_shipping"), ("id", "=", order.id)]))
        self.assertEqual((self.counts()["cancel_requested"], self.counts()["in_shipping"]), (1, 1))

        self.advance(minutes=60)
        self.pull()
        self.assertEqual(order.shown_state, "cancelled")
        self.assertFalse(self.orders.search(wanted) or self.counts()["cancel_requested"])

    def test_exception_stays_visible_while_amazon_decides(self):
        order = self.sent({self.product_a: 2})
        order.action_request_cancel()
        order._move_to("exception")
        self.assertEqual(order.shown_state, "exception")
        self.assertFalse(self.orders.search([("shown_state", "=", "cancel_requested"), ("id", "=", order.id)]))
        self.assertEqual(self.orders.search([("shown_state", "=", "exception"), ("id", "=", order.id)]), order)
        self.assertEqual((self.counts()["cancel_requested"], self.counts()["exception"]), (0, 1))

    def assert_told(self, action, kind, message):
        """The answer of a button is a notification, after which the screen is read anew."""
        params = action["params"]
        self.assertEqual((action["tag"], params["type"], params["message"]), ("display_notification", kind, message))
        self.assertEqual(params["next"], {"type": "ir.actions.act_window_close"})

    def test_cancellation_of_an_unsent_order_is_done(self):
        order = self.ready()
        self.assert_told(order.action_request_cancel(), "success", f"{order.sale_id.name} was cancelled.")
        self.assertEqual(order.state, "cancelled")

    def test_cancellation_without_an_answer_is_not_called_asked(self):
        order = self.sent({self.product_a: 2}).with_user(self.clerk)
        self.fault("cancelFulfillmentOrder", "status", status=500)
        message = f"Odoo will ask Amazon to cancel {order.sale_id.name} as soon as possible."
        self.assert_told(order.action_request_cancel(), "success", message)
        self.assertEqual(order.shown_state, "cancel_requested")

    def test_refused_cancellation_says_so(self):
        order = self.sent({self.product_a: 4}).with_user(self.clerk)
        self.ship(order, ("1Z", {"A": 1}))
        self.assert_told(order.action_request_cancel(), "warning", f"Amazon refused to cancel {order.sale_id.name}.")
        self.assertIn("can no longer be cancelled", order.problem)
        self.assertEqual(order.shown_state, "in_shipping")
        self.assertTrue(order.can_cancel and order.cancel_refused_at)

        self.fault("cancelFulfillmentOrder", "status", status=500)
        order.action_request_cancel()
        self.assertFalse(order.cancel_refused_at)  # asked again: nobody knows yet

    def test_request_on_the_sourcing_tab_answers_the_same(self):
        order = self.sent({self.product_a: 2}).with_user(self.clerk)
        row = self.rows(order.sale_id).with_user(self.clerk).filtered("can_cancel")
        self.assert_told(row.action_request_cancel(), "success", f"Amazon was asked to cancel {order.sale_id.name}.")

    # === COLUMNS === #

    def test_reason_and_tracking_stand_apart(self):
        order = self.sent({self.product_a: 4}).with_user(self.clerk)
        self.assertFalse(order.problem or order.tracking_links)
        self.ship(order, ("1Z999AA10123456784", {"A": 1}), ("UNHEARD-OF", {"A": 1}))
        self.pull()
        self.cannot_fulfill(order, A=2)
        self.pull()
        self.assertIn("cannot fulfill 2 of 4", order.problem)
        self.assertNotIn("1Z999AA10123456784", order.problem)
        links = dict(order.tracking_links)
        self.assertEqual(set(links), {"1Z999AA10123456784", "UNHEARD-OF"})
        self.assertIn("1Z999AA10123456784", links["1Z999AA10123456784"])
        self.assertRegex(links["1Z999AA10123456784"], "^https://")

    def test_order_value_is_the_sales_order_s(self):
        euro = self.env.ref("base.EUR")
        euro.active = True
        pricelist = self.env["product.pricelist"].create({"name": "Euro", "currency_id": euro.id})
        order = self.ready(pricelist_id=pricelist.id)
        self.assertEqual((order.amount_total, order.sale_currency_id), (order.sale_id.amount_total, euro))
        self.assertTrue(order.amount_total)

    def test_pictures_of_the_first_three_products(self):
        goods = [self.product_a, self.product_b, *(self.new_product(sku) for sku in ("P3", "P4"))]
        for product in goods[2:]:
            self.stock(self.afn, product, 5)
        order = self.ready(dict.fromkeys(goods, 1))
        self.assertEqual(order.line_ids.product_id.ids, [product.id for product in goods])
        self.assertFalse(order.pictures)
        goods[0].product_tmpl_id.image_1920 = picture()
        goods[3].image_1920 = picture()
        self.env.flush_all()
        order.invalidate_recordset(["pictures"])
        (shown,) = order.pictures  # the second and third have none, the fourth is not among the first three
        self.assertEqual((shown["id"], shown["name"]), (goods[0].id, goods[0].name))

    def test_new_picture_gets_a_new_address(self):
        self.product_a.image_1920 = picture()
        order = self.ready()
        (before,) = order.pictures
        data = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(data, "PNG")
        self.product_a.image_1920 = base64.b64encode(data.getvalue())
        self.env.flush_all()
        order.invalidate_recordset(["pictures"])
        (after,) = order.pictures
        self.assertNotEqual(before["unique"], after["unique"])

    def test_more_rows_take_no_more_queries(self):
        self.product_a.image_1920 = picture()
        names = ("shown_state", "problem", "tracking_links", "pictures", "amount_total", "sale_currency_id", "contents")
        specification = {name: {} for name in names}

        def queries(orders):
            self.env.invalidate_all()
            before = self.cr.sql_log_count
            orders.web_read(specification)
            return self.cr.sql_log_count - before

        few = self.ready() + self.ready({self.product_b: 1})
        many = few + self.ready() + self.ready({self.product_a: 1, self.product_b: 1}) + self.ready()
        queries(few)
        self.assertEqual(queries(many), queries(few))

    # === COUNTS, ORDER === #

    def test_counts_per_status_within_the_search(self):
        first, second = self.ready(), self.ready({self.product_b: 1})
        self.queued({self.product_a: 1})
        cancelled = self.ready()
        cancelled.action_request_cancel()
        counts = self.counts()
        self.assertEqual(
            {name: counts[name] for name in ("open", "ready", "queued", "in_shipping", "cancelled", "available")},
            {"open": 3, "ready": 2, "queued": 1, "in_shipping": 0, "cancelled": 1, "available": counts["available"]},
        )
        self.assertEqual(self.counts([("id", "=", first.id)])["ready"], 1)
        for shown, expected in (([("id", "in", (first + second).ids)], 2), ([("state", "=", "shipped")], 0)):
            self.assertEqual(self.counts(shown=shown)["available"], expected)
            action = self.orders.with_context(active_domain=shown).action_fulfill_all_available()
            self.assertEqual(len(action["context"]["default_order_ids"]), expected)

    def test_order_that_would_not_be_sent_is_not_offered_and_says_why(self):
        good, bad = self.ready(), self.ready()
        address = bad.sale_id.sudo().partner_shipping_id.copy({"zip": False, "name": "No ZIP"})
        bad.sale_id.sudo().partner_shipping_id = address
        self.assertEqual((self.counts()["ready"], self.counts(shown=[])["available"]), (2, 1))
        [(found, reason)] = self.counts(shown=[])["reasons"].items()
        self.assertEqual(found, bad.id)
        self.assertIn("postal code", reason)
        self.assertEqual((good.reason_it_stays, bad.reason_it_stays), (False, reason))
        address.zip = "10001"
        self.env.invalidate_all()
        self.assertFalse(bad.reason_it_stays)
        self.assertEqual((self.counts(shown=[])["available"], self.counts(shown=[])["reasons"]), (2, {}))

    def test_paused_account_offers_nothing_and_says_so(self):
        order = self.ready()
        self.account.paused = True
        self.assertIn("paused", order.reason_it_stays)
        self.assertEqual(self.counts(shown=[])["available"], 0)

    def test_detail_of_one_and_of_many(self):
        one, other = self.ready({self.product_a: 2}), self.ready({self.product_a: 1, self.product_b: 1})
        self.assertEqual(one.action_detail()["res_id"], one.id)
        action = self.env.ref("fba_connector.fba_fulfillment_order_detail_action").with_user(self.clerk)
        ids = (one | other).ids
        found = action.with_context(active_model=one._name, active_ids=ids, active_id=ids[0]).run()
        lines = self.env[found["res_model"]].with_user(self.clerk)
        sums = lines._read_group(found["domain"], found["context"]["group_by"], ["quantity:sum"])
        self.assertEqual(sums, [("A", 3), ("B", 1)])
        self.assertIn("free_quantity", lines.get_view(*found["views"][0])["arch"])

    def test_sales_order_is_found_by_its_tracking_number(self):
        order = self.sent({self.product_a: 1})
        self.ship(order, ("1Z-FIND-ME", {"A": 1}))
        self.advance(minutes=16)
        self.pull()
        view = self.env.ref("sale.sale_order_view_search_inherit_sale")
        arch = etree.fromstring(self.env["sale.order"].get_view(view.id, "search")["arch"])
        [field] = arch.iterfind(".//field[@name='fba_fulfillment_order_ids']")
        domain = safe_eval(field.get("filter_domain"), {"self": "FIND-ME"})
        self.assertEqual(self.env["sale.order"].with_user(self.clerk).search(domain), order.sale_id)

    def test_counts_leave_out_other_companies(self):
        self.ready()
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.clerk.company_ids |= elsewhere
        counts = self.orders.with_context(allowed_company_ids=elsewhere.ids).get_status_counts([])
        self.assertFalse(any(counts.values()), counts)
        self.assertTrue(
            self.orders.with_context(allowed_company_ids=self.env.company.ids).get_status_counts([])["open"]
        )

    def test_statuses_come_in_the_order_of_the_process(self):
        cancelled, ready = self.ready(), self.ready({self.product_b: 1})
        requested = self.sent({self.product_a: 1}).with_user(self.clerk)
        queued = self.queued({self.product_a: 1}).with_user(self.clerk)
        cancelled.action_request_cancel()
        requested.action_request_cancel()
        mine = [("id", "in", (cancelled + ready + queued + requested).ids)]
        expected = ready + queued + requested + cancelled
        self.assertEqual(self.orders.search(mine, order="shown_state"), expected)
        self.assertEqual(self.orders.search(mine, order="shown_state desc").ids, expected.ids[::-1])
        self.assertTrue(self.orders.fields_get(["shown_state"])["shown_state"]["sortable"])
        groups = self.orders.with_context(read_group_expand=True).formatted_read_group(mine, ["state"], ["__count"])
        self.assertEqual([group["state"] for group in groups], expected.mapped("state"))
