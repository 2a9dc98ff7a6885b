"""Reports: asking, waiting, downloading, and what the two types say."""

import gzip
from typing import Any

import pytest
import requests

from .conftest import Amazon, item

REPORTS = "/reports/2021-06-30"
SHIPMENTS = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
INVENTORY = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"
US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"


def ask(amazon: Amazon, report_type: str = INVENTORY, timeout: float = 5, **more: Any) -> requests.Response:
    body = {"reportType": report_type, "marketplaceIds": [US], **more}
    return amazon.call("POST", f"{REPORTS}/reports", json=body, timeout=timeout)


def ask_since(amazon: Amazon, start: str, **more: Any) -> requests.Response:
    return ask(amazon, SHIPMENTS, dataStartTime=start, **more)


def now(amazon: Amazon) -> str:
    return str(amazon.control("GET", "clock")["now"])


def status(amazon: Amazon, asked: requests.Response) -> dict[str, Any]:
    assert asked.status_code == 202, asked.text
    answer: dict[str, Any] = amazon.call("GET", f"{REPORTS}/reports/{asked.json()['reportId']}").json()
    return answer


def document(amazon: Amazon, asked: requests.Response) -> dict[str, Any]:
    """The report's document, once its time has come."""
    amazon.advance(seconds=60)
    report = status(amazon, asked)
    assert report["processingStatus"] == "DONE"
    answer: dict[str, Any] = amazon.call("GET", f"{REPORTS}/documents/{report['reportDocumentId']}").json()
    return answer


def read(amazon: Amazon, asked: requests.Response) -> list[dict[str, str]]:
    text = gzip.decompress(requests.get(document(amazon, asked)["url"], timeout=5).content).decode()
    header, *lines = [line.split("\t") for line in text.removesuffix("\n").split("\n")]
    return [dict(zip(header, line, strict=True)) for line in lines]


def sell(amazon: Amazon, quantity: int = 1, **more: Any) -> str:
    items = [{"seller_sku": "SKU-1", "quantity": quantity, "item_price": "10.00", "tax": "1.00"}]
    return str(amazon.control("POST", "sales", **{"items": items, **more})["amazon_order_id"])


def test_report_passes_through_queue_and_progress_to_done(amazon: Amazon) -> None:
    asked = ask(amazon)
    assert status(amazon, asked)["processingStatus"] == "IN_QUEUE"
    amazon.advance(seconds=30)
    assert status(amazon, asked)["processingStatus"] == "IN_PROGRESS"
    assert "reportDocumentId" not in status(amazon, asked)
    amazon.advance(seconds=30)
    done = status(amazon, asked)
    assert (done["processingStatus"], done["processingEndTime"]) == ("DONE", now(amazon))


def test_report_without_rows_is_cancelled(bare: Amazon) -> None:
    asked = ask(bare)
    bare.control("POST", "settings", report_seconds=5)  # too late for that report
    bare.advance(seconds=59)
    assert status(bare, asked)["processingStatus"] == "IN_PROGRESS"
    bare.advance(seconds=1)
    assert status(bare, asked)["processingStatus"] == "CANCELLED"
    assert "reportDocumentId" not in status(bare, asked)


@pytest.mark.parametrize(
    "body",
    [
        {"reportType": "GET_EVERYTHING"},
        {"reportType": None},
        {"marketplaceIds": []},
        {"marketplaceIds": US},
        {"marketplaceIds": ["A1VC38T7YXB528"]},
        {"marketplaceIds": [US] * 26},
        {"reportOptions": {"days": 3}},
        {"options": {}},
        {"dataStartTime": "yesterday"},
        {"dataStartTime": "2026-03-02T00:00:00Z", "dataEndTime": "2026-03-01T00:00:00Z"},
        {"dataStartTime": "2026-03-01T00:00:00Z", "dataEndTime": "2026-04-01T00:00:01Z"},
    ],
)
def test_ask_with_bad_specification_is_invalid_input(amazon: Amazon, body: dict[str, Any]) -> None:
    response = ask(amazon, **{"report_type": SHIPMENTS, **body})
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "InvalidInput")


