"""Makes foreign text and JSON storable in a database, without interpreting it.

Every answer and every report passes here before anything reads it (outcome.py, report_file.py).
"""

from __future__ import annotations

import re
from typing import Any

# PostgreSQL takes neither NUL nor half of a surrogate pair, in texts and in JSON.
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_REPLACEMENT = "\ufffd"

DEEPEST = 50  # objects and lists in each other; Amazon's models stay below 15
LONGEST_INTEGER = 18  # digits, so that it fits in 64 bits


def storable_text(text: str) -> str:
    return _UNSTORABLE.sub(_REPLACEMENT, text)


def storable_json(value: Any, room: int = DEEPEST) -> Any:
    """JSON with storable texts; what lies deeper than anybody reads is null."""
    if isinstance(value, str):
        return storable_text(value)
    if isinstance(value, (dict, list)) and not room:
        return None
    if isinstance(value, dict):
        return {storable_text(key): storable_json(part, room - 1) for key, part in value.items()}
    if isinstance(value, list):
        return [storable_json(part, room - 1) for part in value]
    return value


def storable_integer(digits: str) -> int | str:
    """An integer of JSON; one that no column holds stays text, which is no integer to whoever reads it."""
    return int(digits) if len(digits) <= LONGEST_INTEGER else digits
