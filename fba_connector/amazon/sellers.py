"""Where a seller sells, as Amazon tells it.

Source: SP-API Sellers v1, MarketplaceParticipation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .errors import AuthenticationFailed


@dataclass(frozen=True)
class Participation:
    """A marketplace of the seller's region. `country_code` is ISO 3166's, `name` Amazon's of the marketplace.

    `is_participating`: whether the seller can list and sell there; `has_suspended_listings`: whether Amazon took offers
    of the seller down there.
    """

    marketplace_id: str
    name: str
    country_code: str
    is_participating: bool
    has_suspended_listings: bool


@dataclass(frozen=True)
class Access:
    """What keys open: where the seller sells, and the refusal of each operation that was tried in vain, by its name."""

    participations: tuple[Participation, ...]
    refused: Mapping[str, AuthenticationFailed]
    tried: int