def test_unknown_and_foreign_reports_are_not_found(amazon: Amazon) -> None:
    asked = ask(amazon)
    credentials = {"client_id": "c2", "client_secret": "s2", "refresh_token": "Atzr|two"}
    amazon.control("POST", "sellers", **credentials, marketplace_ids=[US])
    token = amazon.grant(**credentials).json()["access_token"]
    path = f"{REPORTS}/reports/{asked.json()['reportId']}"
    assert amazon.call("GET", path, token=token).status_code == 404
    assert amazon.call("GET", f"{REPORTS}/reports/1").status_code == 404
    assert amazon.call("GET", f"{REPORTS}/documents/amzn1.none").status_code == 404


def test_document_url_is_read_without_token_for_five_minutes(amazon: Amazon) -> None:
    url = document(amazon, ask(amazon))["url"]
    assert requests.get(url, timeout=5).headers["Content-Type"] == "text/plain; charset=UTF-8"
    refused = amazon.session.get(url, headers={"x-amz-access-token": amazon.token()}, timeout=5)
    assert (refused.status_code, "InvalidArgument" in refused.text) == (400, True)
    assert requests.get(url.partition("?")[0], timeout=5).status_code == 403
    assert requests.get(url[:-1] + "x", timeout=5).status_code == 403
    amazon.advance(seconds=299)
    assert requests.get(url, timeout=5).status_code == 200
    amazon.advance(seconds=1)
    late = requests.get(url, timeout=5)
    assert (late.status_code, late.headers["Content-Type"]) == (403, "application/xml")
    assert "<Code>AccessDenied</Code><Message>Request has expired</Message>" in late.text
    assert amazon.journal("reportDocument")[-1]["status"] == 403


def test_document_uncompressed_in_another_charset_says_so(amazon: Amazon) -> None:
    amazon.control("POST", "settings", report_gzip=False, report_charset="windows-31j")
    amazon.control("PUT", "stock/机-1", fulfillable=1)
    answer = document(amazon, ask(amazon))
    assert "compressionAlgorithm" not in answer
    response = requests.get(answer["url"], timeout=5)
    assert response.headers["Content-Type"] == "text/plain; charset=windows-31j"
    assert "机-1\t" in response.content.decode("cp932")


def test_settings_with_unknown_charset_are_refused(amazon: Amazon) -> None:
    response = amazon.try_control("POST", "settings", report_charset="morse", report_gzip=False)
    assert (response.status_code, "morse" in response.json()["error"]) == (400, True)
    assert amazon.control("POST", "settings")["report_gzip"] is True


@pytest.mark.parametrize(
    ("fault", "seen"),
    [
        ({"kind": "status", "status": 503}, (503, "application/xml")),
        ({"kind": "html", "status": 502}, (502, "text/html; charset=utf-8")),
    ],
)
def test_download_meets_its_own_faults(amazon: Amazon, fault: dict[str, Any], seen: tuple[int, str]) -> None:
    url = document(amazon, ask(amazon))["url"]
    amazon.control("POST", "faults", operation="reportDocument", **fault)
    response = requests.get(url, timeout=5)
    assert (response.status_code, response.headers["Content-Type"]) == seen
    assert requests.get(url, timeout=5).status_code == 200


def test_download_dropped_or_truncated_has_no_whole_file(amazon: Amazon) -> None:
    url = document(amazon, ask(amazon))["url"]
    amazon.control("POST", "faults", operation="reportDocument", kind="drop_before")
    with pytest.raises(requests.ConnectionError):
        requests.get(url, timeout=5)
    amazon.control("POST", "faults", operation="reportDocument", kind="truncated")
    cut = requests.get(url, timeout=5).content
    whole = requests.get(url, timeout=5).content
    assert whole.startswith(cut) and 0 < len(cut) < len(whole)


