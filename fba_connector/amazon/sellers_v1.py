"""Sellers v1: the operation, and the conversion of its JSON to the dataclass of `sellers.py`."""

from __future__ import annotations

from typing import Any

from sp_api.api import Sellers  # type: ignore[import-untyped]

from .fields import Fields
from .operation import Operation
from .sellers import Participation
from .transport import LibraryClient, Transport

PARTICIPATIONS = Operation("getMarketplaceParticipations", rate=0.016, burst=15)

MARKETPLACE_KEYS = ("id", "name", "countryCode", "defaultCurrencyCode", "defaultLanguageCode", "domainName")
PARTICIPATION_KEYS = ("isParticipating", "hasSuspendedListings")


class _Client(LibraryClient, Sellers):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class SellersApi:
    """The operation the gateway uses; see there for what it means and raises."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def participations(self) -> tuple[Participation, ...]:
        return parse_participations(self._call(PARTICIPATIONS, self._client.get_marketplace_participation))


def parse_participations(answer: dict[str, Any]) -> tuple[Participation, ...]:
    """Read one answer. Raises Malformed."""
    return tuple(_parse(row) for row in Fields(answer, PARTICIPATIONS.name).children("payload"))


def _parse(row: Fields) -> Participation:
    marketplace = row.child("marketplace", MARKETPLACE_KEYS)
    participation = row.child("participation", PARTICIPATION_KEYS)
    return Participation(
        marketplace_id=marketplace.text("id"),
        is_participating=participation.flag("isParticipating"),
    )
