"""Contents of the reports: columns and rows of the two types the simulator writes.

Columns as in reports of the field, where Amazon documents only some of them; a client reads them by name.
Source of the choice of rows: SP-API, FBA Reports; the rest of Amazon's report is the simulator's own reading of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timezone
from decimal import Decimal

from ..world import echo
from ..world.fulfillment import FulfillmentOrder
from ..world.marketplaces import marketplace
from ..world.sale_money import to_minor_unit
from ..world.sales import CARRIER, Sale, SaleLine
from ..world.sellers import Seller
from ..world.shipments import ARRIVES_AFTER
from ..world.stock import StockItem

Row = dict[str, str]

_ADDRESS = ("address-1", "address-2", "address-3", "city", "state", "postal-code", "country")
SHIPMENT_COLUMNS = (
    "amazon-order-id", "merchant-order-id", "shipment-id", "shipment-item-id", "amazon-order-item-id",
    "merchant-order-item-id", "purchase-date", "payments-date", "shipment-date", "reporting-date",
    "buyer-email", "buyer-name", "buyer-phone-number", "sku", "product-name", "quantity-shipped", "currency",
    "item-price", "item-tax", "shipping-price", "shipping-tax", "gift-wrap-price", "gift-wrap-tax",
    "ship-service-level", "recipient-name", *(f"ship-{part}" for part in _ADDRESS), "ship-phone-number",
    *(f"bill-{part}" for part in _ADDRESS), "item-promotion-discount", "ship-promotion-discount",
    "carrier", "tracking-number", "estimated-arrival-date", "fulfillment-center-id", "fulfillment-channel",
    "sales-channel",
)  # fmt: skip
POINTS = "points-granted"
"""One column more in reports of Amazon.co.jp."""
INVENTORY_COLUMNS = (
    "sku", "fnsku", "asin", "product-name", "condition", "your-price", "mfn-listing-exists",
    "mfn-fulfillable-quantity", "afn-listing-exists", "afn-warehouse-quantity", "afn-fulfillable-quantity",
    "afn-unsellable-quantity", "afn-reserved-quantity", "afn-total-quantity", "per-unit-volume",
    "afn-inbound-working-quantity", "afn-inbound-shipped-quantity", "afn-inbound-receiving-quantity",
    "afn-researching-quantity", "afn-reserved-future-supply", "afn-future-supply-buyable",
)  # fmt: skip

WAREHOUSE = "SIM1"


@dataclass(frozen=True)
class Window:
    """Shipments of [start, end] that left at or before `known_until`, in these marketplaces."""

    start: datetime
    end: datetime
    known_until: datetime
    marketplace_ids: tuple[str, ...]

    def holds(self, shipped_at: datetime, marketplace_id: str) -> bool:
        return self.start <= shipped_at <= min(self.end, self.known_until) and marketplace_id in self.marketplace_ids


def shipment_rows(seller: Seller, window: Window) -> list[Row]:
    """A row per shipped item of what Amazon fulfilled, oldest shipment first: sales, and MCF orders."""
    found = [*_rows_of_sales(seller, window), *_rows_of_mcf(seller, window)]
    return [row for _, row in sorted(found, key=lambda pair: (pair[0], pair[1]["shipment-item-id"]))]


def _rows_of_sales(seller: Seller, window: Window) -> Iterator[tuple[datetime, Row]]:
    for sale in seller.sales.values():
        if sale.fulfilled_by != "AMAZON":
            continue
        so_far: dict[str, int] = {}
        for shipment in sale.shipments:
            for number, (line, units) in enumerate(shipment.contents, start=1):
                before = so_far.get(line.item_id, 0)
                so_far[line.item_id] = before + units
                if window.holds(shipment.shipped_at, sale.marketplace_id):
                    row = _row(sale, line, shipment.shipment_id, number, shipment.shipped_at, units)
                    row |= {"carrier": CARRIER, "tracking-number": shipment.tracking_number}
                    yield shipment.shipped_at, row | _amounts(sale, line, before, before + units)


def _rows_of_mcf(seller: Seller, window: Window) -> Iterator[tuple[datetime, Row]]:
    """Rows of MCF orders have no prices. Source: seen in the field, as are the ids with S."""
    for order, echoed in zip(seller.fulfillment_orders.values(), echo.echoes(seller), strict=True):
        lines = {line.item_id: shown for line, shown in zip(order.lines, echoed.lines, strict=True)}
        for shipment_id, shipped_at, number, item_id, units, carrier, tracking_number in _shipped(order):
            if window.holds(shipped_at, order.marketplace_id):
                row = _row(echoed, lines[item_id], shipment_id, number, shipped_at, units)
                row |= {"merchant-order-id": order.order_id, "merchant-order-item-id": item_id}
                yield shipped_at, row | {"carrier": carrier, "tracking-number": tracking_number}


def _shipped(order: FulfillmentOrder) -> Iterator[tuple[str, datetime, int, str, int, str, str]]:
    """The shipped units, item by item."""
    for shipment in order.shipments:
        if shipment.status != "SHIPPED":
            continue
        contents = [(package, line, units) for package in shipment.packages for line, units in package.contents]
        for number, (package, line, units) in enumerate(contents, start=1):
            parcel = (package.carrier_code, package.tracking_number or "")
            yield (shipment.shipment_id, shipment.shipped_at, number, line.item_id, units, *parcel)


def _row(sale: Sale, line: SaleLine, shipment_id: str, number: int, shipped_at: datetime, units: int) -> Row:
    shipment_date = _time(shipped_at)
    return {
        "amazon-order-id": sale.amazon_order_id,
        "merchant-order-id": sale.details.get("seller_order_id", ""),
        "shipment-id": shipment_id,
        "shipment-item-id": f"{shipment_id}i{number}",
        "amazon-order-item-id": line.item_id,
        "purchase-date": _time(sale.created_at),
        "payments-date": shipment_date,
        "shipment-date": shipment_date,
        "reporting-date": shipment_date,
        "buyer-name": sale.buyer_name,
        "sku": line.seller_sku,
        "product-name": line.seller_sku,
        "quantity-shipped": str(units),
        "ship-service-level": sale.details.get("service_level", "STANDARD").capitalize(),
        "recipient-name": str(sale.delivery_address.get("name") or ""),
        **_address(sale.delivery_address),
        "estimated-arrival-date": _time(shipped_at + ARRIVES_AFTER),
        "fulfillment-center-id": WAREHOUSE,
        "fulfillment-channel": "AFN",
        "sales-channel": marketplace(sale.marketplace_id).channel if sale.channel == "AMAZON" else "Non-Amazon",
    }


def _address(address: Mapping[str, object]) -> Row:
    keys = ("addressLine1", "addressLine2", "addressLine3", "city", "stateOrRegion", "postalCode", "countryCode")
    return {f"ship-{part}": str(address.get(key) or "") for part, key in zip(_ADDRESS, keys, strict=True)}


def _amounts(sale: Sale, line: SaleLine, before: int, after: int) -> Row:
    """The share of the line's money of the units from `before` to `after`; all shares add up to the line."""
    money = line.money
    if money.item_price is None:
        return {}

    def until(units: int, total: Decimal) -> Decimal:
        return to_minor_unit(total * units / line.quantity, sale.currency)

    nothing = str(until(0, Decimal(0)))

    def share(total: Decimal) -> str:
        return str(until(after, total) - until(before, total)) if total else nothing

    return {
        "currency": sale.currency,
        "item-price": share(money.item_price),
        "item-tax": share(money.tax),
        "shipping-price": share(money.shipping),
        "shipping-tax": share(money.shipping_tax),
        "gift-wrap-price": share(money.gift_wrap),
        "gift-wrap-tax": share(money.gift_wrap_tax),
        "item-promotion-discount": share(-money.discount),
        "ship-promotion-discount": share(-money.shipping_discount),
    }


