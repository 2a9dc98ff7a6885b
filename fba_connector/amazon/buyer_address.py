"""Addresses of buyers on Amazon. Source: SP-API Orders v2026-01-01."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class BuyerAddress:
    """Destination of an order, or a part of it; all of it may be missing. `country` is an ISO 3166 code."""

    name: str | None = field(repr=False)
    company: str | None = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    city: str | None = field(repr=False)
    state: str | None
    postal_code: str | None = field(repr=False)
    country: str | None
