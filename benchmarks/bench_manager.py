"""What the manager, the inbox, the dashboard and the reports cost with 1,000,000 fulfillment orders, beside Odoo's own.

Each is asked for what the web client asks, as an FBA administrator: pages with all columns of the list and the count,
groups with their sums, rows by what a person looks for, graphs and pivot tables. Odoo's side is its list of as many
sales orders, and its sales analysis with its own filter (a year). With a tenth of the archive first.
"""

import sys
from collections.abc import Callable

from scripts.host.step import step

from .archive import ADMINISTRATOR, Archive
from .database import Database, hosted
from .measure import Cost, compare, each, growth, in_turns, report, sizes

PAGE, COUNT_LIMIT = 80, 10_000
MOST, MOST_MS = 1.2, 300
# Ten thousand orders, which Odoo counts by the product alone; a number twice as long as an order's name.
LOOSE = {"find by SKU": 2.5, "find a sales order by it": 1.5}
# Cases that cost as much however many orders have ended.
FLAT = ("first page", "find by tracking number", "find by order", "counts of the tabs", "dashboard")

ORDERS, SALES, ANALYSIS = "fba.fulfillment.order", "sale.order", "sale.report"
OPEN = [("state", "in", ("waiting", "ready", "queued", "submitting", "in_shipping", "exception"))]
CONFIRMED = [("state", "=", "sale")]
FEE = ("fee_currency_id:array_agg_distinct", "estimated_fee:sum_currency", "estimated_fee:sum")
# Odoo's sales analysis as its menu opens it.
SOLD = [("state", "!=", "cancel"), ("state", "not in", ("draft", "cancel", "sent")), ("date", ">=", "-365d")]

Work = Callable  # of an environment


def main() -> int:
    size = sizes("manager", rounds=(7, 1), few=(100_000, 100), many=(1_000_000, 300))
    with hosted() as host:
        database, costs = Database(host), {}
        archive = Archive(database, size.many)
        for count in (size.few, size.many):
            with step(f"{count} sales and fulfillment orders"):
                archive.fill(count)
            asked = cases(database, archive)
            with step(f"{size.rounds} rounds of {len(asked)} cases"):
                costs[count] = {name: cost(database, size.rounds, *sides) for name, sides in asked.items()}
        space = archive.bytes_an_order()
    few, many = costs.values()
    grows = {name: _growth(few[name], many[name], size) for name in FLAT}
    ratios = {name: case["ratio"] for name, case in many.items() if "ratio" in case}
    return report(
        "manager",
        size.quick,
        {
            **{f"{name}: at most {most} times Odoo's": ratios.pop(name) <= most for name, most in LOOSE.items()},
            f"all others: at most {MOST} times Odoo's": max(ratios.values()) <= MOST,
            f"dashboard: at most {MOST_MS} ms": many["dashboard"]["ms"] <= MOST_MS,
            "growth at most 0.3": max(it["time"] for it in grows.values()) <= 0.3,
        },
        cases=many,
        growth={f"ended orders, {name}": it for name, it in grows.items()},
        bytes_an_order=space,
    )


def _growth(few: dict, many: dict, size) -> dict:
    costs = [Cost(seconds=case["ms"], queries=case["queries"]) for case in (few, many)]
    return growth(size.few, costs[0], size.many, costs[1])


def cost(database: Database, rounds: int, ours: Work, baseline: Work | None = None) -> dict:
    if baseline is None:
        return each([database.measure(ours, ADMINISTRATOR) for _round in range(rounds + 1)][1:])
    sides = (lambda work=work: database.measure(work, ADMINISTRATOR) for work in (ours, baseline))
    return compare(in_turns(rounds, *sides))


