"""Parts of an MCF order: lines, the shipments and packages their units leave in, and returned units."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple

from .stock import Claim

ARRIVES_AFTER = timedelta(days=3)
"""Estimated, after the shipment left; the simulator's own."""

CANCELLED_BY = {"FULFILLER": "CANCELLED_BY_FULFILLER", "SELLER": "CANCELLED_BY_SELLER"}
"""Who cancelled a shipment, to its status. Source: Fulfillment Outbound 2020-07-01, FulfillmentShipment."""


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


class Row(NamedTuple):
    """Units of a line as Amazon lists them: a unit with a serial number has its own row."""

    line: Line
    units: int
    serial_number: str | None
    lot_codes: list[str]


@dataclass
class Package:
    """A parcel. `number` is Amazon's internal int32 key, not the carrier's tracking number.

    `serial_numbers` and `lot_codes` are by the line's item id. `forced_status` is a status that a control call set,
    and since when; without it, the time decides.
    """

    number: int
    carrier_code: str
    tracking_number: str | None
    contents: list[tuple[Line, int]]
    serial_numbers: dict[str, list[str]] = field(default_factory=dict)
    lot_codes: dict[str, list[str]] = field(default_factory=dict)
    forced_status: tuple[str, datetime] | None = None

    @property
    def rows(self) -> Iterator[Row]:
        """The contents, each unit that has a serial number in its own row."""
        serial_numbers = {item_id: list(numbers) for item_id, numbers in self.serial_numbers.items()}
        for line, units in self.contents:
            lot_codes = self.lot_codes.get(line.item_id, [])
            left = serial_numbers.get(line.item_id, [])
            own, left[:] = left[:units], left[units:]
            for serial_number in own:
                yield Row(line, 1, serial_number, lot_codes)
            if units > len(own):
                yield Row(line, units - len(own), None, lot_codes)

    def take_out(self, line: Line, most: int) -> int:
        """Remove up to `most` units of the line, the last ones first; how many there were."""
        taken = 0
        for place, (other, units) in reversed(list(enumerate(self.contents))):
            if other is line:
                part = min(units, most - taken)
                self.contents[place] = (line, units - part)
                taken += part
        self.contents = [content for content in self.contents if content[1]]
        left = sum(units for other, units in self.contents if other is line)
        del self.serial_numbers.get(line.item_id, [])[left:]
        return taken


@dataclass
class Shipment:
    """Units that leave one fulfillment center at one time.

    `shipped_at` is an estimate while it is PENDING. `planned` is the plan of a shipment without packages.
    """

    shipment_id: str
    shipped_at: datetime
    packages: list[Package]
    status: str = "SHIPPED"
    planned: list[tuple[Line, int]] = field(default_factory=list)

    @property
    def contents(self) -> list[tuple[Line, int]]:
        """The contents of its packages."""
        return [content for package in self.packages for content in package.contents]

    def limit_to_open(self) -> bool:
        """While it is PENDING, plan no more than what is still open; with nothing left it is off: whether it is now."""
        if self.status != "PENDING":
            return False
        planned = [(line, min(units, line.open)) for line, units in self.planned if line.open]
        if planned:
            self.planned = planned
        else:
            self.status = CANCELLED_BY["FULFILLER"]
        return not planned


@dataclass
class ReturnItem:
    """One unit on its way back; `condition` is known once it is Processed. Source: Fulfillment Outbound, ReturnItem."""

    return_id: str
    line: Line
    shipment_id: str
    reason: str
    comment: str
    changed_at: datetime
    status: str = "New"
    condition: str | None = None
