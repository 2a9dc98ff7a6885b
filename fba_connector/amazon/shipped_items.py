"""Reads Amazon's report of shipped items, the only source of tracking numbers for orders sold on Amazon.

Columns are read by name, and any may be missing. Source: SP-API FBA Reports,
GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL; names of the columns as seen in the field.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from .fields import LONGEST, MOST_UNITS
from .values import utc_datetime_or_none, whole_number

# Begins a key of ours for a row whose own is blank.
# Source: amzn/selling-partner-api-docs issue 3027, of a sister report: the column is there, and empty.
MADE_UP = "~"


class MadeUpKeys:
    """Keys for the rows of one report whose own is blank: of what tells a row from others, and of how many such rows
    there were before it. Equal in every report with the same rows; a few bytes are kept of each."""

    def __init__(self) -> None:
        self._seen: Counter[bytes] = Counter()

    def of(self, row: str) -> str:
        digest = hashlib.sha256(row.encode()).digest()[:16]
        self._seen[digest] += 1
        return f"{MADE_UP}{digest.hex()}-{self._seen[digest]}"


@dataclass(frozen=True)
class ShippedItem:
    """Units of one SKU that left in one shipment. `shipped_at` is in UTC; a part that a row lacks is None.

    `shipment_item_id` is the row's key: Amazon's own, or one made of the rest (it begins with MADE_UP).
    """

    order_id: str
    shipment_item_id: str
    shipment_id: str | None
    seller_sku: str | None
    quantity: int | None
    shipped_at: datetime | None
    carrier_code: str | None
    tracking_number: str | None
    merchant_order_id: str | None = None  # our id, where the row is of an order that we had fulfilled


def shipped_items(rows: Iterable[Mapping[str, str]]) -> Iterator[ShippedItem]:
    """The rows of one report that can be identified; one without an order, or with an odd key, is left out.

    A row without a key gets the same one in every report: its order item, shipment and SKU, and how many such rows
    there were before it.
    """
    made_up = MadeUpKeys()
    for row in rows:
        order_id, key = _text(row, "amazon-order-id"), _text(row, "shipment-item-id")
        if not row.get("shipment-item-id", "").strip():
            parts = [row.get(name, "").strip() for name in ("amazon-order-item-id", "shipment-id", "sku")]
            key = made_up.of(json.dumps([order_id, *parts])) if any(parts) else None
        if order_id and key:
            yield ShippedItem(
                order_id=order_id,
                shipment_item_id=key,
                shipment_id=_text(row, "shipment-id"),
                seller_sku=_text(row, "sku"),
                quantity=_units(row),
                shipped_at=_moment(row),
                carrier_code=_text(row, "carrier"),
                tracking_number=_text(row, "tracking-number"),
                merchant_order_id=_text(row, "merchant-order-id"),
            )


def _text(row: Mapping[str, str], column: str) -> str | None:
    text = row.get(column, "").strip()
    return text if 0 < len(text) <= LONGEST else None


def _units(row: Mapping[str, str]) -> int | None:
    units = whole_number(row.get("quantity-shipped"))
    return units if units is not None and 0 <= units <= MOST_UNITS else None


def _moment(row: Mapping[str, str]) -> datetime | None:
    return utc_datetime_or_none(row.get("shipment-date", "").strip())