def inventory_rows(seller: Seller) -> list[Row]:
    """A row per SKU and condition."""
    return [_row_of_stock(row) for item in seller.stock.values() for row in item.rows]


def _row_of_stock(item: StockItem) -> Row:
    """Everything that is not inbound is in the warehouse."""
    words = {
        "sku": item.seller_sku,
        "fnsku": item.fnsku,
        "asin": item.asin,
        "product-name": item.seller_sku,
        "condition": item.condition.removesuffix("Item"),  # `NewItem` of the Inventory API is `New` here
        "afn-listing-exists": "Yes",
    }
    units = {
        "afn-warehouse-quantity": item.total - item.inbound,
        "afn-fulfillable-quantity": item.fulfillable,
        "afn-unsellable-quantity": item.unfulfillable,
        "afn-reserved-quantity": item.total_reserved,
        "afn-total-quantity": item.total,
        "afn-inbound-working-quantity": item.inbound_working,
        "afn-inbound-shipped-quantity": item.inbound_shipped,
        "afn-inbound-receiving-quantity": item.inbound_receiving,
        "afn-researching-quantity": item.researching,
    }
    return words | {column: str(number) for column, number in units.items()}


def _time(value: datetime) -> str:
    """With an offset, as the reports have it: `2026-11-23T10:00:00+00:00`."""
    return value.astimezone(timezone.utc).isoformat(timespec="seconds")
