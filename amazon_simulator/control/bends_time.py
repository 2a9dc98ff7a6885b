"""Habits of time: what Amazon shows late, and times of changes that do not move."""

import copy
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ..api.errors import ApiError, NotFound
from ..api.inventory import dump_row
from ..api.outbound_dump import dump_whole
from ..world.clock import parse_time
from ..world.stock import StockItem
from ..world.world import World
from .bend import LISTS, ORDER_LISTS, Bend, Json, Occasion, list_of_words, optional, seconds, seconds_or

UPDATE_TIMES = {
    "statusUpdatedDate": "sellerFulfillmentOrderId",
    "lastUpdatedTime": "orderId",
}
"""Keys of the time of an order's change, each with the key of the order's id beside it."""

READ = "getFulfillmentOrder"
Past = list[tuple[datetime, Json]]
"""The states of an order, each with the moment from which on it was so; oldest first."""

SEARCH_LATE_S = 1500
"""How late orders are found; the simulator's own, beyond any overlap of minutes."""

COUNTS = "getInventorySummaries"
LATE = ("totalQuantity", "inventoryDetails", "lastUpdatedTime")
"""Keys of a row that tell counts, and of when they are."""
PastStock = list[tuple[datetime, StockItem]]
"""The same for a SKU."""
EVER = datetime.min.replace(tzinfo=timezone.utc)


def keep_states(world: World, memory: dict[Any, Any], options: Mapping[str, Any]) -> None:
    """Note the state of each order that may have changed since it was noted last."""
    for seller in world.sellers.values():
        for order in seller.fulfillment_orders.values():
            past: Past = memory.setdefault((seller.refresh_token, order.order_id), [])
            if past and past[-1][0] == order.changed_at:
                if order.changed_at < world.clock.now:
                    continue
                past.pop()
            past.append((order.changed_at, copy.deepcopy(dump_whole(order))))


def read_too_early(on: Occasion) -> ApiError | None:
    """A new order is not found yet; `create_lag_seconds` would hide it from lists, too."""
    order = on.call.seller.fulfillment_orders.get(on.named or "")
    if order is None or order.created_at <= _horizon(on):
        return None
    return NotFound(f"Fulfillment order {order.order_id} was not found")


def read_lag(answer: Json, on: Occasion) -> None:
    """An order is shown as it was. A state from before the habit was armed is unknown: the first known one is shown.

    Source: Amazon's systems agree only in the end, amzn/selling-partner-api-models issue 5259.
    """
    past: Past = on.memory.get((on.call.seller.refresh_token, on.named), [])
    known = [state for since, state in past if since <= _horizon(on)] or [state for _, state in past[:1]]
    if known:
        answer["payload"] = known[-1]


def list_lag(answer: Json, on: Occasion) -> None:
    """Orders that changed lately are missing in a list that claims to reach until now.

    Seen: amzn/selling-partner-api-models issues 2321 (an hour), 3945 and 5048. The setting `orders_lag_seconds` is the
    honest form: there the answer says until when it reaches.
    """
    rows = on.rows(answer)
    rows[:] = [row for row in rows if not on.concerns(row) or _changed_at(row) <= _horizon(on)]


def search_late(answer: Json, on: Occasion) -> None:
    """Orders are found only some time after their change, with their old times; the search claims to reach until now.

    So one that goes on from where the last one ended never sees them; one by time of creation does. They are told by
    their true time of change, whatever other habits make of it.
    Seen: jlevers/selling-partner-api issue 763 (hours late); amzn/selling-partner-api-models issues 3945 and 5048
    (missing in searches of either kind, see `list_omits`).
    """
    rows, sales = on.rows(answer), on.call.seller.sales

    def changed_at(row: Any) -> datetime:
        sale = sales.get(row["orderId"]) if isinstance(row, dict) and isinstance(row.get("orderId"), str) else None
        return sale.updated_at if sale else _changed_at(row)

    rows[:] = [row for row in rows if not on.concerns(row) or changed_at(row) <= _horizon(on)]


