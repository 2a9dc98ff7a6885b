"""Control of the simulator as a whole: reset, clock, settings, sellers, faults, habits, journal."""

import math
from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from ..api.catalog import CALL_NAMES
from ..api.report_file import codec
from ..world.clock import dump_time
from ..world.sellers import Seller
from ..world.world import Settings
from .controlled_world import ControlledWorld
from .faults import Fault
from .habits import Habit
from .input import ControlError, Input

FAULTY = (*CALL_NAMES, "*")
JOURNALED = {*CALL_NAMES, "unknown"}


def reset(world: ControlledWorld, call: Input) -> Any:
    world.reset()
    return {}


def get_clock(world: ControlledWorld, call: Input) -> Any:
    return {"now": dump_time(world.clock.now)}


def advance(world: ControlledWorld, call: Input) -> Any:
    seconds = call.number("seconds")
    if seconds < 0:
        raise ControlError("seconds must not be negative: the clock only moves forward")
    try:
        now = world.advance(seconds)
    except OverflowError:  # beyond the year 9999
        raise ControlError(f"the clock cannot move by {seconds} seconds") from None
    world.throttle.skip(seconds)
    return {"now": dump_time(now)}


def change_settings(world: ControlledWorld, call: Input) -> Any:
    changes = {name: _setting(name, value) for name, value in call.body.items()}
    for name, value in changes.items():
        setattr(world.settings, name, value)
    return asdict(world.settings)


def _setting(name: str, value: Any) -> Any:
    """`value` as this setting wants it. Raises ControlError."""
    kinds = {setting.name: type(getattr(Settings(), setting.name)) for setting in fields(Settings)}
    if name not in kinds:
        raise ControlError(f"unknown setting {name!r}; known: {', '.join(kinds)}")
    if kinds[name] is float and type(value) is int:
        value = float(value)
    if type(value) is not kinds[name]:
        raise ControlError(f"{name} must be of type {kinds[name].__name__}")
    if type(value) in (int, float) and not (value >= 0 and math.isfinite(value)):
        raise ControlError(f"{name} must not be negative")
    if name.endswith("_size") and value < 1:
        raise ControlError(f"{name} must be at least 1")
    if name == "report_charset":
        _check_charset(value)
    if name == "plan_factor" and value == 0:
        raise ControlError("plan_factor must be greater than 0")
    return value


def _check_charset(charset: str) -> None:
    try:
        codec(charset)
    except (LookupError, ValueError):
        raise ControlError(f"unknown charset {charset!r}") from None


def put_seller(world: ControlledWorld, call: Input) -> Any:
    """A new seller; for a known refresh token: new credentials and marketplaces, its stock and orders stay."""
    token = call.text("refresh_token")
    client_id, client_secret = call.text("client_id"), call.text("client_secret")
    marketplace_ids = call.texts("marketplace_ids")
    known = world.sellers.get(token)
    if known is None:
        world.sellers[token] = Seller(client_id, client_secret, token, marketplace_ids)
    else:
        known.client_id, known.client_secret = client_id, client_secret
        known.marketplace_ids, known.revoked = marketplace_ids, False
    return {"refresh_token": token}


def revoke_seller(world: ControlledWorld, call: Input) -> Any:
    """The refresh token and all its access tokens stop working."""
    seller = world.sellers.get(call.text("refresh_token"))
    if seller is None:
        raise ControlError("unknown refresh token")
    seller.revoked = True
    return {}


def arm_fault(world: ControlledWorld, call: Input) -> Any:
    known = {field.name for field in fields(Fault)}
    unknown = sorted(set(call.body) - known)
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    operation = call.text("operation")
    if operation not in FAULTY:
        raise ControlError(f"unknown operation {operation!r}; known: {', '.join(FAULTY)}")
    fault = Fault(**{"operation": operation, "kind": call.text("kind"), **call.body})
    world.faults.arm(fault)
    return asdict(fault)


def get_faults(world: ControlledWorld, call: Input) -> Any:
    """The armed faults, oldest first, each with its remaining calls."""
    return [asdict(fault) for fault in world.faults]


def clear_faults(world: ControlledWorld, call: Input) -> Any:
    world.faults.clear()
    return {}


def arm_habit(world: ControlledWorld, call: Input) -> Any:
    habit = Habit.read(call)
    habit.watch(world)
    world.habits.arm(habit)
    return habit.dump()


def get_habits(world: ControlledWorld, call: Input) -> Any:
    """The armed habits, oldest first, each with its remaining calls."""
    return [habit.dump() for habit in world.habits]


def clear_habits(world: ControlledWorld, call: Input) -> Any:
    world.habits.clear()
    return {}


def get_journal(world: ControlledWorld, call: Input) -> Any:
    operation = call.query.get("operation")
    if operation is not None and operation not in JOURNALED:
        raise ControlError(f"unknown operation {operation!r}; known: {', '.join(sorted(JOURNALED))}")
    return world.journal.dump(operation)


def clear_journal(world: ControlledWorld, call: Input) -> Any:
    world.journal.clear()
    return {}


CALLS: tuple[tuple[str, str, Callable[[ControlledWorld, Input], Any]], ...] = (
    ("POST", "reset", reset),
    ("GET", "clock", get_clock),
    ("POST", "clock/advance", advance),
    ("POST", "settings", change_settings),
    ("POST", "sellers", put_seller),
    ("POST", "sellers/revoke", revoke_seller),
    ("POST", "faults", arm_fault),
    ("GET", "faults", get_faults),
    ("DELETE", "faults", clear_faults),
    ("POST", "habits", arm_habit),
    ("GET", "habits", get_habits),
    ("DELETE", "habits", clear_habits),
    ("GET", "journal", get_journal),
    ("DELETE", "journal", clear_journal),
)
