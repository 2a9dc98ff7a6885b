"""Units that a customer sends back: announced, processed, and what becomes of the stock."""

from typing import Any

import pytest

from .conftest import Amazon, create_body, item

ORDER = "fulfillment-orders/MCF-1"


def of(sku: str, quantity: Any) -> dict[str, Any]:
    return {"seller_sku": sku, "quantity": quantity}


@pytest.fixture
def shipped(amazon: Amazon) -> Amazon:
    """MCF-1 left in two shipments: D1 with 2 of SKU-1, D2 with 1 of SKU-1 and 2 of SKU-2."""
    amazon.create()
    for shipment_id, items in (("D1", [of("SKU-1", 2)]), ("D2", [of("SKU-1", 1), of("SKU-2", 2)])):
        amazon.control("POST", f"{ORDER}/ship", packages=[{"items": items}], shipment_id=shipment_id)
    return amazon


def returns(amazon: Amazon) -> list[tuple[str, str, str]]:
    """(item id, shipment id, status) of the return items that the seller sees."""
    return [
        (row["sellerFulfillmentOrderItemId"], row["amazonShipmentId"], row["status"])
        for row in amazon.get()["returnItems"]
    ]


def test_return_makes_an_item_of_each_unit_and_takes_the_first_shipment_first(shipped: Amazon) -> None:
    before = shipped.get()["fulfillmentOrder"]
    shipped.advance(minutes=10)
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 3), of("SKU-2", 1)], reason="TOO_SMALL")
    assert returns(shipped) == [
        ("line-1", "D1", "New"),
        ("line-1", "D1", "New"),
        ("line-1", "D2", "New"),
        ("line-2", "D2", "New"),
    ]
    payload = shipped.get()
    row = payload["returnItems"][0]
    assert (row["sellerReturnReasonCode"], "returnComment" in row) == ("TOO_SMALL", False)
    assert "returnReceivedCondition" not in row and "fulfillmentCenterId" not in row
    assert len({row["sellerReturnItemId"] for row in payload["returnItems"]}) == 4
    assert row["statusChangedDate"] > before["statusUpdatedDate"]
    assert payload["fulfillmentOrder"] == before
    assert payload["returnAuthorizations"] == []
    assert shipped.stock("SKU-1") == (7, 0, 3)


def test_return_of_a_named_shipment_takes_that_one(shipped: Amazon) -> None:
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)], shipment_id="D2", comment="Broken")
    assert returns(shipped) == [("line-1", "D2", "New")]
    (row,) = shipped.get()["returnItems"]
    assert (row["returnComment"], row["sellerReturnReasonCode"]) == ("Broken", "UNKNOWN_OTHER_REASON")


def test_return_of_a_sku_on_two_lines_takes_both(amazon: Amazon) -> None:
    amazon.create(items=[item("a", quantity=2), item("b", quantity=1)])
    amazon.advance(hours=2)
    amazon.control("POST", f"{ORDER}/return", items=[of("SKU-1", 3)])
    assert [item_id for item_id, _, _ in returns(amazon)] == ["a", "a", "b"]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "items is required"),
        ({"items": [of("SKU-1", 3)]}, "only 2 shipped and not returned"),
        ({"items": [of("SKU-1", 2), of("SKU-1", 1)]}, "only 0 shipped and not returned"),
        ({"items": [of("SKU-1", 2)], "shipment_id": "D1"}, "only 1 shipped and not returned"),
        ({"items": [of("SKU-2", 1)], "shipment_id": "D1"}, "only 0 shipped and not returned"),
        ({"items": [of("NONE", 1)]}, "only 0 shipped and not returned"),
        ({"items": [of("SKU-1", 0)]}, "at least 1"),
        ({"items": [of("SKU-1", 1)], "shipment_id": "D9"}, "shipment D9 is unknown"),
        ({"items": [of("SKU-1", 1)], "reason": 7}, "reason is required"),
    ],
)
def test_return_that_cannot_be_says_why_and_changes_nothing(shipped: Amazon, body: dict[str, Any], text: str) -> None:
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)])
    response = shipped.try_control("POST", f"{ORDER}/return", **body)
    assert (response.status_code, text in response.json()["error"]) == (400, True), response.text
    assert returns(shipped) == [("line-1", "D1", "New")]


