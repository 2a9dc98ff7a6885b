"""Milliseconds and bytes of an order, with their sources: docs/performance.json where it has them, else the table
"A year in a night" of docs/performance.md."""

import json
from dataclasses import dataclass, replace
from pathlib import Path

FIGURES = Path(__file__).parents[2] / "docs/performance.json"

# A year in a night, ms of an order.
BOOKING_MS = 92.2  # pull and booking; of a benchmark that books orders together there may be a newer figure
MAIL_MS, ECHO_MS, TRACKING_MS = 21.4, 2.5, 1.4
SHOP_MS = 12.7 + 166.0  # quotation and confirmation: work of people's and shops' own requests, not of ours
# The same table: what PostgreSQL has of both processors' time.
POSTGRES_SHARE = {
    "import": 2.9 / (12.4 + 2.9),
    "push": 17.1 / (51.8 + 17.1),
    "pull": 18.4 / (73.5 + 18.4),
    "mail": 4.8 / (15.7 + 4.8),
    "inventory": 2.9 / (12.4 + 2.9),  # as the import: it writes stock in batches, too
    "parts": 18.4 / (73.5 + 18.4),
}
SOLD_BYTES, OWN_BYTES = 5_872, 27_247  # the whole database, indexes included
INBOX_VERSIONS = 3  # of a row: it is read, booked, and gets its tracking number

# Assumed, not measured: the request that starts a job, its row and its log.
JOB_MS, JOB_BYTES, JOB_VERSIONS = 20.0, 2_000, 3


@dataclass(frozen=True)
class Costs:
    """Seconds."""

    push: float  # an order
    read: float  # an order that has changed, but not shipped
    booking: float  # an order that has shipped
    mail: float
    import_: float  # an order sold on Amazon
    reported: float  # the same from a report
    echo: float  # a row of the list that is not imported
    kept: float  # an answer that is left to a job
    idle: dict[str, float]  # a run, whatever it finds
    job: float

    @classmethod
    def measured(cls, path: Path = FIGURES) -> "Costs":
        figures = json.loads(path.read_text("utf-8"))

        def ms(benchmark: str, case: str) -> float:
            return figures[benchmark]["cases"][case]["ms"]

        def first(benchmark: str, begin: str) -> float:
            return next(ms(benchmark, case) for case in figures[benchmark]["cases"] if case.startswith(begin))

        together = "alone" in figures["booking"]["cases"]  # before there was this case, the other one was one by one
        read = next(case for case in figures["pull"]["cases"] if case.startswith("all "))
        idle = {"push": "send", "pull": "follow", "import": "import", "inventory": "stock"}
        return cls(
            push=ms("push", "an order") / 1000,
            read=ms("pull", read) / int(read.split()[1]) / 1000,
            booking=(ms("booking", "an order in two shipments") if together else BOOKING_MS) / 1000,
            mail=MAIL_MS / 1000,
            import_=(ms("import", "against the floor") + TRACKING_MS) / 1000,
            reported=(first("backfill", "booking") + first("backfill", "fetching") + TRACKING_MS) / 1000,
            echo=ECHO_MS / 1000,
            kept=ECHO_MS / 1000,  # one row written, as an echo
            idle={task: first("idle", begin) / 1000 for task, begin in idle.items()},
            job=JOB_MS / 1000,
        )

    def times(self, factor: float) -> "Costs":
        """An order costs so many times as much; runs and jobs that find nothing do not."""
        each = ("push", "read", "booking", "mail", "import_", "reported", "echo", "kept")
        return replace(self, **{name: getattr(self, name) * factor for name in each})
