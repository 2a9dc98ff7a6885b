"""How near two processes of one seller come to Amazon's plan together: what it has left is known to both.

Each reads as many orders as fast as it may, at 300 ms latency. Baseline in the same run: each knows its own calls only,
as a process did before.
"""

import contextlib
import json
import subprocess
import sys
import time
from collections import Counter

from scripts.host.paths import ROOT
from scripts.host.step import step

from .common import CREDENTIALS, control, process
from .database import OURS, Database, hosted
from .measure import report, sizes
from .plan import KEEPS_PLAN, LATENCY_S, used

PROCESSES = 2
OPERATION = "getFulfillmentOrder"
READER = """
import json, sys
import odoo.sql_db
from odoo.modules.registry import Registry
from odoo.tools import config
options, database, url, credentials, is_shared, orders = json.loads(sys.argv[1])
config.parse_config(options, setup_logging=True)
Registry(database)
from odoo.addons.fba_connector import amazon
from odoo.addons.fba_connector.models.account.fba_usage_plan import SharedPlan
connection = amazon.Connection(url, f"{url}/auth/o2/token", *credentials)
plan = SharedPlan(database, amazon.seller_key(connection)) if is_shared else None
print("ready", flush=True)
sys.stdin.readline()
before = odoo.sql_db.sql_counter
with amazon.Gateway(connection, pace=amazon.Pace(plan=plan)) as gateway:
    found = list(gateway.get_fulfillment_orders(orders))
print(json.dumps([len(found), odoo.sql_db.sql_counter - before]), flush=True)
"""


def main() -> int:
    size = sizes("plan", orders=(80, 3))
    with hosted() as host:
        Database(host)
        with step(f"{PROCESSES} processes, {size.orders} orders each, one plan"):
            together = read(host, size.orders, is_shared=True)
        with step("the same, each with a plan of its own"):
            apart = read(host, size.orders, is_shared=False)
    return report(
        "plan",
        size.quick,
        {
            "at least 95 % of the plan": together["share_of_plan"] >= 0.95,
            "under 1 % refused": together["refused"] < 0.01,
            "at most one query a call": together["queries_a_call"] <= 1,
        },
        cases={
            "two processes": {
                **together,
                **{f"baseline_{name}": value for name, value in apart.items() if name != "queries_a_call"},
            }
        },
        growth={},
    )


def read(host, orders: int, *, is_shared: bool) -> dict[str, float]:
    """What the processes come to together."""
    with process("-c", KEEPS_PLAN) as url, contextlib.ExitStack() as stack:
        control(url, "POST", "settings", latency_seconds=LATENCY_S)
        readers = [
            stack.enter_context(reader(host, url, [f"{number}-{order}" for order in range(orders)], is_shared))
            for number in range(PROCESSES)
        ]
        for it in readers:
            assert it.stdout.readline() == "ready\n"
        start = time.perf_counter()
        for it in readers:
            it.stdin.write("\n")
            it.stdin.flush()
        results = [json.loads(it.stdout.readline()) for it in readers]
        seconds = time.perf_counter() - start
        statuses = Counter(call["status"] for call in control(url, "GET", f"journal?operation={OPERATION}"))
    calls = sum(found for found, _queries in results)
    return {
        **used(calls, statuses[429], seconds),
        "queries_a_call": round(sum(queries for _found, queries in results) / calls, 2),
    }


def reader(host, url: str, orders: list[str], is_shared: bool) -> subprocess.Popen:
    options = ["--config", str(host.config), "--database", OURS, "--log-level", "error"]
    words = json.dumps([options, OURS, url, CREDENTIALS, is_shared, orders])
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", READER, words], cwd=ROOT, **pipes)


if __name__ == "__main__":
    sys.exit(main())
