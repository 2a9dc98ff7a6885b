"""5,000 orders at once through a real Odoo server: its scheduled actions send, follow and book them; nobody helps.

Amazon keeps its usage plans, twenty times as fast (40 creates a second), and refuses what comes faster. Meanwhile a
clerk opens the manager's list again and again; the baseline is the same list before there was anything to do. Watched:
each run of a scheduled action beside its time box, the memory of the server's processes, the refusals.
"""

import contextlib
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil
import requests

from scripts.host.database import LOGIN, PASSWORD, Host
from scripts.host.step import say, step
from scripts.serve import wait_until_up
from scripts.simulator import free_port

from .common import control, process
from .database import OURS, hosted
from .measure import report, sizes
from .shop import CREATE, SERVER, Seller, Shop, catch_up

FASTER = 20  # than Amazon
CREATES_A_SECOND = 2  # Amazon's plan
TIME_BOX_S = 10  # Odoo's, of a scheduled action
OVER_S = 2  # a run ends with the record it is at
SLOWER, GROWTH = 4.0, 1.2  # limits
STUCK_S = 120  # nothing has moved for so long
BEFORE, PAUSE_S = 20, 1.0  # openings of the list, and between two of them
ACTIONS = "Fulfillment by Amazon: "
# The server starts itself again for its third kind of process, which it cannot as `python -m odoo`.
PROGRAM = "import odoo.cli\n\nif __name__ == '__main__':\n    odoo.cli.main()\n"
RUN = re.compile(r"Job '(.+?)' .* duration (\d+\.\d+)s\)")


