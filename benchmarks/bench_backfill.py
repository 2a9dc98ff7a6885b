"""What an import of earlier orders costs: the time of an order, and memory, for few and for many.

Orders of one line, sold over two months, from Amazon's reports to delivered sales orders, as the scheduled action does
it. Amazon answers at once here: how long its plan takes is computed, and the same for everybody.
"""

import sys
import time
from datetime import datetime, timedelta
from unittest.mock import patch

from scripts.host.step import step

from .common import control, process
from .database import hosted
from .measure import Cost, each, growth, memory_mb, report, sizes, timed
from .shop import SERVER, Seller, Shop

PRICE = "19.98"
DAYS = 60
MEMORY_MB = 60  # more for many than for few
RUN_S = 10  # Odoo's own time limit for a scheduled action
STEPS = ("counting", "fetching", "asking", "booking")


def main() -> int:
    size = sizes("backfill", few=(5_000, 20), many=(20_000, 60))
    runs = {}
    with hosted() as host:
        shop = Shop(host)
        with process("-c", SERVER) as url:
            for name, orders in (("FEW", size.few), ("MANY", size.many)):
                with step(f"{orders} earlier orders"):
                    runs[orders] = Backfill(shop, Seller(shop, url, name)).run(orders)
    few, many = runs[size.few], runs[size.many]
    grows = growth(size.few, sum(few.values(), Cost()), size.many, sum(many.values(), Cost()))
    peaks = [round(max(cost.peak_mb for cost in run.values())) for run in (few, many)]
    return report(
        "backfill",
        size.quick,
        {
            f"at most {MEMORY_MB} MB more for {size.many} than for {size.few}": peaks[1] - peaks[0] <= MEMORY_MB,
            "growth at most 1.15": max(grows["time"], grows["queries"]) <= 1.15,
        },
        cases={
            f"{name}, {orders} orders": each([cost], orders)
            for orders, run in runs.items()
            for name, cost in run.items()
        },
        growth={"orders": grows},
        long_run={"more_mb": peaks[1] - peaks[0], "memory_mb": [round(memory_mb())]},
    )


class Backfill:
    def __init__(self, shop: Shop, seller: Seller) -> None:
        self._shop, self._seller = shop, seller

    def run(self, orders: int) -> dict[str, Cost]:
        """{step: its cost} of so many earlier orders."""
        first = datetime.now().replace(microsecond=0) - timedelta(days=2 * DAYS)
        last = first + timedelta(days=DAYS)
        control(
            self._seller.url, "POST", "sales/bulk", seller=self._seller.token, count=orders, skus=self._seller.skus,
            price=PRICE, moves_stock=False, ships_after_seconds=86400,
            **{"from": f"{first.isoformat()}Z", "to": f"{last.isoformat()}Z"},
        )  # fmt: skip
        with self._shop.environment() as env:
            account = self._seller.account(env)
            values = {"ordered_from": first, "ordered_to": last + timedelta(days=1), "way": "report"}
            market = {"marketplace_ids": account.marketplace_ids.ids, "reported_tax": "company"}
            backfill_id = account._request_backfill({**values, **market}).id
        costs = {name: Cost() for name in STEPS}
        while (state := self._step(backfill_id, costs)) not in ("done", "failed"):
            if state == "counting":
                control(self._seller.url, "POST", "clock/advance", seconds=60)
        with self._shop.environment() as env:
            backfill = env["fba.backfill"].browse(backfill_id)
            done = backfill.fetched_count, backfill.booked_count
            if state == "failed" or done != (orders, orders):
                raise SystemExit(f"{done} of {orders} orders: {backfill.failure_message}")
            sales = env["sale.order"].search([("fba_account_id", "=", self._seller.account(env).id)], limit=100)
            left = {(sale.delivery_status, sale.amount_total) for sale in sales}
            if left != {("full", float(PRICE))}:
                raise SystemExit(f"{left}")
        return costs

    def _step(self, backfill_id: int, costs: dict[str, Cost]) -> str:
        """One step of the job, or as much of it as one run of the scheduled action does; the state after it."""
        calls = len(control(self._seller.url, "GET", "journal"))
        with self._shop.environment() as env:
            end = time.monotonic() + RUN_S

            def commit(cron, *_args, **_options):
                cron.env.cr.commit()
                return max(end - time.monotonic(), 0)

            limit = patch.object(type(env["ir.cron"]), "_commit_progress", commit)
            backfill = env["fba.backfill"].browse(backfill_id)
            cost = costs.get(backfill.state, Cost())
            with timed(cost), limit:
                queries = env.cr.sql_log_count
                backfill._take_step()
                cost.queries += env.cr.sql_log_count - queries
            cost.calls += len(control(self._seller.url, "GET", "journal")) - calls
            return backfill.state


if __name__ == "__main__":
    sys.exit(main())
