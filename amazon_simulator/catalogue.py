"""Every operation the simulator knows, by its name."""

from . import download, inventory, orders, outbound, participations, reports
from .faults import TOKEN_OPERATION

_ALL = (
    *outbound.OPERATIONS,
    *orders.OPERATIONS,
    *inventory.OPERATIONS,
    *reports.OPERATIONS,
    *participations.OPERATIONS,
)
OPERATIONS = {operation.operation_id: operation for operation in _ALL}
"""The SP-API operations."""
CALL_NAMES = (*OPERATIONS, download.OPERATION, TOKEN_OPERATION)
"""Names in faults and the journal."""
