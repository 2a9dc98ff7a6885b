"""The command `python -m amazon_simulator --port N`."""

import argparse
import signal
import sys
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from .http.server import SimulatorServer
from .world import state
from .world.sellers import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_MARKETPLACE_IDS, DEFAULT_REFRESH_TOKEN
from .world.world import World

EPILOG = f"""\
It answers as Login with Amazon and the Selling Partner API would, and keeps stock, fulfillment orders
and orders sold on Amazon. It prints its URL as soon as it listens:

  page        <url>/                   open it in a browser: see Odoo's calls; ship, sell and fail, as Amazon
  API         <url>                    instead of https://sellingpartnerapi-na.amazon.com
  token       <url>/auth/o2/token      instead of https://api.amazon.com/auth/o2/token
  control     <url>/_simulator/        the same as the page, for scripts; docs/simulator.md describes each call

default seller, there from the start:

  client id      {DEFAULT_CLIENT_ID}
  client secret  {DEFAULT_CLIENT_SECRET}
  refresh token  {DEFAULT_REFRESH_TOKEN}
  marketplaces   {", ".join(DEFAULT_MARKETPLACE_IDS)}

clock:  starts at the real time and stops until the page or clock/advance moves it, so that a test
        decides when an order ships; with --live it also runs with real time.
state:  kept in memory; with --state FILE also over restarts (saved at the end; only this program
        reads the file; use your own files only: loading one can run code).

  python -m amazon_simulator --port 8099 --live            try it by hand
  curl <url>/_simulator/clock/advance -d '{{"seconds": 7200}}'    two hours pass: orders ship
"""


def run_clock(world: World, stop: threading.Event) -> None:
    """Turn the clock with real time, each second, until `stop`: never behind it, ahead of it as far as it was moved."""
    last = time.monotonic()
    while not stop.wait(1):
        with world.lock:
            passed = int(time.monotonic() - last)
            behind = int((datetime.now(timezone.utc) - world.clock.now).total_seconds())
            world.advance(max(passed, behind, 0))
        last += passed


def stop_at_eof(stop: threading.Event) -> None:
    """Wait for the end of standard input, then set `stop`."""
    sys.stdin.read()
    stop.set()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m amazon_simulator",
        description="Imitates Amazon for Fulfillment by Amazon (FBA) and Multi-Channel Fulfillment (MCF).",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, required=True, help="TCP port; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--verbose", action="store_true", help="log each request on stderr")
    parser.add_argument("--live", action="store_true", help="let the clock run with real time; else only calls move it")
    parser.add_argument("--until-eof", action="store_true", help="end when standard input closes")
    parser.add_argument("--state", type=Path, metavar="FILE", help="file to load at the start and save to at the end")
    options = parser.parse_args(argv)

    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    if options.until_eof:
        threading.Thread(target=stop_at_eof, args=[stop], daemon=True).start()
    with SimulatorServer(host=options.host, port=options.port, verbose=options.verbose) as server:
        if options.state:
            try:
                state.load(server.world, options.state)
            except state.OtherFormat as error:
                parser.exit(2, f"{parser.prog}: {error}\n")
            server.attend()
        server.world.live = options.live
        print(f"Amazon simulator on {server.url}", flush=True)
        run_clock(server.world, stop) if options.live else stop.wait()
        if options.state:
            state.save(server.world, options.state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
