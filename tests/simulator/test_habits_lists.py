"""Habits of lists: rows that are missing or come again."""

from typing import Any

import pytest

from .conftest import OUTBOUND, Amazon, item


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


def test_list_omits_answers_skus_asked_for_by_name(five: Amazon) -> None:
    def named() -> int:
        place = "ATVPDKIKX0DER"
        query = {"granularityType": "Marketplace", "granularityId": place, "marketplaceIds": place}
        answer = five.call("GET", "/fba/inventory/v1/summaries", params={**query, "sellerSkus": "SKU-1,SKU-2"}).json()
        return len(answer["payload"]["inventorySummaries"])

    five.arm("list_omits", ids=["SKU-2"])
    assert named() == 2
    five.arm("list_omits", ids=["SKU-2"], by_name=True)
    assert named() == 1
