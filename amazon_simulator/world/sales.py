"""Orders placed on Amazon: lines, money, and the status that moves stock. The clock's part: `sale_life.py`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .changes import Changes
from .sale_money import LineMoney, Sums, add_up, merged, to_minor_unit, write
from .stock import Claim, NotEnough

STATUSES = ("PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED")
ENDED_STATUSES = ("SHIPPED", "CANCELLED")
TIP_STATUSES = ("FINALIZED", "PENDING")
"""Source: the model, OrderProceedsBreakdown."""
CARRIER = "UPS"
DEFAULT_BUYER_NAME = "Sam Buyer"
DEFAULT_ADDRESS = {
    "name": "Sam Buyer",
    "addressLine1": "1 Main Street",
    "city": "Seattle",
    "stateOrRegion": "WA",
    "postalCode": "98101",
    "countryCode": "US",
}


@dataclass
class SaleLine:
    """One item.

    `cancelled`: units that will never ship, known when the order ends. `serial_numbers` are of the first units.
    `facilitator_tax`: Amazon remits the tax. `reporting_schemes`: those of its tax, such as UOSS. `condition`: the
    type of it, such as NEW; None is not told.
    """

    item_id: str
    seller_sku: str
    asin: str
    quantity: int
    claim: Claim
    money: LineMoney = LineMoney()
    shipped: int = 0
    cancelled: int = 0
    serial_numbers: tuple[str, ...] = ()
    facilitator_tax: bool = False
    reporting_schemes: tuple[str, ...] = ()
    condition: str | None = None


@dataclass(frozen=True)
class SaleShipment:
    """Units that left at one time. The shipments report shows them; the Orders API does not, when Amazon fulfills."""

    shipment_id: str
    shipped_at: datetime
    tracking_number: str
    contents: tuple[tuple[SaleLine, int], ...]


@dataclass
class Sale:
    """One Amazon order. `details` are the optional words of it: buyer, address, programs, tax registrations, ids.

    `tip`: for the delivery, of no line; part of the total unless it is PENDING. `charges`: amounts of no line by any
    type without a meaning of its own, part of the total. `replaces`: the order it is a free replacement of. `auto`: the
    clock moves it, until a control call does. `changes` are the seller's: the seller is told of the status and the tip.
    """

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
    tip: Decimal = Decimal(0)
    tip_status: str = "FINALIZED"
    charges: Sums = field(default_factory=dict)
    replaces: str | None = None
    auto: bool = False
    cancelled_by: str = "BUYER"
    shipments: tuple[SaleShipment, ...] = ()
    changes: Changes | None = None

    def __post_init__(self) -> None:
        self.updated_at = self.created_at

    @property
    def buyer_name(self) -> str:
        return str(self.details.get("buyer_name", DEFAULT_BUYER_NAME))

    @property
    def delivery_address(self) -> dict[str, Any]:
        """CustomerAddress of Orders 2026-01-01."""
        address: dict[str, Any] = self.details.get("delivery_address", DEFAULT_ADDRESS)
        company = self.details.get("company_name")
        return address | {"companyName": company} if company else address

    @property
    def has_price(self) -> bool:
        return any(line.money.item_price is not None for line in self.lines)

    @property
    def sums(self) -> Sums:
        """Of the lines and the charges by type, and the tip."""
        tip = {"DELIVERY_TIP": self.tip} if self.tip else {}
        return merged(add_up(line.money for line in self.lines), self.charges) | tip

    @property
    def total(self) -> Decimal:
        """The seller's proceeds."""
        tip = self.tip if self.tip_status == "FINALIZED" else Decimal(0)
        return sum((line.money.total(self.tax_included) for line in self.lines), tip) + sum(self.charges.values())

    def unit_price(self, line: SaleLine) -> Decimal:
        """Rounded; zero of a line without a price."""
        return to_minor_unit((line.money.item_price or Decimal(0)) / line.quantity, self.currency)

    def write(self, amount: Decimal) -> str:
        """As Amazon writes amounts in the sale's currency."""
        return write(amount, self.currency)

    def set_money(
        self, money: Mapping[str, LineMoney], tip: Decimal, tip_status: str, charges: Sums, now: datetime
    ) -> None:
        """Lines by item id, the tip and the charges bring something else than they did before."""
        for line in self.lines:
            line.money = money.get(line.item_id, line.money)
        if (tip, tip_status) != (self.tip, self.tip_status):
            self._note("tip")
        self.tip, self.tip_status, self.charges = tip, tip_status, charges
        self.updated_at = now

    def revoke(self, now: datetime) -> None:
        """CANCELLED although it has shipped: the status only. Raises ValueError."""
        if self.status != "SHIPPED":
            raise ValueError(f"only a shipped order can be revoked; order {self.amazon_order_id} is {self.status}")
        self.status = "CANCELLED"
        self.updated_at = now
        self._note("status")

    def set_status(self, status: str, shipped: Mapping[str, int] | None, now: datetime) -> None:
        """Move to `status`; `shipped` = units shipped so far per seller SKU, needed for a partial shipment.

        An open sale reserves its units, a shipment takes them, the end frees the rest.
        Raises NotEnough, ValueError.
        """
        self._check_status(status, shipped)
        ended = status in ENDED_STATUSES
        targets = self._shipped_targets(status, shipped)
        self._reserve(targets if ended else {line.item_id: line.quantity for line in self.lines})
        contents = [(line, targets[line.item_id] - line.shipped) for line in self.lines]
        for line, units in contents:
            line.claim.ship(units)
            line.shipped += units
            if ended:
                line.cancelled = line.quantity - line.shipped
                line.claim.trim(0)
        self._note_shipment([(line, units) for line, units in contents if units], now)
        self.status = status
        self.updated_at = now
        self._note("status")

    def _note(self, part: str) -> None:
        if self.changes is not None:
            self.changes.note(self, part)

    def _note_shipment(self, contents: list[tuple[SaleLine, int]], now: datetime) -> None:
        if contents:
            number = len(self.shipments) + 1
            digits = self.amazon_order_id.replace("-", "")
            shipment = SaleShipment(f"D{digits}s{number}", now, f"1Z{digits}{number:02d}", tuple(contents))
            self.shipments += (shipment,)

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
