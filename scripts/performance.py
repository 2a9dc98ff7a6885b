"""The figures of docs/performance.md: tables and plots drawn from docs/performance.json, which `make bench` records."""

import json
import os
import platform
import sys
from collections.abc import Iterator
from datetime import date

from .host.paths import ROOT

RESULTS = ROOT / "docs" / "performance.json"
PAGE = ROOT / "docs" / "performance.md"
PLOTS = ROOT / "docs" / "performance"
BEGIN, END = "<!-- figures: drawn by make bench -->\n", "<!-- end of the figures -->\n"


def machine() -> str:
    """When and on what figures were taken."""
    return f"{date.today()}, {os.cpu_count()} cores, Python {platform.python_version()}"


def draw() -> None:
    """Write the part of the page between its marks, and the plots, from the recorded figures."""
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    before, rest = PAGE.read_text(encoding="utf-8").split(BEGIN)
    _old, after = rest.split(END)
    PAGE.write_text(f"{before}{BEGIN}\n{_figures(results)}\n{END}{after}", encoding="utf-8")
    PLOTS.mkdir(exist_ok=True)
    for name, plot in _plots(results):
        (PLOTS / f"{name}.svg").write_text(plot.render(is_unicode=True).rstrip() + "\n", encoding="utf-8")


# === TABLES === #


def _figures(results: dict[str, dict]) -> str:
    return "\n\n".join(_benchmark(name, line) for name, line in sorted(results.items())) + "\n"


def _benchmark(name: str, line: dict) -> str:
    kept = [f"- {'kept' if good else '**missed**'}: {limit}" for limit, good in line["kept"].items()]
    parts = [f"### {name}", f"`make bench ARGS={name}`; {line['on']}.", "\n".join(kept), _cases(line["cases"])]
    if line.get("growth"):
        parts.append(_growth(line["growth"]))
    return "\n\n".join(parts)


def _cases(cases: dict[str, dict]) -> str:
    """Ours beside the baseline; figures of one benchmark alone have a column of their own."""
    known = {
        "ratio",
        "spread",
        "ms",
        "queries",
        "peak_mb",
        "calls",
        *(f"baseline_{it}" for it in ("ms", "queries", "peak_mb")),
    }
    own = list(dict.fromkeys(figure for case in cases.values() for figure in case if figure not in known))
    columns = {
        "ratio (spread)": lambda case: (
            f"{case['ratio']:g} ({case['spread'][0]:g}–{case['spread'][1]:g})" if "ratio" in case else ""
        ),
        "ms (baseline)": lambda case: _pair(case, "ms"),
        "queries (baseline)": lambda case: _pair(case, "queries"),
        "extra MB (baseline)": lambda case: _pair(case, "peak_mb"),
        "calls": lambda case: f"{case['calls']:g}" if "calls" in case else "",
        **{figure.replace("_", " "): lambda case, figure=figure: str(case.get(figure, "")) for figure in own},
    }
    rows = {name: {column: show(case) for column, show in columns.items()} for name, case in cases.items()}
    shown = [column for column in columns if any(row[column] for row in rows.values())]
    return _table(["", *shown], [[name, *(row[column] for column in shown)] for name, row in rows.items()])


def _pair(case: dict, figure: str) -> str:
    if figure not in case:
        return ""
    baseline = case.get(f"baseline_{figure}")
    return f"{case[figure]:g}" + ("" if baseline is None else f" ({baseline:g})")


def _growth(growth: dict[str, dict]) -> str:
    rows = [
        [name, f"{it['from']:,} → {it['to']:,}", f"{it['time']:g}", f"{it['queries']:g}"] for name, it in growth.items()
    ]
    return _table(["growth with", "", "exponent of the time", "of the queries"], rows)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] + ["---:"] * (len(head) - 1), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


# === PLOTS === #


def _plots(results: dict[str, dict]) -> Iterator[tuple]:
    """(name, chart) of what the recorded benchmarks have."""
    import pygal

    plain = {
        "js": [],
        "height": 360,
        "width": 900,
        "show_legend": True,
        "legend_at_bottom": True,
        "disable_xml_declaration": True,
    }
    ratios = [
        (f"{name}: {case}", it["ratio"])
        for name, line in sorted(results.items())
        for case, it in line["cases"].items()
        if "ratio" in it
    ]
    chart = pygal.HorizontalBar(
        title="Our time as a part of the baseline's",
        print_values=True,
        **{**plain, "height": 60 + 26 * len(ratios), "show_legend": False},
    )
    chart.x_labels = [label for label, _ratio in ratios][::-1]
    chart.add("ratio", [ratio for _label, ratio in ratios][::-1])
    yield "ratios", chart
    if "import" in results:
        run = results["import"]["long_run"]
        chart = pygal.Line(
            title="5,000 orders sold on Amazon, booked in a row",
            show_dots=False,
            x_title="orders",
            range=(0, max(run["ms_per_order"]) * 1.1),
            secondary_range=(0, max(run["memory_mb"]) * 1.1),
            **plain,
        )
        chart.add("ms an order", run["ms_per_order"])
        chart.add("MB in use (right)", run["memory_mb"], secondary=True)
        yield "import", chart
    if "load" in results:
        memory = results["load"]["memory_mb"]
        chart = pygal.Line(
            title="5,000 orders sent, then booked: memory of the server's processes",
            show_dots=False,
            x_title="time",
            range=(0, max(memory) * 1.1),
            **plain,
        )
        chart.add("MB", memory)
        yield "load", chart
    if "pull" in results:
        chart = pygal.Line(
            title="A pull by how many orders are open",
            x_title="open orders",
            logarithmic=False,
            include_x_axis=True,
            **plain,
        )
        cases = results["pull"]["cases"]
        kinds: dict[str, dict[str, float]] = {}
        for case, it in cases.items():
            if case.endswith(" open"):
                kind, number = case.removesuffix(" open").rsplit(", ", 1)
                kinds.setdefault(kind, {})[f"{int(number):,}"] = it["ms"]
        chart.x_labels = list(next(iter(kinds.values())))
        for kind, figures in kinds.items():
            chart.add(f"{kind} (ms)", list(figures.values()))
        yield "pull", chart


if __name__ == "__main__":
    sys.exit(draw())
