"""Every operation the simulator knows, by its name."""

from . import (
    download,
    inventory,
    lwa,
    notifications_destinations,
    notifications_subscriptions,
    orders,
    outbound,
    participations,
    reports,
)

_ALL = (
    *outbound.OPERATIONS,
    *orders.OPERATIONS,
    *inventory.OPERATIONS,
    *reports.OPERATIONS,
    *participations.OPERATIONS,
    *notifications_destinations.OPERATIONS,
    *notifications_subscriptions.OPERATIONS,
)
OPERATIONS = {operation.operation_id: operation for operation in _ALL}
"""The SP-API operations."""
CALL_NAMES = (*OPERATIONS, download.OPERATION, lwa.OPERATION)
"""Names in faults and the journal."""
