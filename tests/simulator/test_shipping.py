"""What the control plane does to MCF orders, and what the seller then reads."""

from typing import Any

import pytest

from .conftest import OUTBOUND, Amazon, item

SHIP = "fulfillment-orders/MCF-1/ship"


def package(*items: tuple[str, int], **more: Any) -> dict[str, Any]:
    """A package of (seller SKU, units)."""
    contents = [{"seller_sku": sku, "quantity": quantity} for sku, quantity in items]
    return {"carrier_code": "UPS", "tracking_number": "1Z1", "items": contents, **more}


def test_ship_in_two_shipments_with_three_packages_completes(amazon: Amazon) -> None:
    amazon.create()
    first = [package(("SKU-1", 1)), package(("SKU-1", 1), ("SKU-2", 1), carrier_code="DHL", tracking_number=None)]
    amazon.control("POST", SHIP, packages=first, shipment_id="D1")
    assert amazon.status() == "Processing"
    before = amazon.get()["fulfillmentOrder"]["statusUpdatedDate"]
    amazon.advance(minutes=10)
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 1), ("SKU-2", 1))], shipped_at="2026-11-23T10:00:00Z")
    payload = amazon.get()
    one, two = payload["fulfillmentShipments"]
    assert payload["fulfillmentOrder"]["fulfillmentOrderStatus"] == "Complete"
    assert payload["fulfillmentOrder"]["statusUpdatedDate"] > before
    assert (one["amazonShipmentId"], two["shippingDate"]) == ("D1", "2026-11-23T10:00:00Z")
    packages = one["fulfillmentShipmentPackage"] + two["fulfillmentShipmentPackage"]
    assert len({parcel["packageNumber"] for parcel in packages}) == 3
    assert [parcel.get("trackingNumber") for parcel in packages] == ["1Z1", None, "1Z1"]
    assert "trackingNumber" not in packages[1]
    rows = [(row["sellerFulfillmentOrderItemId"], row["quantity"]) for row in one["fulfillmentShipmentItem"]]
    assert rows == [("line-1", 1), ("line-1", 1), ("line-2", 1)]
    assert amazon.stock("SKU-1") == (7, 0, 3)
    assert amazon.stock("SKU-2") == (8, 0, 2)


def test_ship_part_leaves_status_date_and_clock_alone(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 1))])
    before = amazon.get()["fulfillmentOrder"]["statusUpdatedDate"]
    amazon.advance(minutes=1)
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 1))])
    assert amazon.get()["fulfillmentOrder"]["statusUpdatedDate"] == before
    amazon.advance(days=3)
    assert amazon.status() == "Processing"
    assert amazon.stock("SKU-1") == (7, 1, 2)


def test_ship_sku_of_two_lines_fills_them_in_order(amazon: Amazon) -> None:
    amazon.create(items=[item("a", quantity=2), item("b", quantity=2)])
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 3))])
    rows = amazon.get()["fulfillmentShipments"][0]["fulfillmentShipmentItem"]
    assert [(row["sellerFulfillmentOrderItemId"], row["quantity"]) for row in rows] == [("a", 2), ("b", 1)]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"packages": []}, "packages is required"),
        ({"packages": [package()]}, "items is required"),
        ({"packages": [package(("SKU-1", 4))]}, "only 3 are open"),
        ({"packages": [package(("SKU-1", 2)), package(("SKU-1", 2))]}, "only 1 are open"),
        ({"packages": [package(("NONE", 1))]}, "only 0 are open"),
        ({"packages": [package(("SKU-1", 0))]}, "at least 1"),
        ({"packages": [package(("SKU-1", 1))], "shipped_at": "soon"}, "shipped_at must be"),
    ],
)
def test_ship_with_bad_input_says_why_and_changes_nothing(amazon: Amazon, body: dict[str, Any], text: str) -> None:
    amazon.create()
    response = amazon.try_control("POST", SHIP, **body)
    assert (response.status_code, text in response.json()["error"]) == (400, True), response.text
    assert amazon.stock("SKU-1") == (7, 3, 0)
    assert amazon.status() == "New"


def test_ship_more_than_is_in_stock_is_refused(amazon: Amazon) -> None:
    amazon.create(items=[item(quantity=12)])
    response = amazon.try_control("POST", SHIP, packages=[package(("SKU-1", 12))])
    assert "only 10 in stock" in response.json()["error"]
    assert amazon.stock() == (0, 10, 0)


def test_ship_same_shipment_twice_is_refused(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 1))], shipment_id="D1")
    response = amazon.try_control("POST", SHIP, packages=[package(("SKU-1", 1))], shipment_id="D1")
    assert "exists already" in response.json()["error"]


