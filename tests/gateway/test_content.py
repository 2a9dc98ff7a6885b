"""What tells two versions of an order sold on Amazon apart."""

import copy
import json

import pytest
from fba_amazon import content_key
from fba_amazon.personal_data import BUYER, NOBODY, REGION, keep_of

from .payloads import PEOPLE, SOLD_ORDER


def changed(**values):
    return {**copy.deepcopy(SOLD_ORDER), **values}


def test_content_is_the_same_whenever_amazon_updated_it():
    assert content_key(changed(lastUpdatedTime="2026-01-01T00:00:00Z")) == content_key(SOLD_ORDER)


def test_content_is_the_same_whatever_is_kept_of_the_people():
    keys = {content_key(keep_of(PEOPLE, keep)) for keep in (BUYER, REGION, NOBODY)}
    assert keys == {content_key(PEOPLE)}


def test_content_is_the_same_in_any_order_of_its_keys():
    assert content_key(json.loads(json.dumps(SOLD_ORDER, sort_keys=True))) == content_key(SOLD_ORDER)


@pytest.mark.parametrize("update", ["soon", "", None, 5, "2026-99-01T00:00:00Z", {}])
def test_content_differs_where_nobody_can_read_its_time(update):
    assert content_key(changed(lastUpdatedTime=update)) != content_key(SOLD_ORDER)


def test_content_differs_where_its_time_is_missing():
    assert content_key({key: it for key, it in SOLD_ORDER.items() if key != "lastUpdatedTime"}) != content_key(
        SOLD_ORDER
    )


def test_content_differs_by_each_fact():
    other = copy.deepcopy(SOLD_ORDER)
    other["orderItems"][0]["quantityOrdered"] += 1
    assert content_key(other) != content_key(SOLD_ORDER)
    assert content_key(changed(fulfillment={"fulfillmentStatus": "CANCELLED"})) != content_key(SOLD_ORDER)


def test_content_of_an_odd_shape_has_a_key_too():
    assert content_key({"orderItems": {"product": []}, "tax": "?", "text": "\udc80"})
