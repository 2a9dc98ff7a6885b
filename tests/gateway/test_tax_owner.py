"""Who owes the tax: every marketplace's table, and what people and Amazon write in other ways."""

import re
from dataclasses import replace
from decimal import Decimal
from itertools import product
from pathlib import Path

import pytest
from fba_amazon import BuyerAddress, reconcile, tax_owner
from fba_amazon.orders import Buyer
from fba_amazon.registrations import TaxRegistration

from .test_proceeds import CENT, order, sold

DOCS = Path(__file__).parents[2] / "docs" / "orders-sold-on-amazon.md"
COUNTRIES = ("US", "CA", "MX", "GB", "DE", "FR", "IT", "ES", "NL", "PL", "JP", "AU")
ADDED = ("US", "CA")
BUYERS = ("consumer", "business", "deemed supplier", "export", "exempt", "intra-community")
PRICES = ("with", "without", "unknown")
ABROAD = {"DE": "FR"}


def address(country, postal_code="1000"):
    return BuyerAddress(None, None, (), None, None, postal_code, country)


def sale(buyer, country, prices):
    """An order of one item at 100.00 without tax: `prices` are told with a tax of 20.00 in them, without it, which is
    added, or without a word of tax."""
    amounts = {"with": ("120.00", "20.00", "120.00"), "without": ("100.00", "20.00", "120.00")}
    amount, tax, total = amounts.get(prices, ("120.00", None, "120.00"))
    item = sold(1, parts={"ITEM": amount} | ({"TAX": tax} if tax else {}))
    if buyer == "deemed supplier":
        facts = {"tax_collections": ("MARKETPLACE_FACILITATOR",)} if country in (*ADDED, "MX", "JP", "AU") else {}
        item = replace(item, **(facts or {"reporting_schemes": ("UOSS",)}))
    found = replace(order(item, total=total), address=address(country))
    if buyer == "business":
        found = replace(found, programs=("AMAZON_BUSINESS",), tax_registrations=(TaxRegistration("VAT", country),))
    if buyer == "export":
        found = replace(found, address=address("CH"))
    if buyer == "intra-community":
        there = ABROAD.get(country, "DE")
        found = replace(found, address=address(there), tax_registrations=(TaxRegistration("VAT", there),))
    return found


def rule_of(found, country, **more):
    item = found.items[0]
    has_tax = any(kind == "TAX" for kind, _amount in item.breakdown)
    holds = country not in ADDED
    return tax_owner.who_owes(found, item, has_tax=has_tax, country=country, prices_hold_tax=holds, **more)


def outcome(buyer, country, prices):
    """What the documentation says of a cell: the rule's code, or "–" where there is no such sale."""
    if buyer == "intra-community" and country not in tax_owner.VAT_AREA:
        return "–"
    if buyer == "exempt" and prices != "unknown":
        return "–"  # Amazon names a tax
    found = sale(buyer, country, prices)
    return rule_of(found, country).code


def documented():
    """{(buyer, country, prices): outcome} of the table in the documentation."""
    text = DOCS.read_text()
    rows = re.findall(r"^\| (consumer|business|deemed supplier|export|exempt|intra-community) \| (.+) \|$", text, re.M)
    head = re.search(r"^\| Buyer \| (.+) \|$", text, re.M)[1].split(" | ")
    cells = {}
    for buyer, row in rows:
        for countries, cell in zip(head, row.split(" | "), strict=True):
            for country in countries.split(", "):
                for prices, code in zip(PRICES, cell.split(" / "), strict=True):
                    cells[buyer, country, prices] = code.strip("`")
    return cells


def test_documentation_has_every_cell():
    cells = documented()
    assert set(cells) == set(product(BUYERS, COUNTRIES, PRICES))
    for cell, code in cells.items():
        assert code == outcome(*cell), cell


def test_documentation_gives_the_source_of_every_rule():
    text = DOCS.read_text()
    for rule in tax_owner.RULES:
        assert re.search(rf"^\| `{rule.code}` \| .+ \| .+ \|$", text, re.M), rule.code


@pytest.mark.parametrize("cell", list(product(BUYERS, COUNTRIES, PRICES)), ids=" ".join)
def test_amounts_add_up_and_nothing_of_amazons_is_the_companys(cell):
    buyer, country, prices = cell
    if (code := outcome(*cell)) == "–":
        return
    found = sale(*cell)
    brought = reconcile(found, CENT, prices_hold_tax=country not in ADDED)
    tax = sum(charge.tax for charge in brought.charges)
    untaxed = sum(charge.amount for charge in brought.charges) - (tax if brought.tax_included else 0)
    owner = next(rule.owner for rule in tax_owner.RULES if rule.code == code)
    assert untaxed + tax == brought.total.amount
    if owner == tax_owner.NOBODY:
        assert tax == 0
    if buyer == "deemed supplier":
        assert owner == tax_owner.AMAZON


SCHEMES = ["UOSS", "IOSS", "GB_VOEC", "NO_VOEC", "AU_GST", "NEW_ONE", "uoss"]


@pytest.mark.parametrize("scheme", SCHEMES)
def test_any_reporting_scheme_makes_amazon_the_supplier(scheme):
    item = replace(sold(1, parts={"ITEM": "119.00", "TAX": "19.00"}), reporting_schemes=(scheme,))
    assert rule_of(order(item), "DE") == tax_owner.DEEMED


