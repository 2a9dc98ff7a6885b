"""What Amazon tells of a sale besides its goods: business buyers, who owes the tax, and charges of any type."""

from typing import Any

import pytest
from sdk_schema import complaints

from amazon_simulator.api.orders_dump import DATASETS

from .conftest import ORDERS, Amazon
from .test_orders import LINE, ids, order_of, sell, subtotals

EVERYTHING = ",".join(DATASETS)
REGISTRATION = {
    "entityType": "BUYER",
    "legalName": "Muster SARL",
    "taxRegistrationType": "VAT",
    "taxRegistrationNumber": "FR23334175221",
}
BUSINESS = {
    "programs": ["AMAZON_BUSINESS", "PRIME"],
    "tax_registrations": [REGISTRATION, {"entityType": "MARKETPLACE"}],
    "buyer_company": "Muster SARL",
    "buyer_purchase_order": "PO-17",
    "company_name": "Muster SARL, Entrepôt",
}


# === BUYERS AND TAX === #


def test_business_buyer_is_told_where_amazon_tells_it(amazon: Amazon) -> None:
    order = order_of(amazon, sell(amazon, **BUSINESS), EVERYTHING)
    assert order["programs"] == ["AMAZON_BUSINESS", "PRIME"]
    assert order["tax"] == {"taxRegistrations": [REGISTRATION, {"entityType": "MARKETPLACE"}]}
    assert order["buyer"] == {
        "buyerName": "Sam Buyer", "buyerCompanyName": "Muster SARL", "buyerPurchaseOrderNumber": "PO-17",
    }  # fmt: skip
    address = order["recipient"]["deliveryAddress"]
    assert (address["companyName"], address["city"]) == ("Muster SARL, Entrepôt", "Seattle")


def test_business_buyer_is_told_with_its_datasets_only(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "reporting_scheme": "UOSS"}, **BUSINESS)
    order = order_of(amazon, order_id, "PROCEEDS")
    assert "programs" in order
    assert not {"tax", "buyer", "recipient"} & set(order)
    assert "tax" not in order["orderItems"][0]


def test_consumer_has_no_word_of_a_business(amazon: Amazon) -> None:
    order = order_of(amazon, sell(amazon), EVERYTHING)
    assert not {"tax", "programs"} & set(order)
    assert set(order["buyer"]) == {"buyerName"}
    assert "companyName" not in order["recipient"]["deliveryAddress"]
    item = order["orderItems"][0]
    assert "tax" not in item and "condition" not in item["product"]


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("IOSS", ["IOSS"]),
        ("GB_VOEC", ["GB_VOEC"]),
        ("", [""]),
        (["UOSS", ""], ["UOSS", ""]),
    ],
)
def test_reporting_schemes_are_told_as_given(amazon: Amazon, scheme: Any, told: list[str]) -> None:
    order_id = sell(amazon, {**LINE, "reporting_scheme": scheme, "facilitator_tax": True}, LINE)
    first, second = order_of(amazon, order_id, "TAX")["orderItems"]
    assert [part["reportingScheme"] for part in first["tax"]["taxCalculationBreakdowns"]] == told
    assert first["tax"]["taxCollections"][0]["model"] == "MARKETPLACE_FACILITATOR"
    assert "tax" not in second


def test_condition_may_be_one_that_nobody_knows(amazon: Amazon) -> None:
    product = order_of(amazon, sell(amazon, {**LINE, "condition": "UNKNOWN"}))["orderItems"][0]["product"]
    assert product["condition"] == {"conditionType": "UNKNOWN"}


