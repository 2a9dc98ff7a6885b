"""searchOrders and getOrder: windows, filters, pages, datasets, and the stock behind the sales."""

from typing import Any

import pytest

from .conftest import EPOCH, ORDERS, Amazon

LINE = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98"}


def sell(amazon: Amazon, *items: dict[str, Any], **more: Any) -> str:
    return str(amazon.control("POST", "sales", items=list(items) or [LINE], **more)["amazon_order_id"])


def ids(response: Any) -> list[str]:
    return [order["orderId"] for order in response.json()["orders"]]


def test_search_without_datasets_has_the_required_fields_only(amazon: Amazon) -> None:
    order_id = sell(amazon)
    assert order_id == "112-5550001-5550002"
    answer = amazon.search().json()
    (order,) = answer["orders"]
    assert set(order) == {"orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems"}
    assert set(order["orderItems"][0]) == {"orderItemId", "quantityOrdered", "product"}
    assert order["salesChannel"] == {"channelName": "AMAZON", "marketplaceId": "ATVPDKIKX0DER"}
    assert answer["lastUpdatedBefore"] == amazon.control("GET", "clock")["now"]
    assert "pagination" not in answer


def test_get_order_with_all_datasets_adds_up(amazon: Amazon) -> None:
    line = {**LINE, "tax": "4.12", "shipping": "5.99", "discount": "5.99"}
    order_id = sell(amazon, line, {"seller_sku": "SKU-2", "quantity": 1, "item_price": "15.00"})
    data = "BUYER,RECIPIENT,PROCEEDS,EXPENSE,PROMOTION,CANCELLATION,FULFILLMENT,PACKAGES,TAX,PAYMENT,FULFILLMENT_ORDERS"
    response = amazon.call("GET", f"{ORDERS}/{order_id}", params={"includedData": data})
    order = response.json()["order"]
    first = order["orderItems"][0]
    assert order["proceeds"]["grandTotal"] == {"amount": "69.10", "currencyCode": "USD"}
    assert first["proceeds"]["proceedsTotal"]["amount"] == "54.10"
    assert first["product"]["price"]["unitPrice"]["amount"] == "24.99"
    amounts = {part["type"]: part["subtotal"]["amount"] for part in first["proceeds"]["breakdowns"]}
    assert amounts == {"ITEM": "49.98", "SHIPPING": "5.99", "DISCOUNT": "-5.99", "TAX": "4.12"}
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert first["fulfillment"] == {"quantityFulfilled": 2, "quantityUnfulfilled": 0}
    assert order["buyer"]["buyerName"] and order["recipient"]["deliveryAddress"]["countryCode"]
    assert "packages" not in order and "buyerEmail" not in order["buyer"]
    assert response.headers["x-amzn-RateLimit-Limit"] == "0.5"


def test_get_order_with_tax_included_totals_without_tax(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "tax": "7.98"}, tax_included=True, currency="EUR", marketplace_id="A1PA6795UKMFR9")
    order = amazon.call("GET", f"{ORDERS}/{order_id}", params={"includedData": "PROCEEDS"}).json()["order"]
    assert order["proceeds"]["grandTotal"] == {"amount": "49.98", "currencyCode": "EUR"}


def test_get_unknown_order_is_not_found(amazon: Amazon) -> None:
    assert amazon.call("GET", f"{ORDERS}/112-0").json()["errors"][0]["code"] == "ResourceNotFound"


def test_search_pending_order_shows_no_money(amazon: Amazon) -> None:
    sell(amazon, status="PENDING")
    order = amazon.search(includedData="PROCEEDS,FULFILLMENT").json()["orders"][0]
    assert order["fulfillment"]["fulfillmentStatus"] == "PENDING"
    assert "proceeds" not in order and "proceeds" not in order["orderItems"][0]


