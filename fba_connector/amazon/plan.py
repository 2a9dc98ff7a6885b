"""What Amazon's usage plans have left: whoever calls leases a few calls, and knows when each may go.

A plan is a bucket that fills at a rate and keeps what is not used, up to its size. Source: SP-API, Usage Plans and
Rate Limits: a bucket per operation and pair of application and selling account.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import Protocol

from .clock import Clock


@dataclass(frozen=True)
class Bucket:
    """An operation's plan: it fills with `rate` calls a second, and keeps at most `size` of them."""

    operation: str
    rate: float
    size: int


@dataclass(frozen=True)
class Lease:
    """So many calls (`count`): the first `pause_s` seconds from now, or since then where that is negative; each next
    one an interval of the plan later.

    None: `pause_s` is how long the first one would have to wait.
    """

    pause_s: float
    count: int


class Plan(Protocol):
    """The buckets of one seller; any number of threads. `clock`: the caller's."""

    def lease(self, bucket: Bucket, most: int, patience_s: float, clock: Clock) -> Lease:
        """Take `most` calls from `bucket`, or none where the first would have to wait longer than `patience_s`."""

    def empty(self, bucket: Bucket, clock: Clock) -> None:
        """Amazon has refused a call: `bucket` holds nothing, whatever was counted."""

    def left(self, bucket: Bucket, clock: Clock) -> float:
        """How many calls `bucket` holds; negative: so many have their place and wait."""


class OwnPlan:
    """Known to this process alone."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: dict[str, tuple[float, float]] = {}  # {operation: (calls, when they were so many)}

    def lease(self, bucket: Bucket, most: int, patience_s: float, clock: Clock) -> Lease:
        with self._lock:
            now = clock.now()
            calls = self._calls(bucket, now)
            pause_s = (1 - calls) / bucket.rate
            if pause_s > patience_s:
                return Lease(pause_s, 0)
            self._held[bucket.operation] = calls - most, now
            return Lease(pause_s, most)

    def empty(self, bucket: Bucket, clock: Clock) -> None:
        with self._lock:
            now = clock.now()
            self._held[bucket.operation] = min(0.0, self._calls(bucket, now)), now

    def left(self, bucket: Bucket, clock: Clock) -> float:
        with self._lock:
            return self._calls(bucket, clock.now())

    def _calls(self, bucket: Bucket, now: float) -> float:
        calls, since = self._held.get(bucket.operation, (bucket.size, now))
        return min(bucket.size, calls + (now - since) * bucket.rate)