@pytest.mark.parametrize(
    "words",
    [
        {"programs": "PRIME"},
        {"programs": [7]},
        {"tax_registrations": {"legalName": "Muster"}},
        {"tax_registrations": [{"vat": "FR1"}]},
        {"tax_registrations": [{"taxRegistrationNumber": 1}]},
        {"tax_registrations": [{"taxRegistrationAddress": "Paris"}]},
        {"buyer_company": ["Muster"]},
        {"company_name": 1},
        {"tip": "1", "tip_status": "SOON"},
        {"charges": ["1.00"]},
        {"charges": {"NEW_FEE": "much"}},
        {"charges": {"TAX": "1.00"}},
        {"charges": {"DELIVERY_TIP": "1.00"}},
        {"charges": {"NEW_FEE": "0.5"}, "currency": "JPY"},
        {"items": [{**LINE, "reporting_scheme": 1}]},
        {"items": [{**LINE, "condition": 1}]},
        {"items": [{**LINE, "charges": {"ITEM": "1.00"}}]},
    ],
)
def test_sell_with_wrong_words_says_why_and_sells_nothing(amazon: Amazon, words: dict[str, Any]) -> None:
    response = amazon.try_control("POST", "sales", **{"items": [LINE], **words})
    assert (response.status_code, bool(response.json()["error"])) == (400, True)
    assert amazon.control("GET", "sales") == []


def test_sale_is_listed_with_all_its_words(amazon: Amazon) -> None:
    line = {**LINE, "reporting_scheme": "UOSS", "condition": "NEW", "charges": {"NEW_FEE": "0.10"}}
    sell(amazon, line, **BUSINESS, charges={"OTHER": "-1"}, tip="2.00", tip_status="PENDING")
    (sale,) = amazon.control("GET", "sales")
    assert {key: sale[key] for key in BUSINESS} == BUSINESS
    assert (sale["tip_status"], sale["charges"], sale["total"]) == ("PENDING", {"OTHER": "-1"}, "49.08")
    (listed,) = sale["lines"]
    assert (listed["reporting_schemes"], listed["condition"]) == (["UOSS"], "NEW")
    assert listed["charges"] == {"NEW_FEE": "0.10"}


# === CHARGES === #


def total(order: dict[str, Any]) -> str:
    return str(order["proceeds"]["grandTotal"]["amount"])


def test_tip_is_part_of_the_total_once_it_is_final(amazon: Amazon) -> None:
    order_id = sell(amazon, tip="3.00", tip_status="PENDING")
    order = order_of(amazon, order_id)
    assert (total(order), subtotals(order["proceeds"])["DELIVERY_TIP"]) == ("49.98", "3.00")
    assert order["proceeds"]["breakdowns"][-1]["status"] == "PENDING"
    amazon.advance(minutes=10)
    changed = amazon.control("POST", f"sales/{order_id}/money", tip_status="FINALIZED", tip="2.00")
    assert changed["total"] == "51.98"
    order = order_of(amazon, order_id)
    assert (total(order), subtotals(order["proceeds"])["DELIVERY_TIP"]) == ("51.98", "2.00")
    assert order["proceeds"]["breakdowns"][-1]["status"] == "FINALIZED"
    assert order["lastUpdatedTime"] == amazon.control("GET", "clock")["now"]


@pytest.mark.parametrize(("tax_included", "whole"), [(False, "57.00"), (True, "53.00")])
def test_charges_of_any_type_and_sign_are_part_of_the_totals(amazon: Amazon, tax_included: bool, whole: str) -> None:
    line = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "50.00", "tax": "4.00"}
    first = {**line, "charges": {"RECYCLING_FEE": "1.50", "LOYALTY": "-0.25", "NOTHING": 0}}
    charges = {"RECYCLING_FEE": "0.50", "SERVICE": "1.25"}
    order = order_of(amazon, sell(amazon, first, charges=charges, tax_included=tax_included))
    item = order["orderItems"][0]["proceeds"]
    assert {key: value for key, value in subtotals(item).items() if key not in ("ITEM", "TAX")} == {
        "RECYCLING_FEE": "1.50", "LOYALTY": "-0.25",
    }  # fmt: skip
    assert item["proceedsTotal"]["amount"] == ("51.25" if tax_included else "55.25")
    assert subtotals(order["proceeds"]) == {
        "ITEM": "50.00", "TAX": "4.00", "RECYCLING_FEE": "2.00", "LOYALTY": "-0.25", "SERVICE": "1.25",
    }  # fmt: skip
    assert total(order) == whole


