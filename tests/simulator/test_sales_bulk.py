"""A history of many sales, and lists and reports that stay fast over it."""

import time
from collections import Counter
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from sdk_schema import complaints

from amazon_simulator.api.orders import Search
from amazon_simulator.api.orders_dump import DATASETS
from amazon_simulator.api.paging import Pages
from amazon_simulator.world.clock import dump_time, parse_time

from .conftest import Amazon
from .test_orders import ids, sell
from .test_reports import DE, ask_since, read

EVERYTHING = ",".join(DATASETS)
MANY = 20_000
REAL_S = 30
"""How long making many sales may take, in real seconds; it takes about one."""


def now(amazon: Amazon) -> datetime:
    return parse_time(amazon.control("GET", "clock")["now"])


def history(amazon: Amazon, count: int, days: float = 10, **more: Any) -> dict[str, Any]:
    """The body of a call that sells for so many days, until now."""
    last = now(amazon)
    times = {"from": dump_time(last - timedelta(days=days)), "to": dump_time(last)}
    return {**times, "count": count, "skus": ["SKU-1", "SKU-2"], "price": "10.00", "moves_stock": False, **more}


def bulk(amazon: Amazon, count: int, **more: Any) -> list[str]:
    response = amazon.session.post(
        f"{amazon.server.url}/_simulator/sales/bulk", json=history(amazon, count, **more), timeout=REAL_S
    )
    assert response.status_code == 200, response.text
    order_ids: list[str] = response.json()["amazon_order_ids"]
    return order_ids


def test_bulk_sells_at_even_distances_with_skus_in_turn(amazon: Amazon) -> None:
    first = now(amazon) - timedelta(days=10)
    sold = bulk(amazon, 6, tax="1.60", tax_included=True, currency="EUR", marketplace_id=DE, facilitator_tax=True)
    orders = amazon.search(includedData=EVERYTHING).json()["orders"]
    assert [order["orderId"] for order in orders] == sold
    assert [order["createdTime"] for order in orders] == [dump_time(first + timedelta(days=2 * n)) for n in range(6)]
    assert all(order["createdTime"] == order["lastUpdatedTime"] for order in orders)
    items = [item for order in orders for item in order["orderItems"]]
    assert [item["product"]["sellerSku"] for item in items] == ["SKU-1", "SKU-2"] * 3
    assert len({item["orderItemId"] for item in items}) == 6
    assert {order["fulfillment"]["fulfillmentStatus"] for order in orders} == {"SHIPPED"}
    assert {order["salesChannel"]["marketplaceId"] for order in orders} == {DE}
    assert {order["proceeds"]["grandTotal"]["amount"] for order in orders} == {"10.00"}
    assert all("taxCollections" in item["tax"] for item in items)
    assert sell(amazon) not in sold


def test_bulk_answers_fit_the_model(amazon: Amazon) -> None:
    pytest.importorskip("spapi")
    from spapi.models.orders_v2026_01_01 import SearchOrdersResponse

    bulk(amazon, 3, programs=["AMAZON_BUSINESS"], reporting_scheme="UOSS", tax="1.00", buyer_company="Muster")
    answer = amazon.search(includedData=EVERYTHING).json()
    assert all({"programs", "proceeds"} <= set(order) for order in answer["orders"])
    assert complaints(answer, SearchOrdersResponse) == []


def test_bulk_moves_stock_unless_told_not_to(amazon: Amazon) -> None:
    bulk(amazon, 5)
    assert amazon.stock() == amazon.stock("SKU-2") == (10, 0, 0)
    bulk(amazon, 5, moves_stock=True, quantity=3)
    assert (amazon.stock(), amazon.stock("SKU-2")) == ((1, 0, 9), (4, 0, 6))
    bulk(amazon, 5, moves_stock=True, skus=["UNKNOWN"])


