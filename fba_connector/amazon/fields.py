"""Reads typed fields from Amazon's JSON, and names the one that is missing or unusable."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timezone
from decimal import Decimal
from typing import Any, TypeVar

from .errors import Malformed
from .money import Money
from .spelling import spelt

_logger = logging.getLogger(__name__)

Row = TypeVar("Row")
Value = TypeVar("Value")

# What of Amazon's news was logged already: (kind, where, what). Names from outside, so not without end.
_logged: set[tuple[str, str, str]] = set()
_MOST_TOLD = 1000

# ISO 8601 as Amazon writes it. Python 3.10's fromisoformat() knows neither "Z" nor "+0000", and 3 or 6 digits only.
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?", re.ASCII)

# A year of room on either side: whoever adds a day, or tells a moment in a time zone, stays inside the calendar.
_YEARS = range(1900, 9999)

# JSON's numbers, as Amazon writes amounts in texts; Decimal alone would also take blanks, underscores and NaN.
_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
_LONGEST_NUMBER = 60
_DIGITS_BEFORE, _DIGITS_AFTER = 15, 30

_INTEGERS = range(-(2**31), 2**31)  # what a column of Odoo holds
_MOST_UNITS = 100_000_000  # so that the sum of some of them is still such an integer

LONGEST = 600
"""Characters of a text: in any script it fits in an index of PostgreSQL (2704 bytes)."""
LONGEST_PROSE = 20_000
"""Of what is shown or given back and never looked up: titles, comments, addresses of pages, page tokens."""


def utc_text(moment: datetime) -> str:
    """Write an aware datetime as Amazon reads it: in UTC, whole seconds (rounded down), with Z."""
    if moment.tzinfo is None:
        raise ValueError("a datetime for Amazon needs a time zone")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_datetime(text: str) -> datetime:
    """Read Amazon's timestamp; one without an offset is UTC. Raises ValueError."""
    match = _TIMESTAMP.fullmatch(text) if len(text) <= _LONGEST_NUMBER else None
    if not match:
        raise ValueError("not a timestamp")
    minutes, seconds, fraction, offset = match.groups()
    offset = "+00:00" if offset in (None, "Z") else f"{offset[:3]}:{offset[-2:]}"
    moment = datetime.fromisoformat(f"{minutes}{seconds or ':00'}.{(fraction or '')[:6]:0<6}{offset}")
    if moment.year not in _YEARS:
        raise ValueError("not a year that anybody calculates with")
    return moment.astimezone(timezone.utc)


def _log_once(kind: str, where: str, what: str) -> None:
    """Amazon uses values and keys before it publishes them: no harm, but somebody should know. Names only, no data."""
    word = what if re.fullmatch(r"[\w.-]{1,60}", what, re.ASCII) else "(not a word)"
    news = (kind, re.sub(r"\[\d+\]", "[]", where), word)
    if news not in _logged and len(_logged) < _MOST_TOLD:
        _logged.add(news)
        _logger.warning("Amazon sends an unknown %s: %s %s", *news)


