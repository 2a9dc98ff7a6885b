"""Orders sold on Amazon as the report of shipped items tells them: a month in one call, without who owes the tax.

`reported_items` reads the rows; whoever keeps them brings those of an order together, since they may be apart, and in
several reports. `reported_order` then writes the order as Orders v2026-01-01 would, so that nothing after it differs.
Columns are read by name. Source: SP-API FBA Reports, GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL; names of the columns,
and the ids of orders sold elsewhere, as seen in the field.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from .fields import LONGEST, LONGEST_PROSE, MOST_UNITS
from .orders import AMAZON, FACILITATOR, SHIPPED, RawOrder
from .personal_data import NOBODY, keep_of
from .shipped_items import MadeUpKeys
from .values import utc_datetime_or_none, utc_text, whole_number

_ORDER, _KEY, _LINE, _CHANNEL = "amazon-order-id", "shipment-item-id", "amazon-order-item-id", "sales-channel"
_ORDERED, _SHIPPED, _SKU, _TITLE = "purchase-date", "shipment-date", "sku", "product-name"
_UNITS, _CURRENCY = "quantity-shipped", "currency"
_PRICES = {"ITEM": "item-price", "SHIPPING": "shipping-price", "GIFT_WRAP": "gift-wrap-price"}
_TAXES = {"ITEM": "item-tax", "SHIPPING": "shipping-tax", "GIFT_WRAP": "gift-wrap-tax"}
_DISCOUNTS = {"ITEM": "item-promotion-discount", "SHIPPING": "ship-promotion-discount"}
_AMOUNTS = (*_PRICES.values(), *_TAXES.values(), *_DISCOUNTS.values())
_PLACE = {"countryCode": "ship-country", "stateOrRegion": "ship-state", "postalCode": "ship-postal-code"}
COLUMNS = (_LINE, _CHANNEL, _ORDERED, _SHIPPED, _SKU, _TITLE, _UNITS, _CURRENCY, *_AMOUNTS, *_PLACE.values())

_ELSEWHERE = ("non-amazon", "non amazon")  # sales channels begin so where we had Amazon fulfill the order
_OWN_ID = "S"  # begins the ids of such orders
_AMOUNT = re.compile(r"-?\d{1,15}(\.\d{1,6})?", re.ASCII)


@dataclass(frozen=True)
class Shop:
    """What a sales channel of the report is: `prices_hold_tax` by the marketplace's custom, None where unknown."""

    marketplace_id: str
    prices_hold_tax: bool | None


@dataclass(frozen=True)
class ReportedItem:
    """A row: units that left in one shipment. `key` is the row's own, the same in every report.

    `cells` are those of COLUMNS, with tabs between them, for `reported_order`. Times are None where unreadable.
    """

    order_id: str
    key: str
    channel: str
    ordered_at: datetime | None
    shipped_at: datetime | None
    cells: str = field(repr=False)


@dataclass(frozen=True)
class ReportedOrder:
    """`is_complete`: the report has all that the order needs; else only its id, and what can be read, are sure."""

    raw: RawOrder
    is_complete: bool


def reported_items(rows: Iterable[Mapping[str, str]], keep: str = NOBODY) -> Iterator[ReportedItem]:
    """The rows of orders sold on Amazon, one by one. Where the order goes is read as far as `keep` allows.

    Rows of other channels, and rows without an order, are left out. A repeated row has the same key again; a row
    without one is told from its equals by their number before it.
    """
    columns = [name for name in COLUMNS if keep != NOBODY or name not in _PLACE.values()]
    made_up = MadeUpKeys()
    for row in rows:
        order_id, channel = _text(row, _ORDER), _text(row, _CHANNEL)
        if not 0 < len(order_id) <= LONGEST or order_id.startswith(_OWN_ID) or _is_elsewhere(channel):
            continue
        cells = "\t".join(_text(row, name) if name in columns else "" for name in COLUMNS)
        key = _text(row, _KEY)
        if not 0 < len(key) <= LONGEST:
            key = made_up.of(f"{order_id}\t{key}\t{cells}")
        ordered_at, shipped_at = (utc_datetime_or_none(_text(row, name)) for name in (_ORDERED, _SHIPPED))
        yield ReportedItem(order_id, key, channel, ordered_at, shipped_at, cells)


