import importlib.util

from odoo.tests import tagged
from odoo.tools import file_path

from .common import FbaCase

SWISHIP = "https://www.swiship.com/track?id="
# Words for carriers as Amazon publishes them: see data/fba_carrier.xml.
PUBLISHED = {
    "AMZL": "carrier_amazon",
    "AMZL_UK": "carrier_amazon",
    "AMZN_US": "carrier_amazon",
    "Amazon Logistics": "carrier_amazon",
    "Amazon Logistics US": "carrier_amazon",
    "Amazon Shipping": "carrier_amazon",
    "UPS": "carrier_ups",
    "UPSM": "carrier_ups",
    "UPSMI": "carrier_ups",
    "UPS Ground": "carrier_ups",
    "UPS Mail Innovations": "carrier_ups",
    "United Parcel Service": "carrier_ups",
    "USPS": "carrier_usps",
    "United States Postal Service": "carrier_usps",
    "FEDEX": "carrier_fedex",
    "FedEx SmartPost": "carrier_fedex",
    "FEDEX_JP": "carrier_fedex",
    "AFL/Fedex": "carrier_fedex",
    "DHL": "carrier_dhl",
    "DHL-Paket": "carrier_dhl",
    "DHL Parcel UK": "carrier_dhl",
    "DHL Global Mail": "carrier_dhl_ecommerce",
    "DHL eCommerce": "carrier_dhl_ecommerce",
    "OnTrac": "carrier_ontrac",
    "Lasership": "carrier_ontrac",
    "DPD": "carrier_dpd",
    "GLS": "carrier_gls",
    "Hermes Logistik Gruppe": "carrier_hermes",
    "Hermes UK": "carrier_evri",
    "Evri": "carrier_evri",
    "Royal Mail": "carrier_royal_mail",
    "Canada Post": "carrier_canada_post",
    "YAMATO": "carrier_yamato",
    "YamatoTransport": "carrier_yamato",
    "SagawaExpress": "carrier_sagawa",
    "Deutsche Post": "carrier_deutsche_post",
    "La Poste": "carrier_la_poste",
    "Chronopost": "carrier_chronopost",
    "Poste Italiane": "carrier_poste_italiane",
    "SDA": "carrier_poste_italiane",
    "Parcelforce": "carrier_parcelforce",
    "Yodel": "carrier_yodel",
    "Australia Post": "carrier_australia_post",
    "AUSSIE_POST": "carrier_australia_post",
}