@pytest.mark.parametrize(
    "query",
    [
        {"lastUpdatedAfter": None},
        {"createdAfter": EPOCH, "lastUpdatedAfter": EPOCH},
        {"createdAfter": EPOCH, "lastUpdatedBefore": EPOCH},
        {"lastUpdatedAfter": "soon"},
        {"lastUpdatedBefore": "2999-01-01T00:00:00Z"},
        {"lastUpdatedBefore": "1999-01-01T00:00:00Z"},
        {"maxResultsPerPage": 0},
        {"maxResultsPerPage": 101},
        {"includedData": "EVERYTHING"},
        {"includedData": ["BUYER", "TAX"]},
        {"fulfilledBy": "AFN"},
        {"fulfillmentStatuses": "Shipped"},
        {"marketplaceIds": ",".join(f"M{n}" for n in range(51))},
        {"paginationToken": "forged"},
        {"MarketplaceIds": "ATVPDKIKX0DER"},
    ],
)
def test_search_with_bad_query_is_invalid_input(amazon: Amazon, query: dict[str, Any]) -> None:
    response = amazon.search(**query)
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "InvalidInput"


def test_search_with_filters_finds_what_matches(amazon: Amazon) -> None:
    shipped = sell(amazon)
    german = sell(amazon, marketplace_id="A1PA6795UKMFR9", status="UNSHIPPED")
    merchant = sell(amazon, fulfilled_by="MERCHANT")
    echo = sell(amazon, channel="NON_AMAZON", seller_order_id="MCF-1")
    assert ids(amazon.search(fulfilledBy="AMAZON")) == [shipped, german, echo]
    assert ids(amazon.search(fulfilledBy="MERCHANT")) == [merchant]
    assert ids(amazon.search(marketplaceIds="A1PA6795UKMFR9")) == [german]
    assert ids(amazon.search(fulfillmentStatuses="UNSHIPPED,PENDING")) == [german]
    aliased = amazon.search(fulfilledBy="AMAZON").json()["orders"][2]
    assert aliased["orderAliases"] == [{"aliasId": "MCF-1", "aliasType": "SELLER_ORDER_ID"}]


def test_search_by_window_sees_updates_again_but_not_creation(amazon: Amazon) -> None:
    order_id = sell(amazon, status="UNSHIPPED")
    amazon.advance(minutes=10)
    now = amazon.control("GET", "clock")["now"]
    assert ids(amazon.search(lastUpdatedAfter=now)) == []
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    assert ids(amazon.search(lastUpdatedAfter=now)) == [order_id]
    created = amazon.search(createdAfter=now)
    assert ids(created) == []
    assert created.json()["createdBefore"] == now


def test_search_with_lag_does_not_see_the_youngest(amazon: Amazon) -> None:
    amazon.control("POST", "settings", orders_lag_seconds=120)
    order_id = sell(amazon)
    assert ids(amazon.search()) == []
    amazon.advance(minutes=2)
    assert ids(amazon.search()) == [order_id]


def test_search_in_pages_meets_each_order_once(amazon: Amazon) -> None:
    sold = [sell(amazon, {"seller_sku": "SKU-1", "quantity": 1}) for _ in range(5)]
    found: list[str] = []
    token, before = None, set()
    for _ in range(3):
        answer = amazon.search(maxResultsPerPage=2, paginationToken=token)
        found += ids(answer)
        before.add(answer.json()["lastUpdatedBefore"])
        token = answer.json().get("pagination", {}).get("nextToken")
    assert (found, token, len(before)) == (sold, None, 1)


def test_search_next_page_with_other_parameters_is_invalid_input(amazon: Amazon) -> None:
    for _ in range(3):
        sell(amazon, {"seller_sku": "SKU-1", "quantity": 1})
    token = amazon.search(maxResultsPerPage=1).json()["pagination"]["nextToken"]
    assert amazon.search(paginationToken=token, includedData="BUYER").status_code == 200
    assert amazon.search(paginationToken=token, fulfilledBy="AMAZON").status_code == 400
    amazon.advance(days=1)
    assert amazon.search(paginationToken=token).status_code == 400


