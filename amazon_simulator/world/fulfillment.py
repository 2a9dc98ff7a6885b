"""An MCF order: its lines, its shipments, and each step it can take.

    New -> Received -> Planning -> Processing -> Complete | CompletePartialled | Unfulfillable
    any of the open ones -> Invalid | Cancelled

Source: Fulfillment Outbound 2020-07-01, FulfillmentOrderStatus. The clock's part is in `life.py`; the lines, shipments
and packages are in `shipments.py`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .changes import Changes
from .shipments import CANCELLED_BY, Line, Package, ReturnItem, Shipment

OPEN_STATUSES = ("New", "Received", "Planning", "Processing")
ENDED_STATUSES = ("Complete", "CompletePartialled", "Unfulfillable", "Invalid", "Cancelled")
CANCELLABLE_STATUSES = ("New", "Received", "Planning")
"""The seller may still cancel. Source: SP-API, Fulfillment Outbound use case guide: not from Processing on."""

NewId = Callable[[], str]
"""Numbers a new shipment."""


@dataclass
class FulfillmentOrder:
    """One MCF order. `manual` = the control API took over: the clock leaves it alone.

    `request` is the seller's request, as updated since. `starts_at`: the start of the delays of its life.
    `visible_from`: Amazon's own view of new orders lags behind. `cancel_at`: when a requested cancellation happens.
    `reserve_at`: Amazon holds no stock for the order before, unless it ships.
    `changed_at` moves with any change, `status_updated_at` only with the status. `changes` are the seller's.
    """

    order_id: str
    request: dict[str, Any]
    marketplace_id: str
    action: str
    policy: str
    lines: list[Line]
    created_at: datetime
    visible_from: datetime
    status: str = "New"
    status_updated_at: datetime = field(init=False)
    changed_at: datetime = field(init=False)
    starts_at: datetime = field(init=False)
    shipments: list[Shipment] = field(default_factory=list)
    returns: list[ReturnItem] = field(default_factory=list)
    manual: bool = False
    steps_done: int = 0
    cancel_at: datetime | None = None
    reserve_at: datetime | None = None
    changes: Changes | None = None

    def __post_init__(self) -> None:
        self.status_updated_at = self.changed_at = self.starts_at = self.created_at

    @property
    def is_open(self) -> bool:
        return self.status in OPEN_STATUSES

    @property
    def is_cancellable(self) -> bool:
        return self.status in CANCELLABLE_STATUSES

    @property
    def packages(self) -> Iterator[Package]:
        return (package for shipment in self.shipments for package in shipment.packages)

    @property
    def pending(self) -> Shipment | None:
        """The shipment being packed, the first if there are several."""
        return next((shipment for shipment in self.shipments if shipment.status == "PENDING"), None)

    def touch(self, now: datetime, part: "FulfillmentOrder | Shipment | ReturnItem") -> None:
        """A change that the seller is told: of the status (`part` is the order), of a shipment, of a returned unit."""
        self.changed_at = now
        if self.changes is not None:
            self.changes.note(self, part)

    def set_status(self, status: str, now: datetime) -> None:
        """Only a change of the status moves `status_updated_at`; a second shipment or a tracking number does not."""
        if status != self.status:
            self.status = status
            self.status_updated_at = now
            self.touch(now, self)
        if not self.is_cancellable:
            self.cancel_at = None

    def reserve(self) -> bool:
        """Reserve stock for what is open, once it is time; whether all of it is held."""
        if self.reserve_at is not None:
            return False
        return all([line.claim.top_up(line.open) for line in self.lines])

    def pack(self, new_id: NewId, leaves_at: datetime, now: datetime) -> None:
        """Pack the held units: a PENDING shipment; none when nothing is held."""
        contents = [(line, line.claim.reserved) for line in self.lines if line.claim.reserved]
        if contents:
            self.shipments.append(Shipment(new_id(), leaves_at, [], "PENDING", contents))
            self.touch(now, self.shipments[-1])

    def ship(self, shipment_id: str, packages: Sequence[Package], shipped_at: datetime, now: datetime) -> None:
        """One shipment leaves: the PENDING one if there is one. Raises NotEnough, and then nothing left."""
        contents = [content for package in packages for content in package.contents]
        for line in self.lines:
            line.claim.require(sum(units for other, units in contents if other is line))
        for line, units in contents:
            line.claim.ship(units)
            line.shipped += units
        shipment = Shipment(shipment_id, shipped_at, list(packages))
        if self.pending:
            self.shipments[self.shipments.index(self.pending)] = shipment
        else:
            self.shipments.append(shipment)
        self.touch(now, shipment)
        self.set_status("Processing", now)
        self.settle(now)

    def give_up(self, quantities: Sequence[tuple[Line, int]], now: datetime) -> None:
        """Amazon cannot fulfill these units."""
        for line, units in quantities:
            line.unfulfillable += units
        self.changed_at = now
        self.set_status("Processing", now)
        self.settle(now)

    def cancel_shipment(self, by: str, new_id: NewId, now: datetime) -> None:
        """The PENDING shipment is off: packed again by the fulfiller, or its units cancelled by the seller.

        Raises ValueError when there is none.
        """
        shipment = self.pending
        if shipment is None:
            raise ValueError(f"order {self.order_id} has no PENDING shipment")
        shipment.status = CANCELLED_BY[by]
        self.touch(now, shipment)
        if by == "FULFILLER":
            contents = list(shipment.planned)
            self.shipments.append(Shipment(new_id(), shipment.shipped_at, [], "PENDING", contents))
            self.touch(now, self.shipments[-1])
            return
        for line, units in shipment.planned:
            line.cancelled += units
        self.settle(now)

    def cancel(self, now: datetime) -> None:
        """The seller cancels all units that have not shipped."""
        for line in self.lines:
            line.cancelled += line.open
            line.claim.trim(0)
        self._end("Cancelled", now)

    def invalidate(self, now: datetime) -> None:
        """Amazon accepted the call but not the order (address, stock); nothing is held for it any more."""
        for line in self.lines:
            line.claim.trim(0)
        self._end("Invalid", now)

    def update(self, changes: dict[str, Any], now: datetime) -> None:
        """Take over a checked updateFulfillmentOrder body, but for its fulfillmentAction. Lines may grow and shrink."""
        items = {item["sellerFulfillmentOrderItemId"]: item for item in changes.get("items", ())}
        for line in self.lines:
            line.quantity = items.get(line.item_id, {}).get("quantity", line.quantity)
        merged = [item | items.get(item["sellerFulfillmentOrderItemId"], {}) for item in self.request["items"]]
        self.request = {**self.request, **changes, "items": merged}
        self.marketplace_id = changes.get("marketplaceId", self.marketplace_id)
        self.policy = changes.get("fulfillmentPolicy", self.policy)
        self.changed_at = now
        self.reserve()
        self.settle(now)

    def release(self, now: datetime) -> None:
        """The hold is over: the order's life starts now."""
        self.action = "Ship"
        self.starts_at = self.changed_at = now
        self.steps_done = 0

    def settle(self, now: datetime) -> None:
        """Hold no more than the open units; end the order when there are none."""
        for line in self.lines:
            line.claim.trim(line.open)
        if any(line.open for line in self.lines):
            for shipment in self.shipments:
                if shipment.limit_to_open():
                    self.touch(now, shipment)
            return
        shipped = any(line.shipped for line in self.lines)
        unfulfillable = any(line.unfulfillable for line in self.lines)
        cancelled = any(line.cancelled for line in self.lines)
        if shipped:
            self._end("CompletePartialled" if unfulfillable or cancelled else "Complete", now)
        else:
            self._end("Unfulfillable" if unfulfillable else "Cancelled", now)

    def _end(self, status: str, now: datetime) -> None:
        """Nothing of an ended order is still being packed."""
        self.set_status(status, now)
        self.reserve_at = None
        for shipment in self.shipments:
            if shipment.status == "PENDING":
                shipment.status = CANCELLED_BY["SELLER" if status == "Cancelled" else "FULFILLER"]
                self.touch(now, shipment)
