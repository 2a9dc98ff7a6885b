"""The habits' tables of keys, against Amazon's own model classes."""

from collections.abc import Iterator
from typing import Any

import pytest
from sdk_schema import schema

from amazon_simulator.api.orders_dump import DATASETS
from amazon_simulator.control.model_keys import ENUMERATIONS

from .conftest import ORDERS, OUTBOUND, Amazon, address, create_body, item

pytest.importorskip("spapi")

from spapi.models import fulfillment_outbound_v2020_07_01 as outbound
from spapi.models.fba_inventory_v1 import GetInventorySummariesResponse
from spapi.models.orders_v2026_01_01 import GetOrderResponse, SearchOrdersResponse
from spapi.models.reports_v2021_06_30 import Report, ReportDocument

MODELS = (
    outbound.CreateFulfillmentOrderResponse,
    outbound.GetFulfillmentOrderResponse,
    outbound.GetFulfillmentPreviewResponse,
    outbound.GetPackageTrackingDetailsResponse,
    outbound.ListAllFulfillmentOrdersResponse,
    GetInventorySummariesResponse,
    GetOrderResponse,
    SearchOrdersResponse,
    Report,
    ReportDocument,
)


def enumerated(model: dict[str, Any]) -> Iterator[str]:
    """Keys with an enum anywhere in a JSON Schema."""
    for key, kind in model.get("properties", {}).items():
        inner = kind.get("items", kind)
        if "enum" in inner:
            yield key
        yield from enumerated(inner)


@pytest.mark.parametrize("model", MODELS)
def test_every_enumeration_of_the_models_can_be_respelled(model: type) -> None:
    assert set(enumerated(schema(model))) <= ENUMERATIONS | {"name"}


def differences(value: Any, model: dict[str, Any], path: str = "") -> Iterator[str]:
    """Where the keys of JSON are not all of the model's optional ones, or more than the model's."""
    if isinstance(value, list):
        for member in value:
            yield from differences(member, model.get("items", {}), path)
    if isinstance(value, dict) and "properties" in model:
        optional = set(model["properties"]) - set(model["required"])
        lacking, unknown = optional - set(value), set(value) - set(model["properties"])
        if lacking or unknown:
            yield f"{path}: lacks {sorted(lacking)}, unknown {sorted(unknown)}"
        for key, member in value.items():
            yield from differences(member, model["properties"].get(key, {}), f"{path}.{key}")


def test_null_for_absent_knows_every_optional_key(shipped: Amazon) -> None:
    body = create_body(sellerFulfillmentOrderId="MCF-2", items=[item()])
    features = [{"featureName": "BLANK_BOX"}]
    shipped.call(
        "POST", OUTBOUND, json={**body, "featureConstraints": features, "codSettings": {"isCodRequired": True}}
    )
    one = [{"seller_sku": "SKU-1", "quantity": 1}]
    shipped.control("POST", "fulfillment-orders/MCF-1/return", items=one)
    line = {**one[0], "item_price": "9", "tax": "1", "facilitator_tax": True, "reporting_scheme": "UOSS"}
    words = {"condition": "NEW", "charges": {"OTHER": "1"}}
    tax = [{"entityType": "BUYER", "taxRegistrationAddress": {"city": "Paris"}}]
    sold = shipped.control(
        "POST", "sales", items=[line | words], tax_registrations=tax, programs=["PRIME"], tip="1", charges={"X": "1"}
    )
    shipped.control("POST", "sales", items=one, replaces=sold["amazon_order_id"])
    specification = {"reportType": "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", "marketplaceIds": ["ATVPDKIKX0DER"]}
    report_id = shipped.call("POST", "/reports/2021-06-30/reports", json=specification).json()["reportId"]
    shipped.control("POST", "fulfillment-orders/MCF-2/cannot-fulfill")
    shipped.advance(minutes=2)
    report = f"/reports/2021-06-30/reports/{report_id}"
    document = f"/reports/2021-06-30/documents/{shipped.call('GET', report).json()['reportDocumentId']}"
    place = {"granularityType": "Marketplace", "granularityId": "ATVPDKIKX0DER", "marketplaceIds": "ATVPDKIKX0DER"}
    included = {"includedData": ",".join(DATASETS)}
    orders = {**included, "lastUpdatedAfter": "2000-01-01T00:00:00Z"}
    third = {**body, "sellerFulfillmentOrderId": "MCF-3"}
    preview = {"address": address(), "items": [item()], "featureConstraints": features}
    too_much = {**preview, "items": [item(quantity=99)]}
    shipped.arm("loose_types", style="null_for_absent")
    for method, path, model, options in (
        ("POST", OUTBOUND, outbound.CreateFulfillmentOrderResponse, {"json": third}),
        ("GET", f"{OUTBOUND}/MCF-1", outbound.GetFulfillmentOrderResponse, {}),
        ("GET", f"{OUTBOUND}/MCF-2", outbound.GetFulfillmentOrderResponse, {}),
        ("GET", OUTBOUND, outbound.ListAllFulfillmentOrdersResponse, {}),
        ("POST", f"{OUTBOUND}/preview", outbound.GetFulfillmentPreviewResponse, {"json": preview}),
        ("POST", f"{OUTBOUND}/preview", outbound.GetFulfillmentPreviewResponse, {"json": too_much}),
        (
            "GET",
            "/fba/outbound/2020-07-01/tracking",
            outbound.GetPackageTrackingDetailsResponse,
            {"params": {"packageNumber": 1001}},
        ),
        ("GET", ORDERS, SearchOrdersResponse, {"params": orders}),
        ("GET", f"{ORDERS}/{sold['amazon_order_id']}", GetOrderResponse, {"params": included}),
        ("GET", "/fba/inventory/v1/summaries", GetInventorySummariesResponse, {"params": {**place, "details": "true"}}),
        ("GET", report, Report, {}),
        ("GET", document, ReportDocument, {}),
    ):
        answer = shipped.call(method, path, **options).json()
        assert list(differences(answer, schema(model))) == [], path
