"""Sellers v1: getMarketplaceParticipations, the seller's marketplaces."""

from typing import Any

from ..world.marketplaces import marketplace
from .operations import Call, Operation
from .queries import check_query


def get_marketplace_participations(call: Call) -> dict[str, Any]:
    """Each marketplace of the seller; the simulator has one region, so all of them."""
    check_query(call.query, frozenset())
    return {"payload": [_dump(marketplace_id) for marketplace_id in call.seller.marketplace_ids]}


def _dump(marketplace_id: str) -> dict[str, Any]:
    place = marketplace(marketplace_id)
    return {
        "marketplace": {
            "id": marketplace_id,
            "name": place.channel,
            "countryCode": place.country_code,
            "defaultCurrencyCode": place.currency,
            "defaultLanguageCode": "en_US",
            "domainName": f"www.amazon.{place.domain}",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Northwind Desks",
    }


OPERATIONS = (
    Operation(
        "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15,
        get_marketplace_participations,
    ),
)  # fmt: skip
