"""What an SP-API operation is: a route, a usage plan, and a function from call to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .sellers import Seller
from .world import World


@dataclass(frozen=True)
class Call:
    """One authorised call. `query` values are strings (a list when repeated); `body` is parsed JSON or None."""

    world: World
    seller: Seller
    path: dict[str, str]
    query: dict[str, Any]
    body: Any


Handler = Callable[[Call], dict[str, Any]]
"""Returns the JSON of a 200; raises ApiError for everything else."""


@dataclass(frozen=True)
class Operation:
    """`operation_id` as in Amazon's model; `rate` = calls a second of the usage plan, for x-amzn-RateLimit-Limit."""

    operation_id: str
    method: str
    path: str
    rate: float
    handler: Handler
