"""The control calls under /_simulator/: everything a test may do that a seller cannot.

Each function answers JSON; ControlError (or any ValueError) becomes 400 `{"error": text}`.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from . import notifications, orders, overview, sales, sales_bulk, shipped, simulation, stock
from .controlled_world import ControlledWorld
from .input import Input

PREFIX = "/_simulator/"

CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (
    *simulation.CALLS,
    *orders.CALLS,
    *shipped.CALLS,
    *sales.CALLS,
    *sales_bulk.CALLS,
    *stock.CALLS,
    *notifications.CALLS,
    *overview.CALLS,
)
_MAP = Map(
    [Rule(PREFIX + path, methods=[method], endpoint=str(number)) for number, (method, path, _) in enumerate(CALLS)],
    strict_slashes=False,
    merge_slashes=False,
)


def handle(world: ControlledWorld, request: Request) -> Any:
    """Do one control call. Raises ValueError, and werkzeug's HTTPException for an unknown URL."""
    number, arguments = _MAP.bind("simulator").match(request.path, request.method)
    return CALLS[int(number)][2](world, Input.read(request, dict(arguments)))
