"""getFulfillmentPreview: speeds, fees, dates, and what cannot be fulfilled."""

from typing import Any

import pytest
import requests

from .conftest import OUTBOUND, Amazon, address, item

JAPAN, INDIA, US = "A1VC38T7YXB528", "A21TJRUUN4KGV", "ATVPDKIKX0DER"


def ask(amazon: Amazon, **changes: Any) -> requests.Response:
    """A preview for 3 of SKU-1 and 2 of SKU-2 to the United States; a change to None removes a key."""
    body = {
        "marketplaceId": US,
        "address": address(countryCode="US"),
        "items": [item("line-1", "SKU-1", 3), item("line-2", "SKU-2", 2)],
    }
    body = {key: value for key, value in {**body, **changes}.items() if value is not None}
    return amazon.call("POST", f"{OUTBOUND}/preview", json=body)


def previews(amazon: Amazon, **changes: Any) -> list[dict[str, Any]]:
    response = ask(amazon, **changes)
    assert response.status_code == 200, response.text
    listed: list[dict[str, Any]] = response.json()["payload"]["fulfillmentPreviews"]
    return listed


def fees(preview: dict[str, Any]) -> dict[str, tuple[str, str]]:
    return {fee["name"]: (fee["amount"]["value"], fee["amount"]["currencyCode"]) for fee in preview["estimatedFees"]}


def sell_in(amazon: Amazon, *marketplace_ids: str) -> None:
    """The default seller sells there."""
    credentials = {"client_id": "amzn1.application-oa2-client.demo", "client_secret": "demo-secret"}
    amazon.control("POST", "sellers", refresh_token="Atzr|demo", marketplace_ids=[US, *marketplace_ids], **credentials)


def test_preview_without_speeds_has_the_three_of_every_marketplace(amazon: Amazon) -> None:
    listed = previews(amazon)
    assert [each["shippingSpeedCategory"] for each in listed] == ["Standard", "Expedited", "Priority"]
    assert {(each["isFulfillable"], each["isCODCapable"], each["marketplaceId"]) for each in listed} == {
        (True, False, US)
    }
    assert listed[0]["estimatedShippingWeight"] == {"unit": "POUNDS", "value": "5.00"}


def test_preview_of_faster_speeds_costs_more_and_arrives_sooner(amazon: Amazon) -> None:
    standard, priority = previews(amazon, shippingSpeedCategories=["Standard", "Priority"])
    assert fees(standard) == {
        "FBAPerUnitFulfillmentFee": ("23.75", "USD"),
        "FBAPerOrderFulfillmentFee": ("1.00", "USD"),
        "FBATransportationFee": ("2.00", "USD"),
    }
    assert fees(priority)["FBAPerUnitFulfillmentFee"] == ("46.25", "USD")
    (slow,), (fast,) = standard["fulfillmentPreviewShipments"], priority["fulfillmentPreviewShipments"]
    assert fast["latestArrivalDate"] < slow["earliestArrivalDate"] < slow["latestArrivalDate"]
    rows = [(row["sellerFulfillmentOrderItemId"], row["quantity"]) for row in slow["fulfillmentPreviewItems"]]
    assert rows == [("line-1", 3), ("line-2", 2)]


def test_preview_reserves_nothing_and_leaves_no_order(amazon: Amazon) -> None:
    previews(amazon)
    assert amazon.stock() == (10, 0, 0)
    assert amazon.control("GET", "fulfillment-orders") == []


def test_preview_when_stock_is_short_names_the_missing_units(amazon: Amazon) -> None:
    (preview,) = previews(
        amazon, shippingSpeedCategories=["Standard"], items=[item("a", quantity=8), item("b", quantity=5)]
    )
    assert preview["isFulfillable"] is False
    (missing,) = preview["unfulfillablePreviewItems"]
    assert (missing["sellerFulfillmentOrderItemId"], missing["quantity"]) == ("b", 3)
    assert missing["itemUnfulfillableReasons"]
    assert not {"estimatedFees", "fulfillmentPreviewShipments", "orderUnfulfillableReasons"} & set(preview)


def test_preview_abroad_is_standard_only(amazon: Amazon) -> None:
    standard, expedited, priority = previews(amazon, address=address(countryCode="DE"))
    assert standard["isFulfillable"] is True
    for preview in (expedited, priority):
        assert preview["isFulfillable"] is False
        assert preview["orderUnfulfillableReasons"] == ["DeliverySLAUnavailable"]


