"""The virtual environment: Odoo's dependencies, the SP-API library, boto3, test tools, all pinned."""

import shutil
import sys
from pathlib import Path

from .paths import ROOT, cache_dir, keyed
from .step import is_done, mark_done, run, step

PINS = tuple(ROOT / f"requirements/{name}.txt" for name in ("host", "dev", "notifications"))


def install(odoo_home: Path) -> Path:
    """The environment's Python, built on first use."""
    target = keyed("venv", sys.version, str(odoo_home), *PINS)
    python = target / "bin/python"
    if not is_done(target):
        with step("Python packages (about 100, pinned)"):
            shutil.rmtree(target, ignore_errors=True)
            run(
                [sys.executable, "-m", "venv", target],
                hint="Python's venv is missing: install Debian's python3-venv.",
            )
            run(
                [
                    python,
                    "-m",
                    "pip",
                    "install",
                    "--no-deps",
                    "--cache-dir",
                    cache_dir() / "pip",
                    *(word for pin in PINS for word in ("-r", pin)),
                ],
                hint="Check the network, then repeat this command; what was downloaded is kept.",
            )
            # `import odoo` and `python -m odoo` without installing Odoo.
            site = next(target.glob("lib/python3.*/site-packages"))
            (site / "odoo_host.pth").write_text(f"{odoo_home}\n")
            mark_done(target)
    return python
