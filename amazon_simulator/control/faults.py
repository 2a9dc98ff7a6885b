"""Armed failures of the next calls of an operation."""

import math
import random
from collections.abc import Iterator
from dataclasses import dataclass

from ..api import lwa

KINDS = ("status", "html", "empty", "truncated", "drop_before", "drop_after", "slow")

_DEFAULT_ERRORS = {
    400: ("InvalidInput", "Invalid input."),
    401: ("Unauthorized", "Access to requested resource is denied."),
    403: ("Unauthorized", "Access to requested resource is denied."),
    404: ("ResourceNotFound", "Resource not found."),
    429: ("QuotaExceeded", "You exceeded your quota for the requested resource."),
    500: ("InternalFailure", "We encountered an internal error. Please try again."),
    503: ("ServiceUnavailable", "Service is temporarily unavailable."),
}


@dataclass
class Fault:
    """One failure.

    `operation`: an operation id, `lwaToken`, or `*` for every SP-API operation (not the token service).
    `count`: calls left to hit; None = all until the faults are cleared. `seconds`: real time, for `slow`.
    `after_effect`: the call does its work first, then the answer is lost (or late).
    `probability` of meeting it, for each call that could; drawn with `seed`, so the same calls meet the same faults.
    """

    operation: str
    kind: str
    status: int = 503
    count: int | None = 1
    seconds: float = 0.0
    code: str = ""
    message: str = ""
    after_effect: bool = False
    probability: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"unknown kind {self.kind!r}; known: {', '.join(KINDS)}")
        if not isinstance(self.status, int) or not 200 <= self.status <= 599:
            raise ValueError("status must be an HTTP status from 200 to 599")
        if self.count is not None and (not isinstance(self.count, int) or self.count < 1):
            raise ValueError("count must be a whole number of at least 1, or null")
        if not _is_number(self.seconds) or self.seconds < 0:
            raise ValueError("seconds must be a number of at least 0")
        if not _is_number(self.probability) or not 0 <= self.probability <= 1:
            raise ValueError("probability must be a number from 0 to 1")
        if not _is_number(self.seed) or not isinstance(self.seed, int):
            raise ValueError("seed must be a whole number")
        self._random = random.Random(self.seed)  # noqa: S311 - dice, no secrets
        if self.kind == "truncated":
            self.status = 200
        if self.kind == "drop_after":
            self.after_effect = True
        code, message = _DEFAULT_ERRORS.get(self.status, ("InternalFailure", "We encountered an internal error."))
        self.code = self.code or code
        self.message = self.message or message

    def hits(self, operation: str) -> bool:
        return self.operation == operation or (self.operation == "*" and operation != lwa.OPERATION)

    def strikes(self) -> bool:
        """Draw whether this call meets it."""
        return self.probability == 1 or self._random.random() < self.probability


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


class Faults:
    """The armed faults, oldest first."""

    def __init__(self) -> None:
        self._armed: list[Fault] = []

    def arm(self, fault: Fault) -> None:
        self._armed.append(fault)

    def clear(self) -> None:
        self._armed.clear()

    def __iter__(self) -> Iterator[Fault]:
        return iter(self._armed)

    def take(self, operation: str) -> Fault | None:
        """The fault this call meets, used up once."""
        fault = next((fault for fault in self._armed if fault.hits(operation) and fault.strikes()), None)
        if fault is not None and fault.count is not None:
            fault.count -= 1
            if fault.count <= 0:
                self._armed.remove(fault)
        return fault
