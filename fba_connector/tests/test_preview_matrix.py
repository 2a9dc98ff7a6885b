from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .. import amazon
from .common import FbaCase, SimulatorMixin

MANY = 500


class Preview:
    """Orders to be previewed, and the pop-up."""

    def ready(self, lines=None, **values):
        return self.sourced(lines or {self.product_a: 1}, **values).fba_fulfillment_order_ids

    def several(self, count, **values):
        return self.env["fba.fulfillment.order"].union(*(self.ready(**values) for _ in range(count)))


@tagged("post_install", "-at_install")
class TestPreviewMatrix(Preview, FbaCase):
    """The pop-up with the previews of many orders: rows, sums, choosing for all, sending."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "preview_clerk", groups="fba_connector.group_fba_user", tz="UTC")

    def preview(self, orders):
        action = orders.with_user(self.clerk).action_preview()
        return self.env[action["res_model"]].with_user(self.clerk).browse(action["res_id"])

    def rows(self, wizard):
        """{order: its row}, as the pop-up reads it now."""
        self.env.invalidate_all()
        return {row["name"]: row for row in wizard.matrix["rows"]}

    # === WHAT IT SHOWS === #

    def test_row_has_the_order_and_a_cell_for_each_speed(self):
        order = self.ready({self.product_a: 2}, name="M-1")
        wizard = self.preview(order)
        row = self.rows(wizard)["M-1"]
        self.assertEqual((row["customer"], row["ship_to"], row["value"]), ("Eva Muster", "US-OR", "$\xa020.00"))
        speeds = ["Standard", "Expedited", "Priority"]
        self.assertEqual([speed["value"] for speed in wizard.matrix["speeds"]], speeds)
        for preview in order.preview_ids:
            cell = row["cells"][preview.shipping_speed]
            self.assertEqual(cell["total"], f"$\xa0{preview.total:.2f}")
            self.assertEqual(cell["arrives"], preview.arrives_text)
            parts = [float(amount.split("\xa0")[1]) for _label, amount in cell["fees"]]
            self.assertGreater(len(parts), 1)
            self.assertAlmostEqual(sum(parts), preview.total)
        marks = {mark: [speed for speed in speeds if row["cells"][speed][mark]] for mark in
                 ("is_cheapest", "is_fastest", "is_chosen", "can_choose")}  # fmt: skip
        self.assertEqual(
            marks,
            {
                "is_cheapest": ["Standard"],
                "is_fastest": ["Priority"],
                "is_chosen": ["Standard"],
                "can_choose": ["Expedited", "Priority"],
            },
        )
        self.assertFalse(row["notes"])

    def test_orders_without_preview_are_rows_with_their_reason(self):
        self.control("PUT", "stock/B", fulfillable=0)
        good, refused, incomplete = (self.ready(name=f"M-{number}") for number in (1, 2, 3))
        missing = self.ready({self.product_b: 1}, name="M-4")
        incomplete.sale_id.partner_shipping_id = self.customer.copy({"zip": False})
        self.fault("getFulfillmentPreview", "status", status=400, code="InvalidInput")
        self.preview(refused)
        wizard = self.preview(incomplete + missing + good)
        wizard.sudo().order_ids += refused
        rows = self.rows(wizard)
        self.assertIn("Amazon returned no preview for M-2", rows["M-2"]["notes"][0])
        self.assertIn("postal code", rows["M-3"]["notes"][0])
        self.assertFalse(rows["M-2"]["cells"] or rows["M-3"]["cells"])
        cell = rows["M-4"]["cells"]["Standard"]
        self.assertIn("1 × B", cell["reasons"])
        self.assertFalse(cell["is_fulfillable"] or cell["can_choose"])
        self.assertEqual(wizard.matrix["chosen"], f"USD {good.estimated_fee:.2f} for 1 order; unknown for 3 orders")

    def test_sums_are_by_currency_and_in_the_users_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        first, second, third = orders = self.several(3)
        wizard = self.preview(orders)
        euro = self.env.ref("base.EUR")
        euro.active = True
        for preview in first.preview_ids:
            preview.sudo().write({"currency_id": euro.id, "total": preview.total + 1000})
        priority = second.preview_ids.filtered(lambda preview: preview.shipping_speed == "Priority")
        priority.with_user(self.clerk).action_choose()
        self.env.invalidate_all()
        dollars = priority.total + third.estimated_fee
        self.assertEqual(
            wizard.matrix["chosen"],
            f"USD {dollars:.2f} for 2 orders; EUR {first.estimated_fee:,.2f} for 1 order",
        )
        least = third.estimated_fee * 2
        self.assertIn(f"USD {least:.2f} for 2 orders", wizard.matrix["cheapest"])
        german = wizard.with_context(lang="de_DE").matrix
        self.assertIn(f"USD {dollars:.2f}".replace(".", ","), german["chosen"])
        self.assertIn("1.00", german["chosen"])  # EUR 1.00x,xx
        total = next(row for row in german["rows"] if row["id"] == third.id)["cells"]["Standard"]["total"]
        self.assertIn(",", total)

    def test_changed_order_is_not_in_the_sums_and_says_so(self):
        order = self.ready(name="M-1")
        wizard = self.preview(order)
        self.customer.zip = "10001"  # no field of the order changes
        row = self.rows(wizard)["M-1"]
        self.assertIn("Changed since this preview", row["notes"][0])
        self.assertEqual(wizard.matrix["chosen"], "unknown for 1 order")

    def test_change_while_amazon_is_asked_is_no_known_fee(self):
        order = self.ready(name="M-1")
        answers = type(order)._preview_ahead

        def change_meanwhile(orders, gateway):
            for terms, answer in answers(orders, gateway):
                orders.partner_shipping_id.zip = "10001"
                yield terms, answer

        order.sudo().preview_is_due = True
        with patch.object(type(order), "_preview_ahead", change_meanwhile):
            self.push()
        self.assertTrue(order.preview_ids)
        self.assertFalse(order._preview_is_current())

    def test_unknown_fee_is_no_zero(self):
        self.control("POST", "settings", fees_known=False)
        order = self.ready(name="M-1")
        wizard = self.preview(order)
        cell = self.rows(wizard)["M-1"]["cells"]["Standard"]
        self.assertEqual((cell["total"], cell["fees"], cell["is_cheapest"]), (False, [], False))
        self.assertEqual((wizard.matrix["chosen"], wizard.matrix["cheapest"]), ("unknown for 1 order",) * 2)

    def test_many_rows_take_no_more_queries_than_few(self):
        order = self.ready({self.product_a: 1})
        self.preview(order)

        def rows(count):
            """A pop-up of copies, each with its own sales order, lines, previews and fees."""
            orders = order.sudo().create(
                [
                    {
                        **order.copy_data()[0],
                        "name": f"MANY-{count}-{number}",
                        "sale_id": order.sale_id.sudo().copy().id if number < 3 else order.sale_id.id,
                        "line_ids": [Command.create({**order.line_ids.copy_data()[0], "order_id": False})],
                        "previewed_at": order.previewed_at,
                        "preview_ids": [
                            Command.create(
                                {
                                    **preview.copy_data()[0],
                                    "fee_ids": [
                                        Command.create({"name": fee.name, "amount": fee.amount})
                                        for fee in preview.fee_ids
                                    ],
                                }
                            )
                            for preview in order.preview_ids
                        ],
                    }
                    for number in range(count)
                ]
            )
            return self.env["fba.preview.wizard"].with_user(self.clerk).create({"order_ids": [Command.set(orders.ids)]})

        few, many = rows(5), rows(MANY)
        counts = {}
        for wizard in (few, few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before, began = self.env.cr.sql_log_count, fields.Datetime.now()
            matrix = wizard.read(["matrix"])[0]["matrix"]
            counts[wizard] = self.env.cr.sql_log_count - before
            self.assertEqual(len(matrix["rows"]), matrix["total"])
            self.assertTrue(all(len(row["cells"]) == 3 for row in matrix["rows"]))
            self.assertLess(fields.Datetime.now() - began, timedelta(seconds=20))
        # Odoo reads 1,000 records at a time, and there are nearly 5,000 fees.
        records = len(many.order_ids.preview_ids) + len(many.order_ids.preview_ids.fee_ids)
        self.assertLessEqual(counts[many], counts[few] + 4 + records // 1000)
        self.assertLess(counts[many], 35)

    # === CHOOSING === #

    def test_cheapest_for_all(self):
        orders = self.several(3)
        orders[0].shipping_speed = orders[1].shipping_speed = "Priority"
        wizard = self.preview(orders)
        self.assertNotEqual(wizard.matrix["chosen"], wizard.matrix["cheapest"])
        self.assertEqual(wizard.action_choose_cheapest(), "2 orders now have another speed.")
        self.assertEqual(orders.mapped("shipping_speed"), ["Standard"] * 3)
        self.env.invalidate_all()
        self.assertEqual(wizard.matrix["chosen"], wizard.matrix["cheapest"])
        self.assertEqual(wizard.action_choose_cheapest(), "No order needed another speed.")

    def test_cheapest_in_time_leaves_what_cannot_arrive(self):
        near, far = self.ready(name="M-1"), self.ready(name="M-2")
        wizard = self.preview(near + far)
        last = fields.Datetime.now() + timedelta(days=30)
        for preview in near.preview_ids:
            is_express = preview.shipping_speed != "Standard"
            preview.sudo().arrives_until = last - timedelta(days=10) if is_express else last
        far.preview_ids.sudo().arrives_until = last
        message = wizard.action_choose_cheapest(fields.Date.to_string(last - timedelta(days=1)))
        self.assertEqual((near.shipping_speed, far.shipping_speed), ("Expedited", "Standard"))
        self.assertIn("1 order now has another speed.", message)
        self.assertRegex(message, r"Not possible by .* \(1\): M-2$")

    def test_day_of_arrival_is_the_users(self):
        order = self.ready()
        wizard = self.preview(order)
        late = fields.Datetime.to_datetime("2027-01-02 02:00:00")  # in Portland, that is still the first
        order.preview_ids.sudo().write({"arrives_until": late})
        order.shipping_speed = "Priority"
        self.assertIn("Not possible", wizard.action_choose_cheapest("2027-01-01"))
        wizard.with_context(tz="America/Los_Angeles").action_choose_cheapest("2027-01-01")
        self.assertEqual(order.shipping_speed, "Standard")

    def test_orders_of_unknown_fee_and_sent_ones_stay(self):
        sent, changed, good = self.ready(name="M-1"), self.ready({self.product_b: 1}, name="M-2"), self.ready()
        orders = sent + changed + good
        orders.write({"shipping_speed": "Priority"})
        wizard = self.preview(orders)
        sent.action_submit()
        changed.sale_id.order_line.product_uom_qty = 2
        message = wizard.action_choose_cheapest()
        self.assertEqual(orders.mapped("shipping_speed"), ["Priority", "Priority", "Standard"])
        self.assertIn("No known fee, left as they are (1): M-2", message)
        self.assertNotIn("M-1", message)

    def test_date_that_is_none_is_refused(self):
        wizard = self.preview(self.ready())
        for nonsense in ("soon", 7, ["2027-01-01"]):
            with self.assertRaisesRegex(UserError, "Not a valid date"):
                wizard.action_choose_cheapest(nonsense)

    def test_salesperson_neither_chooses_nor_sees(self):
        salesman = new_test_user(self.env, "preview_sales", groups="sales_team.group_sale_salesman_all_leads")
        order = self.ready()
        wizard = self.preview(order)
        for method, *args in (("action_choose_cheapest",), ("action_send_these",), ("read", ["matrix"])):
            with self.assertRaises(AccessError):
                getattr(wizard.with_user(salesman), method)(*args)
        with self.assertRaises(AccessError):
            order.preview_ids[0].with_user(salesman).action_choose()

    def test_orders_of_another_company_are_in_no_matrix(self):
        order = self.ready()
        order.action_preview()
        abroad = self.env["res.company"].create({"name": "Abroad"})
        stranger = new_test_user(
            self.env,
            "preview_stranger",
            groups="fba_connector.group_fba_user",
            company_id=abroad.id,
            company_ids=[Command.set(abroad.ids)],
        )
        values = {"order_ids": [Command.set(order.ids)]}
        fields_ = {"order_ids": {"fields": {}}, "matrix": {}}
        with self.assertRaises(AccessError):
            self.env["fba.preview.wizard"].with_user(stranger).onchange(values, ["order_ids"], fields_)

    # === SENDING === #

    def test_consent_to_a_fee_is_no_consent_to_a_higher_one(self):
        order = self.ready()
        order.action_preview()
        self.account.fee_limit = 0.5
        wizard = self.env["fba.submit.wizard"].with_context(default_order_ids=order.ids).create({"send_limited": True})
        dearest = order.preview_ids.sorted("total")[-1:]
        dearest.action_choose()
        wizard.action_confirm()
        self.assertEqual(order.state, "ready")
        again = self.env["fba.submit.wizard"].with_context(default_order_ids=order.ids).create({"send_limited": True})
        again.action_confirm()
        self.assertEqual(order.state, "queued")

    def test_these_are_sent_from_the_pop_up(self):
        good, waiting, sent = self.ready(), self.ready(), self.ready()
        wizard = self.preview(good + waiting + sent)
        sent.action_submit()
        self.push()
        waiting.picking_ids.do_unreserve()
        action = wizard.action_send_these()
        self.assertEqual(set(action["context"]["default_order_ids"]), set((good + waiting).ids))
        dialog = self.env[action["res_model"]].with_user(self.clerk).with_context(**action["context"]).create({})
        self.assertEqual((dialog.order_ids, dialog.skipped_ids.order_id), (good, waiting))
        waiting.sale_id._action_cancel()
        dialog.action_confirm()
        self.push()
        with self.assertRaisesRegex(UserError, "have been sent already"):
            wizard.action_send_these()

    # === WHAT ARRIVES LATER === #

    def test_few_are_asked_for_at_once_and_the_rest_by_the_scheduled_action(self):
        orders = self.several(8) + self.several(5, lines={self.product_b: 1})
        wizard = self.preview(orders)
        self.assertEqual(len(self.journal("getFulfillmentPreview")), 10)
        self.assertEqual((wizard.matrix["total"], wizard.matrix["waiting"]), (13, 3))
        [note] = {note for row in self.rows(wizard).values() if row["waiting"] for note in row["notes"]}
        self.assertEqual(note, "Waiting for Amazon…")
        self.push()
        self.env.invalidate_all()
        self.assertFalse(wizard.matrix["waiting"])
        self.assertEqual(len(self.journal("getFulfillmentPreview")), 13)
        self.push()
        self.assertEqual(len(self.journal("getFulfillmentPreview")), 13)

    def test_several_are_under_way_at_a_time(self):
        orders = self.several(6)
        orders.sudo().preview_is_due = True
        gateway, asked = amazon.Gateway.preview_fulfillments, []

        def watch(self_, requests):
            def count():
                for request in requests:
                    asked.append(request)
                    yield request

            for number, answer in enumerate(gateway(self_, count()), 1):
                ahead.append(len(asked) - number)
                yield answer

        ahead = []
        with patch.object(amazon.Gateway, "preview_fulfillments", watch):
            self.push()
        self.assertFalse(any(orders.mapped("preview_is_due")))
        self.assertEqual(max(ahead), 3)

    def test_sending_does_not_wait_for_all_previews(self):
        others = self.several(3)
        others.sudo().preview_is_due = True
        order = self.ready()
        keep = type(order)._preview_in_background

        def queue_meanwhile(previewed, terms, answer):
            keep(previewed, terms, answer)
            mine = order.with_env(previewed.env)  # the run has a cache of its own
            if mine.state == "ready":
                mine.action_submit()

        path = "odoo.addons.fba_connector.models.fulfillment.fba_account.PREVIEWS_AT_ONCE"
        with patch(path, 1), patch.object(type(order), "_preview_in_background", queue_meanwhile):
            self.push()
        self.env.invalidate_all()
        names = [call["operation"] for call in self.control("GET", "journal")]
        names = [name for name in names if name in ("getFulfillmentPreview", "createFulfillmentOrder")]
        self.assertEqual(names.index("createFulfillmentOrder"), 1)
        self.assertEqual(order.state, "in_shipping")

    def test_order_that_cannot_even_be_asked_about_stops_nobody(self):
        first, bad, last = orders = self.several(3)
        orders.sudo().preview_is_due = True
        prepare = type(orders)._prepare_preview_request

        def fail(order):
            if order == bad:
                raise ValueError("broken")
            return prepare(order)

        with patch.object(type(orders), "_prepare_preview_request", fail), self.assertLogs(level="ERROR"):
            self.push()
        self.assertFalse(any(orders.mapped("preview_is_due")))
        self.assertTrue(first.preview_ids and last.preview_ids)
        self.assertIn("broken", bad.preview_error)

    def test_waiting_rows_say_what_is_wrong_with_the_account(self):
        order = self.ready(name="M-1")
        order.sudo().preview_is_due = True
        self.account._set_connection("refused", "Amazon refused the keys.")
        wizard = self.env["fba.preview.wizard"].with_user(self.clerk).create({"order_ids": [Command.set(order.ids)]})
        self.assertEqual(self.rows(wizard)["M-1"]["notes"], ["Amazon refused the keys."])

    def test_account_that_is_not_live_is_asked_right_away(self):
        orders = self.several(8) + self.several(4, lines={self.product_b: 1})
        self.account.is_live = False
        self.assertFalse(self.preview(orders).matrix["waiting"])


@tagged("post_install", "-at_install")
class TestSendDialog(Preview, FbaCase):
    """The words before sending."""

    def dialog(self, orders, **values):
        action = orders.action_open_submit_wizard()
        return self.env[action["res_model"]].with_context(**action["context"]).create(values)

    def test_words_for_one_and_for_several(self):
        one, two = self.ready(), self.ready({self.product_a: 2, self.product_b: 1})
        dialog = self.dialog(one)
        self.assertRecordValues(
            dialog,
            [
                {
                    "headline": "1 order (1 unit, 1 SKU) will be sent to Fulfillment by Amazon.",
                    "send_label": "Send 1 Order",
                    "fees": "Fees not known yet: to see them, preview the orders first.",
                }
            ],
        )
        (one + two).action_preview()
        self.account.fee_limit = 0.01
        dialog = self.dialog(one + two, send_limited=True)
        self.assertRecordValues(
            dialog,
            [
                {
                    "headline": "2 orders (4 units, 2 SKUs) will be sent to Fulfillment by Amazon.",
                    "send_label": "Send 2 Orders",
                    "limited_text": "2 orders cost more than your fee limit, or their fee is unknown:",
                    "fees": f"Estimated fees: USD {one.estimated_fee + two.estimated_fee:.2f}.",
                }
            ],
        )
        dialog = self.dialog(one)
        self.assertEqual(dialog.headline, "None of these orders can be sent.")
        self.assertEqual(dialog.limited_text, "1 order costs more than your fee limit, or its fee is unknown:")
        self.assertFalse(dialog.fees)

    def test_words_about_those_left_out(self):
        orders = self.several(2)
        self.customer.zip = False
        self.assertEqual(self.dialog(orders).skipped_text, "2 of these orders will not be sent:")
        self.assertEqual(self.dialog(orders[0]).skipped_text, "1 of these orders will not be sent:")

    def test_scopes_are_sentences(self):
        for _scope, text in self.env["fba.submit.wizard"]._fields["scope"]._description_selection(self.env):
            self.assertRegex(text, r"Odoo sends .*Ready to Process\.$")


@tagged("post_install", "-at_install")
class TestPreviewTours(Preview, SimulatorMixin, HttpCase):
    def setUp(self):
        super().setUp()
        self.env["fba.fulfillment.order"].search([("state", "=", "ready")]).sale_id._action_cancel()  # the demo's

    def test_matrix(self):
        """Marks, reasons, keys, cheapest for all, in time, sent from there."""
        orders = [
            self.ready({self.product_a: 2}, name="TOUR-1"),
            self.ready({self.product_b: 1}, name="TOUR-2"),
            self.ready(name="TOUR-3"),
        ]
        self.control("PUT", "stock/B", fulfillable=0)
        orders[2].sale_id.partner_shipping_id = self.customer.copy({"zip": False})
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_preview_matrix", login="admin")
        self.assertEqual([order.state for order in orders], ["queued", "queued", "ready"])
        self.assertEqual(orders[0].shipping_speed, "Standard")

    def test_previews_arrive_while_one_looks(self):
        self.several(7)
        self.several(5, lines={self.product_b: 1})
        self.start_tour("/odoo/fulfillment-by-amazon", "fba_previews_arrive", login="admin")
