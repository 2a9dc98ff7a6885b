"""An SP-API operation: a route, a usage plan, and a function from call to answer."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from ..world.sellers import Application, Seller
from .served_world import ServedWorld


@dataclass(frozen=True)
class Call:
    """One authorised call. `query` values are strings (a list when repeated); `body` is parsed JSON or None.

    `base_url` is where the client reached the simulator.
    """

    world: ServedWorld
    caller: Seller | Application
    path: dict[str, str]
    query: dict[str, Any]
    body: Any
    base_url: str

    @property
    def seller(self) -> Seller:
        """The seller the call is for; a grantless operation has none."""
        if not isinstance(self.caller, Seller):
            raise TypeError("a grantless call is for no seller")
        return self.caller


Handler = Callable[[Call], dict[str, Any]]
"""Returns the JSON of a successful answer; raises ApiError for everything else."""


@dataclass(frozen=True)
class Operation:
    """`operation_id` as in Amazon's model; its usage plan: `rate` calls a second after `burst` calls at once.

    `status` of a successful answer. `has_body`: whether a body is wanted; GET never has one.
    `grantless`: it is called with an application's token, the others with a seller's.
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
    grantless: bool = False
