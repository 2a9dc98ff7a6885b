"""When the orders of a day are placed, change and ship: a quiet night, a busy afternoon. Every day is the same one, so
that what was placed the day before ships today."""

import math
import random
from bisect import bisect_right
from collections.abc import Callable

from .settings import DAY_S, Settings

BUSIEST = 16 / 24  # of the day
SHIPS_AFTER = (6 / 24, 30 / 24)  # days


class Stream:
    """Moments in their order, each of which is work that somebody does once."""

    def __init__(self, times: list[float]) -> None:
        self.times = sorted(times)
        self.done_at: list[float | None] = [None] * len(times)
        self.done = 0

    def came(self, now: float) -> int:
        return bisect_right(self.times, now)

    def backlog(self, now: float) -> int:
        return self.came(now) - self.done

    def settle(self, number: int, now: float) -> None:
        if self.done_at[number] is not None:
            raise ValueError(f"{number} was done before")
        if self.times[number] > now:
            raise ValueError(f"{number} has not come yet")
        self.done_at[number] = now
        self.done += 1

    def latencies(self) -> list[float]:
        return [at - came for at, came in zip(self.done_at, self.times, strict=True) if at is not None]


def moments(chance: random.Random, count: int, peak: float) -> list[float]:
    """So many orders of a day; `peak`: the busiest moment beside the mean, from 1 to 2."""
    found = []
    while len(found) < count:
        at = chance.random()
        if chance.random() * peak <= 1 + (peak - 1) * math.cos(2 * math.pi * (at - BUSIEST)):
            found.append(at * DAY_S)
    return found


def shipments(chance: random.Random, placed: list[float]) -> list[float]:
    return [(at + chance.uniform(*SHIPS_AFTER) * DAY_S) % DAY_S for at in placed]


class Sold:
    """Orders sold on Amazon and the echoes of own ones, as Amazon's list of all orders shows them."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        shipped = shipments(chance, moments(chance, settings.sold_orders, settings.peak))
        others = moments(chance, settings.listed - settings.sold_orders, settings.peak)
        self.shipped = Stream(shipped)
        rows = sorted([(at, number) for number, at in enumerate(self.shipped.times)] + [(at, -1) for at in others])
        self.times = [at for at, _number in rows]
        self.numbers = [number for _at, number in rows]  # of what shipped; -1: a change that books nothing


class Own:
    """Orders of other channels: to be sent, then read each time that Amazon has changed them."""

    def __init__(self, settings: Settings, chance: random.Random) -> None:
        placed = moments(chance, settings.own_orders, settings.peak)
        self.placed = Stream(placed)
        shipped = shipments(chance, placed)
        changed = [at for _read in range(settings.reads - 1) for at in moments(chance, len(placed), settings.peak)]
        rows = sorted([(at, True) for at in shipped] + [(at, False) for at in changed])
        self.changed = Stream([at for at, _ships in rows])
        self.ships = [ships for _at, ships in rows]
        self.mails = Stream(shipped)  # counted from the shipment
        self.mail_of: dict[int, int] = {}  # {change: mail}
        for number, ships in enumerate(self.ships):
            if ships:
                self.mail_of[number] = len(self.mail_of)


def each_moment(stream: Stream, function: Callable[[], object], start: Callable) -> None:
    """Have `function` called whenever something of `stream` comes."""

    def process():
        before = 0.0
        for at in stream.times:
            yield at - before
            before = at
            function()

    start(process())
