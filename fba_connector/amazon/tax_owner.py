"""Who owes the tax on an item sold on Amazon: decided here, and nowhere else, from all that Amazon tells.

The first rule of RULES that holds counts. Sources: SP-API Orders v2026-01-01; Directive 2006/112/EC on VAT.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from .buyer_address import BuyerAddress
from .orders import SoldItem, SoldOrder
from .registrations import TaxRegistration

AMAZON, COMPANY, NOBODY = "amazon", "company", "nobody"

VAT_AREA = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()
)  # Source: Directive 2006/112/EC, article 5
_COUNTS_AS = {"MC": "FR", "IM": "GB"}  # Source: article 7
# Postal codes outside of their country's VAT area. Source: article 6: the Canary Islands, Ceuta, Melilla; Heligoland,
# Buesingen; Livigno, Campione; Athos; Aland; the French overseas departments.
_OUTSIDE = {
    "ES": ("35", "38", "51", "52"),
    "DE": ("27498", "78266"),
    "IT": ("23041", "22061"),  # of their own; the ones they had before are other towns' today
    "GR": ("63086", "63087"),
    "FI": ("22",),
    "FR": ("97", "986", "987", "988"),
}
_NORTHERN_IRELAND = "BT"  # postal codes; of the EU's VAT area for goods. Source: EU-UK Protocol, article 8
_XI = "XI"  # Northern Ireland, in VAT numbers and here
_PREFIXES = {"EL": "GR"}  # of VAT numbers, which are no country codes
_CODE = re.compile(r"[A-Z]{2}")
_SIGNS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Rule:
    """`code` names it in the documentation; `owner` is AMAZON, COMPANY or NOBODY.

    `as_business`: the buyer's VAT number counts for the company's fiscal position.
    """

    code: str
    owner: str
    as_business: bool = False


COLLECTED = Rule("collected", AMAZON)  # Amazon withholds and remits it: the item's tax collection
DEEMED = Rule("deemed", AMAZON)  # Amazon is the deemed supplier: the item's reporting scheme (article 14a)
NAMED = Rule("named", COMPANY)  # Amazon names a tax and says nothing else
EXPORT = Rule("export", NOBODY)  # the goods leave the tax's area (article 146)
INTRA_COMMUNITY = Rule("intra_community", NOBODY, as_business=True)  # to a VAT number elsewhere in it (article 138)
UNTAXED = Rule("untaxed", NOBODY)  # the marketplace adds each tax to its prices, and names none
IN_PRICE = Rule("in_price", COMPANY)  # consumers' prices hold the tax (Directive 98/6/EC, and its like elsewhere)
RULES = (COLLECTED, DEEMED, NAMED, UNTAXED, EXPORT, INTRA_COMMUNITY, IN_PRICE)


class Undecided(ValueError):
    """Nothing that Amazon tells decides it. `code`: COLLECTION or DESTINATION."""

    def __init__(self, code: str) -> None:
        super().__init__(f"nothing tells who owes the tax: {code}")
        self.code = code


COLLECTION = "collection"  # somebody collects the tax under a model that Amazon does not document
DESTINATION = "destination"  # a buyer with a VAT number, and no word about where the goods go


def who_owes(order: SoldOrder, item: SoldItem, *, has_tax: bool, country: str, prices_hold_tax: bool) -> Rule:
    """The rule for `item`, or for charges of the whole order with any of its items.

    `has_tax`: Amazon names a tax above or below zero in the order. `country`: the marketplace's (ISO 3166), where the
    goods count as being. `prices_hold_tax`: whether its law wants prices with their tax. Raises Undecided.
    """
    if item.tax_is_collected:
        return COLLECTED
    if item.reporting_schemes:
        return DEEMED
    if item.tax_collections:
        raise Undecided(COLLECTION)
    if has_tax:
        return NAMED
    if not prices_hold_tax:
        return UNTAXED
    place = place_of(order.address)
    registration = order.vat_registration if country in VAT_AREA else None
    number_of = vat_country(registration) if registration else None
    there = place or number_of
    if there and not _is_in_area(there, country):
        return EXPORT
    if registration and not there:
        raise Undecided(DESTINATION)
    if registration and country not in (there, number_of) and _may_be_of_union(registration):
        return INTRA_COMMUNITY
    return IN_PRICE


def place_of(address: BuyerAddress | None) -> str | None:
    """The country (ISO 3166; XI is Northern Ireland) whose tax is due where goods go, a country's code and the postal
    code where they lie outside of it; None where Amazon names no country, or not by its code."""
    country = (address and address.country or "").strip().upper()
    if not address or not _CODE.fullmatch(country):
        return None
    postal_code = _bare(address.postal_code or "")
    country = _COUNTS_AS.get(country, country)
    if country == "GB" and postal_code.startswith(_NORTHERN_IRELAND):
        return _XI
    return f"{country}-{postal_code}" if postal_code.startswith(_OUTSIDE.get(country, ("-",))) else country


def vat_country(registration: TaxRegistration) -> str | None:
    """The country that a VAT number is of, as `place_of`, however people type it; None where it does not say."""
    prefix = _bare(registration.number or "")[:2]
    code = _PREFIXES.get(prefix, prefix)
    return code if code in VAT_AREA or code in ("GB", _XI) else None


def _may_be_of_union(registration: TaxRegistration) -> bool:
    """Whether a VAT number is of the European Union, or says nothing of a country: no other one counts in it."""
    prefix = _bare(registration.number or "")[:2]
    return not prefix.isalpha() or vat_country(registration) in (*VAT_AREA, _XI)


def _is_in_area(there: str, country: str) -> bool:
    """Whether goods that go there are still where the tax of `country` is due."""
    if there == country or (there == _XI and country == "GB"):
        return True
    return country in VAT_AREA and (there in VAT_AREA or there == _XI)


def _bare(text: str) -> str:
    return _SIGNS.sub("", text).upper()