@pytest.mark.parametrize(
    ("status", "stock"),
    [("SHIPPED", (8, 0, 2)), ("UNSHIPPED", (8, 2, 0)), ("PENDING", (8, 2, 0)), ("CANCELLED", (10, 0, 0))],
)
def test_sell_moves_stock_by_status(amazon: Amazon, status: str, stock: tuple[int, int, int]) -> None:
    sell(amazon, status=status)
    assert amazon.stock() == stock


def test_sale_shipped_in_two_steps_moves_stock_once(amazon: Amazon) -> None:
    order_id = sell(amazon, status="PENDING")
    url = f"sales/{order_id}/status"
    amazon.control("POST", url, status="PARTIALLY_SHIPPED", shipped=[{"seller_sku": "SKU-1", "quantity": 1}])
    assert amazon.stock() == (8, 1, 1)
    order = amazon.search(includedData="FULFILLMENT").json()["orders"][0]
    assert order["orderItems"][0]["fulfillment"] == {"quantityFulfilled": 1, "quantityUnfulfilled": 1}
    amazon.control("POST", url, status="SHIPPED")
    assert amazon.stock() == (8, 0, 2)
    assert amazon.try_control("POST", url, status="CANCELLED").status_code == 400


def test_sale_cancelled_frees_its_units(amazon: Amazon) -> None:
    order_id = sell(amazon, status="UNSHIPPED")
    amazon.control("POST", f"sales/{order_id}/status", status="CANCELLED")
    assert amazon.stock() == (10, 0, 0)
    item = amazon.search(includedData="CANCELLATION").json()["orders"][0]["orderItems"][0]
    assert item["cancellation"]["cancellationExecution"]["cancelledBy"] == "BUYER"


def test_sell_unknown_sku_or_echo_moves_no_stock(amazon: Amazon) -> None:
    sell(amazon, {"seller_sku": "NEVER-SEEN", "quantity": 1})
    sell(amazon, channel="NON_AMAZON")
    assert amazon.stock() == (10, 0, 0)


def test_sell_more_than_stock_says_why_and_holds_nothing(amazon: Amazon) -> None:
    items = [{"seller_sku": "SKU-1", "quantity": 10}, {"seller_sku": "SKU-2", "quantity": 11}]
    response = amazon.try_control("POST", "sales", items=items)
    assert (response.status_code, "only 10 in stock" in response.json()["error"]) == (400, True)
    assert amazon.stock("SKU-1") == amazon.stock("SKU-2") == (10, 0, 0)
    assert ids(amazon.search()) == []


