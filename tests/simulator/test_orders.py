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


# === MONEY === #

WRAPPED = {
    "seller_sku": "SKU-1",
    "quantity": 2,
    "item_price": "40.00",
    "tax": "3.20",
    "shipping": "6.50",
    "shipping_tax": "0.52",
    "gift_wrap": "4.00",
    "gift_wrap_tax": "0.32",
    "discount": "5.00",
    "shipping_discount": "6.50",
}


def order_of(amazon: Amazon, order_id: str, data: str = "PROCEEDS,FULFILLMENT,CANCELLATION") -> dict[str, Any]:
    answer = amazon.call("GET", f"{ORDERS}/{order_id}", params={"includedData": data})
    order: dict[str, Any] = answer.json()["order"]
    return order


def subtotals(proceeds: dict[str, Any]) -> dict[str, str]:
    return {part["type"]: part["subtotal"]["amount"] for part in proceeds["breakdowns"]}


def details(proceeds: dict[str, Any]) -> dict[str, dict[str, str]]:
    return {
        part["type"]: {row["subtype"]: row["value"]["amount"] for row in part["detailedBreakdowns"]}
        for part in proceeds["breakdowns"]
        if "detailedBreakdowns" in part
    }


@pytest.mark.parametrize(("tax_included", "total"), [(False, "43.04"), (True, "39.00")])
def test_all_amounts_of_a_line_are_told_by_part(amazon: Amazon, tax_included: bool, total: str) -> None:
    order_id = sell(amazon, WRAPPED, tax_included=tax_included)
    proceeds = order_of(amazon, order_id)["orderItems"][0]["proceeds"]
    assert proceeds["proceedsTotal"] == {"amount": total, "currencyCode": "USD"}
    assert subtotals(proceeds) == {
        "ITEM": "40.00", "SHIPPING": "6.50", "GIFT_WRAP": "4.00", "DISCOUNT": "-11.50", "TAX": "4.04",
    }  # fmt: skip
    assert details(proceeds) == {
        "DISCOUNT": {"ITEM": "-5.00", "SHIPPING": "-6.50"},
        "TAX": {"ITEM": "3.20", "SHIPPING": "0.52", "GIFT_WRAP": "0.32"},
    }


def test_parts_of_zero_are_not_told(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "shipping": "5.00", "shipping_tax": "0.40", "shipping_discount": "5.00"})
    proceeds = order_of(amazon, order_id)["orderItems"][0]["proceeds"]
    assert set(subtotals(proceeds)) == {"ITEM", "SHIPPING", "DISCOUNT", "TAX"}
    assert details(proceeds) == {"DISCOUNT": {"SHIPPING": "-5.00"}, "TAX": {"SHIPPING": "0.40"}}


def test_order_has_the_sums_of_its_items_and_the_tip(amazon: Amazon) -> None:
    unpriced = {"seller_sku": "SKU-2", "quantity": 1, "shipping": "9.99"}
    plain = {"seller_sku": "SKU-2", "quantity": 1, "item_price": "15.00", "tax": "1.20"}
    order_id = sell(amazon, WRAPPED, plain, unpriced, tip="2.5")
    proceeds = order_of(amazon, order_id)["proceeds"]
    assert proceeds["grandTotal"]["amount"] == "61.74"
    assert subtotals(proceeds) == {
        "ITEM": "55.00", "SHIPPING": "6.50", "GIFT_WRAP": "4.00", "DISCOUNT": "-11.50", "TAX": "5.24",
        "DELIVERY_TIP": "2.50",
    }  # fmt: skip
    assert details(proceeds) == {}
    assert [part.get("status") for part in proceeds["breakdowns"]] == [None] * 5 + ["FINALIZED"]
    (sale,) = amazon.control("GET", "sales")
    assert (sale["tip"], sale["total"], sale["lines"][0]["gift_wrap_tax"]) == ("2.5", "61.74", "0.32")


def test_yen_have_no_decimals(amazon: Amazon) -> None:
    line = {"seller_sku": "SKU-1", "quantity": 3, "item_price": "1000.00", "tax": 91, "shipping": "410"}
    order_id = sell(amazon, line, currency="JPY", tax_included=True)
    order = order_of(amazon, order_id)
    assert order["proceeds"]["grandTotal"] == {"amount": "1410", "currencyCode": "JPY"}
    assert order["orderItems"][0]["product"]["price"]["unitPrice"]["amount"] == "333"
    assert subtotals(order["proceeds"]) == {"ITEM": "1000", "SHIPPING": "410", "TAX": "91"}
    assert amazon.control("GET", "sales")[0]["total"] == "1410"
    refused = amazon.try_control("POST", "sales", items=[{**line, "tax": "0.5"}], currency="JPY")
    assert (refused.status_code, "JPY" in refused.json()["error"]) == (400, True)


