"""Shipments of which Amazon says otherwise after they left."""

from collections import Counter
from typing import Any

import pytest

from .conftest import Amazon, item

ORDER = "fulfillment-orders/MCF-1"
CHANGE = f"{ORDER}/change-shipment"


def of(sku: str, quantity: Any, **more: Any) -> dict[str, Any]:
    return {"seller_sku": sku, "quantity": quantity, **more}


def ship(amazon: Amazon, shipment_id: str, *packages: list[dict[str, Any]]) -> None:
    amazon.control("POST", f"{ORDER}/ship", packages=[{"items": items} for items in packages], shipment_id=shipment_id)


@pytest.fixture
def part(amazon: Amazon) -> Amazon:
    """Of 3 of SKU-1 and 2 of SKU-2, D1 left with 2 and 1: one package of each SKU. The order is open."""
    amazon.create()
    ship(amazon, "D1", [of("SKU-1", 2, serial_numbers=["S1", "S2"])], [of("SKU-2", 1)])
    return amazon


@pytest.fixture
def complete(part: Amazon) -> Amazon:
    """The rest left in D2, ten minutes later: the order is Complete."""
    part.advance(minutes=10)
    ship(part, "D2", [of("SKU-1", 1), of("SKU-2", 1)])
    assert part.status() == "Complete"
    return part


def lines(amazon: Amazon) -> list[tuple[int, int, int, int]]:
    """(shipped, unfulfillable, cancelled, open) units of each line; they add up, and agree with the shipments."""
    (order,) = amazon.control("GET", "fulfillment-orders")
    listed: Counter[str] = Counter()
    for shipment in amazon.get().get("fulfillmentShipments", []):
        if shipment["fulfillmentShipmentStatus"] == "SHIPPED":
            for row in shipment["fulfillmentShipmentItem"]:
                listed[row["sellerFulfillmentOrderItemId"]] += row["quantity"]
    parts = ("shipped", "unfulfillable", "cancelled", "open")
    for line in order["lines"]:
        assert line["quantity"] == sum(line[part] for part in parts)
        assert line["shipped"] == listed[line["item_id"]]
    return [tuple(line[part] for part in parts) for line in order["lines"]]


@pytest.mark.parametrize("status", ["CANCELLED_BY_FULFILLER", "CANCELLED_BY_SELLER"])
def test_cancel_shipped_shipment_of_an_open_order_opens_its_units_again(part: Amazon, status: str) -> None:
    before = part.get()["fulfillmentOrder"]
    part.advance(minutes=10)
    part.control("POST", CHANGE, shipment_id="D1", status=status)
    assert lines(part) == [(0, 0, 0, 3), (0, 0, 0, 2)]
    assert part.stock("SKU-1") == (7, 3, 0)
    (shipment,) = part.get()["fulfillmentShipments"]
    assert shipment["fulfillmentShipmentStatus"] == status
    assert not {"shippingDate", "estimatedArrivalDate", "fulfillmentShipmentPackage"} & set(shipment)
    assert [(row["sellerSku"], row["quantity"]) for row in shipment["fulfillmentShipmentItem"]] == [
        ("SKU-1", 2),
        ("SKU-2", 1),
    ]
    assert part.get()["fulfillmentOrder"] == before
    ship(part, "D2", [of("SKU-1", 3), of("SKU-2", 2)])
    assert (part.status(), part.stock("SKU-1")) == ("Complete", (7, 0, 3))


def test_cancel_shipped_shipment_of_an_ended_order_makes_its_units_unfulfillable(complete: Amazon) -> None:
    ended_at = complete.get()["fulfillmentOrder"]["statusUpdatedDate"]
    complete.advance(minutes=10)
    complete.control("POST", CHANGE, shipment_id="D1", status="CANCELLED_BY_FULFILLER")
    assert lines(complete) == [(1, 2, 0, 0), (1, 1, 0, 0)]
    assert complete.stock("SKU-1") == (9, 0, 1)
    order = complete.get()["fulfillmentOrder"]
    partialled_at = order["statusUpdatedDate"]
    assert (order["fulfillmentOrderStatus"], partialled_at > ended_at) == ("CompletePartialled", True)
    complete.advance(minutes=10)
    complete.control("POST", CHANGE, shipment_id="D2", items=[of("SKU-2", 0)])
    order = complete.get()["fulfillmentOrder"]
    assert (order["fulfillmentOrderStatus"], order["statusUpdatedDate"]) == ("CompletePartialled", partialled_at)


