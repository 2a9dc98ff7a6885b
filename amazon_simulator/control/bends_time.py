"""Habits of time: what Amazon shows late, and times of changes that do not move."""

import copy
from datetime import datetime, timedelta
from typing import Any

from ..api.errors import ApiError, NotFound
from ..api.outbound_dump import dump_whole
from ..world.clock import parse_time
from ..world.world import World
from .bend import LISTS, ORDER_LISTS, Bend, Json, Occasion, seconds

UPDATE_TIMES = {
    "statusUpdatedDate": "sellerFulfillmentOrderId",
    "lastUpdatedTime": "orderId",
}
"""Keys of the time of an order's change, each with the key of the order's id beside it."""

READ = "getFulfillmentOrder"
Past = list[tuple[datetime, Json]]
"""The states of an order, each with the moment from which on it was so; oldest first."""


def keep_states(world: World, memory: dict[Any, Any]) -> None:
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
    "list_lag": Bend(tuple(ORDER_LISTS), {"seconds": seconds}, bend=list_lag),
    "frozen_update_time": Bend((READ, "getOrder", *ORDER_LISTS), bend=frozen_update_time),
    "same_update_time": Bend(_SHOW_TIMES, bend=same_update_time),
}
