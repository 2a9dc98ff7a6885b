"""An SP-API operation: a route, a usage plan, and a function from call to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..world.sellers import Seller
from .served_world import ServedWorld


@dataclass(frozen=True)
class Call:
    """One authorised call. `query` values are strings (a list when repeated); `body` is parsed JSON or None.

    `base_url` is where the client reached the simulator.
    """

    world: ServedWorld
    seller: Seller
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    base_url: str


Handler = Callable[[Call], dict[str, Any]]
"""Returns the JSON of a successful answer; raises ApiError for everything else."""


@dataclass(frozen=True)
class Operation:
    """`operation_id` as in Amazon's model; its usage plan: `rate` calls a second after `burst` calls at once.

    `status` of a successful answer. `has_body`: whether a body is wanted; GET never has one.
    Source of the plans: the tables in Amazon's models.
    """

    operation_id: str
    method: str
    path: str
    rate: float
    burst: int
    handler: Handler
    status: int = 200
    has_body: bool = True
