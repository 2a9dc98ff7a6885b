"""Orders sold on Amazon, as the import needs them. What their parts cost is reconciled in `proceeds.py`.

Every `*_at` is an aware datetime in UTC; None means that Amazon does not say, which is not zero.
Source: SP-API Orders v2026-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .money import Money


@dataclass(frozen=True)
class SoldItem:
    """A line sold. `breakdown` holds (type, subtotal of the whole line) in the currency of `total`.

    Types seen: ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, TAX, DISCOUNT. The sign of DISCOUNT and whether the
    others include TAX are not documented: see `reconcile`. `tax` tells, as far as Amazon does, what TAX is made of:
    (type it is the tax of, amount). `tax_is_remitted`: Amazon collects the tax and pays it to the state itself.
    """

    item_id: str
    seller_sku: str | None
    title: str | None
    quantity_ordered: int
    quantity_fulfilled: int | None
    total: Money | None
    breakdown: tuple[tuple[str, Decimal], ...]
    unit_price: Money | None = None
    tax: tuple[tuple[str, Decimal], ...] = ()
    tax_is_remitted: bool = False
    asin: str | None = None

    @property
    def quantity_shipped(self) -> int:
        """Units of a shipped order that left; Amazon tells it where it differs from what was ordered."""
        return self.quantity_ordered if self.quantity_fulfilled is None else self.quantity_fulfilled


@dataclass(frozen=True)
class BuyerAddress:
    """Where an order goes, or a part of that; all of it may be missing. `country` is an ISO 3166 code."""

    name: str | None = field(repr=False)
    company: str | None = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    city: str | None = field(repr=False)
    state: str | None
    postal_code: str | None = field(repr=False)
    country: str | None


@dataclass(frozen=True)
class SoldOrder:
    """An order. `channel` is AMAZON, or NON_AMAZON for the echo of our own fulfillment orders.

    `status`: PENDING_AVAILABILITY, PENDING, UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED, CANCELLED, UNFULFILLABLE.
    `fulfilled_by`: AMAZON or MERCHANT. `aliases` holds (type, id), such as ("SELLER_ORDER_ID", "S00042").
    `replaces` is the order that this one is the free replacement, or the exchange, of. `breakdown` is Amazon's of the
    whole order, as that of its items; it may tell of more, such as DELIVERY_TIP.
    """

    order_id: str
    created_at: datetime
    updated_at: datetime
    channel: str
    marketplace_id: str | None
    status: str | None
    fulfilled_by: str | None
    grand_total: Money | None
    items: tuple[SoldItem, ...]
    aliases: tuple[tuple[str, str], ...]
    replaces: str | None
    breakdown: tuple[tuple[str, Decimal], ...] = ()
    address: BuyerAddress | None = None


@dataclass(frozen=True)
class RawOrder:
    """An order unread but for its key, so that one bad order never spoils a page; see `parse_order`.

    `payload` is plain JSON (money as text), with no more personal data than was asked for. `updated_at` is None where
    Amazon's is missing or unreadable.
    """

    order_id: str
    updated_at: datetime | None
    payload: dict[str, Any] = field(repr=False)


@dataclass(frozen=True)
class OrderPage:
    """A page of a search. The next search may start at `last_updated_before`, less an overlap.

    `next_token` goes on with this one, within 24 hours and with all else the same; None on the last page.
    """

    orders: tuple[RawOrder, ...]
    last_updated_before: datetime | None
    next_token: str | None
