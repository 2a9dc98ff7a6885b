"""Control of notifications: where the queues are, and how Amazon treats them."""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from ..api.queues import Queues
from .controlled_world import ControlledWorld
from .input import ControlError, Input
from .journal import MASK


def get_notifications(world: ControlledWorld, call: Input) -> Any:
    """All settings, the secret masked."""
    kept = world.notifications
    counters = {"destinations": len(kept.destinations), "subscriptions": len(kept.subscriptions)}
    return {**asdict(world.queues), "secret_key": MASK, **counters}


def put_notifications(world: ControlledWorld, call: Input) -> Any:
    """Change settings; those not named stay."""
    kinds = {it.name: type(it.default) for it in fields(Queues)}
    unknown = sorted(set(call.body) - set(kinds))
    if unknown:
        raise ControlError(f"unknown settings: {', '.join(unknown)}; known: {', '.join(kinds)}")
    changes = {name: call.flag(name, False) if kinds[name] is bool else call.text(name, "") for name in call.body}
    for name, value in changes.items():
        setattr(world.queues, name, value)
    return get_notifications(world, call)


CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (
    ("GET", "notifications", get_notifications),
    ("PUT", "notifications", put_notifications),
)
