"""Habits of lists and of time: rows that are missing or come again, and what Amazon shows late."""

from typing import Any

import pytest

from .conftest import ORDERS, OUTBOUND, Amazon, item


def test_read_lag_shows_an_order_as_it_was(amazon: Amazon) -> None:
    amazon.arm("read_lag", seconds=600)
    amazon.create()
    for minutes in (0, 9):
        amazon.advance(minutes=minutes)
        assert amazon.call("GET", f"{OUTBOUND}/MCF-1").status_code == 404
    assert len(amazon.listed()) == 1
    seen = []
    for minutes in (1, 3, 26, 1, 90):  # 10, 13, 39, 40, 130 after the creation
        amazon.advance(minutes=minutes)
        answer = amazon.get()
        seen.append((answer["fulfillmentOrder"]["fulfillmentOrderStatus"], len(answer.get("fulfillmentShipments", ()))))
    assert seen == [("New", 0), ("Received", 0), ("Planning", 0), ("Processing", 1), ("Complete", 1)]
    habits = [entry["habit"] for entry in amazon.journal("getFulfillmentOrder")]
    assert habits == ["read_lag"] * 5 + [None] * 2


def test_read_lag_of_an_older_order_begins_with_its_state_when_armed(shipped: Amazon) -> None:
    shipped.advance(hours=1)
    true = shipped.get()
    shipped.arm("read_lag", seconds=1800)
    assert shipped.get() == true
    shipped.advance(hours=2)
    changed = {"shipment_id": true["fulfillmentShipments"][0]["amazonShipmentId"], "status": "CANCELLED_BY_FULFILLER"}
    shipped.control("POST", "fulfillment-orders/MCF-1/change-shipment", **changed)
    assert shipped.get() == true
    shipped.advance(minutes=29)
    assert shipped.get() == true
    shipped.advance(minutes=1)
    assert shipped.status() == "CompletePartialled"


def test_list_lag_lacks_what_changed_lately(amazon: Amazon) -> None:
    amazon.create(fulfillmentAction="Hold")
    amazon.advance(hours=2)
    amazon.create(sellerFulfillmentOrderId="MCF-2")
    amazon.arm("list_lag", seconds=3600, operation="listAllFulfillmentOrders")
    assert [row["sellerFulfillmentOrderId"] for row in amazon.listed()] == ["MCF-1"]
    assert amazon.status("MCF-2") == "New"
    assert len(amazon.search().json()["orders"]) == 2
    amazon.arm("list_lag", seconds=3600, operation="searchOrders")
    found = amazon.search().json()
    assert len(found["orders"]) == 1
    assert found["lastUpdatedBefore"] == amazon.control("GET", "clock")["now"]
    amazon.control("POST", "fulfillment-orders/MCF-1/status", status="Invalid")
    assert amazon.listed() == []
    amazon.advance(hours=1)
    assert {row["sellerFulfillmentOrderId"] for row in amazon.listed()} >= {"MCF-1"}


def times(amazon: Amazon) -> set[str]:
    """All times of changes that Amazon shows of its orders."""
    found = amazon.search().json()["orders"]
    one = amazon.call("GET", f"{ORDERS}/{found[0]['orderId']}").json()["order"]
    mcf = [*amazon.listed(), amazon.get()["fulfillmentOrder"]]
    return {it["lastUpdatedTime"] for it in (*found, one)} | {it["statusUpdatedDate"] for it in mcf}


def test_frozen_update_time_stays_as_first_shown(amazon: Amazon) -> None:
    amazon.create()
    amazon.arm("frozen_update_time")
    first = times(amazon)
    assert len(first) == 1
    amazon.advance(minutes=10)
    assert amazon.status() == "Planning"
    assert times(amazon) == first
    amazon.control("DELETE", "habits")
    assert len(times(amazon)) == 1
    assert times(amazon) != first


def test_same_update_time_lets_changes_share_one(amazon: Amazon) -> None:
    now = amazon.control("GET", "clock")["now"]
    amazon.advance(minutes=70 - int(now[14:16]), seconds=60 - int(now[17:19]))
    amazon.create(fulfillmentAction="Hold")
    amazon.advance(minutes=20)
    amazon.create(sellerFulfillmentOrderId="MCF-2")
    assert len(times(amazon)) > 1
    amazon.arm("same_update_time")
    assert times(amazon) == {f"{amazon.control('GET', 'clock')['now'][:13]}:00:00Z"}


# --- lists ---


def mcf_page(amazon: Amazon, token: str | None) -> tuple[list[str], str | None]:
    payload = amazon.call("GET", OUTBOUND, params={"nextToken": token}).json()["payload"]
    return [row["sellerFulfillmentOrderId"] for row in payload["fulfillmentOrders"]], payload.get("nextToken")


def orders_page(amazon: Amazon, token: str | None) -> tuple[list[str], str | None]:
    answer = amazon.search(paginationToken=token, lastUpdatedAfter="2000-01-01T00:00:00Z").json()
    ids = [row["orderAliases"][0]["aliasId"] for row in answer["orders"]]
    return ids, answer.get("pagination", {}).get("nextToken")