def test_ship_with_serial_numbers_and_lots_lists_those_units_alone(amazon: Amazon) -> None:
    amazon.create(items=[item("a", quantity=1), item("b", quantity=2)])
    contents = {"seller_sku": "SKU-1", "quantity": 3, "serial_numbers": ["S1", "S2"], "lot_codes": ["L1"]}
    amazon.control("POST", SHIP, packages=[{"items": [contents]}])
    rows = amazon.get()["fulfillmentShipments"][0]["fulfillmentShipmentItem"]
    assert [
        (row["sellerFulfillmentOrderItemId"], row["quantity"], row.get("serialNumber"), row["manufacturerLotCodes"])
        for row in rows
    ] == [("a", 1, "S1", ["L1"]), ("b", 1, "S2", ["L1"]), ("b", 1, None, ["L1"])]


def test_ship_with_more_serial_numbers_than_units_is_refused(amazon: Amazon) -> None:
    amazon.create()
    contents = {"seller_sku": "SKU-1", "quantity": 1, "serial_numbers": ["S1", "S2"]}
    response = amazon.try_control("POST", SHIP, packages=[{"items": [contents]}])
    assert "2 serial numbers for 1 units" in response.json()["error"]
    assert amazon.status() == "New"


def shipments(amazon: Amazon) -> list[tuple[str, str]]:
    """(id, status) of the order's shipments."""
    listed = amazon.get().get("fulfillmentShipments", [])
    return [(shipment["amazonShipmentId"], shipment["fulfillmentShipmentStatus"]) for shipment in listed]


@pytest.fixture
def packing(amazon: Amazon) -> Amazon:
    """MCF-1 has its PENDING shipment."""
    amazon.create()
    amazon.advance(minutes=30)
    return amazon


def test_ship_turns_the_pending_shipment_into_the_shipped_one(packing: Amazon) -> None:
    ((pending_id, status),) = shipments(packing)
    assert status == "PENDING"
    packing.control("POST", SHIP, packages=[package(("SKU-1", 1))])
    packing.control("POST", SHIP, packages=[package(("SKU-1", 2), ("SKU-2", 2))])
    (first, second) = shipments(packing)
    assert first == (pending_id, "SHIPPED")
    assert second[0] != pending_id
    assert packing.stock("SKU-1") == (7, 0, 3)


def test_ship_with_an_own_shipment_id_renames_the_pending_one(packing: Amazon) -> None:
    packing.control("POST", SHIP, packages=[package(("SKU-1", 3), ("SKU-2", 2))], shipment_id="D1")
    assert shipments(packing) == [("D1", "SHIPPED")]


def test_cancel_shipment_by_the_fulfiller_is_packed_anew_and_counts_nothing(packing: Amazon) -> None:
    ((old_id, _),) = shipments(packing)
    packing.control("POST", "fulfillment-orders/MCF-1/cancel-shipment")
    (old, (new_id, status)) = shipments(packing)
    assert old == (old_id, "CANCELLED_BY_FULFILLER")
    assert (new_id != old_id, status) == (True, "PENDING")
    off, packed = packing.get()["fulfillmentShipments"]
    assert "shippingDate" not in off and "estimatedArrivalDate" not in off
    assert off["fulfillmentShipmentItem"] == packed["fulfillmentShipmentItem"]
    packing.advance(hours=2)
    assert shipments(packing) == [old, (new_id, "SHIPPED")]
    assert packing.status() == "Complete"
    assert packing.stock("SKU-1") == (7, 0, 3)


def test_cancel_shipment_by_the_seller_cancels_its_units(packing: Amazon) -> None:
    packing.control("POST", "fulfillment-orders/MCF-1/cancel-shipment", by="SELLER")
    assert [status for _, status in shipments(packing)] == ["CANCELLED_BY_SELLER"]
    assert packing.status() == "Cancelled"
    assert [line["cancelledQuantity"] for line in packing.get()["fulfillmentOrderItems"]] == [3, 2]
    assert packing.stock("SKU-1") == (10, 0, 0)


def test_cancel_shipment_without_a_pending_one_or_by_nobody_is_refused(amazon: Amazon) -> None:
    amazon.create()
    call = "fulfillment-orders/MCF-1/cancel-shipment"
    assert "no PENDING shipment" in amazon.try_control("POST", call).json()["error"]
    amazon.advance(minutes=30)
    assert "by must be one of" in amazon.try_control("POST", call, by="CARRIER").json()["error"]
    assert [status for _, status in shipments(amazon)] == ["PENDING"]


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        ("Cancelled", "CANCELLED_BY_SELLER"),
        ("Invalid", "CANCELLED_BY_FULFILLER"),
        ("Unfulfillable", "CANCELLED_BY_FULFILLER"),
    ],
)
def test_set_status_that_ends_leaves_no_pending_shipment(packing: Amazon, status: str, ended: str) -> None:
    packing.control("POST", "fulfillment-orders/MCF-1/status", status=status)
    assert [status for _, status in shipments(packing)] == [ended]


