"""The life of an MCF order nobody touches: what the clock does to it, by policy and stock."""

from typing import Any

import pytest

from .conftest import OUTBOUND, Amazon, item


def test_advance_walks_the_statuses_at_their_own_times(amazon: Amazon) -> None:
    amazon.create()
    seen = []
    for minutes in (0, 1, 4, 25, 0, 90):
        amazon.advance(minutes=minutes)
        seen.append(amazon.status())
    assert seen == ["New", "Received", "Planning", "Processing", "Processing", "Complete"]


def test_advance_far_at_once_stamps_the_time_of_the_event(amazon: Amazon) -> None:
    amazon.create()
    created = amazon.get()["fulfillmentOrder"]["receivedDate"]
    amazon.advance(minutes=10)
    order = amazon.get()["fulfillmentOrder"]
    assert order["fulfillmentOrderStatus"] == "Planning"
    assert int(order["statusUpdatedDate"][14:16]) == (int(created[14:16]) + 5) % 60


def test_advance_ships_everything_in_one_package(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(hours=2)
    payload = amazon.get()
    (shipment,) = payload["fulfillmentShipments"]
    (package,) = shipment["fulfillmentShipmentPackage"]
    assert shipment["fulfillmentShipmentStatus"] == "SHIPPED"
    assert isinstance(package["packageNumber"], int)
    assert package["trackingNumber"] != str(package["packageNumber"])
    assert [(row["sellerSku"], row["quantity"]) for row in shipment["fulfillmentShipmentItem"]] == [
        ("SKU-1", 3),
        ("SKU-2", 2),
    ]
    assert amazon.stock("SKU-1") == (7, 0, 3)


def test_advance_to_processing_lists_a_pending_shipment_that_ships_under_its_id(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(minutes=29)
    assert "fulfillmentShipments" not in amazon.get()
    amazon.advance(minutes=1)
    (pending,) = amazon.get()["fulfillmentShipments"]
    assert pending["fulfillmentShipmentStatus"] == "PENDING"
    assert "fulfillmentShipmentPackage" not in pending
    rows = [(row["sellerSku"], row["quantity"]) for row in pending["fulfillmentShipmentItem"]]
    assert rows == [("SKU-1", 3), ("SKU-2", 2)]
    assert amazon.stock("SKU-1") == (7, 3, 0)
    amazon.advance(minutes=90)
    (shipped,) = amazon.get()["fulfillmentShipments"]
    assert shipped["amazonShipmentId"] == pending["amazonShipmentId"]
    assert shipped["shippingDate"] == pending["shippingDate"]
    assert shipped["fulfillmentShipmentStatus"] == "SHIPPED"


def test_advance_when_killed_for_stock_leaves_the_shipment_cancelled(amazon: Amazon) -> None:
    amazon.create(fulfillmentPolicy="FillOrKill", items=[item(quantity=12)])
    amazon.advance(hours=2)
    assert amazon.status() == "Unfulfillable"
    (shipment,) = amazon.get()["fulfillmentShipments"]
    assert shipment["fulfillmentShipmentStatus"] == "CANCELLED_BY_FULFILLER"


def test_create_with_lag_is_found_only_later_but_takes_its_id(amazon: Amazon) -> None:
    amazon.control("POST", "settings", create_lag_seconds=120)
    assert amazon.create().status_code == 200
    assert amazon.call("GET", f"{OUTBOUND}/MCF-1").status_code == 404
    assert amazon.call("PUT", f"{OUTBOUND}/MCF-1/cancel").status_code == 404
    assert amazon.call("GET", OUTBOUND).json()["payload"]["fulfillmentOrders"] == []
    assert "already exists" in amazon.create().json()["errors"][0]["message"]
    assert amazon.stock() == (7, 3, 0)
    amazon.advance(seconds=120)
    assert amazon.status() == "Received"
    assert len(amazon.call("GET", OUTBOUND).json()["payload"]["fulfillmentOrders"]) == 1


def test_changed_at_moves_with_what_leaves_the_status_alone(amazon: Amazon) -> None:
    def changed_at() -> str:
        (order,) = amazon.control("GET", "fulfillment-orders")
        return str(order["changed_at"])

    contents = {"items": [{"seller_sku": "SKU-1", "quantity": 1}]}
    amazon.create()
    seen = [changed_at()]
    for call, body in (
        ("ship", {"packages": [contents]}),
        ("ship", {"packages": [contents]}),
        ("tracking", {"package_number": 1001, "tracking_number": "T9"}),
        ("tracking", {"package_number": 1001, "status": "DELAYED"}),
        ("cannot-fulfill", {"items": [{"seller_sku": "SKU-2", "quantity": 1}]}),
    ):
        amazon.advance(seconds=1)
        amazon.control("POST", f"fulfillment-orders/MCF-1/{call}", **body)
        seen.append(changed_at())
    assert seen == sorted(set(seen))


@pytest.mark.parametrize(
    ("policy", "quantity", "status", "unfulfillable", "stock"),
    [
        ("FillAllAvailable", 12, "CompletePartialled", 2, (0, 0, 10)),
        ("FillOrKill", 12, "Unfulfillable", 12, (10, 0, 0)),
        ("FillAll", 12, "Processing", 0, (0, 10, 0)),
        ("FillOrKill", 10, "Complete", 0, (0, 0, 10)),
    ],
)
def test_advance_when_stock_is_short_follows_the_policy(
    amazon: Amazon, policy: str, quantity: int, status: str, unfulfillable: int, stock: tuple[int, int, int]
) -> None:
    amazon.create(fulfillmentPolicy=policy, items=[item(quantity=quantity)])
    amazon.advance(hours=2)
    assert amazon.status() == status
    assert amazon.get()["fulfillmentOrderItems"][0]["unfulfillableQuantity"] == unfulfillable
    assert amazon.stock() == stock


def test_advance_without_any_stock_is_unfulfillable(amazon: Amazon) -> None:
    amazon.control("PUT", "stock/SKU-1", fulfillable=0)
    amazon.create(items=[item(quantity=1)])
    amazon.advance(hours=2)
    assert amazon.status() == "Unfulfillable"
    assert "fulfillmentShipments" not in amazon.get()


def test_advance_when_stock_arrives_in_time_ships_all(amazon: Amazon) -> None:
    amazon.create(fulfillmentPolicy="FillOrKill", items=[item(quantity=12)])
    amazon.control("PUT", "stock/SKU-1", fulfillable=5)
    amazon.advance(hours=2)
    assert amazon.status() == "Complete"
    assert amazon.stock() == (3, 0, 12)


def test_advance_fill_all_gives_up_after_a_day(amazon: Amazon) -> None:
    amazon.create(fulfillmentPolicy="FillAll", items=[item(quantity=12)])
    amazon.advance(hours=24)
    assert amazon.status() == "CompletePartialled"


def test_advance_hold_is_cancelled_after_two_weeks(amazon: Amazon) -> None:
    amazon.create(fulfillmentAction="Hold")
    amazon.advance(days=13)
    assert amazon.status() == "Received"
    amazon.advance(days=1)
    assert amazon.status() == "Cancelled"
    assert amazon.get()["fulfillmentOrderItems"][0]["cancelledQuantity"] == 3
    assert amazon.stock() == (10, 0, 0)


def test_advance_two_orders_for_the_last_units_serves_the_first(amazon: Amazon) -> None:
    amazon.create(sellerFulfillmentOrderId="A", items=[item(quantity=8)])
    amazon.create(sellerFulfillmentOrderId="B", items=[item(quantity=8)])
    amazon.advance(hours=2)
    assert (amazon.status("A"), amazon.status("B")) == ("Complete", "CompletePartialled")
    assert amazon.stock() == (0, 0, 10)


def test_advance_without_auto_ship_stays_processing(amazon: Amazon) -> None:
    assert amazon.control("POST", "settings", auto_ship=False)["auto_ship"] is False
    amazon.create()
    amazon.advance(days=3)
    assert amazon.status() == "Processing"


@pytest.mark.parametrize("body", [{"seconds": -1}, {"seconds": "1"}, {"seconds": 1e15}, {}])
def test_advance_with_bad_seconds_is_a_readable_error(amazon: Amazon, body: dict[str, Any]) -> None:
    response = amazon.try_control("POST", "clock/advance", **body)
    assert response.status_code == 400
    assert response.json()["error"]
