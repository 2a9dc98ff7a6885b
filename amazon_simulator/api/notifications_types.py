"""The types of notifications that the simulator knows, and their versions."""

from dataclasses import dataclass


@dataclass(frozen=True)
class NotificationType:
    """`versions` of the payload that a subscription may name, the latest last; `version` is what a message says.

    `camel_case`: keys of the envelope begin in lower case. `has_event_filter`: Amazon filters it by eventFilter.
    """

    versions: tuple[str, ...] = ("1.0",)
    version: str = "1.0"
    camel_case: bool = False
    has_event_filter: bool = False


FULFILLMENT_ORDER_STATUS = "FULFILLMENT_ORDER_STATUS"
ORDER_CHANGE = "ORDER_CHANGE"
FBA_INVENTORY_AVAILABILITY_CHANGES = "FBA_INVENTORY_AVAILABILITY_CHANGES"
REPORT_PROCESSING_FINISHED = "REPORT_PROCESSING_FINISHED"

TYPES = {
    FULFILLMENT_ORDER_STATUS: NotificationType(),
    ORDER_CHANGE: NotificationType(has_event_filter=True),
    FBA_INVENTORY_AVAILABILITY_CHANGES: NotificationType(),
    "FBA_OUTBOUND_SHIPMENT_STATUS": NotificationType(),
    REPORT_PROCESSING_FINISHED: NotificationType(("1.0", "2020-09-04"), "2020-09-04", camel_case=True),
    "SHIPMENT_TRACKING_MILESTONE_CHANGED": NotificationType(("2026-01-30",), "2026-01-30", True, True),
    "TRANSACTION_UPDATE": NotificationType(),
}
"""Source: the schemas in amzn/selling-partner-api-models, schemas/notifications; case and versions differ among them.

That subscriptions to reports name 1.0, while messages say 2020-09-04: issue 1960 and the schema.
"""
