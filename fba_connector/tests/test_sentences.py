"""Stored sentences: a code with values, read in each reader's language; plain text stays as it is."""

import copy
import pickle
import re
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from ..amazon import reasons
from ..models.account import amazon_sentences
from ..models.shared.fba_fulfillment_options import FEATURES
from ..models.shared.reader import people_in_charge
from ..models.shared.sentence import SentenceField, say
from .common import FbaCase
from .sold import sold_order, stage


@tagged("post_install", "-at_install")
class TestSentences(FbaCase):
    def setUp(self):
        super().setUp()
        self.env["res.lang"]._activate_lang("de_DE")
        self.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        self.order = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids.sudo()

    def read_in(self, lang, name="error_message"):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.order.with_context(lang=lang)[name]

    def test_sentence_is_read_in_the_readers_language(self):
        self.order.error_message = say("unanswered", order="S1")
        english, german = self.read_in("en_US"), self.read_in("de_DE")
        self.assertIn("No answer from Amazon for S1", english)
        self.assertNotEqual(german, english)
        self.assertIn("S1", german)
        [row] = self.order.with_context(lang="de_DE").read(["error_message"])
        self.assertEqual(row["error_message"], german)
        self.assertEqual(self.order.with_context(lang="de_DE").export_data(["error_message"])["datas"], [[german]])
        self.assertEqual(self.order.sale_id.with_context(lang="de_DE").fba_message, german)
        self.assertEqual(self.order.sale_id.with_context(lang="en_US").fba_message, english)

    def test_sentence_in_a_sentence_is_read_in_the_same_language(self):
        inner = say("rejected", order="S1", reason="InvalidInput: no", remedy=None)
        self.order.error_message = say("maybe_sent", first=inner)
        self.assertIn("Amazon rejected order S1", self.read_in("en_US"))
        self.assertNotIn("rejected", self.read_in("de_DE"))

    def test_text_of_older_versions_and_of_people_stays(self):
        for text in ("Sent 4 times", '{"say": something', '{"a": 1}', "{}"):
            self.order.error_message = text
            self.assertEqual(self.read_in("en_US"), text)

    def test_sentence_of_a_newer_version_shows_its_code(self):
        self.order.error_message = say("of_the_future", order="S1")
        self.assertEqual(self.read_in("en_US"), "of_the_future")

    def test_empty_and_unchanged(self):
        self.order.error_message = False
        self.assertFalse(self.read_in("en_US"))
        self.order.error_message = say("unanswered", order="S1")
        self.env.flush_all()
        self.order.error_message = say("unanswered", order="S1")
        self.assertFalse(self.order._fields["error_message"] in self.env._field_dirty, "nothing to write")

    def test_words_that_are_read_keep_their_sentence(self):
        """Whoever copies a message, or quotes it in another one, copies the sentence and not its words."""
        self.order.error_message = say("unanswered", order="S1")
        copied = self.order.with_context(lang="de_DE").error_message
        self.order.failure_message = copied
        self.assertEqual(self.read_in("en_US", "failure_message"), self.read_in("en_US"))
        self.order.failure_message = say("failed", reason=copied)
        self.assertIn("No answer from Amazon for S1", self.read_in("en_US", "failure_message"))

    def test_sentence_of_another_model_is_kept_with_its_model(self):
        self.afn.fba_available_for_fulfillment = False
        self.order.error_message = self.afn.with_context(lang="de_DE")._fba_reason_closed()
        self.assertIn("Test FBA is not available for fulfillment", self.read_in("en_US"))
        self.order.failure_message = say("failed", reason=self.read_in("de_DE"))
        self.assertIn("is not available for fulfillment", self.read_in("en_US", "failure_message"))

    def test_words_are_plain_text_outside(self):
        """XML-RPC and pickles take no other kind of text."""
        self.order.error_message = say("unanswered", order="S1")
        [row] = self.order.read(["error_message"])
        self.assertIs(type(row["error_message"]), str)
        pickled = pickle.dumps(self.order.error_message)
        self.assertEqual(pickle.loads(pickled), row["error_message"])  # noqa: S301
        self.assertEqual(copy.deepcopy(self.order.error_message), row["error_message"])

    def test_times_are_the_readers(self):
        self.order.error_message = say("waits", wait="queued", order="S1", since="2026-11-29 23:30:00")
        for lang, tz, moment in (
            ("en_US", "America/New_York", "11/29/26, 6:30"),
            ("de_DE", "Europe/Berlin", "30.11.26, 00:30"),
        ):
            self.env.invalidate_all()
            self.assertIn(moment, self.order.with_context(lang=lang, tz=tz).error_message)

    def test_every_sentence_has_words_in_both_languages(self):
        """Each reads whole: no placeholder is left, no word missing."""
        usd = self.env.ref("base.USD").id
        values = {
            "order": "S1", "name": "S1-1-x", "differences": [["postal_code", "1", "2"], ["lines", "1 × A", "2 × A"]],
            "names": ["X"], "count": 4, "account": "Store", "again": True, "task": "push", "region": "na",
            "sources": [["listed", "2026-11-29 10:00:00"]], "code": "too_few", "detail": "A",
            "status": "Complete", "units": "2 × A", "wait": "queued", "since": "2026-11-29 10:00:00", "tried": "",
            "shipment": "D1", "difference": "A: 1 booked, 2 shipped", "delivery": "WH/OUT/1", "lost": [["1", "2", "A"]],
            "can_end": True, "reason": "no", "remedy": "map_sku", "first": "First.", "second": "Second.",
            "operations": ["searchOrders"], "product": "Mug", "products": ["Mug", "Cup"], "company": "Branch",
            "sku": "A", "reference": "A-1", "before": [["Mug", 1.0]], "now": [["Mug", 2.0]], "unit": "Units",
            "warehouse": "FBA US", "notes": [["A", say("uncounted")]], "quantity": 1.5, "free": 1.0, "needed": 2.0,
            "boxed": [["A-6", 6.0]], "packs": [["A-6", 6.0]], "carrier": "Post", "listed": 3, "step": "pulling",
            "item": "Mug", "marketplace": "Amazon.com", "currency": "USD", "parts": [10.0, usd], "total": [11.0, usd],
            "amount": [1.0, usd], "ours": [1.0, usd], "theirs": [2.0, usd], "changes": [["status", "A", "B"]],
            "country": "DE", "market": "Amazon.com", "option": next(iter(FEATURES)), "lines": 100, "goods": "2 × Cup",
            "deliveries": ["D1"], "why": "Rule.", "asin": "B000000000", "known": [["A-6", "Mug", 6.0]],
            "lacking": [["Mug", 1.0, 2.0]], "fee": "USD 5.00", "limit": "USD 4.00", "percent": 5.0, "partner": "Eva",
            "day": "2026-11-20", "own": "EUR", "rate": 1.25, "tax": [1.0, usd], "their_total": [11.0, usd],
            "their_tax": [2.0, usd], "kind": "DISCOUNT",
        }  # fmt: skip
        own = {
            ("fba.sku", "wrong_unit", "before"): "Dozens",
            ("fba.stock.warehouse", "short_list", "before"): 4,
            ("stock.warehouse", "short_list", "before"): 4,
            ("fba.account", "keys_missing", "names"): ["refresh_token", "FBA_X"],
            ("fba.amazon.order", "unusable_skus", "notes"): [["A", say("unshipped")]],
            ("fba.amazon.order", "not_again", "why"): "cancelled",
            ("fba.fulfillment.order", "too_large", "units"): 250,
            ("fba.fulfillment.order", "address_incomplete", "parts"): ["name", "country"],
            ("fba.fulfillment.order", "address_too_long", "parts"): [["street", 60]],
            ("fba.shipment", "difference", "units"): [["A", 1, 2]],
        }
        wordless = {("fba.first.sync", "both"), ("fba.first.sync.line", "both")}  # they join others
        for model in self.env.registry:
            for code, function in getattr(self.env[model], "_sentences", {}).items():
                if code in amazon_sentences.SENTENCES:
                    continue
                names = function.__code__.co_varnames[1 : function.__code__.co_argcount]
                sentence = say(code, **{name: own.get((model, code, name), values.get(name)) for name in names})
                texts = [sentence.in_words(self.env[model].with_context(lang=lang)) for lang in ("en_US", "de_DE")]
                for text in texts:
                    self.assertGreater(len(text), 10, (model, code))
                    self.assertNotIn("%(", text, (model, code))
                    self.assertNotIn("None", text, (model, code))
                if (model, code) not in wordless:
                    self.assertNotEqual(*texts, (model, code))

    def test_every_reason_of_the_gateway_has_words_in_both_languages(self):
        """The same English as the gateway's, and another German, but for Amazon's words and for what joins others."""
        for code, text in reasons.TEXTS.items():
            names = re.findall(r"%\((\w+)\)s", text)
            reason = reasons.because(code, **{name: f"<{name}>" for name in names})
            sentence = amazon_sentences.sentence_of(reason)
            english, german = (sentence.in_words(self.order.with_context(lang=lang)) for lang in ("en_US", "de_DE"))
            self.assertEqual(english, str(reason), code)
            for name in names:
                self.assertIn(f"<{name}>", german, code)
            if code not in (reasons.QUOTE, "invalid", "complaint"):
                self.assertNotEqual(german, english, code)


