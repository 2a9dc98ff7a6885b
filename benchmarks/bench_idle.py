"""What the scheduled actions cost while there is nothing to do: time, queries, calls to Amazon.

Measured with few orders of each kind on record, sent, shipped and sold on Amazon, and with ten times as many: a run
that finds nothing must not look at them.
"""

import sys
from datetime import datetime, timedelta

from scripts.host.step import step

from .common import control, process
from .database import hosted
from .measure import Cost, each, growth, report, sizes
from .shop import SERVER, Seller, Shop

UNITS = 1
CRONS = {
    "send": "_cron_push_fulfillment_orders",
    "follow": "_cron_pull_fulfillment_orders",
    "import": "_cron_import_amazon_orders",
    "stock": "_cron_sync_inventory",
    "forget": "_cron_anonymize",
}


def main() -> int:
    size = sizes("idle", rounds=(9, 1), few=(50, 2), many=(500, 20))
    with hosted() as host, process("-c", SERVER) as url:
        company = Company(Shop(host), url)
        costs = {}
        for count in (size.few, size.many):
            with step(f"{count} orders sent, shipped, sold"):
                company.trade(count)
            costs[count] = {name: company.run(name, size.rounds) for name in CRONS}
    few, many = costs.values()
    grows = {name: growth(size.few, few[name], size.many, many[name]) for name in CRONS}
    return report(
        "idle",
        size.quick,
        {
            # One more where a difference of stock stands: what was booked until it was seen is asked for.
            "at most one query more, with ten times as many": all(
                many[name].queries <= few[name].queries + 1 for name in CRONS
            ),
            "as many calls": all(few[name].calls == many[name].calls for name in CRONS),
        },
        cases={f"{name}, {size.many} orders of each kind": each([many[name]]) for name in CRONS},
        growth={f"orders on record, {name}": it for name, it in grows.items()},
    )


class Company:
    def __init__(self, shop: Shop, url: str) -> None:
        self._shop, self._url, self._seller, self._traded = shop, url, Seller(shop, url, "IDLE"), 0
        with shop.environment() as env:
            self._seller.account(env).import_from = datetime(2020, 1, 1)

    def trade(self, count: int) -> None:
        """In all as many orders that Amazon works on, that it has shipped, and that it sold."""
        more = count - self._traded
        self._traded = count
        item = {"seller_sku": self._seller.skus[0], "quantity": UNITS, "item_price": "9.99"}
        for _order in range(more):
            control(self._url, "POST", "sales", seller=self._seller.token, items=[item])
        self._seller.send(2 * more, UNITS)
        control(self._url, "POST", "clock/advance", seconds=60)
        self._look_back()
        with self._shop.environment() as env:
            names = self._seller.orders(env).filtered(lambda order: order.state == "in_shipping").mapped("name")[:more]
        for name in names:
            self._seller.ship(name, (f"1Z-{name}", {self._seller.skus[0]: UNITS}))
        self.run("follow", 2)
        self.run("import", 2)
        with self._shop.environment() as env:
            sold = env["sale.order"].search_count([("amazon_order_id", "!=", False), ("fba_status", "=", "shipped")])
            shipped = self._seller.orders(env).filtered(lambda order: order.state == "shipped")
            if (sold, len(shipped)) != (count, count):
                raise SystemExit(f"{sold} sold and {len(shipped)} shipped instead of {count}")
        with self._shop.environment() as env:
            account = self._seller.account(env)
            account.import_cursor = account.pull_cursor  # now; at Amazon all of it was long ago
        # By now the lists look back to no order any more, and what follows finds nothing new.
        control(self._url, "POST", "clock/advance", seconds=45 * 60)
        for name in ("follow", "import", "stock"):
            self.run(name, 2)
        self._shop.analyze()

    def _look_back(self) -> None:
        """Amazon's clock in a benchmark is hours behind: what is new there is old for the add-on's lists."""
        with self._shop.environment() as env:
            account = self._seller.account(env)
            account.pull_cursor = account.create_date - timedelta(days=1)
            account.import_cursor = False

    def run(self, name: str, rounds: int) -> Cost:
        """The median of some runs."""
        runs = [self._run(name) for _round in range(rounds)]
        return sorted(runs, key=lambda cost: cost.seconds)[rounds // 2]

    def _run(self, name: str) -> Cost:
        control(self._url, "DELETE", "journal")
        cost = self._shop.measure(lambda env: getattr(env["fba.account"], CRONS[name])())
        cost.calls = self._seller.calls().total()
        return cost


if __name__ == "__main__":
    sys.exit(main())
