"""Finds the value of a choice that Amazon means, however it spells it.

One choice comes as "CompletePartialled", as "COMPLETE_PARTIALLED" and as "complete-partialled".
"""

from __future__ import annotations

import re
from collections.abc import Collection

_BETWEEN_WORDS = re.compile(r"[\s_-]+")

# Other words for a value, and the value as we know it. A word counts only where its value is one of the choices.
_OTHER_WORDS = (
    # Orders v0 and its notification OrderChange; reports and orders of today have two l.
    ("CANCELED", "CANCELLED"),
    ("CANCELED_BY_SELLER", "CANCELLED_BY_SELLER"),
    ("CANCELED_BY_FULFILLER", "CANCELLED_BY_FULFILLER"),
    ("PICKUP_CANCELED", "PICKUP_CANCELLED"),
    # Fulfillment Outbound v2026-07-04.
    ("COMPLETE_PARTIAL", "COMPLETE_PARTIALLED"),
    ("SCHEDULED", "SCHEDULED_DELIVERY"),
    # Orders v0, FulfillmentChannel.
    ("AFN", "AMAZON"),
    ("MFN", "MERCHANT"),
    # Amazon MWS Reports, ReportProcessingStatus: "_SUBMITTED_", "_DONE_NO_DATA_"; without data it is CANCELLED today.
    ("SUBMITTED", "IN_QUEUE"),
    ("DONE_NO_DATA", "CANCELLED"),
)


def _plain(word: str) -> str:
    """The letters that tell one value from another."""
    return _BETWEEN_WORDS.sub("", word).casefold()


_MEANT = {_plain(word): _plain(value) for word, value in _OTHER_WORDS}


def spelt(word: str, known: Collection[str]) -> str | None:
    """The one of `known` that `word` is, but for case, "_", "-" and blanks, or another word for it; else None."""
    values = {_plain(value): value for value in known}
    plain = _plain(word)
    return values.get(plain) or values.get(_MEANT.get(plain, ""))