def test_return_before_anything_shipped_is_refused(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(minutes=30)  # a PENDING shipment is listed
    response = amazon.try_control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)])
    assert "only 0 shipped" in response.json()["error"]
    (pending,) = amazon.get()["fulfillmentShipments"]
    response = amazon.try_control(
        "POST", f"{ORDER}/return", items=[of("SKU-1", 1)], shipment_id=pending["amazonShipmentId"]
    )
    assert "is PENDING, not SHIPPED" in response.json()["error"]


@pytest.mark.parametrize(
    ("condition", "place"),
    [
        ("Sellable", "fulfillable"),
        ("Defective", "defective"),
        ("CustomerDamaged", "customer_damaged"),
        ("CarrierDamaged", "carrier_damaged"),
        ("FulfillerDamaged", "warehouse_damaged"),
    ],
)
def test_process_returns_puts_the_units_where_their_condition_says(shipped: Amazon, condition: str, place: str) -> None:
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 2)])
    before, order = shipped.control("GET", "stock")["SKU-1"], shipped.get()["fulfillmentOrder"]
    shipped.advance(minutes=10)
    shipped.control("POST", f"{ORDER}/process-returns", condition=condition)
    after = shipped.control("GET", "stock")["SKU-1"]
    assert (after[place], after["total"]) == (before[place] + 2, before["total"] + 2)
    assert after["updated_at"] > before["updated_at"]
    for row in shipped.get()["returnItems"]:
        assert (row["status"], row["returnReceivedCondition"]) == ("Processed", condition)
        assert (row["fulfillmentCenterId"], row["statusChangedDate"]) == ("SIM1", after["updated_at"])
    assert shipped.get()["fulfillmentOrder"] == order


def test_process_returns_leaves_what_was_processed_and_moves_the_echo(shipped: Amazon) -> None:
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-2", 1)])
    shipped.control("POST", f"{ORDER}/process-returns")
    shipped.advance(minutes=10)
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-2", 1)])
    (order,) = shipped.control("GET", "fulfillment-orders")
    assert [row["status"] for row in order["returns"]] == ["Processed", "New"]
    order = shipped.control("POST", f"{ORDER}/process-returns", condition="Defective")
    assert [row["condition"] for row in order["returns"]] == ["Sellable", "Defective"]
    assert order["returns"][0]["changed_at"] < order["returns"][1]["changed_at"] == order["changed_at"]
    assert shipped.search().json()["orders"][0]["lastUpdatedTime"] == order["changed_at"]


def test_process_returns_without_a_new_one_or_with_an_unknown_condition_is_refused(shipped: Amazon) -> None:
    assert "no New return item" in shipped.try_control("POST", f"{ORDER}/process-returns").json()["error"]
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)])
    response = shipped.try_control("POST", f"{ORDER}/process-returns", condition="Washed")
    assert "unknown condition 'Washed'" in response.json()["error"]
    assert returns(shipped) == [("line-1", "D1", "New")]


def test_process_returns_gives_stock_to_the_order_that_waits_for_it(shipped: Amazon) -> None:
    body = create_body(sellerFulfillmentOrderId="MCF-2", fulfillmentPolicy="FillAll", items=[item(quantity=8)])
    shipped.create(**body)
    shipped.advance(hours=3)
    assert shipped.status("MCF-2") == "Processing"
    shipped.control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)])
    shipped.control("POST", f"{ORDER}/process-returns")
    shipped.advance(days=1)
    assert shipped.status("MCF-2") == "Complete"
