"""The tables at the end of a year: costs early and late, what grows, and what a larger year would take."""

from ..measure import Cost, growth
from .week import SHARED_BY

LARGE = {"sold": 1_000_000, "own": 200_000}
ORDERING = ("quote", "confirm")  # while people and shops place orders, all year
MEMORY_MB, GROWTH = 60, 1.15
SHOWN_TABLES = 14
BYTES_SHOWN = 100  # of a table, an order


class Summary:
    """`lines`: the ledger's, of which those of weeks that were begun again tell no costs."""

    def __init__(self, lines: list[dict]) -> None:
        self._all, self._lines = lines, [line for line in lines if not line["again"]]
        self._counts = {kind: sum(line[kind] for line in lines) for kind in ("sold", "own", "all")}

    def kept(self) -> dict[str, bool]:
        """{limit: whether it was kept}; none where there is too little to say."""
        grows = self.growths()
        if not grows:
            return {}
        first, *_, last = self._lines
        tenth = self._lines[len(self._lines) // 10]
        largest = max(max(grow["time"], grow["queries"]) for grow in grows.values())
        return {
            f"at most {MEMORY_MB} MB more at the end than after a tenth": last["memory_mb"] - tenth["memory_mb"]
            <= MEMORY_MB,
            f"growth at most {GROWTH}": largest <= GROWTH,
        }

    def growths(self) -> dict[str, dict]:
        """{step: exponents} of CPU time and queries, from the first tenth of the weeks to all of them."""
        tenth = len(self._lines) // 10
        if not tenth:
            return {}
        grows = {}
        for name, kind in SHARED_BY.items():
            (few, cost_of_few), (many, cost_of_many) = (
                self._cost(name, kind, lines) for lines in (self._lines[:tenth], self._lines)
            )
            if few and few < many and cost_of_few.seconds:
                grows[name] = growth(few, cost_of_few, many, cost_of_many)
        return grows

    def _cost(self, name: str, kind: str, lines: list[dict]) -> tuple[int, Cost]:
        """(orders, CPU seconds and queries of all of them)."""
        cost = Cost()
        for line in lines:
            step = line["steps"][name]
            cost.seconds += (step["cpu_ms"] + step["postgres_ms"]) * line[kind] / 1000
            cost.queries += round(step["queries"] * line[kind])
        return sum(line[kind] for line in lines), cost

    # === TEXT === #

    def text(self) -> str:
        parts = [self._head()]
        if self._lines:
            parts += [self._steps(), self._memory(), self._sizes(), self._large()]
        parts += ["\n".join(f"{'kept' if good else 'missed'}: {limit}" for limit, good in self.kept().items())]
        return "\n\n".join(part for part in parts if part)

    def _head(self) -> str:
        again = len(self._all) - len(self._lines)
        return (
            f"{self._counts['sold']:,} orders sold and {self._counts['own']:,} own ones in {len(self._all)} weeks"
            f"{f'; {again} of them begun again, whose costs do not count' if again else ''}"
        )

    def _steps(self) -> str:
        """Each step in the first and the last quarter of the weeks."""
        quarter = max(len(self._lines) // 4, 1)
        grows = self.growths()
        rows = []
        for name, kind in SHARED_BY.items():
            early, late = (self._mean(name, kind, part) for part in (self._lines[:quarter], self._lines[-quarter:]))
            row = [name, kind]
            row += [f"{early[it]:,.1f} → {late[it]:,.1f}" for it in ("ms", "cpu_ms", "postgres_ms", "queries")]
            rows.append([*row, f"{grows[name]['time']:g}, {grows[name]['queries']:g}" if name in grows else ""])
        head = ["an order, early → late", "of", "ms", "Odoo's CPU ms", "PostgreSQL's", "queries", "exponents"]
        return table([*head[:-1], "growth: CPU, queries"], rows)

    def _mean(self, name: str, kind: str, lines: list[dict]) -> dict[str, float]:
        orders = sum(line[kind] for line in lines) or 1
        figures = ("ms", "cpu_ms", "postgres_ms", "queries")
        return {it: sum(line["steps"][name][it] * line[kind] for line in lines) / orders for it in figures}

    def _memory(self) -> str:
        memory = [line["memory_mb"] for line in self._lines]
        peak = max((step["peak_mb"] for line in self._lines for step in line["steps"].values()), default=0)
        shown = memory[:: max(len(memory) // 8, 1)]
        return f"Odoo's memory, MB: {', '.join(f'{it:.0f}' for it in shown)}, {memory[-1]:.0f}; at most {peak}"

    def _sizes(self) -> str:
        """Bytes an order, of the database and of the tables that grow most."""
        each = {kind: self._bytes_an_order(kind) for kind in ("sold", "own")}
        names = sorted({*each["sold"], *each["own"]}, key=lambda name: -sum(self._total(name, each)))
        rows = [
            [name, *(f"{each[kind].get(name, 0):,.0f}" for kind in each), f"{sum(self._total(name, each)) / 1e9:,.2f}"]
            for name in names[: SHOWN_TABLES + 1]
            if any(each[kind].get(name, 0) > BYTES_SHOWN for kind in each)
        ]
        return table(["bytes", "a sold order", "an own order", "GB of the large year"], rows)

    def _total(self, name: str, each: dict[str, dict[str, float]]) -> list[float]:
        return [each[kind].get(name, 0) * LARGE[kind] for kind in each]

    def _bytes_an_order(self, kind: str) -> dict[str, float]:
        orders = sum(line[kind] for line in self._lines)
        names = {name for line in self._lines for name in line["grown"][kind]}
        return {
            name: sum(line["grown"][kind].get(name, 0) for line in self._lines) / orders for name in names if orders
        }

    def _large(self) -> str:
        """Hours of a large year, extrapolated: the costs here, growing on with their exponents."""
        grows, large = self.growths(), {**LARGE, "all": sum(LARGE.values())}
        rows, sums = [], {"all": [0.0, 0.0], "without quote and confirm": [0.0, 0.0]}
        for name, kind in SHARED_BY.items():
            orders = sum(line[kind] for line in self._lines)
            if not grows or not orders:
                continue
            mean = self._mean(name, kind, self._lines)
            growing = orders * (large[kind] / orders) ** max(grows.get(name, {}).get("time", 1), 1)
            hours = [each * growing / 3.6e6 for each in (mean["ms"], mean["cpu_ms"] + mean["postgres_ms"])]
            rows.append([name, f"{large[kind]:,}", *(f"{it:,.1f}" for it in hours)])
            for title in ["all"] if name in ORDERING else sums:
                sums[title] = [sum(both) for both in zip(sums[title], hours, strict=True)]
        if not rows:
            return ""
        rows += [[title, "", *(f"{it:,.1f}" for it in hours)] for title, hours in sums.items()]
        return table(["extrapolated", "orders", "hours, one after the other", "of them CPU"], rows)


def table(head: list[str], rows: list[list[str]]) -> str:
    """Markdown that can be read in a terminal, too."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    ruler = [f"{'-' * (width - 1)}{':' if at else '-'}" for at, width in enumerate(widths)]
    lines = [
        [
            cell.rjust(width) if at else cell.ljust(width)
            for at, (cell, width) in enumerate(zip(line, widths, strict=True))
        ]
        for line in (head, ruler, *rows)
    ]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
