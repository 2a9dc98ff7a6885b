"""Amazon's own SDK (amzn-sp-api) as the judge of what we send, of what we test with, and of the keys we know."""

import dataclasses

import pytest
from fba_amazon import (
    CreateItem,
    PreviewOrder,
    ReportRequest,
    UpdateOrder,
    inventory_v1,
    orders,
    orders_2026_01_01,
    outbound,
    outbound_2020_07_01,
    reports,
    reports_2021_06_30,
    sellers_v1,
)

from .operations import PREVIEW_ORDER, SINCE
from .payloads import (
    FULFILLMENT_ORDER,
    FULFILLMENT_ORDER_LIST,
    INVENTORY_PAGE,
    ORDER,
    PARTICIPATIONS,
    PEOPLE,
    PREVIEWS,
    REPORT,
    RETURN_ITEM,
    SOLD_ORDER,
    TRACKING,
)

pytest.importorskip("spapi")

from sdk_schema import complaints, schema
from spapi.models import fba_inventory_v1 as INV
from spapi.models import fulfillment_outbound_v2020_07_01 as OUT
from spapi.models import orders_v2026_01_01 as ORD
from spapi.models import reports_v2021_06_30 as REP
from spapi.models import sellers_v1 as SEL

LIMITS = outbound_2020_07_01.LIMITS
FULL_ADDRESS = outbound.Address("N", "1", "2", "3", "C", "S", "P", "US", "555")
FULL_ORDER = dataclasses.replace(
    ORDER,
    hold=True,
    address=FULL_ADDRESS,
    notification_emails=("eva@example.com",),
    features=("BLANK_BOX", "SIGNATURE_CONFIRMATION"),
    items=tuple(CreateItem(f"item-{number}", "SKU-1", 2) for number in range(100)),
)
FULL_UPDATE = UpdateOrder("O-1", False, "Priority", "FillAll", "New", FULL_ADDRESS, FULL_ORDER.items)
FULL_REPORT = ReportRequest(reports.SHIPMENTS, ("M1",), SINCE, SINCE, (("a", "b"),))


@pytest.mark.parametrize(
    ("body", "model"),
    [
        (outbound_2020_07_01.dump_order(ORDER), OUT.CreateFulfillmentOrderRequest),
        (outbound_2020_07_01.dump_order(FULL_ORDER), OUT.CreateFulfillmentOrderRequest),
        (outbound_2020_07_01.dump_update(UpdateOrder("O-1", hold=False)), OUT.UpdateFulfillmentOrderRequest),
        (outbound_2020_07_01.dump_update(FULL_UPDATE), OUT.UpdateFulfillmentOrderRequest),
        (outbound_2020_07_01.dump_preview(PREVIEW_ORDER), OUT.GetFulfillmentPreviewRequest),
        (
            outbound_2020_07_01.dump_preview(PreviewOrder("O-1", FULL_ADDRESS, FULL_ORDER.items, None)),
            OUT.GetFulfillmentPreviewRequest,
        ),
        (reports_2021_06_30.dump_request(FULL_REPORT), REP.CreateReportSpecification),
        (reports_2021_06_30.dump_request(ReportRequest(reports.SHIPMENTS, ("M1",))), REP.CreateReportSpecification),
    ],
)
def test_body_we_send_fits_amazons_model(body, model):
    assert complaints(body, model) == []


@pytest.mark.parametrize(
    ("answer", "model"),
    [
        (PREVIEWS, OUT.GetFulfillmentPreviewResponse),
        (TRACKING, OUT.GetPackageTrackingDetailsResponse),
        (RETURN_ITEM, OUT.ReturnItem),
        (INVENTORY_PAGE, INV.GetInventorySummariesResponse),
        ({"orders": [SOLD_ORDER, PEOPLE]}, ORD.SearchOrdersResponse),
        (REPORT, REP.Report),
        (PARTICIPATIONS, SEL.GetMarketplaceParticipationsResponse),
    ],
)
def test_answer_we_test_with_fits_amazons_model(answer, model):
    assert complaints(answer, model, nullable=("estimatedFees",)) == []


