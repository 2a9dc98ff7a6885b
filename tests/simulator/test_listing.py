"""listAllFulfillmentOrders: what changed since, page by page."""

from .conftest import OUTBOUND, Amazon, item


def listed(amazon: Amazon, **query: str) -> tuple[list[str], str | None]:
    payload = amazon.call("GET", OUTBOUND, params=query).json()["payload"]
    return [order["sellerFulfillmentOrderId"] for order in payload["fulfillmentOrders"]], payload.get("nextToken")


def test_list_without_filter_has_all_without_items(amazon: Amazon) -> None:
    amazon.create()
    response = amazon.call("GET", OUTBOUND)
    (order,) = response.json()["payload"]["fulfillmentOrders"]
    assert order["sellerFulfillmentOrderId"] == "MCF-1"
    assert not {"items", "fulfillmentOrderItems", "fulfillmentShipments"} & set(order)
    assert "nextToken" not in response.json()["payload"]


def test_list_since_a_date_has_only_changed_orders(amazon: Amazon) -> None:
    amazon.create(sellerFulfillmentOrderId="A")
    amazon.advance(minutes=1)
    amazon.create(sellerFulfillmentOrderId="B")
    now = amazon.control("GET", "clock")["now"]
    assert listed(amazon, queryStartDate=now)[0] == ["A", "B"]  # A was received this very minute
    amazon.advance(seconds=1)
    now = amazon.control("GET", "clock")["now"]
    assert listed(amazon, queryStartDate=now)[0] == []
    amazon.advance(minutes=3, seconds=59)
    assert listed(amazon, queryStartDate=now)[0] == ["B", "A"]


def test_list_in_pages_meets_each_order_once_and_token_can_be_retried(amazon: Amazon) -> None:
    amazon.control("POST", "settings", list_page_size=2)
    for number in range(5):
        amazon.create(sellerFulfillmentOrderId=f"N{number}", items=[item()])
    first, token = listed(amazon)
    assert token
    second, last_token = listed(amazon, nextToken=token)
    assert listed(amazon, nextToken=token)[0] == second
    assert last_token
    third, end = listed(amazon, nextToken=last_token)
    assert (first + second + third, end) == (["N0", "N1", "N2", "N3", "N4"], None)


def test_list_with_bad_parameters_is_invalid_input(amazon: Amazon) -> None:
    for query in ({"nextToken": "forged"}, {"queryStartDate": "soon"}, {"MarketplaceId": "x"}):
        assert amazon.call("GET", OUTBOUND, params=query).status_code == 400
