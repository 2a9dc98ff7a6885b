"""How near creates come to Amazon's plan (2 a second after a burst of 30), at 300 ms latency, and how many are refused.

Baseline in the same run: one call after the other with no pace of our own, repeated a second after each refusal.
"""

import dataclasses
import sys
import time
from collections.abc import Callable
from datetime import datetime, timezone

from .common import CREDENTIALS, control, load_gateway, process, report

amazon = load_gateway()

RATE = 2.0  # Amazon's plan, after a burst of 30
ORDERS = 120
MEASURED = 30  # the last ones: by then the burst is over, also for who sends one by one
LATENCY_S = 0.3

ORDER = amazon.CreateOrder(
    order_id="",
    displayable_order_id="S00042",
    displayable_at=datetime(2026, 11, 23, tzinfo=timezone.utc),
    comment="Thanks",
    shipping_speed="Standard",
    policy="FillAllAvailable",
    hold=False,
    address=amazon.Address("Eva Muster", "1 Main Street", None, None, "Portland", "OR", "97201", "US", None),
    items=(amazon.CreateItem("1", "SKU-1", 1),),
    marketplace_id="ATVPDKIKX0DER",
)


def main() -> int:
    orders = [dataclasses.replace(ORDER, order_id=f"B-{number}") for number in range(ORDERS)]
    ours, ours_refused = measure(lambda gateway: [time.monotonic() for _ in gateway.create_fulfillment_orders(orders)])
    plain, plain_refused = measure(lambda gateway: [send_plainly(gateway, order) for order in orders])
    share = ours / RATE
    return report(
        "push_pace",
        {"at least 95 % of the plan": share >= 0.95, "under 1 % refused": ours_refused < 0.01},
        orders=len(orders),
        share_of_plan=round(share, 3),
        refused=round(ours_refused, 4),
        baseline_share_of_plan=round(plain / RATE, 3),
        baseline_refused=round(plain_refused, 4),
        ratio=round(ours / plain, 3),
    )


def measure(send: Callable) -> tuple[float, float]:
    """(successes a second after the burst, share of answers 429) at a simulator of its own."""
    with process("-m", "amazon_simulator", "--port", "0") as url:
        control(url, "PUT", "stock/SKU-1", fulfillable=10_000)
        control(url, "POST", "settings", latency_seconds=LATENCY_S)
        connection = amazon.Connection(url, f"{url}/auth/o2/token", *CREDENTIALS)
        with amazon.Gateway(connection) as gateway:
            done = send(gateway)
        journal = control(url, "GET", "journal?operation=createFulfillmentOrder")
    statuses = [call["status"] for call in journal]
    if statuses.count(200) != ORDERS:
        raise SystemExit(f"not every order was accepted: {statuses}")
    return MEASURED / (done[-1] - done[-1 - MEASURED]), statuses.count(429) / len(statuses)


def send_plainly(gateway, order) -> float:
    """What most connectors do; a new gateway's pace each time is no pace at all."""
    while True:
        connection = gateway._transport.connection
        with amazon.Gateway(connection, deadline_s=0, pace=amazon.Pace()) as plain:
            plain._transport.token = gateway._transport.token
            try:
                plain.create_fulfillment_order(order)
            except amazon.Throttled:
                time.sleep(1)
            else:
                return time.monotonic()


if __name__ == "__main__":
    sys.exit(main())
