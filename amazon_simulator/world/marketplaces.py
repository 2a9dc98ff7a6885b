"""Amazon's marketplaces: country, domain and currency of each.

Source: SP-API, Marketplace IDs; ISO 4217.
"""

from typing import NamedTuple


class Marketplace(NamedTuple):
    """`country_code` as in an address; `domain` after "amazon."; `decimals` of an amount of its currency."""

    marketplace_id: str
    country_code: str
    domain: str
    currency: str
    decimals: int = 2

    @property
    def channel(self) -> str:
        """The name of Amazon's shop there: `Amazon.co.uk`."""
        return f"Amazon.{self.domain}"


MARKETPLACES = {
    place.marketplace_id: place
    for place in (
        Marketplace("ATVPDKIKX0DER", "US", "com", "USD"),
        Marketplace("A2EUQ1WTGCTBG2", "CA", "ca", "CAD"),
        Marketplace("A1AM78C64UM0Y8", "MX", "com.mx", "MXN"),
        Marketplace("A2Q3Y263D00KWC", "BR", "com.br", "BRL"),
        Marketplace("A1PA6795UKMFR9", "DE", "de", "EUR"),
        Marketplace("A13V1IB3VIYZZH", "FR", "fr", "EUR"),
        Marketplace("APJ6JRA9NG5V4", "IT", "it", "EUR"),
        Marketplace("A1RKKUPIHCS9HS", "ES", "es", "EUR"),
        Marketplace("A1F83G8C2ARO7P", "GB", "co.uk", "GBP"),
        Marketplace("A1805IZSGTT6HS", "NL", "nl", "EUR"),
        Marketplace("AMEN7PMS3EDWL", "BE", "com.be", "EUR"),
        Marketplace("A28R8C7NBKEWEA", "IE", "ie", "EUR"),
        Marketplace("A2NODRKZP88ZB9", "SE", "se", "SEK"),
        Marketplace("A1C3SOZRARQ6R3", "PL", "pl", "PLN"),
        Marketplace("A33AVAJ2PDY3EV", "TR", "com.tr", "TRY"),
        Marketplace("A2VIGQ35RCS4UG", "AE", "ae", "AED"),
        Marketplace("A17E79C6D8DWNP", "SA", "sa", "SAR"),
        Marketplace("ARBP9OOSHTCHU", "EG", "eg", "EGP"),
        Marketplace("A21TJRUUN4KGV", "IN", "in", "INR"),
        Marketplace("AE08WJ6YKNBMC", "ZA", "co.za", "ZAR"),
        Marketplace("A1VC38T7YXB528", "JP", "co.jp", "JPY", 0),
        Marketplace("A39IBJ37TRP1C6", "AU", "com.au", "AUD"),
        Marketplace("A19VAU5U5O7RUS", "SG", "sg", "SGD"),
    )
}
_DECIMALS = {place.currency: place.decimals for place in MARKETPLACES.values()}


def decimals_of(currency: str) -> int:
    """Of an amount in `currency`: two, unless a marketplace's currency has others."""
    return _DECIMALS.get(currency, 2)


def marketplace(marketplace_id: str) -> Marketplace:
    """The marketplace with this id; one that a test made up is like Amazon.com."""
    return MARKETPLACES.get(marketplace_id) or Marketplace(marketplace_id, "US", "com", "USD")
