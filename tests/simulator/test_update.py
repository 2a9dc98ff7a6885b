"""updateFulfillmentOrder: what changes on an order on hold, and its release."""

from typing import Any

import pytest
import requests

from .conftest import OUTBOUND, Amazon, address, item


def update(amazon: Amazon, order_id: str = "MCF-1", **changes: Any) -> requests.Response:
    return amazon.call("PUT", f"{OUTBOUND}/{order_id}", json=changes)


@pytest.fixture
def held(amazon: Amazon) -> Amazon:
    """MCF-1 is on hold."""
    amazon.create(fulfillmentAction="Hold")
    return amazon


def test_update_changes_what_get_shows(held: Amazon) -> None:
    changes = {
        "displayableOrderId": "S00043",
        "displayableOrderDate": "2026-11-24T10:00:00Z",
        "displayableOrderComment": "Again",
        "shippingSpeedCategory": "Priority",
        "fulfillmentPolicy": "FillOrKill",
        "destinationAddress": address(name="Max Muster"),
        "notificationEmails": ["max@example.com"],
        "featureConstraints": [{"featureName": "BLANK_BOX", "featureFulfillmentPolicy": "Required"}],
    }
    response = update(held, **changes)
    assert (response.status_code, response.json()) == (200, {})
    order = held.get()["fulfillmentOrder"]
    assert {key: order[key] for key in changes} == changes
    assert (order["fulfillmentAction"], order["fulfillmentOrderStatus"]) == ("Hold", "New")


def test_update_quantities_reserves_and_frees_stock(held: Amazon) -> None:
    items = [
        {"sellerFulfillmentOrderItemId": "line-1", "quantity": 5, "giftMessage": "Hi"},
        {"sellerFulfillmentOrderItemId": "line-2", "quantity": 1},
    ]
    assert update(held, items=items).status_code == 200
    one, two = held.get()["fulfillmentOrderItems"]
    assert (one["quantity"], one["giftMessage"], one["sellerSku"], two["quantity"]) == (5, "Hi", "SKU-1", 1)
    assert (held.stock("SKU-1"), held.stock("SKU-2")) == ((5, 5, 0), (9, 1, 0))


def test_release_starts_the_life_of_the_order(held: Amazon) -> None:
    held.advance(days=13)
    assert update(held, fulfillmentAction="Ship").status_code == 200
    seen = []
    for minutes in (0, 5, 25, 90):
        held.advance(minutes=minutes)
        seen.append(held.status())
    assert seen == ["Received", "Planning", "Processing", "Complete"]
    assert held.get()["fulfillmentOrder"]["fulfillmentAction"] == "Ship"


def test_update_without_release_keeps_the_end_of_the_hold(held: Amazon) -> None:
    held.advance(days=13)
    update(held, displayableOrderComment="Still waiting")
    held.advance(days=1)
    assert held.status() == "Cancelled"


def test_update_of_an_order_that_is_not_on_hold_is_invalid_input(amazon: Amazon) -> None:
    amazon.create()
    response = update(amazon, displayableOrderComment="Late")
    assert response.status_code == 400
    assert "not on hold" in response.json()["errors"][0]["message"]
    assert amazon.get()["fulfillmentOrder"]["displayableOrderComment"] == "Thanks"


def test_update_of_an_ended_hold_is_invalid_input(held: Amazon) -> None:
    held.call("PUT", f"{OUTBOUND}/MCF-1/cancel")
    assert update(held, fulfillmentAction="Ship").status_code == 400
    assert held.status() == "Cancelled"


def test_update_of_unknown_order_is_not_found(amazon: Amazon) -> None:
    assert update(amazon, "NONE", fulfillmentAction="Ship").status_code == 404


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sellerFulfillmentOrderId": "MCF-1"}, "sellerFulfillmentOrderId is not a known parameter"),
        ({"displayableOrderComment": "x" * 751}, "must not be longer than 750"),
        ({"shippingSpeedCategory": "Fast"}, "shippingSpeedCategory is invalid"),
        ({"destinationAddress": address(city=None)}, "destinationAddress.city is required"),
        ({"marketplaceId": "A1VC38T7YXB528"}, "marketplaceId is invalid"),
        ({"items": [{"sellerFulfillmentOrderItemId": "line-1"}]}, "items[0].quantity is required"),
        ({"items": [{"sellerFulfillmentOrderItemId": "line-9", "quantity": 1}]}, "no item of the order"),
        ({"items": [{"sellerFulfillmentOrderItemId": "line-1", "quantity": 249}]}, "more than 250 units"),
        ({"items": [item("line-1", "SKU-2")]}, "cannot be changed"),
        ({"items": [item("line-1"), item("line-1")]}, "Duplicate sellerFulfillmentOrderItemId: line-1"),
    ],
)
def test_update_with_bad_body_is_invalid_input_and_changes_nothing(
    held: Amazon, changes: dict[str, Any], message: str
) -> None:
    before = held.get()
    response = update(held, displayableOrderId="S00099", fulfillmentAction="Ship", **changes)
    assert response.status_code == 400
    assert message in response.json()["errors"][0]["message"]
    assert held.get() == before


def test_update_without_json_is_invalid_input(held: Amazon) -> None:
    assert held.call("PUT", f"{OUTBOUND}/MCF-1").status_code == 400
