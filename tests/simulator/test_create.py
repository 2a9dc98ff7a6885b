"""createFulfillmentOrder: what Amazon accepts, and what it says to the rest."""

from typing import Any

import pytest

from .conftest import OUTBOUND, Amazon, address, item


def test_create_with_good_body_answers_empty_and_reserves(amazon: Amazon) -> None:
    response = amazon.create()
    assert (response.status_code, response.json()) == (200, {})
    assert response.headers["x-amzn-RequestId"]
    assert response.headers["x-amzn-RateLimit-Limit"] == "2.0"
    assert response.headers["Content-Length"] == "2"
    assert amazon.stock("SKU-1") == (7, 3, 0)
    order = amazon.get()["fulfillmentOrder"]
    assert order["fulfillmentOrderStatus"] == "New"
    assert order["receivedDate"] == order["statusUpdatedDate"] == amazon.control("GET", "clock")["now"]


def test_create_without_optional_keys_uses_amazons_defaults(amazon: Amazon) -> None:
    assert amazon.create(marketplaceId=None, fulfillmentAction=None, fulfillmentPolicy=None).status_code == 200
    order = amazon.get()["fulfillmentOrder"]
    assert order["marketplaceId"] == "ATVPDKIKX0DER"
    assert (order["fulfillmentAction"], order["fulfillmentPolicy"]) == ("Ship", "FillOrKill")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"sellerFulfillmentOrderId": None}, "sellerFulfillmentOrderId is required"),
        ({"sellerFulfillmentOrderId": "x" * 41}, "sellerFulfillmentOrderId must not be longer than 40"),
        ({"displayableOrderId": "x" * 41}, "displayableOrderId must not be longer than 40"),
        ({"displayableOrderId": "注文 7"}, "displayableOrderId must be ISO 8859-1"),
        ({"displayableOrderId": "S  7"}, "without two spaces in a row"),
        (
            {"shippingSpeedCategory": "ScheduledDelivery", "fulfillmentAction": "Hold"},
            "Value Hold for parameter fulfillmentAction is invalid",
        ),
        ({"displayableOrderComment": "x" * 751}, "displayableOrderComment must not be longer than 750"),
        ({"displayableOrderDate": "yesterday"}, "displayableOrderDate must be an ISO 8601"),
        ({"shippingSpeedCategory": "Fast"}, "Value Fast for parameter shippingSpeedCategory is invalid"),
        ({"fulfillmentAction": "Send"}, "Value Send for parameter fulfillmentAction is invalid"),
        ({"fulfillmentPolicy": "FillSome"}, "Value FillSome for parameter fulfillmentPolicy is invalid"),
        ({"marketplaceId": "A1VC38T7YXB528"}, "Value A1VC38T7YXB528 for parameter marketplaceId is invalid"),
        ({"marketplaceIds": ["ATVPDKIKX0DER"]}, "marketplaceIds is not a known parameter"),
        ({"destinationAddress": address(city=None)}, "destinationAddress.city is required"),
        ({"destinationAddress": address(countryCode="JP")}, "city should not be used in Japan"),
        ({"destinationAddress": address(name=None)}, "destinationAddress.name is required"),
        ({"destinationAddress": address(zip="1")}, "destinationAddress.zip is not a known parameter"),
        ({"items": []}, "items must have at least 1"),
        ({"items": [item(f"l{n}") for n in range(101)]}, "items must have at most 100"),
        ({"items": [item(quantity=251)]}, "more than 250 units"),
        ({"items": [item(quantity=0)]}, "items[0].quantity must be a positive whole number"),
        ({"items": [item(quantity=1.5)]}, "items[0].quantity must be a positive whole number"),
        ({"items": [item(quantity="1")]}, "items[0].quantity must be a positive whole number"),
        ({"items": [item("x" * 51)]}, "items[0].sellerFulfillmentOrderItemId must not be longer than 50"),
        ({"items": [item(sku="x" * 51)]}, "items[0].sellerSku must not be longer than 50"),
        ({"items": [item("a"), item("a")]}, "Duplicate sellerFulfillmentOrderItemId: a"),
        ({"items": [item("a", sku="NONE")]}, "the SellerSKU for Item Id: a is invalid"),
        (
            {"items": [item(perUnitDeclaredValue={"currencyCode": "USD", "amount": "1"})]},
            "items[0].perUnitDeclaredValue.amount is not a known parameter",
        ),
    ],
)
def test_create_with_bad_body_is_invalid_input(amazon: Amazon, changes: dict[str, Any], message: str) -> None:
    response = amazon.create(**changes)
    assert response.status_code == 400
    error = response.json()["errors"][0]
    assert error["code"] == "InvalidInput"
    assert message in error["message"]
    assert response.headers["x-amzn-RateLimit-Limit"] == "2.0"
    assert amazon.control("GET", "fulfillment-orders") == []
    assert amazon.stock() == (10, 0, 0)


def test_create_twice_is_refused_even_after_the_end(amazon: Amazon) -> None:
    amazon.create()
    refused = "A create request already exists for MerchantFulfillmentOrderId MCF-1"
    assert amazon.create().json()["errors"][0]["message"] == refused
    amazon.advance(hours=2)
    assert amazon.status() == "Complete"
    assert amazon.create().json()["errors"][0]["message"] == refused
    assert amazon.stock() == (7, 0, 3)


def test_create_with_stray_query_is_invalid_input(amazon: Amazon) -> None:
    response = amazon.call("POST", OUTBOUND, params={"MarketplaceId": "x"}, json={})
    assert response.status_code == 400
    assert "MarketplaceId" in response.json()["errors"][0]["message"]


def test_create_without_json_is_invalid_input(amazon: Amazon) -> None:
    assert amazon.call("POST", OUTBOUND, data="<xml/>").status_code == 400


def test_call_of_unknown_operation_is_not_found(amazon: Amazon) -> None:
    assert amazon.call("GET", "/nothing/here").status_code == 404
    assert amazon.journal()[-1]["operation"] == "unknown"
