"""Buyers on Amazon as contacts: people, companies with their VAT number, and no longer than they are needed."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import FbaCase
from .sold import sold_order, stage, vat_number

ADDRESS = {
    "name": "Eva Muster",
    "companyName": "Muster SARL",
    "addressLine1": "Rue de la Paix 1",
    "city": "Paris",
    "postalCode": "75001",
    "countryCode": "FR",
    "phone": "+33 1",
}
BUSINESS = {
    "recipient": {"deliveryAddress": ADDRESS},
    "buyer": {"buyerName": "Eva M.", "buyerCompanyName": "Muster", "buyerPurchaseOrderNumber": "PO-4711"},
    "tax": vat_number("fr 23-334175221", "Muster SARL"),
    "programs": ["AMAZON_BUSINESS"],
}


@tagged("post_install", "-at_install")
class TestBuyers(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.account.buyer_data = "buyer"

    def imported(self, order_id="302-1", **facts):
        row = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00", order_id=order_id, **facts))
        row._process()
        self.assertEqual(row.state, "done", row.error_message)
        return row

    def test_business_is_a_company_with_its_vat_number(self):
        sale = self.imported(**BUSINESS).sale_id
        company, recipient = sale.partner_id, sale.partner_shipping_id
        self.assertRecordValues(company, [{"name": "Muster SARL", "is_company": True, "vat": "FR23334175221"}])
        self.assertRecordValues(recipient, [{"name": "Eva Muster", "parent_id": company.id, "type": "delivery"}])
        self.assertEqual((recipient.street, recipient.country_id.code), ("Rue de la Paix 1", "FR"))
        self.assertEqual(sale.partner_invoice_id, company)
        self.assertEqual(sale.client_order_ref, "PO-4711 / 302-1")
        self.assertEqual(sale.picking_ids.partner_id, recipient)
        self.assertFalse((company | recipient).filtered(lambda it: it.phone or it.email))

    def test_same_business_is_the_same_contact(self):
        first = self.imported(**BUSINESS).sale_id
        second = self.imported("302-2", **{**BUSINESS, "tax": vat_number("FR23334175221", "muster  sarl")}).sale_id
        other = self.imported("302-3", **{**BUSINESS, "tax": vat_number("FR99999999999", "Muster SARL")}).sale_id
        self.assertEqual(first.partner_id, second.partner_id)
        self.assertEqual(first.partner_shipping_id, second.partner_shipping_id)
        self.assertNotEqual(first.partner_id, other.partner_id)

    def test_number_that_is_none_keeps_no_order_out(self):
        sale = self.imported(**{**BUSINESS, "tax": vat_number("FR-unknown!", "Muster SARL")}).sale_id
        self.assertTrue(sale.partner_id.is_company)

    def test_number_is_not_checked_with_what_checks_them(self):
        if "vies_valid" not in self.env["res.partner"]._fields:
            self.skipTest("base_vat is not installed: run with --kits.")
        module = "odoo.addons.base_vat.models.res_partner"
        self.env.company.vat_check_vies = True
        with patch(f"{module}.check_vies", side_effect=AssertionError("asked VIES")):
            for number, typed in enumerate(("FR123", "FR-unknown!", "GB1", "XX", "DE" + "9" * 40, "FR23334175221")):
                facts = {**BUSINESS, "tax": vat_number(typed, f"Muster {number}")}
                sale = self.imported(f"303-{number}", **facts).sale_id
                self.assertTrue(sale.partner_id.vat)
                self.assertEqual(sale.partner_shipping_id.vat, sale.partner_id.vat)

    def test_number_of_one_sign_is_none(self):
        for number, typed in enumerate(("X", "-", "/", " ")):
            sale = self.imported(f"304-{number}", **{**BUSINESS, "tax": vat_number(typed, f"Muster {number}")}).sale_id
            self.assertRecordValues(sale.partner_id, [{"is_company": True, "vat": False}])

    def test_businesses_of_one_name_are_told_by_their_address(self):
        buyer = {"buyerCompanyName": "Muster"}
        sales = [
            self.imported(f"302-{city}", buyer=buyer, recipient={"deliveryAddress": {**ADDRESS, "city": city}}).sale_id
            for city in ("Paris", "Lyon", "PARIS")
        ]
        self.assertEqual(sales[0].partner_id, sales[2].partner_id)
        self.assertNotEqual(sales[0].partner_id, sales[1].partner_id)

    def test_name_without_a_letter_keeps_no_order_out(self):
        sale = self.imported(recipient={"deliveryAddress": {**ADDRESS, "name": "=+"}}).sale_id
        self.assertEqual(sale.partner_id.name, "Amazon customer")

    def test_number_of_a_person_makes_no_company(self):
        person = {"entityType": "BUYER", "taxRegistrationType": "CPF", "taxRegistrationNumber": "123.456.789-09"}
        sale = self.imported(recipient=BUSINESS["recipient"], tax={"taxRegistrations": [person]}).sale_id
        self.assertRecordValues(sale.partner_id, [{"name": "Eva Muster", "is_company": False, "vat": False}])

    def test_company_without_a_number_and_number_without_a_name(self):
        sale = self.imported(recipient=BUSINESS["recipient"], buyer={"buyerCompanyName": "Muster"}).sale_id
        self.assertRecordValues(sale.partner_id, [{"name": "Muster", "is_company": True, "vat": False}])
        sale = self.imported("302-2", tax=vat_number("FR23334175221")).sale_id
        self.assertRecordValues(sale.partner_id, [{"is_company": True, "vat": "FR23334175221"}])
        self.assertEqual(sale.partner_shipping_id, sale.partner_id)

    def test_registered_address_is_the_companys(self):
        registration = {
            **vat_number("FR23334175221", "Muster SARL")["taxRegistrations"][0],
            "taxRegistrationAddress": {"addressLine1": "Siège 9", "city": "Lyon", "countryCode": "FR", "phone": "1"},
        }
        sale = self.imported(**{**BUSINESS, "tax": {"taxRegistrations": [registration]}}).sale_id
        self.assertEqual((sale.partner_id.street, sale.partner_id.city), ("Siège 9", "Lyon"))
        self.assertEqual(sale.partner_shipping_id.city, "Paris")

    def test_odd_address_of_a_registration_keeps_no_order_out(self):
        registration = vat_number("FR23334175221", "Muster SARL")["taxRegistrations"][0]
        odd = {**registration, "taxRegistrationAddress": {"addressLine1": "S" * 700}}
        sale = self.imported(**{**BUSINESS, "tax": {"taxRegistrations": [odd]}}).sale_id
        self.assertEqual(sale.partner_id.city, "Paris")

    def test_no_text_of_a_buyer_is_a_formula(self):
        address = {**ADDRESS, "postalCode": "=1+1"}
        order = {"recipient": {"deliveryAddress": address}, "buyer": {"buyerPurchaseOrderNumber": "=2+2"}}
        sale = self.imported(**order).sale_id
        self.assertEqual((sale.partner_id.zip, sale.client_order_ref), ("1+1", "2+2 / 302-1"))

    def test_consumer_is_the_recipient(self):
        sale = self.imported(recipient={"deliveryAddress": {**ADDRESS, "companyName": None}}).sale_id
        self.assertRecordValues(sale.partner_id, [{"name": "Eva Muster", "is_company": False, "parent_id": False}])
        self.assertEqual(sale.client_order_ref, "302-1")

    def test_account_that_keeps_no_buyers_keeps_the_fact_alone(self):
        self.account.buyer_data = "nobody"
        row = self.imported(**BUSINESS)
        self.assertFalse(row.has_personal_data)
        self.assertEqual(row.sale_id.partner_id, row.marketplace_id.customer_id)
        self.assertEqual(row.sale_id.client_order_ref, "302-1")
        fact = {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": "FR"}
        self.assertEqual(row.payload["tax"], {"taxRegistrations": [fact]})
        self.assertNotIn("Muster", str(row.payload))

    def test_business_is_forgotten_in_time(self):
        row = self.imported(**BUSINESS)
        company, recipient = row.sale_id.partner_id, row.sale_id.partner_shipping_id
        row.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        for contact in (company, recipient):
            self.assertFalse(contact.active or contact.vat or contact.street or contact.fba_buyer_key)
            self.assertFalse("peppol_endpoint" in contact and contact.peppol_endpoint)
        self.assertEqual(row.sale_id.client_order_ref, "302-1")
        self.assertNotIn("Muster", str(row.payload))
        self.assertFalse(row.has_personal_data)

    def test_what_was_attached_and_planned_is_forgotten_too(self):
        row = self.imported(**BUSINESS)
        company = row.sale_id.partner_id
        company.message_post(body="Scan", attachments=[("muster.txt", b"Muster")])
        company.activity_schedule("mail.mail_activity_data_todo", summary="Call Muster")
        here = [("res_model", "=", "res.partner"), ("res_id", "=", company.id)]
        row.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertFalse(self.env["ir.attachment"].search(here))
        self.assertFalse(self.env["mail.activity"].search(here))

    def test_company_of_a_contact_with_a_login_stays(self):
        row = self.imported(**BUSINESS)
        recipient = row.sale_id.partner_shipping_id
        new_test_user(self.env, "eva-portal", groups="base.group_portal", partner_id=recipient.id)
        row.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertTrue(recipient.active and recipient.parent_id.active)
        self.assertEqual(recipient.parent_id.name, "Muster SARL")

    def test_business_with_a_later_order_stays(self):
        row, later = self.imported(**BUSINESS), self.imported("302-2", **BUSINESS)
        row.amazon_updated_at = fields.Datetime.now() - timedelta(days=31)
        self.run_job("anonymize")
        self.assertEqual(later.sale_id.partner_id.vat, "FR23334175221")
        self.assertTrue(later.sale_id.partner_shipping_id.active)

    def test_buyer_of_an_order_without_a_date_is_forgotten_too(self):
        row = self.imported(**BUSINESS)
        row.amazon_updated_at = False
        self.run_job("anonymize")
        self.assertTrue(row.has_personal_data, "not before its time")
        old = fields.Datetime.now() - timedelta(days=31)
        self.env.cr.execute("UPDATE fba_amazon_order SET create_date = %s WHERE id = %s", [old, row.id])
        row.invalidate_recordset()
        self.run_job("anonymize")
        self.assertFalse(row.has_personal_data)
