"""Reads and writes single values of Amazon's JSON, and reads those that come in another type than its model's."""

from __future__ import annotations

import re
from datetime import datetime, timezone
from typing import Any

# ISO 8601 as Amazon writes it. Python 3.10's fromisoformat() knows neither "Z" nor "+0000", and 3 or 6 digits only.
_TIMESTAMP = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d)(:\d\d)?(?:\.(\d+))?(Z|[+-]\d\d:?\d\d)?", re.ASCII)

# A year of room on either side: whoever adds a day, or tells a moment in a time zone, stays inside the calendar.
_YEARS = range(1900, 9999)

LONGEST_NUMBER = 60  # characters; of a timestamp, too
_WHOLE = re.compile(r"(-?\d+)(\.0+)?", re.ASCII)


def utc_text(moment: datetime) -> str:
    """Write an aware datetime as Amazon reads it: in UTC, whole seconds (rounded down), with Z."""
    if moment.tzinfo is None:
        raise ValueError("a datetime for Amazon needs a time zone")
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


def utc_datetime(text: str) -> datetime:
    """Read Amazon's timestamp; one without an offset is UTC. Raises ValueError."""
    match = _TIMESTAMP.fullmatch(text) if len(text) <= LONGEST_NUMBER else None
    if not match:
        raise ValueError("not a timestamp")
    minutes, seconds, fraction, offset = match.groups()
    offset = "+00:00" if offset in (None, "Z") else f"{offset[:3]}:{offset[-2:]}"
    moment = datetime.fromisoformat(f"{minutes}{seconds or ':00'}.{(fraction or '')[:6]:0<6}{offset}")
    if moment.year not in _YEARS:
        raise ValueError("not a year that anybody calculates with")
    return moment.astimezone(timezone.utc)


def utc_datetime_or_none(text: str) -> datetime | None:
    """As `utc_datetime`; None for what is no timestamp."""
    try:
        return utc_datetime(text)
    except (ValueError, OverflowError):
        return None


def whole_number(value: Any) -> int | None:
    """A whole number, also one that is written as text ("3", " 3 ", "3.0"); None where it is none, or not clearly."""
    if isinstance(value, str) and len(value) <= LONGEST_NUMBER and (match := _WHOLE.fullmatch(value.strip())):
        return int(match[1])
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def object_of(value: Any) -> dict[str, Any] | None:
    """An object, also one that comes as a list of one; None where it is none."""
    if isinstance(value, list) and len(value) == 1:
        (value,) = value
    return value if isinstance(value, dict) else None


def is_blank(value: Any) -> bool:
    return isinstance(value, str) and not value.strip()


def text_of(value: Any) -> str | None:
    """A text, also where it comes as a number, as Amazon writes ids; None where it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    return value if isinstance(value, str) else None
