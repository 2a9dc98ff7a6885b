"""The command `python -m amazon_simulator --port N`."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence

from .sellers import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN
from .server import SimulatorServer

EPILOG = f"""\
default seller:  client id      {DEFAULT_CLIENT_ID}
                 client secret  {DEFAULT_CLIENT_SECRET}
                 refresh token  {DEFAULT_REFRESH_TOKEN}
token URL:       <url>/auth/o2/token
control:         <url>/_simulator/  (see docs/simulator.md)

Everything is kept in memory. Time stands still until /_simulator/clock/advance turns it.
"""


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
    options = parser.parse_args(argv)

    stop = threading.Event()
    for signum in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signum, lambda *_: stop.set())
    with SimulatorServer(host=options.host, port=options.port, verbose=options.verbose) as server:
        print(f"Amazon simulator on {server.url}", flush=True)
        stop.wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
