"""Stock at Amazon: the questions that leave, and the rows that come in."""

import copy
from datetime import datetime, timezone

import pytest
from fba_amazon import InventorySummary, Malformed, Rejected

from .payloads import INVENTORY_PAGE
from .stub import Reply, error

SINCE = datetime(2026, 11, 1, tzinfo=timezone.utc)
EXPIRED = error(400, "InvalidInput", "Next token is expired")


def page(*skus, token=None):
    row = INVENTORY_PAGE["payload"]["inventorySummaries"][0]
    body = {"payload": {"inventorySummaries": [{**row, "sellerSku": sku} for sku in skus]}}
    return Reply(body={**body, "pagination": {"nextToken": token}} if token else body)


def skus(gateway):
    return [row.seller_sku for row in gateway.get_inventory("M1")]


def test_get_published_shape_gives_the_row(stub, gateway):
    stub.api = [Reply(body=INVENTORY_PAGE)]
    assert list(gateway.get_inventory("M1")) == [
        InventorySummary(
            seller_sku="SKU-1",
            asin="B00000001",
            fnsku="X0001",
            condition="NewItem",
            name="Lamp",
            updated_at=datetime(2020, 2, 18, 9, 13, tzinfo=timezone.utc),
            total=33,
            fulfillable=12,
            inbound_working=1,
            inbound_shipped=2,
            inbound_receiving=3,
            reserved=6,
            reserved_orders=3,
            reserved_transfers=2,
            reserved_processing=1,
            researching=4,
            unfulfillable=5,
        )
    ]
    (call,) = stub.calls
    assert call.path == "/fba/inventory/v1/summaries"
    assert call.query == {
        "granularityType": ["Marketplace"],
        "granularityId": ["M1"],
        "marketplaceIds": ["M1"],
        "details": ["true"],
    }


def test_get_changes_or_skus_asks_for_them(stub, patient):
    stub.api = [page("A")]
    list(patient.get_inventory("M1", changed_since=SINCE))
    list(patient.get_inventory("M1", seller_skus=["A", "B"]))
    assert stub.calls[0].query["startDateTime"] == ["2026-11-01T00:00:00Z"]
    assert stub.calls[1].query["sellerSkus"] == ["A,B"]


@pytest.mark.parametrize("more", [{"seller_skus": ["A"] * 51}, {"seller_skus": ["A"], "changed_since": SINCE}])
def test_get_what_amazon_would_ignore_is_refused(stub, gateway, more):
    with pytest.raises(ValueError, match="seller SKUs"):
        list(gateway.get_inventory("M1", **more))
    assert stub.calls == []


def test_get_row_that_says_little_leaves_the_rest_none(stub, gateway):
    details = {"fulfillableQuantity": 0, "reservedQuantity": {}, "unfulfillableQuantity": None}
    rows = [{"sellerSku": "A"}, {"sellerSku": "B", "inventoryDetails": details}]
    stub.api = [Reply(body={"payload": {"inventorySummaries": rows}})]
    bare, zero = gateway.get_inventory("M1")
    assert (bare.fulfillable, bare.reserved, bare.total, bare.updated_at) == (None,) * 4
    assert (zero.fulfillable, zero.reserved, zero.unfulfillable) == (0, None, None)


def test_get_row_without_sku_names_it(stub, gateway):
    body = copy.deepcopy(INVENTORY_PAGE)
    del body["payload"]["inventorySummaries"][0]["sellerSku"]
    stub.api = [Reply(body=body)]
    with pytest.raises(Malformed, match=r"inventorySummaries\[0\]\.sellerSku"):
        list(gateway.get_inventory("M1"))


def test_get_of_many_pages_keeps_the_question(stub, patient):
    stub.api = [page("A", token="t1"), page("B")]
    assert skus(patient) == ["A", "B"]
    first, second = (call.query for call in stub.calls)
    assert second == {**first, "nextToken": ["t1"]}


def test_get_with_an_expired_token_starts_anew_and_gives_no_row_twice(stub, patient):
    stub.api = [
        page("A", token="t1"),
        page("B", token="t2"),
        EXPIRED,  # t2: whoever took B was slow
        page("A", "NEW", token="t3"),
        page("B", token="t4"),
        page("C"),
    ]
    assert skus(patient) == ["A", "B", "NEW", "C"]
    assert [call.query.get("nextToken") for call in stub.calls] == [None, ["t1"], ["t2"], None, ["t3"], ["t4"]]


def test_get_with_tokens_that_always_expire_ends_with_the_refusal(stub, patient):
    stub.api = [page("A", token="t1"), EXPIRED, page("A", token="t2"), EXPIRED]
    with pytest.raises(Rejected, match="400"):
        skus(patient)
    assert len(stub.calls) == 4


def test_get_refused_without_a_token_is_not_asked_again(stub, gateway):
    stub.api = [error(400, "InvalidInput")]
    with pytest.raises(Rejected):
        skus(gateway)
    assert len(stub.calls) == 1
