"""Operation of Amazon: its name, its usage plan, and whether it changes anything there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Operation:
    """`rate` is the published usage plan in requests per second, `burst` how many may go at once.

    `write`: it changes something at Amazon, so an answer that got lost leaves the outcome unknown.
    `scope`: it is the application's, not a seller's, and wants a token of this scope (grantless).
    """

    name: str
    rate: float
    burst: int
    write: bool = False
    scope: str = ""

    def seconds_for(self, calls: int) -> float:
        """How long so many calls take at the plan, all of its calls used."""
        return max(0, calls - self.burst) / self.rate
