"""Exact amount of money."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Money:
    """An amount in units (not cents) of an ISO 4217 `currency`."""

    amount: Decimal
    currency: str
