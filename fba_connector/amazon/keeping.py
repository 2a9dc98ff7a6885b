"""An order as Amazon sees it, as JSON: for a database, until somebody applies it."""

from __future__ import annotations

import dataclasses
import types
import typing
from datetime import datetime
from typing import Any

from .outbound import Echo, FulfillmentOrder


def kept(order: FulfillmentOrder) -> dict[str, Any]:
    """JSON of `order`, without what Amazon repeats of its address."""
    value: dict[str, Any] = _plain(dataclasses.replace(order, echo=Echo()))
    return value


def recalled(value: dict[str, Any]) -> FulfillmentOrder:
    """The order of which `value` is the JSON. Raises KeyError, TypeError, ValueError where it is of another version."""
    order: FulfillmentOrder = _typed(FulfillmentOrder, value)
    return order


def _plain(value: Any) -> Any:
    if dataclasses.is_dataclass(value):
        return {it.name: _plain(getattr(value, it.name)) for it in dataclasses.fields(value)}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value.isoformat() if isinstance(value, datetime) else value


def _typed(kind: Any, value: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, types.UnionType):  # of something and None
        return _typed(typing.get_args(kind)[0], value)
    if typing.get_origin(kind) is tuple:
        return tuple(_typed(typing.get_args(kind)[0], part) for part in value)
    if isinstance(kind, type) and dataclasses.is_dataclass(kind):
        return kind(**{name: _typed(its, value[name]) for name, its in typing.get_type_hints(kind).items()})
    return datetime.fromisoformat(value) if kind is datetime else value
