"""The workers, and the work that waits for them: jobs of the queue, or scheduled actions."""

import heapq
from collections.abc import Callable, Hashable

from .clock import Clock, Process
from .figures import Figures
from .settings import QUEUE, Settings

BUSY_S = 30  # a job of the same account and task is at work
CHECKED_S = 60  # Odoo looks for scheduled actions that are due
SHORT_S = 5  # a scheduled action that is wanted sooner is woken at once


class Pool:
    """One of each key waits at most, and one is at work at a time. `job_s`: what a job costs besides its work."""

    def __init__(self, clock: Clock, settings: Settings, figures: Figures, job_s: float) -> None:
        self._clock, self._figures, self._job_s = clock, figures, job_s
        self._is_queue = settings.runner == QUEUE
        self._free = settings.workers
        self._waiting: dict[Hashable, tuple[float, int, Callable[[], Process]]] = {}
        self._ready: list[tuple[float, int, Hashable]] = []
        self._at_work: set[Hashable] = set()
        self._number = 0

    def enqueue(self, key: Hashable, work: Callable[[], Process], delay_s: float = 0.0) -> None:
        """What waits already goes no later."""
        due = self._clock.now + delay_s
        if not self._is_queue and delay_s > SHORT_S:
            due += -due % CHECKED_S
        if key in self._waiting:
            if self._waiting[key][0] <= due:
                return
        else:
            self._figures.jobs += 1
        self._put(key, work, due)

    def _put(self, key: Hashable, work: Callable[[], Process], due: float) -> None:
        self._number += 1
        token = due, self._number, work
        self._waiting[key] = token
        if due <= self._clock.now:
            self._make_ready(key, token)
        else:
            self._clock.call(due, lambda: self._make_ready(key, token))

    def _make_ready(self, key: Hashable, token: tuple) -> None:
        if self._waiting.get(key) is token:
            heapq.heappush(self._ready, (*token[:2], key))
            self._fill()

    def _fill(self) -> None:
        held = []
        while self._free and self._ready:
            due, number, key = heapq.heappop(self._ready)
            if self._waiting.get(key, (0, 0))[1] != number:
                continue  # it was wanted sooner
            work = self._waiting[key][2]
            if key in self._at_work:
                if self._is_queue:
                    self._put(key, work, self._clock.now + BUSY_S)
                else:
                    held.append((due, number, key))
                continue
            del self._waiting[key]
            self._free -= 1
            self._at_work.add(key)
            self._clock.start(self._run(key, work))
        for it in held:
            heapq.heappush(self._ready, it)

    def _run(self, key: Hashable, work: Callable[[], Process]) -> Process:
        begin = self._clock.now
        if self._is_queue:
            self._figures.work("job", begin, self._job_s)
            yield self._job_s
        yield from work()
        self._figures.busy(begin, self._clock.now)
        self._at_work.discard(key)
        self._free += 1
        self._fill()
