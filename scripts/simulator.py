"""The simulated Amazon as a process of its own, and its control calls."""

import contextlib
import fcntl
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import requests

from .host.paths import ROOT, cache_dir
from .host.step import SetupError

NEW_DEMO = "A demo of an older version may be beyond repair: `make demo` makes a new one."
PORT = 8099  # what the demo data names; another one is taken where it is busy


def free_port(preferred: int) -> int:
    """`preferred` if nobody listens there or is about to, else one the system gives."""
    for port in (preferred, 0):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            if port:
                _claim(port)
            return probe.getsockname()[1]
    raise OSError("no free port on 127.0.0.1")


_claimed = {}  # port -> the open file whose lock is ours until this process ends


def _claim(port: int) -> None:
    """A server takes seconds to listen: until then others see here that the port is not free. Raises OSError."""
    if port not in _claimed:
        lock = open(cache_dir() / f"port-{port}.lock", "w")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _claimed[port] = lock


class Simulator:
    """Control over HTTP; `url` is also the API endpoint, `lwa_url` the token endpoint."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.lwa_url = f"{url}/auth/o2/token"

    def call(self, method: str, path: str, **body):
        response = requests.request(method, f"{self.url}/_simulator/{path}", json=body, timeout=30)
        if not response.ok:
            raise RuntimeError(f"Simulator: {method} {path}: {response.text}")
        return response.json()

    def advance(self, minutes: float) -> None:
        self.call("POST", "clock/advance", seconds=minutes * 60)


@contextlib.contextmanager
def running_simulator(state: Path, *, live: bool = False) -> Iterator[Simulator]:
    """A simulator that goes on from `state` and saves to it at the end."""
    command = [sys.executable, "-m", "amazon_simulator", "--port", str(free_port(PORT)), "--state", str(state)]
    command.append("--until-eof")  # it does not outlive us, however we end
    process = subprocess.Popen(
        [*command, *(["--live"] if live else [])],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,  # Ctrl-C is ours to handle: the simulator ends last
    )
    try:
        line = process.stdout.readline()
        if not line:
            raise SetupError(f"The simulator did not start; its message is above. {NEW_DEMO}")
        yield Simulator(line.split()[-1])
    finally:
        process.terminate()
        process.wait()
