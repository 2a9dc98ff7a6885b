"""Amazon's own SDK (amzn-sp-api) as the judge: its client calls the simulator, its models read the answers."""

from datetime import datetime, timezone
from typing import Any

import pytest
from sdk_schema import complaints

from amazon_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN
from amazon_simulator.api.orders_dump import DATASETS
from amazon_simulator.world.returns import CONDITIONS
from amazon_simulator.world.sale_money import AMOUNTS

from .conftest import EPOCH, ORDERS, OUTBOUND, Amazon, address, create_body, item

pytest.importorskip("spapi")

from spapi.api.fba_inventory_v1.fba_inventory_api import FbaInventoryApi
from spapi.api.fulfillment_outbound_v2020_07_01.fba_outbound_api import FbaOutboundApi
from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
from spapi.api.orders_v2026_01_01.search_orders_api import SearchOrdersApi
from spapi.api.reports_v2021_06_30.reports_api import ReportsApi
from spapi.api.sellers_v1.sellers_api import SellersApi
from spapi.auth.credentials import SPAPIConfig
from spapi.client import SPAPIClient
from spapi.models import fulfillment_outbound_v2020_07_01 as outbound
from spapi.models.fba_inventory_v1 import GetInventorySummariesResponse
from spapi.models.orders_v2026_01_01 import GetOrderResponse, SearchOrdersResponse
from spapi.models.reports_v2021_06_30 import CreateReportResponse, Report, ReportDocument
from spapi.models.sellers_v1 import GetMarketplaceParticipationsResponse
from spapi.rest import ApiException


@pytest.fixture
def sdk(amazon: Amazon) -> Any:
    """The SDK's client, pointed at the simulator."""
    config = SPAPIConfig(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN)
    client = SPAPIClient(config, oauth_endpoint=amazon.server.lwa_url, endpoint=amazon.server.url)
    return client.api_client


def test_sdk_create_and_get_read_a_shipped_order(amazon: Amazon, sdk: Any) -> None:
    api = FbaOutboundApi(sdk)
    body = create_body(
        notificationEmails=["eva@example.com"],
        featureConstraints=[{"featureName": "BLANK_BOX", "featureFulfillmentPolicy": "NotRequired"}],
    )
    body["items"][0]["perUnitDeclaredValue"] = {"currencyCode": "USD", "value": "1.00"}
    api.create_fulfillment_order(body)
    new = api.get_fulfillment_order("MCF-1").payload
    assert new.fulfillment_order.fulfillment_order_status == "New"
    contents = [{"seller_sku": "SKU-1", "quantity": 3}, {"seller_sku": "SKU-2", "quantity": 2}]
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=[{"items": contents, "tracking_number": None}])
    done = api.get_fulfillment_order("MCF-1").payload
    assert done.fulfillment_order.fulfillment_order_status == "Complete"
    assert done.fulfillment_order.status_updated_date.tzinfo is not None
    assert [line.quantity for line in done.fulfillment_order_items] == [3, 2]
    (shipment,) = done.fulfillment_shipments
    assert shipment.fulfillment_shipment_status == "SHIPPED"
    assert shipment.fulfillment_shipment_package[0].tracking_number is None


def test_sdk_create_with_bad_body_raises_amazons_error(sdk: Any) -> None:
    body = create_body()
    body["items"][0]["sellerSku"] = "NONE"
    with pytest.raises(ApiException) as caught:
        FbaOutboundApi(sdk).create_fulfillment_order(body)
    assert caught.value.status == 400
    assert "the SellerSKU for Item Id: line-1 is invalid" in caught.value.body


def test_sdk_list_reads_pages(amazon: Amazon, sdk: Any) -> None:
    amazon.control("POST", "settings", list_page_size=1)
    for number in (1, 2):
        amazon.create(sellerFulfillmentOrderId=f"MCF-{number}")
    api = FbaOutboundApi(sdk)
    first = api.list_all_fulfillment_orders(query_start_date=EPOCH).payload
    second = api.list_all_fulfillment_orders(next_token=first.next_token).payload
    listed = first.fulfillment_orders + second.fulfillment_orders
    assert [order.seller_fulfillment_order_id for order in listed] == ["MCF-1", "MCF-2"]
    assert not second.next_token


PREVIEW = {
    "address": address(countryCode="US"),
    "items": [item("a", quantity=3, perUnitDeclaredValue={"currencyCode": "USD", "value": "1.00"}), item("b", "SKU-2")],
    "shippingSpeedCategories": ["Standard", "ScheduledDelivery"],
    "includeCODFulfillmentPreview": True,
    "featureConstraints": [{"featureName": "BLANK_BOX", "featureFulfillmentPolicy": "NotRequired"}],
}
UPDATE = {
    "displayableOrderComment": "Changed",
    "fulfillmentAction": "Ship",
    "items": [{"sellerFulfillmentOrderItemId": "line-1", "quantity": 2}],
}


