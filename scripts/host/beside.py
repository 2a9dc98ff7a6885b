"""Add-ons of others, pinned, in a folder of their own."""

import shutil
import sys
from pathlib import Path

from .paths import ROOT, cache_dir, keyed
from .step import is_done, mark_done, run, step

# What sellers have beside ours; what fba_connector_queue depends on.
PINS = {name: ROOT / f"requirements/{name}.txt" for name in ("beside", "queue")}


def install(pins: Path) -> Path:
    """The folder for Odoo's add-ons path, built on first use."""
    target = keyed("beside", pins)
    if not is_done(target):
        with step("Add-ons of others (pinned)"):
            shutil.rmtree(target, ignore_errors=True)
            pip = [sys.executable, "-m", "pip", "install", "--no-deps", "--cache-dir", cache_dir() / "pip"]
            run([*pip, "--target", target, "-r", pins], hint="Check the network, then repeat this command.")
            mark_done(target)
    return target / "odoo/addons"
