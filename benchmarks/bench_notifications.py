"""How soon Odoo has booked what happened at Amazon, and what calls that took: polling beside notifications.

A day of two sellers, side by side: the same changes at the same moments, one follows them by its scheduled actions
alone, the other by notifications, too, which a real SQS server carries. Time passes in both, Odoo and Amazon, a minute
at a time; what polling takes is of that time, what a notification takes is real. Before it, a real Odoo server
receives, as its scheduled actions do.
"""

import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections import Counter
from datetime import datetime, timedelta

import boto3

from queue_tests.servers import until
from scripts.host.sqs import running_sqs
from scripts.host.step import step

from .common import control, process
from .database import OURS, hosted
from .measure import report, sizes
from .shop import Seller, Shop
from .year.clock import Clock

EVERY = {"_pull_fulfillment_orders": 5, "_import_amazon_orders": 15, "_sync_inventory": 30}  # minutes
TASKS = {
    "FULFILLMENT_ORDER_STATUS": "_pull_fulfillment_orders",
    "ORDER_CHANGE": "_import_amazon_orders",
    "FBA_INVENTORY_AVAILABILITY_CHANGES": "_sync_inventory",
}
MODULE = "fba_connector_notifications"
KEYS = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
NOT_AMAZONS = ("getAccessToken", "ReceiveMessage", "DeleteMessageBatch", "GetQueueAttributes")
WITHIN_S = 400
# Amazon ships nothing by itself, and its plans are in nobody's way.
SERVER = """
import threading
from amazon_simulator import SimulatorServer
with SimulatorServer() as server:
    server.world.settings.plan_factor = 1e6
    server.world.settings.auto_ship = False
    print(server.url, flush=True)
    threading.Event().wait()
"""


def main() -> int:
    size = sizes("notifications", hours=(24, 1), own=(100, 2), sold=(200, 2), live=(30, 1))
    with hosted() as host, running_sqs() as sqs_url, process("-c", SERVER) as url:
        clock = Clock()
        shop = Shop(host, modules=[MODULE])
        control(url, "PUT", "notifications", sqs_endpoint=sqs_url)
        polled, notified = (Watched(shop, url, name) for name in ("POLLED", "NOTIFIED"))
        notified.listen(sqs_url)
        for seller in (polled, notified):
            seller.send(size.own + size.live, 1)
        with step(f"{size.live} shipments told to a real Odoo server"):
            live = by_server(host, shop, notified, size)
        with step(f"{size.hours} hours: {size.own} own orders shipped, {size.sold} sold on Amazon"):
            Day(shop, url, clock, polled, notified, size).pass_by()
    sides = {"polling": polled, "notifications": notified}
    latencies = {name: {kind: spread(its.latencies[kind]) for kind in its.latencies} for name, its in sides.items()}
    latencies["notifications, a real server"] = {"own": spread(live)}
    calls = {name: its.calls() for name, its in sides.items()}
    at_amazon = {name: sum(its.values()) for name, its in calls.items()}
    return report(
        "notifications",
        size.quick,
        {
            "half of the shipments are booked within 5 seconds": statistics.median(live) <= 5,
            "nothing is booked later than by polling": notified.latest() <= polled.latest(),
            "fewer calls to Amazon than by polling": at_amazon["notifications"] < at_amazon["polling"],
        },
        seconds=latencies,
        calls=calls,
        calls_to_amazon=at_amazon,
    )


class Watched(Seller):
    """A seller of whom is known when each change was booked."""

    def __init__(self, shop: Shop, url: str, name: str) -> None:
        super().__init__(shop, url, name)
        self.latencies: dict[str, list[float]] = {"own": [], "sold": []}
        self.open: dict[tuple[str, str], object] = {}  # {(kind, order): when it happened}
        with shop.environment() as env:
            self.account(env).write({"import_from": "2020-01-01", "is_live": True})

    def listen(self, sqs_url: str) -> None:
        sqs = boto3.client("sqs", region_name="us-east-1", endpoint_url=sqs_url, **KEYS)
        queue = sqs.create_queue(QueueName=f"bench-{os.getpid()}")["QueueUrl"]
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        statement = {"Effect": "Allow", "Principal": "*", "Action": "sqs:SendMessage", "Resource": arn}
        sqs.set_queue_attributes(QueueUrl=queue, Attributes={"Policy": json.dumps({"Statement": [statement]})})
        with self._shop.environment() as env:
            account = self.account(env)
            account.write({"sqs_queue_url": queue, **KEYS})
            said = account.action_set_up_notifications()["params"]
        if said["type"] != "success":
            raise SystemExit(said["message"])

    def ship_next(self, now) -> None:
        with self._shop.environment() as env:
            order = self.orders(env).filtered(
                lambda it: it.state == "in_shipping" and ("own", it.name) not in self.open
            )
            name = order[0].name
        self.open["own", name] = now
        self.ship(name, (f"1Z-{name}", {self.skus[0]: 1}))

    def sell(self, now) -> None:
        items = [{"seller_sku": self.skus[0], "quantity": 1, "item_price": "10.00"}]
        market = {"marketplace_id": "ATVPDKIKX0DER", "currency": "USD"}
        sale = control(self.url, "POST", "sales", seller=self.token, items=items, **market)
        self.open["sold", sale["amazon_order_id"]] = now

    def note_booked(self, now, spent_s: float = 0.0) -> None:
        """Those that are booked by `now`, and the real seconds that it took."""
        with self._shop.environment() as env:
            own = {it.name for it in self.orders(env) if it.state == "shipped"}
            rows = env["fba.amazon.order"].search([("account_id", "=", self._account_id), ("sale_id", "!=", False)])
            booked = {("own", name) for name in own} | {("sold", it.amazon_order_id) for it in rows}
        for key in booked & self.open.keys():
            self.latencies[key[0]].append((now - self.open.pop(key)).total_seconds() + spent_s)

    def is_booked(self) -> bool:
        with self._shop.environment() as env:
            return not self.orders(env).filtered(lambda it: ("own", it.name) in self.open and it.state != "shipped")

    def do(self, method: str) -> None:
        with self._shop.environment() as env:
            getattr(self.account(env), method)()

    def hear(self) -> set[str]:
        """Receive all that Amazon has to tell by now; the tasks that have something to look at."""
        from odoo import fields
        from odoo.addons.fba_connector_notifications.models import fba_account_receive

        fba_account_receive.LISTEN_S = 0.3
        while control(self.url, "GET", "notifications")["waiting"]:
            time.sleep(0.01)
        self.do("_receive_notifications")
        with self._shop.environment() as env:
            due = env["fba.notice"].search(
                [("account_id", "=", self._account_id), ("due_at", "<=", fields.Datetime.now())]
            )
            return {TASKS[it.type] for it in due}

    def calls(self) -> Counter:
        with self._shop.environment() as env:
            counts = env["fba.call.count"]._read_group(
                [("account_id", "=", self._account_id), ("operation", "not in", NOT_AMAZONS)],
                ["operation"],
                ["calls:sum"],
            )
        return Counter(dict(counts))

    def latest(self) -> float:
        return max(max(its, default=0.0) for its in self.latencies.values())


