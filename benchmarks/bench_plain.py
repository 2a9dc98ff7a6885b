"""What having the add-on installed costs orders that never touch Amazon.

The same orders from the own warehouse in a database with the add-on, an account and stock at Amazon, and in one of
plain Odoo, in turns: confirmed, delivered, and their form opened as the web client does, as an administrator. The limit
is one of the processor's time, as so small a share of the whole is lost in what else a machine does.
"""

import sys

from lxml import etree

from scripts.host.step import step

from .common import process
from .database import OURS, PLAIN, hosted
from .measure import Cost, compare, compare_cpu, in_turns, report, sizes
from .shop import SERVER, Seller, Shop

LINES, UNITS, ADMINISTRATOR = 3, 2, 2
LIMIT = 1.02  # of the processor's time


def main() -> int:
    size = sizes("plain", rounds=(41, 1), orders=(10, 2))
    with hosted() as host, process("-c", SERVER) as url:
        sides = [Side(Shop(host, name), size.orders) for name in (OURS, PLAIN)]
        sides[0].sell_on_amazon_too(url)
        cases = {}
        for name, work in (("confirm", Side.confirm), ("deliver", Side.deliver), ("open the form", Side.open)):
            with step(f"{size.rounds} rounds of {size.orders} orders: {name}"):
                turns = in_turns(size.rounds, *(lambda side=side, work=work: work(side) for side in sides))
                cases[name] = compare(turns, size.orders) | compare_cpu(turns)
    return report(
        "plain",
        size.quick,
        {
            **{f"{name}: at most {LIMIT} times plain Odoo": case["cpu_ratio"] <= LIMIT for name, case in cases.items()},
            **{f"{name}: no query more": case["queries"] <= case["baseline_queries"] for name, case in cases.items()},
        },
        cases=cases,
    )


class Side:
    def __init__(self, shop: Shop, orders: int) -> None:
        self._shop, self._orders, self._confirmed, self._form = shop, orders, [], None
        with shop.environment(ADMINISTRATOR) as env:
            skus = [f"OWN-{number}" for number in range(LINES)]
            self._product_ids = shop.add_products(env, shop.own_warehouse(env), skus).ids

    def sell_on_amazon_too(self, url: str) -> None:
        """Other products, where somebody says so."""
        seller = Seller(self._shop, url, "AMZ")
        with self._shop.environment() as env:
            seller.account(env).auto_source = "never"

    def confirm(self) -> Cost:
        """So many, each in a transaction of its own."""
        with self._shop.environment(ADMINISTRATOR) as env:
            ids = self._shop.quote(env, env["product.product"].browse(self._product_ids), self._orders, UNITS).ids
        self._confirmed.append(ids)
        return self._each(ids, lambda order: order.action_confirm())

    def deliver(self) -> Cost:
        """Those confirmed first."""
        return self._each(self._confirmed.pop(0), self._deliver)

    def _deliver(self, order) -> None:
        if (
            order.picking_ids.with_context(skip_sms=True).button_validate() is not True
            or order.delivery_status != "full"
        ):
            raise SystemExit(f"{order.name} was not delivered")
        self._opened = order.id

    def open(self) -> Cost:
        """The order that was delivered last, again and again."""
        form = self._form = self._form or self._read_form()
        return self._each([self._opened] * self._orders, lambda order: order.web_read(form))

    def _read_form(self) -> dict:
        """What the web client reads for the form: lines and the names of related records too."""
        with self._shop.environment(ADMINISTRATOR) as env:
            model = env["sale.order"]
            views = model.get_views([(env.ref("sale.view_order_form").id, "form")])
            return _specification(model, etree.fromstring(views["views"]["form"]["arch"]))

    def _each(self, ids: list[int], work) -> Cost:
        costs = (self._shop.measure(lambda env, it=it: work(env["sale.order"].browse(it)), ADMINISTRATOR) for it in ids)
        return sum(costs, Cost())


def _specification(model, node) -> dict:
    """What the web client asks for to show this part of a view."""
    specification = {}
    for field in _fields(node):
        name, kind = field.get("name"), model._fields[field.get("name")].type
        specification[name] = {}
        if kind == "many2one":
            specification[name] = {"fields": {"display_name": {}}}
        elif kind in ("one2many", "many2many"):
            inner = next((child for child in field if child.tag in ("list", "kanban")), None)
            related = model.env[model._fields[name].comodel_name]
            names = {"display_name": {}} if inner is None else _specification(related, inner)
            specification[name] = {"fields": names, "limit": 40}
    return specification


def _fields(node):
    """The fields of a view itself, without those of the views in it."""
    for child in node:
        if child.tag == "field":
            yield child
        else:
            yield from _fields(child)


if __name__ == "__main__":
    sys.exit(main())