@pytest.mark.parametrize(
    ("answer", "model"),
    [
        (FULFILLMENT_ORDER, OUT.GetFulfillmentOrderResponse),
        (FULFILLMENT_ORDER_LIST, OUT.ListAllFulfillmentOrdersResponse),
    ],
)
def test_published_example_we_test_with_differs_in_what_amazon_itself_writes_otherwise(answer, model):
    """Amazon's examples shout the status, have no marketplace, and write null."""
    found = complaints(answer, model, nullable=("featureConstraints",))
    assert all("is not one of" in line or "'marketplaceId' is a required" in line or "destinationAddress" in line
               for line in found), found  # fmt: skip


@pytest.mark.parametrize(
    ("known", "model"),
    [
        (outbound_2020_07_01.ORDER_KEYS, OUT.FulfillmentOrder),
        (outbound_2020_07_01.ITEM_KEYS, OUT.FulfillmentOrderItem),
        (outbound_2020_07_01.SHIPMENT_KEYS, OUT.FulfillmentShipment),
        (outbound_2020_07_01.SHIPMENT_ITEM_KEYS, OUT.FulfillmentShipmentItem),
        (outbound_2020_07_01.PACKAGE_KEYS, OUT.FulfillmentShipmentPackage),
        (outbound_2020_07_01.RETURN_KEYS, OUT.ReturnItem),
        (outbound_2020_07_01.PREVIEW_KEYS, OUT.FulfillmentPreview),
        (outbound_2020_07_01.TRACKING_KEYS, OUT.PackageTrackingDetails),
        (inventory_v1.SUMMARY_KEYS, INV.InventorySummary),
        (inventory_v1.DETAIL_KEYS, INV.InventoryDetails),
        (inventory_v1.RESERVED_KEYS, INV.ReservedQuantity),
        (orders_2026_01_01.ORDER_KEYS, ORD.Order),
        (orders_2026_01_01.ITEM_KEYS, ORD.OrderItem),
        (reports_2021_06_30.REPORT_KEYS, REP.Report),
        (sellers_v1.MARKETPLACE_KEYS, SEL.Marketplace),
        (sellers_v1.PARTICIPATION_KEYS, SEL.Participation),
    ],
)
def test_keys_we_know_are_amazons(known, model):
    assert set(known) == set(model.attribute_map.values())


@pytest.mark.parametrize(
    ("known", "model"),
    [
        (outbound.STATUSES, OUT.FulfillmentOrderStatus),
        (outbound_2020_07_01.TRACKING_STATUSES, OUT.CurrentStatus),
        (outbound.RETURN_STATUSES, OUT.FulfillmentReturnItemStatus),
        (outbound.RETURN_CONDITIONS, OUT.ReturnItemDisposition),
        (LIMITS.policies, OUT.FulfillmentPolicy),
        ((*LIMITS.speeds, "ScheduledDelivery"), OUT.ShippingSpeedCategory),
        (orders.STATUSES, ORD.FulfillmentStatus),
    ],
)
def test_values_we_know_are_amazons(known, model):
    assert set(known) == {value for name, value in vars(model).items() if name.isupper()}


@pytest.mark.parametrize(
    ("limit", "model", "key"),
    [
        (LIMITS.order_id_length, OUT.CreateFulfillmentOrderRequest, "sellerFulfillmentOrderId"),
        (LIMITS.displayable_id_length, OUT.CreateFulfillmentOrderRequest, "displayableOrderId"),
        (LIMITS.comment_length, OUT.CreateFulfillmentOrderRequest, "displayableOrderComment"),
        (LIMITS.sku_length, OUT.CreateFulfillmentOrderItem, "sellerSku"),
        (LIMITS.item_id_length, OUT.CreateFulfillmentOrderItem, "sellerFulfillmentOrderItemId"),
    ],
)
def test_length_we_allow_is_amazons(limit, model, key):
    assert schema(model)["properties"][key]["maxLength"] == limit
