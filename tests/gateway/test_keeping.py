"""Amazon's answers through JSON and back."""

import json

from fba_amazon import kept, outbound, recalled
from hypothesis import given, settings
from hypothesis import strategies as st

ORDERS = st.from_type(outbound.FulfillmentOrder)


@settings(max_examples=200)
@given(ORDERS)
def test_order_comes_back_as_it_was(order):
    again = recalled(json.loads(json.dumps(kept(order))))
    assert again == outbound.FulfillmentOrder(**{**vars(order), "echo": outbound.Echo()})


def test_nothing_of_the_address_is_kept():
    order = outbound.FulfillmentOrder(
        "O", "Processing", None, None, None, None, (), (), echo=outbound.Echo("S1", None, "97201", "US")
    )
    assert "97201" not in json.dumps(kept(order))
