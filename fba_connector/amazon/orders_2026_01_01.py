"""Orders v2026-01-01: the operations, and the conversion of their JSON to the dataclasses of `orders.py`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from sp_api.api import OrdersV20260101  # type: ignore[import-untyped]

from .buyer_address import BuyerAddress
from .fields import LONGEST_PROSE, Fields, unusable
from .money import Money
from .operation import Operation
from .orders import (
    AMAZON,
    AMAZON_BUSINESS,
    CHANNELS,
    FACILITATOR,
    FULFILLERS,
    INVOICE_BY_AMAZON,
    PENDING_CHARGE,
    SELLER_ORDER_ID,
    STATUSES,
    Buyer,
    OrderPage,
    RawOrder,
    SoldItem,
    SoldOrder,
)
from .paging import pages
from .personal_data import BUYER, NOBODY, REGION, keep_of
from .registrations import ENTITIES, KINDS, OF_BUYER, TaxRegistration
from .spelling import spelt
from .transport import LibraryClient, Transport
from .values import utc_text

SEARCH = Operation("searchOrders", rate=0.0056, burst=20)  # twenty, then one in three minutes
GET = Operation("getOrder", rate=0.5, burst=30)

# Status and quantities, money, and who remits the tax. What we do not ask for needs no protection: buyer and address
# come only where somebody wants them (and Amazon gives them to applications with the role for personal data only).
INCLUDED_DATA = ("FULFILLMENT", "PROCEEDS", "TAX")
PERSONAL_DATA = {NOBODY: (), REGION: ("RECIPIENT",), BUYER: ("RECIPIENT", "BUYER")}
PAGE_SIZE = 100  # the most Amazon gives: searches are dear
UPDATED_AFTER, CREATED_AFTER = "lastUpdatedAfter", "createdAfter"  # a search has one of them

BREAKDOWNS = ("ITEM", "SHIPPING", "GIFT_WRAP", "COD_FEE", "OTHER", "TAX", "DISCOUNT", "DELIVERY_TIP")
REPLACEMENTS = ("REPLACEMENT_ORIGINAL_ID", "EXCHANGE_ORIGINAL_ID")
PROGRAMS = (
    "AMAZON_BAZAAR", AMAZON_BUSINESS, "AMAZON_EASY_SHIP", "AMAZON_HAUL", "DELIVERY_BY_AMAZON", "FBM_SHIP_PLUS",
    INVOICE_BY_AMAZON, "IN_STORE_PICK_UP", "PREMIUM", "PREORDER", "PRIME",
)  # fmt: skip
SCHEMES = ("UOSS", "IOSS")
CHARGE_STATUSES = (PENDING_CHARGE, "FINALIZED")

# Every key of the model's objects, read or not: what else comes is news.
ORDER_KEYS = (
    "orderId", "orderAliases", "createdTime", "lastUpdatedTime", "programs", "associatedOrders", "salesChannel",
    "buyer", "recipient", "proceeds", "payment", "tax", "fulfillment", "orderItems", "packages", "fulfillmentOrders",
)  # fmt: skip
ITEM_KEYS = (
    "orderItemId", "quantityOrdered", "measurement", "associatedOrderItems", "programs", "product", "proceeds",
    "expense", "promotion", "cancellation", "fulfillment", "tax",
)  # fmt: skip


class _Client(LibraryClient, OrdersV20260101):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class OrdersApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def search(
        self,
        after: datetime,
        marketplace_ids: Sequence[str],
        page_token: str | None,
        keep: str,
        *,
        by: str = UPDATED_AFTER,
        created_before: datetime | None = None,
    ) -> Iterator[OrderPage]:
        if not marketplace_ids:
            raise ValueError("searching orders needs a marketplace: none would mean all of the seller's")
        query = {
            by: utc_text(after),
            **({"createdBefore": utc_text(created_before)} if created_before else {}),
            "marketplaceIds": ",".join(marketplace_ids),
            "fulfilledBy": AMAZON,
            "includedData": _included(keep),
            "maxResultsPerPage": str(PAGE_SIZE),
        }

        def fetch(token: str | None) -> tuple[OrderPage, str | None]:
            more = {"paginationToken": token} if token else {}  # every other parameter has to stay the same
            page = parse_page(self._call(SEARCH, self._client.search_orders, **query, **more), keep)
            return page, page.next_token

        return pages(SEARCH, fetch, page_token)

    def get(self, order_id: str, keep: str) -> RawOrder:
        answer = self._call(GET, self._client.get_order, order_id, includedData=_included(keep))
        return _read_raw(Fields(answer, GET.name).child("order"), keep)


def _included(keep: str) -> str:
    return ",".join((*INCLUDED_DATA, *PERSONAL_DATA[keep]))


def _read_raw(row: Fields, keep: str) -> RawOrder:
    updated_at = row.if_readable(row.optional_moment, "lastUpdatedTime")
    return RawOrder(row.text("orderId"), updated_at, keep_of(row.json, keep))


def parse_page(answer: dict[str, Any], keep: str = BUYER) -> OrderPage:
    """Read one answer of searchOrders; of personal data only `keep` stays. Raises Malformed.

    An order needs its id only to be kept: whoever reads it finds what else is wrong. One without is left out.
    """
    fields = Fields(answer, SEARCH.name)
    orders = tuple(
        fields.readable_children("orders", lambda row: _read_raw(row, keep), optional=fields.is_null("orders"))
    )
    pagination = fields.optional_child("pagination")
    token = pagination.optional_text("nextToken", longest=LONGEST_PROSE) if pagination else None
    return OrderPage(orders, fields.optional_moment("lastUpdatedBefore"), token)


def parse_order(payload: Any) -> SoldOrder:
    """Read one order of searchOrders or getOrder, as RawOrder keeps it. Raises Malformed."""
    order = Fields(payload, SEARCH.name, known=ORDER_KEYS)
    channel = order.child("salesChannel")
    fulfillment = order.optional_child("fulfillment")
    proceeds = order.optional_child("proceeds")
    recipient = order.optional_child("recipient")
    buyer = order.optional_child("buyer")
    tax = order.optional_child("tax")
    total = _optional_money(proceeds, "grandTotal")
    return SoldOrder(
        order_id=order.text("orderId"),
        created_at=order.moment("createdTime"),
        updated_at=order.moment("lastUpdatedTime"),
        channel=channel.choice("channelName", CHANNELS),
        marketplace_id=channel.optional_text("marketplaceId"),
        status=fulfillment.choice("fulfillmentStatus", STATUSES) if fulfillment else None,
        fulfilled_by=fulfillment.optional_choice("fulfilledBy", FULFILLERS) if fulfillment else None,
        grand_total=total,
        items=tuple(_parse_item(item, total) for item in order.children("orderItems", ITEM_KEYS)),
        aliases=tuple(
            (alias.choice("aliasType", (SELLER_ORDER_ID,)), alias.text("aliasId"))
            for alias in order.optional_children("orderAliases")
        ),
        replaces=next(
            (
                other.optional_text("orderId")
                for other in order.optional_children("associatedOrders")
                if other.optional_choice("associationType", REPLACEMENTS) in REPLACEMENTS
            ),
            None,
        ),
        breakdown=tuple(_parse_breakdown(proceeds, total)) if proceeds else (),
        address=_optional_address(recipient, "deliveryAddress"),
        pending=tuple(_pending(proceeds)) if proceeds else (),
        programs=tuple(spelt(name, PROGRAMS) or name for name in order.if_readable(order.texts, "programs") or ()),
        tax_registrations=tuple(_parse_registrations(tax)) if tax else (),
        buyer=_parse_buyer(buyer) if buyer else None,
    )


def _parse_buyer(buyer: Fields) -> Buyer:
    return Buyer(
        company=buyer.if_readable(buyer.optional_text, "buyerCompanyName"),
        purchase_order=buyer.if_readable(buyer.optional_text, "buyerPurchaseOrderNumber"),
    )


def _parse_registrations(tax: Fields) -> Iterator[TaxRegistration]:
    """The buyer's."""
    for row in tax.optional_children("taxRegistrations"):
        if row.optional_choice("entityType", ENTITIES) == OF_BUYER:
            yield TaxRegistration(
                kind=row.optional_choice("taxRegistrationType", KINDS),
                number=row.if_readable(row.optional_text, "taxRegistrationNumber"),
                legal_name=row.if_readable(row.optional_text, "legalName"),
                address=row.if_readable(partial(_optional_address, row), "taxRegistrationAddress"),
            )


