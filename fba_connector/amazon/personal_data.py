"""Reduces the personal data in an order's JSON to the part that is needed.

Source: SP-API Orders v2026-01-01; Amazon's Data Protection Policy wants none of it kept longer than it is needed.
"""

from __future__ import annotations

import re
from typing import Any

from .registrations import KINDS, OF_BUYER, VAT
from .spelling import spelt
from .values import object_of, text_of

# How much: nothing, the region an order goes to (for its taxes), or the address.
NOBODY, REGION, BUYER = "nobody", "region", "buyer"
_RECIPIENT = "recipient"
_REGION = ("countryCode", "stateOrRegion", "postalCode")

_BUYER = "buyer"
_BUSINESS = ("buyerCompanyName", "buyerPurchaseOrderNumber")
_REGISTRATIONS = "taxRegistrations"
_REGISTERED_AT = "taxRegistrationAddress"
_OF_REGISTRATION = ("entityType", "taxRegistrationType", "taxRegistrationNumber", "legalName", _REGISTERED_AT)
_COUNTRY = re.compile(r"[\W_]*([A-Za-z]{2})")  # of a VAT number, as people type them

# Never needed here. Of an order, of its items.
_OF_ORDER = ("payment", "packages")
_OF_ITEM = {"fulfillment": ("packing",), "product": ("customization",), "cancellation": ("cancellationRequest",)}


def keep_of(payload: dict[str, Any], keep: str) -> dict[str, Any]:
    """The order's JSON with no more personal data than `keep` (NOBODY, REGION, BUYER); odd shapes do no harm."""
    order: dict[str, Any] = _without(payload, _OF_ORDER)
    if "tax" in order:
        order["tax"] = _tax(order["tax"], keep)
    business = _only(object_of(order.pop(_BUYER, None)) or {}, _BUSINESS)
    if business and keep == BUYER:
        order[_BUYER] = business
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
    tax = object_of(payload.get("tax")) or {}
    rows = tax.get(_REGISTRATIONS, ())
    return _RECIPIENT in payload or _BUYER in payload or any(row != _reduced(row) for row in rows)


def _tax(tax: Any, keep: str) -> Any:
    """With the buyers' registrations only; all of each, or just that there is one, and of which country."""
    if isinstance(tax, list):
        return [_tax(part, keep) for part in tax]
    rest = _without(tax, (_REGISTRATIONS,))
    found = tax.get(_REGISTRATIONS) if isinstance(tax, dict) else None
    rows = [row for row in (found if isinstance(found, list) else [found]) if isinstance(row, dict)]
    buyers = [row for row in rows if spelt(text_of(row.get("entityType")) or "", (OF_BUYER,)) == OF_BUYER]
    if buyers:
        rest[_REGISTRATIONS] = [_registration(row) if keep == BUYER else _reduced(row) for row in buyers]
    return rest


def _registration(row: dict[str, Any]) -> dict[str, Any]:
    kept = _only(row, _OF_REGISTRATION)
    return kept | {key: _without(value, ("phone",)) for key, value in kept.items() if key == _REGISTERED_AT}


def _reduced(registration: dict[str, Any]) -> dict[str, Any]:
    """That a buyer has a registration of a known kind, and the two letters of a VAT number's country."""
    kind = spelt(text_of(registration.get("taxRegistrationType")) or "", KINDS)
    country = _COUNTRY.match(text_of(registration.get("taxRegistrationNumber")) or "")
    return {
        "entityType": OF_BUYER,
        **({"taxRegistrationType": kind} if kind else {}),
        **({"taxRegistrationNumber": country[1].upper()} if kind == VAT and country else {}),
    }


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
