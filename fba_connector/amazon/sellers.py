"""Where a seller sells, as Amazon tells it.

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
    """What keys open: where the seller sells, and the refusal of each operation that was tried in vain, by its name."""

    participations: tuple[Participation, ...]
    refused: Mapping[str, AuthenticationFailed]
    tried: int