def test_replacement_names_its_original_and_costs_nothing(amazon: Amazon) -> None:
    original = sell(amazon)
    free = {"seller_sku": "SKU-1", "quantity": 1}
    replacement = sell(amazon, free, replaces=original)
    order = amazon.call("GET", f"{ORDERS}/{replacement}", params={"includedData": "PROCEEDS"}).json()["order"]
    assert order["associatedOrders"] == [{"orderId": original, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    assert "proceeds" not in order
    assert amazon.try_control("POST", "sales", items=[LINE], replaces=original).status_code == 400
    assert amazon.try_control("POST", "sales", items=[free], replaces="112-0").status_code == 400
    assert amazon.stock() == (7, 0, 3)


def test_sale_shipped_in_part_shows_the_rest_as_cancelled(amazon: Amazon) -> None:
    items = [LINE, {"seller_sku": "SKU-2", "quantity": 1}]
    shipped = [{"seller_sku": "SKU-1", "quantity": 1}, {"seller_sku": "SKU-2", "quantity": 1}]
    sell(amazon, *items, shipped=shipped)
    order = amazon.search(includedData="FULFILLMENT,CANCELLATION").json()["orders"][0]
    first, second = order["orderItems"]
    assert order["fulfillment"]["fulfillmentStatus"] == "SHIPPED"
    assert first["fulfillment"] == {"quantityFulfilled": 1, "quantityUnfulfilled": 0}
    assert first["cancellation"]["cancellationExecution"]["cancelledBy"] == "BUYER"
    assert "cancellation" not in second
    assert amazon.stock() == (9, 0, 1)


def test_serial_numbers_show_once_shipped(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "serial_numbers": ["A1", "A2"]}, status="UNSHIPPED")
    assert "serialNumbers" not in amazon.search().json()["orders"][0]["orderItems"][0]["product"]
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", f"sales/{order_id}/status", status="PARTIALLY_SHIPPED", shipped=one)
    assert amazon.search().json()["orders"][0]["orderItems"][0]["product"]["serialNumbers"] == ["A1"]
    too_many = {**LINE, "serial_numbers": ["A1", "A2", "A3"]}
    assert amazon.try_control("POST", "sales", items=[too_many]).status_code == 400


def test_tax_that_amazon_remits_is_in_the_tax_dataset(amazon: Amazon) -> None:
    sell(amazon, {**LINE, "tax": "4.12", "facilitator_tax": True}, {"seller_sku": "SKU-2", "quantity": 1})
    first, second = amazon.search(includedData="TAX").json()["orders"][0]["orderItems"]
    assert first["tax"]["taxCollections"][0]["model"] == "MARKETPLACE_FACILITATOR"
    assert "tax" not in second
    assert "tax" not in amazon.search().json()["orders"][0]["orderItems"][0]


def test_auto_sale_is_paid_and_shipped_by_the_clock(amazon: Amazon) -> None:
    order_id = sell(amazon, auto=True)
    seen = []
    for minutes in (0, 29, 1, 209, 1):
        amazon.advance(minutes=minutes)
        order = amazon.search(includedData="FULFILLMENT").json()["orders"][0]
        seen.append((order["fulfillment"]["fulfillmentStatus"], amazon.stock()))
    assert [status for status, _ in seen] == ["PENDING", "PENDING", "UNSHIPPED", "UNSHIPPED", "SHIPPED"]
    assert (seen[0][1], seen[-1][1]) == ((8, 2, 0), (8, 0, 2))
    assert amazon.try_control("POST", f"sales/{order_id}/status", status="CANCELLED").status_code == 400
    assert amazon.try_control("POST", "sales", items=[LINE], auto=True, status="SHIPPED").status_code == 400


def test_auto_sale_after_a_control_call_stays_where_it_is(amazon: Amazon) -> None:
    order_id = sell(amazon, auto=True)
    amazon.control("POST", f"sales/{order_id}/status", status="UNSHIPPED")
    amazon.advance(days=2)
    (sale,) = amazon.control("GET", "sales")
    assert (sale["status"], sale["auto"]) == ("UNSHIPPED", False)


def test_auto_sale_and_mcf_order_ship_in_the_order_of_time(amazon: Amazon) -> None:
    sell(amazon, auto=True)
    amazon.create()
    amazon.advance(days=1)
    (sale,) = amazon.control("GET", "sales")
    mcf = amazon.control("GET", "fulfillment-orders")[0]["shipments"][0]
    assert sale["status"] == "SHIPPED"
    assert mcf["shipped_at"] < sale["shipments"][0]["shipped_at"] == sale["updated_at"]


def test_sales_are_listed_with_their_insides(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "tax": "4.12"}, status="UNSHIPPED")
    (sale,) = amazon.control("GET", "sales")
    assert (sale["amazon_order_id"], sale["total"], sale["shipments"]) == (order_id, "54.10", [])
    (line,) = sale["lines"]
    assert (line["seller_sku"], line["reserved"], line["item_price"]) == ("SKU-1", 2, "49.98")


@pytest.mark.parametrize("words", [{"delivery_address": "Seattle"}, {"buyer_name": 7}, {"seller_order_id": ["S1"]}])
def test_sell_with_words_of_the_wrong_kind_says_why(amazon: Amazon, words: dict[str, Any]) -> None:
    response = amazon.try_control("POST", "sales", items=[LINE], **words)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
    assert amazon.control("GET", "sales") == []


def test_sell_the_same_id_twice_is_refused(amazon: Amazon) -> None:
    sell(amazon, amazon_order_id="112-1-1")
    assert amazon.try_control("POST", "sales", items=[LINE], amazon_order_id="112-1-1").status_code == 400
