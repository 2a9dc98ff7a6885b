"""Amazon's marketplaces: the country each sells in, and its currency.

Source: SP-API, Marketplace IDs; ISO 4217.
"""

from typing import NamedTuple


class Marketplace(NamedTuple):
    """`country_code` as in an address; `decimals` of an amount of its currency."""

    country_code: str
    currency: str
    decimals: int = 2


MARKETPLACES = {
    "ATVPDKIKX0DER": Marketplace("US", "USD"),
    "A2EUQ1WTGCTBG2": Marketplace("CA", "CAD"),
    "A1AM78C64UM0Y8": Marketplace("MX", "MXN"),
    "A2Q3Y263D00KWC": Marketplace("BR", "BRL"),
    "A1PA6795UKMFR9": Marketplace("DE", "EUR"),
    "A13V1IB3VIYZZH": Marketplace("FR", "EUR"),
    "APJ6JRA9NG5V4": Marketplace("IT", "EUR"),
    "A1RKKUPIHCS9HS": Marketplace("ES", "EUR"),
    "A1F83G8C2ARO7P": Marketplace("GB", "GBP"),
    "A1805IZSGTT6HS": Marketplace("NL", "EUR"),
    "AMEN7PMS3EDWL": Marketplace("BE", "EUR"),
    "A28R8C7NBKEWEA": Marketplace("IE", "EUR"),
    "A2NODRKZP88ZB9": Marketplace("SE", "SEK"),
    "A1C3SOZRARQ6R3": Marketplace("PL", "PLN"),
    "A33AVAJ2PDY3EV": Marketplace("TR", "TRY"),
    "A2VIGQ35RCS4UG": Marketplace("AE", "AED"),
    "A17E79C6D8DWNP": Marketplace("SA", "SAR"),
    "ARBP9OOSHTCHU": Marketplace("EG", "EGP"),
    "A21TJRUUN4KGV": Marketplace("IN", "INR"),
    "AE08WJ6YKNBMC": Marketplace("ZA", "ZAR"),
    "A1VC38T7YXB528": Marketplace("JP", "JPY", 0),
    "A39IBJ37TRP1C6": Marketplace("AU", "AUD"),
    "A19VAU5U5O7RUS": Marketplace("SG", "SGD"),
}
UNKNOWN = Marketplace("US", "USD")
"""A marketplace that a seller of a test made up."""


_DECIMALS = {place.currency: place.decimals for place in MARKETPLACES.values()}


def decimals_of(currency: str) -> int:
    """Of an amount in `currency`: two, unless a marketplace's currency has others."""
    return _DECIMALS.get(currency, UNKNOWN.decimals)


def marketplace(marketplace_id: str) -> Marketplace:
    return MARKETPLACES.get(marketplace_id, UNKNOWN)