def test_inventory_report_has_a_row_per_sku_and_condition(amazon: Amazon) -> None:
    amazon.control(
        "PUT", "stock/SKU-1", fulfillable=10, unfulfillable=2, inbound_shipped=3, transshipment=4,
        other_rows=[{"condition": "UsedGood", "fnsku": "X-USED", "fulfillable": 5}],
    )  # fmt: skip
    amazon.create(items=[item(quantity=1)])
    first, used, second = read(amazon, ask(amazon))
    assert (first["sku"], first["condition"], first["afn-fulfillable-quantity"]) == ("SKU-1", "New", "9")
    assert (first["afn-reserved-quantity"], first["afn-unsellable-quantity"]) == ("5", "2")
    assert (first["afn-total-quantity"], first["afn-warehouse-quantity"]) == ("19", "16")
    assert (used["sku"], used["condition"], used["afn-fulfillable-quantity"]) == ("SKU-1", "UsedGood", "5")
    assert second["sku"] == "SKU-2"


def test_shipments_report_knows_a_sale_after_the_lag(amazon: Amazon) -> None:
    start = now(amazon)
    order_id = sell(amazon, quantity=3)
    amazon.advance(hours=2, seconds=-1)
    assert status(amazon, early := ask_since(amazon, start))["processingStatus"] == "IN_QUEUE"
    amazon.advance(seconds=1)
    (row,) = read(amazon, ask_since(amazon, start))
    assert status(amazon, early)["processingStatus"] == "CANCELLED"
    assert (row["amazon-order-id"], row["merchant-order-id"], row["quantity-shipped"]) == (order_id, "", "3")
    assert (row["currency"], row["item-price"], row["item-tax"]) == ("USD", "10.00", "1.00")
    assert (row["carrier"], row["fulfillment-channel"], row["sales-channel"]) == ("UPS", "AFN", "Amazon.com")
    assert row["tracking-number"] and row["ship-city"] == "Seattle"
    assert row["shipment-date"] == start.replace("Z", "+00:00")


def test_shipments_report_without_quoting_has_blanks_for_tabs(amazon: Amazon) -> None:
    start = now(amazon)
    sell(amazon, buyer_name='Eva\t"E"\nMuster', delivery_address={"name": "Eva", "addressLine2": None})
    amazon.advance(hours=2)
    (row,) = read(amazon, ask_since(amazon, start))
    assert (row["buyer-name"], row["recipient-name"], row["ship-address-2"]) == ('Eva "E" Muster', "Eva", "")


def test_shipments_report_of_two_shipments_shares_the_money(amazon: Amazon) -> None:
    start = now(amazon)
    order_id = sell(amazon, quantity=3, status="UNSHIPPED")
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", f"sales/{order_id}/status", status="PARTIALLY_SHIPPED", shipped=one)
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    amazon.advance(hours=2)
    rows = read(amazon, ask_since(amazon, start))
    assert [(row["quantity-shipped"], row["item-price"]) for row in rows] == [("1", "3.33"), ("2", "6.67")]
    assert len({row["shipment-item-id"] for row in rows}) == len({row["shipment-id"] for row in rows}) == 2


def test_shipments_report_has_every_amount_of_a_line_in_its_column(amazon: Amazon) -> None:
    start = now(amazon)
    amounts = {
        "item_price": ("30.00", "item-price", ["10.00", "20.00"]),
        "tax": ("2.40", "item-tax", ["0.80", "1.60"]),
        "shipping": ("5.00", "shipping-price", ["1.67", "3.33"]),
        "shipping_tax": ("0.40", "shipping-tax", ["0.13", "0.27"]),
        "gift_wrap": ("3.99", "gift-wrap-price", ["1.33", "2.66"]),
        "gift_wrap_tax": ("0.32", "gift-wrap-tax", ["0.11", "0.21"]),
        "discount": ("3.00", "item-promotion-discount", ["-1.00", "-2.00"]),
        "shipping_discount": ("5.00", "ship-promotion-discount", ["-1.67", "-3.33"]),
    }
    line = {"seller_sku": "SKU-1", "quantity": 3} | {name: total for name, (total, _column, _shares) in amounts.items()}
    order_id = sell(amazon, items=[line], status="UNSHIPPED", tip="2.00")
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", f"sales/{order_id}/status", status="PARTIALLY_SHIPPED", shipped=one)
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    amazon.advance(hours=2)
    rows = read(amazon, ask_since(amazon, start))
    for _total, column, shares in amounts.values():
        assert [row[column] for row in rows] == shares, column


