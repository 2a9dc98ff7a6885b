"""FBA Inventory v1: the operation, and the conversion of its JSON to the dataclass of `inventory.py`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from sp_api.api import Inventories  # type: ignore[import-untyped]

from .errors import Malformed
from .fields import LONGEST_PROSE, Fields
from .inventory import MAX_SKUS, InventorySummary
from .operation import Operation
from .paging import pages
from .transport import LibraryClient, Transport
from .values import utc_text

SUMMARIES = Operation("getInventorySummaries", rate=2, burst=2)

SUMMARY_KEYS = (
    "asin", "fnSku", "sellerSku", "condition", "inventoryDetails", "lastUpdatedTime", "productName", "totalQuantity",
    "stores",
)  # fmt: skip
DETAIL_KEYS = (
    "fulfillableQuantity", "inboundWorkingQuantity", "inboundShippedQuantity", "inboundReceivingQuantity",
    "reservedQuantity", "researchingQuantity", "unfulfillableQuantity",
)  # fmt: skip
RESERVED_KEYS = (
    "totalReservedQuantity", "pendingCustomerOrderQuantity", "pendingTransshipmentQuantity", "fcProcessingQuantity",
)  # fmt: skip


class _Client(LibraryClient, Inventories):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class InventoryApi:
    """The operation the gateway uses; see there for what it means and raises."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def summaries(
        self, marketplace_id: str, changed_since: datetime | None, seller_skus: Sequence[str]
    ) -> Iterator[InventorySummary]:
        if len(seller_skus) > MAX_SKUS or (changed_since and seller_skus):
            raise ValueError(f"ask for changes, or for at most {MAX_SKUS} seller SKUs: Amazon ignores the rest")
        query = {
            "granularityType": "Marketplace",
            "granularityId": marketplace_id,
            "marketplaceIds": marketplace_id,
            "details": "true",
        }
        if changed_since:
            query["startDateTime"] = utc_text(changed_since)
        # A comma divides the names: a SKU with one in it is asked for alone, by another parameter.
        alone = [sku for sku in seller_skus if "," in sku]
        questions = [{"sellerSku": sku} for sku in alone]
        if together := [sku for sku in seller_skus if sku not in alone]:
            questions.insert(0, {"sellerSkus": ",".join(together)})
        for question in questions or [{}]:
            yield from self._summaries(query | question)

    def _summaries(self, query: dict[str, str]) -> Iterator[InventorySummary]:
        def fetch(token: str | None) -> tuple[list[InventorySummary], str | None]:
            more = {"nextToken": token} if token else {}
            answer = self._call(SUMMARIES, self._client.get_inventory_summary_marketplace, **query, **more)
            return parse_page(answer, changes="startDateTime" in query)

        # A token lives 30 s. When the list starts anew, what was given already must not count twice.
        given: set[tuple[str | None, ...]] = set()
        for page in pages(SUMMARIES, fetch):
            for row in page:
                key = (row.seller_sku, row.fnsku, row.condition)
                if key not in given:
                    given.add(key)
                    yield row


def parse_page(answer: dict[str, Any], *, changes: bool = False) -> tuple[list[InventorySummary], str | None]:
    """Read one answer: its rows, and the token of the next page. Raises Malformed.

    A row that cannot be read is not left out: one that is missing would say that there is no stock. It tells no counts.
    For the same reason null is an empty list only in a list of `changes`.
    """
    fields = Fields(answer, SUMMARIES.name)
    payload, key = fields.child("payload"), "inventorySummaries"
    rows = () if changes and payload.is_null(key) else payload.children(key, SUMMARY_KEYS)
    pagination = fields.optional_child("pagination")
    token = pagination.optional_text("nextToken", longest=LONGEST_PROSE) if pagination else None
    return [_read_row(row) for row in rows], token


def _read_row(row: Fields) -> InventorySummary:
    """A row whose counts make no sense tells none: it stops no other. Raises Malformed where it names no SKU."""
    try:
        return _parse_row(row)
    except Malformed:
        return InventorySummary(row.text("sellerSku"), *[None] * (len(dataclasses.fields(InventorySummary)) - 1))


def _parse_row(row: Fields) -> InventorySummary:
    details = row.optional_child("inventoryDetails", DETAIL_KEYS)
    reserved = details and details.optional_child("reservedQuantity", RESERVED_KEYS)

    def quantity(fields: Fields | None, key: str) -> int | None:
        return fields.optional_quantity(key) if fields else None

    def total_of(key: str, total: str) -> int | None:
        return quantity(details.optional_child(key) if details else None, total)

    return InventorySummary(
        seller_sku=row.text("sellerSku"),
        asin=row.optional_text("asin"),
        fnsku=row.optional_text("fnSku"),
        condition=row.optional_text("condition"),
        name=row.optional_text("productName", longest=LONGEST_PROSE),
        updated_at=row.optional_moment("lastUpdatedTime"),
        total=row.optional_quantity("totalQuantity"),
        fulfillable=quantity(details, "fulfillableQuantity"),
        inbound_working=quantity(details, "inboundWorkingQuantity"),
        inbound_shipped=quantity(details, "inboundShippedQuantity"),
        inbound_receiving=quantity(details, "inboundReceivingQuantity"),
        reserved=quantity(reserved, "totalReservedQuantity"),
        reserved_orders=quantity(reserved, "pendingCustomerOrderQuantity"),
        reserved_transfers=quantity(reserved, "pendingTransshipmentQuantity"),
        reserved_processing=quantity(reserved, "fcProcessingQuantity"),
        researching=total_of("researchingQuantity", "totalResearchingQuantity"),
        unfulfillable=total_of("unfulfillableQuantity", "totalUnfulfillableQuantity"),
    )
