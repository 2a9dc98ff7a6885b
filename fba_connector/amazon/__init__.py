"""The gateway to Amazon's Selling Partner API: plain Python, knows nothing of Odoo.

    from .amazon import Connection, Gateway, Rejected

Requests and snapshots are frozen dataclasses; every failure is one of the errors in `errors.py`.
"""

from . import outbound
from .connection import Connection
from .errors import (
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from .gateway import Gateway
from .orders import Money, OrderPage, RawOrder, SoldItem, SoldOrder
from .orders_2026_01_01 import parse_order
from .outbound import (
    Address,
    CreateItem,
    CreateOrder,
    FulfillmentOrder,
    OrderItem,
    OrderSummary,
    Package,
    Shipment,
    ShipmentItem,
)
from .regions import endpoints

__all__ = [
    "Address",
    "AlreadyExists",
    "AmazonError",
    "AuthenticationFailed",
    "Connection",
    "CreateItem",
    "CreateOrder",
    "FulfillmentOrder",
    "Gateway",
    "Malformed",
    "Money",
    "NotFound",
    "OrderItem",
    "OrderPage",
    "OrderSummary",
    "OutcomeUnknown",
    "Package",
    "RawOrder",
    "Rejected",
    "Shipment",
    "ShipmentItem",
    "SoldItem",
    "SoldOrder",
    "Throttled",
    "Unavailable",
    "endpoints",
    "outbound",
    "parse_order",
]