class Day:
    """Minutes that pass in Odoo and at Amazon."""

    def __init__(self, shop: Shop, url: str, clock: Clock, polled: Watched, notified: Watched, size) -> None:
        self._shop, self._url, self._clock = shop, url, clock
        self._polled, self._notified, self._minutes = polled, notified, size.hours * 60
        dice = random.Random(30)  # noqa: S311 (the same day each time)
        self._own = Counter(dice.randrange(1, self._minutes - 31) for _order in range(size.own))
        self._sold = Counter(dice.randrange(1, self._minutes - 31) for _order in range(size.sold))

    def pass_by(self) -> None:
        both = (self._polled, self._notified)
        for seller in both:
            for method in EVERY:
                seller.do(method)
        self._notified.hear()
        for minute in range(1, self._minutes + 31):
            self._clock.advance(timedelta(minutes=1))
            self._set_amazons_clock()
            self._happen(minute)
            start = time.perf_counter()
            for method in self._notified.hear():
                self._notified.do(method)
            self._notified.note_booked(self._clock.now(), time.perf_counter() - start)
            for method in [it for it, every in EVERY.items() if minute % every == 0]:
                for seller in both:
                    seller.do(method)
            for seller in both:
                seller.note_booked(self._clock.now())
        for seller in both:
            if seller.open:
                raise SystemExit(f"{len(seller.open)} changes were never booked: {sorted(seller.open)[:3]}")

    def _set_amazons_clock(self) -> None:
        """Odoo's runs on while it works, Amazon's stands still."""
        there = datetime.fromisoformat(control(self._url, "GET", "clock")["now"]).replace(tzinfo=None)
        seconds = (self._clock.now() - there).total_seconds()
        control(self._url, "POST", "clock/advance", seconds=max(0, seconds))

    def _happen(self, minute: int) -> None:
        now = self._clock.now()
        for seller in (self._polled, self._notified):
            for _order in range(self._own[minute]):
                seller.ship_next(now)
            for _order in range(self._sold[minute]):
                seller.sell(now)


def by_server(host, shop: Shop, seller: Watched, size) -> list[float]:
    """Real seconds from each shipment until an Odoo server has booked it."""
    with shop.environment() as env:
        others = env["fba.account"].search([("id", "!=", seller.account(env).id), ("paused", "=", False)])
        others.paused = True
        env["ir.cron"].search([("cron_name", "not ilike", "Fulfillment by Amazon")]).active = False  # their first runs
    options = ("--max-cron-threads", "2", "--no-http", "--log-level", "error")
    server = subprocess.Popen(host.odoo("server", "--database", OURS, *options), start_new_session=True)
    try:

        def is_heard() -> bool:
            with shop.environment() as env:
                return bool(seller.account(env).queue_state_id.read_at)

        until(is_heard, WITHIN_S, "the server listens")
        seconds = []
        for _order in range(size.live):
            start = time.perf_counter()
            seller.ship_next(None)
            until(seller.is_booked, WITHIN_S, "a shipment is booked")
            seconds.append(time.perf_counter() - start)
    finally:
        server.terminate()
        server.wait()
    seller.open.clear()
    with shop.environment() as env:
        env["fba.account"].browse(others.ids).paused = False
        env["fba.call.count"].search([]).unlink()
    return seconds


def spread(seconds: list[float]) -> dict[str, float]:
    if not seconds:
        return {}
    ordered = sorted(seconds)
    return {
        "median": round(statistics.median(ordered), 1),
        "p95": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "most": round(ordered[-1], 1),
        "changes": len(ordered),
    }


if __name__ == "__main__":
    sys.exit(main())
