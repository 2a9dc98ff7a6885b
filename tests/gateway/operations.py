"""Every operation of the gateway, so that a test can ask the same of each: how to call it, and a good answer."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone

from fba_amazon import PreviewOrder, ReportRequest, UpdateOrder, reports

from .payloads import (
    DESTINATIONS,
    FULFILLMENT_ORDER,
    FULFILLMENT_ORDER_LIST,
    INVENTORY_PAGE,
    ORDER,
    PARTICIPATIONS,
    PREVIEWS,
    REPORT,
    SOLD_ORDER,
    SUBSCRIPTION,
    TRACKING,
)

SINCE = datetime(2026, 11, 1, tzinfo=timezone.utc)
PREVIEW_ORDER = PreviewOrder(ORDER.order_id, ORDER.address, ORDER.items, ORDER.marketplace_id)


@dataclass(frozen=True)
class Case:
    """`write`: an answer that gets lost leaves the outcome unknown."""

    name: str
    call: Callable
    good: object
    write: bool = False

    def __str__(self):
        return self.name


CASES = [
    Case("getFulfillmentPreview", lambda amazon: amazon.preview_fulfillment(PREVIEW_ORDER), PREVIEWS),
    Case("createFulfillmentOrder", lambda amazon: amazon.create_fulfillment_order(ORDER), {}, write=True),
    Case(
        "updateFulfillmentOrder",
        lambda amazon: amazon.update_fulfillment_order(UpdateOrder("O-1", hold=False, address=ORDER.address)),
        {},
        write=True,
    ),
    Case("cancelFulfillmentOrder", lambda amazon: amazon.cancel_fulfillment_order("O-1"), {}, write=True),
    Case("getFulfillmentOrder", lambda amazon: amazon.get_fulfillment_order("O-1"), FULFILLMENT_ORDER),
    Case(
        "listAllFulfillmentOrders",
        lambda amazon: list(amazon.list_fulfillment_orders(SINCE)),
        FULFILLMENT_ORDER_LIST,
    ),
    Case("getPackageTrackingDetails", lambda amazon: amazon.get_package_tracking(1001), TRACKING),
    Case("getInventorySummaries", lambda amazon: list(amazon.get_inventory("A1PA6795UKMFR9")), INVENTORY_PAGE),
    Case("getMarketplaceParticipations", lambda amazon: amazon._sellers.participations(), PARTICIPATIONS),
    Case(
        "searchOrders",
        lambda amazon: list(amazon.search_orders(updated_after=SINCE, marketplace_ids=["A1PA6795UKMFR9"])),
        {"orders": [SOLD_ORDER]},
    ),
    Case("getOrder", lambda amazon: amazon.get_order("250-1"), {"order": SOLD_ORDER}),
    Case(
        "createReport",
        lambda amazon: amazon.create_report(ReportRequest(reports.SHIPMENTS, ("A1PA6795UKMFR9",), SINCE, SINCE)),
        {"reportId": "R-1"},
        write=True,
    ),
    Case("getReport", lambda amazon: amazon.get_report("R-1"), REPORT),
    Case("getDestinations", lambda amazon: amazon.list_destinations(), DESTINATIONS),
    Case(
        "createDestination",
        lambda amazon: amazon.create_destination("Odoo", "arn:aws:sqs:eu-west-1:1:fba"),
        {"payload": DESTINATIONS["payload"][0]},
        write=True,
    ),
    Case("deleteDestination", lambda amazon: amazon.delete_destination("D-1"), {}, write=True),
    Case(
        "getSubscriptions",
        lambda amazon: list(amazon.list_subscriptions("ORDER_CHANGE")),
        {"payload": {"subscriptions": [SUBSCRIPTION]}},
    ),
    Case(
        "createSubscription",
        lambda amazon: amazon.create_subscription("ORDER_CHANGE", "D-1"),
        {"payload": SUBSCRIPTION},
        write=True,
    ),
    Case(
        "deleteSubscriptionById",
        lambda amazon: amazon.delete_subscription("ORDER_CHANGE", "S-1"),
        {},
        write=True,
    ),
    # The document it names cannot be fetched: here it is about the operation before that.
    Case("getReportDocument", lambda amazon: amazon.open_report("D-1"), None),
]
