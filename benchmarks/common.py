"""What benchmarks share: the gateway without Odoo, a simulator in a process of its own."""

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import requests

ROOT = Path(__file__).parents[1]
CREDENTIALS = ("amzn1.application-oa2-client.demo", "demo-secret", "Atzr|demo")


def load_gateway() -> ModuleType:
    """`fba_connector.amazon` alone: the add-on's own package would import Odoo."""
    folder = ROOT / "fba_connector" / "amazon"
    spec = importlib.util.spec_from_file_location(
        "fba_amazon", folder / "__init__.py", submodule_search_locations=[str(folder)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["fba_amazon"] = module
    spec.loader.exec_module(module)
    return module


@contextlib.contextmanager
def process(*words: str) -> Iterator[str]:
    """A server of ours in a process of its own; yields the URL its first line ends with."""
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as server:
        try:
            yield server.stdout.readline().split()[-1]
        finally:
            server.terminate()


STOCK_SERVER = """
import threading
from datetime import timedelta
from amazon_simulator import SimulatorServer
with SimulatorServer() as server:
    server.world.settings.plan_factor = 1e6
    server.world.settings.inventory_page_size = 1000
    server.world.clock.now -= timedelta(hours=1)
    print(server.url, flush=True)
    threading.Event().wait()
"""
"""For `process("-c", …)`: a simulator that tells stock so fast that Amazon's pace does not count."""


def control(url: str, method: str, path: str, **body):
    """A control call of the simulator."""
    response = requests.request(method, f"{url}/_simulator/{path}", json=body, timeout=30)
    response.raise_for_status()
    return response.json()