# Stored texts of ours that are no sentences of ours: whose words they are.
NAMES, AMAZONS, CODES, DIALOG = "a person's own", "Amazon's", "no words for people", "the dialog's only reader's"
PLAIN_TEXTS = {
    NAMES: """
        fba.account.name fba.account.graded_return_reference fba.account.comment fba.account.notification_emails
        fba.account.api_endpoint fba.account.lwa_endpoint fba.account.keys_prefix fba.carrier.name
        fba.carrier.aliases fba.carrier.number_prefixes fba.carrier.tracking_url fba.fulfillment.order.comment
        fba.fulfillment.order.notification_emails fba.marketplace.name fba.sku.seller_sku
    """,
    AMAZONS: """
        fba.amazon.order.amazon_order_id fba.amazon.order.amazon_status fba.amazon.order.awaited
        fba.amazon.order.missing_sku
        fba.backfill.month.channel fba.reported.item.amazon_order_id fba.reported.item.cells fba.reported.item.channel
        fba.first.sync.line.seller_skus fba.fulfillment.order.amazon_status fba.fulfillment.order.error_code
        fba.fulfillment.order.line.seller_sku fba.package.carrier_code fba.package.tracking_number
        fba.preview.fee.name fba.preview.reasons fba.return.item.amazon_reason
        fba.return.item.amazon_return_id fba.return.item.amazon_shipment_id fba.return.item.comment
        fba.return.item.condition fba.return.item.reason fba.return.item.status
        fba.shipment.amazon_shipment_id fba.shipment.status fba.shipped.item.amazon_shipment_id
        fba.shipped.item.carrier_code fba.shipped.item.seller_sku fba.shipped.item.shipment_item_id
        fba.shipped.item.tracking_number fba.sku.amazon_name fba.sku.asin fba.sku.condition fba.sku.fnsku
        fba.stock.amazon_name fba.stock.asin fba.stock.missing_sku fba.stock.seller_sku sale.order.amazon_order_id
    """,
    CODES: """
        fba.account.import_page_token fba.account.keys.lwa_client_id fba.account.keys.lwa_client_secret
        fba.account.keys.refresh_token fba.account.pull_page_token fba.account.refused_task
        fba.account.sweep_page_token fba.account.test_order_name fba.account.tracking_report_id
        fba.amazon.order.booked_name fba.amazon.order.content_key fba.backfill.fetched_until
        fba.backfill.page_token fba.backfill.report_id fba.carrier.code fba.reported.item.row_key
        fba.fulfillment.order.contents fba.fulfillment.order.name
        fba.fulfillment.order.previewed_for fba.fulfillment.order.queued_terms fba.marketplace.code
        fba.marketplace.marketplace_id fba.sighting.destination_key fba.sighting.order_name
        fba.call.count.operation fba.usage.plan.operation fba.usage.plan.seller res.partner.fba_buyer_key
    """,
    DIALOG: """
        fba.sku.map.wizard.count_error fba.sku.map.wizard.suggestion.reason fba.source.wizard.line.words
        fba.submit.wizard.skipped.reason
    """,
}


