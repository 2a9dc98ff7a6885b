"""(method, path) to operation: every SP-API operation the simulator knows."""

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from . import download, inventory, orders, outbound, participations, reports
from .faults import TOKEN_OPERATION
from .operations import Operation

_ALL = (
    *outbound.OPERATIONS,
    *orders.OPERATIONS,
    *inventory.OPERATIONS,
    *reports.OPERATIONS,
    *participations.OPERATIONS,
)
OPERATIONS = {operation.operation_id: operation for operation in _ALL}
CALL_NAMES = (*OPERATIONS, download.OPERATION, TOKEN_OPERATION)
"""What faults and the journal know by name."""

_MAP = Map(
    [
        Rule(operation.path, methods=[operation.method], endpoint=operation.operation_id)
        for operation in OPERATIONS.values()
    ],
    strict_slashes=False,
    merge_slashes=False,
)


def find(method: str, path: str) -> tuple[Operation, dict[str, str]] | None:
    """The operation behind a URL and the variable parts of its path; None when there is none."""
    try:
        operation_id, arguments = _MAP.bind("simulator").match(path, method)
    except HTTPException:
        return None
    return OPERATIONS[operation_id], dict(arguments)
