"""What booking Amazon's shipments costs, beside Odoo's own validation of the same deliveries.

Each order leaves in two shipments: two packages, then one. Ours: Amazon's answer is applied. Odoo's own: a delivery
from an own warehouse of this database is validated in two parts, the same units put into as many packages, the tracking
numbers set. In turns, each order in a transaction of its own, no mail on either side.
"""

import contextlib
import statistics
import sys
import time
from datetime import datetime

from scripts.host.database import running_host
from scripts.host.step import exclusive, step

from .common import process, report
from .shop import DATABASE, SERVER, Seller, Shop, catch_up

ROUNDS, ORDERS = 6, 20  # the first round warms
UNITS = 2  # of each line
LIMIT = 1.5

# The packages of each shipment, {index of the line: units}.
SHIPMENTS = (({0: 2}, {1: 1}), ({1: 1, 2: 2},))
LINES = 3


def main() -> int:
    with contextlib.redirect_stdout(sys.stderr), exclusive(DATABASE), running_host() as host:
        host.fresh(DATABASE)
        with process("-c", SERVER) as url:
            shop = Shop(host, url)
            with step(f"{ROUNDS * ORDERS} orders on each side"):
                sides = (Own(shop), Amazons(shop))
            mails = shop.mails()
            with step(f"{ROUNDS} rounds of {ORDERS} orders on each side"):
                turns = [[side.book(number) for side in sides] for number in range(ROUNDS * ORDERS)]
            for side in sides:
                side.check()
            if shop.mails() != mails:
                raise SystemExit("somebody was sent a mail")
    rounds = [_add_up(turns[first : first + ORDERS]) for first in range(ORDERS, len(turns), ORDERS)]
    ratios = sorted(ours[0] / own[0] for own, ours in rounds)
    own, ours = ([round_[side] for round_ in rounds] for side in (0, 1))
    ratio = statistics.median(ratios)
    return report(
        "booking_2_shipments",
        {f"at most {LIMIT} times Odoo's own": ratio <= LIMIT},
        ratio=round(ratio, 2),
        spread=[round(ratios[0], 2), round(ratios[-1], 2)],
        ms_per_order=_each(ours, 0, 1000),
        odoo_ms_per_order=_each(own, 0, 1000),
        queries_per_order=_each(ours, 1),
        odoo_queries_per_order=_each(own, 1),
    )


def _add_up(turns: list) -> list[tuple[float, int]]:
    """Of each side, all (seconds, queries) together."""
    return [(sum(cost[0] for cost in side), sum(cost[1] for cost in side)) for side in zip(*turns, strict=True)]


def _each(rounds: list, figure: int, scale: int = 1) -> float:
    return round(statistics.median(costs[figure] for costs in rounds) / ORDERS * scale, 1)


class Side:
    """Confirmed orders of one kind of warehouse; `_book(env, number)` is what is measured."""

    _shop: Shop
    _sale_ids: list[int]

    def book(self, number: int) -> tuple[float, int]:
        """(seconds, queries), the commit included."""
        start = time.perf_counter()
        with self._shop.environment() as env:
            self._book(env, number)
            env.flush_all()
            queries = env.cr.sql_log_count
        return time.perf_counter() - start, queries

    def check(self) -> None:
        """Raises SystemExit unless all has left, in two deliveries with three packages."""
        with self._shop.environment() as env:
            for sale in env["sale.order"].browse(self._sale_ids):
                done = sale.picking_ids
                left = [set(done.mapped("state")), len(done), len(done.move_line_ids.result_package_id)]
                packed = sorted(done.mapped("carrier_tracking_ref"))
                if left != [{"done"}, 2, 3] or packed != [f"1Z-{sale.name}-1,1Z-{sale.name}-2", f"1Z-{sale.name}-3"]:
                    raise SystemExit(f"{sale.name} has not left as it should: {left}, {packed}")


class Own(Side):
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        with shop.environment() as env:
            warehouse = env["stock.warehouse"].search([("company_id", "=", env.company.id)], limit=1)
            products = shop.add_products(env, warehouse, [f"OWN-{number}" for number in range(LINES)])
            self._sale_ids = shop.confirm(env, products, ROUNDS * ORDERS, UNITS).ids

    def _book(self, env, number: int) -> None:
        sale = env["sale.order"].browse(self._sale_ids[number])
        picking = sale.picking_ids
        for shipment in _packed(sale):
            for tracking, contents in shipment:
                package = env["stock.package"].create({"name": tracking})
                for line, units in contents.items():
                    moves = picking.move_ids.filtered(
                        lambda move, line=line: move.sale_line_id == sale.order_line[line]
                    )
                    moves.move_line_ids.write({"quantity": units, "result_package_id": package.id, "picked": True})
            picking.carrier_tracking_ref = ",".join(tracking for tracking, _contents in shipment)
            if picking.with_context(skip_backorder=True, skip_sms=True).button_validate() is not True:
                raise SystemExit(f"{picking.name} was not validated")
            picking = picking.backorder_ids


class Amazons(Side):
    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        seller = Seller(shop, "AMZ", LINES)
        seller.send(ROUNDS * ORDERS, UNITS)
        catch_up(shop.url)
        with shop.environment() as env:
            orders = seller.orders(env)
            self._ids, self._sale_ids = orders.ids, orders.sale_id.ids
            for order in orders:
                for shipment in _packed(order.sale_id):
                    packages = [
                        (tracking, {seller.skus[line]: units for line, units in contents.items()})
                        for tracking, contents in shipment
                    ]
                    seller.ship(order.name, *packages)
            with seller.account(env)._open_gateway() as gateway:
                self._snapshots = [gateway.get_fulfillment_order(order.name) for order in orders]

    def _book(self, env, number: int) -> None:
        order = env["fba.fulfillment.order"].browse(self._ids[number])
        order._apply_snapshot(self._snapshots[number], datetime.now())
        if order.state != "shipped":
            raise SystemExit(f"{order.name} is {order.state}")


def _packed(sale) -> list[list[tuple[str, dict[int, int]]]]:
    """The shipments of an order, each package as (tracking number, {index of the line: units})."""
    numbers = iter(range(1, 100))
    return [[(f"1Z-{sale.name}-{next(numbers)}", contents) for contents in shipment] for shipment in SHIPMENTS]


if __name__ == "__main__":
    sys.exit(main())
