"""What the manager costs with 100,000 fulfillment orders, beside Odoo's own list of as many sales orders.

Each is asked for what the web client asks: the first page with all columns of the list and the count, the groups by
state, one row by what a person looks for (a tracking number, an order's name). In turns, in one process, as an
FBA administrator; with a tenth of the rows first. They are written to the database as copies of one; what they mean
does not matter here.
"""

import sys
from collections.abc import Callable

from scripts.host.step import step

from .database import Database, hosted
from .measure import Cost, compare, growth, in_turns, report, sizes

PAGE, COUNT_LIMIT, ADMINISTRATOR = 80, 10_000, 2
LIMITS = {"first page": 1.5, "groups by state": 1.5, "find one": 2.0}


def main() -> int:
    size = sizes("manager", rounds=(15, 1), few=(10_000, 100), many=(100_000, 300))
    with hosted() as host:
        rows = Rows(Database(host))
        costs = {}
        for count in (size.few, size.many):
            with step(f"{count} sales and fulfillment orders"):
                rows.fill(count)
            with step(f"{size.rounds} rounds"):
                costs[count] = {name: rows.compare(size.rounds, *asked) for name, asked in rows.cases().items()}
    few, cases = costs.values()
    grows = {name: _growth(few[name], cases[name], size) for name in LIMITS}
    return report(
        "manager",
        size.quick,
        {
            **{f"{name}: at most {most} times Odoo's": cases[name]["ratio"] <= most for name, most in LIMITS.items()},
            "growth at most 1.15": max(it["time"] for it in grows.values()) <= 1.15,
        },
        cases=cases,
        growth={f"rows, {name}": it for name, it in grows.items()},
    )


def _growth(few: dict, many: dict, size) -> dict:
    costs = [Cost(seconds=case["ms"], queries=case["queries"]) for case in (few, many)]
    return growth(size.few, costs[0], size.many, costs[1])


class Rows:
    def __init__(self, database: Database) -> None:
        self._database, self._filled = database, 0
        with database.environment(ADMINISTRATOR) as env:
            sale = env["sale.order"].search([("partner_id.name", "=", "Ruth Blake")], limit=1)  # the demo's
            sale.action_fulfill_by_amazon()
            order = sale.fba_fulfillment_order_ids
            shipment = {"fulfillment_order_id": order.id, "amazon_shipment_id": "S", "status": "SHIPPED"}
            shipment = env["fba.shipment"].sudo().create(shipment)
            package = {"shipment_id": shipment.id, "package_number": 1, "tracking_number": "1Z"}
            package = env["fba.package"].sudo().create(package)
            self._sources = {
                record._table: record.id for record in (sale, order, order.line_ids[:1], shipment, package)
            }

    def fill(self, count: int) -> None:
        """As many rows of each kind, in every state; each fulfillment order with two lines and one package."""
        states = "(ARRAY['waiting','ready','queued','in_shipping','shipped','exception'])"
        first = self._filled + 1  # copies have their IDs in a row
        sale = f"(SELECT id FROM sale_order WHERE name = 'BENCH{first:06}') + n - {first}"  # noqa: S608
        order = f"(SELECT id FROM fba_fulfillment_order WHERE name = 'BENCH-{first}') + n - {first}"  # noqa: S608
        shipment = f"(SELECT id FROM fba_shipment WHERE amazon_shipment_id = 'B{first}') + n - {first}"  # noqa: S608
        with self._database.environment(ADMINISTRATOR) as env:
            self._copy(env, "sale_order", count, name="'BENCH' || lpad(n::text, 6, '0')")
            self._copy(
                env,
                "fba_fulfillment_order",
                count,
                name="'BENCH-' || n",
                sale_id=sale,
                state=f"{states}[1 + n %% 6]",
            )
            for _number in range(2):
                self._copy(env, "fba_fulfillment_order_line", count, order_id=order)
            self._copy(
                env,
                "fba_shipment",
                count,
                fulfillment_order_id=order,
                amazon_shipment_id="'B' || n",
                picking_id="NULL",
            )
            tracking = "'1Z' || lpad((n * 7919 %% 1000003)::text, 12, '0')"
            self._copy(
                env, "fba_package", count, fulfillment_order_id=order, shipment_id=shipment, tracking_number=tracking
            )
        self._filled = count
        self._database.analyze()

    def _copy(self, env, table: str, count: int, **changed: str) -> None:
        self._database.copy(env, table, self._sources[table], range(self._filled + 1, count + 1), **changed)

    def cases(self) -> dict[str, tuple[Callable, Callable]]:
        """{what: (ours, Odoo's own)}."""
        wanted = self._filled // 2
        with self._database.environment(ADMINISTRATOR) as env:
            package = env["fba.package"].search([("fulfillment_order_id.name", "=", f"BENCH-{wanted}")])
            by_tracking = [("package_ids.tracking_number", "ilike", package.tracking_number)]
            ours = self._columns(env, "fba.fulfillment.order", "fba_connector.fba_fulfillment_order_view_list")
            theirs = self._columns(env, "sale.order", "sale.view_order_tree")
        still_open = [("state", "in", ("waiting", "ready", "queued", "submitting", "in_shipping", "exception"))]
        by_name = [("name", "ilike", f"BENCH{wanted:06}")]
        return {
            "first page": (
                lambda env: self._page(env["fba.fulfillment.order"], still_open, ours),
                lambda env: self._page(env["sale.order"], [("state", "not in", ("draft", "sent", "cancel"))], theirs),
            ),
            "groups by state": (
                lambda env: self._groups(env["fba.fulfillment.order"]),
                lambda env: self._groups(env["sale.order"]),
            ),
            "find one": (
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

    def compare(self, rounds: int, ours: Callable, theirs: Callable) -> dict:
        sides = (lambda work=work: self._database.measure(work, ADMINISTRATOR) for work in (ours, theirs))
        return compare(in_turns(rounds, *sides))


if __name__ == "__main__":
    sys.exit(main())
