"""Keeps calls within Amazon's usage plans, so that few calls are refused.

The rate of a plan comes with most answers (x-amzn-RateLimit-Limit), its size never.
"""

from __future__ import annotations

import hashlib
import math
import os
import threading
from collections import deque
from dataclasses import dataclass, field

from .clock import Clock
from .connection import Connection
from .errors import DeadlineReached
from .operation import Operation
from .plan import Bucket, Lease, OwnPlan, Plan

# After a refusal everybody waits longer than the plan says, by up to this part, and not all equally long.
JITTER = 0.5

# Calls are leased for this long, and not kept for longer: others need them.
LEASED_S = 2.0
MOST_LEASED = 16


@dataclass
class _Queue:
    """Calls of an operation: their `rate`, when each leased one may go, and how many to lease next."""

    rate: float
    size: int
    places: deque[float] = field(default_factory=deque)
    wanted: int = 1

    def drop_old(self, now: float) -> None:
        """Whoever leaves calls unused needs fewer of them."""
        while self.places and self.places[0] < now - LEASED_S:
            self.places.popleft()
            self.wanted = 1

    def add(self, now: float, lease: Lease) -> None:
        self.places.extend(max(now, now + lease.pause_s + number / self.rate) for number in range(lease.count))
        most = min(MOST_LEASED, int(self.rate * LEASED_S))
        self.wanted = max(1, min(2 * self.wanted, most))


class Pace:
    """The calls of one account in this process; any number of threads. `plan`: what all processes have left."""

    def __init__(self, clock: Clock | None = None, plan: Plan | None = None) -> None:
        self.clock = clock or Clock()
        self.plan: Plan = plan or OwnPlan()
        self._lock = threading.Lock()
        self._queues: dict[str, _Queue] = {}

    def wait(self, operation: Operation, deadline: float = math.inf, *, refused: bool = False) -> None:
        """Take a place in the queue and sleep until it is our turn. `refused`: Amazon answered 429 just now.

        Raises DeadlineReached, and takes no place, where that would be after `deadline` (of `clock`).
        """
        with self._lock:
            queue = self._queue(operation)
            if refused:
                queue.places.clear()
                queue.wanted = 1
                self.plan.empty(_bucket(operation, queue), self.clock)
            pause_s = self._pause(operation, queue, deadline)
            if refused:
                pause_s *= 1 + JITTER * self.clock.chance()
                self._check(pause_s, operation, deadline)
            queue.places.popleft()
        self._sleep(pause_s)

    def wait_for_room(self, operation: Operation, deadline: float = math.inf) -> None:
        """Sleep until a call could go, without taking its place. Raises DeadlineReached."""
        with self._lock:
            pause_s = self._pause(operation, self._queue(operation), deadline)
        self._sleep(pause_s)

    def room(self, operation: Operation) -> int:
        """How many calls may go at once."""
        with self._lock:
            queue, now = self._queue(operation), self.clock.now()
            ours = sum(place <= now for place in queue.places)
            return max(0, int(self.plan.left(_bucket(operation, queue), self.clock))) + ours

    def learn(self, operation: Operation, rate: float) -> None:
        """Amazon named the rate it applies, in requests per second."""
        with self._lock:
            self._queue(operation).rate = rate

    def rate(self, operation: Operation) -> float:
        """Requests per second, as far as we know."""
        with self._lock:
            return self._queue(operation).rate

    def _queue(self, operation: Operation) -> _Queue:
        # One less than Amazon's: calls never arrive at the pace they left, and this one absorbs it.
        fresh = _Queue(operation.rate, max(1, operation.burst - 1))
        queue = self._queues.setdefault(operation.name, fresh)
        queue.drop_old(self.clock.now())
        return queue

    def _pause(self, operation: Operation, queue: _Queue, deadline: float) -> float:
        """Seconds until the first place of the queue, which is leased if need be. Raises DeadlineReached."""
        now = self.clock.now()
        if not queue.places:
            patience_s = max(0.0, deadline - now)
            lease = self.plan.lease(_bucket(operation, queue), queue.wanted, patience_s, self.clock)
            if not lease.count:
                raise DeadlineReached(retry_after=lease.pause_s, operation=operation.name)
            queue.add(now, lease)
        pause_s = max(0.0, queue.places[0] - now)
        self._check(pause_s, operation, deadline)
        return pause_s

    def _check(self, pause_s: float, operation: Operation, deadline: float) -> None:
        if pause_s and self.clock.now() + pause_s > deadline:
            raise DeadlineReached(retry_after=pause_s, operation=operation.name)

    def _sleep(self, pause_s: float) -> None:
        if pause_s:
            self.clock.sleep(pause_s)


def _bucket(operation: Operation, queue: _Queue) -> Bucket:
    return Bucket(operation.name, queue.rate, queue.size)


_paces: dict[bytes, Pace] = {}
_paces_lock = threading.Lock()
_begun_anew = 0  # times that tests did: each of their processes then counts for itself


def seller_key(connection: Connection) -> str:
    """What Amazon tells sellers' plans apart by: application and selling account. Says nothing of the keys."""
    anew = (f"{_begun_anew} {os.getpid()}",) if _begun_anew else ()
    names = "\0".join((connection.api_endpoint, connection.client_id, connection.refresh_token, *anew))
    return hashlib.sha256(names.encode("utf-8", "surrogatepass")).hexdigest()


def pace_of(connection: Connection, plan: Plan | None = None) -> Pace:
    """The one pace of an account in this process: a run that follows another knows what that one used up.

    `plan`: what it leases from, from now on.
    """
    key = seller_key(connection).encode()
    with _paces_lock:
        pace = _paces.setdefault(key, Pace(plan=plan))
        if plan and plan != pace.plan:
            pace.plan = plan
        return pace


def forget_paces() -> None:
    """Every bucket is full again: for tests whose Amazon starts anew."""
    global _begun_anew
    with _paces_lock:
        _begun_anew += 1
        _paces.clear()
