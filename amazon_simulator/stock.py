"""One seller SKU in Amazon's warehouses: units, and the arithmetic that keeps them together."""

from dataclasses import dataclass


class NotEnough(ValueError):
    """More units were asked for than are fulfillable."""


@dataclass
class StockItem:
    """Units of one seller SKU.

    An open order moves units from `fulfillable` to `reserved`; a shipment takes them from `reserved` and adds them to
    `shipped`, which only counts. Source: FBA Inventory, InventoryDetails (fulfillableQuantity, reservedQuantity).
    """

    seller_sku: str
    asin: str
    fnsku: str
    fulfillable: int = 0
    reserved: int = 0
    shipped: int = 0

    def reserve(self, wanted: int) -> int:
        """Reserve up to `wanted` units; returns how many were there."""
        units = min(wanted, self.fulfillable)
        self.fulfillable -= units
        self.reserved += units
        return units

    def release(self, units: int) -> None:
        """Give reserved units back."""
        self.reserved -= units
        self.fulfillable += units

    def ship(self, units: int) -> None:
        """Reserved units leave the warehouse."""
        self.reserved -= units
        self.shipped += units


@dataclass
class Claim:
    """What one order line holds of one SKU; `stock` is None for a SKU without stock here (sold, but unknown)."""

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

    def trim(self, needed: int) -> None:
        """Give back what is held beyond `needed` units."""
        if self.stock is not None and self.reserved > needed:
            self.stock.release(self.reserved - needed)
            self.reserved = needed
