"""One seller SKU in Amazon's warehouses: units, and the arithmetic that keeps them together."""

from dataclasses import dataclass
from datetime import datetime

from .changes import Changes
from .clock import Clock

INBOUND = ("inbound_working", "inbound_shipped", "inbound_receiving")
DISPOSITIONS = (
    "customer_damaged", "warehouse_damaged", "distributor_damaged", "carrier_damaged", "defective", "expired"
)  # fmt: skip
"""Reasons why a unit cannot be sold. Source: FBA Inventory, UnfulfillableQuantity."""
DEFAULT_DISPOSITION = "defective"
"""Of units that are only called unfulfillable; the simulator's own choice."""
NOT_SOLD = ("transshipment", "fc_processing", "researching", *DISPOSITIONS)
SETTABLE = ("fulfillable", *INBOUND, *NOT_SOLD)
"""Counters a control call may set; `reserved` and `shipped` follow the orders."""


class NotEnough(ValueError):
    """More units were asked for than are there."""


@dataclass(frozen=True)
class OtherRow:
    """A further row of the same SKU, in another condition: shown, never sold."""

    condition: str
    fnsku: str
    fulfillable: int = 0
    unfulfillable: int = 0


@dataclass
class StockItem:
    """Units of one seller SKU.

    An open order moves units from `fulfillable` to `reserved`; a shipment takes them from `reserved` and adds them to
    `shipped`, which only counts. `changed_at` moves with any counter, `updated_at` with all but the inbound ones.
    `omitted`: keys of Amazon's answer that are left out of this SKU's rows. `changes` are the seller's.
    Source: FBA Inventory, InventoryDetails; there "changes in inbound.. are not detected".
    """

    seller_sku: str
    asin: str
    fnsku: str
    fulfillable: int = 0
    reserved: int = 0
    shipped: int = 0
    condition: str = "NewItem"
    inbound_working: int = 0
    inbound_shipped: int = 0
    inbound_receiving: int = 0
    transshipment: int = 0
    fc_processing: int = 0
    researching: int = 0
    customer_damaged: int = 0
    warehouse_damaged: int = 0
    distributor_damaged: int = 0
    carrier_damaged: int = 0
    defective: int = 0
    expired: int = 0
    other_rows: tuple[OtherRow, ...] = ()
    omitted: tuple[str, ...] = ()
    clock: Clock | None = None
    updated_at: datetime | None = None
    changed_at: datetime | None = None
    changes: Changes | None = None

    def __post_init__(self) -> None:
        self.touch()

    @property
    def unfulfillable(self) -> int:
        return sum(self.units(disposition) for disposition in DISPOSITIONS)

    @property
    def inbound(self) -> int:
        return sum(self.units(place) for place in INBOUND)

    @property
    def total_reserved(self) -> int:
        """Held for orders, on the way between warehouses, or set aside. Source: FBA Inventory, ReservedQuantity."""
        return self.reserved + self.transshipment + self.fc_processing

    @property
    def total(self) -> int:
        """Everything, inbound as well. Source: FBA Inventory, totalQuantity."""
        return self.fulfillable + self.total_reserved + self.researching + self.unfulfillable + self.inbound

    @property
    def rows(self) -> list["StockItem"]:
        """As Amazon lists the SKU: by condition, the one that is sold first."""
        others = [
            StockItem(
                self.seller_sku,
                self.asin,
                row.fnsku,
                fulfillable=row.fulfillable,
                condition=row.condition,
                customer_damaged=row.unfulfillable,
                omitted=self.omitted,
                updated_at=self.updated_at,
            )
            for row in self.other_rows
        ]
        return [self, *others]

    def units(self, place: str) -> int:
        """The counter of that name."""
        units: int = getattr(self, place)
        return units

    def touch(self) -> None:
        """Something Amazon counts as a change happened."""
        if self.clock is not None:
            self.updated_at = self.changed_at = self.clock.now
        self._note()

    def _note(self) -> None:
        if self.changes is not None:
            self.changes.note(self, self)

    def reserve(self, wanted: int) -> int:
        """Reserve up to `wanted` units; returns how many were there."""
        units = min(wanted, self.fulfillable)
        if units:
            self.fulfillable -= units
            self.reserved += units
            self.touch()
        return units

    def release(self, units: int) -> None:
        """Give reserved units back."""
        self.reserved -= units
        self.fulfillable += units
        self.touch()

    def ship(self, units: int) -> None:
        """Reserved units leave the warehouse."""
        if units:
            self.reserved -= units
            self.shipped += units
            self.touch()

    def recall(self, units: int) -> None:
        """Units reported as shipped are in the warehouse after all."""
        self.shipped -= units
        self.fulfillable += units
        self.touch()

    def set_units(self, units: dict[str, int]) -> None:
        """Set these counters (of SETTABLE)."""
        changed = {place for place, number in units.items() if self.units(place) != number}
        for place in changed:
            setattr(self, place, units[place])
        if changed - set(INBOUND):
            self.touch()
        elif changed and self.clock is not None:
            self.changed_at = self.clock.now
            self._note()

    def move(self, units: int, source: str, target: str) -> None:
        """Move units between two counters; `gone` is nowhere, `unfulfillable` any disposition.

        Raises NotEnough, and then nothing moved.
        """
        before = {place: self.units(place) for place in SETTABLE}
        after = dict(before)
        left = units
        for place in DISPOSITIONS if source == "unfulfillable" else (source,):
            taken = min(left, after[place])
            after[place] -= taken
            left -= taken
        if left:
            raise NotEnough(f"{self.seller_sku}: {units} units, but only {units - left} are {source}")
        if target != "gone":
            after[DEFAULT_DISPOSITION if target == "unfulfillable" else target] += units
        self.set_units(after)


@dataclass
class Claim:
    """Units of one SKU that one order line holds; `stock` is None for a SKU without stock here (sold, but unknown)."""

    stock: StockItem | None
    reserved: int = 0

    def top_up(self, needed: int) -> bool:
        """Reserve until `needed` units are held; whether that worked."""
        if self.stock is None:
            return True
        self.reserved += self.stock.reserve(max(0, needed - self.reserved))
        return self.reserved >= needed

    def require(self, units: int) -> None:
        """Hold at least `units`. Raises NotEnough."""
        if self.stock is not None and not self.top_up(units):
            raise NotEnough(
                f"{self.stock.seller_sku}: {units} units to ship, only {self.reserved} in stock for this order"
            )

    def ship(self, units: int) -> None:
        """Let `units` leave. Raises NotEnough, and then nothing left."""
        self.require(units)
        if self.stock is not None:
            self.stock.ship(units)
            self.reserved -= units

    def recall(self, units: int) -> None:
        """`units` reported as shipped did not leave; nothing holds them."""
        if self.stock is not None:
            self.stock.recall(units)

    def trim(self, needed: int) -> None:
        """Give back the units held beyond `needed`."""
        if self.stock is not None and self.reserved > needed:
            self.stock.release(self.reserved - needed)
            self.reserved = needed