def test_sdk_previews_and_reads_the_fees(sdk: Any) -> None:
    plain, cod, *_ = FbaOutboundApi(sdk).get_fulfillment_preview(PREVIEW).payload.fulfillment_previews
    assert (plain.is_fulfillable, plain.is_cod_capable, cod.is_cod_capable) == (True, False, True)
    assert {fee.name for fee in cod.estimated_fees} - {fee.name for fee in plain.estimated_fees} == {
        "FBAFulfillmentCODFee"
    }
    (shipment,) = plain.fulfillment_preview_shipments
    assert shipment.earliest_arrival_date < shipment.latest_arrival_date


def test_sdk_updates_and_cancels_a_held_order(amazon: Amazon, sdk: Any) -> None:
    api = FbaOutboundApi(sdk)
    api.create_fulfillment_order(create_body(fulfillmentAction="Hold"))
    api.update_fulfillment_order("MCF-1", UPDATE)
    assert api.get_fulfillment_order("MCF-1").payload.fulfillment_order_items[0].quantity == 2
    api.cancel_fulfillment_order("MCF-1")
    assert api.get_fulfillment_order("MCF-1").payload.fulfillment_order.fulfillment_order_status == "Cancelled"
    with pytest.raises(ApiException) as caught:
        api.cancel_fulfillment_order("MCF-1")
    assert caught.value.status == 400


def test_sdk_reads_where_a_package_is(amazon: Amazon, sdk: Any) -> None:
    amazon.create()
    parcel = {"items": [{"seller_sku": "SKU-1", "quantity": 1}]}
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=[parcel])
    found = FbaOutboundApi(sdk).get_package_tracking_details(1001).payload
    assert (found.package_number, found.current_status, found.carrier_code) == (1001, "IN_TRANSIT", "UPS")
    assert found.tracking_events[0].event_code == "EVENT_202"


def test_requests_of_these_tests_fit_the_model() -> None:
    assert complaints(create_body(), outbound.CreateFulfillmentOrderRequest) == []
    assert complaints(UPDATE, outbound.UpdateFulfillmentOrderRequest) == []
    assert complaints(PREVIEW, outbound.GetFulfillmentPreviewRequest) == []


def test_raw_outbound_answers_fit_the_model(amazon: Amazon) -> None:
    def check(method: str, path: str, model: type, status: int = 200, **options: Any) -> Any:
        response = amazon.call(method, path, **options)
        assert response.status_code == status, response.text
        assert complaints(response.json(), model) == []
        return response.json()

    order, tracking = f"{OUTBOUND}/MCF-1", "/fba/outbound/2020-07-01/tracking"
    body = create_body(fulfillmentAction="Hold", notificationEmails=["eva@example.com"])
    body["items"][0] |= {"giftMessage": "Hi", "perUnitDeclaredValue": {"currencyCode": "USD", "value": "1.00"}}
    check("POST", OUTBOUND, outbound.CreateFulfillmentOrderResponse, json=body)
    check("POST", OUTBOUND, outbound.CreateFulfillmentOrderResponse, 400, json=body)
    check("PUT", order, outbound.UpdateFulfillmentOrderResponse, json=UPDATE)
    check("PUT", order, outbound.UpdateFulfillmentOrderResponse, 400, json=UPDATE)
    statuses = set()
    for minutes in (0, 30, 90):
        amazon.advance(minutes=minutes)
        shown = check("GET", order, outbound.GetFulfillmentOrderResponse)["payload"]
        statuses |= {shipment["fulfillmentShipmentStatus"] for shipment in shown.get("fulfillmentShipments", [])}
        if minutes == 30:
            amazon.control("POST", "fulfillment-orders/MCF-1/cancel-shipment")
    assert statuses == {"PENDING", "SHIPPED", "CANCELLED_BY_FULFILLER"}
    check("PUT", f"{order}/cancel", outbound.CancelFulfillmentOrderResponse, 400)
    check("GET", OUTBOUND, outbound.ListAllFulfillmentOrdersResponse)
    amazon.advance(days=4)
    check("GET", tracking, outbound.GetPackageTrackingDetailsResponse, params={"packageNumber": 1001})
    check("GET", tracking, outbound.GetPackageTrackingDetailsResponse, 404, params={"packageNumber": 9})


