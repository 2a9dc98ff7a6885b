"""MCF orders as the Orders API shows them."""

from typing import Any

import pytest

from .conftest import ORDERS, Amazon, item

ALL_DATA = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"


def echo(amazon: Amazon) -> dict[str, Any]:
    (order,) = amazon.search(includedData=ALL_DATA).json()["orders"]
    return dict(order)


def test_search_after_create_shows_the_echo_without_money(amazon: Amazon) -> None:
    amazon.create()
    order = echo(amazon)
    assert order["orderId"] == "S01-5550001-5550001"
    assert order["salesChannel"]["channelName"] == "NON_AMAZON"
    assert order["orderAliases"] == [{"aliasId": "MCF-1", "aliasType": "SELLER_ORDER_ID"}]
    assert order["fulfillment"]["fulfilledBy"] == "AMAZON"
    assert [(line["product"]["sellerSku"], line["quantityOrdered"]) for line in order["orderItems"]] == [
        ("SKU-1", 3),
        ("SKU-2", 2),
    ]
    assert order["recipient"]["deliveryAddress"]["city"] == "Berlin"
    assert "proceeds" not in order and "proceeds" not in order["orderItems"][0]


def test_get_order_by_echo_id_is_the_same_order(amazon: Amazon) -> None:
    amazon.create()
    amazon.create(sellerFulfillmentOrderId="MCF-2", items=[item()])
    first, second = amazon.search().json()["orders"]
    assert amazon.call("GET", f"{ORDERS}/{second['orderId']}").json()["order"] == second
    assert first["orderId"] != second["orderId"]
    assert amazon.call("GET", f"{ORDERS}/S01-5550001-5550003").status_code == 404
    assert amazon.call("GET", f"{ORDERS}/S01-5550001-x").status_code == 404


def test_echo_follows_the_order_through_a_part_shipment(amazon: Amazon) -> None:
    amazon.create()
    assert echo(amazon)["fulfillment"]["fulfillmentStatus"] == "UNSHIPPED"
    amazon.advance(minutes=10)
    shipped = [{"items": [{"seller_sku": "SKU-1", "quantity": 3}]}]
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=shipped)
    order = echo(amazon)
    assert order["fulfillment"]["fulfillmentStatus"] == "PARTIALLY_SHIPPED"
    assert order["lastUpdatedTime"] == amazon.control("GET", "clock")["now"]
    assert [line["fulfillment"]["quantityFulfilled"] for line in order["orderItems"]] == [3, 0]
    amazon.control("POST", "fulfillment-orders/MCF-1/cannot-fulfill")
    order = echo(amazon)
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert order["orderItems"][1]["fulfillment"] == {"quantityFulfilled": 0, "quantityUnfulfilled": 0}
    assert order["orderItems"][1]["cancellation"]["cancellationExecution"]["cancelledBy"] == "AMAZON"
    assert "cancellation" not in order["orderItems"][0]


@pytest.mark.parametrize(
    ("status", "shown"),
    [("Processing", "UNSHIPPED"), ("Cancelled", "CANCELLED"), ("Unfulfillable", "UNFULFILLABLE")]
    + [("Invalid", "UNFULFILLABLE")],
)
def test_echo_of_an_order_that_does_not_ship_says_so(amazon: Amazon, status: str, shown: str) -> None:
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/status", status=status)
    assert echo(amazon)["fulfillment"]["fulfillmentStatus"] == shown
    assert len(amazon.search(fulfillmentStatuses=shown).json()["orders"]) == 1


def test_echo_when_switched_off_is_not_there(amazon: Amazon) -> None:
    amazon.create()
    order_id = echo(amazon)["orderId"]
    amazon.control("POST", "settings", echo_mcf=False)
    assert amazon.search().json()["orders"] == []
    assert amazon.call("GET", f"{ORDERS}/{order_id}").status_code == 404


def test_echo_and_sale_come_in_the_order_of_their_time(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(seconds=30)
    sold = amazon.control("POST", "sales", items=[{"seller_sku": "SKU-1", "quantity": 1}])["amazon_order_id"]
    first = amazon.search(maxResultsPerPage=1).json()
    second = amazon.search(maxResultsPerPage=1, paginationToken=first["pagination"]["nextToken"]).json()
    assert [order["orderId"] for order in first["orders"] + second["orders"]] == ["S01-5550001-5550001", sold]
