"""What a pull costs: calls to Amazon, queries and time, by how many orders changed there, not by how many are open.

Three accounts with 10, 100 and 1,000 open orders. Of each: a pull where nothing changed, of the larger two also one
where as many orders were shipped, and one where as many have come due (Amazon works on them, and does not announce
every shipment). Baseline in the same run: the open orders are all read, as connectors do that keep no cursor.
"""

import contextlib
import statistics
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from scripts.host.database import running_host
from scripts.host.step import exclusive, step

from .common import control, process, report
from .shop import DATABASE, SERVER, Seller, Shop, catch_up

FEW, SOME, MANY = 10, 100, 1_000
CHANGED, DUE, UNITS = 50, 20, 2
PAGE = 50  # orders of a page of Amazon's list
IDLE_ROUNDS = 9
LIST, GET, TOKEN = "listAllFulfillmentOrders", "getFulfillmentOrder", "lwaToken"


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr), exclusive(DATABASE), running_host() as host:
        host.fresh(DATABASE)
        with process("-c", SERVER) as url:
            shop = Shop(host, url)
            followed = {number: Followed(shop, number) for number in (FEW, SOME, MANY)}
            catch_up(url)
            with step("First pull: all have changed"):
                for seller in followed.values():
                    seller.forget_cursor()
                    seller.pull()
            idle = {number: seller.idle() for number, seller in followed.items()}
            changed = {number: followed[number].changed() for number in (SOME, MANY)}
            due = {number: followed[number].due(DUE) for number in (SOME, MANY)}
            with step(f"Baseline: all {MANY - CHANGED} open orders are read"):
                baseline = followed[MANY].due(MANY - CHANGED)
    pages = ceil(CHANGED / PAGE)  # Amazon's list goes on naming them for as long as a pull looks back
    return report(
        "pull",
        {
            "nothing changed: one call": all(run.calls == {LIST: 1} for run in idle.values()),
            "nothing changed: as many queries whatever is open": len({run.queries for run in idle.values()}) == 1,
            f"{CHANGED} changed: the list and them": all(
                run.calls == {LIST: pages, GET: CHANGED} for run in changed.values()
            ),
            f"{DUE} due: the list and them": all(run.calls == {LIST: pages, GET: DUE} for run in due.values()),
            "as many queries for a changed order, whatever is open": (
                abs(changed[MANY].queries - changed[SOME].queries) < CHANGED
            ),
        },
        idle={f"{number}_open": run.figures() for number, run in idle.items()},
        changed={f"{number}_open": run.figures(CHANGED, idle[number]) for number, run in changed.items()},
        due={f"{number}_open": run.figures(DUE, idle[number]) for number, run in due.items()},
        baseline=baseline.figures(MANY - CHANGED, idle[MANY]),
        calls_ratio=round(sum(changed[MANY].calls.values()) / sum(baseline.calls.values()), 3),
    )


@dataclass
class Run:
    """What a pull took; a new token is no call of its own to Amazon's API."""

    seconds: float
    queries: int
    calls: Counter
    read: set[str]

    def figures(self, orders: int = 0, idle: "Run | None" = None) -> dict:
        """With what each of `orders` took beyond an idle pull."""
        figures = {"calls": dict(self.calls), "queries": self.queries, "ms": round(self.seconds * 1000, 1)}
        if orders and idle:
            figures["queries_per_order"] = round((self.queries - idle.queries) / orders, 1)
            figures["ms_per_order"] = round((self.seconds - idle.seconds) / orders * 1000, 1)
        return figures


class Followed(Seller):
    """An account with so many orders that Amazon works on."""

    def __init__(self, shop: Shop, number: int) -> None:
        super().__init__(shop, f"P{number}")
        with step(f"{number} orders sent"):
            self.send(number, UNITS)

    def forget_cursor(self) -> None:
        with self._shop.environment() as env:
            account = self.account(env)
            account.pull_cursor = account.create_date - timedelta(days=1)

    def pull(self) -> Run:
        control(self._shop.url, "DELETE", "journal")
        start = time.monotonic()
        with self._shop.environment() as env:
            account = self.account(env)
            account._pull_fulfillment_orders()
            env.flush_all()
            queries, state = env.cr.sql_log_count, account.connection_state
        seconds = time.monotonic() - start
        if state != "ok":
            raise SystemExit("the account could not be pulled")
        journal = control(self._shop.url, "GET", "journal")
        calls = Counter(call["operation"] for call in journal if call["operation"] != TOKEN)
        read = {call["path"].rsplit("/", 1)[-1] for call in journal if call["operation"] == GET}
        return Run(seconds, queries, calls, read)

    def idle(self) -> Run:
        runs = [self.pull() for _round in range(IDLE_ROUNDS)]
        runs[-1].seconds = statistics.median(run.seconds for run in runs)
        return runs[-1]

    def changed(self) -> Run:
        """Some are shipped, whole. Raises SystemExit unless just they are read, and booked."""
        with self._shop.environment() as env:
            orders = self.orders(env)[:CHANGED]
            names = orders.mapped("name")
            for name in names:
                self.ship(name, (f"1Z-{name}", {self.skus[0]: UNITS}))
        run = self.pull()
        with self._shop.environment() as env:
            states = set(self.orders(env)[:CHANGED].mapped("state"))
        if run.read != set(names) or states != {"shipped"}:
            raise SystemExit(f"other orders were read, or not booked: {states}")
        return run

    def due(self, number: int) -> Run:
        """Some of those that are still open have come due. Raises SystemExit unless just they are read."""
        with self._shop.environment() as env:
            orders = self.orders(env)[-number:]
            orders.due_at = min(orders.mapped("due_at")) - timedelta(hours=1)
            names = set(orders.mapped("name"))
        run = self.pull()
        if run.read != names:
            raise SystemExit("other orders were read")
        return run


if __name__ == "__main__":
    sys.exit(main())
