"""Stored sentences: a code with parameters, put into words in the reader's language."""

import json
from dataclasses import dataclass, field

from odoo import fields

_MARK = '{"say": '  # begins a stored sentence; anything else is plain text


@dataclass(frozen=True)
class Sentence:
    """The sentence `code` of the model that stores it (`_sentences`); `values` (JSON) are its parameters."""

    code: str
    values: dict = field(default_factory=dict)

    def in_words(self, record):
        """The words in the language of `record`'s environment."""
        return record._sentences[self.code](record.env, **self.values)

    def stored(self):
        return json.dumps({"say": self.code, "of": self.values})


def say(code, /, **values):
    return Sentence(code, values)


def in_words(record, message):
    """`message` (a Sentence, or a text as it is) in the language of `record`'s environment."""
    return message.in_words(record) if isinstance(message, Sentence) else message


class SentenceField(fields.Char):
    """Text for people. Holds a Sentence or plain text; read as text in the reader's language.

    The model has `_sentences`: {code: function(env, **values) -> text}. Searching finds plain text only.
    """

    def convert_to_cache(self, value, record, validate=True):
        if isinstance(value, Sentence):
            value = value.stored()
        return super().convert_to_cache(value, record, validate)

    def convert_to_record(self, value, record):
        text = super().convert_to_record(value, record)
        if not text or not text.startswith(_MARK):
            return text
        stored = json.loads(text)
        if stored["say"] not in record._sentences:  # of a newer version of the add-on
            return stored["say"]
        return Sentence(stored["say"], stored["of"]).in_words(record)
