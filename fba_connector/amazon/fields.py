"""Reads typed fields from Amazon's JSON, and names the one that is missing or unusable."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeVar

from .errors import Malformed
from .money import Money
from .reasons import because
from .spelling import spelt
from .values import LONGEST_NUMBER, is_blank, object_of, text_of, utc_datetime, whole_number

_logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Value = TypeVar("Value")

# What of Amazon's news was logged already: (kind, where, what). Names from outside, so not without end.
_logged: set[tuple[str, str, str]] = set()
_MOST_TOLD = 1000

# JSON's numbers, as Amazon writes amounts in texts; Decimal alone would also take blanks, underscores and NaN.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_FLAGS = {"true": True, "false": False}
_DIGITS_BEFORE, _DIGITS_AFTER = 15, 30

_INTEGERS = range(-(2**31), 2**31)  # what a column of Odoo holds
MOST_UNITS = 100_000_000
"""Of one quantity: the sum of some of them is still an integer that a column holds."""

LONGEST = 600
"""Characters of a text: in any script it fits in an index of PostgreSQL (2704 bytes)."""
LONGEST_PROSE = 20_000
"""Of what is shown or given back and never looked up: titles, comments, addresses of pages, page tokens."""


def _log_once(kind: str, where: str, what: str) -> None:
    """Amazon uses values and keys before it publishes them: no harm, but somebody should know. Names only, no data."""
    word = what if re.fullmatch(r"[\w.-]{1,60}", what, re.ASCII) else "(not a word)"
    news = (kind, re.sub(r"\[\d+\]", "[]", where), word)
    if news not in _logged and len(_logged) < _MOST_TOLD:
        _logged.add(news)
        _logger.warning("Amazon sends an unknown %s: %s %s", *news)


def unusable(operation: str, path: str, problem: str, **values: int) -> Malformed:
    """The error for a `problem` (a code of reasons.TEXTS, with its values) of the part of an answer at `path`."""
    reason = because("unusable", problem=because(problem, part=path, **values))
    return Malformed(reason, operation=operation, code=path)


class Fields:
    """A JSON object at a known place. JSON's null and an absent key are the same.

    `known` are the keys Amazon's model has here: any other is left alone, and logged once. The plain methods raise
    Malformed where the field is absent, those with `optional_` return None; both raise it where the field is there but
    cannot be what it should, or is larger than a record can hold. `longest` is in characters.

    What comes in another type than the model's is read where it can mean one thing only: numbers and flags as text,
    a number for a text, one object for a list, a list of one for an object.
    """

    def __init__(self, value: Any, operation: str, path: str = "", known: Collection[str] = ()) -> None:
        self.operation = operation
        self.path = path
        found = object_of(value)
        if found is None:
            raise self._malformed(path or "answer", "no_object")
        self.json: dict[str, Any] = found
        if known:
            for key in found.keys() - set(known):
                _log_once("field", f"{operation} {path}".rstrip(), key)

    def text(self, key: str, *, longest: int = LONGEST) -> str:
        value = self._required(key, self._get_text(key, longest))
        if not value:
            raise self._malformed(self._at(key), "empty")
        return value

    def optional_text(self, key: str, *, longest: int = LONGEST) -> str | None:
        return self._get_text(key, longest) or None

    def choice(self, key: str, known: Collection[str]) -> str:
        """One of `known`, as that spells it; any other text is kept as it came, and logged once."""
        value = self.text(key)
        found = spelt(value, known)
        if found is None:
            _log_once("value", f"{self.operation} {self._at(key)}", value)
        return found or value

    def optional_choice(self, key: str, known: Collection[str]) -> str | None:
        return self.choice(key, known) if self.optional_text(key) else None

    @staticmethod
    def if_readable(read: Callable[[str], Value | None], key: str) -> Value | None:
        """`read(key)`, one of the methods here; None also where it cannot be read."""
        try:
            return read(key)
        except Malformed:
            return None

    def flag(self, key: str) -> bool:
        return self._required(key, self.optional_flag(key))

    def optional_flag(self, key: str) -> bool | None:
        value = self._scalar(key)
        if isinstance(value, str):
            value = _FLAGS.get(value.strip().lower(), value)
        if value is not None and not isinstance(value, bool):
            raise self._malformed(self._at(key), "wrong_type")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent is the same as empty."""
        value = self.json.get(key)
        values = value if isinstance(value, list) else [] if value == {} or is_blank(value) else [value]
        texts = [text_of(value) for value in values if value is not None]
        if None in texts:
            raise self._malformed(self._at(key), "no_texts")
        return tuple(self._not_longer(key, text, LONGEST) for text in texts if text is not None)

    def integer(self, key: str) -> int:
        return self._required(key, self.optional_integer(key))

    def optional_integer(self, key: str) -> int | None:
        value = self._scalar(key)
        number = whole_number(value)
        if value is not None and number is None:
            raise self._malformed(self._at(key), "wrong_type")
        return None if number is None else self._storable(key, number)

    def quantity(self, key: str) -> int:
        return self._units(key, self.integer(key))

    def optional_quantity(self, key: str) -> int | None:
        value = self.optional_integer(key)
        return None if value is None else self._units(key, value)

    def moment(self, key: str) -> datetime:
        return self._moment(key, self.text(key))

    def optional_moment(self, key: str) -> datetime | None:
        text = (self.optional_text(key) or "").strip()
        return self._moment(key, text) if text else None

    def decimal(self, key: str) -> Decimal:
        """A number; Amazon writes amounts as text, and JSON's fractions reach us as text too (see transport.py)."""
        text = self.text(key).strip()
        if len(text) > LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise self._malformed(self._at(key), "no_number")
        value = Decimal(text)
        exponent = value.as_tuple().exponent
        if value.adjusted() >= _DIGITS_BEFORE or (isinstance(exponent, int) and exponent < -_DIGITS_AFTER):
            raise self._malformed(self._at(key), "no_amount")
        return value

    def money(self, amount: str = "amount") -> Money:
        """This object as money. Amazon calls the number `amount` in some of its APIs and `value` in others."""
        return Money(self.decimal(amount), self.text("currencyCode"))

    def child(self, key: str, known: Collection[str] = ()) -> Fields:
        return self._required(key, self.optional_child(key, known))

    def optional_child(self, key: str, known: Collection[str] = ()) -> Fields | None:
        value = self.json.get(key)
        return None if value in (None, []) or is_blank(value) else Fields(value, self.operation, self._at(key), known)

    def children(self, key: str, known: Collection[str] = ()) -> Iterator[Fields]:
        return self._children(key, self._required(key, self._get_list(key)), known)

    def optional_children(self, key: str, known: Collection[str] = ()) -> Iterator[Fields]:
        return self._children(key, self._get_list(key) or [], known)

    def is_null(self, key: str) -> bool:
        """Whether the key is there without a value: Amazon's way, at times, to write an empty list."""
        return key in self.json and self.json[key] is None

    def readable_children(
        self, key: str, read: Callable[[Fields], Row], known: Collection[str] = (), *, optional: bool = False
    ) -> list[Row]:
        """`read` of each child; one that cannot be read is logged and left out, so that it keeps no other from us."""
        found = self._get_list(key)
        values = (found or []) if optional else self._required(key, found)
        rows = []
        for i, value in enumerate(values):
            try:
                rows.append(read(Fields(value, self.operation, f"{self._at(key)}[{i}]", known)))
            except Malformed as error:
                _logger.warning("Left out of Amazon's list: %s", error)  # names only, no data
        return rows

    def _children(self, key: str, values: list[Any], known: Collection[str]) -> Iterator[Fields]:
        return (Fields(value, self.operation, f"{self._at(key)}[{i}]", known) for i, value in enumerate(values))

    def _get_text(self, key: str, longest: int) -> str | None:
        value = self._scalar(key, blank=True)
        text = text_of(value)
        if value is not None and text is None:
            raise self._malformed(self._at(key), "wrong_type")
        return None if text is None else self._not_longer(key, text, longest)

    def _scalar(self, key: str, *, blank: bool = False) -> Any:
        """What is neither object nor list: where one of them is empty it says no more than null, as a blank text does.

        `blank`: a blank text says something.
        """
        value = self.json.get(key)
        return None if value in ({}, []) or (not blank and is_blank(value)) else value

    def _get_list(self, key: str) -> list[Any] | None:
        value = self.json.get(key)
        if value in (None, {}) or is_blank(value):
            return None
        if isinstance(value, dict):
            return [value]
        if not isinstance(value, list):
            raise self._malformed(self._at(key), "wrong_type")
        return value

    def _required(self, key: str, value: Value | None) -> Value:
        if value is None:
            raise self._malformed(self._at(key), "missing")
        return value

    def _not_longer(self, key: str, text: str, longest: int) -> str:
        if len(text) > longest:
            raise self._malformed(self._at(key), "too_long", length=len(text))
        return text

    def _storable(self, key: str, value: int) -> int:
        if value not in _INTEGERS:
            raise self._malformed(self._at(key), "too_large")
        return value

    def _units(self, key: str, value: int) -> int:
        if value < 0:
            raise self._malformed(self._at(key), "negative")
        if value > MOST_UNITS:
            raise self._malformed(self._at(key), "too_large")
        return value

    def _moment(self, key: str, text: str) -> datetime:
        try:
            return utc_datetime(text.strip())
        except (ValueError, OverflowError):
            raise self._malformed(self._at(key), "no_timestamp") from None

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _malformed(self, path: str, problem: str, **values: int) -> Malformed:
        return unusable(self.operation, path, problem, **values)
