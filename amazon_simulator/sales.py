"""Orders that buyers placed on Amazon: lines, money, and the status that moves stock."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from .stock import Claim, NotEnough

STATUSES = ("PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED")
ENDED_STATUSES = ("SHIPPED", "CANCELLED")
CENT = Decimal("0.01")


@dataclass
class SaleLine:
    """One item. Money is per line, not per unit; `discount` is positive, tax is in the sale's currency."""

    item_id: str
    seller_sku: str
    asin: str
    quantity: int
    claim: Claim
    item_price: Decimal | None = None
    tax: Decimal = Decimal(0)
    shipping: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    shipped: int = 0

    def total(self, tax_included: bool) -> Decimal:
        """What the seller receives for the line."""
        total = (self.item_price or Decimal(0)) + self.shipping - self.discount
        return total if tax_included else total + self.tax

    @property
    def unit_price(self) -> Decimal | None:
        if self.item_price is None:
            return None
        return (self.item_price / self.quantity).quantize(CENT, ROUND_HALF_UP)


@dataclass
class Sale:
    """One Amazon order. `details` are the optional words of it: buyer name, address, seller order id."""

    amazon_order_id: str
    marketplace_id: str
    channel: str
    fulfilled_by: str
    currency: str
    tax_included: bool
    lines: list[SaleLine]
    created_at: datetime
    status: str = "PENDING"
    updated_at: datetime = field(init=False)
    details: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.updated_at = self.created_at

    def set_status(self, status: str, shipped: Mapping[str, int] | None, now: datetime) -> None:
        """Move to `status`; `shipped` = units shipped so far per seller SKU, needed for a partial shipment.

        An open sale reserves its units, a shipment takes them, the end frees the rest.
        Raises NotEnough, ValueError.
        """
        self._check_status(status, shipped)
        targets = self._shipped_targets(status, shipped)
        self._reserve({line.item_id: line.quantity for line in self.lines} if status not in ENDED_STATUSES else targets)
        for line in self.lines:
            line.claim.ship(targets[line.item_id] - line.shipped)
            line.shipped = targets[line.item_id]
            if status in ENDED_STATUSES:
                line.claim.trim(0)
        self.status = status
        self.updated_at = now

    def _reserve(self, targets: Mapping[str, int]) -> None:
        """Hold what is still to ship to reach `targets`. Raises NotEnough, and then nothing is held that was not."""
        before = [line.claim.reserved for line in self.lines]
        try:
            for line in self.lines:
                line.claim.require(targets[line.item_id] - line.shipped)
        except NotEnough:
            for line, units in zip(self.lines, before, strict=True):
                line.claim.trim(units)
            raise

    def _check_status(self, status: str, shipped: Mapping[str, int] | None) -> None:
        """Raise ValueError for a change that makes no sense."""
        if status not in STATUSES:
            raise ValueError(f"unknown status {status!r}; known: {', '.join(STATUSES)}")
        if self.status in ENDED_STATUSES:
            raise ValueError(f"order {self.amazon_order_id} has ended: {self.status}")
        if status == "PARTIALLY_SHIPPED" and not shipped:
            raise ValueError('PARTIALLY_SHIPPED needs "shipped": [{"seller_sku", "quantity"}]')
        if shipped and status not in ("PARTIALLY_SHIPPED", "SHIPPED"):
            raise ValueError(f'"shipped" does not go with status {status}')
        unknown = set(shipped or ()) - {line.seller_sku for line in self.lines}
        if unknown:
            raise ValueError(f"not in this order: {', '.join(sorted(unknown))}")

    def _shipped_targets(self, status: str, shipped: Mapping[str, int] | None) -> dict[str, int]:
        """Units shipped per item id once `status` holds."""
        left = dict(shipped or {})
        targets = {}
        for line in self.lines:
            units = line.shipped
            if status == "SHIPPED" and not shipped:
                units = line.quantity
            elif line.seller_sku in left:
                units = min(left[line.seller_sku], line.quantity)
                left[line.seller_sku] -= units
            if units < line.shipped:
                raise ValueError(f"{line.seller_sku}: {line.shipped} units have shipped already")
            targets[line.item_id] = units
        if any(left.values()):
            raise ValueError("more units shipped than ordered")
        return targets
