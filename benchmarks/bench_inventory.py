"""How long it takes to make the stock of 10,000 SKUs equal to Amazon's where 1 % changed, and with how many queries.

Baseline in the same run: an inventory adjustment for every SKU, one by one, as most connectors do. It is measured on a
sample and scaled up, and reads nothing from Amazon.
"""

import contextlib
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from scripts.host.database import Host, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive, step

from .common import CREDENTIALS, control, process, report

DATABASE = f"fba_bench_{keyed('bench', str(ROOT)).name[-6:]}"
FEW, ALL = 2_000, 10_000
EACH = 100  # one of so many SKUs changed: 1 %
UNITS, MOVED = 10, 2  # of each SKU; of one that changed, so many of them are between Amazon's warehouses
SAMPLE = 300  # SKUs adjusted one by one
MOST_QUERIES = 10  # for a thousand SKUs more: Odoo reads records by the thousand

SERVER = """
import threading
from amazon_simulator import SimulatorServer
from benchmarks.bench_inventory import fill
with SimulatorServer() as server:
    fill(server.world, {number})
    print(server.url, flush=True)
    threading.Event().wait()
"""


def fill(world, number: int) -> None:
    """Stock that has not changed for an hour, told so fast that Amazon's pace does not count."""
    world.settings.plan_factor = 1e6
    world.settings.inventory_page_size = 1000
    seller = next(iter(world.sellers.values()))
    world.clock.now -= timedelta(hours=1)
    for index in range(number):
        world.stock_item(seller, sku(index)).fulfillable = UNITS
    world.advance(3600)


def change(url: str, first: int) -> set[str]:
    """Units move, of one SKU in a hundred; which ones."""
    control(url, "POST", "clock/advance", seconds=3600)  # later than all that was asked for
    skus = {sku(index) for index in range(first, ALL, EACH)}
    for name in skus:
        control(url, "PUT", f"stock/{name}", fulfillable=UNITS - MOVED, transshipment=MOVED)
    return skus


def sku(index: int) -> str:
    return f"BENCH-{index:05}"


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr), exclusive(DATABASE), running_host() as host:
        host.fresh(DATABASE)
        shop = Shop(host)
        with process("-c", SERVER.format(number=FEW)) as url:
            shop.grow(0, FEW, url)
            few = shop.synchronize(full=True)
        with process("-c", SERVER.format(number=ALL)) as url:
            shop.grow(FEW, ALL, url)
            unchanged = shop.synchronize(full=True)
            moved = change(url, 0)
            changes = shop.synchronize(full=False)
            shop.check(moved)
            moved |= change(url, 1)
            full = shop.synchronize(full=True)
            shop.check(moved)
        sample = shop.adjust_one_by_one()
    scale = ALL / SAMPLE
    more_queries = (unchanged.queries - few.queries) / (ALL - FEW) * 1000
    return report(
        "inventory_10k_skus",
        {
            "at least 10 times as fast": sample.seconds * scale >= 10 * full.seconds,
            "nothing changed: only the account is written": few.written | unchanged.written == {"fba_account"},
            f"at most {MOST_QUERIES} queries for 1,000 SKUs more": more_queries <= MOST_QUERIES,
        },
        skus=ALL,
        changed=ALL // EACH,
        seconds=round(full.seconds, 2),
        queries=full.queries,
        changes_seconds=round(changes.seconds, 2),
        changes_queries=changes.queries,
        unchanged_seconds=round(unchanged.seconds, 2),
        unchanged_queries=unchanged.queries,
        unchanged_queries_2k=few.queries,
        more_queries_per_1k=round(more_queries, 2),
        baseline_sample=SAMPLE,
        baseline_seconds=round(sample.seconds * scale, 1),
        baseline_queries=round(sample.queries * scale),
        ratio=round(full.seconds / (sample.seconds * scale), 4),
    )


@dataclass
class Run:
    """What it took, and the tables in which it added, changed or deleted rows."""

    seconds: float = 0.0
    queries: int = 0
    written: frozenset[str] = frozenset()