def reported_order(
    order_id: str, rows: Mapping[str, str], shops: Mapping[str, Shop], *, is_remitted: bool, keep: str = NOBODY
) -> ReportedOrder:
    """The order of `rows` ({key: cells of a ReportedItem}, all of its rows).

    `shops`: {name of a sales channel, casefolded: Shop}. `is_remitted`: Amazon remits the tax of its items; the report
    does not tell, so it is somebody's word. A blank or odd cell makes the order incomplete, never a zero.
    """
    parts = [_Part(dict(zip(COLUMNS, cells.split("\t"), strict=True))) for _key, cells in sorted(rows.items())]
    first = parts[0]
    shop = shops.get(first.channel.casefold()) or Shop(first.channel, None)
    same = all((part.channel, part.currency) == (first.channel, first.currency) for part in parts)
    by_line: dict[str, list[_Part]] = {}
    for part in parts:
        by_line.setdefault(part.line or part.sku, []).append(part)
    total = Decimal()
    items = []
    for line, its in by_line.items():
        proceeds, amount = _proceeds(its, first.currency, shop.prices_hold_tax)
        total += amount
        items.append(_item(line, its, proceeds, is_remitted=is_remitted))
    left = [part.shipped_at for part in parts if part.shipped_at]
    placed = [part.ordered_at for part in parts if part.ordered_at]
    updated_at = max(left, default=None)
    payload: dict[str, Any] = {
        "orderId": order_id,
        **({"createdTime": utc_text(min(placed))} if placed else {}),
        **({"lastUpdatedTime": utc_text(updated_at)} if updated_at else {}),
        "salesChannel": {"channelName": AMAZON, **({"marketplaceId": shop.marketplace_id} if first.channel else {})},
        "fulfillment": {"fulfillmentStatus": SHIPPED, "fulfilledBy": AMAZON},
        "proceeds": {"grandTotal": _money(total, first.currency)},
        "orderItems": items,
    }
    if first.place:
        payload["recipient"] = {"deliveryAddress": first.place}
    is_complete = same and shop.prices_hold_tax is not None and all(part.is_readable for part in parts)
    return ReportedOrder(RawOrder(order_id, updated_at, keep_of(payload, keep)), is_complete)


class _Part:
    """A row."""

    def __init__(self, cells: Mapping[str, str]) -> None:
        self.channel, self.line, self.sku = cells[_CHANNEL], cells[_LINE], cells[_SKU]
        self.title, self.currency = cells[_TITLE], cells[_CURRENCY].upper()
        self.ordered_at, self.shipped_at = (utc_datetime_or_none(cells[name]) for name in (_ORDERED, _SHIPPED))
        units = whole_number(cells[_UNITS])
        self.units = units if units is not None and 0 <= units <= MOST_UNITS else None
        self.amounts = {name: Decimal(cells[name]) if _AMOUNT.fullmatch(cells[name]) else None for name in _AMOUNTS}
        self.place = {key: cells[column] for key, column in _PLACE.items() if cells[column]}

    @property
    def is_readable(self) -> bool:
        words = (self.channel, self.line, self.sku, self.currency, self.ordered_at, self.shipped_at)
        return all(words) and None not in (self.units, *self.amounts.values())

    def amount(self, column: str) -> Decimal:
        return self.amounts[column] or Decimal()


def _item(line: str, parts: list[_Part], proceeds: dict[str, Any], *, is_remitted: bool) -> dict[str, Any]:
    units = sum(part.units or 0 for part in parts)
    names = {"sellerSku": parts[0].sku, "title": parts[0].title}
    return {
        "orderItemId": line or "?",
        "quantityOrdered": units,
        "product": {key: text for key, text in names.items() if text},
        "fulfillment": {"quantityFulfilled": units},
        "proceeds": proceeds,
        **({"tax": {"taxCollections": [{"model": FACILITATOR}]}} if is_remitted else {}),
    }


def _proceeds(parts: list[_Part], currency: str, prices_hold_tax: bool | None) -> tuple[dict[str, Any], Decimal]:
    """(the proceeds of an item, their total)."""

    def sums(columns: Mapping[str, str]) -> dict[str, Decimal]:
        found = {kind: sum((part.amount(it) for part in parts), Decimal()) for kind, it in columns.items()}
        return {kind: amount for kind, amount in found.items() if amount}

    prices, taxes = sums(_PRICES), sums(_TAXES)
    discounts = {kind: -abs(amount) for kind, amount in sums(_DISCOUNTS).items()}
    total = sum(prices.values(), Decimal()) + sum(discounts.values())
    if not prices_hold_tax:
        total += sum(taxes.values())
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": _money(amount, currency)} for kind, amount in ({"ITEM": Decimal()} | prices).items()
    ]
    for kind, split in (("DISCOUNT", discounts), ("TAX", taxes)):
        if split:
            details = [{"subtype": of, "value": _money(amount, currency)} for of, amount in split.items()]
            subtotal = _money(sum(split.values(), Decimal()), currency)
            breakdowns.append({"type": kind, "subtotal": subtotal, "detailedBreakdowns": details})
    return {"proceedsTotal": _money(total, currency), "breakdowns": breakdowns}, total


def _money(amount: Decimal, currency: str) -> dict[str, str]:
    return {"amount": f"{amount:f}", "currencyCode": currency}


def _is_elsewhere(channel: str) -> bool:
    return channel.casefold().startswith(_ELSEWHERE)


def _text(row: Mapping[str, str], column: str) -> str:
    return row.get(column, "").strip().replace("\t", " ")[:LONGEST_PROSE]
