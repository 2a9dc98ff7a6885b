"""The control calls under /_simulator/: everything a test may do that a seller cannot.

Each function answers JSON; ControlError (or any ValueError) becomes 400 `{"error": text}`.
"""

from collections.abc import Callable
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from . import control_orders, control_overview, control_sales, control_shipped, control_simulation, control_stock
from .control_input import Input
from .controlled_world import ControlledWorld

PREFIX = "/_simulator/"

CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (
    *control_simulation.CALLS,
    *control_orders.CALLS,
    *control_shipped.CALLS,
    *control_sales.CALLS,
    *control_stock.CALLS,
    *control_overview.CALLS,
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
