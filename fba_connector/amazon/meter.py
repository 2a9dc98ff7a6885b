"""What calls cost: each one is told to whoever counts them."""

from __future__ import annotations

from typing import Protocol

from .operation import Operation


class Meter(Protocol):
    """Counts the calls of one gateway; any number of threads."""

    def note_call(self, operation: Operation, rate: float, *, refused: bool) -> None:
        """A call of `operation` has left, whatever came of it. `refused`: Amazon answered 429.

        `rate`: calls a second that its plan has now, or 0 without one.
        """

    def finish(self) -> None:
        """The gateway is closed: no call follows."""
