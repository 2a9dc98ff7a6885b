"""How long an order may wait for Amazon before a person gets it: the longest stay in each wait."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Wait:
    """A wait of an order: `since(order)` is when it began (False: it does not wait)."""

    name: str
    since: Callable
    longest: timedelta


def _in_shipping_since(order):
    """The last sign of progress; an order on hold has its own warning."""
    return (
        order.state == "in_shipping"
        and not order.hold
        and max(order.state_since, order.amazon_updated_at or order.state_since)
    )


WAITS = (
    Wait("queued", lambda order: order.state == "queued" and order.state_since, timedelta(hours=24)),
    Wait("submitting", lambda order: order.state == "submitting" and order.state_since, timedelta(hours=24)),
    Wait("in_shipping", _in_shipping_since, timedelta(days=7)),
    Wait("cancellation", lambda order: order.cancel_requested_at, timedelta(hours=24)),
    Wait("contradiction", lambda order: order.contradiction_since, timedelta(hours=24)),
    Wait("reading", lambda order: bool(order.submitted_at) and order.failing_since, timedelta(hours=24)),
)

# Questions to Amazon without a useful answer: asked less and less often, and in the end no more.
FIRST_PAUSE, LATER_PAUSE, LAST_PAUSE = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ASKED_FOR = timedelta(days=30)


def next_try(now, since, count):
    """When to ask again after `count` failures since `since` (naive UTC); False: no more.

    The pause doubles up to an hour; after the first day it is a quarter of the time that has passed, up to a day.
    """
    lasted = now - since
    if lasted >= ASKED_FOR:
        return False
    pause = min(FIRST_PAUSE * 2 ** min(count, 6), LATER_PAUSE)
    if lasted > LAST_PAUSE:
        pause = min(lasted / 4, LAST_PAUSE)
    return now + pause
