from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import FbaCase

PLACE = {"street": "Hauptstr. 1", "street2": "Hinterhaus", "zip": "10115", "city": "Berlin"}


@tagged("post_install", "-at_install")
class TestAddress(FbaCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.germany = cls.env.ref("base.de")
        cls.company = cls.env["res.partner"].create(
            {"name": "Muster GmbH & Co. KG", "is_company": True, "country_id": cls.germany.id, **PLACE}
        )

    def contact(self, name, parent=None, **values):
        """A contact with an address of its own."""
        return self.env["res.partner"].create(
            {
                "name": name,
                "type": "delivery" if parent else "contact",
                "parent_id": parent and parent.id,
                "country_id": self.germany.id,
                **PLACE,
                **values,
            }
        )

    def label(self, partner):
        """Name and lines of what Amazon prints."""
        address = partner._fba_address()
        return [address.name, *(line for line in (address.line1, address.line2, address.line3) if line is not None)]

    # === COMPANY AND NAME === #

    def test_contact_of_a_company_is_sent_with_the_company(self):
        there = {
            "street": "1 Main Street",
            "street2": "Floor 2",
            "zip": "97201",
            "city": "Portland",
            "state_id": self.customer.state_id.id,
            "country_id": self.customer.country_id.id,
            "phone": "+1 503 555 0100",
        }
        eva = self.contact("Eva Muster", self.company, **there)
        self.sent({self.product_a: 2}, partner_id=self.company.id, partner_shipping_id=eva.id)
        [call] = self.journal("createFulfillmentOrder")
        self.assertEqual(
            call["body"]["destinationAddress"],
            {
                "name": "Eva Muster",
                "addressLine1": "Muster GmbH & Co. KG",
                "addressLine2": "1 Main Street",
                "addressLine3": "Floor 2",
                "city": "Portland",
                "stateOrRegion": "OR",
                "postalCode": "97201",
                "countryCode": "US",
                "phone": "+1 503 555 0100",
            },
        )

    def test_nameless_delivery_address_is_sent_with_the_name_of_its_company(self):
        values = {name: self.customer[name] for name in ("street", "zip", "city")}
        values |= {name: self.customer[name].id for name in ("state_id", "country_id")}
        nameless = self.contact(False, self.company, **{**values, "street2": False})
        self.sent({self.product_a: 2}, partner_id=self.company.id, partner_shipping_id=nameless.id)
        [call] = self.journal("createFulfillmentOrder")
        address = call["body"]["destinationAddress"]
        self.assertEqual((address["name"], address["addressLine1"]), ("Muster GmbH & Co. KG", "1 Main Street"))
        self.assertNotIn("addressLine2", address)

    def test_company_is_told_once(self):
        self.assertEqual(self.label(self.company), ["Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"])
        nameless = self.contact(False, self.company)
        self.assertEqual(self.label(nameless), ["Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"])
        namesake = self.contact("MUSTER  GmbH & Co. KG", self.company, type="contact")
        self.assertEqual(self.label(namesake), ["MUSTER GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"])
        typed = self.contact("Eva Muster", self.company, street="Muster GmbH & Co. KG", street2="Hauptstr. 1")
        self.assertEqual(self.label(typed), ["Eva Muster", "Muster GmbH & Co. KG", "Hauptstr. 1"])

    def test_every_type_of_contact_has_its_company(self):
        for kind in ("contact", "delivery", "invoice", "other"):
            contact = self.contact("Eva Muster", self.company, type=kind)
            self.assertEqual(
                self.label(contact), ["Eva Muster", "Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"], kind
            )

    def test_company_name_without_a_company(self):
        guest = self.contact("Eva Muster", company_name="Muster OHG", street2=False)
        self.assertEqual(self.label(guest), ["Eva Muster", "Muster OHG", "Hauptstr. 1"])

    def test_person_without_a_company(self):
        self.assertEqual(self.label(self.contact("Eva Muster")), ["Eva Muster", "Hauptstr. 1", "Hinterhaus"])

    def test_contact_of_a_contact_of_a_company(self):
        eva = self.contact("Eva Muster", self.company)
        warehouse = self.contact("Ramp 3", eva)
        self.assertEqual(self.label(warehouse), ["Ramp 3", "Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"])
        nameless = self.contact(False, self.contact(False, eva))
        self.assertEqual(self.label(nameless), ["Eva Muster", "Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus"])

    def test_subsidiary_stands_for_itself(self):
        subsidiary = self.contact("Muster Logistik GmbH", self.company, is_company=True)
        self.assertEqual(self.label(subsidiary), ["Muster Logistik GmbH", "Hauptstr. 1", "Hinterhaus"])

    def test_nameless_address_of_a_person_has_the_persons_name(self):
        nameless = self.contact(False, self.contact("Eva Muster"))
        self.assertEqual(self.label(nameless), ["Eva Muster", "Hauptstr. 1", "Hinterhaus"])

    # === LINES === #

    def test_line_breaks_and_blanks_are_single_blanks(self):
        eva = self.contact(
            " Eva\r\nMuster ", street="Hauptstr. 1\n c/o Meier", street2="  ", city=" Berlin\t", zip=" 10115 "
        )
        address = eva._fba_address()
        self.assertEqual(self.label(eva), ["Eva Muster", "Hauptstr. 1 c/o Meier"])
        self.assertEqual((address.city, address.postal_code), ("Berlin", "10115"))

    def test_what_is_missing_is_none(self):
        nobody = self.contact("Eva Muster", **dict.fromkeys((*PLACE, "country_id")))
        address = nobody._fba_address()
        for part in ("line1", "line2", "line3", "city", "state", "postal_code", "country_code", "phone"):
            self.assertIsNone(getattr(address, part), part)

    def test_second_street_alone_is_the_first_line(self):
        self.assertEqual(self.label(self.contact("Eva Muster", street=False)), ["Eva Muster", "Hinterhaus"])

    def test_company_never_stands_in_for_the_street(self):
        eva = self.contact("Eva Muster", self.company, street=False, street2=False)
        self.assertEqual(self.label(eva), ["Eva Muster"])
        order = self.sourced({self.product_a: 1})
        self.customer.write({"company_name": "Muster OHG", "street": False})
        with self.assertRaisesRegex(UserError, "lacks: street"):
            order.fba_fulfillment_order_ids.action_submit()

    def test_fourth_line_joins_the_third(self):
        """A module adds a line to the street, as OCA's partner_address_street3 does."""
        eva = self.contact("Eva Muster", self.company)
        names = ["street", "street_number", "street2", "zip", "city", "street2"]
        with patch.object(self.env.registry["res.partner"], "_formatting_address_fields", lambda self: names):
            self.assertEqual(
                self.label(eva), ["Eva Muster", "Muster GmbH & Co. KG", "Hauptstr. 1", "Hinterhaus, Hinterhaus"]
            )

    def test_nothing_is_cut(self):
        eva = self.contact("E" * 200, self.company, street="S" * 200)
        self.assertEqual([len(line) for line in self.label(eva)], [200, 20, 200, 10])

    # === COUNTRIES === #

    def in_japan(self, **values):
        tokyo = self.env["res.country.state"].search([("country_id.code", "=", "JP"), ("code", "=like", "%13")])
        place = {"city": "渋谷区", "street": "神南1-2-3", "street2": "101号室", "zip": "150-0041", "state_id": tokyo.id}
        return {"country_id": self.env.ref("base.jp").id, **place, **values}

    def test_japan_has_the_city_in_the_street(self):
        person = self.contact("武蔵 花子", **self.in_japan())
        self.assertEqual(self.label(person), ["武蔵 花子", "渋谷区", "神南1-2-3", "101号室"])
        employee = self.contact("武蔵 花子", self.company, **self.in_japan())
        self.assertEqual(self.label(employee), ["武蔵 花子", "Muster GmbH & Co. KG", "渋谷区 神南1-2-3", "101号室"])
        employee.street2 = False
        self.assertEqual(self.label(employee), ["武蔵 花子", "Muster GmbH & Co. KG", "渋谷区", "神南1-2-3"])
        address = employee._fba_address()
        self.assertIsNone(address.city)
        self.assertEqual(address.state, "東京都", "Odoo's code, JP-13, means nothing to a carrier")

    def test_city_alone_is_no_street_in_japan_either(self):
        person = self.contact("武蔵 花子", **self.in_japan(street=False, street2=False))
        self.assertEqual(self.label(person), ["武蔵 花子"])

    def test_state_is_its_code_or_its_name(self):
        states = self.env["res.country.state"]
        oregon = self.contact("Eva Muster", country_id=self.env.ref("base.us").id, state_id=self.customer.state_id.id)
        self.assertEqual(oregon._fba_address().state, "OR")
        istanbul = states.search([("country_id.code", "=", "TR"), ("code", "=", "34")])
        turkey = self.contact("Eva Muster", country_id=istanbul.country_id.id, state_id=istanbul.id)
        self.assertEqual(turkey._fba_address().state, istanbul.name)
        self.assertIsNone(self.contact("Eva Muster")._fba_address().state)

    def test_country_without_postal_codes_is_told_before_sending(self):
        """Amazon requires a postal code everywhere, Odoo does not."""
        order = self.sourced({self.product_a: 1})
        fulfillment = order.fba_fulfillment_order_ids
        for country in ("base.hk", "base.ie"):
            order.partner_shipping_id.write({"country_id": self.env.ref(country).id, "state_id": False, "zip": " "})
            self.assertIsNone(order.partner_shipping_id._fba_address().postal_code)
            order.partner_shipping_id.zip = False
            self.assertIn("lacks: postal code", fulfillment._incomplete_reason())

    def test_what_is_too_long_for_amazon_is_told_before_sending(self):
        fulfillment = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        contact = fulfillment.partner_shipping_id
        for name, length, words in (
            ("name", 51, "name (at most 50 characters)"),
            ("street", 61, "street (at most 60 characters)"),
            ("city", 51, "city (at most 50 characters)"),
            ("phone", 21, "phone number (at most 20 characters)"),
        ):
            right = contact[name]
            contact[name] = "9" * length
            self.assertIn(words, fulfillment._reason_not_to_send())
            with self.assertRaisesRegex(UserError, "too long for Amazon"):
                fulfillment.action_submit()
            contact[name] = "9" * (length - 1)
            self.assertFalse(fulfillment._reason_not_to_send(), name)
            contact[name] = right
