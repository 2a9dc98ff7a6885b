"""`python3 -m scripts COMMAND`: set up what is missing, then run the command on the host.

Runs on the machine's own Python with nothing installed; the commands themselves run on the host's.
"""

import argparse
import contextlib
import os
import sys

from .host import debian, odoo, python
from .host.paths import ROOT, cache_dir
from .host.postgres import Cluster
from .host.step import SetupError, exclusive, say

COMMANDS = {
    "setup": "build the host only",
    "demo": "a database with the add-on, a simulated Amazon, orders fulfilled, a table of the result",
    "serve": "the demo's database with the web client on 127.0.0.1",
    "test": "all tests",
    "chaos": "bad days by the hundred, or with planted bugs",
    "worlds": "the core of the tests and bad days under other settings of Odoo",
    "check": "linters and type checks",
    "bench": "benchmarks, each against a baseline",
    "year": "a year of orders, in a database that stays",
    "scale": "a simulated day of many orders and workers",
    "i18n": "the template of all words to translate",
    "screenshots": "take the pictures of the documentation",
}


def main() -> int:
    parser = argparse.ArgumentParser(prog="python3 -m scripts", description=__doc__, allow_abbrev=False)
    parser.add_argument(
        "command", choices=COMMANDS, help="; ".join(f"{name}: {text}" for name, text in COMMANDS.items())
    )
    parser.add_argument("words", nargs=argparse.REMAINDER, help="passed on to the command")
    arguments = parser.parse_args()
    if sys.version_info < (3, 10):  # noqa: UP036 (said here, before newer syntax fails unexplained)
        say("Odoo 19 needs Python 3.10 or later.")
        return 1
    try:
        with contextlib.redirect_stdout(sys.stderr):  # standard output is the command's result
            host_python, odoo_home = build()
    except SetupError as error:
        say(f"\nSet-up stopped: {error}")
        return 1
    except OSError as error:
        say(f"\nSet-up stopped: {error}. FBA_HOST_DIR=/another/folder puts the host elsewhere.")
        return 1
    if arguments.command == "setup":
        say(f"The host is ready in {cache_dir()}.")
        return 0
    os.chdir(ROOT)
    sys.stdout.flush()
    environment = {**os.environ, "FBA_ODOO": str(odoo_home), "PYTHONUNBUFFERED": "1"}
    # Odoo is started again and again: Python keeps what it has compiled of it.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    command = [str(host_python), "-m", f"scripts.{arguments.command}", *arguments.words]
    os.execve(host_python, command, environment)  # noqa: S606 (our own interpreter)


def build() -> tuple:
    """Every step, each skipped when done: the host's Python and Odoo's home."""
    say(f"==> Host in {cache_dir()} (FBA_HOST_DIR=… puts it elsewhere)")
    with exclusive("setup"):
        debian.install_missing()
        odoo_home = odoo.install()
        host_python = python.install(odoo_home)
        Cluster().install()
    return host_python, odoo_home


if __name__ == "__main__":
    sys.exit(main())