class Fields:
    """A JSON object at a known place. JSON's null and an absent key are the same.

    `known` are the keys Amazon's model has here: any other is left alone, and logged once. The plain methods raise
    Malformed where the field is absent, those with `optional_` return None; both raise it where the field is there but
    cannot be what it should, or is larger than a record can hold. `longest` is in characters.
    """

    def __init__(self, value: Any, operation: str, path: str = "", known: Collection[str] = ()) -> None:
        self.operation = operation
        self.path = path
        if not isinstance(value, dict):
            raise self._malformed(path or "answer", "is not an object")
        self.json: dict[str, Any] = value
        if known:
            for key in value.keys() - set(known):
                _log_once("field", f"{operation} {path}".rstrip(), key)

    def text(self, key: str, *, longest: int = LONGEST) -> str:
        value = self._not_longer(key, self._required(key, str), longest)
        if not value:
            raise self._malformed(self._at(key), "is empty")
        return value

    def optional_text(self, key: str, *, longest: int = LONGEST) -> str | None:
        return self._not_longer(key, self._get(key, str) or "", longest) or None

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
        value = self.json.get(key)
        if not isinstance(value, bool):
            raise self._malformed(self._at(key), "is missing" if value is None else "has the wrong type")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; absent is the same as empty."""
        values = self._get(key, list) or []
        if not all(isinstance(value, str) for value in values):
            raise self._malformed(self._at(key), "is not a list of texts")
        return tuple(self._not_longer(key, value, LONGEST) for value in values)

    def integer(self, key: str) -> int:
        return self._storable(key, self._required(key, int))

    def optional_integer(self, key: str) -> int | None:
        value = self._get(key, int)
        return None if value is None else self._storable(key, value)

    def quantity(self, key: str) -> int:
        return self._units(key, self.integer(key))

    def optional_quantity(self, key: str) -> int | None:
        value = self.optional_integer(key)
        return None if value is None else self._units(key, value)

    def moment(self, key: str) -> datetime:
        return self._moment(key, self.text(key))

    def optional_moment(self, key: str) -> datetime | None:
        text = self.optional_text(key)
        return self._moment(key, text) if text else None

    def decimal(self, key: str) -> Decimal:
        """A number; Amazon writes amounts as text, and JSON's fractions reach us as text too (see transport.py)."""
        text = str(self._required(key, (str, int)))
        if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text):
            raise self._malformed(self._at(key), "is not a number")
        value = Decimal(text)
        exponent = value.as_tuple().exponent
        if value.adjusted() >= _DIGITS_BEFORE or (isinstance(exponent, int) and exponent < -_DIGITS_AFTER):
            raise self._malformed(self._at(key), "is not a number that can be an amount")
        return value

    def money(self, amount: str = "amount") -> Money:
        """This object as money. Amazon calls the number `amount` in some of its APIs and `value` in others."""
        return Money(self.decimal(amount), self.text("currencyCode"))

    def child(self, key: str, known: Collection[str] = ()) -> Fields:
        return Fields(self._required(key, dict), self.operation, self._at(key), known)

    def optional_child(self, key: str, known: Collection[str] = ()) -> Fields | None:
        value = self._get(key, dict)
        return None if value is None else Fields(value, self.operation, self._at(key), known)

    def children(self, key: str, known: Collection[str] = ()) -> Iterator[Fields]:
        return self._children(key, self._required(key, list), known)

    def optional_children(self, key: str, known: Collection[str] = ()) -> Iterator[Fields]:
        return self._children(key, self._get(key, list) or [], known)

    def readable_children(
        self, key: str, read: Callable[[Fields], Row], known: Collection[str] = (), *, optional: bool = False
    ) -> list[Row]:
        """`read` of each child; one that cannot be read is logged and left out, so that it keeps no other from us."""
        values = (self._get(key, list) or []) if optional else self._required(key, list)
        rows = []
        for i, value in enumerate(values):
            try:
                rows.append(read(Fields(value, self.operation, f"{self._at(key)}[{i}]", known)))
            except Malformed as error:
                _logger.warning("Left out of Amazon's list: %s", error)  # names only, no data
        return rows

    def _children(self, key: str, values: list[Any], known: Collection[str]) -> Iterator[Fields]:
        return (Fields(value, self.operation, f"{self._at(key)}[{i}]", known) for i, value in enumerate(values))

    def _get(self, key: str, kind: type | tuple[type, ...]) -> Any:
        value = self.json.get(key)
        # bool is an int in Python, not in JSON
        if value is not None and (not isinstance(value, kind) or isinstance(value, bool)):
            raise self._malformed(self._at(key), "has the wrong type")
        return value

    def _required(self, key: str, kind: type | tuple[type, ...]) -> Any:
        value = self._get(key, kind)
        if value is None:
            raise self._malformed(self._at(key), "is missing")
        return value

    def _not_longer(self, key: str, text: str, longest: int) -> str:
        if len(text) > longest:
            raise self._malformed(self._at(key), f"has {len(text)} characters")
        return text

    def _storable(self, key: str, value: int) -> int:
        if value not in _INTEGERS:
            raise self._malformed(self._at(key), "is too large")
        return value

    def _units(self, key: str, value: int) -> int:
        if value < 0:
            raise self._malformed(self._at(key), "is negative")
        if value > _MOST_UNITS:
            raise self._malformed(self._at(key), "is too large")
        return value

    def _moment(self, key: str, text: str) -> datetime:
        try:
            return utc_datetime(text)
        except (ValueError, OverflowError):
            raise self._malformed(self._at(key), "is not a timestamp") from None

    def _at(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key

    def _malformed(self, path: str, problem: str) -> Malformed:
        return Malformed(f"Amazon's answer cannot be used: {path} {problem}", operation=self.operation, code=path)
