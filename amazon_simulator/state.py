"""Keeping a world over restarts, in one file that only the simulator reads."""

import pickle
from pathlib import Path

from .world import World


def save(world: World, path: Path) -> None:
    """Write `world` so that an interrupted save leaves the old file."""
    with world.lock:
        state = {name: value for name, value in vars(world).items() if name != "lock"}
        draft = path.with_suffix(".new")
        draft.write_bytes(pickle.dumps(state))
    draft.replace(path)


def load(world: World, path: Path) -> bool:
    """Bring `world` to what was saved; False where nothing was. Only for files of one's own: pickle runs code."""
    if not path.exists():
        return False
    with world.lock:
        vars(world).update(pickle.loads(path.read_bytes()))  # noqa: S301
    return True
