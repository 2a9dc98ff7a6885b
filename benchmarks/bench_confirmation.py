"""What automatic sourcing adds to the confirmation of a sale order.

Orders are confirmed in a database with the add-on, where automation sources every line from Amazon and a fulfillment
order is made, and in one of plain Odoo, where every line is delivered from the own warehouse; both reserve stock. In
turns, one by one (as a web shop does), then all in one call.
"""

import contextlib
import statistics
import sys
import time
from collections.abc import Iterator

from scripts.host.database import Host, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive, step

from .common import report

KEY = keyed("bench", str(ROOT)).name[-6:]
OURS, PLAIN = f"fba_bench_{KEY}", f"fba_plain_{KEY}"
ORDERS, LINES, PRODUCTS, ROUNDS = 100, 3, 30, 3
LIMIT = 1.3


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr), exclusive(OURS), running_host() as host:
        host.fresh(OURS)
        host.fresh(PLAIN, addon=False)
        shops = [Shop(host, PLAIN), Shop(host, OURS)]
        figures = {}
        for way in ("one_by_one", "at_once"):
            with step(f"{ROUNDS} rounds of {ORDERS} orders, {way}"):
                rounds = [[getattr(shop, way)() for shop in shops] for _round in range(ROUNDS + 1)][
                    1:
                ]  # the first warms
            plain, ours = (
                statistics.median(seconds for seconds, _queries in shop) for shop in zip(*rounds, strict=True)
            )
            ratios = [mine[0] / theirs[0] for theirs, mine in rounds]
            figures[way] = {
                "ratio": round(statistics.median(ratios), 2),
                "spread": [round(min(ratios), 2), round(max(ratios), 2)],
                "plain_ms_per_order": round(plain / ORDERS * 1000, 1),
                "ms_per_order": round(ours / ORDERS * 1000, 1),
                "plain_queries_per_order": round(rounds[-1][0][1] / ORDERS, 1),
                "queries_per_order": round(rounds[-1][1][1] / ORDERS, 1),
            }
    return report(
        "confirmation_100x3",
        {f"{way}: at most {LIMIT} times plain Odoo": figures[way]["ratio"] <= LIMIT for way in figures},
        **figures,
    )


class Shop:
    """A database with a customer and products in stock: at Amazon where the add-on is, else in the own warehouse."""

    def __init__(self, host: Host, database: str) -> None:
        from odoo.modules.registry import Registry
        from odoo.tools import config

        words = ["--config", str(host.config), "--database", database, "--log-level", "error"]
        config.parse_config(words, setup_logging=True)
        self._registry = Registry(database)
        with self._environment() as env:
            warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            if "fba.account" in env:
                warehouse = self._afn_warehouse(env)
            customer = env["res.partner"].create(
                {
                    "name": "Customer",
                    "street": "1 Main Street",
                    "city": "Portland",
                    "zip": "97201",
                    "country_id": env.ref("base.us").id,
                }
            )
            products = env["product.product"].create(
                [
                    {"name": f"Product {number}", "default_code": f"BENCH-{number}", "is_storable": True}
                    for number in range(PRODUCTS)
                ]
            )
            for product in products:
                env["stock.quant"]._update_available_quantity(product, warehouse.lot_stock_id, 1e6)
            self._customer_id, self._product_ids = customer.id, products.ids

    def _afn_warehouse(self, env):
        env["fba.account"].search([]).write({"auto_source": "never"})  # the demo's
        env["stock.warehouse"].search([("is_afn", "=", True)]).write({"is_afn": False})
        market = env.ref("fba_connector.marketplace_us")
        account = env["fba.account"].create(
            {"name": "Benchmark", "marketplace_ids": market.ids, "auto_source": "always"}
        )
        return env["stock.warehouse"].create(
            {
                "name": "Benchmark",
                "code": "BENCH",
                "is_afn": True,
                "fba_account_id": account.id,
                "fba_marketplace_id": market.id,
            }
        )

    @contextlib.contextmanager
    def _environment(self) -> Iterator:
        import odoo

        with self._registry.cursor() as cr:
            yield odoo.api.Environment(cr, odoo.api.SUPERUSER_ID, {})

    def _quotations(self) -> list[int]:
        with self._environment() as env:
            lines = [
                [
                    (0, 0, {"product_id": self._product_ids[(order * LINES + line) % PRODUCTS], "product_uom_qty": 2})
                    for line in range(LINES)
                ]
                for order in range(ORDERS)
            ]
            return (
                env["sale.order"]
                .create([{"partner_id": self._customer_id, "order_line": order_lines} for order_lines in lines])
                .ids
            )

    def one_by_one(self) -> tuple[float, int]:
        """(seconds, queries) of confirming each order in a transaction of its own."""
        ids, queries = self._quotations(), 0
        start = time.monotonic()
        for order_id in ids:
            queries += self._confirm([order_id])
        seconds = time.monotonic() - start
        self._check(ids)
        return seconds, queries

    def at_once(self) -> tuple[float, int]:
        ids = self._quotations()
        start = time.monotonic()
        queries = self._confirm(ids)
        seconds = time.monotonic() - start
        self._check(ids)
        return seconds, queries

    def _confirm(self, ids: list[int]) -> int:
        with self._environment() as env:
            env["sale.order"].browse(ids).action_confirm()
            env.flush_all()
            return env.cr.sql_log_count

    def _check(self, ids: list[int]) -> None:
        """Raises SystemExit unless all is reserved, and, with the add-on, ready to be sent."""
        with self._environment() as env:
            orders = env["sale.order"].browse(ids)
            if set(orders.picking_ids.mapped("state")) != {"assigned"}:
                raise SystemExit("some deliveries are not reserved")
            if "fba_status" in orders and set(orders.mapped("fba_status")) != {"ready"}:
                raise SystemExit("some orders are not ready for Amazon")


if __name__ == "__main__":
    sys.exit(main())
