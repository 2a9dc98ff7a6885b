"""Orders v2026-01-01: its operations, and its JSON to the dataclasses of `orders.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from sp_api.api import OrdersV20260101  # type: ignore[import-untyped]

from .errors import Malformed
from .fields import Fields, utc_datetime, utc_text
from .orders import Money, OrderPage, RawOrder, SoldItem, SoldOrder
from .transport import LibraryClient, Operation, Transport

# Rates are the published usage plan, requests per second: a search has 20 at once, then one in three minutes.
SEARCH = Operation("searchOrders", rate=0.0056)
GET = Operation("getOrder", rate=0.5)

# Status and quantities, and money. Neither BUYER, RECIPIENT nor TAX: what we do not ask for needs no protection.
INCLUDED_DATA = ("FULFILLMENT", "PROCEEDS")
PAGE_SIZE = 100  # the most Amazon gives: searches are dear


class _Client(LibraryClient, OrdersV20260101):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class OrdersApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def get(self, order_id: str) -> SoldOrder:
        answer = self._call(GET, self._client.get_order, order_id, includedData=",".join(INCLUDED_DATA))
        return parse_order(Fields(answer, GET.name).child("order").json)

    def search(
        self, updated_after: datetime, marketplace_ids: Sequence[str], page_token: str | None
    ) -> Iterator[OrderPage]:
        if not marketplace_ids:
            raise ValueError("searching orders needs a marketplace: none would mean all of the seller's")
        query = {
            "lastUpdatedAfter": utc_text(updated_after),
            "marketplaceIds": ",".join(marketplace_ids),
            "fulfilledBy": "AMAZON",
            "includedData": ",".join(INCLUDED_DATA),
            "maxResultsPerPage": str(PAGE_SIZE),
        }
        while True:
            if page_token:
                query["paginationToken"] = page_token  # every other parameter has to stay the same
            page = parse_page(self._call(SEARCH, self._client.search_orders, **query))
            yield page
            if not page.next_token:
                return
            if page.next_token == page_token:
                raise Malformed(
                    "Amazon's search does not end: nextToken repeats", operation=SEARCH.name, code="nextToken"
                )
            page_token = page.next_token


def parse_page(answer: dict[str, Any]) -> OrderPage:
    """Read one answer of searchOrders. Raises Malformed."""
    fields = Fields(answer, SEARCH.name)
    orders = tuple(
        RawOrder(order_id=row.text("orderId"), updated_at=_moment_if_readable(row), payload=row.json)
        for row in fields.children("orders")
    )
    pagination = fields.optional_child("pagination")
    token = pagination.optional_text("nextToken") if pagination else None
    return OrderPage(orders, fields.optional_moment("lastUpdatedBefore"), token)


def _moment_if_readable(row: Fields) -> datetime | None:
    try:
        return utc_datetime(str(row.json.get("lastUpdatedTime")))
    except (ValueError, OverflowError):
        return None


def parse_order(payload: Any) -> SoldOrder:
    """Read one order, as searchOrders and getOrder give it. Raises Malformed."""
    order = Fields(payload, GET.name)
    channel = order.child("salesChannel")
    fulfillment = order.optional_child("fulfillment")
    proceeds = order.optional_child("proceeds")
    return SoldOrder(
        order_id=order.text("orderId"),
        created_at=order.moment("createdTime"),
        updated_at=order.moment("lastUpdatedTime"),
        channel=channel.text("channelName"),
        marketplace_id=channel.optional_text("marketplaceId"),
        status=fulfillment.text("fulfillmentStatus") if fulfillment else None,
        fulfilled_by=fulfillment.optional_text("fulfilledBy") if fulfillment else None,
        grand_total=_optional_money(proceeds, "grandTotal"),
        items=tuple(_parse_item(item) for item in order.children("orderItems")),
        aliases=tuple(
            (alias.text("aliasType"), alias.text("aliasId")) for alias in order.optional_children("orderAliases")
        ),
    )


def _parse_item(item: Fields) -> SoldItem:
    product = item.child("product")
    fulfillment = item.optional_child("fulfillment")
    proceeds = item.optional_child("proceeds")
    total = _optional_money(proceeds, "proceedsTotal")
    return SoldItem(
        item_id=item.text("orderItemId"),
        seller_sku=product.optional_text("sellerSku"),
        title=product.optional_text("title"),
        quantity_ordered=item.quantity("quantityOrdered"),
        quantity_fulfilled=fulfillment.optional_quantity("quantityFulfilled") if fulfillment else None,
        total=total,
        breakdown=tuple(_parse_breakdown(proceeds, total)) if proceeds else (),
    )


def _parse_breakdown(proceeds: Fields, total: Money | None) -> Iterator[tuple[str, Decimal]]:
    """(type, subtotal) of each; the currency has to be the one of the total, as the pairs do not carry it."""
    currency = total.currency if total else None
    for row in proceeds.optional_children("breakdowns"):
        subtotal = _parse_money(row.child("subtotal"))
        if currency and subtotal.currency != currency:
            path = f"{row.path}.subtotal.currencyCode"
            raise Malformed(f"Amazon's answer cannot be used: {path} differs", operation=GET.name, code=path)
        currency = subtotal.currency
        yield row.text("type"), subtotal.amount


def _optional_money(fields: Fields | None, key: str) -> Money | None:
    money = fields.optional_child(key) if fields else None
    return _parse_money(money) if money else None


def _parse_money(money: Fields) -> Money:
    return Money(amount=money.decimal("amount"), currency=money.text("currencyCode"))
