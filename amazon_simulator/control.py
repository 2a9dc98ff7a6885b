"""The control plane under /_simulator/: everything a test may do that a seller cannot.

Each function answers JSON; ControlError (or any ValueError) becomes 400 `{"error": text}`.
What moves MCF orders and sales is in `control_orders.py`, `control_sales.py`.
"""

from collections.abc import Callable
from dataclasses import asdict, fields
from typing import Any

from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request

from . import control_orders, control_sales
from .clock import dump_time
from .control_input import Input
from .errors import ControlError
from .faults import Fault
from .routes import OPERATIONS
from .sellers import Seller
from .world import Settings, World

PREFIX = "/_simulator/"
JOURNALED = {*OPERATIONS, "lwaToken", "unknown"}


def reset(world: World, call: Input) -> Any:
    world.reset()
    return {}


def get_clock(world: World, call: Input) -> Any:
    return {"now": dump_time(world.clock.now)}


def advance(world: World, call: Input) -> Any:
    seconds = call.number("seconds")
    if seconds < 0:
        raise ControlError("time does not go back")
    return {"now": dump_time(world.advance(seconds))}


def change_settings(world: World, call: Input) -> Any:
    kinds = {setting.name: type(getattr(Settings(), setting.name)) for setting in fields(Settings)}
    for name, value in call.body.items():
        if name not in kinds:
            raise ControlError(f"unknown setting {name!r}; known: {', '.join(kinds)}")
        if type(value) is not kinds[name]:
            raise ControlError(f"{name} must be of type {kinds[name].__name__}")
        if name.endswith("_size") and value < 1:
            raise ControlError(f"{name} must be at least 1")
    for name, value in call.body.items():
        setattr(world.settings, name, value)
    return asdict(world.settings)


def put_seller(world: World, call: Input) -> Any:
    """A new seller; for a known refresh token: new credentials and marketplaces, what it owns stays."""
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


def revoke_seller(world: World, call: Input) -> Any:
    """The refresh token and all its access tokens stop working."""
    seller = world.sellers.get(call.text("refresh_token"))
    if seller is None:
        raise ControlError("unknown refresh token")
    seller.revoked = True
    return {}


def put_stock(world: World, call: Input) -> Any:
    fulfillable = call.units("fulfillable", fewest=0)
    item = world.set_stock(
        call.seller(world), call.path["seller_sku"], fulfillable, call.text("asin", ""), call.text("fnsku", "")
    )
    return asdict(item)


def get_stock(world: World, call: Input) -> Any:
    return {sku: asdict(item) for sku, item in call.seller(world).stock.items()}


def arm_fault(world: World, call: Input) -> Any:
    known = {field.name for field in fields(Fault)}
    unknown = sorted(set(call.body) - known)
    if unknown:
        raise ControlError(f"unknown keys: {', '.join(unknown)}; known: {', '.join(sorted(known))}")
    operation = call.text("operation")
    if operation not in {*OPERATIONS, "lwaToken", "*"}:
        raise ControlError(f"unknown operation {operation!r}; known: {', '.join([*OPERATIONS, 'lwaToken', '*'])}")
    fault = Fault(**{"operation": operation, "kind": call.text("kind"), **call.body})
    world.faults.arm(fault)
    return asdict(fault)


def clear_faults(world: World, call: Input) -> Any:
    world.faults.clear()
    return {}


def get_journal(world: World, call: Input) -> Any:
    operation = call.query.get("operation")
    if operation is not None and operation not in JOURNALED:
        raise ControlError(f"unknown operation {operation!r}; known: {', '.join(sorted(JOURNALED))}")
    return world.journal.dump(operation)


def clear_journal(world: World, call: Input) -> Any:
    world.journal.clear()
    return {}


Control = Callable[[World, Input], Any]
CALLS: tuple[tuple[str, str, Control], ...] = (
    ("POST", "reset", reset),
    ("GET", "clock", get_clock),
    ("POST", "clock/advance", advance),
    ("POST", "settings", change_settings),
    ("POST", "sellers", put_seller),
    ("POST", "sellers/revoke", revoke_seller),
    ("PUT", "stock/<path:seller_sku>", put_stock),
    ("GET", "stock", get_stock),
    ("POST", "faults", arm_fault),
    ("DELETE", "faults", clear_faults),
    ("GET", "journal", get_journal),
    ("DELETE", "journal", clear_journal),
    *control_orders.CALLS,
    *control_sales.CALLS,
)
_MAP = Map(
    [Rule(PREFIX + path, methods=[method], endpoint=str(number)) for number, (method, path, _) in enumerate(CALLS)],
    strict_slashes=False,
    merge_slashes=False,
)


def handle(world: World, request: Request) -> Any:
    """Do one control call. Raises ValueError, and werkzeug's HTTPException for an unknown URL."""
    number, arguments = _MAP.bind("simulator").match(request.path, request.method)
    return CALLS[int(number)][2](world, Input.read(request, dict(arguments)))
