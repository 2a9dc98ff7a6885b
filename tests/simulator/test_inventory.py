"""getInventorySummaries: rows, quantities, selection, pages; and the control calls that move stock."""

from typing import Any

import pytest
import requests

from .conftest import Amazon, item

PATH = "/fba/inventory/v1/summaries"
US = "ATVPDKIKX0DER"


@pytest.fixture(autouse=True)
def wide_plan(amazon: Amazon) -> None:
    """Two calls at once are few for a test."""
    amazon.control("POST", "settings", plan_factor=1000)


def ask(amazon: Amazon, **query: Any) -> requests.Response:
    params = {"granularityType": "Marketplace", "granularityId": US, "marketplaceIds": US, "details": "true", **query}
    return amazon.call("GET", PATH, params={key: value for key, value in params.items() if value is not None})


def rows(amazon: Amazon, **query: Any) -> list[dict[str, Any]]:
    response = ask(amazon, **query)
    assert response.status_code == 200, response.text
    found: list[dict[str, Any]] = response.json()["payload"]["inventorySummaries"]
    return found


def skus(amazon: Amazon, **query: Any) -> list[str]:
    return [row["sellerSku"] for row in rows(amazon, **query)]


def put(amazon: Amazon, sku: str = "SKU-1", **body: Any) -> Any:
    return amazon.control("PUT", f"stock/{sku}", **{"fulfillable": 10, **body})


def now(amazon: Amazon) -> str:
    return str(amazon.control("GET", "clock")["now"])


def test_ask_without_details_has_totals_only(amazon: Amazon) -> None:
    response = ask(amazon, details=None)
    row = response.json()["payload"]["inventorySummaries"][0]
    assert response.json()["payload"]["granularity"] == {"granularityType": "Marketplace", "granularityId": US}
    assert (row["sellerSku"], row["condition"], row["totalQuantity"]) == ("SKU-1", "NewItem", 10)
    assert "inventoryDetails" not in row
    assert "pagination" not in response.json()
    assert response.headers["x-amzn-RateLimit-Limit"] == "2000.0"


def test_ask_with_details_adds_up_everything(amazon: Amazon) -> None:
    put(
        amazon, inbound_working=1, inbound_shipped=2, inbound_receiving=3, transshipment=4, fc_processing=5,
        researching=6, unfulfillable={"defective": 7, "expired": 8},
    )  # fmt: skip
    amazon.create(items=[item(quantity=3)])
    row = rows(amazon)[0]
    details = row["inventoryDetails"]
    assert (details["fulfillableQuantity"], row["totalQuantity"]) == (7, 10 + 6 + 9 + 6 + 15)
    assert details["reservedQuantity"] == {
        "totalReservedQuantity": 12,
        "pendingCustomerOrderQuantity": 3,
        "pendingTransshipmentQuantity": 4,
        "fcProcessingQuantity": 5,
    }
    assert [details[f"inbound{part}Quantity"] for part in ("Working", "Shipped", "Receiving")] == [1, 2, 3]
    assert details["researchingQuantity"]["totalResearchingQuantity"] == 6
    unfulfillable = details["unfulfillableQuantity"]
    assert (unfulfillable["totalUnfulfillableQuantity"], unfulfillable["expiredQuantity"]) == (15, 8)


def test_ask_when_sold_out_still_lists_the_sku(amazon: Amazon) -> None:
    put(amazon, fulfillable=0)
    row = rows(amazon)[0]
    assert (row["totalQuantity"], row["inventoryDetails"]["fulfillableQuantity"]) == (0, 0)


def test_ask_with_other_rows_lists_them_and_never_sells_them(amazon: Amazon) -> None:
    put(amazon, fulfillable=1, other_rows=[{"condition": "UsedGood", "fnsku": "X-USED", "fulfillable": 5}])
    amazon.create(items=[item(quantity=3)])
    first, used, _ = rows(amazon)
    assert (used["sellerSku"], used["condition"], used["fnSku"]) == ("SKU-1", "UsedGood", "X-USED")
    assert used["inventoryDetails"]["fulfillableQuantity"] == 5
    assert first["inventoryDetails"]["fulfillableQuantity"] == 0


def test_ask_with_omitted_keys_leaves_them_out(amazon: Amazon) -> None:
    put(amazon, omit=["reservedQuantity", "fulfillableQuantity", "totalUnfulfillableQuantity", "totalQuantity"])
    row = rows(amazon)[0]
    assert "totalQuantity" not in row
    assert not {"reservedQuantity", "fulfillableQuantity"} & set(row["inventoryDetails"])
    assert "totalUnfulfillableQuantity" not in row["inventoryDetails"]["unfulfillableQuantity"]
    assert "inboundShippedQuantity" in row["inventoryDetails"]


@pytest.mark.parametrize(
    "query",
    [
        {"granularityType": None},
        {"granularityType": "Seller"},
        {"granularityId": None},
        {"granularityId": "A1VC38T7YXB528"},
        {"marketplaceIds": None},
        {"marketplaceIds": f"{US},A1PA6795UKMFR9"},
        {"details": "yes"},
        {"startDateTime": "yesterday"},
        {"startDateTime": "2000-01-01T00:00:00Z"},
        {"sellerSkus": ",".join(f"S{number}" for number in range(51))},
        {"nextToken": "forged"},
        {"nextToken": ["a", "b"]},
        {"sellerskus": "SKU-1"},
    ],
)
def test_ask_with_bad_query_is_invalid_input(amazon: Amazon, query: dict[str, Any]) -> None:
    response = ask(amazon, **query)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_ask_for_skus_finds_those_that_exist(amazon: Amazon) -> None:
    assert skus(amazon, sellerSkus="SKU-2,NONE") == ["SKU-2"]
    assert skus(amazon, sellerSku="SKU-1") == ["SKU-1"]
    assert skus(amazon, sellerSkus="SKU-2", sellerSku="SKU-1") == ["SKU-2"]
    assert skus(amazon, sellerSku="NONE") == []


