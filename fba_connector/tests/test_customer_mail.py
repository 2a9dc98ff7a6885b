"""What becomes of a confirmation once it is written, who it is from, and what the customer sees of it."""

import base64
import email
import importlib.util
import re
import socket
from contextlib import contextmanager
from datetime import timedelta
from email import policy
from io import BytesIO
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import file_path, mute_logger
from PIL import Image

try:
    from aiosmtpd.controller import Controller
except ImportError:  # installed without the project around it
    Controller = None

from .common import FbaCase

CLERK = "fba_connector.group_fba_user,sales_team.group_sale_salesman_all_leads"
MAIL_LOG = "odoo.addons.mail.models.mail_mail"
EARLIER_BODY = """<div style="font-size: 13px;">
    <p>
        Hello <t t-out="object.partner_id.name or ''"/>,
    </p>
    <p>
        <t t-if="object.sale_id.delivery_status == 'full'">your order</t>
        <t t-else="">a part of your order</t>
        <b t-out="object.sale_id.name"/> is on its way:
    </p>
    <ul>
        <li t-foreach="object._fba_goods()" t-as="good">
            <t t-out="'%g' % good[0]"/> × <t t-out="good[1]"/>
        </li>
    </ul>
    <p t-foreach="object.sudo().fba_shipment_id.package_ids" t-as="package">
        Package <t t-out="package_index + 1"/><t t-if="package.carrier_name">, <t t-out="package.carrier_name"/></t>:
        <a t-if="package.tracking_url" t-att-href="package.tracking_url" t-out="package.tracking_number"/>
        <t t-else="" t-out="package.tracking_number or '–'"/>
        <t t-if="package.estimated_arrival">
            <br/>expected on <t t-out="format_date(package.estimated_arrival)"/>
        </t>
    </p>
    <p>Thank you,<br/><t t-out="object.company_id.name"/></p>
</div>"""


