"""The gateway to Amazon's Selling Partner API: plain Python, knows nothing of Odoo.

    from .amazon import Connection, Gateway, Rejected

Requests and snapshots are frozen dataclasses; every failure is one of the errors in `errors.py`.
"""

from . import outbound, reports
from .connection import Connection
from .errors import (
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    DeadlineReached,
    InvalidRequest,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from .gateway import Gateway
from .inventory import InventorySummary
from .money import Money
from .orders import OrderPage, RawOrder, SoldItem, SoldOrder
from .orders_2026_01_01 import parse_order
from .outbound import (
    Address,
    CreateItem,
    CreateOrder,
    Fee,
    FulfillmentOrder,
    OrderItem,
    OrderSummary,
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
from .pace import Clock, Pace, forget_paces
from .regions import endpoints
from .report_file import ReportFile
from .reports import Report, ReportRequest

__all__ = [
    "Address",
    "AlreadyExists",
    "AmazonError",
    "AuthenticationFailed",
    "Clock",
    "Connection",
    "CreateItem",
    "CreateOrder",
    "DeadlineReached",
    "Fee",
    "FulfillmentOrder",
    "Gateway",
    "InvalidRequest",
    "InventorySummary",
    "Malformed",
    "Money",
    "NotFound",
    "OrderItem",
    "OrderPage",
    "OrderSummary",
    "OutcomeUnknown",
    "Pace",
    "Package",
    "PackageTracking",
    "Preview",
    "PreviewOrder",
    "PreviewShipment",
    "RawOrder",
    "Rejected",
    "Report",
    "ReportFile",
    "ReportRequest",
    "Shipment",
    "ShipmentItem",
    "SoldItem",
    "SoldOrder",
    "Throttled",
    "TrackingEvent",
    "Unavailable",
    "UnfulfillableItem",
    "UpdateOrder",
    "endpoints",
    "forget_paces",
    "outbound",
    "parse_order",
    "reports",
]
