"""Control of notifications: where the queues are, how messages come to them, and messages of any content."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from ..api.notifications_envelope import Message, Times
from ..api.notifications_kept import Subscription
from ..api.queues import Queues
from .armed import is_number
from .controlled_world import ControlledWorld
from .input import ControlError, Input
from .journal import MASK

SHARES = ("duplicates", "loss")
COUNTERS = ("published", "duplicated", "lost", "refused")
KNOWN = (*(it.name for it in fields(Queues)), *SHARES, "disorder", "seed")
MESSAGE_KEYS = ("seller", "type", "payload", "version", "event_time", "body")


def get_notifications(world: ControlledWorld, call: Input) -> Any:
    """All settings, the secret masked, and the counters."""
    kept, delivery = world.notifications, world.delivery
    return {
        **asdict(world.queues),
        "secret_key": MASK,
        **{name: getattr(delivery, name) for name in (*SHARES, "disorder", "seed", *COUNTERS)},
        "waiting": len(kept.outbox) + len(delivery.waiting) + delivery.sending,
        "destinations": len(kept.destinations),
        "subscriptions": len(kept.subscriptions),
    }


def put_notifications(world: ControlledWorld, call: Input) -> Any:
    """Change settings; those not named stay. The dice start anew."""
    _check_keys(call, KNOWN)
    changes = {name: _setting(call, name) for name in call.body}
    for name, value in changes.items():
        setattr(world.delivery if hasattr(world.delivery, name) else world.queues, name, value)
    world.delivery.restart()
    return get_notifications(world, call)


def post_message(world: ControlledWorld, call: Input) -> Any:
    """A message that no change made, to the seller's subscriptions of the type.

    Of a type without subscription it goes to each queue that the seller has a subscription for. Raises ControlError.
    """
    _check_keys(call, MESSAGE_KEYS)
    seller, kept = call.seller(world), world.notifications
    notification_type = call.text("type", "" if "body" in call.body else None)
    found = kept.subscriptions_of(seller.refresh_token, notification_type) or _one_a_queue(world, seller.refresh_token)
    queues = [(it, arn) for it in found if (arn := kept.arn_of(it)) is not None]
    if not queues:
        raise ControlError("the seller has no subscription to a queue")
    if "body" in call.body:
        body = call.text("body", "")
        kept.outbox.extend(Message(arn, body) for _it, arn in queues)
        return {"messages": len(queues), "notification_ids": []}
    payload = call.part(call.body.get("payload")).body
    times, version = Times(call.time("event_time", world.clock.now), world.clock.now), call.text("version", "") or None
    sent = [kept.send(it, notification_type, payload, times, version) for it, _arn in queues]
    return {"messages": len(queues), "notification_ids": sent}


def _one_a_queue(world: ControlledWorld, seller: str) -> list[Subscription]:
    """The seller's oldest subscription for each of its destinations."""
    found: dict[str, Subscription] = {}
    for it in world.notifications.subscriptions.values():
        if it.seller == seller:
            found.setdefault(it.destination_id, it)
    return list(found.values())


def _check_keys(call: Input, known: tuple[str, ...]) -> None:
    unknown = sorted(set(call.body) - set(known))
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(known)}")


def _setting(call: Input, name: str) -> Any:
    """The value as this setting wants it. Raises ControlError."""
    if name in SHARES:
        value = call.body[name]
        if not is_number(value) or not 0 <= value <= 1:
            raise ControlError(f"{name} must be a number from 0 to 1")
        return float(value)
    if name == "seed":
        return call.units("seed", fewest=0)
    if name in ("disorder", "checks_policy", "silent"):
        return call.flag(name, False)
    text = call.text(name, "")
    if name == "sqs_endpoint" and text and not text.startswith(("http://", "https://")):
        raise ControlError("sqs_endpoint must be a URL, or empty")
    return text


CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (
    ("GET", "notifications", get_notifications),
    ("PUT", "notifications", put_notifications),
    ("POST", "notifications/messages", post_message),
)
