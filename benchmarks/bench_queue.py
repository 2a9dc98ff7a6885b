"""How many orders are booked a second by jobs on 1, 2 and 4 workers, beside the scheduled action of one process.

Amazon has shipped them all, and its plan is not in the way: one job reads them, others apply what it has read, a
hundred each, of products of their own. What is measured ends when all have left. On two processors four workers are no
faster than two.
"""

import os
import sys
import time
from datetime import datetime, timedelta, timezone

from queue_tests.servers import running, until
from scripts.host import beside
from scripts.host.step import step

from .common import process
from .database import OURS, hosted
from .measure import report, sizes
from .shop import SERVER, Seller, Shop, catch_up

UNITS, PRODUCTS = 1, 40
WITHIN_S = 900


def main() -> int:
    size = sizes("queue", orders=(600, 4))
    workers = (2,) if size.quick else (1, 2, 4)
    os.environ["ODOO_QUEUE_JOB_CHANNELS"] = "root:0"  # no runner in this process
    with hosted() as plain_host:
        host = plain_host.beside(beside.install(beside.PINS["queue"]))
        shop = Shop(host, modules=["fba_connector_queue"])
        with process("-c", SERVER) as url:
            with step(f"{size.orders} orders by the scheduled action"):
                alone = shipped(shop, url, "ALONE", size.orders).work("_pull_fulfillment_orders").seconds
            seconds = {}
            for count in workers:
                with step(f"{size.orders} orders by jobs on {count} workers"):
                    seller = shipped(shop, url, f"W{count}", size.orders)
                    seconds[count] = by_jobs(shop, seller, str(host.config), count)
    faster = {count: round(alone / it, 2) for count, it in seconds.items()}
    return report(
        "queue",
        size.quick,
        {"two workers are at least 1.3 times as fast as the scheduled action": faster.get(2, 0) >= 1.3},
        cases={
            "the scheduled action": {"orders_a_second": round(size.orders / alone, 1)},
            **{
                f"jobs on {count} workers": {"orders_a_second": round(size.orders / it, 1), "times": faster[count]}
                for count, it in seconds.items()
            },
        },
        growth={},
    )


def shipped(shop: Shop, url: str, name: str, orders: int) -> Seller:
    """A seller whose orders, each of one product, Amazon has shipped."""
    seller = Seller(shop, url, name, PRODUCTS)
    for number, product_id in enumerate(seller.product_ids):
        with shop.environment() as env:
            product, count = env["product.product"].browse(product_id), len(range(number, orders, PRODUCTS))
            if count:
                shop.confirm(env, product, count, UNITS).fba_fulfillment_order_ids.action_submit()
    seller.push()
    catch_up(url)
    with shop.environment() as env:
        skus = {order.name: order.line_ids.seller_sku for order in seller.orders(env)}
    for number, (order, sku) in enumerate(skus.items()):
        seller.ship(order, (f"1Z-{name}-{number}", {sku: UNITS}))
    return seller


def by_jobs(shop: Shop, seller: Seller, config: str, workers: int) -> float:
    """Seconds until jobs have booked all."""
    with running(config, OURS, servers=1, workers=workers, jobs=workers):

        def has_runner() -> bool:
            with shop.environment() as env:
                return env["fba.account"]._has_runner()

        def is_done() -> bool:
            """What was read while others were at it is shared out by the next job, as each few minutes."""
            with shop.environment() as env:
                left = set(seller.orders(env).mapped("state")) - {"shipped"}
                at_work = [("state", "in", ("pending", "enqueued", "started"))]
                if left and not env["queue.job"].search_count(at_work, limit=1):
                    seller.account(env)._trigger_again("pull", timedelta())
                return not left

        def are_warm() -> bool:
            """Each worker has done a job: the first one loads all models."""
            with shop.environment() as env:
                pids = env["queue.job"].search([("date_started", ">=", began)]).mapped("worker_pid")
                if len(set(pids)) < workers:
                    for task in ("push", "import", "first_sync", "backfill"):
                        seller.account(env)._trigger_again(task, timedelta())
                return len(set(pids)) >= workers

        until(has_runner, WITHIN_S, "a runner")
        began = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
        until(are_warm, WITHIN_S, "all workers are warm")
        start = time.perf_counter()
        until(is_done, WITHIN_S, "all orders are booked")
        return time.perf_counter() - start


if __name__ == "__main__":
    sys.exit(main())