def cases(database: Database, archive: Archive) -> dict[str, tuple[Work, ...]]:
    """{what: (ours, Odoo's own if there is any)}."""
    with database.environment(ADMINISTRATOR) as env:
        ours = Listing(env, ORDERS, "fba_connector.fba_fulfillment_order_view_list")
        theirs = Listing(env, SALES, "sale.view_order_tree")
        inbox = Listing(env, "fba.amazon.order", "fba_connector.fba_amazon_order_view_list")
        dashboard = Listing(env, "fba.account", "fba_connector.fba_account_view_dashboard", "kanban")
    found = archive.example()
    by_name = theirs.page([("name", "ilike", found["order"])])
    by_state, by_account = theirs.groups([], "state"), theirs.page([("user_id", "=", ADMINISTRATOR)])
    by_product = theirs.page([("order_line.product_id", "ilike", found["sku"])])
    by_sku = ["|", ("line_ids.seller_sku", "ilike", found["sku"]), ("line_ids.product_id", "ilike", found["sku"])]
    by_order = ["|", ("sale_id", "ilike", found["order"]), ("name", "ilike", found["order"])]
    by_tracking = [("package_ids.tracking_number", "ilike", found["tracking"])]
    return {
        "first page": (ours.page(OPEN), theirs.page(CONFIRMED)),
        "first page of all": (ours.page([]), theirs.page([])),
        "first page of the inbox": (inbox.page([("state", "!=", "ignored")]), theirs.page(CONFIRMED)),
        "find by tracking number": (ours.page(by_tracking), by_name),
        "find a sales order by it": (
            theirs.page([(f"fba_fulfillment_order_ids.{field}", *text) for field, *text in by_tracking]),
            by_name,
        ),
        "find by order": (ours.page(by_order), by_name),
        "find by customer": (
            ours.page([("partner_id", "ilike", found["customer"])]),
            theirs.page([("partner_id", "child_of", found["customer"])]),
        ),
        "find by SKU": (ours.page(by_sku), by_product),
        "find by SKU, open": (ours.page([*OPEN, *by_sku]), by_product),
        "find by account": (ours.page([("account_id", "ilike", "Account 2")]), by_account),
        "find by reason": (ours.page([("error_code", "=", "Unfillable")]), by_account),
        "my orders": (ours.page([("user_id", "=", ADMINISTRATOR)]), by_account),
        "late": (ours.page([("delay", "=", "late")]), by_account),
        "groups by state": (ours.groups([], "state"), by_state),
        "groups by account": (ours.groups([], "account_id"), by_state),
        "groups by speed": (ours.groups([], "shipping_speed"), by_state),
        "groups by reason": (ours.groups([], "error_code"), by_state),
        "groups by salesperson": (ours.groups([], "user_id"), theirs.groups([], "user_id")),
        "groups by customer": (ours.groups([], "partner_id"), theirs.groups([], "partner_id")),
        "groups by month": (ours.groups([], "date_order:month"), theirs.groups([], "date_order:month")),
        "open groups by customer": (ours.groups(OPEN, "partner_id"), theirs.groups(CONFIRMED, "partner_id")),
        "counts of the tabs": (
            lambda env: env[ORDERS].get_status_counts([], OPEN),
            lambda env: env[SALES].formatted_read_group([], ["state"], ["__count"]),
        ),
        "progress of sending": (lambda env: env[ORDERS].get_progress(),),
        "dashboard": (dashboard.page([]),),
        **{name: (ours, graph(ANALYSIS, SOLD, ["date:month"], "product_uom_qty:sum")) for name, ours in GRAPHS.items()},
        "pivot table": (
            pivot(ORDERS, [], ["state"], ["date_order:month"], *FEE, "hours_to_ship:avg"),
            pivot(ANALYSIS, SOLD, ["date:month"], ["team_id"], "product_uom_qty:sum"),
        ),
    }


def graph(model: str, domain: list, groups: list[str], *measures: str) -> Work:
    return lambda env: (
        env[model].with_context(fill_temporal=True).formatted_read_group(domain, groups, ["__count", *measures])
    )


def pivot(model: str, domain: list, rows: list[str], columns: list[str], *measures: str) -> Work:
    sets = [[], columns, rows, [*rows, *columns]]
    return lambda env: env[model].formatted_read_grouping_sets(domain, sets, [*measures, "__count"])


GRAPHS = {
    "graph of fees a day": graph(ORDERS, [], ["date_order:day", "state"], *FEE),
    "graph of orders a day": graph(ORDERS, [], ["date_order:day", "state"]),
    "graph of fees a month": graph(ORDERS, [], ["date_order:month", "shipping_speed"], *FEE),
    "graph of the time to ship": graph(ORDERS, [], ["date_order:week"], "hours_to_ship:avg"),
}


class Listing:
    """What the web client reads of a model for one of its views; without what the add-on puts into Odoo's."""

    def __init__(self, env, model: str, view: str, kind: str = "list") -> None:
        from lxml import etree

        arch = etree.fromstring(env[model].get_view(env.ref(view).id, kind)["arch"])
        names = {node.get("name") for node in arch.iter("field")}
        self._model, self._foreign = model, not model.startswith("fba.")
        self._fields = env[model].fields_get([it for it in names if not (self._foreign and it.startswith("fba_"))])

    def page(self, domain: list) -> Work:
        names = {"fields": {"display_name": {}}}
        columns = {name: names if field["type"] == "many2one" else {} for name, field in self._fields.items()}

        def read(env) -> None:
            answer = env[self._model].web_search_read(domain, columns, limit=PAGE, count_limit=COUNT_LIMIT + 1)
            if not answer["records"]:
                raise SystemExit(f"{self._model}: nothing is found by {domain}")

        return read

    def groups(self, domain: list, by: str) -> Work:
        sums = [(name, field) for name, field in self._fields.items() if field.get("aggregator")]
        measures = [f"{name}:{field['aggregator']}" for name, field in sums if field["type"] != "datetime"]
        for name, field in sums:
            if currency := field.get("currency_field"):
                measures += [f"{currency}:array_agg_distinct", f"{name}:sum_currency"]
        wanted = list(dict.fromkeys(measures))
        return lambda env: env[self._model].web_read_group(domain, [by], wanted, limit=PAGE)


if __name__ == "__main__":
    sys.exit(main())
