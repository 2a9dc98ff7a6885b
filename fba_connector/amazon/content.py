"""Tells versions of an order sold on Amazon apart: Amazon's update time may stay for a change, and move without one.

Source: SP-API Orders v2026-01-01; its times have whole seconds.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

from .fields import Fields
from .personal_data import NOBODY, keep_of

_UPDATED_AT = "lastUpdatedTime"


def content_key(payload: dict[str, Any]) -> str:
    """A hash of an order's JSON (RawOrder.payload) without its people and the time of its last update.

    An update time that is missing or cannot be read counts: nobody can read the order with it.
    """
    order = keep_of(payload, NOBODY)
    fields = Fields(order, "content_key")
    if fields.if_readable(fields.moment, _UPDATED_AT):
        order[_UPDATED_AT] = "readable"
    return hashlib.sha256(json.dumps(order, sort_keys=True, separators=(",", ":")).encode()).hexdigest()