def test_ask_since_a_time_sees_sales_but_not_inbound(amazon: Amazon) -> None:
    amazon.advance(minutes=10)
    start = now(amazon)
    assert skus(amazon, startDateTime=start) == []
    put(amazon, "SKU-1", inbound_shipped=5)
    put(amazon, "SKU-2", fulfillable=10)  # as before
    assert skus(amazon, startDateTime=start) == []
    amazon.control("POST", "sales", items=[{"seller_sku": "SKU-2", "quantity": 1}])
    assert skus(amazon, startDateTime=start) == ["SKU-2"]
    assert skus(amazon, startDateTime=start, sellerSkus="SKU-1") == ["SKU-2"]
    assert rows(amazon, startDateTime=start)[0]["lastUpdatedTime"] == start


def test_ask_since_a_time_sees_what_the_clock_shipped_at_its_time(amazon: Amazon) -> None:
    amazon.create(items=[item()])
    created = now(amazon)
    amazon.advance(hours=5)
    updated = rows(amazon, sellerSku="SKU-1")[0]["lastUpdatedTime"]
    assert created < updated < now(amazon)


def test_ask_in_pages_meets_each_row_once(amazon: Amazon) -> None:
    put(amazon, other_rows=[{"condition": "UsedGood", "fnsku": "X-USED"}])
    amazon.control("POST", "settings", inventory_page_size=1)
    found, token = [], None
    for _ in range(3):
        answer = ask(amazon, nextToken=token).json()
        found += [row["fnSku"] for row in answer["payload"]["inventorySummaries"]]
        token = answer.get("pagination", {}).get("nextToken")
    assert (found, token) == (["X00SIM0001", "X-USED", "X00SIM0002"], None)


def test_ask_next_page_too_late_or_otherwise_is_invalid_input(amazon: Amazon) -> None:
    amazon.control("POST", "settings", inventory_page_size=1)
    token = ask(amazon).json()["pagination"]["nextToken"]
    assert ask(amazon, nextToken=token, details="false").status_code == 400
    amazon.advance(seconds=29)
    assert ask(amazon, nextToken=token).status_code == 200
    amazon.advance(seconds=1)
    assert ask(amazon, nextToken=token).json()["errors"][0]["code"] == "InvalidInput"


def test_put_stock_keeps_what_it_does_not_name(amazon: Amazon) -> None:
    put(amazon, asin="B0REAL", condition="UsedGood", unfulfillable=4, inbound_working=2)
    stock = put(amazon, fulfillable=1)
    assert (stock["asin"], stock["condition"], stock["unfulfillable"], stock["inbound"]) == ("B0REAL", "UsedGood", 4, 2)
    assert stock["total"] == 7


def test_move_stock_on_its_way_through_the_warehouse(amazon: Amazon) -> None:
    put(amazon, fulfillable=0, inbound_shipped=5)
    for units, source, target in (
        (5, "inbound_shipped", "inbound_receiving"),
        (5, "inbound_receiving", "fulfillable"),
        (2, "fulfillable", "unfulfillable"),
        (1, "unfulfillable", "gone"),
        (1, "fulfillable", "transshipment"),
    ):
        stock = amazon.control("POST", "stock/SKU-1/move", **{"units": units, "from": source, "to": target})
    assert {key: stock[key] for key in ("fulfillable", "inbound", "unfulfillable", "transshipment", "total")} == {
        "fulfillable": 2, "inbound": 0, "unfulfillable": 1, "transshipment": 1, "total": 4,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("SKU-1/move", {"units": 11, "from": "fulfillable", "to": "gone"}),
        ("SKU-1/move", {"units": 1, "from": "reserved", "to": "fulfillable"}),
        ("SKU-1/move", {"units": 1, "from": "gone", "to": "fulfillable"}),
        ("SKU-1/move", {"units": 0, "from": "fulfillable", "to": "gone"}),
        ("SKU-9/move", {"units": 1, "from": "fulfillable", "to": "gone"}),
        ("SKU-1", {"fulfillable": 5, "unfulfillable": {"lost": 1}}),
        ("SKU-1", {"fulfillable": 5, "unfulfillable": -1}),
        ("SKU-1", {"fulfillable": 5, "unfulfillable": 1, "defective": 1}),
        ("SKU-1", {"fulfillable": 5, "fulfilable": 6}),
        ("SKU-1", {"fulfillable": 5, "omit": ["sellerSku"]}),
        ("SKU-1", {"fulfillable": 5, "other_rows": [{"condition": "UsedGood"}]}),
        ("SKU-1", {"unfulfillable": 5}),
    ],
)
def test_impossible_stock_call_says_why_and_changes_nothing(amazon: Amazon, path: str, body: dict[str, Any]) -> None:
    before = amazon.control("GET", "stock")
    response = amazon.try_control("POST" if path.endswith("/move") else "PUT", f"stock/{path}", **body)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
    assert amazon.control("GET", "stock") == before
