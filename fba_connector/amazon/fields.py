"""Reads typed fields out of Amazon's JSON, and names the one that is missing or unusable."""

from __future__ import annotations

import logging
import re
from collections.abc import Collection, Iterator
from datetime import datetime, timezone
from decimal import Decimal, InvalidOperation
from typing import Any

from .errors import Malformed
from .money import Money

_logger = logging.getLogger(__name__)

# What of Amazon's news was logged already: (kind, where, what). Names from outside, so not without end.
_told: set[tuple[str, str, str]] = set()
_MOST_TOLD = 1000

# ISO 8601 as Amazon writes it. Python 3.10's fromisoformat() knows neither "Z" nor "+0000", and 3 or 6 digits only.
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?", re.ASCII)


def utc_text(moment: datetime) -> str:
    """Write an aware datetime as Amazon reads it: in UTC, whole seconds (rounded down), with Z."""
    if moment.tzinfo is None:
        raise ValueError("a datetime for Amazon needs a time zone")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_datetime(text: str) -> datetime:
    """Read Amazon's timestamp; one without an offset is UTC. Raises ValueError."""
    match = _TIMESTAMP.fullmatch(text)
    if not match:
        raise ValueError("not a timestamp")
    minutes, seconds, fraction, offset = match.groups()
    offset = "+00:00" if offset in (None, "Z") else f"{offset[:3]}:{offset[-2:]}"
    return datetime.fromisoformat(f"{minutes}{seconds or ':00'}.{(fraction or '')[:6]:0<6}{offset}").astimezone(
        timezone.utc
    )


def _tell_once(kind: str, where: str, what: str) -> None:
    """Amazon uses values and keys before it publishes them: no harm, but somebody should know. Names only, no data."""
    word = what if re.fullmatch(r"[\w.-]{1,60}", what, re.ASCII) else "(not a word)"
    news = (kind, re.sub(r"\[\d+\]", "[]", where), word)
    if news not in _told and len(_told) < _MOST_TOLD:
        _told.add(news)
        _logger.warning("Amazon sends an unknown %s: %s %s", *news)


class Fields:
    """A JSON object at a known place. JSON's null and an absent key are the same.

    `known` are the keys Amazon's model has here: any other is left alone, and logged once. The plain methods raise
    Malformed where the field is absent, those with `optional_` return None; both raise it where the field is there but
    cannot be what it should.
    """

    def __init__(self, value: Any, operation: str, path: str = "", known: Collection[str] = ()) -> None:
        self.operation = operation
        self.path = path
        if not isinstance(value, dict):
            raise self._malformed(path or "answer", "is not an object")
        self.json: dict[str, Any] = value
        if known:
            for key in value.keys() - set(known):
                _tell_once("field", f"{operation} {path}".rstrip(), key)

    def text(self, key: str, *, blank: bool = False) -> str:
        value = self._required(key, str)
        if not value and not blank:
            raise self._malformed(self._at(key), "is empty")
        return str(value)

    def optional_text(self, key: str) -> str | None:
        return self._get(key, str) or None

    def choice(self, key: str, known: Collection[str]) -> str:
        """A text that should be one of `known`; another one is kept, and logged once."""
        value = self.text(key)
        if value not in known:
            _tell_once("value", f"{self.operation} {self._at(key)}", value)
        return value

    def optional_choice(self, key: str, known: Collection[str]) -> str | None:
        return self.choice(key, known) if self.optional_text(key) else None

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
        return tuple(values)

    def integer(self, key: str) -> int:
        return int(self._required(key, int))

    def optional_integer(self, key: str) -> int | None:
        value: int | None = self._get(key, int)
        return value

    def quantity(self, key: str) -> int:
        return self._not_negative(key, self.integer(key))

    def optional_quantity(self, key: str) -> int | None:
        value = self.optional_integer(key)
        return None if value is None else self._not_negative(key, value)

    def moment(self, key: str) -> datetime:
        return self._moment(key, self.text(key))

    def optional_moment(self, key: str) -> datetime | None:
        text = self.optional_text(key)
        return self._moment(key, text) if text else None

    def decimal(self, key: str) -> Decimal:
        """A number; Amazon writes amounts as text, and JSON's fractions reach us as text too (see transport.py)."""
        try:
            value = Decimal(self._required(key, (str, int)))
        except InvalidOperation:
            raise self._malformed(self._at(key), "is not a number") from None
        if not value.is_finite():
            raise self._malformed(self._at(key), "is not a number")
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

    def _not_negative(self, key: str, value: int) -> int:
        if value < 0:
            raise self._malformed(self._at(key), "is negative")
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
