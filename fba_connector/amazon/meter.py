"""What calls cost: each one is told to whoever counts them."""

from __future__ import annotations

from typing import Protocol

from .operation import Operation


class Meter(Protocol):
    """Counts the calls of one gateway; any number of threads."""

    def count(self, operation: Operation, rate: float, *, refused: bool) -> None:
        """A call of `operation` has left, whatever came of it; `rate`: calls a second that its plan has now, or 0 without one.

        `refused`: Amazon answered 429.
        """

    def close(self) -> None:
        """The gateway is closed: no call follows."""
