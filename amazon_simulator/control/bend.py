"""What a habit is made of: its options, the calls it refuses, the answers it bends."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..api import download
from ..api.errors import ApiError
from ..api.operations import Call
from ..world import echo
from ..world.world import World
from .input import ControlError, Input

Json = dict[str, Any]

ORDER_LISTS = {
    "listAllFulfillmentOrders": ("payload", "fulfillmentOrders", "sellerFulfillmentOrderId"),
    "searchOrders": ("", "orders", "orderId"),
}
LISTS = ORDER_LISTS | {"getInventorySummaries": ("payload", "inventorySummaries", "sellerSku")}
"""Operations that answer rows: the object that holds the list ("" = the answer), its key, the id of a row."""
OF_MANY = frozenset({*LISTS, download.OPERATION})
"""Operations whose answers are about many orders."""


@dataclass(frozen=True)
class Occasion:
    """A call that meets a habit. `order_id`: the only order the habit is about; `memory` lasts from call to call."""

    operation: str
    call: Call
    order_id: str | None
    options: Mapping[str, Any]
    memory: dict[Any, Any]

    @property
    def named(self) -> str | None:
        """The order that the call names: in its path, in its body, or by one of its packages."""
        name = self.call.path.get("order_id")
        if self.operation == "createFulfillmentOrder" and isinstance(self.call.body, dict):
            name = self.call.body.get("sellerFulfillmentOrderId")
        if self.operation == "getPackageTrackingDetails":
            for order in self.call.seller.fulfillment_orders.values():
                if any(str(package.number) == self.call.query.get("packageNumber") for package in order.packages):
                    name = order.order_id
        return name if isinstance(name, str) else None

    @property
    def is_met(self) -> bool:
        """Whether the call can be about the habit's order; a list or a report can. The Orders API has two ids."""
        if self.order_id is None or self.operation in OF_MANY or self.order_id == self.named:
            return True
        if self.operation != "getOrder":
            return False
        seller, name = self.call.seller, self.named or ""
        sale = seller.sales.get(name) or echo.find(seller, name)
        return sale is not None and sale.details.get("seller_order_id") == self.order_id

    def rows(self, answer: Json) -> list[Any]:
        """The rows of a list; changing it changes the answer."""
        holder, key, _ = LISTS.get(self.operation, ("", "", ""))
        rows = inside(answer, holder).get(key) if holder else answer.get(key)
        return rows if isinstance(rows, list) else []

    def ids(self, row: Any) -> set[Any]:
        """The ids of a row: its own, and the seller's for an order of the Orders API."""
        if not isinstance(row, dict):
            return set()
        return {row.get(LISTS[self.operation][2])} | {alias.get("aliasId") for alias in members(row, "orderAliases")}

    def concerns(self, row: Any) -> bool:
        """Whether the habit is about this row."""
        return self.order_id is None or self.order_id in self.ids(row)

    def paths(self, answer: Json) -> list[tuple[str, Json]]:
        """Every JSON object of the answer, and its path; of a list's only those about the habit's order, if any."""
        if self.order_id is None or self.operation not in LISTS:
            return list(paths(answer, self.operation))
        holder, key, _ = LISTS[self.operation]
        path = ".".join(filter(None, (self.operation, holder, key)))
        return [found for row in self.rows(answer) if self.concerns(row) for found in paths(row, path)]

    def objects(self, answer: Json) -> list[Json]:
        """The same without paths."""
        return [node for _, node in self.paths(answer)]


def paths(value: Any, path: str) -> Iterator[tuple[str, Json]]:
    """Every JSON object in `value`, the outer ones first, and its path: the keys that lead to it, after `path`."""
    if isinstance(value, dict):
        yield path, value
        for key, member in value.items():
            yield from paths(member, f"{path}.{key}")
    elif isinstance(value, list):
        for member in value:
            yield from paths(member, path)


def inside(node: Json, key: str) -> Json:
    """The object at `key`; an empty one when there is none."""
    value = node.get(key)
    return value if isinstance(value, dict) else {}


def members(node: Json, key: str) -> list[Json]:
    """The objects of the list at `key`."""
    value = node.get(key)
    return [member for member in value if isinstance(member, dict)] if isinstance(value, list) else []


Option = Callable[[Input, str], Any]
"""Reads the option of that name. Raises ControlError."""


def one_of(*values: Any) -> Option:
    """One of these, the first by default."""

    def read_one(call: Input, name: str) -> Any:
        value = call.body.get(name, values[0])
        if isinstance(value, bool) or value not in values:
            raise ControlError(f"{name} must be one of: {', '.join(map(str, values))}")
        return values[values.index(value)]

    return read_one


def words(default: str | None = None) -> Option:
    """A string; required without a default."""
    return lambda call, name: call.text(name, default)


def list_of_words(call: Input, name: str) -> list[str]:
    """Strings; required."""
    return call.texts(name)


def seconds(call: Input, name: str) -> float:
    """Time above zero; required."""
    number = call.number(name)
    if not 0 < number < math.inf:
        raise ControlError(f"{name} must be greater than 0")
    return number


def seconds_or(default: float) -> Option:
    """The same; not required."""
    return lambda call, name: default if call.body.get(name) is None else seconds(call, name)


def flag(call: Input, name: str) -> bool:
    """false by default."""
    return call.flag(name, False)


def optional(option: Option) -> Option:
    """The same, null when absent."""
    return lambda call, name: None if call.body.get(name) is None else option(call, name)


@dataclass(frozen=True)
class Bend:
    """A habit that can be armed.

    `operations`: those it can refuse or bend. `refuse` comes before the work of a call and returns its refusal, if any;
    `bend` changes the answer after it, `rewrite` the text of a report that is downloaded. `watch` sees the world before
    the clock moves, and keeps what it needs in the habit's memory; first when the habit is armed. `needs`: keys of
    which one at least must be given.
    """

    operations: Collection[str]
    options: Mapping[str, Option] = field(default_factory=dict)
    refuse: Callable[[Occasion], ApiError | None] = lambda on: None
    bend: Callable[[Json, Occasion], None] = lambda answer, on: None
    rewrite: Callable[[str, Occasion], str] = lambda text, on: text
    watch: Callable[[World, dict[Any, Any], Mapping[str, Any]], None] | None = None
    needs: Collection[str] = ()