def _optional_address(fields: Fields | None, key: str) -> BuyerAddress | None:
    address = fields.optional_child(key) if fields else None
    if not address:
        return None
    lines = (address.optional_text(f"addressLine{number}") for number in (1, 2, 3))
    return BuyerAddress(
        name=address.optional_text("name"),
        company=address.optional_text("companyName"),
        lines=tuple(line for line in lines if line),
        city=address.optional_text("city"),
        state=address.optional_text("stateOrRegion"),
        postal_code=address.optional_text("postalCode"),
        country=address.optional_text("countryCode"),
    )


def _parse_item(item: Fields, grand_total: Money | None) -> SoldItem:
    product = item.child("product")
    fulfillment = item.optional_child("fulfillment")
    proceeds = item.optional_child("proceeds")
    total = _optional_money(proceeds, "proceedsTotal")
    tax = item.optional_child("tax")
    collections = tax.optional_children("taxCollections") if tax else ()
    calculations = tax.optional_children("taxCalculationBreakdowns") if tax else ()
    return SoldItem(
        item_id=item.text("orderItemId"),
        seller_sku=product.optional_text("sellerSku"),
        title=product.optional_text("title", longest=LONGEST_PROSE),
        quantity_ordered=item.quantity("quantityOrdered"),
        quantity_fulfilled=_parse_fulfilled(item, fulfillment),
        total=total,
        breakdown=tuple(_parse_breakdown(proceeds, total or grand_total)) if proceeds else (),
        unit_price=_optional_money(product.optional_child("price"), "unitPrice"),
        tax=tuple(_parse_tax(proceeds)) if proceeds else (),
        tax_collections=_choices(collections, "model", (FACILITATOR,)),
        reporting_schemes=_choices(calculations, "reportingScheme", SCHEMES),
        asin=product.optional_text("asin"),
        serial_numbers=product.texts("serialNumbers"),
    )


