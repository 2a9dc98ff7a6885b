"""Fulfillment orders: our requests, and Amazon's view of an order.

Quantities are whole units; every `*_at` is an aware datetime in UTC; None means that Amazon does not say.
Source: SP-API Fulfillment Outbound, whose words these are, whatever its version.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from .money import Money

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
NOTHING_SHIPS = frozenset({CANCELLED, UNFULFILLABLE, INVALID})  # where no shipment is listed
STATUSES = ENDED | {NEW, RECEIVED, PLANNING, PROCESSING}

# Statuses of a shipment. Only a shipped one has moved goods; a cancelled one stays listed.
PENDING = "PENDING"
SHIPPED = "SHIPPED"
CANCELLED_BY_FULFILLER = "CANCELLED_BY_FULFILLER"
CANCELLED_BY_SELLER = "CANCELLED_BY_SELLER"
CANCELLED_SHIPMENTS = frozenset({CANCELLED_BY_FULFILLER, CANCELLED_BY_SELLER})
SHIPMENT_STATUSES = frozenset({PENDING, SHIPPED, CANCELLED_BY_FULFILLER, CANCELLED_BY_SELLER})

# Statuses of a return item.
RETURN_NEW = "New"  # announced: the unit is not back yet
RETURN_PROCESSED = "Processed"  # received by Amazon, which reports its condition
RETURN_STATUSES = frozenset({RETURN_NEW, RETURN_PROCESSED})

# In which condition Amazon received a return item: only what is sellable is sold again.
SELLABLE = "Sellable"
RETURN_CONDITIONS = frozenset({SELLABLE, "Defective", "CustomerDamaged", "CarrierDamaged", "FulfillerDamaged"})

# Shipping speeds. ScheduledDelivery is Japan's, and needs a delivery window that we do not send.
STANDARD = "Standard"
EXPEDITED = "Expedited"
PRIORITY = "Priority"

# Policies: what Amazon does when it cannot fulfill every line.
FILL_OR_KILL = "FillOrKill"  # nothing, or all at once
FILL_ALL = "FillAll"  # all, as stock arrives
FILL_ALL_AVAILABLE = "FillAllAvailable"

# Features: what may be required of the way an order is packed and shipped, where its marketplace knows it.
BLANK_BOX = "BLANK_BOX"  # no Amazon brand on the box
BLOCK_AMZL = "BLOCK_AMZL"  # by another carrier than Amazon's own
SIGNATURE_CONFIRMATION = "SIGNATURE_CONFIRMATION"

# Position of a package, as getPackageTrackingDetails reports it.
DELIVERED = "DELIVERED"


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
    """A line to fulfill; `item_id` is ours and unique within the order."""

    item_id: str
    seller_sku: str
    quantity: int


@dataclass(frozen=True)
class CreateOrder:
    """An order to fulfill; `order_id` is ours, unique per account for ever. `Gateway.limits` says what it may hold.

    `displayable_order_id`, `displayable_at` and `comment` are printed on the packing slip. Amazon cancels a held order
    after some days unless it is released. `features` are required: an order that cannot have them is not fulfilled.
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
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class UpdateOrder:
    """Changes of a held order; None leaves it as it is. `hold` False releases it.

    `items` may only change quantities; those not named stay.
    """

    order_id: str
    hold: bool | None = None
    shipping_speed: str | None = None
    policy: str | None = None
    comment: str | None = None
    address: Address | None = None
    items: tuple[CreateItem, ...] = ()


@dataclass(frozen=True)
class PreviewOrder:
    """Asks for the cost and the arrival of these `items`, at each shipping speed.

    `order_id` only names it in complaints: Amazon never gets it, and reserves nothing.
    """

    order_id: str
    address: Address
    items: tuple[CreateItem, ...]
    marketplace_id: str | None
    features: tuple[str, ...] = ()


@dataclass(frozen=True)
class Fee:
    """A part of the price. Names seen: FBAPerUnitFulfillmentFee, FBAPerOrderFulfillmentFee, FBATransportationFee,
    FBAFulfillmentCODFee."""

    name: str
    money: Money


@dataclass(frozen=True)
class PreviewShipment:
    """A shipment as Amazon would send it; the two ends of each window, any of which may be None."""

    earliest_ship_at: datetime | None
    latest_ship_at: datetime | None
    earliest_arrival_at: datetime | None
    latest_arrival_at: datetime | None