def test_shipments_report_names_shop_currency_and_destination(amazon: Amazon) -> None:
    start = now(amazon)
    address = {"name": "Eva", "city": "Lyon", "stateOrRegion": "ARA", "postalCode": "69001", "countryCode": "FR"}
    line = {"seller_sku": "SKU-1", "quantity": 1, "item_price": "10.00", "charges": {"NEW_FEE": "1.00"}}
    words = {"currency": "EUR", "delivery_address": address, "charges": {"OTHER": "2.00"}, "tip": "3.00"}
    sold = sell(amazon, marketplace_id=DE, items=[line], **words)
    item_id = amazon.control("GET", "sales")[0]["lines"][0]["item_id"]
    amazon.advance(hours=2)
    (row,) = read(amazon, ask_since(amazon, start, marketplaceIds=[DE]))
    assert (row["amazon-order-id"], row["amazon-order-item-id"]) == (sold, item_id)
    assert (row["sales-channel"], row["fulfillment-channel"]) == ("Amazon.de", "AFN")
    assert (row["currency"], row["item-price"], row["item-tax"]) == ("EUR", "10.00", "0.00")
    assert (row["ship-country"], row["ship-state"], row["ship-postal-code"]) == ("FR", "ARA", "69001")
    assert row["purchase-date"] == start.replace("Z", "+00:00")


def test_shipments_report_in_yen_has_no_decimals(amazon: Amazon) -> None:
    start = now(amazon)
    items = [{"seller_sku": "SKU-1", "quantity": 3, "item_price": "1000"}]
    order_id = sell(amazon, items=items, currency="JPY", status="UNSHIPPED")
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", f"sales/{order_id}/status", status="PARTIALLY_SHIPPED", shipped=one)
    amazon.control("POST", f"sales/{order_id}/status", status="SHIPPED")
    amazon.advance(hours=2)
    rows = read(amazon, ask_since(amazon, start))
    assert [(row["item-price"], row["shipping-tax"]) for row in rows] == [("333", "0"), ("667", "0")]


def test_shipments_report_shows_mcf_under_both_ids(amazon: Amazon) -> None:
    start = now(amazon)
    amazon.create()
    contents = [{"seller_sku": "SKU-1", "quantity": 3}]
    packages = [{"items": contents, "carrier_code": "DHL", "tracking_number": "T1"}]
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=packages)
    amazon.advance(hours=2)
    (row,) = read(amazon, ask_since(amazon, start))
    assert row["amazon-order-id"].startswith("S01-")
    assert (row["merchant-order-id"], row["merchant-order-item-id"]) == ("MCF-1", "line-1")
    assert (row["item-price"], row["sales-channel"]) == ("", "Non-Amazon")
    assert (row["carrier"], row["tracking-number"], row["recipient-name"]) == ("DHL", "T1", "Eva Muster")


def test_shipments_report_leaves_out_what_it_is_not_about(amazon: Amazon) -> None:
    start = now(amazon)
    sell(amazon, marketplace_id=DE)
    sell(amazon, fulfilled_by="MERCHANT")
    sell(amazon, status="UNSHIPPED")
    amazon.advance(hours=3)
    later = now(amazon)
    sold = sell(amazon)
    amazon.advance(hours=3)
    assert [row["amazon-order-id"] for row in read(amazon, ask_since(amazon, start))] == [sold]
    asked = ask_since(amazon, later, dataEndTime=later, marketplaceIds=[US, DE])
    assert [row["amazon-order-id"] for row in read(amazon, asked)] == [sold]
