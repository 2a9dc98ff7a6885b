"""Habits of writing: spelling, keys and types."""

import pytest

from .conftest import OUTBOUND, Amazon, address, item

PREVIEW = {"address": address(countryCode="US"), "items": [item()]}


@pytest.mark.parametrize(
    ("style", "partialled", "cancelled", "damaged", "speed"),
    [
        ("UPPER_UNDERSCORE", "COMPLETE_PARTIALLED", "CANCELLED_BY_FULFILLER", "CUSTOMER_DAMAGED", "STANDARD"),
        ("lower", "completepartialled", "cancelled_by_fulfiller", "customerdamaged", "standard"),
        ("hyphen", "Complete-Partialled", "CANCELLED-BY-FULFILLER", "Customer-Damaged", "Standard"),
        ("blanks", "Complete Partialled", "CANCELLED BY FULFILLER", "Customer Damaged", "Standard"),
    ],
)
def test_spelling_respells_every_enumeration_of_an_order(
    amazon: Amazon, style: str, partialled: str, cancelled: str, damaged: str, speed: str
) -> None:
    amazon.create(items=[item(quantity=2)])
    amazon.advance(minutes=30)
    order = "fulfillment-orders/MCF-1"
    amazon.control("POST", f"{order}/cancel-shipment")
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", f"{order}/ship", packages=[{"items": one}])
    amazon.control("POST", f"{order}/cannot-fulfill")
    amazon.control("POST", f"{order}/return", items=one)
    amazon.control("POST", f"{order}/process-returns", condition="CustomerDamaged")
    amazon.arm("spelling", style=style)
    answer = amazon.get()
    shown = answer["fulfillmentOrder"]
    assert (shown["fulfillmentOrderStatus"], shown["shippingSpeedCategory"]) == (partialled, speed)
    assert answer["fulfillmentShipments"][0]["fulfillmentShipmentStatus"] == cancelled
    assert answer["returnItems"][0]["returnReceivedCondition"] == damaged
    assert answer["fulfillmentOrderItems"][0]["sellerSku"] == "SKU-1"
    assert amazon.listed()[0]["fulfillmentOrderStatus"] == partialled


def test_spelling_reaches_every_api(amazon: Amazon) -> None:
    amazon.arm("spelling", style="hyphen")
    line = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "5", "gift_wrap": "1"}
    part = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", "sales", items=[line], status="PARTIALLY_SHIPPED", shipped=part)
    (order,) = amazon.search(includedData="FULFILLMENT,PROCEEDS").json()["orders"]
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY-SHIPPED"
    assert {part["type"] for part in order["proceeds"]["breakdowns"]} == {"ITEM", "GIFT-WRAP"}
    specification = {"reportType": "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", "marketplaceIds": ["ATVPDKIKX0DER"]}
    report = amazon.call("POST", "/reports/2021-06-30/reports", json=specification).json()["reportId"]
    shown = amazon.call("GET", f"/reports/2021-06-30/reports/{report}").json()
    assert (shown["processingStatus"], shown["reportType"]) == ("IN-QUEUE", specification["reportType"])


def test_unknown_word_replaces_a_value_wherever_it_stands(shipped: Amazon) -> None:
    shipped.arm("unknown_word", key="fulfillmentOrderStatus", value="Teleported")
    assert shipped.status() == "Teleported"
    assert [row["fulfillmentOrderStatus"] for row in shipped.listed()] == ["Teleported"]
    shipped.arm("unknown_word", key="fulfillmentStatus", value="LOST", operation="searchOrders")
    (order,) = shipped.search(includedData="FULFILLMENT").json()["orders"]
    assert order["fulfillment"]["fulfillmentStatus"] == "LOST"


def test_loose_types_write_numbers_as_text(shipped: Amazon) -> None:
    shipped.arm("loose_types")
    answer = shipped.get()
    assert [line["quantity"] for line in answer["fulfillmentOrderItems"]] == ["3", "2"]
    row = answer["fulfillmentShipments"][0]["fulfillmentShipmentItem"][0]
    assert (row["quantity"], row["packageNumber"]) == ("3", "1001")
    (preview, *_) = shipped.call("POST", f"{OUTBOUND}/preview", json=PREVIEW).json()["payload"]["fulfillmentPreviews"]
    assert preview["isFulfillable"] is True


def test_loose_types_write_a_list_of_one_as_its_element(shipped: Amazon) -> None:
    shipped.arm("loose_types", style="single_for_list")
    answer = shipped.get()
    assert answer["fulfillmentShipments"][0]["fulfillmentShipmentItem"]["quantity"] == 3
    assert len(answer["fulfillmentOrderItems"]) == 2
    assert shipped.call("GET", OUTBOUND).json()["payload"]["fulfillmentOrders"]["sellerFulfillmentOrderId"] == "MCF-1"


def test_loose_types_write_null_for_what_is_absent(shipped: Amazon) -> None:
    shipped.arm("loose_types", style="null_for_absent")
    answer = shipped.get()
    assert answer["returnItems"] is None
    assert answer["fulfillmentOrderItems"][0]["giftMessage"] is None
    assert answer["fulfillmentShipments"][0]["fulfillmentShipmentPackage"][0]["lockerDetails"] is None
    assert answer["fulfillmentOrder"]["destinationAddress"]["phone"] is None


def test_extra_fields_are_in_every_object(shipped: Amazon) -> None:
    shipped.arm("extra_fields")
    answer = shipped.get()
    places = (answer, answer["fulfillmentOrder"]["destinationAddress"], answer["fulfillmentShipments"][1])
    assert all(place["primeUpgraded"] is False and place["experimental"]["version"] == 2 for place in places)


def test_missing_fields_are_absent_wherever_they_stand(shipped: Amazon) -> None:
    shipped.arm("missing_fields", keys=["marketplaceId", "carrierCode"])
    answer = shipped.get()
    assert "marketplaceId" not in answer["fulfillmentOrder"]
    assert "carrierCode" not in answer["fulfillmentShipments"][0]["fulfillmentShipmentPackage"][0]
    assert "marketplaceId" not in shipped.listed()[0]
    assert "marketplaceId" not in shipped.search().json()["orders"][0]["salesChannel"]
