"""A world saved across restarts, in one file that only the simulator reads."""

import pickle
from pathlib import Path

from .world import World

FORMAT = 7
"""Counts up when saved worlds no longer fit: a half-fitting one would fail later, and less clearly."""


class OtherFormat(ValueError):
    """The file was saved by another version of the simulator."""


def save(world: World, path: Path) -> None:
    """Write `world` so that an interrupted save leaves the old file."""
    with world.lock:
        state = {name: value for name, value in vars(world).items() if name not in ("lock", "live")}
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps((FORMAT, state)))
    draft.replace(path)


def load(world: World, path: Path) -> bool:
    """Load the saved state into `world`; False if there is none. Only for files of one's own: pickle runs code.

    Raises OtherFormat.
    """
    if not path.exists():
        return False
    try:
        written, state = pickle.loads(path.read_bytes())  # noqa: S301
    except (AttributeError, ImportError, TypeError, ValueError):  # its classes have moved, or it is no pair
        written, state = None, {}
    if written != FORMAT:
        raise OtherFormat(f"{path} was saved by another version of the simulator; delete it to start over")
    with world.lock:
        vars(world).update(state)
    return True
