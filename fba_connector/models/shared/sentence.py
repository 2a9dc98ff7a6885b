"""Stored sentences: a code with parameters, put into words in the reader's language."""

import json
from dataclasses import dataclass, field, replace

from odoo import fields
from odoo.tools import format_date, format_datetime

WITHOUT_WAY_ON = "fba_without_way_on"  # context: whoever reads the sentences is on that way already
_MARK = '{"say": '  # begins a stored sentence; anything else is plain text


@dataclass(frozen=True)
class Sentence:
    """The sentence `code` of the model `by` (its `_sentences`; empty: of the model that stores it).

    `values`: JSON, or sentences.
    """

    code: str
    values: dict = field(default_factory=dict)
    by: str = ""

    def in_words(self, record):
        """The words in the language of `record`'s environment."""
        teller = record.env[self.by] if self.by else record
        say = teller._sentences[self.code]
        if getattr(say, "gives_way_on", False):
            teller = teller.with_context(**{WITHOUT_WAY_ON: True})
        values = {name: in_words(teller, value) for name, value in self.values.items()}
        return say(record.env, **values)

    def stored(self):
        return json.dumps(_as_json(self))


class Words(str):
    """A sentence in words. It may be shown, raised or stored as any text; a SentenceField keeps the sentence."""

    sentence = None

    @classmethod
    def of(cls, sentence, record):
        words = cls(sentence.in_words(record))
        words.sentence = replace(sentence, by=sentence.by or record._name)
        return words


def way_on(env, reason, way):
    """`reason`, followed by the `way` on, unless the reader is on it already."""
    return reason if env.context.get(WITHOUT_WAY_ON) else f"{reason} {way}"


def gives_way_on(say):
    """Marks the function of a sentence that ends with the way on: its reasons do without theirs."""
    say.gives_way_on = True
    return say


def moment(env, at):
    """A stored time (naive UTC, or its text) as the reader writes it, in the reader's time zone."""
    return format_datetime(env, fields.Datetime.to_datetime(at), tz=env.context.get("tz"), dt_format="short")


def day(env, at):
    """The day of a stored time (naive UTC, or its text) in the reader's time zone."""
    return format_date(env, fields.Datetime.to_datetime(at))


def say(code, /, **values):
    return Sentence(code, {name: _sentences_for_words(value) for name, value in values.items()})


def words(record, code, /, **values):
    """The sentence `code` of `record`'s model, as Words in the language of its environment."""
    return Words.of(say(code, **values), record)


def in_words(record, message):
    """`message` in the language of `record`'s environment: a Sentence, Words or function(env); all else as it is."""
    if isinstance(message, Words) and message.sentence:
        message = message.sentence
    if isinstance(message, Sentence):
        return message.in_words(record)
    if isinstance(message, list):
        return [in_words(record, value) for value in message]
    return message(record.env) if callable(message) else message


def _sentences_for_words(value):
    """`value` with sentences in place of their words."""
    if isinstance(value, (list, tuple)):
        return [_sentences_for_words(it) for it in value]
    return getattr(value, "sentence", None) or value


def _as_json(value):
    if isinstance(value, Sentence):
        values = {name: _as_json(it) for name, it in value.values.items()}
        return {"say": value.code, "of": values, **({"by": value.by} if value.by else {})}
    return [_as_json(it) for it in value] if isinstance(value, list) else value


def _read(stored):
    """For json: the objects that are sentences."""
    if stored.keys() - {"by"} == {"say", "of"}:
        return Sentence(stored["say"], stored["of"], stored.get("by", ""))
    return stored


class SentenceField(fields.Char):
    """Text for people. Holds a Sentence or plain text; read as text in the reader's language.

    The model has `_sentences`: {code: function(env, **values) -> text}. Searching finds plain text only.
    """

    def convert_to_cache(self, value, record, validate=True):
        value = _sentences_for_words(value)
        if isinstance(value, Sentence):
            own = value.by == record._name
            value = (replace(value, by="") if own else value).stored()
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
            return Words.of(sentence, record)
        except (AttributeError, KeyError, TypeError):  # a newer version's code or values
            return sentence.code

    def convert_to_read(self, value, record, use_display_name=True):
        text = super().convert_to_read(value, record, use_display_name)
        return str(text) if text else text  # XML-RPC knows no subclasses
