"""How near sending comes to Amazon's plan (2 creates a second after a burst of 30), and what an order costs in Odoo.

At Amazon's pace and 300 ms latency, through the scheduled action's own work; baseline in the same run: one call after
the other with no pace of its own, repeated a second after each refusal. Then with no plan in the way: the cost of an
order, of as many and of ten times as many.
"""

import sys
import time
from collections import Counter
from datetime import datetime, timezone

from scripts.host.step import step

from .common import CREDENTIALS, control, process
from .database import hosted
from .measure import Cost, each, growth, report, sizes, timed
from .plan import KEEPS_PLAN, LATENCY_S, used
from .shop import CREATE, SERVER, Seller, Shop

UNITS, PRODUCTS = 2, 2
MOST_QUERIES = 25


def main() -> int:
    size = sizes("push", orders=(150, 4), few=(100, 2), many=(1_000, 20))
    with hosted() as host:
        shop = Shop(host)
        with process("-c", KEEPS_PLAN) as url, step(f"{size.orders} orders at Amazon's pace"):
            control(url, "POST", "settings", latency_seconds=LATENCY_S)
            ours, statuses = at_amazons_pace(Seller(shop, url, "PACE", PRODUCTS), size.orders)
        with process("-c", KEEPS_PLAN) as url, step(f"{size.orders} orders without a pace"):
            control(url, "POST", "settings", latency_seconds=LATENCY_S)
            plain, plain_statuses = plainly(url, size.orders)
        with process("-c", SERVER) as url, step(f"{size.few} and {size.many} orders without a plan"):
            few, many = (unhindered(shop, url, f"P{orders}", orders) for orders in (size.few, size.many))
    at_pace = used(size.orders, statuses[429], ours.seconds)
    baseline = used(size.orders, plain_statuses[429], plain.seconds)
    grows = growth(size.few, few, size.many, many)
    return report(
        "push",
        size.quick,
        {
            "at least 95 % of the plan": at_pace["share_of_plan"] >= 0.95,
            "under 1 % refused": at_pace["refused"] < 0.01,
            "each order is one call": many.calls == size.many,
            f"at most {MOST_QUERIES} queries an order": many.queries <= MOST_QUERIES * size.many,
            "growth at most 1.15": max(grows["time"], grows["queries"]) <= 1.15,
        },
        cases={
            "at Amazon's pace": {**at_pace, **{f"baseline_{name}": value for name, value in baseline.items()}},
            "an order": each([many], size.many),
        },
        growth={"orders": grows},
    )


def at_amazons_pace(seller: Seller, orders: int) -> tuple[Cost, Counter]:
    """What it takes to have all sent, run after run, and the statuses Amazon answered."""
    seller.queue(orders, UNITS)
    cost, statuses = Cost(), Counter()
    while statuses[200] < orders:
        cost += seller.work("_push_fulfillment_orders")
        journal = control(seller.url, "GET", f"journal?operation={CREATE}")
        statuses.update(call["status"] for call in journal)
    return cost, statuses


def unhindered(shop: Shop, url: str, name: str, orders: int) -> Cost:
    seller = Seller(shop, url, name, PRODUCTS)
    seller.queue(orders, UNITS)
    return seller.push()


def plainly(url: str, orders: int) -> tuple[Cost, Counter]:
    """What most connectors do: call, and call again a second after a refusal."""
    from odoo.addons.fba_connector import amazon

    control(url, "PUT", "stock/SKU-1", fulfillable=orders)
    connection = amazon.Connection(url, f"{url}/auth/o2/token", *CREDENTIALS)
    cost, statuses = Cost(), Counter()
    with amazon.Gateway(connection) as gateway, timed(cost):
        for number in range(orders):
            while not _create(amazon, gateway, number):
                statuses[429] += 1
                time.sleep(1)
            statuses[200] += 1
    return cost, statuses


def _create(amazon, gateway, number: int) -> bool:
    """Whether Amazon takes the order now. A new gateway's pace is no pace at all."""
    order = amazon.CreateOrder(
        order_id=f"B-{number}",
        displayable_order_id=f"S{number}",
        displayable_at=datetime(2026, 11, 23, tzinfo=timezone.utc),
        comment="Thanks",
        shipping_speed="Standard",
        policy="FillAllAvailable",
        hold=False,
        address=amazon.Address("Eva Muster", "1 Main Street", None, None, "Portland", "OR", "97201", "US", None),
        items=(amazon.CreateItem("1", "SKU-1", 1),),
        marketplace_id="ATVPDKIKX0DER",
    )
    with amazon.Gateway(gateway._transport.connection, deadline_s=0, pace=amazon.Pace()) as plain:
        plain._transport.token = gateway._transport.token
        try:
            plain.create_fulfillment_order(order)
        except amazon.Throttled:
            return False
    return True


if __name__ == "__main__":
    sys.exit(main())