class Shop:
    """A database with an account, an AFN warehouse, and products in stock there."""

    def __init__(self, host: Host) -> None:
        from odoo.modules.registry import Registry
        from odoo.tools import config

        words = ["--config", str(host.config), "--database", DATABASE, "--log-level", "error"]
        config.parse_config(words, setup_logging=True)
        self._registry = Registry(DATABASE)
        client_id, client_secret, refresh_token = CREDENTIALS
        with self._environment() as env:
            market = env.ref("fba_connector.marketplace_us")
            account = env["fba.account"].create(
                {
                    "name": "Benchmark",
                    "environment": "custom",
                    "api_endpoint": "http://127.0.0.1",
                    "lwa_endpoint": "http://127.0.0.1",
                    "lwa_client_id": client_id,
                    "lwa_client_secret": client_secret,
                    "refresh_token": refresh_token,
                    "marketplace_ids": market.ids,
                    "first_sync_confirmed": True,
                }
            )
            warehouse = {"name": "Benchmark", "code": "BENCH", "is_afn": True}
            env["stock.warehouse"].create({**warehouse, "fba_account_id": account.id, "fba_marketplace_id": market.id})
            self._account_id = account.id

    @contextlib.contextmanager
    def _environment(self) -> Iterator:
        """With nothing in memory yet, as a scheduled action starts; committed at the end."""
        import odoo

        with self._registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})

    def _account(self, env):
        return env["fba.account"].browse(self._account_id)

    def grow(self, first: int, end: int, url: str) -> None:
        """Products in stock, in all as many as the Amazon at `url` has: the account's from now on."""
        with step(f"{end - first} products"), self._environment() as env:
            account = self._account(env)
            account.write({"api_endpoint": url, "lwa_endpoint": f"{url}/auth/o2/token"})
            names = [sku(index) for index in range(first, end)]
            products = env["product.product"].create(
                [{"name": name, "default_code": name, "is_storable": True} for name in names]
            )
            place = {"location_id": account.afn_warehouse_ids.lot_stock_id.id, "quantity": UNITS}
            env["stock.quant"].create([{"product_id": product.id, **place} for product in products])
        self.synchronize(full=True)

    def synchronize(self, *, full: bool) -> Run:
        """The account's part of the scheduled action."""
        with self._environment() as env:
            account = self._account(env)
            before = account.inventory_cursor
            if full:
                account.inventory_full_at = False
        with self._measured() as (env, run):
            self._account(env)._sync_inventory()
        with self._environment() as env:
            account = self._account(env)
            if account.inventory_cursor == before:
                raise SystemExit(f"stock was not synchronized: {account.connection_message}")
        return run

    @contextlib.contextmanager
    def _measured(self) -> Iterator:
        run, before = Run(), self._tables()
        start = time.monotonic()
        with self._environment() as env:
            yield env, run
            env.flush_all()
            run.queries = env.cr.sql_log_count
        run.seconds = time.monotonic() - start
        run.written = frozenset(name for name, rows in self._tables().items() if before[name] != rows)

    def _tables(self) -> dict[str, tuple[int, int]]:
        """Each table's rows and the transactions that wrote them."""
        from odoo.tools import SQL

        tables = {}
        with self._registry.cursor() as cr:
            cr.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
            for (name,) in cr.fetchall():
                cr.execute(SQL("SELECT count(*), sum(xmin::text::bigint) FROM %s", SQL.identifier(name)))
                tables[name] = cr.fetchone()
        return tables

    def check(self, moved: set[str]) -> None:
        """Raises SystemExit unless Odoo has what Amazon has."""
        with self._environment() as env:
            warehouse = self._account(env).afn_warehouse_ids
            products = env["fba.sku"].search([("warehouse_id", "=", warehouse.id)]).product_id
            stock = warehouse._fba_stock(products)
            for product in products:
                held = MOVED if product.default_code in moved else 0
                if (stock[product]["stock"], stock[product]["held"]) != (UNITS - held, held):
                    raise SystemExit(f"{product.default_code} has another stock than at Amazon: {stock[product]}")

    def adjust_one_by_one(self) -> Run:
        """What Amazon might have said of a sample, of which as large a part has changed: counted and applied."""
        with self._measured() as (env, run):
            location = self._account(env).afn_warehouse_ids.lot_stock_id
            Quant = env["stock.quant"].with_context(inventory_mode=True)
            for index, quant in enumerate(Quant.search([("location_id", "=", location.id)], limit=SAMPLE, order="id")):
                quant.inventory_quantity = quant.quantity - (MOVED if index % EACH == 2 else 0)
                quant.action_apply_inventory()
        return run


if __name__ == "__main__":
    sys.exit(main())
