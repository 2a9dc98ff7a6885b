"""Whatever an order holds, Amazon accepts it or the gateway says clearly why not: no third way."""

import string
from dataclasses import replace

import pytest
from fba_amazon import Address, Clock, Connection, CreateItem, Gateway, InvalidRequest, Pace, PreviewOrder, Rejected
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from amazon_simulator import SimulatorServer

from .payloads import ORDER

# Any script, controls, halves of pairs; often short and often near a limit.
ANY_TEXT = st.text(st.characters(), max_size=60) | st.sampled_from(["", " ", "x" * 40, "x" * 41, "x" * 50, "x" * 51])
PRINTABLE = st.characters(exclude_categories=("Cc", "Cs"))
TEXT = st.text(PRINTABLE, min_size=1, max_size=60).filter(str.strip)
SHORT = st.text(PRINTABLE, min_size=1, max_size=20).filter(str.strip)  # within every limit of an address
ADDRESSES = st.builds(
    Address,
    name=ANY_TEXT | TEXT,
    line1=ANY_TEXT | TEXT,
    line2=st.none() | ANY_TEXT,
    line3=st.none() | ANY_TEXT,
    city=st.none() | TEXT,
    state=st.none() | ANY_TEXT,
    postal_code=ANY_TEXT | TEXT,
    country_code=st.sampled_from(["US", "DE", "JP"]) | st.text(max_size=3),
    phone=st.none() | ANY_TEXT,
)
QUANTITIES = st.integers(1, 5) | st.integers(-1, 300) | st.floats() | st.booleans()
ITEMS = st.lists(
    st.builds(CreateItem, item_id=ANY_TEXT | TEXT, seller_sku=ANY_TEXT | TEXT, quantity=QUANTITIES), max_size=4
)
GOOD_ADDRESSES = st.builds(
    Address,
    name=SHORT,
    line1=TEXT,
    line2=st.none() | TEXT,
    line3=st.none(),
    city=SHORT,
    state=st.none() | TEXT,
    postal_code=st.text(string.ascii_letters + string.digits, min_size=1, max_size=20),
    country_code=st.sampled_from(["US", "DE", "CN", "EG"]),
    phone=st.none() | SHORT,
)
GOOD_ITEMS = st.lists(
    st.builds(
        CreateItem,
        item_id=TEXT.filter(lambda text: len(text) <= 50),
        seller_sku=st.just("SKU-1"),
        quantity=st.integers(1, 50),
    ),
    min_size=1,
    max_size=5,
    unique_by=lambda item: item.item_id,
)


@pytest.fixture(scope="module")
def amazon():
    """A simulator and a gateway that does not wait for its plan; every order has an id of its own."""
    with SimulatorServer() as server:
        server.world.settings.plan_factor = 1e6
        server.world.stock_item(server.world.sellers["Atzr|demo"], "SKU-1").fulfillable = 10**9
        connection = Connection(
            server.url, server.lwa_url, "amzn1.application-oa2-client.demo", "demo-secret", "Atzr|demo"
        )
        with Gateway(connection, pace=Pace(Clock(sleep=lambda _seconds: None))) as gateway:
            yield gateway


numbers = iter(range(10**9))
PROPERTY = settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@PROPERTY
@given(address=ADDRESSES, items=ITEMS, displayable=ANY_TEXT | TEXT, comment=ANY_TEXT | TEXT)
def test_any_order_is_accepted_or_clearly_rejected(amazon, address, items, displayable, comment):
    order = replace(
        ORDER,
        order_id=f"P-{next(numbers)}",
        address=address,
        items=tuple(items),
        displayable_order_id=displayable,
        comment=comment,
    )
    try:
        amazon.create_fulfillment_order(order)
    except Rejected as error:
        assert error.user_message and error.code
        assert not isinstance(error, InvalidRequest) or order.order_id in error.user_message
        if not isinstance(error, InvalidRequest):  # the one thing we cannot know before asking
            assert "SellerSKU" in error.user_message
    else:
        read = amazon.get_fulfillment_order(order.order_id)
        assert [(item.item_id, item.quantity) for item in read.items] == [(i.item_id, i.quantity) for i in items]


@PROPERTY
@given(address=GOOD_ADDRESSES, items=GOOD_ITEMS)
def test_any_order_within_the_rules_is_accepted_in_any_script(amazon, address, items):
    order = replace(ORDER, order_id=f"P-{next(numbers)}", address=address, items=tuple(items))
    amazon.preview_fulfillment(PreviewOrder(order.order_id, address, order.items, None))
    amazon.create_fulfillment_order(order)
    read = amazon.get_fulfillment_order(order.order_id)
    assert [(item.item_id, item.quantity) for item in read.items] == [(i.item_id, i.quantity) for i in items]