@dataclass(frozen=True)
class UnfulfillableItem:
    """A line that cannot be fulfilled, with Amazon's codes for why."""

    item_id: str
    seller_sku: str
    quantity: int
    reasons: tuple[str, ...]


@dataclass(frozen=True)
class Preview:
    """One shipping speed. `fees` is None where Amazon does not name them, which is not zero, fulfillable or not.

    `reasons` are Amazon's codes for why the order as a whole cannot be fulfilled, such as DeliverySLAUnavailable.
    `is_cod` marks the offer for cash on delivery.
    """

    shipping_speed: str
    is_fulfillable: bool
    is_cod: bool
    fees: tuple[Fee, ...] | None
    shipments: tuple[PreviewShipment, ...]
    unfulfillable_items: tuple[UnfulfillableItem, ...]
    reasons: tuple[str, ...]

    @property
    def total(self) -> Money | None:
        """All fees together; None where they are not known. They are of one currency (see the parser)."""
        if not self.fees:
            return None
        return Money(sum((fee.money.amount for fee in self.fees), Decimal(0)), self.fees[0].money.currency)


@dataclass(frozen=True)
class Echo:
    """What Amazon repeats of an order as it was sent, by which another order of the same id is told from ours.

    Personal data: to compare, never to store.
    """

    displayable_order_id: str | None = None
    displayable_at: datetime | None = None
    postal_code: str | None = field(default=None, repr=False)
    country_code: str | None = None


@dataclass(frozen=True)
class OrderSummary:
    """A row of Amazon's list; `updated_at` moves with the order's status only, not with a shipment's.

    `received_at` is when Amazon got the order.
    """

    order_id: str
    status: str
    updated_at: datetime | None
    received_at: datetime | None
    echo: Echo = Echo()


@dataclass(frozen=True)
class SummaryPage:
    """A page of that list. `next_token` goes on with it, with all else the same; None on the last page."""

    orders: tuple[OrderSummary, ...]
    next_token: str | None


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
    """A parcel; `package_number` is Amazon's key. The tracking number may come late, and may change.

    It is the carrier's, or Amazon's own where there is no other. `carrier_code` is "" where Amazon names none.
    """

    package_number: int
    carrier_code: str
    tracking_number: str | None
    estimated_arrival_at: datetime | None


@dataclass(frozen=True)
class Shipment:
    """A shipment; `shipped_at` is only an estimate while `status` is PENDING. A shipped one may lack its `items`."""

    shipment_id: str
    status: str
    shipped_at: datetime | None
    estimated_arrival_at: datetime | None
    items: tuple[ShipmentItem, ...]
    packages: tuple[Package, ...]


@dataclass(frozen=True)
class ReturnItem:
    """One unit that the customer sends back: two units of an item are two of these.

    `reason` was given when the return was announced ("" where Amazon does not repeat it), `amazon_reason` is Amazon's.
    `changed_at` is when `status` (one of RETURN_STATUSES) last changed; `condition` (one of RETURN_CONDITIONS) is how
    Amazon received the unit.
    """

    return_id: str
    item_id: str
    shipment_id: str
    reason: str
    amazon_reason: str | None
    comment: str | None
    status: str
    changed_at: datetime
    condition: str | None


@dataclass(frozen=True)
class TrackingEvent:
    """Something a package met on its way; `code` is Amazon's (EVENT_301 = delivered)."""

    at: datetime
    code: str
    description: str


@dataclass(frozen=True)
class PackageTracking:
    """Position of a package. `status`: IN_TRANSIT, OUT_FOR_DELIVERY, DELIVERED, UNDELIVERABLE and more.

    `tracking_url` is Amazon's page for the customer. Places and the signature are left behind on purpose.
    """

    package_number: int
    status: str | None
    carrier_code: str | None
    tracking_number: str | None
    tracking_url: str | None
    shipped_at: datetime | None
    estimated_arrival_at: datetime | None
    events: tuple[TrackingEvent, ...]


@dataclass(frozen=True)
class FulfillmentOrder:
    """Amazon's whole view of one fulfillment order. Of the address it repeats no more than `echo` is read, on purpose.

    `shipping_speed`, `hold` and `policy` are None where Amazon does not repeat them.
    """

    order_id: str
    status: str
    updated_at: datetime | None
    shipping_speed: str | None
    hold: bool | None
    policy: str | None
    items: tuple[OrderItem, ...]
    shipments: tuple[Shipment, ...]
    returns: tuple[ReturnItem, ...] = ()
    echo: Echo = Echo()
