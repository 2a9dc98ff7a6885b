"""What the clock does to an MCF order nobody touched.

The delays are the simulator's own: Amazon takes hours. The rules of policy and hold are Amazon's; source: Fulfillment
Outbound 2020-07-01, FulfillmentPolicy and FulfillmentAction, and the MCF documentation for 24 hours and 14 days.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from .fulfillment import FulfillmentOrder, Line

RECEIVED_AFTER = timedelta(minutes=1)
PLANNING_AFTER = timedelta(minutes=5)
PROCESSING_AFTER = timedelta(minutes=30)
SHIPS_AFTER = timedelta(hours=2)
FILL_ALL_WAITS = timedelta(hours=24)
HOLD_LASTS = timedelta(days=14)

Ship = Callable[[FulfillmentOrder, list[tuple[Line, int]], datetime], None]
"""Makes one shipment with one package of these units; the caller numbers them."""

_TO_PROCESSING = (
    (RECEIVED_AFTER, "Received"),
    (PLANNING_AFTER, "Planning"),
    (PROCESSING_AFTER, "Processing"),
)


def due_at(order: FulfillmentOrder, auto_ship: bool) -> datetime | None:
    """When the clock next touches `order`; None when it does not."""
    if order.manual or not order.is_open:
        return None
    step = order.steps_done
    if order.action == "Hold":
        delays = [RECEIVED_AFTER, HOLD_LASTS]
    else:
        delays = [delay for delay, _ in _TO_PROCESSING]
        if auto_ship:
            delays += [SHIPS_AFTER, FILL_ALL_WAITS]
    return order.created_at + delays[step] if step < len(delays) else None


def take_step(order: FulfillmentOrder, now: datetime, ship: Ship) -> None:
    """Do what is due at `now`."""
    step = order.steps_done
    order.steps_done += 1
    if order.action == "Hold":
        if step == 0:
            order.set_status("Received", now)
        else:
            order.cancel(now)
    elif step < len(_TO_PROCESSING):
        order.set_status(_TO_PROCESSING[step][1], now)
    else:
        _ship_by_policy(order, now, ship, last_chance=step > len(_TO_PROCESSING))


def _ship_by_policy(order: FulfillmentOrder, now: datetime, ship: Ship, last_chance: bool) -> None:
    """Ship what is held and give up the rest, as far as the policy allows."""
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
        ship(order, held, now)
    else:
        order.settle(now)
