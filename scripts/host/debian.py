"""Debian packages the host cannot do without: the only thing changed outside the cache folder."""

import importlib.util
import os
import shutil
import subprocess
from pathlib import Path

from .step import SetupError, run, say, step

# What must be there -> the package that brings it.
NEEDED = {
    "chromium": "chromium",  # the browser tours and screenshots run in
    "font": "fonts-liberation",  # a headless machine has no font for the web client
    "postgres": "postgresql",  # server binaries; its own cluster is left alone
    "venv": "python3-venv",  # Debian keeps it apart from Python
}


def postgres_bin() -> Path | None:
    """The newest installed server's folder of binaries (pg_ctl, initdb, …)."""
    folders = Path("/usr/lib/postgresql").glob("*/bin/pg_ctl")
    newest = max(folders, key=lambda path: float(path.parts[-3]), default=None)
    if newest:
        return newest.parent
    on_path = shutil.which("pg_ctl")
    return Path(on_path).resolve().parent if on_path else None


def _is_there(need: str) -> bool:
    if need == "postgres":
        return postgres_bin() is not None
    if need == "venv":
        return importlib.util.find_spec("ensurepip") is not None
    if need == "font":
        return any(Path("/usr/share/fonts").rglob("LiberationSans-Regular.ttf"))
    return bool(shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome"))


def missing_packages() -> list[str]:
    return [package for need, package in NEEDED.items() if not _is_there(need)]


def install_missing() -> None:
    """Name what is missing, then install it with apt; without the right to, say the command."""
    packages = missing_packages()
    if not packages:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        raise SetupError(f"This system has no apt. Install these with its own tools: {', '.join(packages)}.")
    with step(f"Debian packages: {', '.join(packages)}"):
        if os.geteuid():
            if subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode:
                raise SetupError(
                    f"Missing Debian packages. Run:\n  sudo {' '.join(command)}\nthen repeat this command."
                )
            command.insert(0, "sudo")
        say("    (installed by apt on this machine; everything else stays in the cache folder)")
        hint = "Check the network and Debian's sources (`apt-get update`), then repeat this command."
        update = [*(["sudo"] if os.geteuid() else []), "apt-get", "update"]
        run([*update, "--quiet"], hint=hint)
        run(command, hint=hint, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"})