@tagged("post_install", "-at_install")
class TestCarriers(FbaCase):
    def carrier(self, name):
        return self.env.ref(f"fba_connector.{name}")

    def parcel(self, word, number="T 1"):
        return self.env["fba.package"].new({"carrier_code": word, "tracking_number": number})

    def by_code(self, word):
        return self.env["fba.carrier"]._by_code({word})[word]

    # === WORDS === #

    def test_each_published_word_means_its_carrier_and_its_page(self):
        for word, name in PUBLISHED.items():
            parcel, carrier = self.parcel(word), self.carrier(name)
            self.assertEqual(parcel.carrier_id.get_external_id(), carrier.get_external_id(), word)
            self.assertEqual(parcel.carrier_name, carrier.name)
            self.assertEqual(parcel.tracking_url, carrier.tracking_url.replace("<shipmenttrackingnumber>", "T%201"))

    def test_case_blanks_and_dashes_make_no_difference(self):
        for word in ("amazon logistics", " AMAZON_LOGISTICS ", "Amazon-Logistics", "AmazonLogistics"):
            self.assertEqual(self.by_code(word), self.carrier("carrier_amazon"), word)

    def test_unknown_word_is_shown_as_it_is_without_a_link(self):
        parcel = self.parcel("Nobody_knows Ltd.")
        self.assertFalse(parcel.carrier_id)
        self.assertEqual(parcel.carrier_name, "Nobody_knows Ltd.")
        self.assertFalse(parcel.tracking_url)
        for word in ("", "-", " _"):
            self.assertFalse(self.by_code(word), repr(word))

    def test_longest_start_wins_whatever_it_is(self):
        carriers = self.env["fba.carrier"]
        short = carriers.create({"name": "Bird", "code": "BIRD", "aliases": "Albatross Express Night, , -"})
        long = carriers.create({"name": "Night", "code": "BIRD_NIGHT", "aliases": "Albatross"})
        self.assertEqual(self.by_code("Bird Day"), short)
        self.assertEqual(self.by_code("Bird Night 24"), long)
        self.assertEqual(self.by_code("Albatross Express"), long)
        self.assertEqual(self.by_code("ALBATROSS EXPRESS NIGHT"), short)

    def test_code_comes_before_an_alias_and_an_alias_before_a_name(self):
        carriers = self.env["fba.carrier"]
        named = carriers.create({"name": "Bee Line", "code": "X1"})
        self.assertEqual(self.by_code("BEE-LINE"), named)
        self.assertFalse(self.by_code("Beeline Freight"), "a name is no start: it may be as short as people like")
        aliased = carriers.create({"name": "Zebra", "code": "X2", "aliases": "bee line"})
        self.assertEqual(self.by_code("BEE-LINE"), aliased)
        coded = carriers.create({"name": "Zulu", "code": "Bee_Line"})
        self.assertEqual(self.by_code("BEE-LINE"), coded)

    def test_carrier_is_found_by_any_of_its_words(self):
        found = self.env["fba.carrier"].name_search("Colissimo")
        self.assertEqual([carrier_id for carrier_id, _name in found], self.carrier("carrier_la_poste").ids)

    # === NUMBERS === #

    def test_amazons_own_numbers_are_linked(self):
        """As integrations see them: with the carrier's number, and with Amazon's only."""
        for number in ("TBA303000000001", "QXB123456789"):
            parcel = self.parcel("Amazon Logistics", number)
            self.assertEqual(parcel.carrier_id, self.carrier("carrier_amazon"))
            self.assertEqual(parcel.tracking_url, SWISHIP + number)

    def test_number_tells_the_carrier_that_no_word_tells(self):
        for word in (False, "", "Nobody knows"):
            for number in ("TBA303000000001", "tbc303000000001", "TBM303000000001", "AFTN987654321"):
                parcel = self.parcel(word, number)
                self.assertEqual(parcel.carrier_name, "Amazon Logistics", (word, number))
                self.assertEqual(parcel.tracking_url, SWISHIP + number)
        self.assertEqual(self.parcel(False, "1Z999AA1234567890").carrier_name, "UPS")
        self.assertFalse(self.parcel(False, "123456789").carrier_name)

    def test_known_word_stays_and_the_link_follows_the_number(self):
        parcel = self.parcel("FEDEX", "AFTN987654321")
        self.assertEqual(parcel.carrier_name, "FedEx")
        self.assertEqual(parcel.tracking_url, SWISHIP + "AFTN987654321", "FedEx does not know Amazon's own number")
        self.carrier("carrier_amazon").tracking_url = False
        parcel = self.parcel("FEDEX", "AFTN987654321")
        self.assertEqual(parcel.tracking_url, "https://www.fedex.com/fedextrack/?trknbr=AFTN987654321")

    def test_parcel_without_a_number_has_no_link(self):
        self.assertFalse(self.parcel("UPS", False).tracking_url)

    def test_delivery_has_number_link_and_method(self):
        service = self.env["product.product"].create({"name": "Way", "type": "service"})
        method = self.env["delivery.carrier"].create({"name": "Van", "product_id": service.id})
        self.carrier("carrier_amazon").delivery_carrier_id = method
        fulfillment = self.sent({self.product_a: 1})
        box = {"carrier_code": "Amazon Logistics", "tracking_number": "TBA303000000001"}
        items = [{"seller_sku": "A", "quantity": 1}]
        self.control("POST", f"fulfillment-orders/{fulfillment.name}/ship", packages=[{**box, "items": items}])
        self.pull()
        self.assertRecordValues(
            fulfillment.picking_ids,
            [
                {
                    "carrier_id": method.id,
                    "carrier_tracking_ref": "TBA303000000001",
                    "carrier_tracking_url": SWISHIP + "TBA303000000001",
                }
            ],
        )

    # === UPDATE FROM AN OLDER VERSION === #

    def migrate(self, phase):
        self.env.flush_all()
        path = file_path(f"fba_connector/migrations/19.0.0.3.0/{phase}-carriers.py")
        spec = importlib.util.spec_from_file_location("fba_migration", path)
        script = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(script)
        script.migrate(self.env.cr, "19.0.0.2.0")
        self.env.invalidate_all()
        return script

    def make_old(self):
        """The carriers as the version before had them."""
        self.env["fba.carrier"].search([]).write({"aliases": False, "number_prefixes": False})
        self.carrier("carrier_amazon").tracking_url = "https://track.amazon.com/tracking/<shipmenttrackingnumber>"

    def test_update_gives_existing_carriers_what_new_databases_have(self):
        names = ("carrier_amazon", "carrier_ups", "carrier_usps", "carrier_fedex", "carrier_dhl_ecommerce")
        carriers = self.env["fba.carrier"].union(*map(self.carrier, (*names, "carrier_ontrac")))
        fresh = carriers.read(["aliases", "number_prefixes", "tracking_url"])
        self.make_old()
        script = self.migrate("post")
        self.assertEqual(carriers.read(["aliases", "number_prefixes", "tracking_url"]), fresh)
        self.assertEqual(len(script.KNOWN), len(carriers))
        self.migrate("post")
        self.assertEqual(carriers.read(["aliases", "number_prefixes", "tracking_url"]), fresh)

    def test_update_keeps_what_people_entered(self):
        self.make_old()
        amazon, ups = self.carrier("carrier_amazon"), self.carrier("carrier_ups")
        amazon.tracking_url = "https://track.example/<shipmenttrackingnumber>"
        own = self.env["fba.carrier"].create({"name": "Our van", "code": "AMAZON LOGISTICS"})
        ups.aliases = "Brown"
        self.carrier("carrier_usps").unlink()
        self.migrate("post")
        self.assertEqual(amazon.tracking_url, "https://track.example/<shipmenttrackingnumber>")
        self.assertEqual(ups.aliases, "Brown")
        parcel = self.parcel("Amazon Logistics", "TBA303000000001")
        self.assertEqual(parcel.carrier_name, "Our van")
        self.assertFalse(parcel.tracking_url, "their carrier has no page")
        self.assertEqual(self.by_code("Amazon Logistics US"), own)

    def test_update_makes_no_second_carrier_beside_one_that_people_entered(self):
        names = ("carrier_evri", "carrier_deutsche_post", "carrier_yodel")
        evri, post, yodel = map(self.carrier, names)
        (evri + post).unlink()
        own = self.env["fba.carrier"].create([{"name": "E", "code": "evri"}, {"name": "P", "code": "Deutsche"}])
        script = self.migrate("pre")
        self.assertEqual(self.carrier("carrier_evri") + self.carrier("carrier_deutsche_post"), own)
        self.assertEqual(self.carrier("carrier_yodel"), yodel)
        self.migrate("pre")
        ours = self.env["ir.model.data"].search([("module", "=", "fba_connector"), ("model", "=", "fba.carrier")])
        self.assertTrue(all(ours.filtered(lambda it: it.res_id in own.ids).mapped("noupdate")))
        self.assertEqual(len(ours.filtered(lambda it: it.res_id in own.ids)), 2)
        for name, code in script.NEW.items():
            if name not in names:
                self.assertEqual(self.carrier(name).code, code)
