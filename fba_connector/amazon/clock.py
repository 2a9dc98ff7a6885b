"""The time that calls wait for their turn by."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Clock:
    """Time in seconds, the wait, and chance (0 to 1)."""

    now: Callable[[], float] = time.monotonic
    sleep: Callable[[float], None] = time.sleep
    chance: Callable[[], float] = random.random

    def ahead_s(self) -> float:
        """How far it is ahead of the machine's: 0 but where waits take no time."""
        return self.now() - time.monotonic()
