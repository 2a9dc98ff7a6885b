"""Gateway to Amazon's Selling Partner API: plain Python, without Odoo.

    from .amazon import Connection, Gateway, Rejected

Requests and snapshots are frozen dataclasses; every failure is one of the errors in `errors.py`.
"""

from . import errors, notifications, orders, outbound, personal_data, proceeds, reports, tax_owner
from .clock import Clock
from .connection import Connection
from .content import content_key
from .errors import (
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    DeadlineReached,
    InvalidRequest,
    KeysRefused,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from .gateway import Gateway
from .inventory import MAX_SKUS, InventorySummary
from .keeping import kept, recalled
from .limits import OutboundLimits
from .meter import Meter
from .money import Money
from .notifications import Destination, Notification, Subscription
from .notifications_v1 import parse_notification
from .operation import Operation
from .buyer_address import BuyerAddress
from .orders import OrderPage, RawOrder, SoldItem, SoldOrder
from .orders_2026_01_01 import parse_order
from .orders_2026_01_01 import parse_page as parse_order_page
from .outbound import (
    Address,
    CreateItem,
    CreateOrder,
    Echo,
    Fee,
    FulfillmentOrder,
    OrderItem,
    OrderSummary,
    SummaryPage,
    Package,
    PackageTracking,
    Preview,
    PreviewOrder,
    PreviewShipment,
    Shipment,
    ShipmentItem,
    TrackingEvent,
    UnfulfillableItem,
    UpdateOrder,
)
from .pace import Pace, forget_paces, pace_of, seller_key
from .plan import Bucket, Lease, OwnPlan, Plan
from .proceeds import Charge, Irreconcilable, Proceeds, reconcile
from .reasons import SEVERAL, Reason, because
from .regions import endpoints
from .refusals import remedy_of_reason
from .report_file import ReportFile
from .reported_orders import ReportedItem, ReportedOrder, Shop, reported_items, reported_order
from .reports import Report, ReportRequest
from .sellers import Access, Participation
from .shipped_items import ShippedItem, shipped_items

__all__ = [
    "MAX_SKUS",
    "SEVERAL",
    "Access",
    "Address",
    "AlreadyExists",
    "AmazonError",
    "AuthenticationFailed",
    "Bucket",
    "BuyerAddress",
    "Charge",
    "Clock",
    "Connection",
    "CreateItem",
    "CreateOrder",
    "DeadlineReached",
    "Destination",
    "Echo",
    "Fee",
    "FulfillmentOrder",
    "Gateway",
    "InvalidRequest",
    "InventorySummary",
    "Irreconcilable",
    "KeysRefused",
    "Lease",
    "Malformed",
    "Meter",
    "Money",
    "NotFound",
    "Notification",
    "Operation",
    "OrderItem",
    "OrderPage",
    "OrderSummary",
    "Subscription",
    "SummaryPage",
    "OutboundLimits",
    "OutcomeUnknown",
    "OwnPlan",
    "Pace",
    "Package",
    "PackageTracking",
    "Participation",
    "Plan",
    "Preview",
    "PreviewOrder",
    "PreviewShipment",
    "Proceeds",
    "RawOrder",
    "Reason",
    "Rejected",
    "Report",
    "ReportFile",
    "ReportRequest",
    "ReportedItem",
    "ReportedOrder",
    "Shipment",
    "ShipmentItem",
    "ShippedItem",
    "Shop",
    "SoldItem",
    "SoldOrder",
    "Throttled",
    "TrackingEvent",
    "Unavailable",
    "UnfulfillableItem",
    "UpdateOrder",
    "because",
    "content_key",
    "endpoints",
    "errors",
    "forget_paces",
    "kept",
    "notifications",
    "orders",
    "outbound",
    "pace_of",
    "parse_notification",
    "parse_order",
    "parse_order_page",
    "personal_data",
    "proceeds",
    "recalled",
    "reconcile",
    "remedy_of_reason",
    "reported_items",
    "reported_order",
    "reports",
    "seller_key",
    "shipped_items",
]
