"""Odoo servers that share a database, an address in front of them, and a job runner that asks there."""

import contextlib
import itertools
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil

from scripts.simulator import free_port

RUNS = "odoo.addons.fba_connector.models.account.fba_account_runs"
STARTS_WITHIN_S = 240
# As its own module runs it, but for one pause.
RUNNER = """
import sys
import odoo.service.server
import odoo.tools
odoo.tools.config.parse_config(sys.argv[1:], setup_logging=True)
from odoo.addons.queue_job.jobrunner import runner
runner.SELECT_TIMEOUT = 5  # dead jobs are looked for as often, not once a minute
runner.QueueJobRunner.from_environ_or_config().run()
"""


class Front:
    """An address that hands each connection to the next server that answers, as a load balancer does."""

    def __init__(self, ports: list[int]) -> None:
        self._ports = itertools.cycle(ports)
        self._count = len(ports)
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def close(self) -> None:
        self._socket.close()

    def _serve(self) -> None:
        with contextlib.suppress(OSError):  # closed
            while True:
                client, _address = self._socket.accept()
                threading.Thread(target=self._hand_over, args=(client,), daemon=True).start()

    def _hand_over(self, client: socket.socket) -> None:
        for _try in range(self._count):
            with contextlib.suppress(OSError):
                server = socket.create_connection(("127.0.0.1", next(self._ports)), timeout=5)
                server.settimeout(None)
                break
        else:
            client.close()
            return
        for source, target in ((client, server), (server, client)):
            threading.Thread(target=self._copy, args=(source, target), daemon=True).start()

    @staticmethod
    def _copy(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := source.recv(65536):
                target.sendall(data)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)


class Process:
    """A process with children, begun by `command`; may be killed, all of them at once, and begun again."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, {**os.environ, **environment}
        self.pids: set[int] = set()  # all that it ever had
        self.log = tempfile.NamedTemporaryFile()
        self.start()

    def start(self) -> None:
        output = {"stdout": self.log, "stderr": subprocess.STDOUT}
        self._process = subprocess.Popen(self._command, env=self._environment, start_new_session=True, **output)

    def said(self) -> str:
        """All that it has logged."""
        return Path(self.log.name).read_text(errors="replace")

    def look(self) -> None:
        """Note the processes it has now."""
        with contextlib.suppress(psutil.NoSuchProcess):
            whole = psutil.Process(self._process.pid)
            self.pids |= {whole.pid, *(child.pid for child in whole.children(recursive=True))}

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()


class Servers:
    """Odoo servers of so many workers on `database`, and a runner that has `jobs` run at once; none: no runner."""

    def __init__(self, config: str, database: str, *, servers: int = 2, workers: int = 2, jobs: int = 4) -> None:
        python = sys.executable
        ports = [free_port(0) for _server in range(servers)]
        self.front = Front(ports)
        options = ["--config", config, "--database", database, "--load", "base,web,queue_job", "--log-level", "warn"]
        options += ["--log-handler", f"{RUNS}:INFO"]
        settings = {"ODOO_QUEUE_JOB_CHANNELS": "root:0"}
        self.servers = [
            Process(
                [
                    *(python, str(Path(__file__).with_name("odoo_server.py")), "server", *options),
                    *("--http-port", str(port), "--gevent-port", str(free_port(0))),
                    *("--workers", str(workers), "--max-cron-threads", "1"),
                ],
                settings,
            )
            for port in ports
        ]
        address = {"ODOO_QUEUE_JOB_HOST": "127.0.0.1", "ODOO_QUEUE_JOB_PORT": str(self.front.port)}
        command = [python, "-c", RUNNER, *options]
        channels = {"ODOO_QUEUE_JOB_CHANNELS": f"root:{jobs}"}
        self.runner = Process(command, {**channels, **address}) if jobs else None

    @property
    def all(self) -> list[Process]:
        return list(filter(None, [*self.servers, self.runner]))

    def look(self) -> None:
        for process in self.all:
            process.look()

    def close(self) -> None:
        for process in self.all:
            process.kill()
        self.front.close()


@contextlib.contextmanager
def running(config: str, database: str, **options) -> Iterator[Servers]:
    servers = Servers(config, database, **options)
    try:
        yield servers
    except BaseException:
        for process in servers.all:
            print(process.said()[-5000:])
        raise
    finally:
        servers.close()


def until(is_so: Callable[[], bool], within_s: float, what: str) -> None:
    """Raise AssertionError unless `is_so` within that time."""
    deadline = time.monotonic() + within_s
    while not is_so():
        assert time.monotonic() < deadline, f"not within {within_s:.0f} s: {what}"
        time.sleep(0.3)