def test_charges_change_by_type_and_the_others_stay(amazon: Amazon) -> None:
    order_id = sell(amazon, {**LINE, "charges": {"A": "1.00", "B": "2.00"}}, charges={"C": "3.00"}, tip="4.00")
    items = [{"seller_sku": "SKU-1", "charges": {"B": "0"}}]
    changed = amazon.control("POST", f"sales/{order_id}/money", items=items, charges={"D": "-1.00"})
    assert changed["total"] == "56.98"
    sums = subtotals(order_of(amazon, order_id)["proceeds"])
    assert sums == {"ITEM": "49.98", "A": "1.00", "C": "3.00", "D": "-1.00", "DELIVERY_TIP": "4.00"}


@pytest.mark.parametrize(
    "change", [{"tip": "x"}, {"tip_status": "NOW"}, {"charges": {"TAX": 1}}, {"tip": 1, "items": []}]
)
def test_money_of_an_order_that_cannot_be_changed_stays(amazon: Amazon, change: dict[str, Any]) -> None:
    order_id = sell(amazon, tip="4.00")
    before = amazon.control("GET", "sales")
    assert amazon.try_control("POST", f"sales/{order_id}/money", **change).status_code == 400
    assert amazon.control("GET", "sales") == before


@pytest.mark.parametrize(
    "extra", [{"charges": {"A": "1.00"}}, {"items": [{**LINE, "item_price": None, "charges": {"A": 1}}]}]
)
def test_replacement_has_no_charges(amazon: Amazon, extra: dict[str, Any]) -> None:
    free = {"items": [{"seller_sku": "SKU-1", "quantity": 1}], "replaces": sell(amazon)}
    refused = amazon.try_control("POST", "sales", **{**free, **extra})
    assert (refused.status_code, "charges" in refused.json()["error"]) == (400, True)


def test_change_within_the_second_is_told_by_content_only(amazon: Amazon) -> None:
    order_id = sell(amazon, tip="3.00", tip_status="PENDING")
    (before,) = amazon.search(includedData="PROCEEDS").json()["orders"]
    amazon.control("POST", f"sales/{order_id}/money", tip_status="FINALIZED")
    (after,) = amazon.search(includedData="PROCEEDS").json()["orders"]
    assert before["lastUpdatedTime"] == after["lastUpdatedTime"]
    assert (total(before), total(after)) == ("49.98", "52.98")


def test_same_update_time_holds_for_sales_in_lists_too(amazon: Amazon) -> None:
    now = amazon.control("GET", "clock")["now"]
    amazon.advance(minutes=60 - int(now[14:16]), seconds=60 - int(now[17:19]))
    order_id = sell(amazon, status="UNSHIPPED")
    amazon.arm("same_update_time", operation="searchOrders")
    (before,) = amazon.search(includedData="FULFILLMENT").json()["orders"]
    amazon.advance(minutes=20)
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    (after,) = amazon.search(includedData="FULFILLMENT").json()["orders"]
    assert before["lastUpdatedTime"] == after["lastUpdatedTime"]
    assert before["fulfillment"] != after["fulfillment"]
    true = amazon.call("GET", f"{ORDERS}/{order_id}").json()["order"]["lastUpdatedTime"]
    assert true == amazon.control("GET", "clock")["now"] != after["lastUpdatedTime"]
    assert ids(amazon.search(lastUpdatedAfter=true)) == [order_id]


def test_raw_order_with_every_word_fits_the_model(amazon: Amazon) -> None:
    pytest.importorskip("spapi")
    from spapi.models.orders_v2026_01_01 import GetOrderResponse, SearchOrdersResponse

    address = {"name": "Muster SARL", "addressLine1": "1 Rue", "city": "Paris", "countryCode": "FR"}
    words = {**BUSINESS, "tax_registrations": [{**REGISTRATION, "taxRegistrationAddress": address}]}
    line = {**LINE, "reporting_scheme": ["UOSS", ""], "condition": "UNKNOWN", "charges": {"NEW_FEE": "-1.00"}}
    order_id = sell(amazon, line, **words, charges={"COD_FEE": "1.00"}, tip="1.00", tip_status="PENDING")
    assert complaints(amazon.search(includedData=EVERYTHING).json(), SearchOrdersResponse) == []
    got = amazon.call("GET", f"{ORDERS}/{order_id}", params={"includedData": EVERYTHING}).json()
    assert complaints(got, GetOrderResponse) == []