def test_raw_previews_fit_the_model_but_for_fees_that_are_null(amazon: Amazon) -> None:
    for body in (PREVIEW, {**PREVIEW, "items": [item(quantity=11)]}):
        answer = amazon.call("POST", f"{OUTBOUND}/preview", json=body).json()
        assert complaints(answer, outbound.GetFulfillmentPreviewResponse) == []
    amazon.control("POST", "settings", fees_known=False)
    answer = amazon.call("POST", f"{OUTBOUND}/preview", json=PREVIEW).json()
    assert complaints(answer, outbound.GetFulfillmentPreviewResponse) != []
    assert complaints(answer, outbound.GetFulfillmentPreviewResponse, nullable={"estimatedFees"}) == []


def test_raw_shipment_with_serial_numbers_and_lots_fits_the_model(amazon: Amazon) -> None:
    amazon.create()
    contents = {"seller_sku": "SKU-1", "quantity": 2, "serial_numbers": ["S1"], "lot_codes": ["L1"]}
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=[{"items": [contents]}])
    answer = amazon.call("GET", f"{OUTBOUND}/MCF-1").json()
    assert complaints(answer, outbound.GetFulfillmentOrderResponse) == []


def test_raw_order_with_returns_and_changed_shipments_fits_the_model(amazon: Amazon, sdk: Any) -> None:
    amazon.create()
    order = "fulfillment-orders/MCF-1"
    contents = [{"seller_sku": "SKU-1", "quantity": 2}, {"seller_sku": "SKU-2", "quantity": 1}]
    for shipment_id in ("D1", "D2"):
        amazon.control("POST", f"{order}/ship", packages=[{"items": contents[:1]}], shipment_id=shipment_id)
        fewer = [{"seller_sku": "SKU-1", "quantity": 1}]
        amazon.control("POST", f"{order}/change-shipment", shipment_id=shipment_id, items=fewer)
    amazon.control("POST", f"{order}/ship", packages=[{"items": contents[1:]}], shipment_id="D3")
    amazon.control("POST", f"{order}/change-shipment", shipment_id="D3", status="CANCELLED_BY_FULFILLER")
    amazon.control("POST", f"{order}/return", items=contents[:1], comment="Broken")
    for condition in ("CarrierDamaged", None):
        answer = amazon.call("GET", f"{OUTBOUND}/MCF-1").json()
        assert complaints(answer, outbound.GetFulfillmentOrderResponse) == []
        if condition:
            amazon.control("POST", f"{order}/process-returns", condition=condition)
    first, _second = FbaOutboundApi(sdk).get_fulfillment_order("MCF-1").payload.return_items
    assert (first.status, first.return_received_condition) == ("Processed", "CarrierDamaged")


def test_conditions_of_returns_are_amazons() -> None:
    model = vars(outbound.ReturnItemDisposition)
    assert set(CONDITIONS) == {value for name, value in model.items() if name.isupper()}


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"color": "red"}, "'color' was unexpected"),
        ({"fulfillmentOrderStatus": "Lost"}, "'Lost' is not one of"),
        ({"displayableOrderComment": 7}, "7 is not of type 'string'"),
        ({"receivedDate": "2026-11-23"}, "is not a 'date-time'"),
    ],
)
def test_schema_sees_what_the_sdk_lets_pass(amazon: Amazon, change: dict[str, Any], complaint: str) -> None:
    amazon.create()
    answer = amazon.call("GET", f"{OUTBOUND}/MCF-1").json()
    answer["payload"]["fulfillmentOrder"] |= change
    assert complaint in complaints(answer, outbound.GetFulfillmentOrderResponse)[0]


@pytest.mark.parametrize("status", ["SHIPPED", "PENDING", "UNSHIPPED", "CANCELLED"])
def test_sdk_search_and_get_order_read_the_same_sale(amazon: Amazon, sdk: Any, status: str) -> None:
    line = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98", "tax": "4.12", "discount": "1", "shipping": 2}
    amazon.control("POST", "sales", items=[line], status=status, seller_order_id="S1")
    data = ["BUYER", "RECIPIENT", "PROCEEDS", "CANCELLATION", "FULFILLMENT"]
    found = SearchOrdersApi(sdk).search_orders(
        last_updated_after=datetime(2000, 1, 1, tzinfo=timezone.utc),
        marketplace_ids=["ATVPDKIKX0DER", "A1PA6795UKMFR9"],
        fulfilled_by=["AMAZON"],
        included_data=data,
    )
    (order,) = found.orders
    assert order.fulfillment.fulfillment_status == status
    assert found.last_updated_before is not None
    assert (order.proceeds is None) is (status == "PENDING")
    assert GetOrderApi(sdk).get_order(order.order_id, included_data=data).order == order


