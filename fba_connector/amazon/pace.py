"""Keeps calls within Amazon's usage plans: a token bucket for each operation, so that few calls are refused.

Source: SP-API, Usage Plans and Rate Limits: a bucket per operation and pair of application and selling account. Its
rate comes with most answers (x-amzn-RateLimit-Limit), its size never.
"""

from __future__ import annotations

import hashlib
import math
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from .connection import Connection
from .errors import DeadlineReached
from .operation import Operation

# After a refusal everybody waits longer than the plan says, by up to this part, and not all equally long.
JITTER = 0.5


@dataclass(frozen=True)
class Clock:
    """Time in seconds, the wait, and chance (0 to 1)."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random


class _Bucket:
    """`tokens` may go below zero: calls that have their place in the queue and wait."""

    def __init__(self, operation: Operation, now: float) -> None:
        self.rate = operation.rate
        # One less than Amazon's: calls never arrive at the pace they left, and this one absorbs it.
        self.size = max(1, operation.burst - 1)
        self.tokens = float(self.size)
        self._filled_at = now

    def fill(self, now: float) -> None:
        self.tokens = min(self.size, self.tokens + (now - self._filled_at) * self.rate)
        self._filled_at = now

    def pause(self) -> float:
        """Seconds until the next call may go."""
        return max(0.0, (1 - self.tokens) / self.rate)


class Pace:
    """The buckets of one account; any number of threads."""

    def __init__(self, clock: Clock | None = None) -> None:
        self.clock = clock or Clock()
        self._lock = threading.Lock()
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, operation: Operation, deadline: float = math.inf, *, refused: bool = False) -> None:
        """Take a place in the queue and sleep until it is our turn. `refused`: Amazon answered 429 just now.

        Raises DeadlineReached, and takes no place, where that would be after `deadline` (of `clock`).
        """
        with self._lock:
            bucket = self._bucket(operation)
            if refused:
                bucket.tokens = min(bucket.tokens, 0.0)
            pause_s = self._pause(bucket, operation, deadline, JITTER * self.clock.chance() if refused else 0.0)
            bucket.tokens -= 1
        self._sleep(pause_s)

    def wait_for_room(self, operation: Operation, deadline: float = math.inf) -> None:
        """Sleep until a call could go, without taking its place. Raises DeadlineReached."""
        with self._lock:
            pause_s = self._pause(self._bucket(operation), operation, deadline)
        self._sleep(pause_s)

    def room(self, operation: Operation) -> int:
        """How many calls may go at once."""
        with self._lock:
            return max(0, int(self._bucket(operation).tokens))

    def learn(self, operation: Operation, rate: float) -> None:
        """Amazon named the rate it applies, in requests per second."""
        with self._lock:
            self._bucket(operation).rate = rate

    def rate(self, operation: Operation) -> float:
        """Requests per second, as far as we know."""
        with self._lock:
            return self._bucket(operation).rate

    def _bucket(self, operation: Operation) -> _Bucket:
        now = self.clock.now()
        bucket = self._buckets.setdefault(operation.name, _Bucket(operation, now))
        bucket.fill(now)
        return bucket

    def _pause(self, bucket: _Bucket, operation: Operation, deadline: float, jitter: float = 0.0) -> float:
        pause_s = bucket.pause() * (1 + jitter)
        if pause_s and self.clock.now() + pause_s > deadline:
            raise DeadlineReached(retry_after=pause_s, operation=operation.name)
        return pause_s

    def _sleep(self, pause_s: float) -> None:
        if pause_s:
            self.clock.sleep(pause_s)


_paces: dict[bytes, Pace] = {}
_paces_lock = threading.Lock()


def pace_of(connection: Connection) -> Pace:
    """The one pace of an account in this process: a run that follows another knows what that one used up."""
    names = "\0".join((connection.api_endpoint, connection.client_id, connection.refresh_token))
    key = hashlib.sha256(names.encode("utf-8", "surrogatepass")).digest()
    with _paces_lock:
        return _paces.setdefault(key, Pace())


def forget_paces() -> None:
    """Every bucket is full again: for tests whose Amazon starts anew."""
    with _paces_lock:
        _paces.clear()