class MailCase(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.clerk = new_test_user(cls.env, "mail_clerk", groups=CLERK)
        cls.seller = new_test_user(
            cls.env,
            "mail_seller",
            name="Sam Seller",
            email="sam@seller.example",
            groups="sales_team.group_sale_salesman",
        )
        cls.env.company.email = "shop@company.example"
        cls.template = cls.env.ref("fba_connector.mail_template_shipment")

    def shipped(self, *packages, lines=None, **values):
        fulfillment = self.sent(lines or {self.product_a: 4}, **values)
        self.ship(fulfillment, *packages)
        self.pull()
        return fulfillment

    def mail(self, fulfillment):
        """The newest e-mail about its deliveries."""
        domain = [("model", "=", "stock.picking"), ("res_id", "in", fulfillment.picking_ids.ids)]
        return self.env["mail.mail"].sudo().search(domain, order="id desc", limit=1)


@tagged("post_install", "-at_install")
class TestStateOfConfirmation(MailCase):
    """Mails are really sent here, to a mail server of the test's."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not Controller:
            cls.skipTest(cls, "aiosmtpd is not installed.")
        with socket.create_server(("127.0.0.1", 0)) as free:
            cls.port = free.getsockname()[1]
        cls.env["ir.mail_server"].search([]).active = False
        cls.env["ir.mail_server"].create({"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": cls.port})
        cls.startClassPatcher(patch.object(type(cls.env["ir.mail_server"]), "_disable_send", return_value=False))

    def delivered(self, *packages, **values):
        """The shipment, after Odoo's next round of sending mails."""
        fulfillment = self.shipped(*packages, **values)
        with mute_logger(MAIL_LOG):
            self.mail(fulfillment).send()
        return fulfillment.shipment_ids

    @contextmanager
    def mail_server(self, refusal=None):
        """[(recipient, message)] of the confirmations that it received; it refuses recipients with `refusal`."""
        received = []

        class Inbox:
            async def handle_RCPT(self, server, session, envelope, address, options):
                if refusal:
                    return refusal
                envelope.rcpt_tos.append(address)
                return "250 OK"

            async def handle_DATA(self, server, session, envelope):
                message = email.message_from_bytes(envelope.content, policy=policy.default)
                if "has shipped" in message["Subject"]:
                    received.extend((address, message) for address in envelope.rcpt_tos)
                return "250 OK"

        controller = Controller(Inbox(), hostname="127.0.0.1", port=self.port)
        controller.start()
        try:
            yield received
        finally:
            controller.stop()

    def failed(self):
        """A shipment whose confirmation found no mail server."""
        return self.delivered(("1Z1", {"A": 4}))

    def told(self, shipment):
        """(messages, activities) of the sales order about a failure."""
        messages = shipment.sale_id.message_ids.filtered(lambda it: "did not reach the customer" in (it.body or ""))
        return len(messages), len(self.activities(shipment.sale_id, "mail"))

    def test_queued_until_odoo_has_sent_it(self):
        fulfillment = self.shipped(("1Z1", {"A": 4}))
        shipment, mail = fulfillment.shipment_ids, self.mail(fulfillment)
        self.assertEqual((shipment.mail_state, mail.state), ("queued", "outgoing"))
        with self.mail_server() as received:
            mail.send()
        self.assertEqual([address for address, _message in received], ["eva@example.com"])
        self.assertFalse(mail.exists(), "Odoo deletes what it has sent")
        self.assertEqual((shipment.mail_state, shipment.mail_error), ("sent", False))

    def test_sent_once(self):
        with self.mail_server() as received:
            shipment = self.delivered(("1Z1", {"A": 4}))
            self.assertEqual(shipment.mail_state, "sent")
            with self.assertRaisesRegex(UserError, "already notified"):
                shipment.with_user(self.clerk).action_send_mail()
            self.pull()
        self.assertEqual(len(received), 1)
        self.assertEqual(self.told(shipment), (0, 0))

    def test_without_mail_server_it_has_failed_and_the_salesperson_is_told_once(self):
        shipment = self.failed()
        self.assertEqual(shipment.mail_state, "failed")
        self.assertRegex(shipment.mail_error, f"{shipment.amazon_shipment_id}.*mail server.*Send Now")
        self.pull()
        self.assertEqual(self.told(shipment), (1, 1))
        with mute_logger(MAIL_LOG):
            shipment.with_user(self.clerk).action_send_mail()
        self.pull()
        self.assertEqual((shipment.mail_state, *self.told(shipment)), ("failed", 1, 1))

    def test_failed_one_is_sent_again_by_a_clerk_and_never_twice(self):
        shipment = self.failed()
        self.pull()
        earlier = self.mail(shipment.fulfillment_order_id)
        with self.mail_server() as received:
            shipment.with_user(self.clerk).action_send_mail()
            self.assertEqual((shipment.mail_state, shipment.mail_error), ("sent", False))
            earlier.action_retry()
            self.env["mail.mail"].process_email_queue(earlier.ids)
            self.pull()
        self.assertEqual(len(received), 1)
        self.assertEqual(self.told(shipment), (1, 0), "nothing is left to do")
        self.assertFalse(shipment.sale_id.picking_ids.message_ids.filtered("has_error"))

    def test_refused_address(self):
        with self.mail_server("550 No such user"), mute_logger(MAIL_LOG):
            shipment = self.delivered(("1Z1", {"A": 4}))
        self.assertEqual(shipment.mail_state, "failed")
        self.assertIn("No such user", shipment.mail_error)

    def test_address_that_is_none(self):
        self.customer.email = "eva at example"
        with self.mail_server() as received, mute_logger(MAIL_LOG):
            shipment = self.delivered(("1Z1", {"A": 4}))
            self.assertFalse(self.mail(shipment.fulfillment_order_id), "Odoo deletes it")
            self.assertEqual(shipment.mail_state, "failed")
            self.assertIn("Invalid email address", shipment.mail_error)
            self.customer.email = "eva@example.com"
            shipment.with_user(self.clerk).action_send_mail()
        self.assertEqual((shipment.mail_state, len(received)), ("sent", 1))

    def test_follower_who_cannot_be_reached_does_not_count(self):
        follower = new_test_user(self.env, "mail_follower", email="nowhere", groups="base.group_user")
        fulfillment = self.sent({self.product_a: 4})
        fulfillment.picking_ids.message_subscribe(follower.partner_id.ids)
        self.ship(fulfillment, ("1Z1", {"A": 4}))
        self.pull()
        with self.mail_server() as received, mute_logger(MAIL_LOG):
            self.env["mail.mail"].search([("model", "=", "stock.picking")]).send()
        self.assertEqual((fulfillment.shipment_ids.mail_state, len(received)), ("sent", 1))

    def test_mail_to_a_follower_alone_is_no_confirmation(self):
        follower = new_test_user(self.env, "mail_follower", email="f@company.example", groups="base.group_user")
        fulfillment = self.sent({self.product_a: 4})
        fulfillment.picking_ids.message_subscribe(follower.partner_id.ids)
        self.template.partner_to = False
        self.ship(fulfillment, ("1Z1", {"A": 4}))
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            self.pull()
        self.assertEqual(fulfillment.shipment_ids.mail_state, "failed")

    def test_outsider_who_follows_makes_no_second_mail(self):
        outsider = self.env["res.partner"].create({"name": "Agent", "email": "nowhere"})
        fulfillment = self.sent({self.product_a: 4})
        fulfillment.picking_ids.message_subscribe(outsider.ids)
        self.ship(fulfillment, ("1Z1", {"A": 4}))
        self.pull()
        with self.mail_server() as received, mute_logger(MAIL_LOG):
            self.env["mail.mail"].search([("model", "=", "stock.picking")]).send()
        self.assertEqual((fulfillment.shipment_ids.mail_state, len(received)), ("sent", 1))

    def test_stranger_who_gets_the_goods_gets_no_prices(self):
        fulfillment = self.shipped(("1Z1", {"A": 4}))
        picking = fulfillment.shipment_ids.picking_id
        self.assertIn("access_token", picking._fba_order_link())
        picking.partner_id = self.env["res.partner"].create({"name": "Gift", "email": "gift@example.com"})
        self.assertFalse(picking._fba_order_link())

    def test_retry_by_odoo_is_followed(self):
        shipment = self.failed()
        mail = self.mail(shipment.fulfillment_order_id)
        mail.action_retry()
        self.assertEqual((shipment.mail_state, shipment.mail_error), ("queued", False))
        with self.mail_server() as received:
            mail.send()
        self.assertEqual((shipment.mail_state, len(received)), ("sent", 1))

    def test_send_now_sends_the_waiting_one(self):
        fulfillment = self.shipped(("1Z1", {"A": 4}))
        messages = fulfillment.picking_ids.message_ids
        with self.mail_server() as received:
            fulfillment.shipment_ids.with_user(self.clerk).action_send_mail()
            with mute_logger(MAIL_LOG):
                self.env["mail.mail"].process_email_queue()
        self.assertEqual((fulfillment.shipment_ids.mail_state, len(received)), ("sent", 1))
        self.assertEqual(fulfillment.picking_ids.message_ids, messages)

    def test_bounced(self):
        with self.mail_server():
            shipment = self.delivered(("1Z1", {"A": 4}))
        shipment.mail_message_id.notification_ids.write(
            {"notification_status": "bounce", "failure_type": "mail_bounce", "failure_reason": "Mailbox full"}
        )
        self.assertEqual(shipment.mail_state, "failed")
        self.assertIn("Mailbox full", shipment.mail_error)
        self.pull()
        self.assertEqual(self.told(shipment), (1, 1))

    def test_cancelled_or_deleted_among_odoos_mails(self):
        for stop in ("cancel", "unlink"):
            with self.subTest(stop):
                fulfillment = self.shipped(("1Z1", {"A": 1}), lines={self.product_a: 1})
                getattr(self.mail(fulfillment), stop)()
                shipment = fulfillment.shipment_ids
                shipment.invalidate_recordset()
                self.assertEqual(shipment.mail_state, "skipped")
                self.assertIn("cancelled or deleted", shipment.mail_error)
                self.pull()
                self.assertEqual(self.told(shipment), (0, 0))

    def test_template_without_recipient(self):
        self.template.partner_to = False
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            shipment = self.shipped(("1Z1", {"A": 4})).shipment_ids
        self.assertEqual(shipment.mail_state, "failed")
        self.assertIn("no recipient", shipment.mail_error)

    def test_customer_who_is_the_salesperson(self):
        self.seller.partner_id.write({name: self.customer[name] for name in ("street", "city", "zip", "country_id")})
        self.seller.partner_id.state_id = self.customer.state_id
        with self.mail_server() as received:
            values = {"partner_id": self.seller.partner_id.id, "user_id": self.seller.id}
            shipment = self.delivered(("1Z1", {"A": 4}), **values)
        self.assertEqual((shipment.mail_state, len(received)), ("sent", 1))

    def test_searching(self):
        failed = self.failed()
        with self.mail_server():
            sent = self.delivered(("1Z2", {"A": 1}), lines={self.product_a: 1})
        earlier = self.shipped(("1Z3", {"A": 1}), lines={self.product_a: 1}).shipment_ids
        earlier.write({"mail_stage": "sent", "mail_message_id": False})
        queued = self.shipped(("1Z4", {"A": 1}), lines={self.product_a: 1}).shipment_ids
        ours = failed | sent | earlier | queued
        for states, expected in (
            (["failed"], failed),
            (["queued"], queued),
            (["sent"], sent | earlier),
            (["sent", "failed"], sent | earlier | failed),
            (["due"], ours.browse()),
        ):
            with self.subTest(states):
                found = self.env["fba.shipment"].search([("mail_state", "in", states), ("id", "in", ours.ids)])
                self.assertEqual(found, expected)
                others = self.env["fba.shipment"].search([("mail_state", "not in", states), ("id", "in", ours.ids)])
                self.assertEqual(others, ours - expected)
        view = self.env.ref("fba_connector.sale_order_view_search_inherit_sale").arch
        domain = re.search(r'name="fba_mail_failed".*?domain="(.*?)"', view, re.DOTALL)[1]
        orders = self.env["sale.order"].with_user(self.clerk).search(eval(domain))  # noqa: S307
        self.assertEqual(orders & ours.sale_id, failed.sale_id)

    def test_settled_when_it_can_no_longer_bounce(self):
        failed = self.failed()
        with self.mail_server():
            sent = self.delivered(("1Z2", {"A": 1}), lines={self.product_a: 1})
        self.env["fba.shipment"]._gc_sent_mails()
        self.assertEqual((failed | sent).mapped("mail_stage"), ["written"] * 2)
        (failed | sent).mail_message_id.date = fields.Datetime.now() - timedelta(days=31)
        self.env["fba.shipment"]._gc_sent_mails()
        sent.mail_message_id.notification_ids.unlink()
        self.assertEqual((failed.mail_state, sent.mail_state), ("failed", "sent"))

    def test_forgotten_ones_keep_their_outcome(self):
        failed = self.failed()
        queued = self.shipped(("1Z2", {"A": 1}), lines={self.product_a: 1}).shipment_ids
        (failed | queued).fulfillment_order_id._forget_people()
        self.assertEqual((failed.mail_state, queued.mail_state), ("failed", "skipped"))


@tagged("post_install", "-at_install")
class TestCustomersMail(MailCase, HttpCase):
    def picture(self):
        stream = BytesIO()
        Image.new("RGB", (300, 300), "red").save(stream, "PNG")
        return base64.b64encode(stream.getvalue())

    def senders(self, fulfillment):
        mail = self.mail(fulfillment)
        return mail.email_from, mail.reply_to

    def test_is_from_the_salesperson_or_the_company(self):
        company = f'"{self.env.company.name}" <shop@company.example>'
        self.assertEqual(
            self.senders(self.shipped(("1Z1", {"A": 1}), lines={self.product_a: 1}, user_id=self.seller.id)),
            ('"Sam Seller" <sam@seller.example>',) * 2,
        )
        nobody = self.shipped(("1Z2", {"A": 1}), lines={self.product_a: 1}, user_id=False)
        self.assertEqual(self.senders(nobody), (company, company))
        self.seller.email = False
        silent = self.shipped(("1Z3", {"A": 1}), lines={self.product_a: 1}, user_id=self.seller.id)
        self.assertEqual(self.senders(silent), (company, company))

    def test_template_of_the_company_without_a_sender(self):
        self.template.write({"email_from": False, "reply_to": False})
        fulfillment = self.shipped(("1Z1", {"A": 4}), user_id=self.seller.id)
        self.assertEqual(self.senders(fulfillment), ('"Sam Seller" <sam@seller.example>',) * 2)

    def test_shows_order_pictures_and_tracking_without_login(self):
        self.product_a.image_1920 = self.picture()
        self.env.flush_all()
        self.env.company.logo = self.picture()
        fulfillment = self.shipped(("1Z1", {"A": 4}), lines={self.product_a: 4, self.product_b: 1})
        order, html = fulfillment.sale_id, self.mail(fulfillment)._prepare_outgoing_body()
        self.assertNotIn(fulfillment.shipment_ids.picking_id.name, html)
        self.assertNotIn("Amazon", html)
        self.assertRegex(html, rf"Your order</span><br/?>\s*<strong[^>]*>{order.name}<")
        for words in ("a part of your order", "4 × Product A", "https://www.ups.com/track?tracknum=1Z1"):
            self.assertIn(words, html)
        self.assertNotIn("Product B", html)
        self.authenticate(None, None)
        self.env.flush_all()
        [picture] = re.findall(r'src="(http[^"]*/web/image/[^"]*)"[^>]* alt="Product A"', html)
        [logo] = re.findall(r'src="(http[^"]*/logo.png[^"]*)"', html)
        for link in (picture, logo):
            answer = self.url_open(link.replace("&amp;", "&"))
            self.assertEqual((answer.status_code, answer.headers["Content-Type"]), (200, "image/png"), link)
        [link] = re.findall(r'href="(http[^"]*/my/orders/[^"]*)"', html)
        page = self.url_open(link.replace("&amp;", "&"))
        self.assertEqual(page.status_code, 200)
        self.assertIn(order.name, page.text)

    def test_picture_of_a_variant_and_none_at_all(self):
        self.assertEqual(self.product_a._fba_image_links(), {})
        self.product_a.product_tmpl_id.image_1920 = self.picture()
        self.env.flush_all()
        template = self.product_a._fba_image_links()
        self.product_a.image_variant_1920 = self.picture()
        self.env.flush_all()
        variant = self.product_a._fba_image_links()
        self.assertTrue(template and variant and template != variant)

    def test_says_whether_it_is_all(self):
        self.assertIn("Good news:\n", self.template.body_html)
        whole = self.shipped(("1Z1", {"A": 1}), lines={self.product_a: 1})
        self.assertNotIn("a part of", self.mail(whole).body_html)
        parts = self.sent({self.product_a: 2})
        self.ship(parts, ("1Z2", {"A": 1}))
        self.ship(parts, ("1Z3", {"A": 1}))
        self.pull()
        self.assertEqual(len(parts.shipment_ids), 2)
        for message in parts.shipment_ids.mail_message_id:
            self.assertIn("a part of your order", message.body)

    def script(self, name):
        path = file_path(f"fba_connector/migrations/19.0.0.7.0/{name}.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        return script

    def test_update_keeps_states(self):
        sent = self.shipped(("1Z1", {"A": 1}), lines={self.product_a: 1}).shipment_ids
        sent.write({"mail_stage": "sent", "mail_note": "As it was", "mail_message_id": False})
        self.env.flush_all()
        for new, old in (("mail_stage", "mail_state"), ("mail_note", "mail_error")):
            self.env.cr.execute(f"ALTER TABLE fba_shipment RENAME COLUMN {new} TO {old}")
        for _time in range(2):
            self.script("pre-shipment_mail").migrate(self.env.cr, "19.0.0.6.0")
        self.env.invalidate_all()
        self.assertEqual((sent.mail_state, sent.mail_error), ("sent", "As it was"))

    def test_update_renews_what_nobody_changed(self):
        script = self.script("post-shipment_mail")
        new = self.template.body_html

        root, admin = self.env.ref("base.user_root"), self.env.ref("base.user_admin")

        def update(body, user=root, **values):
            self.template.with_user(user).sudo().write({"body_html": body, "email_from": False, **values})
            self.env.flush_all()
            script.migrate(self.env.cr, "19.0.0.6.0")
            self.env.invalidate_all()
            return self.template.body_html, self.template.email_from

        own = f"{EARLIER_BODY}<p>Our own words</p>"
        self.assertEqual(update(own), (self.template.body_html, False))
        self.assertIn("Our own words", self.template.body_html)
        theirs, sender = update(EARLIER_BODY, admin, subject="Our own subject")
        self.assertEqual((theirs != new, sender), (True, False))
        self.assertEqual(update(EARLIER_BODY), (new, "{{ object._fba_sender() }}"))
