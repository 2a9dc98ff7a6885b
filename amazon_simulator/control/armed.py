"""What a test arms: faults and habits wait for the next calls of an operation."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

from ..api import lwa


@dataclass(kw_only=True)
class Armed:
    """Something that calls meet.

    `operation`: an operation id, `lwaToken`, or `*` for every SP-API operation (not the token service).
    `count`: calls left to meet it; None = all until it is cleared.
    `probability` of meeting it, for each call that could; drawn with `seed`, so the same calls meet the same.
    """

    operation: str = "*"
    count: int | None = None
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.count is not None and (not isinstance(self.count, int) or self.count < 1):
            raise ValueError("count must be a whole number of at least 1, or null")
        if not is_number(self.probability) or not 0 <= self.probability <= 1:
            raise ValueError("probability must be a number from 0 to 1")
        if not is_number(self.seed) or not isinstance(self.seed, int):
            raise ValueError("seed must be a whole number")
        self._random = random.Random(self.seed)  # noqa: S311 - dice, no secrets

    def hits(self, operation: str) -> bool:
        return self.operation == operation or (self.operation == "*" and operation != lwa.OPERATION)

    def strikes(self) -> bool:
        """Draw whether this call meets it."""
        return self.probability == 1 or self._random.random() < self.probability


def is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


One = TypeVar("One", bound=Armed)


class ArmedList(Generic[One]):
    """All that is armed of a kind, oldest first."""

    def __init__(self) -> None:
        self._armed: list[One] = []

    def arm(self, one: One) -> None:
        self._armed.append(one)

    def clear(self) -> None:
        self._armed.clear()

    def __iter__(self) -> Iterator[One]:
        return iter(self._armed)

    def use_up(self, one: One) -> None:
        """A call met it."""
        if one.count is not None:
            one.count -= 1
            if one.count <= 0:
                self._armed = [other for other in self._armed if other is not one]
