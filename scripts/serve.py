"""`make serve`: the demo's database with the web client, its simulator beside it, until Ctrl-C."""

import argparse
import contextlib
import signal
import subprocess
import sys
import time
from collections.abc import Iterator

import requests

from . import demo, demo_database
from .host.database import LOGIN, PASSWORD, Host, running_host
from .host.step import SetupError, exclusive, say, step
from .simulator import NEW_DEMO, Simulator, free_port, running_simulator

WEB_PORT = 8069
START_TIMEOUT_S = 120


def main() -> int:
    if not demo_database.is_made() and (status := demo.main()):
        return status
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with web_client() as (url, server, simulator):
        say(f"\n    Odoo       {url}/odoo/fulfillment-by-amazon   login {LOGIN}, password {PASSWORD}")
        say(f"    Amazon     {simulator.url}/   see what arrives, ship it, sell, let time pass (docs/simulator.md)")
        say("    Ctrl-C ends all of it.\n")
        try:
            return server.wait()
        except KeyboardInterrupt:
            say("\nEnding Odoo, the simulator and PostgreSQL.")
            return 0


@contextlib.contextmanager
def web_client() -> Iterator[tuple[str, subprocess.Popen, Simulator]]:
    """The demo's Odoo server and simulator; ended together."""
    state = demo_database.state_file()
    with exclusive(demo_database.NAME), running_host() as host, running_simulator(state, live=True) as simulator:
        bring_up_to_date(host)
        prepare(simulator)
        port = free_port(WEB_PORT)
        options = ("--http-port", str(port), "--log-level", "warn", "--db-filter", f"^{demo_database.NAME}$")
        command = host.odoo("server", "--database", demo_database.NAME, *options)
        server = subprocess.Popen(command, start_new_session=True)
        try:
            wait_until_up(server, f"http://127.0.0.1:{port}/web/login")
            yield f"http://127.0.0.1:{port}", server, simulator
        finally:
            server.terminate()
            server.wait()


def bring_up_to_date(host: Host) -> None:
    """The add-on may have changed since the demo was made."""
    with step("The demo's database for the add-on as it is now"):
        try:
            host.update(demo_database.NAME)
        except SetupError as error:
            raise SetupError(f"{error}\n\nThe demo could not be updated. {NEW_DEMO}") from error


def prepare(simulator: Simulator) -> None:
    """In a process of its own: this one only watches the others."""
    code = (
        "from scripts import demo_database, simulator\n"
        "from scripts.host.database import running_host\n"
        "with running_host() as host, demo_database.administrator(host) as env:\n"
        f"    demo_database.point_account_at(env, simulator.Simulator({simulator.url!r}))\n"
        "    demo_database.run_scheduler(env)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def wait_until_up(server: subprocess.Popen, url: str) -> None:
    deadline = time.monotonic() + START_TIMEOUT_S
    while time.monotonic() < deadline:
        if server.poll() is not None:
            raise SetupError("Odoo ended while it started; its messages stand above.")
        try:
            if requests.get(url, timeout=30).ok:
                return
        except (requests.ConnectionError, requests.Timeout):
            time.sleep(0.5)
    raise SetupError(f"Odoo did not answer on {url} within {START_TIMEOUT_S} s.")


if __name__ == "__main__":
    argparse.ArgumentParser(prog="make serve", description=__doc__, allow_abbrev=False).parse_args()
    try:
        sys.exit(main())
    except SetupError as error:
        say(f"\nStopped: {error}")
        sys.exit(1)
