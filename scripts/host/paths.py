"""Where the built host lives: outside the checkout, so that a second checkout reuses it."""

import hashlib
import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def cache_dir() -> Path:
    """`FBA_HOST_DIR`, else the user's cache folder."""
    if override := os.environ.get("FBA_HOST_DIR"):
        return Path(override).expanduser().resolve()
    base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return (base / "fba_connector").resolve()


def keyed(name: str, *parts: str | Path) -> Path:
    """A folder of the cache named after what it is built from: other pins, another folder.

    `parts` are texts or files whose content counts.
    """
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part.read_bytes() if isinstance(part, Path) else part.encode())
        digest.update(b"\0")
    return cache_dir() / f"{name}-{digest.hexdigest()[:12]}"
