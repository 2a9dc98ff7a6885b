"""Amazon's own SDK (amzn-sp-api) as the judge: its client calls the simulator, its models read the answers."""

from datetime import datetime, timezone
from typing import Any

import pytest

from amazon_simulator import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN

from .conftest import EPOCH, Amazon, create_body

pytest.importorskip("spapi")

from spapi.api.fulfillment_outbound_v2020_07_01.fba_outbound_api import FbaOutboundApi
from spapi.api.orders_v2026_01_01.get_order_api import GetOrderApi
from spapi.api.orders_v2026_01_01.search_orders_api import SearchOrdersApi
from spapi.auth.credentials import SPAPIConfig
from spapi.client import SPAPIClient
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
