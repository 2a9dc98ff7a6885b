"""The command `python -m amazon_simulator --port N`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import datetime, timezone
from pathlib import Path

from . import state
from .sellers import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN
from .server import SimulatorServer
from .world import World

EPILOG = f"""\
default seller:  client id      {DEFAULT_CLIENT_ID}
                 client secret  {DEFAULT_CLIENT_SECRET}
                 refresh token  {DEFAULT_REFRESH_TOKEN}
token URL:       <url>/auth/o2/token
control:         <url>/_simulator/  (see docs/simulator.md)

Everything is kept in memory, and in the file of --state if given. Time stands still until
/_simulator/clock/advance turns it, or runs by itself with --live.
"""


def run_clock(world: World, stop: threading.Event) -> None:
    """Turn the clock with real time, each second, until `stop`; it never goes back."""
    while not stop.wait(1):
        with world.lock:
            behind = int((datetime.now(timezone.utc) - world.clock.now).total_seconds())
            if behind > 0:
                world.advance(behind)


def stop_at_eof(stop: threading.Event) -> None:
    """Wait for the end of standard input, then set `stop`."""
    sys.stdin.read()
    stop.set()


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until SIGINT or SIGTERM; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m amazon_simulator",
        description="Imitates Amazon's Selling Partner API for Fulfillment by Amazon.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--port", type=int, required=True, help="TCP port; 0 takes a free one")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: %(default)s)")
    parser.add_argument("--verbose", action="store_true", help="log each request on stderr")
    parser.add_argument("--live", action="store_true", help="let the clock run with real time")
    parser.add_argument("--until-eof", action="store_true", help="end with standard input, so with whoever holds it")
    parser.add_argument("--state", type=Path, help="file to go on from and to save to at the end")
    options = parser.parse_args(argv)

    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    if options.until_eof:
        threading.Thread(target=stop_at_eof, args=[stop], daemon=True).start()
    with SimulatorServer(host=options.host, port=options.port, verbose=options.verbose) as server:
        if options.state:
            state.load(server.world, options.state)
        print(f"Amazon simulator on {server.url}", flush=True)
        run_clock(server.world, stop) if options.live else stop.wait()
        if options.state:
            state.save(server.world, options.state)
    return 0


if __name__ == "__main__":
    sys.exit(main())
