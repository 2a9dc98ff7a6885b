"""What the first synchronization of 10,000 SKUs costs whose counts all differ: each request, and the booking of a SKU.

Baseline in the same run: the old way, which booked all SKUs in the request of the confirmation. It is measured on a
sample and scaled up. Amazon's pace does not count; polls run in a thread beside the job, and wait for its turns.
"""

import sys
import threading

from scripts.host.step import step

from .common import STOCK_SERVER, control, process
from .database import hosted
from .measure import Cost, compare, each, growth, report, sizes
from .shop import Seller, Shop

UNITS, FOUND, HELD = 10, 1, 2  # of each SKU in Odoo; so many more at Amazon, and so many of them between warehouses
PAGE, ADMINISTRATOR = 80, 2
LONGEST_S = 5
POLLED = ["state", "progress", "progress_text", "continues_at"]
COLUMNS = ("seller_skus", "odoo_quantity", "amazon_quantity", "difference", "value", "note")
POLL_EACH_S = 2


def main() -> int:
    size = sizes("first_sync", skus=(10_000, 200), few=(1_000, 20), sample=(300, 10))
    with hosted() as host, process("-c", STOCK_SERVER) as url:
        shop = Shop(host)
        few, many = First(shop, url, "FEW", size.few), First(shop, url, "MANY", size.skus)
        old = First(shop, url, "OLD", size.sample)
        with step(f"{size.skus} SKUs synchronized"):
            costs = {first: first.synchronize() for first in (few, many)}
        with step(f"Baseline: {size.sample} SKUs in one request"):
            sample = old.book_in_one_request()
    scale = size.skus / size.sample
    request = Cost(sample.seconds * scale, round(sample.queries * scale), peak_mb=sample.peak_mb)
    requests = {name: cost for name, cost in costs[many].items() if name != "job: booking"}
    cases = {name: each([cost]) for name, cost in {**requests, "old: one request": request}.items()}
    cases["job: booking, a SKU"] = compare([(costs[many]["job: booking"], request)], size.skus)
    slowest = max(cost.seconds for name, cost in requests.items() if not name.startswith("job"))
    grows = growth(size.few, costs[few]["job: booking"], size.skus, costs[many]["job: booking"])
    return report(
        "first_sync",
        size.quick,
        {
            f"no request longer than {LONGEST_S} s": slowest <= LONGEST_S,
            "booking a SKU costs at most 1.2 times the old way": cases["job: booking, a SKU"]["ratio"] <= 1.2,
            "growth at most 1.15": max(grows["time"], grows["queries"]) <= 1.15,
        },
        cases=cases,
        growth={"SKUs, booking": grows},
    )


class First:
    """A seller with so many SKUs, none of which Odoo counts as Amazon does."""

    def __init__(self, shop: Shop, url: str, name: str, skus: int) -> None:
        self._shop, self._skus = shop, skus
        self._seller = Seller(shop, url, name, 0)
        with step(f"{skus} products"):
            names = [f"{name}-{index:05}" for index in range(skus)]
            for it in names:
                stock = {"fulfillable": UNITS + FOUND - HELD, "transshipment": HELD}
                control(url, "PUT", f"stock/{it}", seller=self._seller.token, **stock)
            control(url, "POST", "clock/advance", seconds=3600)
            with shop.environment() as env:
                account = self._seller.account(env)
                account.write({"first_sync_confirmed": False})
                products = env["product.product"].create(
                    [{"name": it, "default_code": it, "is_storable": True, "standard_price": 5} for it in names]
                )
                place = {"location_id": account.afn_warehouse_ids.lot_stock_id.id, "quantity": UNITS}
                env["stock.quant"].create([{"product_id": product.id, **place} for product in products])

    def synchronize(self) -> dict[str, Cost]:
        """{request or job: its cost; of polls, the slowest}. Raises SystemExit unless Odoo has what Amazon has."""
        costs = {"press": self._ask(lambda env: self._seller.account(env).action_first_sync())}
        costs["job: counting"], costs["poll while counting"] = self._work()
        self._check_state("ready")
        costs["open the differences"] = self._ask(lambda env: self._sync(env).web_read(_specification(env)))
        costs["confirm"] = self._ask(lambda env: self._sync(env).action_confirm())
        costs["job: booking"], costs["poll while booking"] = self._work()
        self._check_state("done")
        self._check_stock()
        return costs

    def _ask(self, ask) -> Cost:
        return self._shop.measure(ask, ADMINISTRATOR)

    def _sync(self, env):
        return env["fba.first.sync"].search([("account_id", "=", self._seller.account(env).id)], limit=1)

    def _work(self) -> tuple[Cost, Cost]:
        """The scheduled action, and the slowest of the polls beside it."""
        ended, polls = threading.Event(), []

        def poll() -> None:
            while not polls or not ended.wait(POLL_EACH_S):
                polls.append(self._ask(lambda env: self._sync(env).read(POLLED)))

        thread = threading.Thread(target=poll)
        thread.start()
        try:
            cost = self._shop.measure(lambda env: env["fba.account"]._cron_first_sync())
        finally:
            ended.set()
            thread.join()
        return cost, max(polls, key=lambda it: it.seconds)

    def _check_state(self, state: str) -> None:
        with self._shop.environment() as env:
            sync = self._sync(env)
            if sync.state != state:
                raise SystemExit(f"{sync.state}, not {state}: {sync.failure_message}")

    def _check_stock(self) -> None:
        with self._shop.environment() as env:
            warehouse = self._seller.account(env).afn_warehouse_ids
            products = env["fba.sku"].search([("warehouse_id", "=", warehouse.id)]).product_id
            stock = warehouse._fba_stock(products)
            wrong = [it for it in products if (stock[it]["stock"], stock[it]["held"]) != (UNITS + FOUND - HELD, HELD)]
            if len(products) != self._skus or wrong:
                raise SystemExit(f"{len(products)} products, {len(wrong)} of them with another stock than at Amazon")

    def book_in_one_request(self) -> Cost:
        """As before this module had a job: Amazon's counts are read already, a confirmation books all."""
        with self._shop.environment() as env:
            account = self._seller.account(env)
            with account._open_gateway() as gateway:
                account.afn_warehouse_ids._fba_read_counts(gateway, full=True)

        def confirm(env) -> None:
            from odoo.addons.fba_connector.models.inventory.holdings import Holdings

            warehouse = self._seller.account(env).afn_warehouse_ids
            balance = warehouse._fba_weigh(holdings=Holdings(warehouse, suggested=True))
            balance.found = {product: -units for product, units in balance.differences.items() if units < 0}
            warehouse._fba_book_balance(balance, "Confirmed")

        cost = self._shop.measure(confirm)
        self._check_stock()
        return cost


def _specification(env) -> dict:
    """What the dialog asks for: its fields, the first page of differences, the number of the others."""
    names = ("state", "failure_message", "difference_count", "product_count", "unknown_count", "value", "counted_at")
    lines = {name: {} for name in COLUMNS}
    lines |= {name: {"fields": {"display_name": {}}} for name in ("product_id", "warehouse_id", "currency_id")}
    return {
        **{name: {} for name in names},
        "difference_ids": {"fields": lines, "limit": PAGE, "order": ""},
        "noted_ids": {"fields": lines, "limit": PAGE, "order": ""},
    }


if __name__ == "__main__":
    sys.exit(main())
