"""Orders 2026-01-01, the calls: searchOrders and getOrder. `orders_dump.py` writes an order."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from ..world import echo
from ..world.clock import dump_time
from ..world.sales import Sale
from .errors import InvalidInput, NotFound
from .operations import Call, Operation
from .orders_dump import DATASETS, dump_sale
from .paging import Left
from .queries import check_query, csv, time

BASE = "/orders/2026-01-01/orders"
BEFORE_MARGIN = timedelta(minutes=2)
"""`..Before` must be "at least two minutes before the time of the request". Source: the model."""

STATUSES = (
    "PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "PARTIALLY_SHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE"
)  # fmt: skip
TIMES = ("createdAfter", "createdBefore", "lastUpdatedAfter", "lastUpdatedBefore")
SEARCH_PARAMETERS = frozenset(
    {*TIMES, "fulfillmentStatuses", "marketplaceIds", "fulfilledBy", "maxResultsPerPage", "paginationToken"}
    | {"includedData"}
)
MAY_CHANGE_BETWEEN_PAGES = frozenset({"maxResultsPerPage", "includedData", "paginationToken"})


@dataclass(frozen=True)
class Search:
    """A checked question: orders whose `by` time lies in [after, before] and that match the lists (empty = all)."""

    by: str
    after: datetime
    before: datetime
    statuses: Sequence[str]
    marketplace_ids: Sequence[str]
    fulfilled_by: Sequence[str]

    def time_of(self, sale: Sale) -> datetime:
        return sale.created_at if self.by == "created" else sale.updated_at

    def matches(self, sale: Sale) -> bool:
        return (
            self.after <= self.time_of(sale) <= self.before
            and (not self.statuses or sale.status in self.statuses)
            and (not self.marketplace_ids or sale.marketplace_id in self.marketplace_ids)
            and (not self.fulfilled_by or sale.fulfilled_by in self.fulfilled_by)
        )


def search_orders(call: Call) -> dict[str, Any]:
    """A page of the orders in a window of time, oldest first, and the end of that window."""
    check_query(call.query, SEARCH_PARAMETERS)
    world = call.world
    included = csv(call.query, "includedData", DATASETS)
    size = _page_size(call)
    search = _parse_search(call)
    asked = sorted((key, str(value)) for key, value in call.query.items() if key not in MAY_CHANGE_BETWEEN_PAGES)
    scope = ("searchOrders", call.seller.refresh_token, *asked)
    token = call.query.get("paginationToken")
    keys: Left | list[str] | None
    if token:
        keys = world.pages.rest(token, scope, world.clock.now)
        if keys is None:
            raise InvalidInput("Value for parameter paginationToken is invalid, expired, or other parameters changed")
    else:
        found = sorted(filter(search.matches, _orders(call)), key=lambda s: (search.time_of(s), s.amazon_order_id))
        keys = [sale.amazon_order_id for sale in found]
    page, next_token = world.pages.cut(keys, size, scope, world.clock.now)
    answer: dict[str, Any] = {
        "orders": [dump_sale(sale, included) for sale in _named(call, page)],
        "createdBefore" if search.by == "created" else "lastUpdatedBefore": dump_time(search.before),
    }
    if next_token:
        answer["pagination"] = {"nextToken": next_token}
    return answer


def get_order(call: Call) -> dict[str, Any]:
    """One order; no `payload` around it."""
    check_query(call.query, frozenset({"includedData"}))
    included = csv(call.query, "includedData", DATASETS)
    order_id = call.path["order_id"]
    for sale in _named(call, [order_id]):
        return {"order": dump_sale(sale, included)}
    raise NotFound(f"Order {order_id} was not found")


def _orders(call: Call) -> Iterator[Sale]:
    """The orders of the Orders API: sales on Amazon, and the echoes of MCF orders."""
    yield from call.seller.sales.values()
    if call.world.settings.echo_mcf:
        yield from echo.echoes(call.seller)


def _named(call: Call, order_ids: Sequence[str]) -> list[Sale]:
    """Those of them that have these ids, in the order of the ids."""
    sales = call.seller.sales
    echoed = echo.named(call.seller, order_ids) if call.world.settings.echo_mcf else {}
    found = (sales.get(order_id) or echoed.get(order_id) for order_id in order_ids)
    return [sale for sale in found if sale is not None]


def _parse_search(call: Call) -> Search:
    """The question in the query. Raises InvalidInput."""
    times = {name: time(call.query, name) for name in TIMES if name in call.query}
    if ("createdAfter" in times) == ("lastUpdatedAfter" in times):
        raise InvalidInput("Exactly one of createdAfter and lastUpdatedAfter must be provided")
    by = "created" if "createdAfter" in times else "lastUpdated"
    if not set(times) <= {f"{by}After", f"{by}Before"}:
        raise InvalidInput("createdAfter/createdBefore and lastUpdatedAfter/lastUpdatedBefore exclude each other")
    now = call.world.clock.now
    after = times[f"{by}After"]
    before = times.get(f"{by}Before", now - timedelta(seconds=call.world.settings.orders_lag_seconds))
    if f"{by}Before" in times and not after <= before <= now - BEFORE_MARGIN:
        raise InvalidInput(f"{by}Before must not be before {by}After, nor less than two minutes before now")
    marketplace_ids = csv(call.query, "marketplaceIds")
    if len(marketplace_ids) > 50:
        raise InvalidInput("marketplaceIds must have at most 50 members")
    return Search(
        by=by,
        after=after,
        before=before,
        statuses=csv(call.query, "fulfillmentStatuses", STATUSES),
        marketplace_ids=marketplace_ids,
        fulfilled_by=csv(call.query, "fulfilledBy", ("AMAZON", "MERCHANT")),
    )


def _page_size(call: Call) -> int:
    """1 to 100 orders, and no more than the setting: Amazon may give fewer than asked for. Source: the model."""
    text = call.query.get("maxResultsPerPage")
    if text is None:
        return call.world.settings.orders_page_size
    if not str(text).isdecimal() or not 1 <= int(text) <= 100:
        raise InvalidInput(f"Value {text} for parameter maxResultsPerPage is invalid")
    return min(int(text), call.world.settings.orders_page_size)


OPERATIONS = (
    Operation("searchOrders", "GET", BASE, 0.0056, 20, search_orders),
    Operation("getOrder", "GET", f"{BASE}/<order_id>", 0.5, 30, get_order),
)
