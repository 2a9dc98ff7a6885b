"""Checks a request before it is sent, and explains to a person what to correct."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from typing import Any

from .errors import InvalidRequest
from .limits import OutboundLimits
from .outbound import Address
from .reasons import Reason, because
from .refusals import about

_LINE_ENDS = "\n\r\t"


class Checks:
    """Collects complaints about one order. `field` is Amazon's name of a part, `part` the reason that is a person's.

    A complaint is a code of reasons.TEXTS with its values. None quotes what was to be sent: that is personal data.
    """

    def __init__(self, operation: str, order_id: str) -> None:
        self._operation = operation
        self._order_id = order_id
        self._complaints: list[tuple[str, Reason, str | None]] = []

    def done(self) -> None:
        """Raises InvalidRequest where there was a complaint; `code`, `field` and `remedy` are the first one's."""
        if self._complaints:
            complaints = tuple(
                because("complaint", complaint=complaint, field=field) for field, complaint, _remedy in self._complaints
            )
            code, _complaint, remedy = self._complaints[0]
            field, by_its_name = about(self._operation, code)
            raise InvalidRequest(
                because("invalid", order=self._order_id, complaints=complaints),
                operation=self._operation,
                code=code,
                field=field,
                remedy=remedy or by_its_name,
            )

    def add(self, field: str, complaint: Reason, remedy: str | None = None) -> None:
        """`remedy` is needed only where the name of the part does not tell it: see refusals.py."""
        self._complaints.append((field, complaint, remedy))

    def require(self, good: bool, field: str, complaint: Reason, remedy: str | None = None) -> None:
        if not good:
            self.add(field, complaint, remedy)

    def text(self, field: str, part: Reason, value: Any, longest: int | None = None) -> None:
        """A text that is needed: not blank, at most `longest` characters, all of which can be printed."""
        if not isinstance(value, str) or not value.strip():
            self.add(field, because("missing", part=part))
        else:
            self.optional_text(field, part, value, longest)

    def optional_text(
        self, field: str, part: Reason, value: str | None, longest: int | None = None, *, lines: bool = False
    ) -> None:
        """As `text`, but it may be absent or blank. `lines`: it may have several."""
        text = value or ""
        if longest is not None and len(text) > longest:
            self.add(field, because("over_limit", part=part, length=len(text), limit=longest))
        allowed = _LINE_ENDS if lines else ""
        bad = next((char for char in text if _is_unprintable(char) and char not in allowed), None)
        if bad is not None:
            self.add(field, because("unprintable", part=part, char=f"U+{ord(bad):04X}"))

    def matches(self, field: str, value: Any, pattern: str, complaint: Reason) -> None:
        """A text that is there has to match `pattern`."""
        if isinstance(value, str) and value.strip() and not re.fullmatch(pattern, value):
            self.add(field, complaint)

    def choice(self, field: str, part: Reason, value: Any, known: Collection[str]) -> None:
        self.require(value in known, field, because("not_one_of", part=part, known=", ".join(known)))

    def quantity(self, field: str, part: Reason, value: Any) -> bool:
        """Whole units, one at least; whether it is."""
        good = isinstance(value, int) and not isinstance(value, bool) and value > 0
        self.require(good, field, because("no_quantity", part=part))
        return good


def check_address(checks: Checks, address: Address, place: str, limits: OutboundLimits) -> None:
    """The parts of a destination, the same in every outbound version."""
    checks.text(f"{place}.name", because("part_name"), address.name, limits.address_name_length)
    checks.text(f"{place}.addressLine1", because("part_street"), address.line1, limits.address_line_length)
    checks.text(f"{place}.postalCode", because("part_postal_code"), address.postal_code, limits.postal_code_length)
    checks.text(f"{place}.countryCode", because("part_country"), address.country_code)
    checks.matches(f"{place}.countryCode", address.country_code, r"[A-Z]{2}", because("country_code"))
    if address.country_code == "JP":
        checks.require(not address.city, f"{place}.city", because("city_in_japan"))
    else:
        checks.text(f"{place}.city", because("part_city"), address.city, limits.city_length)
    for key, part, value, longest in (
        ("addressLine2", because("part_street2"), address.line2, limits.address_line_length),
        ("addressLine3", because("part_street3"), address.line3, limits.address_line_length),
        ("stateOrRegion", because("part_state"), address.state, limits.state_length),
        ("phone", because("part_phone"), address.phone, limits.phone_length),
    ):
        checks.optional_text(f"{place}.{key}", part, value, longest)


def _is_unprintable(char: str) -> bool:
    """Control characters, halves of a surrogate pair, and what Unicode never assigns."""
    return unicodedata.category(char) in ("Cc", "Cs") or (ord(char) & 0xFFFE) == 0xFFFE or 0xFDD0 <= ord(char) <= 0xFDEF
