"""Fulfillment orders: what we ask of Amazon, and what Amazon says about them.

Quantities are whole units; every `*_at` is an aware datetime in UTC; None means that Amazon does not say.
Source: SP-API Fulfillment Outbound, whose words these are, whatever its version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# Statuses of a fulfillment order. Amazon adds values before it publishes them: never assume the list is complete.
NEW = "New"  # received, not validated: an answered create is not yet an accepted order
RECEIVED = "Received"  # validated
PLANNING = "Planning"  # the last status in which the seller can cancel
PROCESSING = "Processing"  # picking has begun
CANCELLED = "Cancelled"
COMPLETE = "Complete"
COMPLETE_PARTIALLED = "CompletePartialled"
UNFULFILLABLE = "Unfulfillable"
INVALID = "Invalid"  # bad address, or too little stock: nothing will ship
ENDED = frozenset({CANCELLED, COMPLETE, COMPLETE_PARTIALLED, UNFULFILLABLE, INVALID})
STATUSES = ENDED | {NEW, RECEIVED, PLANNING, PROCESSING}

# Statuses of a shipment. Only a shipped one has moved goods; a cancelled one stays listed.
PENDING = "PENDING"
SHIPPED = "SHIPPED"
CANCELLED_BY_FULFILLER = "CANCELLED_BY_FULFILLER"
CANCELLED_BY_SELLER = "CANCELLED_BY_SELLER"


@dataclass(frozen=True)
class Address:
    """A destination. `country_code` is ISO 3166-1 alpha-2; `city` is required outside Japan and forbidden there."""

    name: str
    line1: str
    line2: str | None
    line3: str | None
    city: str | None
    state: str | None
    postal_code: str
    country_code: str
    phone: str | None


@dataclass(frozen=True)
class CreateItem:
    """A line to fulfill; `item_id` is ours and unique within the order (at most 50 characters)."""

    item_id: str
    seller_sku: str
    quantity: int


@dataclass(frozen=True)
class CreateOrder:
    """An order to fulfill; `order_id` is ours, unique per account for ever (at most 40 characters).

    `shipping_speed`: Standard, Expedited, Priority. `policy`: FillOrKill, FillAll, FillAllAvailable.
    A held order is cancelled by Amazon after 14 days unless released.
    """

    order_id: str
    displayable_order_id: str
    displayable_at: datetime
    comment: str
    shipping_speed: str
    policy: str
    hold: bool
    address: Address
    items: tuple[CreateItem, ...]
    marketplace_id: str | None
    notification_emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class OrderSummary:
    """A row of Amazon's list; `updated_at` moves with the order's status only, not with a shipment's."""

    order_id: str
    status: str
    updated_at: datetime


@dataclass(frozen=True)
class OrderItem:
    """A line as Amazon sees it; `cancelled_quantity` by the seller, `unfulfillable_quantity` by Amazon."""

    item_id: str
    seller_sku: str
    quantity: int
    cancelled_quantity: int
    unfulfillable_quantity: int


@dataclass(frozen=True)
class ShipmentItem:
    """A part of a line in a shipment; a line may spread over many, one `serial_number` each."""

    item_id: str
    quantity: int
    package_number: int | None
    serial_number: str | None
    lot_codes: tuple[str, ...]


@dataclass(frozen=True)
class Package:
    """A parcel; `package_number` is Amazon's key. The tracking number may come late, and may change."""

    package_number: int
    carrier_code: str
    tracking_number: str | None
    estimated_arrival_at: datetime | None


@dataclass(frozen=True)
class Shipment:
    """A shipment; `shipped_at` is only an estimate while `status` is PENDING."""

    shipment_id: str
    status: str
    shipped_at: datetime | None
    estimated_arrival_at: datetime | None
    items: tuple[ShipmentItem, ...]
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class FulfillmentOrder:
    """Amazon's whole view of one fulfillment order. The address it echoes is left behind on purpose."""

    order_id: str
    status: str
    updated_at: datetime
    shipping_speed: str
    items: tuple[OrderItem, ...]
    shipments: tuple[Shipment, ...]
