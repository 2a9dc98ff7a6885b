"""The web page, and the answer it is drawn from."""

import subprocess
import sys
from typing import Any

import pytest
import requests

from .conftest import ORDERS, Amazon, item


def overview(amazon: Amazon, **query: Any) -> dict[str, Any]:
    url = f"{amazon.server.url}/_simulator/overview"
    response = amazon.session.get(url, params=query, timeout=5)
    assert response.status_code == 200, response.text
    answer: dict[str, Any] = response.json()
    return answer


def test_page_is_served_as_html_that_loads_nothing_else(amazon: Amazon) -> None:
    response = requests.get(f"{amazon.server.url}/", timeout=5)
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in response.headers["Content-Security-Policy"]
    assert "<title>Amazon simulator</title>" in response.text
    assert "http" not in response.text.replace("http-equiv", "").casefold().split("</style>")[0]


def test_page_puts_in_names_as_text_only(amazon: Amazon) -> None:
    page = requests.get(f"{amazon.server.url}/", timeout=5).text
    for way in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert way not in page


def test_page_is_not_written_to_and_is_no_call_to_amazon(amazon: Amazon) -> None:
    assert requests.post(f"{amazon.server.url}/", timeout=5).status_code == 405
    assert requests.head(f"{amazon.server.url}/", timeout=5).status_code == 200
    overview(amazon)
    assert amazon.journal() == []


def test_overview_of_a_new_world_is_empty(bare: Amazon) -> None:
    answer = overview(bare)
    assert answer["now"] == bare.control("GET", "clock")["now"]
    assert answer["live"] is False
    assert answer["seller"] == "Atzr|demo"
    assert [seller["refresh_token"] for seller in answer["sellers"]] == ["Atzr|demo"]
    assert [(each["marketplace_id"], each["currency"]) for each in answer["marketplaces"]] == [
        ("ATVPDKIKX0DER", "USD"),
        ("A1PA6795UKMFR9", "EUR"),
    ]
    assert answer["settings"] == bare.control("POST", "settings")
    assert answer["fulfillment_orders"] == answer["sales"] == {"rows": [], "left_out": 0}
    assert (answer["faults"], answer["calls"], answer["stock"]["rows"]) == ([], [], [])


def test_overview_shows_orders_as_the_control_api_does(amazon: Amazon) -> None:
    amazon.create()
    (order,) = overview(amazon)["fulfillment_orders"]["rows"]
    assert order.pop("open") is True
    assert [order] == amazon.control("GET", "fulfillment-orders")
    amazon.control("POST", "fulfillment-orders/MCF-1/cannot-fulfill")
    (order,) = overview(amazon)["fulfillment_orders"]["rows"]
    assert (order["status"], order["open"]) == ("Unfulfillable", False)


def test_overview_shows_the_newest_first_and_what_is_open(amazon: Amazon) -> None:
    amazon.control("POST", "settings", plan_factor=10.0)
    names = [f"MCF-{number}" for number in range(1, 26)]
    for name in names:
        amazon.create(sellerFulfillmentOrderId=name, items=[item(quantity=1)])
        if name != "MCF-2":
            amazon.control("POST", f"fulfillment-orders/{name}/status", status="Cancelled")
    orders = overview(amazon)["fulfillment_orders"]
    assert [order["order_id"] for order in orders["rows"]] == [*names[:4:-1], "MCF-2"]
    assert orders["left_out"] == 4
    more = overview(amazon, orders=70)["fulfillment_orders"]
    assert ([order["order_id"] for order in more["rows"]], more["left_out"]) == (names[::-1], 0)


def test_overview_shows_sales_with_their_total(amazon: Amazon) -> None:
    lines = [{"seller_sku": "SKU-1", "quantity": 2, "item_price": "10.00", "tax": "0.80"}]
    first = amazon.control("POST", "sales", items=lines)["amazon_order_id"]
    second = amazon.control("POST", "sales", items=lines, auto=True)["amazon_order_id"]
    rows = overview(amazon)["sales"]["rows"]
    assert [(row["amazon_order_id"], row["status"], row["open"], row["total"], row["currency"]) for row in rows] == [
        (second, "PENDING", True, "10.80", "USD"),
        (first, "SHIPPED", False, "10.80", "USD"),
    ]


def test_overview_shows_stock_as_the_control_api_does(amazon: Amazon) -> None:
    stock = overview(amazon)["stock"]
    assert stock["rows"] == list(amazon.control("GET", "stock").values())
    assert stock["left_out"] == 0
    for place in stock["places"]:
        if place not in ("fulfillable", "gone"):
            amazon.control("PUT", "stock/SKU-1", fulfillable=1)
            amazon.control("POST", "stock/SKU-1/move", units=1, **{"from": "fulfillable", "to": place})


def test_overview_of_many_skus_finds_them_by_a_part(bare: Amazon) -> None:
    for number in range(201):
        bare.control("PUT", f"stock/Lamp-{number:03d}", fulfillable=1)
    stock = overview(bare)["stock"]
    assert (len(stock["rows"]), stock["left_out"]) == (200, 1)
    found = overview(bare, sku="lamp-20")["stock"]
    assert ([row["seller_sku"] for row in found["rows"]], found["left_out"]) == (["Lamp-200"], 0)


def test_overview_shows_the_last_calls_and_their_faults(amazon: Amazon) -> None:
    amazon.control("POST", "faults", operation="getOrder", kind="status", status=503)
    for number in range(32):
        amazon.call("GET", f"{ORDERS}/{number}")
    calls = overview(amazon)["calls"]
    assert len(calls) == 30
    assert calls[0]["path"] == f"{ORDERS}/31"
    assert [call["number"] for call in calls] == list(range(33, 3, -1))  # the token was number 1
    assert {call["fault"] for call in calls} == {None}
    amazon.control("POST", "faults", operation="getOrder", kind="drop_before")
    with pytest.raises(requests.ConnectionError):
        amazon.call("GET", f"{ORDERS}/32")
    call = overview(amazon)["calls"][0]
    assert (call["number"], call["status"], call["fault"]) == (34, None, "drop_before")


def test_overview_lists_faults_and_what_can_be_armed(amazon: Amazon) -> None:
    for operation in overview(amazon)["fault_operations"]:
        for kind in overview(amazon)["fault_kinds"]:
            amazon.control("POST", "faults", operation=operation, kind=kind)
    faults = overview(amazon)["faults"]
    assert faults == amazon.control("GET", "faults")
    assert faults[0]["count"] == 1


def test_overview_of_another_seller_shows_what_that_one_owns(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", "sellers", client_id="c", client_secret="s", refresh_token="Atzr|2", marketplace_ids=["X"])
    other = overview(amazon, seller="Atzr|2")
    assert (other["seller"], other["stock"]["rows"], other["fulfillment_orders"]["rows"]) == ("Atzr|2", [], [])
    assert [seller["revoked"] for seller in other["sellers"]] == [False, False]


@pytest.mark.parametrize("query", ["seller=nobody", "orders=many", "sales=-1"])
def test_overview_of_nonsense_is_a_readable_error(amazon: Amazon, query: str) -> None:
    response = amazon.try_control("GET", f"overview?{query}")
    assert response.status_code == 400
    assert response.json()["error"]


def test_command_help_tells_about_page_clock_state_and_control() -> None:
    command = [sys.executable, "-m", "amazon_simulator", "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20).stdout
    for word in ("<url>/auth/o2/token", "<url>/_simulator/", "browser", "--live", "--state", "docs/simulator.md"):
        assert word in answer
    assert len(answer.splitlines()) <= 40