def test_amounts_with_more_decimals_keep_them(amazon: Amazon) -> None:
    order = order_of(amazon, sell(amazon, {"seller_sku": "SKU-1", "quantity": 1, "item_price": "1", "tax": "0.125"}))
    assert subtotals(order["proceeds"]) == {"ITEM": "1.00", "TAX": "0.125"}


def test_replacement_has_no_tip(amazon: Amazon) -> None:
    original = sell(amazon)
    free = {"seller_sku": "SKU-1", "quantity": 1}
    assert amazon.try_control("POST", "sales", items=[free], replaces=original, tip="1.00").status_code == 400


def test_money_changed_after_shipping_shows_as_an_update(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "tax": "4.12"}, {"seller_sku": "SKU-2", "quantity": 1, "item_price": "15.00"})
    stock = amazon.stock()
    amazon.advance(minutes=10)
    now = amazon.control("GET", "clock")["now"]
    items = [{"seller_sku": "SKU-1", "discount": "10.00", "tax": "3.30"}]
    answer = amazon.control("POST", f"sales/{order_id}/money", items=items)
    assert answer == {"amazon_order_id": order_id, "total": "58.28"}
    assert ids(amazon.search(lastUpdatedAfter=now)) == [order_id]
    order = order_of(amazon, order_id)
    assert (order["lastUpdatedTime"], order["fulfillment"]["fulfillmentStatus"]) == (now, "SHIPPED")
    assert subtotals(order["proceeds"]) == {"ITEM": "64.98", "DISCOUNT": "-10.00", "TAX": "3.30"}
    assert amazon.stock() == stock


def test_money_changed_of_two_lines_with_one_sku_goes_line_by_line(amazon: Amazon) -> None:
    order_id = sell(amazon, LINE, LINE)
    items = [{"seller_sku": "SKU-1", "item_price": price} for price in ("1.00", "2.00")]
    amazon.control("POST", f"sales/{order_id}/money", items=items)
    lines = order_of(amazon, order_id)["orderItems"]
    assert [line["proceeds"]["proceedsTotal"]["amount"] for line in lines] == ["1.00", "2.00"]


@pytest.mark.parametrize(
    "items",
    [
        [],
        [{"seller_sku": "SKU-1"}],
        [{"seller_sku": "SKU-2", "tax": "1.00"}],
        [{"seller_sku": "SKU-1", "tax": "1.00"}, {"seller_sku": "SKU-1", "tax": "1.00"}],
        [{"seller_sku": "SKU-1", "item_price": "1.00"}, {"seller_sku": "SKU-1", "tax": "much"}],
    ],
)
def test_money_that_cannot_be_changed_stays(amazon: Amazon, items: list[dict[str, Any]]) -> None:
    order_id = sell(amazon)
    before = amazon.control("GET", "sales")
    amazon.advance(minutes=1)
    assert amazon.try_control("POST", f"sales/{order_id}/money", items=items).status_code == 400
    assert amazon.control("GET", "sales") == before


def test_money_of_a_replacement_or_an_unknown_order_is_refused(amazon: Amazon) -> None:
    replacement = sell(amazon, {"seller_sku": "SKU-1", "quantity": 1}, replaces=sell(amazon))
    items = [{"seller_sku": "SKU-1", "item_price": "1.00"}]
    for order_id in (replacement, "112-0"):
        assert amazon.try_control("POST", f"sales/{order_id}/money", items=items).status_code == 400


def test_revoked_sale_is_cancelled_and_moves_nothing(amazon: Amazon) -> None:
    order_id = sell(amazon)
    amazon.advance(minutes=10)
    now = amazon.control("GET", "clock")["now"]
    assert amazon.control("POST", f"sales/{order_id}/revoke")["status"] == "CANCELLED"
    assert ids(amazon.search(lastUpdatedAfter=now, fulfillmentStatuses="CANCELLED")) == [order_id]
    item = order_of(amazon, order_id)["orderItems"][0]
    assert item["fulfillment"] == {"quantityFulfilled": 2, "quantityUnfulfilled": 0}
    assert "cancellation" not in item
    assert amazon.stock() == (8, 0, 2)
    assert amazon.try_control("POST", f"sales/{order_id}/revoke").status_code == 400


@pytest.mark.parametrize("status", ["PENDING", "UNSHIPPED", "CANCELLED"])
def test_sale_that_has_not_shipped_cannot_be_revoked(amazon: Amazon, status: str) -> None:
    order_id = sell(amazon, status=status)
    response = amazon.try_control("POST", f"sales/{order_id}/revoke")
    assert (response.status_code, status in response.json()["error"]) == (400, True)
    assert amazon.control("GET", "sales")[0]["status"] == status
