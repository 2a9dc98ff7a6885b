"""What keys open, and where the seller sells."""

import pytest
from fba_amazon import Gateway, KeysRefused, Participation

from .payloads import FULFILLMENT_ORDER_LIST, INVENTORY_PAGE, PARTICIPATIONS, SOLD_ORDER
from .stub import Reply, error

ANSWERS = {
    "/sellers/v1/marketplaceParticipations": PARTICIPATIONS,
    "/fba/outbound/2020-07-01/fulfillmentOrders": FULFILLMENT_ORDER_LIST,
    "/fba/inventory/v1/summaries": INVENTORY_PAGE,
    "/orders/2026-01-01/orders": {"orders": [SOLD_ORDER]},
}


def refusing(*paths):
    return lambda seen: error(403, "Unauthorized") if seen.path in paths else Reply(body=ANSWERS[seen.path])


def test_published_shape_gives_the_marketplace(stub, gateway):
    stub.api = refusing()
    assert gateway.try_access().participations == (Participation("A1PA6795UKMFR9", is_participating=True),)
    assert stub.calls[0].path == "/sellers/v1/marketplaceParticipations"


def test_keys_that_open_all_are_asked_at_each_api(stub, gateway):
    stub.api = refusing()
    access = gateway.try_access()
    assert (access.refused, access.tried) == ({}, 4)
    assert {call.path for call in stub.calls} == set(ANSWERS)


def test_a_question_that_amazon_does_not_like_is_an_open_door(stub, gateway):
    stub.api = lambda seen: error(400, "InvalidInput") if "inventory" in seen.path else Reply(body=ANSWERS[seen.path])
    access = gateway.try_access()
    assert (access.refused, access.tried) == ({}, 4)


def test_sandbox_is_not_asked_for_orders(stub, gateway):
    stub.api = refusing()
    assert gateway.try_access(orders=False).tried == 3
    assert "/orders/2026-01-01/orders" not in {call.path for call in stub.calls}


def test_each_try_takes_a_fresh_token(stub, patient):
    stub.api = refusing()
    patient.try_access()
    patient.try_access()
    assert len(stub.token_calls) == 2


def test_each_refusal_is_told_and_the_rest_tried(stub, gateway):
    stub.api = refusing("/fba/outbound/2020-07-01/fulfillmentOrders")
    assert list(gateway.try_access().refused) == ["listAllFulfillmentOrders"]


def test_keys_of_another_region_open_nothing(stub, gateway):
    stub.api = refusing(*ANSWERS)
    access = gateway.try_access(["A1PA6795UKMFR9"])
    assert len(access.refused) == access.tried == 4


def test_keys_that_login_refuses_are_told_apart(stub, connection):
    stub.lwa = [Reply(400, {"error": "invalid_grant"})]
    with Gateway(connection) as gateway, pytest.raises(KeysRefused) as caught:
        gateway.try_access()
    assert caught.value.code == "invalid_grant"
