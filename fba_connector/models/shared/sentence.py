"""Stored sentences: a code with parameters, put into words in the reader's language."""

import json
from dataclasses import dataclass, field

from odoo import fields

_MARK = '{"say": '  # begins a stored sentence; anything else is plain text


@dataclass(frozen=True)
class Sentence:
    """The sentence `code` of the model that stores it (`_sentences`); `values`, JSON or sentences."""

    code: str
    values: dict = field(default_factory=dict)

    def in_words(self, record):
        """The words in the language of `record`'s environment."""
        values = {name: in_words(record, value) for name, value in self.values.items()}
        return record._sentences[self.code](record.env, **values)

    def stored(self):
        return json.dumps({"say": self.code, "of": self.values}, default=lambda inner: json.loads(inner.stored()))


def say(code, /, **values):
    return Sentence(code, values)


def in_words(record, message):
    """`message` in the language of `record`'s environment; what is no Sentence stays as it is."""
    return message.in_words(record) if isinstance(message, Sentence) else message


def _read(stored):
    """For json: the objects that are sentences."""
    return Sentence(stored["say"], stored["of"]) if stored.keys() == {"say", "of"} else stored


class SentenceField(fields.Char):
    """Text for people. Holds a Sentence or plain text; read as text in the reader's language.

    The model has `_sentences`: {code: function(env, **values) -> text}. Searching finds plain text only.
    """

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, Sentence):
            value = value.stored()
        return super().convert_to_cache(value, record, validate)

    def _description_groupable(self, env):
        return False  # groups would show what is stored

    def convert_to_record(self, value, record):
        text = super().convert_to_record(value, record)
        if not text or not text.startswith(_MARK):
            return text
        try:
            sentence = json.loads(text, object_hook=_read)
        except ValueError:  # somebody's text that begins like a sentence
            return text
        if not isinstance(sentence, Sentence):
            return text
        try:
            return sentence.in_words(record)
        except (KeyError, TypeError):  # a newer version's code or values
            return sentence.code
