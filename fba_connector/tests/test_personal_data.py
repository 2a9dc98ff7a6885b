"""What is known of people is no longer there once it is not needed, or when they ask; and it never is in a log."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import SQL

from .common import FbaCase
from .sold import sold_order, stage

ADDRESS = {
    "name": "Ada Buyer",
    "addressLine1": "Secret Street 5",
    "city": "Reno",
    "countryCode": "US",
    "phone": "+1 5550100",
}
TALKING = ("odoo.addons.fba_connector", "httpx", "httpcore", "sp_api", "requests", "urllib3")


@tagged("post_install", "-at_install")
class TestPersonalData(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.buyer_data = "buyer"
        cls.manager = new_test_user(
            cls.env, "fba_privacy", groups="fba_connector.group_fba_manager,base.group_partner_manager"
        )

    def imported_of(self, order_id, name):
        address = {"deliveryAddress": {**ADDRESS, "name": name}}
        row = stage(
            self.account,
            sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", order_id=order_id, recipient=address),
        )
        row._process()
        return row

    def imported(self):
        """An order on Amazon whose buyer's contact somebody has worked with."""
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", recipient={"deliveryAddress": ADDRESS})
        row = stage(self.account, order)
        row._process()
        partner = row.sale_id.partner_id
        partner.message_post(body="Ada Buyer called: Secret Street 5 has a dog.")
        partner.write({"email": "ada@example.com", "phone": "+1 5550100", "comment": "Ada, with a dog"})
        return row

    def shipped(self):
        fulfillment = self.sent({self.product_a: 2})
        fulfillment.notification_emails = "eva@example.com"
        self.ship(fulfillment, ("1Z", {"A": 2}))
        self.pull()
        self.assertEqual(fulfillment.state, "shipped")
        return fulfillment

    def told_of(self, *words):
        """Tables and columns of the whole database where any of `words` stands, but for the company's own contacts."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name, column_name FROM information_schema.columns JOIN information_schema.tables "
            "USING (table_schema, table_name) WHERE table_schema = 'public' AND table_type = 'BASE TABLE' "
            "AND data_type IN ('text', 'character varying', 'jsonb')"
        )
        found = []
        for table, column in self.env.cr.fetchall():
            column_like = SQL("%s::text ILIKE ANY(%s)", SQL.identifier(column), [f"%{word}%" for word in words])
            self.env.cr.execute(SQL("SELECT 1 FROM %s WHERE %s LIMIT 1", SQL.identifier(table), column_like))
            if self.env.cr.rowcount:
                found.append(f"{table}.{column}")
        return found

    def test_buyer_is_gone_from_the_whole_database(self):
        row = self.imported()
        words = ("Ada Buyer", "Secret Street", "ada@example.com", "5550100", "with a dog")
        self.assertTrue(self.told_of(*words))
        row.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertEqual(self.told_of(*words), [])
        self.assertEqual((row.sale_id.state, row.sale_id.amount_total), ("sale", 10))

    def test_confirmations_are_forgotten_in_time(self):
        fulfillment = self.shipped()
        fulfillment.return_item_ids.sudo().create(
            {
                "fulfillment_order_id": fulfillment.id,
                "line_id": fulfillment.line_ids.id,
                "amazon_return_id": "R",
                "comment": "Eva says no",
            }
        )
        picking = fulfillment.shipment_ids.picking_id
        self.run_job("anonymize")
        self.assertIn("Eva Muster", str(picking.message_ids.mapped("body")), "not before its time")
        fulfillment.submitted_at -= timedelta(days=181)
        self.run_job("anonymize")
        self.assertNotIn("Eva Muster", str(picking.message_ids.mapped("body")))
        self.assertIn("no longer keeps the text", str(picking.message_ids.mapped("body")))
        theirs = ("res_partner.", "mail_compose_message.")  # the company's contact; what Odoo drops within hours
        told = self.told_of("Eva Muster", "eva@example.com", "Eva says")
        self.assertEqual([place for place in told if not place.startswith(theirs)], [])
        self.assertTrue(picking.partner_id.active, "the contact is the company's own")
        self.assertEqual(fulfillment.shipment_ids.mail_state, "sent", "it is not sent once more")

    def test_on_request(self):
        row, fulfillment = self.imported(), self.sent({self.product_a: 1})
        self.assertRaises(AccessError, self.customer.with_user(new_test_user(self.env, "any")).action_fba_forget)
        with self.assertRaisesRegex(UserError, fulfillment.sale_id.name):
            self.customer.with_user(self.manager).action_fba_forget()
        self.ship(fulfillment, ("1Z", {"A": 1}))
        self.pull()
        self.customer.with_user(self.manager).action_fba_forget()
        self.assertNotIn("Eva", str(fulfillment.shipment_ids.picking_id.message_ids.mapped("body")))
        row.sale_id.partner_id.with_user(self.manager).action_fba_forget()
        self.assertEqual(self.told_of("Ada Buyer", "Secret Street"), [])

    def test_on_request_at_the_amazon_order(self):
        row = self.imported()
        waiting = stage(self.account, sold_order({"sku": "A"}, order_id="111-0000000-0000009", status="PENDING"))
        with self.assertRaisesRegex(UserError, waiting.amazon_order_id):
            (row + waiting).with_user(self.manager).action_forget_buyers()
        self.assertRaises(AccessError, row.with_user(new_test_user(self.env, "any")).action_forget_buyers)
        row.with_user(self.manager).action_forget_buyers()
        self.assertEqual(self.told_of("Ada Buyer", "Secret Street"), [])

    def test_nothing_personal_or_secret_is_logged(self):
        for name in TALKING:
            self.addCleanup(logging.getLogger(name).setLevel, logging.getLogger(name).level)
            logging.getLogger(name).setLevel(logging.DEBUG)
        with self.assertLogs(level="DEBUG") as logs:
            self.shipped()
            self.imported()
            bad = self.sourced({self.product_a: 1})
            bad.partner_shipping_id = self.customer.copy({"name": "Eva Muster"})
            bad.fba_fulfillment_order_ids.action_submit()
            self.fault("createFulfillmentOrder", "status", status=400)
            self.fault("listAllFulfillmentOrders", "html", status=502, count=9)
            for job in ("push_fulfillment_orders", "pull_fulfillment_orders", "import_amazon_orders", "anonymize"):
                self.run_job(job)
        ours = "\n".join(line for line in logs.output if line.split(":")[1].startswith(TALKING))
        self.assertIn("createFulfillmentOrder", ours)
        for word in ("Eva", "Muster", "1 Main", "97201", "eva@", "Ada Buyer", "Secret Street", "demo-secret", "Atzr|"):
            self.assertNotIn(word, ours)

    def test_who_was_given_a_login_stays_and_holds_up_nobody(self):
        row, other = self.imported(), self.imported_of("111-0000000-0000009", "Ben Buyer")
        portal = new_test_user(
            self.env, "portal_buyer", groups="base.group_portal", partner_id=row.sale_id.partner_id.id
        )
        (row + other).amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertTrue(portal.partner_id.active)
        self.assertEqual(self.told_of("Ben Buyer"), [])
        self.assertFalse((row + other).filtered("has_personal_data"))
        self.assertEqual((row + other).mapped("state"), ["done", "done"])

    def test_what_cannot_be_forgotten_holds_up_nobody(self):
        row, other = self.imported(), self.imported_of("111-0000000-0000009", "Ben Buyer")
        stuck = row.sale_id.partner_id
        (row + other).amazon_updated_at = fields.Datetime.now() - timedelta(days=31)

        def forget(partners):
            if stuck in partners:
                raise ValueError("no")
            return FORGET(partners)

        FORGET = type(stuck)._fba_forget
        self.patch(type(stuck), "_fba_forget", forget)
        with self.assertLogs("odoo.addons.fba_connector", "ERROR"):
            self.run_job("anonymize")
        self.assertEqual(self.told_of("Ben Buyer"), [])
        self.assertEqual((row.state, row.has_personal_data), ("done", True), "tried again the next day")

    def test_change_without_data_leaves_the_contact_to_be_forgotten(self):
        row = self.imported()
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00")
        self.account.buyer_data = "nobody"
        stage(self.account, {**order, "lastUpdatedTime": "2026-11-26T12:00:00Z"})
        self.assertNotIn("recipient", row.payload)
        self.assertTrue(row.has_personal_data)

    def test_comment_on_a_return_does_not_come_back(self):
        fulfillment = self.shipped()
        self.control(
            "POST",
            f"fulfillment-orders/{fulfillment.name}/return",
            items=[{"seller_sku": "A", "quantity": 1}],
            reason="TOO_SMALL",
            comment="Eva says no",
        )
        fulfillment.action_refresh()
        self.assertEqual(fulfillment.return_item_ids.comment, "Eva says no")
        fulfillment._forget_people()
        fulfillment.action_refresh()
        self.assertFalse(fulfillment.return_item_ids.comment)
