"""Reduces the personal data in an order's JSON to the part that is needed.

Source: SP-API Orders v2026-01-01; Amazon's Data Protection Policy wants none of it kept longer than it is needed.
"""

from __future__ import annotations

from typing import Any

from .values import object_of

# How much: nothing, the region an order goes to (for its taxes), or the address.
NOBODY, REGION, BUYER = "nobody", "region", "buyer"
_RECIPIENT = "recipient"
_REGION = ("countryCode", "stateOrRegion", "postalCode")

# Never needed here. Of an order, of its `tax`, of its items.
_OF_ORDER = ("buyer", "payment", "packages")
_OF_TAX = ("taxRegistrations",)
_OF_ITEM = {"fulfillment": ("packing",), "product": ("customization",), "cancellation": ("cancellationRequest",)}


def keep_of(payload: dict[str, Any], keep: str) -> dict[str, Any]:
    """The order's JSON with no more personal data than `keep` (NOBODY, REGION, BUYER); odd shapes do no harm."""
    order: dict[str, Any] = _without(payload, _OF_ORDER)
    if "tax" in order:
        order["tax"] = _without(order["tax"], _OF_TAX)
    recipient = object_of(order.pop(_RECIPIENT, None)) or {}
    address = object_of(recipient.get("deliveryAddress"))
    if address is not None and keep != NOBODY:
        kept = _without(address, ("phone",)) if keep == BUYER else _only(address, _REGION)
        order[_RECIPIENT] = {"deliveryAddress": kept}
    if "orderItems" in order:
        order["orderItems"] = _item(order["orderItems"])
    return order


def is_kept(payload: dict[str, Any]) -> bool:
    """Whether the order's JSON, after `keep_of`, still holds data of a person, be it the region only."""
    return _RECIPIENT in payload


def _item(item: Any) -> Any:
    """An item, or each of a list."""
    if isinstance(item, list):
        return [_item(part) for part in item]
    if not isinstance(item, dict):
        return item
    return item | {key: _without(item[key], names) for key, names in _OF_ITEM.items() if key in item}


def _without(value: Any, names: tuple[str, ...]) -> Any:
    if isinstance(value, list):
        return [_without(part, names) for part in value]
    return {key: part for key, part in value.items() if key not in names} if isinstance(value, dict) else value


def _only(value: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {key: part for key, part in value.items() if key in names}