@tagged("post_install", "-at_install")
class TestStoredTexts(FbaCase):
    def test_every_stored_text_for_people_is_a_sentence(self):
        """A text that code fills in one language is another reader's foreign language."""
        plain = {
            f"{model}.{field.name}"
            for model in self.env.registry
            if not self.env[model]._abstract
            for field in self.env[model]._fields.values()
            if field.store and field.type in ("char", "text", "html") and "fba_connector" in field._modules
            if not isinstance(field, SentenceField) and field.name != "display_name"
        }
        listed = [name for names in PLAIN_TEXTS.values() for name in names.split()]
        self.assertEqual(plain, set(listed))
        self.assertEqual(len(listed), len(set(listed)))

    def test_every_sentence_field_knows_its_sentences(self):
        for model in self.env.registry:
            for field in self.env[model]._fields.values():
                if isinstance(field, SentenceField):
                    self.assertIsInstance(getattr(self.env[model], "_sentences", None), dict, field)


@tagged("post_install", "-at_install")
class TestLanguages(FbaCase):
    """A German salesperson, a German administrator and an English colleague look at the same records."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.env["ir.module.module"].search([("name", "=", "fba_connector")])._update_translations(["de_DE"])
        german = {"lang": "de_DE", "tz": "Europe/Berlin"}
        groups = "fba_connector.group_fba_user,sales_team.group_sale_salesman_all_leads"
        cls.german = new_test_user(cls.env, "words_german", groups=groups, **german)
        cls.english = new_test_user(cls.env, "words_english", groups=groups, lang="en_US", tz="America/New_York")
        people = people_in_charge(cls.env, cls.env.company, "fba_connector.group_fba_manager")
        people.write(german)
        cls.env.ref("base.user_root").lang = "en_US"  # what scheduled actions run as

    def notes(self, order, name):
        return " ".join(html2plaintext(note) for note in self.activities(order, name).mapped("note"))

    def chatter(self, record):
        return " ".join(html2plaintext(body) for body in record.message_ids.mapped("body"))

    def test_refused_order_reads_german_to_germans_and_english_to_others(self):
        fulfillment = self.queued(user_id=self.german.id)
        self.fault("createFulfillmentOrder", "status", status=400)
        self.push()
        self.assertEqual(fulfillment.state, "exception")
        english = fulfillment.with_user(self.english).with_context(lang="en_US").error_message
        german = fulfillment.with_user(self.german).with_context(lang="de_DE").error_message
        self.assertIn("Amazon rejected order", english)
        self.assertIn("abgelehnt", german)
        self.assertIn(german, self.notes(fulfillment.sale_id, "exception"))
        self.assertIn(german, self.chatter(fulfillment))
        [activity] = self.activities(fulfillment.sale_id, "exception")
        kind = activity.activity_type_id
        self.assertEqual(activity.summary, kind.with_context(lang="de_DE").name)
        self.assertNotEqual(activity.summary, kind.with_context(lang="en_US").name)

    def test_chatter_of_jobs_is_the_salespersons(self):
        order = self.sourced({self.product_a: 4}, user_id=self.german.id)
        fulfillment = order.fba_fulfillment_order_ids
        fulfillment.with_user(self.english).action_submit()
        self.push()
        order.with_user(self.english).action_cancel()
        self.assertIn("Odoo fragt die Stornierung", self.chatter(order))  # pressed by an English colleague
        self.push()
        self.pull()
        self.assertEqual(order.state, "cancel")

    def test_warnings_of_time_are_the_salespersons(self):
        fulfillment = self.sent({self.product_a: 2}, user_id=self.german.id, commitment_date="2026-11-01 23:30:00")
        self.pull()
        self.assertIn("02.11.2026", self.notes(fulfillment.sale_id, "delay"))
        self.assertNotIn("promised", self.notes(fulfillment.sale_id, "delay"))

    def test_inbox_speaks_to_each_reader(self):
        [row] = stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="12.00"))
        row._process()
        self.assertEqual(row.state, "error")
        texts = {lang: row.with_context(lang=lang).error_message for lang in ("en_US", "de_DE")}
        self.assertIn(
            "The amounts add up to $ 10.00", texts["en_US"].replace("\N{NO-BREAK SPACE}", " ").replace("$10", "$ 10")
        )
        self.assertIn("Seller Central", texts["de_DE"])
        self.assertNotIn("add up", texts["de_DE"])

    def test_unknown_sku_speaks_to_each_reader(self):
        [row] = stage(self.account, sold_order({"sku": "NOBODY", "ITEM": "10.00"}, total="10.00"))
        row.with_context(lang="de_DE")._process()
        self.assertIn("No product has the internal reference NOBODY", row.with_context(lang="en_US").error_message)
        self.assertNotIn("No product", row.with_context(lang="de_DE").error_message)

    def test_change_after_import_keeps_its_sentence(self):
        """Also when the row is processed again in another language."""
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00")
        [row] = stage(self.account, order)
        row._process()
        row.sale_id.user_id = self.german
        for status in ("CANCELLED", "CANCELLED"):
            order["fulfillment"]["fulfillmentStatus"] = status
            stage(self.account, order)
            row.is_due, row.payload = True, order
            row.with_context(lang="de_DE")._process()
        self.assertIn("Amazon changed order", row.with_context(lang="en_US").error_message)
        self.assertIn("SHIPPED → CANCELLED", self.notes(row.sale_id, "change"))
        self.assertNotIn("changed order", self.notes(row.sale_id, "change"))

    def test_reason_of_automation_speaks_to_each_reader(self):
        self.account.auto_source = "always"
        order = self.sell({self.product_a: 99}).with_user(self.english).with_context(lang="en_US")
        order.action_confirm()
        line = order.order_line
        self.assertIn("10 free at Amazon, 99 needed", line.fba_sourcing_note)
        german = line.with_user(self.german).with_context(lang="de_DE").fba_sourcing_note
        self.assertNotIn("needed", german)
        self.assertIn("99", german)

    def test_missing_key_speaks_to_each_reader(self):
        self.account.sudo().refresh_token = False
        self.push()
        self.assertIn("Not filled in: Refresh Token", self.account.with_context(lang="en_US").connection_message)
        self.assertNotIn("Not filled in", self.account.with_context(lang="de_DE").connection_message)
        notes = self.notes(self.account, "keys")
        self.assertNotIn("Not filled in", notes)

    def test_odoos_own_error_is_in_the_language_of_who_is_in_charge(self):
        """It cannot be put into other words later: the job runs in the language of the account's administrator."""
        stage(self.account, sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00"))
        seen = []
        inbox = type(self.env["fba.amazon.order"])
        with patch.object(inbox, "_process", lambda rows: seen.append(rows.env.lang)):
            self.run_job("import_amazon_orders")
        self.assertEqual(seen, ["de_DE"])

    # === WHAT THE GATEWAY SAYS === #

    def read_by_both(self, record, name):
        """(English, German) of a stored sentence, each as the colleague of that language reads it."""
        self.env.flush_all()
        self.env.invalidate_all()
        readers = (self.english, "en_US"), (self.german, "de_DE")
        return tuple(record.with_user(user).with_context(lang=lang)[name] for user, lang in readers)

    def test_order_that_is_not_sent_says_why_to_each_reader(self):
        """Each of the complaints, and the part that it is about."""
        fulfillment = self.queued(user_id=self.german.id)
        fulfillment.partner_shipping_id.write({"street": "1 Main\x07 Street", "street2": "a\x07b"})
        self.push()
        self.assertEqual((fulfillment.state, fulfillment.error_code), ("exception", "Incomplete"))
        english, german = self.read_by_both(fulfillment, "error_message")
        self.assertIn("the street contains the character U+0007, which cannot be printed", english)
        self.assertIn("; the second line of the street contains", english)
        self.assertIn("die Straße enthält das Zeichen U+0007, das nicht gedruckt werden kann", german)
        self.assertIn("; die zweite Zeile der Straße enthält", german)
        self.assertIn("(destinationAddress.addressLine1)", german)
        self.assertIn(german, self.notes(fulfillment.sale_id, "exception"))

    def test_order_that_waits_for_amazon_says_why_to_each_reader(self):
        fulfillment = self.queued(user_id=self.german.id)
        self.fault("createFulfillmentOrder", "status", status=403)
        self.fault("createFulfillmentOrder", "status", status=403)
        self.push()
        self.assertEqual(fulfillment.state, "queued")
        english, german = self.read_by_both(fulfillment, "error_message")
        self.assertIn("Amazon refuses access to this record (", english)
        self.assertIn("Amazon verweigert den Zugriff auf diesen Datensatz (", german)

    def test_connection_that_fails_says_why_to_each_reader(self):
        self.fault("listAllFulfillmentOrders", "status", status=500)
        self.pull()
        english, german = self.read_by_both(self.account, "connection_message")
        self.assertIn("(Amazon failed (HTTP 500))", english)
        self.assertIn("(Bei Amazon ist ein Fehler aufgetreten (HTTP 500))", german)

    def test_keys_that_are_refused_say_why_to_each_reader(self):
        self.account.sudo().refresh_token = "wrong"
        self.pull()
        self.assertEqual(self.account.connection_state, "refused")
        english, german = self.read_by_both(self.account, "connection_message")
        self.assertIn("(invalid_grant: the authorization was revoked or has expired)", english)
        self.assertIn("(invalid_grant: Die Autorisierung wurde widerrufen oder ist abgelaufen)", german)
        self.assertIn(german, self.notes(self.account, "keys"))

    def test_unreadable_order_says_why_to_each_reader(self):
        order = sold_order({"sku": "A", "ITEM": "10.00"}, total="10.00")
        del order["orderItems"][0]["quantityOrdered"]
        [row] = stage(self.account, order)
        row._process()
        self.assertEqual(row.state, "error")
        english, german = self.read_by_both(row, "error_message")
        place = "orderItems[0].quantityOrdered"
        self.assertEqual(english, f"Amazon's answer cannot be used: {place} is missing")
        self.assertEqual(german, f"Amazons Antwort ist unbrauchbar: {place} fehlt")

    def test_preview_that_fails_says_why_to_each_reader(self):
        fulfillment = self.sourced({self.product_a: 1}).fba_fulfillment_order_ids
        self.fault("getFulfillmentPreview", "html")
        fulfillment.with_user(self.german).with_context(lang="de_DE").action_preview()
        english, german = self.read_by_both(fulfillment, "preview_error")
        self.assertIn("Amazon's answer cannot be read", english)
        self.assertIn("Amazons Antwort ist nicht lesbar", german)

    def test_button_answers_in_the_language_of_who_pressed_it(self):
        fulfillment = self.sent({self.product_a: 1})
        for user, lang, words in (
            (self.english, "en_US", "Amazon failed (HTTP 500)"),
            (self.german, "de_DE", "Bei Amazon ist ein Fehler aufgetreten (HTTP 500)"),
        ):
            self.fault("getFulfillmentOrder", "status", status=500)
            with self.assertRaisesRegex(UserError, re.escape(words)):
                fulfillment.with_user(user).with_context(lang=lang).action_refresh()

    def test_amazons_own_words_stay_amazons(self):
        fulfillment = self.queued(user_id=self.german.id)
        self.fault("createFulfillmentOrder", "status", status=400)
        self.push()
        english, german = self.read_by_both(fulfillment, "error_message")
        [words] = re.findall(r"InvalidInput: [^.]*", english)
        self.assertIn(words, german)
