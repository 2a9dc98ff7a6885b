"""How benchmarks measure: costs in turns, ratios with their spread, how costs grow, the line of JSON."""

import argparse
import contextlib
import json
import math
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass
class Cost:
    """Seconds, queries, calls to Amazon (a new token is none), the most memory (MB) beyond what was in use, and the
    seconds of the processor in this process: what else runs on the machine hardly changes these."""

    seconds: float = 0.0
    queries: int = 0
    calls: int = 0
    peak_mb: float = 0.0
    cpu_seconds: float = 0.0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.seconds + other.seconds,
            self.queries + other.queries,
            self.calls + other.calls,
            max(self.peak_mb, other.peak_mb),
            self.cpu_seconds + other.cpu_seconds,
        )


Turn = tuple[Cost, Cost]


def sizes(name: str, **sizes: tuple[int, int]) -> argparse.Namespace:
    """How much of each is measured, {name: (for figures, to see that it runs)}; `quick` says which."""
    parser = argparse.ArgumentParser(prog=f"make bench ARGS={name}", allow_abbrev=False)
    parser.add_argument("--quick", action="store_true", help="only see that it runs: no limits")
    for size in sizes:
        parser.add_argument(f"--{size.replace('_', '-')}", type=int)
    arguments = parser.parse_args()
    for size, choice in sizes.items():
        if getattr(arguments, size) is None:
            setattr(arguments, size, choice[arguments.quick])
    return arguments


@contextlib.contextmanager
def timed(cost: Cost) -> Iterator[Cost]:
    """Adds the time and the memory it takes."""
    before = memory_mb()
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak is from now on
    start, cpu_start = time.perf_counter(), time.process_time()
    yield cost
    cost.seconds += time.perf_counter() - start
    cost.cpu_seconds += time.process_time() - cpu_start
    cost.peak_mb = max(cost.peak_mb, memory_mb("VmHWM") - before)


def memory_mb(figure: str = "VmRSS") -> float:
    """What this process has (VmRSS), or the most it had (VmHWM)."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith(figure)) / 1024


def in_turns(rounds: int, ours: Callable[[], Cost], baseline: Callable[[], Cost]) -> list[Turn]:
    """The costs of both, a turn each; a first round warms and does not count."""
    return [(ours(), baseline()) for _round in range(rounds + 1)][1:]


def compare(turns: list[Turn], records: int = 1) -> dict:
    """The ratio (median and spread), and the median cost of a record on both sides."""
    ratios = sorted(ours.seconds / baseline.seconds for ours, baseline in turns)
    ours, baseline = zip(*turns, strict=True)
    return {
        "ratio": round(statistics.median(ratios), 3),
        "spread": [round(ratios[0], 3), round(ratios[-1], 3)],
        **each(ours, records),
        **{f"baseline_{figure}": value for figure, value in each(baseline, records).items()},
    }


def compare_cpu(turns: list[Turn]) -> dict:
    """The ratio of the processor's time: the median, and between which two the half of all rounds are."""
    ratios = [ours.cpu_seconds / baseline.cpu_seconds for ours, baseline in turns]
    low, median, high = statistics.quantiles(ratios, n=4) if len(ratios) > 1 else ratios * 3
    return {"cpu_ratio": round(median, 3), "cpu_spread": [round(low, 3), round(high, 3)]}


def each(costs: list[Cost], records: int = 1) -> dict:
    """The median cost of a record."""
    figures = {
        "ms": round(statistics.median(cost.seconds for cost in costs) / records * 1000, 2),
        "queries": round(statistics.median(cost.queries for cost in costs) / records, 2),
        "peak_mb": round(max(cost.peak_mb for cost in costs), 1),
    }
    if any(cost.calls for cost in costs):
        figures["calls"] = round(statistics.median(cost.calls for cost in costs) / records, 2)
    return figures


def growth(few: int, cost_of_few: Cost, many: int, cost_of_many: Cost) -> dict:
    """The exponents: 0 is a cost that stays, 1 one that grows as its subject does."""
    factor = math.log(many / few)
    return {
        "from": few,
        "to": many,
        "time": round(math.log(cost_of_many.seconds / cost_of_few.seconds) / factor, 2),
        "queries": round(math.log(max(cost_of_many.queries, 1) / max(cost_of_few.queries, 1)) / factor, 2),
    }


def report(name: str, quick: bool, limits: dict[str, bool], **figures) -> int:
    """Print the line; the exit status says whether all limits were kept, which a quick run has none of."""
    print(json.dumps({"benchmark": name, "quick": quick, **figures, "kept": {} if quick else limits}), flush=True)
    return 0 if quick or all(limits.values()) else 1
