"""Checks a request before it is sent, and explains to a person what to correct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from .errors import InvalidRequest
from .limits import OutboundLimits
from .outbound import Address
from .refusals import about

_LINE_ENDS = "\n\r\t"


class Checks:
    """Collects complaints about one order. `field` is Amazon's name of a part, `words` a person's.

    No complaint quotes a value: values are personal data.
    """

    def __init__(self, operation: str, order_id: str) -> None:
        self._operation = operation
        self._order_id = order_id
        self._complaints: list[tuple[str, str, str | None]] = []

    def done(self) -> None:
        """Raises InvalidRequest where there was a complaint; `code`, `field` and `remedy` are the first one's."""
        if self._complaints:
            text = "; ".join(f"{complaint} ({field})" for field, complaint, _remedy in self._complaints)
            code, _complaint, remedy = self._complaints[0]
            field, by_its_name = about(self._operation, code)
            raise InvalidRequest(
                f"{self._order_id}: {text}",
                operation=self._operation,
                code=code,
                field=field,
                remedy=remedy or by_its_name,
            )

    def add(self, field: str, complaint: str, remedy: str | None = None) -> None:
        """`remedy` is needed only where the name of the part does not tell it: see refusals.py."""
        self._complaints.append((field, complaint, remedy))

    def require(self, good: bool, field: str, complaint: str, remedy: str | None = None) -> None:
        if not good:
            self.add(field, complaint, remedy)

    def text(self, field: str, words: str, value: Any, longest: int | None = None) -> None:
        """A text that is needed: not blank, at most `longest` characters, all of which can be printed."""
        if not isinstance(value, str) or not value.strip():
            self.add(field, f"{words} is missing")
        else:
            self.optional_text(field, words, value, longest)

    def optional_text(
        self, field: str, words: str, value: str | None, longest: int | None = None, *, lines: bool = False
    ) -> None:
        """As `text`, but it may be absent or blank. `lines`: it may have several."""
        text = value or ""
        if longest is not None and len(text) > longest:
            self.add(field, f"{words} has {len(text)} characters, the limit is {longest}")
        allowed = _LINE_ENDS if lines else ""
        bad = next((char for char in text if _is_unprintable(char) and char not in allowed), None)
        if bad is not None:
            self.add(field, f"{words} contains the character U+{ord(bad):04X}, which cannot be printed")

    def matches(self, field: str, words: str, value: Any, pattern: str, rule: str) -> None:
        """A text that is there has to match `pattern`, which `rule` puts in words."""
        if isinstance(value, str) and value.strip() and not re.fullmatch(pattern, value):
            self.add(field, f"{words} {rule}")

    def choice(self, field: str, words: str, value: Any, known: Collection[str]) -> None:
        self.require(value in known, field, f"{words} must be one of {', '.join(known)}")

    def quantity(self, field: str, words: str, value: Any) -> bool:
        """Whole units, one at least; whether it is."""
        good = isinstance(value, int) and not isinstance(value, bool) and value > 0
        self.require(good, field, f"{words} must be a whole number above zero")
        return good


def check_address(checks: Checks, address: Address, place: str, limits: OutboundLimits) -> None:
    """The parts of a destination, the same in every outbound version."""
    country = (f"{place}.countryCode", "the country")
    checks.text(f"{place}.name", "the name", address.name, limits.address_name_length)
    checks.text(f"{place}.addressLine1", "the street", address.line1, limits.address_line_length)
    checks.text(f"{place}.postalCode", "the postal code", address.postal_code, limits.postal_code_length)
    checks.text(*country, address.country_code)
    checks.matches(*country, address.country_code, r"[A-Z]{2}", "must be a code of two letters")
    if address.country_code == "JP":
        checks.require(not address.city, f"{place}.city", "the city must be empty in Japan: it is part of the street")
    else:
        checks.text(f"{place}.city", "the city", address.city, limits.city_length)
    for key, words, value, longest in (
        ("addressLine2", "the second line of the street", address.line2, limits.address_line_length),
        ("addressLine3", "the third line of the street", address.line3, limits.address_line_length),
        ("stateOrRegion", "the state", address.state, limits.state_length),
        ("phone", "the phone number", address.phone, limits.phone_length),
    ):
        checks.optional_text(f"{place}.{key}", words, value, longest)


def _is_unprintable(char: str) -> bool:
    """Control characters, halves of a surrogate pair, and what Unicode never assigns."""
    return unicodedata.category(char) in ("Cc", "Cs") or (ord(char) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
