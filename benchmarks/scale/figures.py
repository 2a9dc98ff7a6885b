"""What is counted in a day, and its figures."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import asdict
from statistics import quantiles
from typing import TYPE_CHECKING

from .costs import INBOX_VERSIONS, JOB_BYTES, JOB_VERSIONS, OWN_BYTES, POSTGRES_SHARE, SHOP_MS, SOLD_BYTES
from .settings import QUEUE, Settings

if TYPE_CHECKING:
    from .seller import Seller

HOUR_S = 3600
ANY_SHARE = 0.2  # of PostgreSQL, in what has no figure
TASKS = ("push", "pull", "mail", "import", "inventory")


class Figures:
    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.jobs = 0
        self._worked: dict[str, Counter[int]] = defaultdict(Counter)  # {task: {hour: seconds}}
        self._busy: Counter[int] = Counter()  # {hour: seconds of workers, those that wait for Amazon included}
        self._most: Counter[str] = Counter()
        self.backlog: list[tuple[float, dict[str, int]]] = []

    # === COUNTING === #

    def work(self, task: str, begin: float, seconds: float) -> None:
        self._worked[task][int(begin // HOUR_S)] += seconds

    def busy(self, begin: float, end: float) -> None:
        while begin < end:
            hour = int(begin // HOUR_S)
            until = min(end, (hour + 1) * HOUR_S)
            self._busy[hour] += until - begin
            begin = until

    def sample(self, now: float, sellers: list[Seller]) -> None:
        backlog = {task: sum(it.streams()[task].backlog(now) for it in sellers) for task in TASKS}
        for task, count in backlog.items():
            self._most[task] = max(self._most[task], count)
        self.backlog.append((now, backlog))

    def close(self, now: float, sellers: list[Seller]) -> None:
        self.sample(now, sellers)
        self._now, self._sellers = now, sellers

    # === FIGURES === #

    def all(self) -> dict:
        return {
            "settings": asdict(self._settings),
            "tasks": {task: self._task(task) for task in TASKS},
            "calls": self._calls(),
            "workers": self._workers(),
            "postgres": self._postgres(),
            "database": self._database(),
            "backlog": [{"hour": round(at / HOUR_S, 2), **counts} for at, counts in self._hourly()],
        }

    def _task(self, task: str) -> dict:
        streams = [seller.streams()[task] for seller in self._sellers]
        latencies = [latency for stream in streams for latency in stream.latencies()]
        steps = quantiles(latencies, n=20) if len(latencies) > 1 else [*latencies, 0.0] * 20
        return {
            "came": sum(stream.came(self._now) for stream in streams),
            "done": sum(stream.done for stream in streams),
            "most": self._most[task],
            "left": self.backlog[-1][1][task],
            "median_s": round(steps[9], 1),
            "p95_s": round(steps[18], 1),
        }

    def _calls(self) -> dict:
        """Of the account that calls most."""
        found = {}
        for name in self._sellers[0].buckets:
            taken = max(seller.buckets[name].taken for seller in self._sellers)
            limit = self._sellers[0].buckets[name].operation.a_day
            if taken:
                found[name] = {"a_day": taken, "plan": limit, "share": round(taken / limit, 3)}
        return found

    def _workers(self) -> dict:
        all_s = self._now * self._settings.workers
        worked = {task: round(sum(hours.values())) for task, hours in self._worked.items()}
        busy_s = sum(self._busy.values())
        # A worker that is busy without working waits for Amazon.
        return {
            "busy": round(busy_s / all_s, 3),
            "busiest_hour": round(max(self._busy.values(), default=0) / HOUR_S / self._settings.workers, 3),
            "waiting": round(max(0.0, busy_s - sum(worked.values())) / all_s, 3),
            "worked_s": dict(sorted(worked.items())),
        }

    def _postgres(self) -> dict:
        """Processors of its own, on an average and in the busiest hour."""
        hours: Counter[int] = Counter()
        for task, worked in self._worked.items():
            for hour, seconds in worked.items():
                hours[hour] += seconds * POSTGRES_SHARE.get(task, ANY_SHARE)
        return {
            "cores": round(sum(hours.values()) / self._now, 2),
            "busiest_hour": round(max(hours.values(), default=0) / HOUR_S, 2),
        }

    def _database(self) -> dict:
        settings = self._settings
        sold, own = (settings.accounts * count for count in (settings.sold_orders, settings.own_orders))
        grows = sold * SOLD_BYTES + own * OWN_BYTES
        jobs = self.jobs if settings.runner == QUEUE else 0
        return {
            "gb_a_day": round(grows / 1e9, 3),
            "gb_a_year": round(grows * 365 / 1e9, 1),
            "queue_jobs_a_day": jobs,
            "queue_mb": round(jobs * JOB_BYTES * (1 + JOB_VERSIONS) / 1e6, 1),  # of a day, no old version cleaned up
            "old_versions_a_day": jobs * JOB_VERSIONS + sold * INBOX_VERSIONS,
            "shop_workers": round(own * SHOP_MS / 1000 / self._now, 2),
        }

    def _hourly(self) -> list:
        """The last sample of each hour."""
        last = {int(at // HOUR_S): (at, counts) for at, counts in self.backlog if at < self._now}
        return [*last.values()]
