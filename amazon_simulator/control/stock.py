"""Control of stock in Amazon's warehouses."""

import json
from collections.abc import Callable
from typing import Any

from ..api.inventory import OMITTABLE
from ..world.clock import dump_time
from ..world.stock import DEFAULT_DISPOSITION, DISPOSITIONS, INBOUND, SETTABLE, OtherRow, StockItem
from ..world.world import World
from .input import ControlError, Input

PLACES = ("fulfillable", "transshipment", "fc_processing", "researching", "unfulfillable", *INBOUND, *DISPOSITIONS)
WORDS = ("asin", "fnsku", "condition")
KEYS = {"seller", *SETTABLE, "unfulfillable", *WORDS, "other_rows", "omit"}


def put_stock(world: World, call: Input) -> Any:
    """Set counters and words of a SKU, and make it known; others keep their values."""
    unknown = sorted(set(call.body) - KEYS)
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(KEYS))}")
    call.units("fulfillable", fewest=0)
    units = {place: call.units(place, fewest=0) for place in SETTABLE if place in call.body}
    if "unfulfillable" in call.body:
        if set(units) & set(DISPOSITIONS):
            raise ControlError("give unfulfillable or the single dispositions, not both")
        units |= _unfulfillable(call)
    words = {word: call.text(word) for word in WORDS if call.body.get(word)}
    other_rows = [_other_row(part) for part in _listed(call, "other_rows")]
    omitted = _omitted(call)

    item = world.stock_item(call.seller(world), call.path["seller_sku"])
    item.set_units(units)
    for word, value in words.items():
        setattr(item, word, value)
    if "other_rows" in call.body and item.other_rows != tuple(other_rows):
        item.other_rows = tuple(other_rows)
        item.touch()
    if "omit" in call.body:
        item.omitted = omitted
    return dump(item)


def get_stock(world: World, call: Input) -> Any:
    return {sku: dump(item) for sku, item in call.seller(world).stock.items()}


def move_stock(world: World, call: Input) -> Any:
    """Units go from one counter to another, or are gone."""
    item = call.seller(world).stock.get(call.path["seller_sku"])
    if item is None:
        raise ControlError(f"unknown SKU {call.path['seller_sku']}: add it with PUT stock/<seller_sku>")
    units, source, target = call.units("units"), call.text("from"), call.text("to")
    for name, place, places in (("from", source, PLACES), ("to", target, (*PLACES, "gone"))):
        if place not in places:
            raise ControlError(f"{name} must be one of {', '.join(places)}, not {place!r}")
    item.move(units, source, target)
    return dump(item)


def dump(item: StockItem) -> dict[str, Any]:
    """The full internal view; `unfulfillable` is the sum of the dispositions, `inbound` of the inbound counters."""
    return {
        "seller_sku": item.seller_sku,
        "asin": item.asin,
        "fnsku": item.fnsku,
        "condition": item.condition,
        "fulfillable": item.fulfillable,
        "reserved": item.reserved,
        "shipped": item.shipped,
        **{place: item.units(place) for place in SETTABLE if place != "fulfillable"},
        "inbound": item.inbound,
        "unfulfillable": item.unfulfillable,
        "total": item.total,
        "other_rows": [vars(row) for row in item.other_rows],
        "omit": list(item.omitted),
        "updated_at": dump_time(item.updated_at) if item.updated_at else None,
    }


def _unfulfillable(call: Input) -> dict[str, int]:
    """A number of units, or units by disposition; the dispositions not named have none."""
    units = dict.fromkeys(DISPOSITIONS, 0)
    if not isinstance(call.body["unfulfillable"], dict):
        return units | {DEFAULT_DISPOSITION: call.units("unfulfillable", fewest=0)}
    parts = call.part(call.body["unfulfillable"])
    unknown = sorted(set(parts.body) - set(DISPOSITIONS))
    if unknown:
        raise ControlError(f"unknown dispositions: {', '.join(unknown)}; known: {', '.join(DISPOSITIONS)}")
    return units | {name: parts.units(name, fewest=0) for name in parts.body}


def _other_row(part: Input) -> OtherRow:
    units = {name: part.units(name, fewest=0) for name in ("fulfillable", "unfulfillable") if name in part.body}
    return OtherRow(part.text("condition"), part.text("fnsku"), **units)


def _omitted(call: Input) -> tuple[str, ...]:
    keys = call.body.get("omit", [])
    if not isinstance(keys, list) or not set(map(str, keys)) <= set(OMITTABLE):
        raise ControlError(f"omit must be a list of keys among {', '.join(OMITTABLE)}, not {json.dumps(keys)}")
    return tuple(keys)


def _listed(call: Input, name: str) -> list[Input]:
    """The objects under `name`; none when it is absent or an empty list."""
    return call.parts(name) if call.body.get(name) else []


CALLS: tuple[tuple[str, str, Callable[[World, Input], Any]], ...] = (
    ("PUT", "stock/<path:seller_sku>", put_stock),
    ("GET", "stock", get_stock),
    ("POST", "stock/<path:seller_sku>/move", move_stock),
)
