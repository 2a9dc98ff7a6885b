"""Marketplaces of a seller, and the access that its keys give.

Source: SP-API Sellers v1, MarketplaceParticipation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import AuthenticationFailed


@dataclass(frozen=True)
class Participation:
    """A marketplace of the seller's region. `is_participating`: whether the seller can list and sell there."""

    marketplace_id: str
    is_participating: bool


@dataclass(frozen=True)
class Access:
    """Result of a test of the keys: the marketplaces, and {operation: refusal} of the ones that Amazon refused."""

    participations: tuple[Participation, ...]
    refused: Mapping[str, AuthenticationFailed]
    tried: int
