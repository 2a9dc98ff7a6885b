"""What of the people in an order is kept: nothing, where it goes, or to whom."""

import copy
import json

import pytest
from fba_amazon import parse_order
from fba_amazon.personal_data import BUYER, NOBODY, REGION, is_kept, keep_of
from hypothesis import given, settings
from hypothesis import strategies as st

from .payloads import PEOPLE, PEOPLE_SECRETS

SECRET = "Zaphod-Beeblebrox"
ADDRESS = PEOPLE["recipient"]["deliveryAddress"]


def secrets_in(payload):
    text = json.dumps(payload)
    return {secret for secret in PEOPLE_SECRETS if secret in text}


def test_nobody_keeps_no_one():
    kept = keep_of(PEOPLE, NOBODY)
    assert secrets_in(kept) == set()
    assert not {"buyer", "recipient", "payment", "packages"} & set(kept)


def test_region_keeps_where_the_taxes_are():
    kept = keep_of(PEOPLE, REGION)
    region = {"countryCode": "US", "stateOrRegion": "OR", "postalCode": "97201-PC"}
    assert kept["recipient"] == {"deliveryAddress": region}
    assert secrets_in(kept) == {"97201-PC"}


def test_buyer_keeps_the_address_without_the_phone():
    kept = keep_of(PEOPLE, BUYER)
    address = {key: value for key, value in ADDRESS.items() if key != "phone"}
    assert kept["recipient"] == {"deliveryAddress": address}
    assert kept["buyer"] == {"buyerCompanyName": "Ada Ltd"}
    assert secrets_in(kept) == {*address.values(), "Ada Ltd"} & set(PEOPLE_SECRETS)


VAT = {
    "entityType": "BUYER",
    "legalName": "Muster SARL",
    "taxRegistrationType": "VAT",
    "taxRegistrationNumber": "fr-23 334 175 221",
    "taxRegistrationAddress": {"addressLine1": "7 Secret Lane", "phone": "+1 555 0100"},
}


@pytest.mark.parametrize("keep", [NOBODY, REGION])
def test_that_there_is_a_vat_number_and_of_which_country_stays_without_it(keep):
    kept = keep_of({"tax": {"taxRegistrations": [VAT, {**VAT, "entityType": "MERCHANT"}]}}, keep)
    fact = {"entityType": "BUYER", "taxRegistrationType": "VAT", "taxRegistrationNumber": "FR"}
    assert kept == {"tax": {"taxRegistrations": [fact]}}
    assert not is_kept(kept)
    assert keep_of(kept, keep) == kept


def test_buyer_keeps_a_registration_without_the_phone():
    kept = keep_of({"tax": {"taxRegistrations": VAT}}, BUYER)
    assert kept["tax"]["taxRegistrations"] == [{**VAT, "taxRegistrationAddress": {"addressLine1": "7 Secret Lane"}}]
    assert is_kept(kept)


@pytest.mark.parametrize("number", ["7", "", None, {"a": 1}, "12FR"])
def test_other_numbers_leave_the_fact_alone(number):
    kept = keep_of({"tax": {"taxRegistrations": [{**VAT, "taxRegistrationNumber": number}]}}, NOBODY)
    assert kept == {"tax": {"taxRegistrations": [{"entityType": "BUYER", "taxRegistrationType": "VAT"}]}}


def test_address_in_part_stays_in_part():
    order = PEOPLE | {"recipient": {"deliveryAddress": {"countryCode": "US", "city": "Portland"}}}
    assert keep_of(order, REGION)["recipient"] == {"deliveryAddress": {"countryCode": "US"}}


@pytest.mark.parametrize("keep", [NOBODY, REGION, BUYER])
def test_all_that_is_not_personal_stays(keep):
    before = copy.deepcopy(PEOPLE)
    kept = keep_of(PEOPLE, keep)
    assert before == PEOPLE
    (item,) = kept["orderItems"]
    assert item["proceeds"] == PEOPLE["orderItems"][0]["proceeds"]
    assert item["product"] == {"sellerSku": "LAMP-1", "title": "Lamp"}
    assert item["fulfillment"] == {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
    assert item["cancellation"] == {"cancellationExecution": {"cancelledBy": "BUYER"}}
    assert kept["tax"] == {"taxInvoicing": {"invoiceStatus": "PENDING"}}
    for key in ("orderId", "salesChannel", "proceeds", "fulfillment"):
        assert kept[key] == PEOPLE[key]
    assert parse_order(kept).grand_total == parse_order(PEOPLE).grand_total


LEAVES = st.none() | st.booleans() | st.integers() | st.just(SECRET)
PERSONAL = st.recursive(
    LEAVES, lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=9), part, max_size=3)
)
"""Any JSON, with the secret in it here and there."""


def perhaps_listed(parts):
    """The object, or a list of it where Amazon has none."""
    return parts | parts.map(lambda part: [part]) | parts.map(lambda part: [7, [part]])


def holding(**personal):
    return perhaps_listed(st.fixed_dictionaries({"kept": st.just("word")}, optional=personal))


ITEMS = holding(
    fulfillment=holding(packing=PERSONAL),
    product=holding(customization=PERSONAL),
    cancellation=holding(cancellationRequest=PERSONAL),
)
ORDERS = st.fixed_dictionaries(
    {"orderId": st.just("250-1")},
    optional={
        **{key: PERSONAL for key in ("buyer", "recipient", "payment", "packages")},
        "tax": holding(taxRegistrations=PERSONAL),
        "orderItems": st.lists(ITEMS, max_size=2) | ITEMS,
    },
)
PROPERTY = settings(max_examples=300, deadline=None)


@PROPERTY
@given(order=ORDERS)
def test_no_secret_survives_whatever_the_shape(order):
    kept = keep_of(order, NOBODY)
    assert SECRET not in json.dumps(kept)
    assert json.dumps(kept).count("word") == json.dumps(order).count("word")


@PROPERTY
@given(
    changes=st.dictionaries(st.sampled_from(sorted(PEOPLE)), PERSONAL),
    in_item=st.dictionaries(st.sampled_from(sorted(PEOPLE["orderItems"][0])), PERSONAL),
    address=PERSONAL,
    keep=st.sampled_from([NOBODY, REGION, BUYER]),
)
def test_odd_shapes_do_no_harm(changes, in_item, address, keep):
    items = [{**PEOPLE["orderItems"][0], **in_item}, 7, None, ["item"]]
    keep_of({**PEOPLE, "orderItems": items, "recipient": {"deliveryAddress": address}, **changes}, keep)