def keep_stock(world: World, memory: dict[Any, Any], options: Mapping[str, Any]) -> None:
    """Note each SKU that may have changed since it was looked at, and forget what is too old to be told."""
    now, seen_at = world.clock.now, memory.get("seen_at", EVER)
    for seller in world.sellers.values():
        for sku, item in seller.stock.items():
            past: PastStock = memory.setdefault((seller.refresh_token, sku), [])
            if past and item.changed_at is not None and item.changed_at < seen_at:
                continue
            state = replace(item, clock=None)
            if past and past[-1][1] == state:
                continue
            past.append((EVER if seen_at == EVER else now, state))
            while len(past) > 1 and past[1][0] <= now - timedelta(seconds=options["seconds"]):
                del past[0]
    memory["seen_at"] = now


def counts_lag(answer: Json, on: Occasion) -> None:
    """Counts are told as they were; a SKU is missing that was not there then, or had not changed yet.

    Seen: amzn/selling-partner-api-models issues 947 (two days late) and 2167 (a `lastUpdatedTime` of a week before).
    """
    rows, ids = on.rows(answer), on.options["ids"]
    since = on.call.query.get("startDateTime")
    start = parse_time(since) if since else EVER
    told = []
    for row in rows:
        if not on.concerns(row) or (ids is not None and not on.ids(row) & set(ids)):
            told.append(row)
        elif (then := _row_then(row, on)) and (then.updated_at or EVER) >= start:
            late = dump_row(then, details="inventoryDetails" in row)
            told.append(row | {key: late[key] for key in LATE if key in row and key in late})
    rows[:] = told


def _row_then(row: Json, on: Occasion) -> StockItem | None:
    """The stock behind a row, as it was; None when there was none. Its words are those of now."""
    seller, sku = on.call.seller, str(row.get("sellerSku"))
    past: PastStock = on.memory.get((seller.refresh_token, sku), [])
    known = [item for since, item in past if since <= _horizon(on)]
    if not known:
        return None
    now = seller.stock[sku]
    then = replace(known[-1], fnsku=now.fnsku, condition=now.condition, omitted=now.omitted)
    key = "fnSku" if "fnSku" in row else "condition"
    return next((it for it in then.rows if dump_row(it, details=False).get(key) == row.get(key)), None)


def frozen_update_time(answer: Json, on: Occasion) -> None:
    """The time of the last change stays while the order changes.

    Source: Orders v0, "An update is defined as any change in order status" (amzn/selling-partner-api-docs issue 688),
    so nothing else moves it.
    """
    for node in on.objects(answer):
        for key, name in UPDATE_TIMES.items():
            if key in node and name in node:
                node[key] = on.memory.setdefault((name, node[name]), node[key])


def same_update_time(answer: Json, on: Occasion) -> None:
    """Changes share one time, that of the full hour before them; the simulator's own form of coarse times."""
    for node in on.objects(answer):
        for key in {*UPDATE_TIMES, "statusChangedDate"} & node.keys():
            node[key] = f"{str(node[key])[:13]}:00:00Z"


def _horizon(on: Occasion) -> datetime:
    """Until when Amazon knows."""
    return on.call.world.clock.now - timedelta(seconds=on.options["seconds"])


def _changed_at(row: Any) -> datetime:
    times = [parse_time(row[key]) for key in UPDATE_TIMES if isinstance(row, dict) and isinstance(row.get(key), str)]
    return max(times, default=parse_time("0001-01-01"))


_SHOW_TIMES = (READ, "getOrder", *LISTS)

BENDS = {
    "read_lag": Bend((READ,), {"seconds": seconds}, refuse=read_too_early, bend=read_lag, watch=keep_states),
    "counts_lag": Bend(
        (COUNTS,), {"seconds": seconds, "ids": optional(list_of_words)}, bend=counts_lag, watch=keep_stock
    ),
    "list_lag": Bend(tuple(ORDER_LISTS), {"seconds": seconds}, bend=list_lag),
    "search_late": Bend(("searchOrders",), {"seconds": seconds_or(SEARCH_LATE_S)}, bend=search_late),
    "frozen_update_time": Bend((READ, "getOrder", *ORDER_LISTS), bend=frozen_update_time),
    "same_update_time": Bend(_SHOW_TIMES, bend=same_update_time),
}
