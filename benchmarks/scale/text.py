"""The figures as tables: of one day, and of several beside each other."""

from collections.abc import Iterable, Iterator

from ..year.summary import table

NAMES = {
    "push": "sent to Amazon",
    "pull": "changes applied",
    "mail": "shipped to mailed",
    "import": "imported",
    "inventory": "stock runs",
}


WIDTH = 9  # of a column at least, as its rows are not known beforehand


def day(figures: dict) -> str:
    """All figures of a day."""
    it, workers, postgres, database = (figures[name] for name in ("settings", "workers", "postgres", "database"))
    head = (
        f"{count(it['accounts'], 'account')}, {it['orders']:,} orders a day each, {it['own']:.0%} of them own ones; "
        f"{count(it['workers'], 'worker')}, {'jobs of the queue' if it['runner'] == 'queue' else 'scheduled actions'}"
    )
    tasks = [
        [NAMES[task], *(f"{row[name]:,}" for name in ("came", "done", "most", "left")), *map(span, latency(row))]
        for task, row in figures["tasks"].items()
    ]
    calls = [
        [name, f"{row['a_day']:,}", f"{row['plan']:,}", f"{row['share']:.0%}"] for name, row in figures["calls"].items()
    ]
    hours = [
        [f"{row['hour']:.0f}", *(f"{row[task]:,}" for task in NAMES)]
        for number, row in enumerate(figures["backlog"])
        if number % 3 == 2
    ]
    remarks = [
        f"Workers: {workers['busy']:.0%} busy, {workers['busiest_hour']:.0%} in the busiest hour; "
        f"{waiting(workers):.0%} of that they wait for Amazon.",
        f"PostgreSQL: {postgres['cores']:g} processors, {postgres['busiest_hour']:g} in the busiest hour. Quotations "
        f"and confirmations of own orders keep {database['shop_workers']:g} workers more busy: people's requests.",
        f"Database: {database['gb_a_day']:g} GB more a day, {database['gb_a_year']:g} a year.",
        f"queue_job: {database['queue_jobs_a_day']:,} rows a day, at most {database['queue_mb']:g} MB.",
        f"Autovacuum: {database['old_versions_a_day']:,} old versions of rows a day in queue_job and the inbox.",
    ]
    return "\n\n".join(
        [
            head,
            table(["work", "came", "done", "most waiting", "at the end", "median", "p95"], tasks),
            table(["backlog at hour", *NAMES.values()], hours),
            table(["calls of one account", "a day", "Amazon's plan", "share"], calls),
            "\n".join(remarks),
        ]
    )


def count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def days(all_figures: Iterable[dict]) -> Iterator[str]:
    """Lines of a table: a row for each day, as soon as there are its figures."""
    head = [
        *("orders a day", "accounts", "who", "workers", "busy (busiest hour)", "of it waiting"),
        *("sent: p95", "imported: p95", "mailed: p95", "left", "PostgreSQL", "queue_job rows", "GB a day"),
    ]
    head = [name.rjust(WIDTH) for name in head]
    yield from table(head, []).splitlines()
    for figures in all_figures:
        cells = [cell.rjust(len(name)) for name, cell in zip(head, _row(figures), strict=True)]
        yield f"| {' | '.join(cells)} |"


def _row(figures: dict) -> list[str]:
    it, workers, tasks = figures["settings"], figures["workers"], figures["tasks"]
    postgres, database = figures["postgres"], figures["database"]
    return [
        f"{it['orders'] * it['accounts']:,}",
        f"{it['accounts']:,}",
        it["runner"],
        f"{it['workers']:,}",
        f"{workers['busy']:.0%} ({workers['busiest_hour']:.0%})",
        f"{waiting(workers):.0%}",
        *(span(tasks[task]["p95_s"]) for task in ("push", "import", "mail")),
        f"{sum(tasks[task]['left'] for task in ('push', 'import', 'mail')):,}",
        f"{postgres['cores']:.2f} ({postgres['busiest_hour']:.2f})",
        f"{database['queue_jobs_a_day']:,}",
        f"{database['gb_a_day']:g}",
    ]


def waiting(workers: dict) -> float:
    """The share of busy time."""
    return workers["waiting"] / (workers["busy"] or 1)


def latency(row: dict) -> tuple[float, float]:
    return row["median_s"], row["p95_s"]


def span(seconds: float) -> str:
    if seconds < 120:
        return f"{seconds:.{1 if seconds < 10 else 0}f} s"
    return f"{seconds / 60:.0f} min" if seconds < 7200 else f"{seconds / 3600:.1f} h"
