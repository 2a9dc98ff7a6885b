"""Orders sold on Amazon, as the import needs them. `proceeds.py` reconciles their amounts.

Every `*_at` is an aware datetime in UTC; None means that Amazon does not say, which is not zero.
Source: SP-API Orders v2026-01-01.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from . import personal_data
from .buyer_address import BuyerAddress
from .money import Money
from .registrations import CPF, VAT, TaxRegistration
from .values import object_of, text_of, utc_datetime_or_none

# How far an order is. Amazon adds values before it publishes them: never assume the list is complete.
PENDING_AVAILABILITY = "PENDING_AVAILABILITY"  # a pre-order
PENDING = "PENDING"  # not paid yet
UNSHIPPED = "UNSHIPPED"
PARTIALLY_SHIPPED = "PARTIALLY_SHIPPED"
SHIPPED = "SHIPPED"  # all that ships of it has left
CANCELLED = "CANCELLED"
UNFULFILLABLE = "UNFULFILLABLE"  # nothing ships
STATUSES = (PENDING_AVAILABILITY, PENDING, UNSHIPPED, PARTIALLY_SHIPPED, SHIPPED, CANCELLED, UNFULFILLABLE)

# Where an order was sold, and who fulfills it.
AMAZON = "AMAZON"
NON_AMAZON = "NON_AMAZON"  # another channel: the echo of one of our fulfillment orders
CHANNELS = (AMAZON, NON_AMAZON)
MERCHANT = "MERCHANT"  # the seller
FULFILLERS = (AMAZON, MERCHANT)

SELLER_ORDER_ID = "SELLER_ORDER_ID"
"""The type of the alias that repeats the id of our fulfillment order."""


FACILITATOR = "MARKETPLACE_FACILITATOR"
"""The one documented model of a tax collection."""

# Programs of orders that matter here; there are more.
AMAZON_BUSINESS = "AMAZON_BUSINESS"
INVOICE_BY_AMAZON = "INVOICE_BY_AMAZON"

PENDING_CHARGE = "PENDING"
"""The status of a charge that is not in the total yet."""


@dataclass(frozen=True)
class SoldItem:
    """A line sold. `breakdown` holds (type, subtotal of the whole line) in the currency of `total`.

    Types seen: ITEM, SHIPPING, GIFT_WRAP, COD_FEE, OTHER, TAX, DISCOUNT. The sign of DISCOUNT and whether the
    others include TAX are not documented: see `reconcile`. `tax` splits TAX as far as Amazon does:
    (type it is the tax of, amount). `tax_collections` are the models under which somebody collects its tax, and
    `reporting_schemes` those under which Amazon, as the deemed supplier, reports it: see `tax_owner.py`.
    `serial_numbers` are of units that left; some of them, or none, may be named.
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
    tax_collections: tuple[str, ...] = ()
    reporting_schemes: tuple[str, ...] = ()
    asin: str | None = None
    serial_numbers: tuple[str, ...] = ()

    @property
    def tax_is_collected(self) -> bool:
        """Amazon collects the tax and pays it to the state itself."""
        return FACILITATOR in self.tax_collections

    @property
    def tax_is_remitted(self) -> bool:
        """The tax is Amazon's to pay."""
        return self.tax_is_collected or bool(self.reporting_schemes)

    @property
    def quantity_shipped(self) -> int:
        """Units of a shipped order that left; Amazon names them where they differ from the units ordered."""
        return self.quantity_ordered if self.quantity_fulfilled is None else self.quantity_fulfilled


@dataclass(frozen=True)
class Buyer:
    """What Amazon says of a business buyer; any of it may be missing."""

    company: str | None = field(default=None, repr=False)
    purchase_order: str | None = field(default=None, repr=False)


@dataclass(frozen=True)
class SoldOrder:
    """An order. `channel` is one of CHANNELS, `status` of STATUSES, `fulfilled_by` of FULFILLERS.

    `aliases` holds (type, id), such as (SELLER_ORDER_ID, "S00042").
    `replaces` is the order that this one is the free replacement, or the exchange, of. `breakdown` is Amazon's of the
    whole order, as that of its items; it may have more, such as DELIVERY_TIP; `pending` are those of its types that are
    not in `grand_total` yet. `programs` are Amazon's names. `tax_registrations` are the buyer's.
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
    pending: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    tax_registrations: tuple[TaxRegistration, ...] = ()
    buyer: Buyer | None = None

    @property
    def vat_registration(self) -> TaxRegistration | None:
        """The buyer's VAT number, or the fact that there is one."""
        return next((it for it in self.tax_registrations if it.kind == VAT), None)

    @property
    def is_business(self) -> bool:
        """A business bought it."""
        return AMAZON_BUSINESS in self.programs or any(it.kind != CPF for it in self.tax_registrations)

    @property
    def is_invoiced_by_amazon(self) -> bool:
        return INVOICE_BY_AMAZON in self.programs

    @property
    def is_sold_on_amazon(self) -> bool:
        """Else it was sold elsewhere, and is here as the echo of a fulfillment order: see `seller_order_ids`."""
        return self.channel == AMAZON

    @property
    def is_fulfilled_by_amazon(self) -> bool:
        return self.fulfilled_by == AMAZON

    @property
    def is_shipped(self) -> bool:
        """All that ships of it has left; which units did, the items say."""
        return self.status == SHIPPED

    @property
    def is_cancelled(self) -> bool:
        """It never ships: cancelled, or impossible to fulfill."""
        return self.status in (CANCELLED, UNFULFILLABLE)

    @property
    def seller_order_ids(self) -> tuple[str, ...]:
        """The seller's own ids of it: where it was sold elsewhere, the ids of our fulfillment orders it echoes."""
        return tuple(value for kind, value in self.aliases if kind == SELLER_ORDER_ID)


@dataclass(frozen=True)
class RawOrder:
    """An order unread but for its key, so that one bad order never spoils a page; see `parse_order`.

    `payload` is plain JSON (money as text), with no more personal data than was asked for. `updated_at` is None where
    Amazon's is missing or unreadable.
    """

    order_id: str
    updated_at: datetime | None
    payload: dict[str, Any] = field(repr=False)

    @property
    def created_at(self) -> datetime | None:
        """When it was placed; None where that is missing or unreadable."""
        return utc_datetime_or_none(text_of(self.payload.get("createdTime")) or "")

    @property
    def marketplace_id(self) -> str | None:
        """Where it was sold; None where that is missing or unreadable."""
        return self._of_channel("marketplaceId")

    @property
    def is_echo(self) -> bool:
        """It is of another channel: one of our fulfillment orders."""
        return self._of_channel("channelName") == NON_AMAZON

    def _of_channel(self, key: str) -> str | None:
        channel = object_of(self.payload.get("salesChannel")) or {}
        return text_of(channel.get(key)) or None

    @property
    def has_personal_data(self) -> bool:
        """`payload` holds data of the buyer, which must be forgotten in time."""
        return personal_data.is_kept(self.payload)


@dataclass(frozen=True)
class OrderPage:
    """A page of a search. The next search may start at `last_updated_before`, less an overlap.

    `next_token` goes on with this one, within 24 hours and with all else the same; None on the last page.
    """

    orders: tuple[RawOrder, ...]
    last_updated_before: datetime | None
    next_token: str | None
