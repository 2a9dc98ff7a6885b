"""Sellers v1: getMarketplaceParticipations, where the seller sells."""

from typing import Any

from ..world.marketplaces import MARKETPLACES
from .operations import Call, Operation
from .queries import check_query


def get_marketplace_participations(call: Call) -> dict[str, Any]:
    """Each marketplace of the seller; the simulator has one region, so all of them."""
    check_query(call.query, frozenset())
    return {"payload": [_dump(marketplace_id) for marketplace_id in call.seller.marketplace_ids]}


def _dump(marketplace_id: str) -> dict[str, Any]:
    country_code, currency, _decimals = MARKETPLACES[marketplace_id]
    domain = DOMAINS.get(country_code, country_code.lower())
    return {
        "marketplace": {
            "id": marketplace_id,
            "name": f"Amazon.{domain}",
            "countryCode": country_code,
            "defaultCurrencyCode": currency,
            "defaultLanguageCode": "en_US",
            "domainName": f"www.amazon.{domain}",
        },
        "participation": {"isParticipating": True, "hasSuspendedListings": False},
        "storeName": "Northwind Desks",
    }


DOMAINS = {"US": "com", "GB": "co.uk", "JP": "co.jp"}

OPERATIONS = (
    Operation(
        "getMarketplaceParticipations", "GET", "/sellers/v1/marketplaceParticipations", 0.016, 15,
        get_marketplace_participations,
    ),
)  # fmt: skip
