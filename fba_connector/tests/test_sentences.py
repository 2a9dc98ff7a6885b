"""Stored sentences: a code with values, read in each reader's language; plain text stays as it is."""

from odoo.tests import tagged

from ..models.shared.sentence import say
from .common import FbaCase


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

    def test_every_sentence_has_words_in_both_languages(self):
        """Each reads whole: no placeholder is left, no word missing."""
        values = {
            "order": "S1", "name": "S1-1-x", "differences": [["postal_code", "1", "2"], ["lines", "1 × A", "2 × A"]],
            "names": ["X"], "count": 4,
            "sources": [["listed", "2026-11-29 10:00:00"]], "code": "too_few", "detail": "A",
            "status": "Complete", "units": "2 × A", "wait": "queued", "since": "2026-11-29 10:00:00", "tried": "",
            "shipment": "D1", "difference": "A: 1 booked, 2 shipped", "delivery": "WH/OUT/1", "lost": [["1", "2", "A"]],
            "can_end": True, "reason": "no", "remedy": "map_sku", "first": "First.",
        }  # fmt: skip
        for code, sentence in self.order._sentences.items():
            names = sentence.__code__.co_varnames[1 : sentence.__code__.co_argcount]
            stored = say(code, **{name: values[name] for name in names})
            self.order.error_message = stored
            for lang in ("en_US", "de_DE"):
                text = self.read_in(lang)
                self.assertGreater(len(text), 20, code)
                self.assertNotIn("%(", text)
