"""How many orders are booked a second by jobs on 1, 2 and 4 workers, beside the scheduled action of one process; and
how near jobs of two servers come to Amazon's plan.

Amazon has shipped all orders that are booked, and its plan is not in the way: one job reads them, others apply what it
has read, a hundred each, of products of their own. What is measured ends when all have left. On two processors four
workers are no faster than two.

Previews are what jobs request themselves, a hundred each, at 300 ms latency.
"""

import contextlib
import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone

from queue_tests.servers import running, until
from scripts.host import beside
from scripts.host.step import step

from .common import control, process
from .database import OURS, hosted
from .measure import report, sizes
from .plan import KEEPS_PLAN, LATENCY_S, used
from .shop import SERVER, Seller, Shop, catch_up

UNITS, PRODUCTS = 1, 40
WITHIN_S = 900
PREVIEW = "getFulfillmentPreview"


def main() -> int:
    size = sizes("queue", orders=(600, 4), previews=(300, 4))
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
        with process("-c", KEEPS_PLAN) as url, step(f"{size.previews} previews by jobs of two servers"):
            previews = previewed(shop, url, str(host.config), size.previews)
    faster = {count: round(alone / it, 2) for count, it in seconds.items()}
    return report(
        "queue",
        size.quick,
        {
            "two workers are at least 1.3 times as fast as the scheduled action": faster.get(2, 0) >= 1.3,
            "jobs of two servers use at least 95 % of the plan": previews["share_of_plan"] >= 0.95,
            "under 1 % refused": previews["refused"] < 0.01,
        },
        cases={
            "the scheduled action": {"orders_a_second": round(size.orders / alone, 1)},
            **{
                f"jobs on {count} workers": {"orders_a_second": round(size.orders / it, 1), "times": faster[count]}
                for count, it in seconds.items()
            },
            "previews by jobs of two servers": previews,
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

    def are_left(env) -> bool:
        return bool(set(seller.orders(env).mapped("state")) - {"shipped"})

    with at_work(shop, seller, config, servers=1, workers=workers):
        start = time.perf_counter()
        work_off(shop, seller, "pull", are_left)
        return time.perf_counter() - start


def previewed(shop: Shop, url: str, config: str, orders: int) -> dict[str, float]:
    """What two servers use of the plan of previews."""
    seller = Seller(shop, url, "PREVIEWS")
    seller.queue(orders, UNITS, submit=False)
    journal = f"journal?operation={PREVIEW}"

    def are_left(env) -> bool:
        return any(seller.orders(env).mapped("preview_is_due"))

    with at_work(shop, seller, config, servers=2, workers=1):
        control(url, "POST", "settings", latency_seconds=LATENCY_S)
        control(url, "DELETE", "journal")
        with shop.environment() as env:
            seller.orders(env).preview_is_due = True
            seller.account(env)._trigger_again("push", timedelta())
        until(lambda: bool(control(url, "GET", journal)), WITHIN_S, "a first call")
        start = time.perf_counter()
        work_off(shop, seller, "push", are_left)
        seconds = time.perf_counter() - start
    statuses = Counter(call["status"] for call in control(url, "GET", journal))
    return used(statuses[200], statuses[429], seconds)


@contextlib.contextmanager
def at_work(shop: Shop, seller: Seller, config: str, *, servers: int, workers: int) -> Iterator[None]:
    """Servers of so many workers each and a runner; each worker has done a job: the first one loads all models."""
    count = servers * workers

    def has_runner() -> bool:
        with shop.environment() as env:
            return env["fba.account"]._has_runner()

    def are_warm() -> bool:
        with shop.environment() as env:
            pids = env["queue.job"].search([("date_started", ">=", began)]).mapped("worker_pid")
            if len(set(pids)) < count:
                for task in ("push", "import", "first_sync", "backfill"):
                    seller.account(env)._trigger_again(task, timedelta())
            return len(set(pids)) >= count

    with running(config, OURS, servers=servers, workers=workers, jobs=count):
        until(has_runner, WITHIN_S, "a runner")
        began = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0)
        until(are_warm, WITHIN_S, "all workers are warm")
        yield


def work_off(shop: Shop, seller: Seller, task: str, are_left: Callable) -> None:
    """By jobs of `task`: what came up while they were at it is shared out by the next one, as each few minutes."""

    def is_done() -> bool:
        with shop.environment() as env:
            left = are_left(env)
            unfinished = [("state", "in", ("pending", "enqueued", "started"))]
            if left and not env["queue.job"].search_count(unfinished, limit=1):
                seller.account(env)._trigger_again(task, timedelta())
            return not left

    until(is_done, WITHIN_S, f"all {task} work is done")


if __name__ == "__main__":
    sys.exit(main())
