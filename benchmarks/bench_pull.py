"""What a pull costs: calls to Amazon, queries and time, by how many orders changed there, not by how many are open.

An account with 1,000, 10,000 and 100,000 open orders; the most of them are copies written to the database, which
Amazon never hears of because none of them changes. With each: a pull where nothing changed, one where 50 were
shipped, one where 20 have come due (Amazon works on them, and does not announce every shipment). Baseline in the same
run: open orders are all read, as connectors do that keep no cursor. Then 50 that change and ten times as many.
"""

import sys
from datetime import timedelta
from math import ceil

from scripts.host.step import step

from .common import process
from .database import hosted
from .measure import Cost, each, growth, report, sizes
from .shop import GET, LIST, SERVER, Seller, Shop, catch_up

UNITS = 2
PAGE = 50  # orders of a page of Amazon's list


def main() -> int:
    size = sizes("pull", open=(1_000, 40), rounds=(9, 1), changed=(50, 3), due=(20, 2))
    levels = [size.open * factor for factor in (1, 10, 100)]
    with hosted() as host, process("-c", SERVER) as url:
        followed = Followed(Shop(host), url, size.open)
        idle, changed, due = {}, {}, {}
        for count in levels:
            with step(f"{count} open orders, nothing changed"):
                followed.copy(count)
                idle[count] = followed.idle(size.rounds)
        # Apart: for as long as a pull looks back, Amazon's list goes on naming what has changed.
        followed.remove_copies(size.open)
        for count in levels:
            with step(f"{count} open orders, {size.changed} changed"):
                followed.copy(count)
                changed[count] = followed.changed(size.changed)
                due[count] = followed.due(size.due)
        with step(f"{10 * size.changed} orders changed at once"):
            many = followed.changed(10 * size.changed)
        left = size.open - (len(levels) + 10) * size.changed
        with step(f"Baseline: {left} open orders are read"):
            baseline = followed.due(left)
    pages = ceil(size.changed / PAGE)
    few, most = levels[0], levels[-1]
    grows = {
        "open orders, nothing changed": growth(few, idle[few], most, idle[most]),
        f"open orders, {size.changed} changed": growth(few, changed[few], most, changed[most]),
        "changed orders": growth(size.changed, changed[most], 10 * size.changed, many),
    }
    return report(
        "pull",
        size.quick,
        {
            "nothing changed: as many queries whatever is open": len({cost.queries for cost in idle.values()}) == 1,
            f"{size.changed} changed: a page and them": all(
                cost.calls <= 4 * pages + size.changed for cost in changed.values()
            ),
            "growth at most 1.15": max(it[what] for it in grows.values() for what in ("time", "queries")) <= 1.15,
        },
        cases={
            **{f"nothing changed, {count} open": each([cost]) for count, cost in idle.items()},
            **{f"{size.changed} changed, {count} open": each([cost]) for count, cost in changed.items()},
            **{f"{size.due} due, {count} open": each([cost]) for count, cost in due.items()},
            f"all {left} read": each([baseline]),
        },
        growth=grows,
    )


class Followed:
    """An account with orders that Amazon works on, some of which Amazon really has."""

    def __init__(self, shop: Shop, url: str, number: int) -> None:
        self._shop, self._seller, self._number, self._shipped = shop, Seller(shop, url, "PULL"), number, 0
        with step(f"{number} orders sent"):
            self._seller.send(number, UNITS)
        catch_up(url)
        with shop.environment() as env:
            self._ids = self._seller.orders(env).ids
            account = self._seller.account(env)
            account.pull_cursor = account.create_date - timedelta(days=1)
        self._pull()  # all are new to it

    def copy(self, count: int) -> None:
        """Further open orders, in all as many."""
        table = "fba_fulfillment_order"
        with self._shop.environment() as env:
            order = env["fba.fulfillment.order"].browse(self._ids[-1])
            numbers = range(self._number + 1, count + 1)
            line = order.line_ids.id
            # Not due for long: what is due is read.
            self._shop.copy(env, table, order.id, numbers, name="'COPY-' || n", due_at="now() + interval '30 days'")
            first = self._number + 1  # copies have their IDs in a row
            orders = f"(SELECT id FROM fba_fulfillment_order WHERE name = 'COPY-{first}') + n - {first}"  # noqa: S608
            self._shop.copy(env, f"{table}_line", line, numbers, order_id=orders)
        self._number = count
        self._shop.analyze()

    def remove_copies(self, number: int) -> None:
        with self._shop.environment() as env:
            env.cr.execute("DELETE FROM fba_fulfillment_order WHERE name LIKE 'COPY-%'")
        self._number = number

    def _pull(self) -> Cost:
        return self._seller.work("_pull_fulfillment_orders")

    def idle(self, rounds: int) -> Cost:
        costs = [self._pull() for _round in range(rounds)]
        if set(self._seller.calls()) != {LIST}:
            raise SystemExit(f"nothing changed, but: {self._seller.calls()}")
        return sorted(costs, key=lambda cost: cost.seconds)[rounds // 2]

    def changed(self, number: int) -> Cost:
        """Some are shipped, whole. Raises SystemExit unless just they are read, and booked."""
        ids = self._ids[self._shipped : self._shipped + number]
        self._shipped += number
        with self._shop.environment() as env:
            names = env["fba.fulfillment.order"].browse(ids).mapped("name")
        for name in names:
            self._seller.ship(name, (f"1Z-{name}", {self._seller.skus[0]: UNITS}))
        cost = self._pull()
        with self._shop.environment() as env:
            states = set(env["fba.fulfillment.order"].browse(ids).mapped("state"))
        if self._seller.read() != set(names) or states != {"shipped"}:
            raise SystemExit(f"other orders were read, or not booked: {states}")
        return cost

    def due(self, number: int) -> Cost:
        """Some of those that are still open have come due. Raises SystemExit unless just they are read."""
        with self._shop.environment() as env:
            orders = env["fba.fulfillment.order"].browse(self._ids[-number:])
            orders.due_at = min(orders.mapped("due_at")) - timedelta(hours=1)
            names = set(orders.mapped("name"))
        cost = self._pull()
        if self._seller.read() != names:
            raise SystemExit("other orders were read")
        if self._seller.calls()[GET] != number:
            raise SystemExit("orders were read twice")
        return cost


if __name__ == "__main__":
    sys.exit(main())
