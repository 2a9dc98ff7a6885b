"""The steps the clock takes with an MCF order that nobody touched.

The delays are the simulator's own: Amazon takes hours. The rules of policy and hold are Amazon's; source: Fulfillment
Outbound 2020-07-01, FulfillmentPolicy and FulfillmentAction, and the MCF documentation for 24 hours and 14 days. They
count from the creation of an order, or from its release after a hold.
"""

from datetime import datetime, timedelta
from typing import Protocol

from .fulfillment import FulfillmentOrder
from .shipments import Package

RECEIVED_AFTER = timedelta(minutes=1)
PLANNING_AFTER = timedelta(minutes=5)
PROCESSING_AFTER = timedelta(minutes=30)
SHIPS_AFTER = timedelta(hours=2)
FILL_ALL_WAITS = timedelta(hours=24)
HOLD_LASTS = timedelta(days=14)


class Numbers(Protocol):
    """Source of shipment and package numbers: the world."""

    def new_shipment_id(self) -> str: ...

    def new_package_number(self) -> int: ...


_TO_PROCESSING = (
    (RECEIVED_AFTER, "Received"),
    (PLANNING_AFTER, "Planning"),
    (PROCESSING_AFTER, "Processing"),
)


def due_at(order: FulfillmentOrder, auto_ship: bool) -> datetime | None:
    """When the clock next touches `order`; None when it does not."""
    times = [at for at in (_next_step_at(order, auto_ship), order.cancel_at, order.reserve_at) if at is not None]
    return min(times, default=None)


def _next_step_at(order: FulfillmentOrder, auto_ship: bool) -> datetime | None:
    if order.manual or not order.is_open:
        return None
    step = order.steps_done
    if order.action == "Hold":
        delays = [RECEIVED_AFTER, HOLD_LASTS]
    else:
        delays = [delay for delay, _ in _TO_PROCESSING]
        if auto_ship:
            delays += [SHIPS_AFTER, FILL_ALL_WAITS]
    if step >= len(delays):
        return None
    at = order.starts_at + delays[step]
    if order.action != "Hold" and delays[step] >= PROCESSING_AFTER and order.reserve_at is not None:
        return max(at, order.reserve_at)  # nothing is packed that is not reserved
    return at


def take_step(order: FulfillmentOrder, now: datetime, numbers: Numbers) -> None:
    """Do what is due at `now`."""
    if order.cancel_at is not None and order.cancel_at <= now:
        order.cancel(now)
        return
    if order.reserve_at is not None and order.reserve_at <= now:
        order.reserve_at = None
        order.reserve()
        return
    step = order.steps_done
    order.steps_done += 1
    if order.action == "Hold":
        if step == 0:
            order.set_status("Received", now)
        else:
            order.cancel(now)
    elif step < len(_TO_PROCESSING):
        order.set_status(_TO_PROCESSING[step][1], now)
        if order.status == "Processing":
            order.pack(numbers.new_shipment_id, max(order.starts_at + SHIPS_AFTER, now), now)
    else:
        _ship_by_policy(order, now, numbers, last_chance=step > len(_TO_PROCESSING))


def _ship_by_policy(order: FulfillmentOrder, now: datetime, numbers: Numbers, last_chance: bool) -> None:
    """Ship the held units and give up the rest, as far as the policy allows."""
    complete = order.reserve()
    if not complete and order.policy == "FillAll" and not last_chance:
        return
    if not complete and order.policy == "FillOrKill":
        order.give_up([(line, line.open) for line in order.lines], now)
        return
    held = [(line, line.claim.reserved) for line in order.lines if line.claim.reserved]
    short = [(line, line.open - line.claim.reserved) for line in order.lines if line.open > line.claim.reserved]
    for line, units in short:
        line.unfulfillable += units
    if held:
        number = numbers.new_package_number()
        shipment_id = order.pending.shipment_id if order.pending else numbers.new_shipment_id()
        order.ship(shipment_id, [Package(number, "UPS", f"1ZSIM{number:08d}", held)], now, now)
    else:
        order.settle(now)