def test_cancel_the_last_shipped_shipment_leaves_an_unfulfillable_order(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(hours=2)
    (shipment,) = amazon.get()["fulfillmentShipments"]
    amazon.control("POST", CHANGE, shipment_id=shipment["amazonShipmentId"], status="CANCELLED_BY_FULFILLER")
    assert amazon.status() == "Unfulfillable"
    assert lines(amazon) == [(0, 3, 0, 0), (0, 2, 0, 0)]
    number = shipment["fulfillmentShipmentPackage"][0]["packageNumber"]
    gone = amazon.call("GET", "/fba/outbound/2020-07-01/tracking", params={"packageNumber": number})
    assert gone.status_code == 404


@pytest.mark.parametrize("status", ["Cancelled", "Invalid"])
def test_change_shipment_of_a_cancelled_or_invalid_order_keeps_its_status(part: Amazon, status: str) -> None:
    part.control("POST", f"{ORDER}/status", status=status)
    before = part.get()["fulfillmentOrder"]
    part.advance(minutes=10)
    part.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 1)])
    assert part.get()["fulfillmentOrder"] == before
    assert lines(part)[0][:2] == (1, 1)
    assert part.stock("SKU-1") == (9, 0, 1)


def test_change_shipment_to_fewer_units_reduces_its_packages(part: Amazon) -> None:
    part.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 1), of("SKU-2", 0)])
    (shipment,) = part.get()["fulfillmentShipments"]
    (package,) = shipment["fulfillmentShipmentPackage"]
    (row,) = shipment["fulfillmentShipmentItem"]
    assert (row["quantity"], row["serialNumber"], row["packageNumber"]) == (1, "S1", package["packageNumber"])
    assert lines(part) == [(1, 0, 0, 2), (0, 0, 0, 2)]
    assert (part.stock("SKU-1"), part.stock("SKU-2")) == ((7, 2, 1), (8, 2, 0))


def test_change_shipment_to_fewer_units_takes_the_last_package_and_line_first(amazon: Amazon) -> None:
    amazon.create(items=[item("a", quantity=2), item("b", quantity=3)])
    ship(amazon, "D1", [of("SKU-1", 3)], [of("SKU-1", 2)])
    amazon.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 1)])
    (shipment,) = amazon.get()["fulfillmentShipments"]
    (row,) = shipment["fulfillmentShipmentItem"]
    assert (row["sellerFulfillmentOrderItemId"], row["quantity"]) == ("a", 1)
    assert lines(amazon) == [(1, 1, 0, 0), (0, 3, 0, 0)]


def test_change_shipment_to_more_units_ships_what_is_open(part: Amazon) -> None:
    part.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 3)])
    assert (lines(part)[0], part.status()) == ((3, 0, 0, 0), "Processing")
    part.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 1), of("SKU-2", 2)])
    assert lines(part) == [(1, 0, 0, 2), (2, 0, 0, 0)]
    part.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 3)])
    assert (part.status(), part.stock("SKU-1"), part.stock("SKU-2")) == ("Complete", (7, 0, 3), (8, 0, 2))