@pytest.mark.parametrize(
    ("marketplace_id", "country", "per_order"),
    [
        ("A1PA6795UKMFR9", "DE", ("1.00", "EUR")),
        ("A1F83G8C2ARO7P", "GB", ("1.00", "GBP")),
        ("A2EUQ1WTGCTBG2", "CA", ("1.00", "CAD")),
    ],
)
def test_preview_fees_are_in_the_marketplaces_currency(
    amazon: Amazon, marketplace_id: str, country: str, per_order: tuple[str, str]
) -> None:
    sell_in(amazon, marketplace_id)
    preview = previews(amazon, marketplaceId=marketplace_id, address=address(countryCode=country))[0]
    assert fees(preview)["FBAPerOrderFulfillmentFee"] == per_order
    assert preview["estimatedShippingWeight"]["unit"] == "KILOGRAMS"


def test_preview_of_scheduled_delivery_in_japan_has_windows_and_whole_yen(amazon: Amazon) -> None:
    sell_in(amazon, JAPAN)
    (preview,) = previews(
        amazon,
        marketplaceId=JAPAN,
        address=address(countryCode="JP", city=None),
        shippingSpeedCategories=["ScheduledDelivery"],
        includeDeliveryWindows=True,
    )
    assert preview["isFulfillable"] is True
    assert preview["scheduledDeliveryInfo"]["deliveryTimeZone"] == "Asia/Tokyo"
    assert fees(preview)["FBAPerOrderFulfillmentFee"] == ("300", "JPY")


def test_preview_of_scheduled_delivery_elsewhere_is_not_fulfillable(amazon: Amazon) -> None:
    (preview,) = previews(amazon, shippingSpeedCategories=["ScheduledDelivery"], includeDeliveryWindows=True)
    assert preview["orderUnfulfillableReasons"] == ["DeliverySLAUnavailable"]
    assert "scheduledDeliveryInfo" not in preview


def test_preview_in_india_or_when_fees_are_unknown_has_null_fees(amazon: Amazon) -> None:
    sell_in(amazon, INDIA)
    assert previews(amazon, marketplaceId=INDIA, address=address(countryCode="IN"))[0]["estimatedFees"] is None
    amazon.control("POST", "settings", fees_known=False)
    assert [each["estimatedFees"] for each in previews(amazon)] == [None] * 3


def test_preview_with_cod_lists_both_kinds(amazon: Amazon) -> None:
    plain, cod = previews(amazon, shippingSpeedCategories=["Standard"], includeCODFulfillmentPreview=True)
    assert (plain["isCODCapable"], cod["isCODCapable"]) == (False, True)
    assert "FBAFulfillmentCODFee" not in fees(plain)
    assert fees(cod)["FBAFulfillmentCODFee"] == ("5.00", "USD")


def test_preview_without_marketplace_takes_the_sellers_first(amazon: Amazon) -> None:
    assert previews(amazon, marketplaceId=None)[0]["marketplaceId"] == US


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"address": None}, "address is required"),
        ({"address": address(countryCode="US", city=None)}, "address.city is required"),
        ({"items": []}, "items must have at least 1"),
        ({"items": [item("a", sku="NONE")]}, "the SellerSKU for Item Id: a is invalid"),
        ({"items": [item("a"), item("a")]}, "Duplicate sellerFulfillmentOrderItemId: a"),
        ({"items": [item(quantity=251)]}, "more than 250 units"),
        ({"marketplaceId": JAPAN}, "marketplaceId is invalid"),
        ({"shippingSpeedCategories": ["Fast"]}, "Value Fast for parameter shippingSpeedCategories[0] is invalid"),
        ({"includeCODFulfillmentPreview": "yes"}, "must be a boolean"),
        ({"fulfillmentPolicy": "FillAll"}, "fulfillmentPolicy is not a known parameter"),
    ],
)
def test_preview_with_bad_body_is_invalid_input(amazon: Amazon, changes: dict[str, Any], message: str) -> None:
    response = ask(amazon, **changes)
    assert response.status_code == 400
    assert message in response.json()["errors"][0]["message"]