def stock_page(amazon: Amazon, token: str | None) -> tuple[list[str], str | None]:
    place = "ATVPDKIKX0DER"
    query = {"granularityType": "Marketplace", "granularityId": place, "marketplaceIds": place, "nextToken": token}
    answer = amazon.call("GET", "/fba/inventory/v1/summaries", params=query).json()
    ids = [row["sellerSku"].replace("SKU", "MCF") for row in answer["payload"]["inventorySummaries"]]
    return ids, answer.get("pagination", {}).get("nextToken")


PAGES = {"listAllFulfillmentOrders": mcf_page, "searchOrders": orders_page, "getInventorySummaries": stock_page}


def pages(amazon: Amazon, operation: str) -> list[str]:
    """A list page by page, each page the last digits of its rows."""
    rows, token = PAGES[operation](amazon, None)
    found = [rows]
    while token:
        rows, token = PAGES[operation](amazon, token)
        found.append(rows)
    return ["".join(row[-1] for row in page) for page in found]


@pytest.fixture
def five(amazon: Amazon) -> Amazon:
    """Five orders and five SKUs, two on a page, as fast as one likes."""
    amazon.control("POST", "settings", list_page_size=2, inventory_page_size=2, orders_page_size=2, plan_factor=1000)
    for number in range(1, 6):
        amazon.control("PUT", f"stock/SKU-{number}", fulfillable=10)
        amazon.create(sellerFulfillmentOrderId=f"MCF-{number}", items=[item()])
    return amazon


@pytest.mark.parametrize("operation", PAGES)
@pytest.mark.parametrize(
    ("habit", "options", "shown"),
    [
        ("list_omits", {}, ["1", "3", "5"]),
        ("list_omits", {"ids": ["MCF-2", "MCF-5", "SKU-2", "SKU-5"]}, ["1", "34", ""]),
        ("list_repeats", {}, ["1122", "123344", "3455"]),
        ("pages_move", {}, ["12", "4", ""]),
        ("pages_move", {"shown": "twice"}, ["12", "234", "45"]),
    ],
)
def test_lists_are_not_what_they_seem(
    five: Amazon, operation: str, habit: str, options: dict[str, Any], shown: list[str]
) -> None:
    true = pages(five, operation)
    assert true == ["12", "34", "5"]
    five.arm(habit, operation=operation, **options)
    assert pages(five, operation) == shown
    assert pages(five, operation) == shown
    five.control("DELETE", "habits")
    assert pages(five, operation) == true


@pytest.mark.parametrize("operation", ["listAllFulfillmentOrders", "searchOrders"])
@pytest.mark.parametrize(
    ("habit", "options", "shown"),
    [
        ("list_omits", {}, ["12", "4", "5"]),
        ("list_repeats", {}, ["12", "334", "35"]),
        ("pages_move", {}, ["12", "4", "5"]),
        ("pages_move", {"shown": "twice"}, ["12", "34", "5"]),
    ],
)
def test_lists_bend_at_one_order_only(
    five: Amazon, operation: str, habit: str, options: dict[str, Any], shown: list[str]
) -> None:
    five.arm(habit, order_id="MCF-3", **options)
    assert pages(five, operation) == shown


def skus(amazon: Amazon, **query: str) -> str:
    """The last digits of the SKUs that Amazon tells."""
    return "".join(row["sellerSku"][-1] for row in amazon.counted(**query))


BY_NAME: list[dict[str, str]] = [{"sellerSkus": "SKU-2,SKU-1"}, {"sellerSkus": "SKU-2"}, {"sellerSku": "SKU-2"}]


@pytest.mark.parametrize(
    ("options", "shown"),
    [
        ({"ids": ["SKU-2"]}, ["21", "2", "2"]),
        ({"ids": ["SKU-2"], "by_name": False}, ["21", "2", "2"]),
        ({"ids": ["SKU-2"], "by_name": True}, ["1", "", ""]),
        ({}, ["21", "2", "2"]),
        ({"by_name": True}, ["2", "2", "2"]),
    ],
)
def test_list_omits_answers_skus_asked_for_by_name(five: Amazon, options: dict[str, Any], shown: list[str]) -> None:
    five.arm("list_omits", **options)
    assert [skus(five, **query) for query in BY_NAME] == shown


def test_list_omits_skus_that_changed_though_names_are_given_too(five: Amazon) -> None:
    """With startDateTime Amazon does not look at the names."""
    since = {"startDateTime": five.control("GET", "clock")["now"], "sellerSkus": "SKU-1"}
    five.arm("list_omits", ids=["SKU-2"])
    assert skus(five, **since) == "1"


@pytest.mark.parametrize(
    ("habit", "options", "shown"),
    [
        ("list_repeats", {}, ["1122", "1233"]),
        ("pages_move", {}, ["12", ""]),
        ("pages_move", {"shown": "twice"}, ["12", "23"]),
    ],
)
def test_lists_of_skus_asked_for_by_name_bend_as_well(
    five: Amazon, habit: str, options: dict[str, Any], shown: list[str]
) -> None:
    five.arm(habit, **options)
    query = {"sellerSkus": "SKU-1,SKU-2,SKU-3"}
    assert [skus(five, **query), skus(five, **query, nextToken="next-1")] == shown
