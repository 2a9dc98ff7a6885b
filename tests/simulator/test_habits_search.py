"""Orders that a search finds late, and what a search by time of creation finds then."""

from typing import Any

import pytest

from .conftest import EPOCH, ORDERS, Amazon
from .test_orders import ids, sell
from .test_reports import ask_since, read

ONE = {"seller_sku": "SKU-1", "quantity": 1}


def now(amazon: Amazon) -> str:
    return str(amazon.control("GET", "clock")["now"])


def polled(amazon: Amazon, searches: int, watermark: str) -> list[str]:
    """What a client sees that asks every 10 minutes for what changed since its last question."""
    seen: list[str] = []
    for _ in range(searches):
        amazon.advance(minutes=10)
        answer = amazon.search(lastUpdatedAfter=watermark)
        seen += ids(answer)
        watermark = answer.json()["lastUpdatedBefore"]
        assert watermark == now(amazon)
    return seen


def test_search_late_is_never_seen_from_the_watermark_but_by_creation(amazon: Amazon) -> None:
    assert amazon.arm("search_late")["seconds"] == 1500
    start = now(amazon)
    order_id = sell(amazon)
    assert polled(amazon, 6, start) == []
    (order,) = amazon.search(createdAfter=start).json()["orders"]
    assert (order["orderId"], order["lastUpdatedTime"]) == (order_id, start)
    assert ids(amazon.search(lastUpdatedAfter=start)) == [order_id]


def test_search_late_is_found_from_its_second_on_in_both_searches(amazon: Amazon) -> None:
    amazon.arm("search_late", seconds=600)
    order_id = sell(amazon)
    for query in ({"createdAfter": EPOCH}, {"lastUpdatedAfter": EPOCH}):
        assert ids(amazon.search(**query)) == []
    amazon.advance(seconds=599)
    assert ids(amazon.search()) == []
    assert amazon.call("GET", f"{ORDERS}/{order_id}").status_code == 200
    amazon.advance(seconds=1)
    for query in ({"createdAfter": EPOCH}, {"lastUpdatedAfter": EPOCH}):
        assert ids(amazon.search(**query)) == [order_id]
    assert [call["habit"] for call in amazon.journal("searchOrders")] == ["search_late"] * 3 + [None] * 2


def test_search_late_counts_from_each_change(amazon: Amazon) -> None:
    order_id = sell(amazon, status="UNSHIPPED")
    amazon.advance(hours=1)
    amazon.arm("search_late")
    assert ids(amazon.search()) == [order_id]
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    assert ids(amazon.search()) == []
    amazon.advance(seconds=1500)
    assert ids(amazon.search()) == [order_id]


def test_search_late_of_one_order_leaves_the_others(amazon: Amazon) -> None:
    late, other = sell(amazon, ONE), sell(amazon, ONE)
    amazon.arm("search_late", order_id=late)
    assert ids(amazon.search()) == [other]
    amazon.advance(seconds=1500)
    assert ids(amazon.search()) == [late, other]


def test_search_late_looks_at_true_times_behind_other_habits(amazon: Amazon) -> None:
    amazon.arm("frozen_update_time")
    order_id = sell(amazon, status="UNSHIPPED")
    assert ids(amazon.search()) == [order_id]
    amazon.advance(hours=1)
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    amazon.arm("search_late")
    assert ids(amazon.search()) == []


def test_search_late_of_an_echo(amazon: Amazon) -> None:
    amazon.create()
    amazon.arm("search_late")
    assert ids(amazon.search()) == []
    assert len(amazon.listed()) == 1


def test_search_by_creation_in_pages_meets_each_order_once_by_its_creation(amazon: Amazon) -> None:
    sold = []
    for _ in range(5):
        sold.append(sell(amazon, ONE, status="UNSHIPPED"))
        amazon.advance(minutes=1)
    amazon.control("POST", f"sales/{sold[0]}/status", status="SHIPPED")  # the last one changed, the first one created
    amazon.advance(minutes=10)
    window = {"createdAfter": EPOCH, "createdBefore": now(amazon)}
    assert amazon.search(**window).status_code == 400
    amazon.advance(minutes=2)
    found: list[list[str]] = []
    token = None
    while token or not found:
        answer = amazon.search(**window, maxResultsPerPage=2, paginationToken=token)
        found.append(ids(answer))
        assert answer.json()["createdBefore"] == window["createdBefore"]
        assert "lastUpdatedBefore" not in answer.json()
        token = answer.json().get("pagination", {}).get("nextToken")
    assert found == [sold[:2], sold[2:4], sold[4:]]
    token = amazon.search(**window, maxResultsPerPage=2).json()["pagination"]["nextToken"]
    assert amazon.search(createdAfter=EPOCH, paginationToken=token).status_code == 400


@pytest.mark.parametrize(
    "query",
    [
        {"createdAfter": EPOCH, "lastUpdatedBefore": EPOCH},
        {"createdBefore": EPOCH},
        {"createdAfter": "2000-01-02T00:00:00Z", "createdBefore": EPOCH},
        {"createdAfter": EPOCH, "createdBefore": "2999-01-01T00:00:00Z"},
        {"createdAfter": "soon"},
    ],
)
def test_search_by_creation_with_a_bad_window_is_invalid_input(amazon: Amazon, query: dict[str, Any]) -> None:
    assert amazon.search(**query).status_code == 400


# === THE REPORT === #


@pytest.mark.parametrize(
    ("habit", "column"),
    [("blank_shipment_item_id", "shipment-item-id"), ("blank_shipment_id", "shipment-id")],
)
def test_blank_column_of_the_report_is_there_and_empty(amazon: Amazon, habit: str, column: str) -> None:
    start = now(amazon)
    sold = sell(amazon, ONE, ONE)
    amazon.create()
    amazon.ship_twice()
    amazon.advance(hours=3)
    true = read(amazon, ask_since(amazon, start))
    assert len(true) == 4 and all(row[column] for row in true)
    amazon.arm(habit, order_id=sold)
    assert read(amazon, ask_since(amazon, start)) == [
        {**row, column: ""} if row["amazon-order-id"] == sold else row for row in true
    ]
    amazon.control("DELETE", "habits")
    amazon.arm(habit, count=1)
    assert read(amazon, ask_since(amazon, start)) == [{**row, column: ""} for row in true]
    assert amazon.journal("reportDocument")[-1]["habit"] == habit
    assert amazon.control("GET", "habits") == []
    assert read(amazon, ask_since(amazon, start)) == true
    assert amazon.journal("reportDocument")[-1]["habit"] is None


def test_blank_column_of_an_mcf_order_is_named_by_its_own_id(amazon: Amazon) -> None:
    start = now(amazon)
    sell(amazon)
    amazon.create()
    amazon.ship_twice()
    amazon.advance(hours=3)
    amazon.arm("blank_shipment_item_id", order_id="MCF-1")
    rows = read(amazon, ask_since(amazon, start))
    assert [bool(row["shipment-item-id"]) for row in rows] == [row["merchant-order-id"] != "MCF-1" for row in rows]
