import email
import socket
from contextlib import closing
from email import policy
from unittest.mock import patch

from odoo.tests import new_test_user, tagged
from psycopg2.errors import SerializationFailure

try:
    from aiosmtpd.controller import Controller
except ImportError:  # installed without the project around it
    Controller = None

from .common import FbaCase


@tagged("post_install", "-at_install")
class TestShipmentMail(FbaCase):
    """Each shipment is confirmed to the customer once, and a mail that cannot be written undoes nothing."""

    def mails(self, fulfillment):
        """(recipient, subject and body) of the mails about a fulfillment order's deliveries."""
        pickings = fulfillment.picking_ids.ids
        mails = self.env["mail.mail"].sudo().search([("model", "=", "stock.picking"), ("res_id", "in", pickings)])
        return [(mail.recipient_ids.email or mail.email_to, f"{mail.subject} {mail.body_html}") for mail in mails]

    def shipped(self, *packages, **values):
        fulfillment = self.sent({self.product_a: 4}, **values)
        self.ship(fulfillment, *packages)
        self.pull()
        return fulfillment

    def template(self):
        return self.env.ref("fba_connector.mail_template_shipment")

    def test_each_shipment_has_its_own_mail_with_its_items_and_links(self):
        fulfillment = self.shipped(("1Z1", {"A": 2}), ("1Z2", {"A": 1}))
        [(recipient, text)] = self.mails(fulfillment)
        self.assertEqual(recipient, "eva@example.com")
        self.assertIn(f"your order {fulfillment.sale_id.name} has shipped", text)
        for words in ("a part of your order", "3 × Product A", "1Z1", "1Z2", "https://www.ups.com/track?tracknum=1Z1"):
            self.assertIn(words, text)
        self.ship(fulfillment, ("1Z3", {"A": 1}))
        fulfillment.action_refresh()
        self.pull()
        self.pull()
        self.assertEqual(len(self.mails(fulfillment)), 2)
        self.assertEqual(fulfillment.shipment_ids.mapped("mail_state"), ["sent", "sent"])

    def test_the_clerk_who_sourced_and_looked_gets_no_copy(self):
        clerk = new_test_user(
            self.env, "mail_clerk", groups="fba_connector.group_fba_user,sales_team.group_sale_salesman_all_leads"
        )
        order = self.sell({self.product_a: 4})
        order.action_confirm()
        order.with_user(clerk).action_fulfill_by_amazon()
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.with_user(clerk).action_submit()
        self.push()
        for tracking in ("1Z1", "1Z2"):
            self.ship(fulfillment, (tracking, {"A": 2}))
            fulfillment.with_user(clerk).action_refresh()
        self.pull()
        self.assertEqual([recipient for recipient, _text in self.mails(fulfillment)], ["eva@example.com"] * 2)

    def test_not_twice_where_the_company_confirms_too(self):
        self.env.company.stock_move_email_validation = True
        self.assertEqual(len(self.mails(self.shipped(("1Z1", {"A": 4})))), 1)

    def test_switched_off(self):
        self.account.send_shipment_email = False
        fulfillment = self.shipped(("1Z1", {"A": 4}))
        self.assertFalse(self.mails(fulfillment) or fulfillment.shipment_ids.mail_state)

    def test_broken_template_leaves_the_booking_and_a_failure_that_can_be_repeated(self):
        whole = self.template().body_html
        self.template().body_html = '<t t-if="object.fba_shipment_id" t-out="object.nothing" />'
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            fulfillment = self.shipped(("1Z1", {"A": 4}))
        shipment = fulfillment.shipment_ids
        self.assertEqual((fulfillment.state, shipment.mail_state), ("shipped", "failed"))
        self.assertEqual(fulfillment.sale_id.order_line.qty_delivered, 4)
        said = fulfillment.sale_id.message_ids[0].body
        self.assertIn("was not notified of shipment", said)
        self.assertNotIn("Traceback", said)
        self.template().body_html = whole
        shipment.action_send_mail()
        self.assertEqual((shipment.mail_state, len(self.mails(fulfillment))), ("sent", 1))

    def several_due(self):
        """Shipments of three orders, booked, whose mails were not written yet."""
        fulfillments = self.env["fba.fulfillment.order"].union(*(self.sent({self.product_a: 1}) for _order in range(3)))
        for number, fulfillment in enumerate(fulfillments):
            self.ship(fulfillment, (f"1Z{number}", {"A": 1}))
        with patch.object(type(fulfillments.shipment_ids), "_mail_is_due", lambda _shipment: False):
            self.pull()
        self.assertEqual(fulfillments.shipment_ids.mapped("mail_stage"), ["due"] * 3)
        return fulfillments

    def test_one_that_cannot_be_written_keeps_none_of_the_others(self):
        fulfillments = self.several_due()
        bad = fulfillments[1].shipment_ids
        self.template().body_html = (
            f'<t t-if="object.fba_shipment_id.id == {bad.id}" t-out="object.nothing" /><t t-else="">Hello</t>'
        )
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            self.pull()
        self.assertEqual([it.shipment_ids.mail_state for it in fulfillments], ["sent", "failed", "sent"])
        self.assertEqual([len(self.mails(it)) for it in fulfillments], [1, 0, 1])

    def test_written_one_by_one_where_they_cannot_be_together(self):
        fulfillments, write = self.several_due(), type(self.env["fba.shipment"])._send_mails

        def fail_together(shipments, **options):
            write(shipments, **options)
            if len(shipments) > 1:
                raise SerializationFailure("another worker changes one of them")

        with patch.object(type(self.env["fba.shipment"]), "_send_mails", fail_together):
            self.pull()
        self.assertEqual([len(self.mails(it)) for it in fulfillments], [1, 1, 1])

    def test_customer_without_address_is_not_told(self):
        self.customer.email = False
        shipment = self.shipped(("1Z1", {"A": 4})).shipment_ids
        self.assertEqual(shipment.mail_state, "skipped")
        self.assertIn("has no e-mail address", shipment.mail_error)

    def test_mail_waits_for_tracking_numbers_a_day_at_most(self):
        fulfillment = self.sent({self.product_a: 4})
        self.ship(fulfillment, ("", {"A": 4}))
        self.pull()
        shipment = fulfillment.shipment_ids
        self.assertEqual(shipment.mail_state, "due")
        shipment.shipped_at = "2020-01-01"
        self.pull()
        self.assertEqual(shipment.mail_state, "sent")

    def test_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        self.template().with_context(lang="de_DE").subject = "Unterwegs: {{ object.sale_id.name }}"
        [(_recipient, text)] = self.mails(self.shipped(("1Z1", {"A": 4})))
        self.assertIn("Unterwegs", text)

    def test_real_mail_server_gets_it_once(self):
        if not Controller:
            self.skipTest("aiosmtpd is not installed.")
        received = []

        class Inbox:
            async def handle_DATA(self, server, session, envelope):
                received.append((envelope.rcpt_tos, email.message_from_bytes(envelope.content, policy=policy.default)))
                return "250 OK"

        fulfillment = self.shipped(("1Z1", {"A": 1}), ("1Z2", {"A": 1}))
        with closing(self.smtp_server(Inbox())) as port:
            self.env["ir.mail_server"].search([]).active = False
            self.env["ir.mail_server"].create({"name": "Test", "smtp_host": "127.0.0.1", "smtp_port": next(port)})
            with patch.object(type(self.env["ir.mail_server"]), "_disable_send", return_value=False):
                mails = self.env["mail.mail"].sudo().search([("res_id", "in", fulfillment.picking_ids.ids)])
                mails.filtered(lambda mail: mail.model == "stock.picking").send()
                self.pull()
        [(recipients, message)] = received
        self.assertEqual(recipients, ["eva@example.com"])
        self.assertIn(f"your order {fulfillment.sale_id.name} has shipped", message["Subject"])
        text = message.get_body(("html",)).get_content()
        for words in ("2 × Product A", "https://www.ups.com/track?tracknum=1Z1", "1Z2"):
            self.assertIn(words, text)

    def smtp_server(self, handler):
        """Yields the port of a real mail server, which stops with the generator."""
        with closing(socket.create_server(("127.0.0.1", 0))) as free:
            port = free.getsockname()[1]
        controller = Controller(handler, hostname="127.0.0.1", port=port)
        controller.start()
        try:
            yield port
        finally:
            controller.stop()
