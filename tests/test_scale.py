"""The simulation of many orders and workers: nothing gets lost, no plan is exceeded. Odoo is not needed here."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from benchmarks.scale import text
from benchmarks.scale.costs import Costs
from benchmarks.scale.day import Day
from benchmarks.scale.plans import Bucket, Operation, operations
from benchmarks.scale.settings import ACTIONS, DAY_S, QUEUE, Settings

SMALL = Settings(accounts=2, orders=400, workers=3)
BUSY = Settings(accounts=3, orders=800, dear=400)
RUNNERS = (QUEUE, ACTIONS)


def tight(times: float) -> dict[str, Operation]:
    """Amazon's plans, so many times as small."""
    return {name: replace(it, rate=it.rate / times) for name, it in operations().items()}


def test_plans_are_the_gateways() -> None:
    plans = operations()
    assert (plans["createFulfillmentOrder"].rate, plans["createFulfillmentOrder"].burst) == (2, 30)
    assert plans["searchOrders"].a_day == 20 + 483


def test_costs_are_measured() -> None:
    costs = Costs.measured()
    each = (costs.push, costs.read, costs.booking, costs.mail, costs.import_, costs.reported, *costs.idle.values())
    assert all(0.001 < cost < 1 for cost in each)


def test_a_bucket_gives_its_burst_and_then_its_rate() -> None:
    bucket = Bucket(Operation("any", rate=2, burst=5))
    assert bucket.take(0, 4) == 0  # one is kept back
    assert bucket.take(0) == 0.5
    assert bucket.wait(0) == 1
    assert bucket.take(1000, 4) == 1000


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("pace", [1, 40])
def test_every_order_is_done_once_or_waits(runner: str, pace: float) -> None:
    day = Day(replace(SMALL, runner=runner), plans=tight(pace))
    figures = day.live().all()
    for task, it in figures["tasks"].items():
        assert it["came"] == it["done"] + it["left"], task
    for seller in day.sellers:
        for task, stream in seller.streams().items():
            # `Stream.settle` raises where something is done twice, or before it came.
            done = [at for at in stream.done_at if at is not None]
            assert len(done) == stream.done <= stream.came(DAY_S), task
            assert all(at >= came for at, came in zip(stream.done_at, stream.times, strict=True) if at is not None)
    if pace == 1:
        assert figures["tasks"]["push"]["came"] == SMALL.accounts * SMALL.own_orders
        assert sum(it["left"] for it in figures["tasks"].values()) < 0.05 * SMALL.accounts * SMALL.orders


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("pace", [1, 40])
def test_no_plan_is_exceeded(runner: str, pace: float) -> None:
    day = Day(replace(SMALL, runner=runner), plans=tight(pace))
    buckets = [bucket for seller in day.sellers for bucket in seller.buckets.values()]
    for bucket in buckets:
        bucket.places = []
    day.live()
    assert sum(bucket.taken for bucket in buckets) > 500
    for bucket in buckets:
        calls, before = float(bucket.operation.burst), 0.0  # Amazon's own count
        for at in sorted(bucket.places):
            calls = min(bucket.operation.burst, calls + (at - before) * bucket.operation.rate) - 1
            before = at
            assert calls > -1e-6, bucket.operation


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_seed_is_a_day(runner: str) -> None:
    settings = replace(SMALL, runner=runner)
    first = Day(settings).live().all()
    assert Day(settings).live().all() == first
    assert Day(replace(settings, seed=2)).live().all()["backlog"] != first["backlog"]


@pytest.mark.parametrize("runner", RUNNERS)
def test_more_workers_are_never_worse(runner: str) -> None:
    """Where orders are so dear that workers are what lacks. One task may wait for another that gets further."""
    days = [Day(replace(BUSY, runner=runner, workers=count)).live().all()["tasks"] for count in (1, 2, 4, 8)]
    done = [sum(it[task]["done"] for task in ("push", "pull", "import")) for it in days]
    assert all(more >= 0.98 * few for few, more in zip(done, done[1:], strict=False)), done
    assert done[-1] > done[0]


def test_a_seller_beyond_the_list_reads_reports() -> None:
    plans = tight(100)
    day = Day(replace(SMALL, accounts=1), plans=plans)
    assert not day.sellers[0].reports
    beyond = replace(SMALL, accounts=1, orders=100 * plans["searchOrders"].a_day)
    day = Day(beyond, plans={**operations(), "searchOrders": plans["searchOrders"]})
    figures = day.live().all()
    assert day.sellers[0].reports
    assert figures["calls"]["createReport"]["a_day"] == 6
    # All but the orders of the last report's four hours and a half.
    assert figures["tasks"]["import"]["left"] < 0.3 * figures["tasks"]["import"]["came"]


def test_tables_show_each_day() -> None:
    figures = [Day(replace(SMALL, runner=runner)).live().all() for runner in RUNNERS]
    lines = list(text.days(iter(figures)))
    assert len(lines) == 2 + len(RUNNERS)
    assert "| sent to Amazon" in text.day(figures[0])
    assert "3 workers, jobs of the queue" in text.day(figures[0])


def test_rows_come_one_by_one() -> None:
    lived: list[int] = []

    def live() -> Iterator[dict]:
        for number in range(2):
            lived.append(number)
            yield Day(SMALL).live().all()

    lines = text.days(live())
    for _head in range(2):
        next(lines)
    assert not lived
    next(lines)
    assert lived == [0]


def test_one_is_no_plural() -> None:
    head = text.day(Day(replace(SMALL, accounts=1, workers=1)).live().all()).splitlines()[0]
    assert head.startswith("1 account, 400 orders")
    assert "; 1 worker, " in head