def test_an_undocumented_collection_is_not_decided():
    item = replace(sold(1, parts={"ITEM": "119.00", "TAX": "19.00"}), tax_collections=("SOMEBODY_ELSE",))
    with pytest.raises(tax_owner.Undecided) as caught:
        rule_of(order(item), "DE")
    assert caught.value.code == tax_owner.COLLECTION


VAT_NUMBERS = {
    "FR23334175221": "FR",
    "fr 23 334 175 221": "FR",
    "FR-23.334.175.221": "FR",
    " el123456789": "GR",
    "XI123456789": "XI",
    "GB999999973": "GB",
    "23334175221": None,
    "": None,
    "CHE-123.456.788": None,
}


@pytest.mark.parametrize(("number", "country"), list(VAT_NUMBERS.items()))
def test_country_of_a_vat_number_as_people_type_it(number, country):
    assert tax_owner.vat_country(TaxRegistration("VAT", number)) == country


# (marketplace, destination or None, country of the VAT number or None, rule)
PLACES = [
    ("DE", ("FR", "75001"), "FR", "intra_community"),
    ("DE", ("FR", "75001"), None, "in_price"),  # a consumer abroad: one-stop shop
    ("DE", ("FR", "75001"), "DE", "in_price"),  # goods abroad, number of here
    ("DE", ("DE", "10115"), "DE", "in_price"),
    ("DE", ("DE", "10115"), "FR", "in_price"),  # goods stay here
    ("DE", ("FR", "75001"), "AT", "intra_community"),
    ("DE", ("FR", "75001"), "23334175221", "intra_community"),  # typed without its country
    ("DE", ("FR", "75001"), "GB", "in_price"),  # no number of the Union's
    ("DE", ("FR", "75001"), "CHE-123.456.788", "in_price"),
    ("DE", ("GB", "BT1 5GS"), "GB", "in_price"),
    ("DE", None, "FR", "intra_community"),
    ("DE", None, "DE", "in_price"),
    ("DE", None, "GB", "export"),
    ("DE", None, "XI", "intra_community"),
    ("DE", None, "?", "waits"),
    ("DE", None, None, "in_price"),
    ("DE", ("GB", "SW1A 1AA"), None, "export"),
    ("DE", ("GB", "BT1 5GS"), None, "in_price"),
    ("DE", ("gb", "bt1 5gs"), "XI", "intra_community"),
    ("DE", ("MC", "98000"), None, "in_price"),
    ("DE", ("ES", "35001"), None, "export"),  # the Canary Islands
    ("ES", ("ES", "38001"), None, "export"),
    ("ES", ("ES", "28001"), None, "in_price"),
    ("DE", ("DE", "27498"), None, "export"),  # Heligoland
    ("FR", ("FR", "97110"), None, "export"),  # Guadeloupe
    ("FR", ("GP", "97110"), None, "export"),
    ("IT", ("SM", "47890"), None, "export"),
    ("IT", ("IT", "23041"), None, "export"),  # Livigno
    ("IT", ("IT", "22061"), None, "export"),  # Campione
    ("IT", ("IT", "22060"), None, "in_price"),  # Cabiate and other towns; Campione's until 2018
    ("IT", ("IT", "23030"), None, "in_price"),  # Chiuro and other towns; Livigno's of old
    ("GB", ("IM", "IM1 1AA"), None, "in_price"),
    ("GB", ("GB", "BT1 5GS"), None, "in_price"),
    ("GB", ("IE", "D01"), None, "export"),
    ("GB", ("FR", "75001"), "FR", "export"),
    ("JP", ("JP", "100-0001"), None, "in_price"),
    ("JP", ("US", "97201"), None, "export"),
    ("US", ("CA", "K1A"), None, "untaxed"),
]


@pytest.mark.parametrize(("country", "there", "number", "code"), PLACES)
def test_where_goods_go_and_whose_number_it_is(country, there, number, code):
    registrations = (TaxRegistration("VAT", None if number == "?" else number),) if number else ()
    found = replace(
        order(sold(1, parts={"ITEM": "100.00"})), address=there and address(*there), tax_registrations=registrations
    )
    if code == "waits":
        with pytest.raises(tax_owner.Undecided):
            rule_of(found, country)
    else:
        assert rule_of(found, country).code == code


def test_other_registrations_are_no_vat_numbers():
    found = replace(
        order(sold(1, parts={"ITEM": "100.00"})),
        tax_registrations=(TaxRegistration("CNPJ", "12345678000195"), TaxRegistration(None, "X")),
        buyer=Buyer("Firma"),
    )
    assert rule_of(found, "DE").code == "in_price"
    assert found.is_business


def test_a_named_tax_is_the_companys_whoever_bought():
    item = sold(1, parts={"ITEM": "119.00", "TAX": "19.00"})
    found = replace(order(item), address=address("FR"), tax_registrations=(TaxRegistration("VAT", "FR"),))
    assert rule_of(found, "DE") == tax_owner.NAMED
    assert not tax_owner.NAMED.as_business
    assert sum(amount for kind, amount in item.breakdown if kind == "TAX") == Decimal("19.00")
