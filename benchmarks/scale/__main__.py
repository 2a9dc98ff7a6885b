"""`make scale`: what a day of many orders needs, simulated in seconds. Several --workers are a table, a row for each.

The figures are those of this machine's measurements and of Amazon's plans; docs/scaling.md says what to make of them.
"""

import argparse
import json
import sys
from dataclasses import fields, replace

from .day import Day
from .settings import ACTIONS, QUEUE, Settings
from .text import day, days

# The table of docs/scaling.md: (accounts, orders of each, runner, workers).
SIZES = [
    *((1, 1_000, ACTIONS, 2), (1, 10_000, ACTIONS, 2), (1, 10_000, QUEUE, 4)),
    *((10, 10_000, ACTIONS, count) for count in (2, 4)),
    *((10, 10_000, QUEUE, count) for count in (4, 8, 16)),
    (100, 10_000, ACTIONS, 4),
    *((100, 10_000, QUEUE, count) for count in (16, 32, 64)),
]
QUICK = Settings(accounts=2, orders=200)


def main() -> int:
    options = read_options()
    chosen = {it.name: getattr(options, it.name) for it in fields(Settings) if it.name != "workers"}
    settings = [replace(Settings(**chosen), workers=int(count)) for count in str(options.workers).split(",")]
    if options.sizes:
        settings = [
            replace(settings[0], accounts=accounts, orders=orders, runner=runner, workers=workers)
            for accounts, orders, runner, workers in SIZES
        ]
    if options.quick:
        settings = [replace(QUICK, runner=runner) for runner in (QUEUE, ACTIONS)]
    figures = (Day(it).live().all() for it in settings)
    if options.json:
        print(json.dumps(list(figures) if len(settings) > 1 else next(figures)))
    elif len(settings) > 1:
        for line in days(figures):
            print(line, flush=True)
    else:
        print(day(next(figures)))
    return 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make scale", description=__doc__, allow_abbrev=False)
    normal = Settings()

    def option(name: str, kind: type, text: str, **more) -> None:
        default = getattr(normal, name)
        parser.add_argument(
            f"--{name.replace('_', '-')}", type=kind, default=default, help=f"{text} (default: %(default)s)", **more
        )

    option("accounts", int, "seller accounts")
    option("orders", int, "orders a day of each")
    option("own", float, "share of them that other channels sell and Amazon fulfills")
    option("peak", float, "the busiest hour beside the mean, from 1 to 2")
    option("changes", int, "how often an order shows in Amazon's list of all orders")
    option("reads", int, "how often an own order changes at Amazon")
    option("workers", str, "jobs at a time, or workers of scheduled actions; several for a table: 2,4,8")
    option("runner", str, "who starts the work", choices=(QUEUE, ACTIONS))
    option("latency_s", float, "Amazon's answers, seconds")
    option("skus", int, "SKUs of each account")
    option("dear", float, "what an order costs in Odoo beside what was measured")
    option("seed", int, "another day")
    parser.add_argument("--sizes", action="store_true", help="the table of docs/scaling.md")
    parser.add_argument("--json", action="store_true", help="all figures")
    parser.add_argument("--quick", action="store_true", help="only see that it runs")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