def _choices(rows: Iterable[Fields], key: str, known: tuple[str, ...]) -> tuple[str, ...]:
    """The values of `key` that are not blank."""
    values = (row.optional_choice(key, known) for row in rows)
    return tuple(value for value in values if value and value.strip())


def _pending(proceeds: Fields) -> Iterator[str]:
    """Types of charges that are not in the total yet."""
    for row in proceeds.optional_children("breakdowns"):
        if row.optional_choice("status", CHARGE_STATUSES) == PENDING_CHARGE:
            yield row.choice("type", BREAKDOWNS)


def _parse_fulfilled(item: Fields, fulfillment: Fields | None) -> int | None:
    """Units that have left; where Amazon does not say, all but those that have not, and none of a cancelled item."""
    left = fulfillment.optional_quantity("quantityFulfilled") if fulfillment else None
    if left is not None:
        return left
    cancellation = item.optional_child("cancellation")
    execution = cancellation.optional_child("cancellationExecution") if cancellation else None
    if execution and execution.json:
        return 0
    still_here = fulfillment.optional_quantity("quantityUnfulfilled") if fulfillment else None
    return max(0, item.quantity("quantityOrdered") - still_here) if still_here else None


def _parse_breakdown(proceeds: Fields, total: Money | None) -> Iterator[tuple[str, Decimal]]:
    """(type, subtotal) of each; the currency has to be the one of the total, as the pairs do not carry it."""
    currency = total.currency if total else None
    for row in proceeds.optional_children("breakdowns"):
        subtotal = row.child("subtotal").money()
        if currency and subtotal.currency != currency:
            path = f"{row.path}.subtotal.currencyCode"
            raise unusable(SEARCH.name, path, "differs")
        currency = subtotal.currency
        yield row.choice("type", BREAKDOWNS), subtotal.amount


def _parse_tax(proceeds: Fields) -> Iterator[tuple[str, Decimal]]:
    """(type, amount) of what the TAX of an item is made of."""
    for row in proceeds.optional_children("breakdowns"):
        if row.choice("type", BREAKDOWNS) == "TAX":
            for part in row.optional_children("detailedBreakdowns"):
                kind, value = part.optional_choice("subtype", BREAKDOWNS), _optional_money(part, "value")
                if kind and value:
                    yield kind, value.amount


def _optional_money(fields: Fields | None, key: str) -> Money | None:
    money = fields.optional_child(key) if fields else None
    return money.money() if money else None
