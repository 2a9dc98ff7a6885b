"""Notifications: where Amazon sends them, which ones it sends, and what one of them says.

A notification says that something is to be looked at, no more: they come twice, late, in any order, or not at all.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

ORDER_STATUS = "FULFILLMENT_ORDER_STATUS"
SOLD_ORDER = "ORDER_CHANGE"
STOCK = "FBA_INVENTORY_AVAILABILITY_CHANGES"
REPORT = "REPORT_PROCESSING_FINISHED"
TRANSACTION = "TRANSACTION_UPDATE"
TYPES = (ORDER_STATUS, SOLD_ORDER, STOCK, REPORT, TRANSACTION)

VERSION = "1.0"
"""Of the payload of each of TYPES."""

AMAZONS_ACCOUNT = "437568002678"
"""The AWS account that sends them: a queue's policy lets it in."""


@dataclass(frozen=True)
class Destination:
    """A queue that Amazon knows for this application."""

    destination_id: str
    name: str
    arn: str | None


@dataclass(frozen=True)
class Subscription:
    """Notifications of one type, for one seller."""

    subscription_id: str
    destination_id: str
    payload_version: str


@dataclass(frozen=True)
class Notification:
    """One message. `key` names what is to be looked at: of ORDER_STATUS our order ID, of SOLD_ORDER Amazon's, of STOCK
    the seller SKU, of REPORT the report's ID. It is empty where nothing is, as of orders that the seller ships; None of
    other types and versions.

    `event_at` is aware; `marketplace_id` is told of SOLD_ORDER alone.
    """

    type: str
    version: str
    notification_id: str
    subscription_id: str | None
    event_at: datetime
    key: str | None
    marketplace_id: str | None = None

    @property
    def is_known(self) -> bool:
        """Whether what it says is understood."""
        return self.key is not None
