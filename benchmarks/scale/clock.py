"""Time that jumps to what comes next. A process is a generator that yields the seconds it sleeps."""

import heapq
from collections.abc import Callable, Generator

Process = Generator[float, None, None]


class Clock:
    def __init__(self) -> None:
        self.now = 0.0
        self._next: list[tuple[float, int, Process]] = []
        self._number = 0

    def start(self, process: Process, at: float | None = None) -> None:
        self._number += 1  # what is due at the same time keeps its order
        heapq.heappush(self._next, (self.now if at is None else at, self._number, process))

    def call(self, at: float, function: Callable[[], object]) -> None:
        """`function` once, at that time."""

        def once() -> Process:
            function()
            yield from ()

        self.start(once(), at)

    def run(self, until: float) -> None:
        while self._next and self._next[0][0] < until:
            self.now, _number, process = heapq.heappop(self._next)
            for pause_s in process:
                self.start(process, self.now + pause_s)
                break
        self.now = until