def test_cannot_fulfill_shrinks_the_pending_shipment(packing: Amazon) -> None:
    packing.control("POST", "fulfillment-orders/MCF-1/cannot-fulfill", items=[{"seller_sku": "SKU-1", "quantity": 2}])
    rows = packing.get()["fulfillmentShipments"][0]["fulfillmentShipmentItem"]
    assert [(row["sellerSku"], row["quantity"]) for row in rows] == [("SKU-1", 1), ("SKU-2", 2)]


def test_ship_unknown_or_ended_order_is_refused(amazon: Amazon) -> None:
    assert "no fulfillment order" in amazon.try_control("POST", SHIP).json()["error"]
    amazon.create()
    amazon.advance(hours=2)
    assert "has ended: Complete" in amazon.try_control("POST", SHIP).json()["error"]


def test_cannot_fulfill_part_then_ship_rest_is_partialled(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/cannot-fulfill", items=[{"seller_sku": "SKU-1", "quantity": 2}])
    assert amazon.status() == "Processing"
    assert amazon.stock("SKU-1") == (9, 1, 0)
    amazon.control("POST", SHIP, packages=[package(("SKU-1", 1), ("SKU-2", 2))])
    assert amazon.status() == "CompletePartialled"
    assert [line["unfulfillableQuantity"] for line in amazon.get()["fulfillmentOrderItems"]] == [2, 0]


def test_cannot_fulfill_everything_is_unfulfillable(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/cannot-fulfill")
    assert amazon.status() == "Unfulfillable"
    assert amazon.stock() == (10, 0, 0)


@pytest.mark.parametrize(
    ("status", "cancelled", "unfulfillable"), [("Invalid", 0, 0), ("Cancelled", 3, 0), ("Unfulfillable", 0, 3)]
)
def test_set_status_that_ends_frees_the_stock(amazon: Amazon, status: str, cancelled: int, unfulfillable: int) -> None:
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/status", status=status)
    line = amazon.get()["fulfillmentOrderItems"][0]
    assert amazon.status() == status
    assert (line["cancelledQuantity"], line["unfulfillableQuantity"]) == (cancelled, unfulfillable)
    assert amazon.stock() == (10, 0, 0)


def test_set_status_planning_stops_the_clock_for_the_order(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/status", status="Planning")
    amazon.advance(days=1)
    assert amazon.status() == "Planning"


@pytest.mark.parametrize("status", ["Complete", "CompletePartialled", "Lost"])
def test_set_status_that_does_not_fit_is_refused(amazon: Amazon, status: str) -> None:
    amazon.create()
    assert amazon.try_control("POST", "fulfillment-orders/MCF-1/status", status=status).status_code == 400


def test_set_tracking_late_shows_up_but_moves_no_date(amazon: Amazon) -> None:
    amazon.create(items=[item()])
    order = amazon.control("POST", SHIP, packages=[package(("SKU-1", 1), tracking_number=None)])
    number = order["shipments"][0]["packages"][0]["package_number"]
    before = amazon.get()["fulfillmentOrder"]
    amazon.advance(minutes=30)
    amazon.control(
        "POST", "fulfillment-orders/MCF-1/tracking", package_number=number, tracking_number="T9", carrier_code="DHL"
    )
    after = amazon.get()
    assert after["fulfillmentOrder"] == before
    parcel = after["fulfillmentShipments"][0]["fulfillmentShipmentPackage"][0]
    assert (parcel["carrierCode"], parcel["trackingNumber"]) == ("DHL", "T9")


def test_get_unknown_order_is_not_found(amazon: Amazon) -> None:
    response = amazon.call("GET", f"{OUTBOUND}/NONE")
    assert response.status_code == 404
    assert response.json()["errors"][0]["code"] == "ResourceNotFound"
    assert response.headers["x-amzn-RateLimit-Limit"] == "2.0"


def test_get_orders_shows_the_internal_view(amazon: Amazon) -> None:
    amazon.create()
    (order,) = amazon.control("GET", "fulfillment-orders")
    assert (order["order_id"], order["lines"][0]["reserved"], order["lines"][0]["open"]) == ("MCF-1", 3, 3)
    assert order["request"]["displayableOrderComment"] == "Thanks"
