"""What booking orders sold on Amazon costs, beside an import one by one: create, confirm, validate each.

The same two-line orders on both sides, from the same seller's SKUs, with stock at hand and no mail. Ours: what lies in
the inbox is processed as the scheduled action does it, in batches. One by one: Odoo's own way from an own warehouse
of this database. In turns, a batch of each. Then a long run of ours: its memory, and whether an order costs more at the
end than at the start.
"""

import argparse
import contextlib
import resource
import statistics
import sys
import time
from datetime import datetime

from scripts.host.database import running_host
from scripts.host.step import exclusive, step

from .common import control, process, report
from .shop import DATABASE, SERVER, Seller, Shop

ROUNDS, ORDERS = 6, 100  # the first round warms
UNITS, PRICE = 2, "19.98"
LONG_RUN = 10_000
FASTER, QUERIES = 4, 20
GROWTH = 1.15  # of an order's cost, from the first tenth of the long run to the last
MEMORY_MB = 60  # more at the end of the long run than after its first tenth


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench ARGS=import")
    parser.add_argument("--orders", type=int, default=LONG_RUN, help="of the long run")
    long_run = parser.parse_args().orders
    with contextlib.redirect_stdout(sys.stderr), exclusive(DATABASE), running_host() as host:
        host.fresh(DATABASE)
        with process("-c", SERVER) as url:
            shop = Shop(host, url)
            own, ours = OneByOne(shop), Imported(shop)
            with step(f"{ROUNDS * ORDERS + long_run} orders sold on Amazon"):
                ours.sell(ROUNDS * ORDERS + long_run)
            mails = shop.mails()
            with step(f"{ROUNDS} rounds of {ORDERS} orders on each side"):
                turns = [(own.book(), ours.book()) for _round in range(ROUNDS)][1:]
            with step(f"{long_run} orders in a row"):
                costs, memory = _run_on(ours, long_run // ORDERS)
            ours.check(ROUNDS * ORDERS + long_run)
            if shop.mails() != mails:
                raise SystemExit("somebody was sent a mail")
    ratios = sorted(slow[0] / fast[0] for slow, fast in turns)
    ratio = statistics.median(ratios)
    queries = statistics.median(fast[1] for _slow, fast in turns) / ORDERS
    tenth = max(len(costs) // 10, 1)
    growth = statistics.median(costs[-tenth:]) / statistics.median(costs[:tenth])
    more_mb = memory[-1] - memory[tenth - 1]
    return report(
        "import",
        {
            f"at least {FASTER} times as fast as one by one": ratio >= FASTER,
            f"at most {QUERIES} queries an order": queries <= QUERIES,
            f"an order costs at most {GROWTH} times as much at the end": growth <= GROWTH,
            f"at most {MEMORY_MB} MB more at the end": more_mb <= MEMORY_MB,
        },
        times_as_fast=round(ratio, 2),
        spread=[round(ratios[0], 2), round(ratios[-1], 2)],
        ms_per_order=_ms(fast for _slow, fast in turns),
        one_by_one_ms_per_order=_ms(slow for slow, _fast in turns),
        queries_per_order=round(queries, 1),
        one_by_one_queries_per_order=round(statistics.median(slow[1] for slow, _fast in turns) / ORDERS, 1),
        long_run=long_run,
        growth=round(growth, 2),
        more_mb=round(more_mb, 1),
    )


def _ms(costs) -> float:
    return round(statistics.median(seconds for seconds, _queries in costs) / ORDERS * 1000, 1)


def _run_on(side: "Imported", batches: int) -> tuple[list[float], list[float]]:
    """Of each batch: seconds, and the most memory (MB) the process ever had."""
    costs, memory = [], []
    for _batch in range(batches):
        costs.append(side.book()[0])
        memory.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return costs, memory


class OneByOne:
    """Odoo's own way, an order in a transaction."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        with shop.environment() as env:
            self._warehouse_id = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1).id
            warehouse = env["stock.warehouse"].browse(self._warehouse_id)
            self._product_ids = shop.add_products(env, warehouse, ["OWN-1", "OWN-2"]).ids
            self._partner_id = env["res.partner"].create({"name": "Customer without a mail address"}).id

    def book(self) -> tuple[float, int]:
        """(seconds, queries) of a round."""
        start, queries = time.perf_counter(), 0
        for number in range(ORDERS):
            with self._shop.environment() as env:
                self._book(env, number)
                env.flush_all()
                queries += env.cr.sql_log_count
        return time.perf_counter() - start, queries

    def _book(self, env, number: int) -> None:
        price = float(PRICE) / UNITS
        line = {"product_uom_qty": UNITS, "price_unit": price, "technical_price_unit": 0.0, "tax_ids": [(5,)]}
        sale = env["sale.order"].create(
            {
                "partner_id": self._partner_id,
                "warehouse_id": self._warehouse_id,
                "client_order_ref": f"own-{number}",
                "order_line": [(0, 0, {**line, "product_id": product}) for product in self._product_ids],
            }
        )
        sale.action_confirm()
        sale.date_order = datetime(2026, 1, 1)
        for picking in sale.picking_ids:
            for move in picking.move_ids:
                move.write({"quantity": move.product_uom_qty, "picked": True})
            if picking.with_context(skip_backorder=True, skip_sms=True).button_validate() is not True:
                raise SystemExit(f"{picking.name} was not validated")
            picking.date_done = datetime(2026, 1, 1)


class Imported:
    """Ours: what Amazon sold lies in the inbox."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._seller = Seller(shop, "AMZ", 2)

    def sell(self, orders: int) -> None:
        """As many orders sold, shipped, and fetched into the inbox."""
        items = [{"seller_sku": sku, "quantity": UNITS, "item_price": PRICE} for sku in self._seller.skus]
        for _order in range(orders):
            control(self._shop.url, "POST", "sales", seller=self._seller.token, items=items)
        control(self._shop.url, "POST", "clock/advance", seconds=3600)
        with self._shop.environment() as env:
            account = self._seller.account(env)
            account.import_from = datetime(2020, 1, 1)
            with account._open_gateway() as gateway:
                account._stage_changed_orders(gateway)

    def book(self) -> tuple[float, int]:
        """(seconds, queries) of the next batch."""
        start = time.perf_counter()
        with self._shop.environment() as env:
            due = [("account_id", "=", self._seller.account(env).id), ("is_due", "=", True)]
            env["fba.amazon.order"].search(due, order="id", limit=ORDERS)._process()
            env.flush_all()
            queries = env.cr.sql_log_count
        return time.perf_counter() - start, queries

    def check(self, orders: int) -> None:
        """Raises SystemExit unless as many orders stand in Odoo, delivered, at Amazon's total."""
        with self._shop.environment() as env:
            sales = env["sale.order"].search([("fba_account_id", "=", self._seller.account(env).id)])
            left = {(sale.delivery_status, sale.fba_status, sale.amount_total) for sale in sales}
            if len(sales) != orders or left != {("full", "shipped", 2 * float(PRICE))}:
                raise SystemExit(f"{len(sales)} of {orders} orders: {left}")


if __name__ == "__main__":
    sys.exit(main())