def main() -> int:
    size = sizes("load", orders=(5_000, 10))
    count = size.orders
    with hosted() as host:
        shop = Shop(host)
        with process("-c", SERVER.replace("1e6", str(FASTER))) as url:
            seller = Seller(shop, url, "AMZ", 2)
            with step(f"{count} orders to send"):
                seller.queue(count, 1, submit=False)
            with shop.environment() as env:
                ids = seller.orders(env).ids
            with server(host) as odoo:
                phases = [odoo.work(shop, ids, "sent", lambda: submit(shop, ids), "in_shipping")]
                # Now: Amazon's journal keeps the latest ten thousand calls.
                statuses = [call["status"] for call in control(url, "GET", f"journal?operation={CREATE}")]
                catch_up(url)
                phases.append(odoo.work(shop, ids, "booked", lambda: ship(shop, seller, ids), "shipped"))
                runs = odoo.runs()
    before, during = statistics.median(odoo.before), statistics.median(odoo.during)
    refused, memory = statuses.count(429) / len(statuses), odoo.memory_mb
    grown = memory[-1] / memory[len(memory) // 5]
    sent_s, booked_s = phases
    return report(
        "load",
        size.quick,
        {
            "each order is sent once": statuses.count(200) == count and set(statuses) <= {200, 429},
            "under 1 % are refused": refused < 0.01,
            f"no run longer than {TIME_BOX_S} + {OVER_S} s": max(runs) <= TIME_BOX_S + OVER_S,
            f"memory grows to at most {GROWTH} times": grown <= GROWTH,
            f"the list opens in at most {SLOWER} times": during / before <= SLOWER,
        },
        cases={
            f"{count} orders": {
                "sent_s": round(sent_s),
                "share_of_plan": round(count / sent_s / CREATES_A_SECOND / FASTER, 2),
                "refused": round(refused, 4),
                "booked_s": round(booked_s),
                "runs": len(runs),
                "longest_run_s": max(runs),
            },
            "the list, opened meanwhile": {
                "ratio": round(during / before, 2),
                "spread": [round(min(odoo.during) / before, 2), round(max(odoo.during) / before, 2)],
                "ms": round(during * 1000, 1),
                "baseline_ms": round(before * 1000, 1),
            },
        },
        memory_mb=[round(it) for it in memory],
    )


def submit(shop: Shop, ids: list[int]) -> None:
    with shop.environment() as env:
        env["fba.fulfillment.order"].browse(ids).action_submit()


def ship(shop: Shop, seller: Seller, ids: list[int]) -> None:
    """Amazon ships everything; Odoo hears of it."""
    with shop.environment() as env:
        names = env["fba.fulfillment.order"].browse(ids).mapped("name")
    for name in names:
        seller.ship(name, (f"1Z-{name}", dict.fromkeys(seller.skus, 1)))
    with shop.environment() as env:
        env.ref("fba_connector.ir_cron_pull_fulfillment_orders")._trigger()


class Server:
    """Odoo as a company runs it: two workers for people, one for scheduled actions."""

    def __init__(self, url: str, pid: int, log: Path) -> None:
        self._url, self._main, self._log = url, psutil.Process(pid), log
        self.before, self.during, self.memory_mb = [], [], []
        self._session = requests.Session()
        answer = self._call("/web/session/authenticate", db=OURS, login=LOGIN, password=PASSWORD)
        if not answer["uid"]:
            raise SystemExit("Odoo does not know the administrator.")
        view = self._model("get_views", [[[False, "list"]]])["views"]["list"]
        columns = dict.fromkeys(re.findall(r'<field name="(\w+)"', view["arch"]), {})
        self._page = {"domain": [], "specification": columns, "limit": 80, "count_limit": 10_000}
        for _opening in range(BEFORE):
            self.before.append(self._open())

    def work(self, shop: Shop, ids: list[int], what: str, begin, state: str) -> float:
        """Seconds until all orders have come to `state`. Raises SystemExit where nothing goes on."""
        start = moved = time.monotonic()
        begin()
        left = len(ids)
        while left:
            time.sleep(PAUSE_S)
            self.during.append(self._open())
            self.memory_mb.append(sum(it.memory_full_info().uss for it in self._main.children(recursive=True)) / 2**20)
            with shop.environment() as env:
                still = env["fba.fulfillment.order"].search_count([("id", "in", ids), ("state", "!=", state)])
            if still < left:
                left, moved = still, time.monotonic()
            if time.monotonic() > moved + STUCK_S:
                raise SystemExit(f"{left} orders are never {what}: {self._log.read_text()[-2000:]}")
        say(f"    {len(ids)} orders {what} after {time.monotonic() - start:.0f} s")
        return time.monotonic() - start

    def runs(self) -> list[float]:
        """How long each run of ours took, in seconds."""
        log = self._log.read_text(encoding="utf-8")
        return [float(seconds) for name, seconds in RUN.findall(log) if name.startswith(ACTIONS)]

    def _open(self) -> float:
        start = time.perf_counter()
        self._model("web_search_read", [], **self._page)
        return time.perf_counter() - start

    def _model(self, method: str, args: list, **kwargs):
        model = "fba.fulfillment.order"
        return self._call(
            f"/web/dataset/call_kw/{model}/{method}", model=model, method=method, args=args, kwargs=kwargs
        )

    def _call(self, path: str, **params):
        answer = self._session.post(f"{self._url}{path}", json={"params": params}, timeout=60).json()
        if "error" in answer:
            raise SystemExit(answer["error"]["data"]["message"])
        return answer["result"]


@contextlib.contextmanager
def server(host: Host) -> Iterator[Server]:
    port = free_port(8069)
    with TemporaryDirectory() as folder:
        log, program = Path(folder, "odoo.log"), Path(folder, "odoo-bin")
        program.write_text(PROGRAM)
        words = ["--workers", "2", "--max-cron-threads", "1", "--http-port", port, "--gevent-port", free_port(8072)]
        levels = ["--log-handler", "odoo.addons.base.models.ir_cron:INFO", "--logfile", log]
        python, _m, _odoo, *options = host.odoo("server", "--database", OURS, "--db-filter", f"^{OURS}$")
        with subprocess.Popen([python, program, *options, *map(str, words), *levels]) as odoo:
            try:
                url = f"http://127.0.0.1:{port}"
                wait_until_up(odoo, f"{url}/web/login")
                yield Server(url, odoo.pid, log)
            finally:
                odoo.terminate()


if __name__ == "__main__":
    sys.exit(main())