def test_change_shipment_to_what_it_holds_changes_no_quantity(complete: Amazon) -> None:
    before = complete.get()
    complete.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 2)])
    assert complete.get() == before


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({}, "shipment_id is required"),
        ({"shipment_id": "D9", "status": "CANCELLED_BY_SELLER"}, "D9 is unknown, not SHIPPED"),
        ({"shipment_id": "D1"}, "give status or items"),
        ({"shipment_id": "D1", "status": "CANCELLED_BY_SELLER", "items": [of("SKU-1", 1)]}, "give status or items"),
        ({"shipment_id": "D1", "status": "PENDING"}, "status must be one of"),
        ({"shipment_id": "D1", "items": []}, "items is required"),
        ({"shipment_id": "D1", "items": [of("SKU-1", -1)]}, "at least 0"),
        ({"shipment_id": "D1", "items": [of("SKU-1", 4)]}, "2 units, but only 1 more are open"),
        ({"shipment_id": "D1", "items": [of("NONE", 1)]}, "only 0 more are open"),
        ({"shipment_id": "D1", "items": [of("SKU-1", 1), of("SKU-1", 2)]}, "named twice"),
        ({"shipment_id": "D1", "items": [of("SKU-1", 0), of("SKU-2", 0)]}, "nothing would be left"),
        ({"shipment_id": "D1", "items": [of("SKU-2", 0), of("SKU-1", 9)]}, "only 1 more are open"),
    ],
)
def test_change_shipment_that_cannot_be_says_why_and_changes_nothing(
    part: Amazon, body: dict[str, Any], text: str
) -> None:
    before = part.get()
    response = part.try_control("POST", CHANGE, **body)
    assert (response.status_code, text in response.json()["error"]) == (400, True), response.text
    assert (part.get(), part.stock("SKU-1")) == (before, (7, 1, 2))


@pytest.mark.parametrize("status", ["Complete", "Invalid"])
def test_change_shipment_to_more_units_of_an_ended_order_is_refused(part: Amazon, status: str) -> None:
    if status == "Complete":
        ship(part, "D2", [of("SKU-1", 1), of("SKU-2", 1)])
    else:
        part.control("POST", f"{ORDER}/status", status=status)
    response = part.try_control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 3)])
    assert "only 0 more are open" in response.json()["error"]


def test_change_shipment_to_more_units_than_in_stock_is_refused(amazon: Amazon) -> None:
    amazon.create(items=[item(quantity=12)])
    ship(amazon, "D1", [of("SKU-1", 9)])
    response = amazon.try_control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 12)])
    assert "3 units to ship, only 1 in stock" in response.json()["error"]
    assert (lines(amazon), amazon.stock()) == ([(9, 0, 0, 3)], (0, 1, 9))


def test_change_shipment_that_is_pending_or_cancelled_is_refused(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(minutes=30)
    (shipment,) = amazon.get()["fulfillmentShipments"]
    body = {"shipment_id": shipment["amazonShipmentId"], "status": "CANCELLED_BY_SELLER"}
    assert "is PENDING, not SHIPPED" in amazon.try_control("POST", CHANGE, **body).json()["error"]
    amazon.advance(hours=2)
    amazon.control("POST", CHANGE, **body)
    assert "is CANCELLED_BY_SELLER, not" in amazon.try_control("POST", CHANGE, **body).json()["error"]


def test_change_shipment_keeps_units_that_are_returned(complete: Amazon) -> None:
    complete.control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)])
    cancel = complete.try_control("POST", CHANGE, shipment_id="D1", status="CANCELLED_BY_FULFILLER")
    assert "units of shipment D1 are returned" in cancel.json()["error"]
    response = complete.try_control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 0)])
    assert "2 units, but only 1 can be taken out" in response.json()["error"]
    complete.control("POST", CHANGE, shipment_id="D1", items=[of("SKU-1", 1)])
    again = complete.try_control("POST", f"{ORDER}/return", items=[of("SKU-1", 1)], shipment_id="D1")
    assert "only 0 shipped and not returned" in again.json()["error"]


def test_change_shipment_shows_in_the_echo(complete: Amazon) -> None:
    complete.control("POST", CHANGE, shipment_id="D1", status="CANCELLED_BY_FULFILLER")
    (echo,) = complete.search(includedData="FULFILLMENT").json()["orders"]
    assert [row["fulfillment"]["quantityFulfilled"] for row in echo["orderItems"]] == [1, 1]
