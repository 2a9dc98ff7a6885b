"""Stock in Amazon's warehouses, as Amazon counts it.

Quantities are whole units; None means that Amazon does not say, which is not zero. A seller SKU may have several
rows (by condition or FNSKU): add them up. Never add up marketplaces, which may look at the same pool.
Source: SP-API FBA Inventory v1, InventorySummary.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

MAX_SKUS = 50  # of one question


@dataclass(frozen=True)
class InventorySummary:
    """One row. `name` is the product's on Amazon; `updated_at` is aware UTC and does not move with inbound changes.

    `total` includes what is inbound. `fulfillable` can be sold. `reserved` is being picked, moved or processed:
    `reserved_orders` for customers' orders, `reserved_transfers` on the way between warehouses, `reserved_processing`
    laid aside. `researching` is looked for, `unfulfillable` cannot be sold. The inbound ones are announced, on their
    way, and being received.
    """

    seller_sku: str
    asin: str | None
    fnsku: str | None
    condition: str | None
    name: str | None
    updated_at: datetime | None
    total: int | None
    fulfillable: int | None
    inbound_working: int | None
    inbound_shipped: int | None
    inbound_receiving: int | None
    reserved: int | None
    reserved_orders: int | None
    reserved_transfers: int | None
    reserved_processing: int | None
    researching: int | None
    unfulfillable: int | None
