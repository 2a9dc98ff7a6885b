"""`make test`: gateway and simulator without Odoo, the add-on on Odoo with tours in a real browser, killed
workers, its removal, that benchmarks run."""

import argparse
import os
import subprocess
import sys

from .host.database import running_host
from .host.paths import ROOT, keyed
from .host.step import SetupError, exclusive, say, step

DATABASE = f"fba_test_{keyed('test', str(ROOT)).name[-6:]}"
CRASH_DATABASE = DATABASE.replace("test", "crash")  # what workers do there stays


def main() -> int:
    parser = argparse.ArgumentParser(prog="make test")
    parser.add_argument(
        "part",
        nargs="?",
        choices=("all", "plain", "odoo", "crash", "life", "bench"),
        default="all",
        help="which tests (default: all)",
    )
    parser.add_argument("--keep", action="store_true", help="use the test database as the last run left it")
    parser.add_argument("--kits", action="store_true", help="only what needs Manufacturing, on a database that has it")
    arguments, words = parser.parse_known_args()  # the rest is pytest's
    statuses = []
    if arguments.part in ("all", "plain"):
        say("==> Gateway and simulator, without Odoo")
        # Without its plugin: pytest-odoo wants a database for every test.
        statuses.append(run(["-p", "no:odoo", *(words or ["tests"])]))
    if arguments.part in ("all", "odoo"):
        with exclusive(DATABASE), running_host() as host:
            odoo = [
                f"--odoo-database={DATABASE}",
                f"--odoo-config={host.config}",
                "--odoo-http",
                "--odoo-log-level=warn",
            ]
            if not arguments.keep:
                host.fresh(DATABASE)
            if not arguments.kits:
                say("==> The add-on on Odoo, in Chromium too")
                statuses.append(run([*odoo, *(words or ["fba_connector/tests"])]))
            if arguments.kits or not words:
                # Last: from here on the database has Manufacturing, and most shops do not.
                with step("Manufacturing on the test database"):
                    host.install(DATABASE, "sale_mrp")
                say("==> Kits, with Manufacturing")
                statuses.append(run([*odoo, *(words or ["fba_connector/tests/test_kits.py"])]))
    if arguments.part in ("all", "crash") and not arguments.kits:
        with exclusive("crash-tests"), running_host() as host:  # one at a time: they kill PostgreSQL too
            host.fresh(CRASH_DATABASE)
            with host.moved(CRASH_DATABASE) as own:
                say("==> Workers that are killed")
                # Not on its plugin either: Odoo's test mode would commit nothing.
                plain = ["-p", "no:odoo", f"--database={CRASH_DATABASE}", f"--config={own.config}"]
                statuses.append(run([*plain, *(words or ["crash_tests"])]))
    if arguments.part in ("all", "life") and not (arguments.kits or (words and arguments.part == "all")):
        say("==> Installed, updated, removed")
        statuses.append(run(["-p", "no:odoo", *(words or ["life_tests"])]))
    if arguments.part == "bench" or (arguments.part == "all" and not (words or arguments.kits)):
        say("==> Benchmarks: only that they run")
        statuses.append(subprocess.run([sys.executable, "-m", "scripts.bench", "--quick"], cwd=ROOT).returncode)
    return max(statuses)


def run(words: list[str]) -> int:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-m", "pytest", *words], cwd=ROOT, env=environment, check=False).returncode


if __name__ == "__main__":
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nThe tests stopped: {error}")
        sys.exit(1)
