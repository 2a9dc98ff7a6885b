"""Amazon reserves the stock of a new MCF order some time after it took the order."""

from typing import Any

import pytest

from .conftest import Amazon, item


@pytest.fixture
def late(amazon: Amazon) -> Amazon:
    """It does so after ten minutes."""
    amazon.control("POST", "settings", reserve_after_seconds=600)
    return amazon


@pytest.mark.parametrize("action", ["Ship", "Hold"])
def test_units_stay_fulfillable_until_they_are_reserved(late: Amazon, action: str) -> None:
    late.create(fulfillmentAction=action)
    seen = [late.stock()]
    for seconds in (599, 1):
        late.advance(seconds=seconds)
        seen.append(late.stock())
    assert seen == [(10, 0, 0), (10, 0, 0), (7, 3, 0)]
    row = late.counted(sellerSku="SKU-1")[0]["inventoryDetails"]
    assert (row["fulfillableQuantity"], row["reservedQuantity"]["pendingCustomerOrderQuantity"]) == (7, 3)


def test_the_whole_life_then_goes_as_ever(late: Amazon) -> None:
    late.create()
    seen = []
    for minutes in (1, 4, 25, 90):
        late.advance(minutes=minutes)
        seen.append((late.status(), late.stock()))
    assert seen == [
        ("Received", (10, 0, 0)), ("Planning", (10, 0, 0)), ("Processing", (7, 3, 0)), ("Complete", (7, 0, 3)),
    ]  # fmt: skip


@pytest.mark.parametrize("other", ["sale", "order"])
def test_another_may_take_the_units_before(late: Amazon, other: str) -> None:
    late.create(items=[item(quantity=6)])
    if other == "sale":
        late.control("POST", "sales", items=[{"seller_sku": "SKU-1", "quantity": 7}], status="UNSHIPPED")
    else:
        late.control("POST", "settings", reserve_after_seconds=0)
        late.create(sellerFulfillmentOrderId="MCF-2", items=[item(quantity=7)])
    late.advance(minutes=10)
    assert late.stock() == (0, 10, 0)
    late.advance(hours=2)
    line = late.get()["fulfillmentOrderItems"][0]
    assert (late.status(), line["unfulfillableQuantity"]) == ("CompletePartialled", 3)


def test_nothing_is_packed_or_shipped_that_is_not_reserved(late: Amazon) -> None:
    late.control("POST", "settings", reserve_after_seconds=3 * 3600)
    late.create()
    late.advance(hours=2, minutes=59)
    assert (late.status(), late.stock()) == ("Planning", (10, 0, 0))
    assert "fulfillmentShipments" not in late.get()
    late.advance(minutes=1)
    assert (late.status(), late.stock()) == ("Complete", (7, 0, 3))


def test_a_shipment_packed_late_is_not_to_leave_before(late: Amazon) -> None:
    late.control("POST", "settings", reserve_after_seconds=3 * 3600, auto_ship=False)
    late.create()
    late.advance(hours=3)
    (pending,) = late.get()["fulfillmentShipments"]
    assert pending["fulfillmentShipmentStatus"] == "PENDING"
    assert pending["shippingDate"] == late.control("GET", "clock")["now"]


def test_ship_call_reserves_what_it_ships(late: Amazon) -> None:
    late.create()
    package = {"items": [{"seller_sku": "SKU-1", "quantity": 2}]}
    late.control("POST", "fulfillment-orders/MCF-1/ship", packages=[package])
    assert late.stock() == (8, 0, 2)
    late.advance(minutes=10)
    assert late.stock() == (7, 1, 2)
    assert late.stock("SKU-2") == (8, 2, 0)


@pytest.mark.parametrize(
    ("path", "body"), [("cannot-fulfill", {}), ("status", {"status": "Cancelled"}), ("status", {"status": "Invalid"})]
)
def test_an_order_that_ended_before_never_reserves(late: Amazon, path: str, body: dict[str, Any]) -> None:
    late.create()
    late.control("POST", f"fulfillment-orders/MCF-1/{path}", **body)
    late.advance(hours=1)
    assert late.stock() == (10, 0, 0)


def test_update_of_a_held_order_does_not_reserve_earlier(late: Amazon) -> None:
    late.create(fulfillmentAction="Hold")
    changed = item(quantity=5)
    assert late.call("PUT", "/fba/outbound/2020-07-01/fulfillmentOrders/MCF-1", json={"items": [changed]}).ok
    assert late.stock() == (10, 0, 0)
    late.advance(minutes=10)
    assert late.stock() == (5, 5, 0)


def test_setting_is_zero_at_the_start_and_counts_when_the_order_comes(amazon: Amazon) -> None:
    assert amazon.control("POST", "settings")["reserve_after_seconds"] == 0
    amazon.create(items=[item()])
    amazon.control("POST", "settings", reserve_after_seconds=600)
    assert amazon.stock() == (9, 1, 0)
    amazon.create(sellerFulfillmentOrderId="MCF-2", items=[item()])
    amazon.control("POST", "settings", reserve_after_seconds=0)
    assert amazon.stock() == (9, 1, 0)
    first, second = amazon.control("GET", "fulfillment-orders")
    assert (first["reserve_at"], second["reserve_at"] > second["created_at"]) == (None, True)
