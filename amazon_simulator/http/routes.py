"""From (method, path) to operation."""

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule

from ..api.catalog import OPERATIONS
from ..api.operations import Operation

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
