"""Usage plans: how many calls of an operation a seller may make, and how fast they refill.

A plan is a bucket that holds `burst` calls and fills with `rate` calls a second. A call that finds it empty is refused.
Source: SP-API, Usage Plans and Rate Limits (a token bucket per operation and pair of application and selling account).
"""

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass
class _Bucket:
    """Calls that were taken out and have not come back, as of `at` (seconds)."""

    taken: float
    at: float


class Throttle:
    """The buckets of one world. They fill with real time, and with the time the control plane skips.

    `real_time` returns seconds that only grow.
    """

    def __init__(self, real_time: Callable[[], float] = time.monotonic) -> None:
        self._real_time = real_time
        self._skipped = 0.0
        self._buckets: dict[tuple[str, str], _Bucket] = {}

    def skip(self, seconds: float) -> None:
        """Let buckets fill as if `seconds` of real time had passed."""
        self._skipped += seconds

    def take(self, seller_key: str, operation_id: str, rate: float, burst: float) -> bool:
        """Take one call out of the bucket; False, and nothing taken, when it is empty. It holds one call at least."""
        now = self._real_time() + self._skipped
        bucket = self._buckets.setdefault((seller_key, operation_id), _Bucket(0.0, now))
        bucket.taken = max(0.0, bucket.taken - (now - bucket.at) * rate)
        bucket.at = now
        if bucket.taken + 1 > max(burst, 1.0):
            return False
        bucket.taken += 1
        return True

    def __reduce__(self) -> tuple[type["Throttle"], tuple[()]]:
        """A loaded world starts with full buckets: the clock of another process means nothing here."""
        return Throttle, ()
