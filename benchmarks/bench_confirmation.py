"""What automatic sourcing adds to the confirmation of a sale order.

Orders are confirmed in a database with the add-on, where automation sources every line from Amazon and a fulfillment
order is made, and in one of plain Odoo, where every line is delivered from the own warehouse; both reserve stock. In
turns, one by one (as a web shop does), then all in one call; then few in one call and ten times as many.
"""

import sys

from scripts.host.step import step

from .common import process
from .database import OURS, PLAIN, hosted
from .measure import Cost, compare, growth, in_turns, report, sizes
from .shop import SERVER, Seller, Shop

LINES, UNITS = 3, 2
LIMIT = 1.3


def main() -> int:
    size = sizes("confirmation", rounds=(5, 1), orders=(100, 4), few=(20, 2), many=(200, 4))
    with hosted() as host, process("-c", SERVER) as url:
        plain, ours = Side(Shop(host, PLAIN)), Side(Shop(host, OURS), url)
        cases = {}
        for name, way in (("one by one", Side.one_by_one), ("all at once", Side.at_once)):
            with step(f"{size.rounds} rounds of {size.orders} orders, {name}"):
                turns = in_turns(
                    size.rounds, lambda way=way: way(ours, size.orders), lambda way=way: way(plain, size.orders)
                )
                cases[name] = compare(turns, size.orders)
        with step(f"{size.few} orders at once, and {size.many}"):
            costs = {count: (ours.at_once(count), plain.at_once(count)) for count in (size.few, size.many)}
    few, many = costs.values()
    grows, theirs = (growth(size.few, few[side], size.many, many[side]) for side in (0, 1))
    return report(
        "confirmation",
        size.quick,
        {
            **{f"{name}: at most {LIMIT} times plain Odoo": case["ratio"] <= LIMIT for name, case in cases.items()},
            "growth at most 1.15": max(grows["time"], grows["queries"]) <= 1.15,
        },
        cases=cases,
        growth={"orders at once": grows, "orders at once, plain Odoo": theirs},
    )


class Side:
    """Products in stock: at Amazon where there is one, else in the own warehouse."""

    def __init__(self, shop: Shop, url: str = "") -> None:
        self._shop, self._sourced = shop, bool(url)
        if url:
            self._product_ids = Seller(shop, url, "AMZ", LINES).product_ids
        else:
            with shop.environment() as env:
                skus = [f"OWN-{number}" for number in range(LINES)]
                self._product_ids = shop.add_products(env, shop.own_warehouse(env), skus).ids

    def one_by_one(self, orders: int) -> Cost:
        """Each order in a transaction of its own."""
        ids = self._quotations(orders)
        cost = sum((self._confirm([order_id]) for order_id in ids), Cost())
        self._check(ids)
        return cost

    def at_once(self, orders: int) -> Cost:
        ids = self._quotations(orders)
        cost = self._confirm(ids)
        self._check(ids)
        return cost

    def _quotations(self, orders: int) -> list[int]:
        with self._shop.environment() as env:
            return self._shop.quote(env, env["product.product"].browse(self._product_ids), orders, UNITS).ids

    def _confirm(self, ids: list[int]) -> Cost:
        return self._shop.measure(lambda env: env["sale.order"].browse(ids).action_confirm())

    def _check(self, ids: list[int]) -> None:
        """Raises SystemExit unless all is reserved, and, with the add-on, ready to be sent."""
        with self._shop.environment() as env:
            orders = env["sale.order"].browse(ids)
            if set(orders.picking_ids.mapped("state")) != {"assigned"}:
                raise SystemExit("some deliveries are not reserved")
            if self._sourced and set(orders.mapped("fba_status")) != {"ready"}:
                raise SystemExit("some orders are not ready for Amazon")


if __name__ == "__main__":
    sys.exit(main())
