"""How long it takes to make the stock of 10,000 SKUs equal to Amazon's where none, 1 % or all changed.

Baseline in the same run: an inventory adjustment for every SKU, one by one, as most connectors do. It is measured on a
sample and scaled up, and reads nothing from Amazon. Then few SKUs and ten times as many, all changed.
"""

import sys

from scripts.host.step import step

from .common import STOCK_SERVER, control, process
from .database import hosted
from .measure import Cost, compare, growth, report, sizes
from .shop import Seller, Shop

UNITS, MOVED = 10, 2  # of each SKU; of one that changed, so many of them are between Amazon's warehouses
EACH = 100  # one of so many SKUs changed: 1 %
FASTER, MOST_QUERIES = 10, 10  # for a thousand SKUs more: Odoo reads records by the thousand
SHARES = ("none", "1 %", "1 % (the changes alone)", "all")


def main() -> int:
    size = sizes("inventory", skus=(10_000, 200), few=(1_000, 20), sample=(300, 10))
    with hosted() as host, process("-c", STOCK_SERVER) as url:
        shop = Shop(host)
        few, many = Stock(shop, url, "FEW", size.few), Stock(shop, url, "MANY", size.skus)
        with step(f"{size.skus} SKUs synchronized"):
            costs, written = {}, {}
            for stock in (few, many):
                costs[stock, "none"], written[stock] = stock.unchanged()
                costs[stock, "1 %"] = stock.changed(stock.some())
                costs[stock, "1 % (the changes alone)"] = stock.changed(range(0), full=False)
                costs[stock, "all"] = stock.changed(range(stock.skus))
        with step(f"Baseline: {size.sample} SKUs adjusted one by one"):
            samples = {every: many.adjust_one_by_one(size.sample, every) for every in (EACH, 1)}
    scale = size.skus / size.sample
    some, all_ = (Cost(it.seconds * scale, round(it.queries * scale)) for it in samples.values())
    cases = {
        f"{share} changed": compare([(costs[many, share], all_ if share == "all" else some)], size.skus)
        for share in SHARES
    }
    grows = {share: growth(size.few, costs[few, share], size.skus, costs[many, share]) for share in ("none", "all")}
    more = (costs[many, "none"].queries - costs[few, "none"].queries) / (size.skus - size.few) * 1000
    return report(
        "inventory",
        size.quick,
        {
            f"at least {FASTER} times as fast": cases["1 % changed"]["ratio"] * FASTER <= 1,
            "nothing changed: only the times of the counts are written": all(
                tables <= {"fba_account", "fba_task_lock", "fba_sku", "stock_warehouse", "fba_call_count"}
                for tables in written.values()
            ),
            f"at most {MOST_QUERIES} queries for 1,000 SKUs more": more <= MOST_QUERIES,
            "growth at most 1.15": max(it[what] for it in grows.values() for what in ("time", "queries")) <= 1.15,
        },
        cases=cases,
        growth={f"SKUs, {share} changed": it for share, it in grows.items()},
    )


class Stock:
    """A seller's stock, the same in Odoo and at Amazon to begin with."""

    def __init__(self, shop: Shop, url: str, name: str, skus: int) -> None:
        self._shop, self._name, self.skus, self._url = shop, name, skus, url
        self._moved: set[int] = set()
        self._seller = Seller(shop, url, name, 0)
        with step(f"{skus} products"):
            for index in range(skus):
                self._tell(index, fulfillable=UNITS)
            with shop.environment() as env:
                account = self._seller.account(env)
                names = [f"{name}-{index:05}" for index in range(skus)]
                products = env["product.product"].create(
                    [{"name": it, "default_code": it, "is_storable": True} for it in names]
                )
                place = {"location_id": account.afn_warehouse_ids.lot_stock_id.id, "quantity": UNITS}
                env["stock.quant"].create([{"product_id": product.id, **place} for product in products])
            self._pass_time()
            self._synchronize(full=True)

    def _tell(self, index: int, **stock: int) -> None:
        control(self._url, "PUT", f"stock/{self._name}-{index:05}", seller=self._seller.token, **stock)

    def _pass_time(self) -> None:
        control(self._url, "POST", "clock/advance", seconds=3600)  # later than all that was asked for

    def some(self) -> range:
        return range(EACH - 1, self.skus, EACH)

    def unchanged(self) -> tuple[Cost, set[str]]:
        """With the tables that were written nevertheless."""
        before = self._tables()
        cost = self._synchronize(full=True)
        return cost, {name for name, rows in self._tables().items() if before[name] != rows}

    def changed(self, moved: range, *, full: bool = True) -> Cost:
        """Units of these SKUs are on the way now, of no others. Raises SystemExit unless Odoo has what Amazon has."""
        self._pass_time()
        for index in self._moved.symmetric_difference(moved):
            held = MOVED if index in moved else 0
            self._tell(index, fulfillable=UNITS - held, transshipment=held)
        self._moved = set(moved)
        cost = self._synchronize(full=full)
        with self._shop.environment() as env:
            warehouse = self._seller.account(env).afn_warehouse_ids
            products = env["fba.sku"].search([("warehouse_id", "=", warehouse.id)]).product_id
            stock = warehouse._fba_stock(products)
            for product in products:
                held = MOVED if int(product.default_code[-5:]) in moved else 0
                if (stock[product]["stock"], stock[product]["held"]) != (UNITS - held, held):
                    raise SystemExit(f"{product.default_code} has another stock than at Amazon: {stock[product]}")
        return cost

    def _synchronize(self, *, full: bool) -> Cost:
        if full:
            with self._shop.environment() as env:
                self._seller.account(env).inventory_full_at = False
        cost = self._seller.work("_sync_inventory")
        with self._shop.environment() as env:
            if not self._seller.account(env).inventory_full_at:
                raise SystemExit("stock was not synchronized")
        return cost

    def _tables(self) -> dict[str, tuple[int, int]]:
        """Each table's rows and the transactions that wrote them."""
        from odoo.tools import SQL

        tables = {}
        with self._shop.environment() as env:
            env.cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (name,) in env.cr.fetchall():
                env.cr.execute(SQL("SELECT count(*), sum(xmin::text::bigint) FROM %s", SQL.identifier(name)))
                tables[name] = env.cr.fetchone()
        return tables

    def adjust_one_by_one(self, sample: int, every: int) -> Cost:
        """What Amazon might have said of a sample, one in so many changed: counted and applied."""

        def adjust(env) -> None:
            location = self._seller.account(env).afn_warehouse_ids.lot_stock_id
            Quant = env["stock.quant"].with_context(inventory_mode=True)
            for index, quant in enumerate(Quant.search([("location_id", "=", location.id)], limit=sample, order="id")):
                quant.inventory_quantity = quant.quantity - (MOVED if index % every == 0 else 0)
                quant.action_apply_inventory()

        return self._shop.measure(adjust)


if __name__ == "__main__":
    sys.exit(main())
