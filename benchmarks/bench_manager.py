"""What the manager costs with 100,000 fulfillment orders, beside Odoo's own list of as many sales orders.

Each is asked for what the web client asks: the first page with all columns of the list and the count, the groups by
state, one row by what a person looks for (a tracking number, an order's name). In turns, in one process, as an
FBA administrator. The rows are written to the database as copies of one; what they mean does not matter here.
"""

import contextlib
import statistics
import sys
import time
from collections.abc import Callable

from scripts.host.database import Host, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive, step

from .common import report

DATABASE = f"fba_bench_{keyed('bench', str(ROOT)).name[-6:]}"
ROWS, ROUNDS, PAGE, COUNT_LIMIT = 100_000, 15, 80, 10_000
OPEN_LIMIT = GROUP_LIMIT = 1.5
FIND_LIMIT = 2.0
WANTED = ROWS // 2


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr), exclusive(DATABASE), running_host() as host:
        host.fresh(DATABASE)
        shop = Shop(host)
        with step(f"{ROWS} sales and fulfillment orders"):
            shop.fill()
        with step(f"{ROUNDS} rounds"):
            pairs = {name: shop.compare(ours, theirs) for name, (ours, theirs) in shop.cases().items()}
    limits = {"open": OPEN_LIMIT, "group": GROUP_LIMIT, "find": FIND_LIMIT}
    return report(
        "manager_100k",
        {f"{name}: at most {limit} times Odoo's": pairs[name]["ratio"] <= limit for name, limit in limits.items()},
        rows=ROWS,
        **pairs,
    )