def test_bulk_short_of_stock_sells_nothing(amazon: Amazon) -> None:
    response = amazon.try_control("POST", "sales/bulk", **history(amazon, 21, moves_stock=True))
    assert (response.status_code, "SKU-1" in response.json()["error"]) == (400, True)
    assert (amazon.stock(), amazon.control("GET", "sales")) == ((10, 0, 0), [])


def test_bulk_that_ships_later_is_dated_by_both_times(amazon: Amazon) -> None:
    last = now(amazon)
    amazon.advance(days=1)
    later = {"to": dump_time(last), "ships_after_seconds": 86400}
    (order_id,) = bulk(amazon, 1, **{**later, "from": dump_time(last)})
    order = amazon.search().json()["orders"][0]
    assert (order["createdTime"], order["lastUpdatedTime"]) == (dump_time(last), dump_time(now(amazon)))
    amazon.advance(hours=3)
    (row,) = read(amazon, ask_since(amazon, dump_time(last)))
    assert (row["amazon-order-id"], row["purchase-date"][:10]) == (order_id, dump_time(last)[:10])
    assert parse_time(row["shipment-date"]) == last + timedelta(days=1)


@pytest.mark.parametrize(
    "change",
    [
        {"count": 0},
        {"count": 1_000_001},
        {"from": None},
        {"to": "soon"},
        {"from": "2999-01-01T00:00:00Z"},
        {"to": "2999-01-01T00:00:00Z"},
        {"ships_after_seconds": 1},
        {"ships_after_seconds": -1},
        {"skus": []},
        {"skus": "SKU-1"},
        {"quantity": 0},
        {"price": "much"},
        {"currency": "JPY", "price": "0.5"},
        {"marketplace_id": "A1VC38T7YXB528"},
        {"prize": "1.00"},
        {"tax_registrations": [{"vat": "1"}]},
    ],
)
def test_bulk_with_wrong_input_says_why_and_sells_nothing(amazon: Amazon, change: dict[str, Any]) -> None:
    response = amazon.try_control("POST", "sales/bulk", **{**history(amazon, 3), **change})
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
    assert amazon.control("GET", "sales") == []


def test_many_sales_are_listed_and_reported_with_work_for_each_only_once(
    amazon: Amazon, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = 0
    matches = Search.matches

    def counted(search: Search, sale: Any) -> bool:
        nonlocal looked_at
        looked_at += 1
        return matches(search, sale)

    monkeypatch.setattr(Search, "matches", counted)
    amazon.control("POST", "settings", plan_factor=1_000_000)
    start = dump_time(now(amazon) - timedelta(days=30))
    sold = bulk(amazon, MANY, days=30)
    amazon.advance(hours=3)

    found: list[str] = []
    seconds: list[float] = []
    token = None
    while token or not seconds:
        begun = time.perf_counter()
        answer = amazon.search(createdAfter=start, includedData=EVERYTHING, paginationToken=token)
        seconds.append(time.perf_counter() - begun)
        found += ids(answer)
        token = answer.json().get("pagination", {}).get("nextToken")
    assert found == sold
    assert looked_at == MANY
    assert sorted(seconds)[len(seconds) // 10] < 0.1, "a page took too long, also when nothing else ran"

    rows = read(amazon, ask_since(amazon, start, timeout=REAL_S))
    assert Counter(row["amazon-order-id"] for row in rows) == Counter(sold)


def test_pages_of_a_list_share_it() -> None:
    pages, time_of_call = Pages(), datetime.now(timezone.utc)
    page, token = pages.cut(["a", "b", "c", "d", "e"], 2, ("list",), time_of_call)
    shown = [page]
    lists = []
    while token:
        left = pages.rest(token, ("list",), time_of_call)
        assert left is not None
        lists.append(left.keys)
        page, token = pages.cut(left, 2, ("list",), time_of_call)
        shown.append(page)
    assert ["".join(page) for page in shown] == ["ab", "cd", "e"]
    assert lists[0] is lists[1]