def test_raw_orders_answers_fit_the_model(amazon: Amazon) -> None:
    original = amazon.control("POST", "sales", items=[{"seller_sku": "SKU-1", "quantity": 1, "item_price": "10.00"}])
    line = {"seller_sku": "SKU-1", "quantity": 2, "serial_numbers": ["A1"], "facilitator_tax": True}
    shipped = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", "sales", items=[line], shipped=shipped, replaces=original["amazon_order_id"])
    amazon.create()
    amazon.advance(hours=3)
    answer = amazon.search(includedData=",".join(DATASETS)).json()
    assert len(answer["orders"]) == 3
    assert complaints(answer, SearchOrdersResponse) == []
    got = amazon.call("GET", f"{ORDERS}/{answer['orders'][0]['orderId']}", params={"includedData": "PROCEEDS"}).json()
    assert complaints(got, GetOrderResponse) == []


def test_raw_order_with_every_amount_fits_the_model(amazon: Amazon, sdk: Any) -> None:
    amounts = {name: "8.00" for name in AMOUNTS}
    sold = amazon.control("POST", "sales", items=[{"seller_sku": "SKU-1", "quantity": 2, **amounts}], tip="1.00")
    yen = {"seller_sku": "SKU-1", "quantity": 1, "item_price": "1980", "tax": "180"}
    amazon.control("POST", "sales", items=[yen], currency="JPY", tax_included=True)
    amazon.control("POST", f"sales/{sold['amazon_order_id']}/revoke")
    assert complaints(amazon.search(includedData=",".join(DATASETS)).json(), SearchOrdersResponse) == []
    order = GetOrderApi(sdk).get_order(sold["amazon_order_id"], included_data=["PROCEEDS"]).order
    assert [(part.type, part.status) for part in order.proceeds.breakdowns][-1] == ("DELIVERY_TIP", "FINALIZED")
    assert {row.subtype for row in order.order_items[0].proceeds.breakdowns[-1].detailed_breakdowns} == {
        "ITEM", "SHIPPING", "GIFT_WRAP",
    }  # fmt: skip


def test_sdk_reads_inventory_page_by_page(amazon: Amazon, sdk: Any) -> None:
    amazon.control("PUT", "stock/SKU-1", fulfillable=10, unfulfillable=2, researching=1, inbound_shipped=3)
    amazon.control("POST", "settings", inventory_page_size=1)
    place = ("Marketplace", "ATVPDKIKX0DER", ["ATVPDKIKX0DER"])
    api = FbaInventoryApi(sdk)
    first = api.get_inventory_summaries(*place, details=True)
    second = api.get_inventory_summaries(*place, details=True, next_token=first.pagination.next_token)
    assert second.pagination is None
    (row,) = first.payload.inventory_summaries
    assert (row.total_quantity, row.inventory_details.fulfillable_quantity) == (16, 10)
    query = {"granularityType": place[0], "granularityId": place[1], "marketplaceIds": place[1], "details": "true"}
    amazon.control("POST", "settings", plan_factor=10)
    answer = amazon.call("GET", "/fba/inventory/v1/summaries", params=query).json()
    assert answer["payload"]["inventorySummaries"][0]["sellerSku"] == "SKU-1"
    assert complaints(answer, GetInventorySummariesResponse) == []
    refused = amazon.call("GET", "/fba/inventory/v1/summaries").json()
    assert complaints(refused, GetInventorySummariesResponse) == []


def test_sdk_reads_where_the_seller_sells(amazon: Amazon, sdk: Any) -> None:
    rows = SellersApi(sdk).get_marketplace_participations().payload
    assert [(row.marketplace.id, row.participation.is_participating) for row in rows] == [
        ("ATVPDKIKX0DER", True), ("A1PA6795UKMFR9", True),
    ]  # fmt: skip
    answer = amazon.call("GET", "/sellers/v1/marketplaceParticipations").json()
    assert complaints(answer, GetMarketplaceParticipationsResponse) == []


def test_sdk_asks_for_a_report_and_reads_its_document(amazon: Amazon, sdk: Any) -> None:
    api = ReportsApi(sdk)
    specification = {
        "reportType": "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA",
        "marketplaceIds": ["ATVPDKIKX0DER"],
        "dataStartTime": EPOCH,
    }
    report_id = api.create_report(specification).report_id
    assert api.get_report(report_id).processing_status == "IN_QUEUE"
    amazon.advance(minutes=1)
    report = api.get_report(report_id)
    document = api.get_report_document(report.report_document_id)
    assert (report.processing_status, document.compression_algorithm) == ("DONE", "GZIP")
    path = f"/reports/2021-06-30/reports/{report_id}"
    assert complaints(amazon.call("GET", path).json(), Report) == []
    path = f"/reports/2021-06-30/documents/{report.report_document_id}"
    assert complaints(amazon.call("GET", path).json(), ReportDocument) == []
    created = amazon.call("POST", "/reports/2021-06-30/reports", json=specification)
    assert (created.status_code, complaints(created.json(), CreateReportResponse)) == (202, [])