class Shop:
    def __init__(self, host: Host) -> None:
        from odoo.modules.registry import Registry
        from odoo.tools import config

        words = ["--config", str(host.config), "--database", DATABASE, "--log-level", "error"]
        config.parse_config(words, setup_logging=True)
        self._registry = Registry(DATABASE)

    @contextlib.contextmanager
    def _environment(self):
        import odoo

        with self._registry.cursor() as cr:
            yield odoo.api.Environment(cr, 2, {"allowed_company_ids": [1]})

    def fill(self) -> None:
        """As many rows of each kind, in every state; each fulfillment order with two lines and one package."""
        with self._environment() as env:
            sale = env["sale.order"].search([("partner_id.name", "=", "Ruth Blake")], limit=1)  # the demo's
            sale.action_fulfill_by_amazon()
            order = sale.fba_fulfillment_order_ids
            shipment = {"fulfillment_order_id": order.id, "amazon_shipment_id": "S", "status": "SHIPPED"}
            shipment = env["fba.shipment"].sudo().create(shipment)
            package = {"shipment_id": shipment.id, "package_number": 1, "tracking_number": "1Z"}
            env["fba.package"].sudo().create(package)
            env.flush_all()
            states = "(ARRAY['waiting','ready','queued','in_shipping','shipped','exception'])"
            self._copy(env, "sale_order", order.sale_id.id, {"name": "'BENCH' || lpad(n::text, 6, '0')"})
            self._copy(
                env,
                "fba_fulfillment_order",
                order.id,
                {
                    "name": "'BENCH-' || n",
                    "sale_id": "(SELECT min(id) FROM sale_order WHERE name = 'BENCH000001') + n - 1",
                    "state": f"{states}[1 + n %% 6]",
                },
            )
            first = "(SELECT min(id) FROM fba_fulfillment_order WHERE name = 'BENCH-1') + n - 1"
            line = order.line_ids[:1].id
            for _number in range(2):
                self._copy(env, "fba_fulfillment_order_line", line, {"order_id": first})
            self._copy(
                env,
                "fba_shipment",
                shipment.id,
                {"fulfillment_order_id": first, "amazon_shipment_id": "'B' || n", "picking_id": "NULL"},
            )
            shipments = "(SELECT min(id) FROM fba_shipment WHERE amazon_shipment_id = 'B1') + n - 1"
            tracking = "'1Z' || lpad((n * 7919 %% 1000003)::text, 12, '0')"
            self._copy(
                env,
                "fba_package",
                shipment.package_ids.id,
                {"fulfillment_order_id": first, "shipment_id": shipments, "tracking_number": tracking},
            )
        with contextlib.closing(self._registry.cursor()) as cr:
            cr._cnx.autocommit = True
            cr.execute("ANALYZE")

    def _copy(self, env, table: str, source_id: int, changed: dict[str, str]) -> None:
        """ROWS copies of a row, with columns `changed` to SQL of the number `n`."""
        from odoo.tools import SQL, sql

        columns = [name for name in sql.table_columns(env.cr, table) if name != "id"]
        values = [SQL(changed[name]) if name in changed else SQL.identifier("source", name) for name in columns]
        env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) SELECT %s FROM generate_series(1, %s) n, %s source"
                " WHERE source.id = %s ORDER BY n",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, columns)),
                SQL(", ").join(values),
                ROWS,
                SQL.identifier(table),
                source_id,
            )
        )

    def cases(self) -> dict[str, tuple[Callable, Callable]]:
        """{what: (ours, Odoo's own)}."""
        with self._environment() as env:
            tracking = (
                env["fba.package"].search([("fulfillment_order_id.name", "=", f"BENCH-{WANTED}")]).tracking_number
            )
            ours = self._columns(env, "fba.fulfillment.order", "fba_connector.fba_fulfillment_order_view_list")
            theirs = self._columns(env, "sale.order", "sale.view_order_tree")
        still_open = [("state", "not in", ("shipped", "cancelled"))]
        by_tracking = [("package_ids.tracking_number", "ilike", tracking)]
        by_name = [("name", "ilike", f"BENCH{WANTED:06}")]
        return {
            "open": (
                lambda env: self._page(env["fba.fulfillment.order"], still_open, ours),
                lambda env: self._page(env["sale.order"], [("state", "not in", ("draft", "sent", "cancel"))], theirs),
            ),
            "group": (
                lambda env: self._groups(env["fba.fulfillment.order"]),
                lambda env: self._groups(env["sale.order"]),
            ),
            "find": (
                lambda env: self._page(env["fba.fulfillment.order"], by_tracking, ours, 1),
                lambda env: self._page(env["sale.order"], by_name, theirs, 1),
            ),
        }

    def _columns(self, env, model: str, view: str) -> dict:
        """What the web client reads for a list: the names of related records too."""
        from lxml import etree

        arch = etree.fromstring(env[model].get_view(env.ref(view).id, "list")["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        relations = {name for name in names if env[model]._fields[name].type == "many2one"}
        return {name: {"fields": {"display_name": {}}} if name in relations else {} for name in names}

    def _page(self, model, domain: list, columns: dict, rows: int = PAGE) -> None:
        answer = model.web_search_read(domain, columns, limit=PAGE, count_limit=COUNT_LIMIT)
        if len(answer["records"]) != rows:
            raise SystemExit(f"{model._name}: {len(answer['records'])} rows of {domain}")

    def _groups(self, model) -> None:
        model.formatted_read_group([], ["state"], ["__count"])

    def compare(self, ours: Callable, theirs: Callable) -> dict[str, float]:
        turns = [(self._time(ours), self._time(theirs)) for _turn in range(ROUNDS + 2)][2:]
        ratios = sorted(mine / other for mine, other in turns)
        return {
            "ratio": round(statistics.median(ratios), 2),
            "spread": [round(ratios[0], 2), round(ratios[-1], 2)],
            "ms": round(statistics.median(mine for mine, _other in turns) * 1000, 1),
            "odoo_ms": round(statistics.median(other for _mine, other in turns) * 1000, 1),
        }

    def _time(self, ask: Callable) -> float:
        with self._environment() as env:
            start = time.perf_counter()
            ask(env)
            return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
