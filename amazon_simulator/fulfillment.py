"""An MCF order: its lines and shipments, and what can happen to them.

    New -> Received -> Planning -> Processing -> Complete | CompletePartialled | Unfulfillable
    any of the open ones -> Invalid | Cancelled

Source: Fulfillment Outbound 2020-07-01, FulfillmentOrderStatus. The clock's part is in `life.py`.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .stock import Claim

OPEN_STATUSES = ("New", "Received", "Planning", "Processing")
ENDED_STATUSES = ("Complete", "CompletePartialled", "Unfulfillable", "Invalid", "Cancelled")


@dataclass
class Line:
    """One item of the order; quantities in units. `quantity` = shipped + unfulfillable + cancelled + open."""

    item_id: str
    seller_sku: str
    quantity: int
    claim: Claim
    shipped: int = 0
    unfulfillable: int = 0
    cancelled: int = 0

    @property
    def open(self) -> int:
        return self.quantity - self.shipped - self.unfulfillable - self.cancelled


@dataclass
class Package:
    """A parcel. `number` is Amazon's internal int32 key, not the carrier's tracking number."""

    number: int
    carrier_code: str
    tracking_number: str | None
    contents: list[tuple[Line, int]]


@dataclass
class Shipment:
    """What left one fulfillment centre at one time."""

    shipment_id: str
    shipped_at: datetime
    packages: list[Package]


@dataclass
class FulfillmentOrder:
    """One MCF order. `manual` = the control API took over: the clock leaves it alone."""

    order_id: str
    request: dict[str, Any]
    marketplace_id: str
    action: str
    policy: str
    lines: list[Line]
    created_at: datetime
    status: str = "New"
    status_updated_at: datetime = field(init=False)
    shipments: list[Shipment] = field(default_factory=list)
    manual: bool = False
    steps_done: int = 0

    def __post_init__(self) -> None:
        self.status_updated_at = self.created_at

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def packages(self) -> Iterator[Package]:
        return (package for shipment in self.shipments for package in shipment.packages)

    def set_status(self, status: str, now: datetime) -> None:
        """Only a change of the status moves `status_updated_at`; a second shipment or a tracking number does not."""
        if status != self.status:
            self.status = status
            self.status_updated_at = now

    def reserve(self) -> bool:
        """Reserve stock for what is open; whether all of it is held."""
        return all([line.claim.top_up(line.open) for line in self.lines])

    def ship(self, shipment_id: str, packages: Sequence[Package], shipped_at: datetime, now: datetime) -> None:
        """One shipment leaves. Raises NotEnough, and then nothing left."""
        contents = [content for package in packages for content in package.contents]
        for line in self.lines:
            line.claim.require(sum(units for other, units in contents if other is line))
        for line, units in contents:
            line.claim.ship(units)
            line.shipped += units
        self.shipments.append(Shipment(shipment_id, shipped_at, list(packages)))
        self.set_status("Processing", now)
        self.settle(now)

    def give_up(self, quantities: Sequence[tuple[Line, int]], now: datetime) -> None:
        """Amazon cannot fulfill these units."""
        for line, units in quantities:
            line.unfulfillable += units
        self.set_status("Processing", now)
        self.settle(now)

    def cancel(self, now: datetime) -> None:
        """What has not shipped is cancelled by the seller."""
        for line in self.lines:
            line.cancelled += line.open
            line.claim.trim(0)
        self.set_status("Cancelled", now)

    def invalidate(self, now: datetime) -> None:
        """Amazon accepted the call but not the order (address, stock); nothing is held for it any more."""
        self.set_status("Invalid", now)
        for line in self.lines:
            line.claim.trim(0)

    def settle(self, now: datetime) -> None:
        """Hold no more than what is open; end the order when nothing is."""
        for line in self.lines:
            line.claim.trim(line.open)
        if any(line.open for line in self.lines):
            return
        shipped = any(line.shipped for line in self.lines)
        short = any(line.unfulfillable or line.cancelled for line in self.lines)
        self.set_status("Unfulfillable" if not shipped else "CompletePartialled" if short else "Complete", now)
