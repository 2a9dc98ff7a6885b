"""Loads the gateway alone, as `fba_amazon`: the add-on's own package would import Odoo. Starts the simulator."""

import importlib.util
import json
import sys
import urllib.request
from pathlib import Path

import pytest

from scripts.host.sqs import running_sqs

_PACKAGE = Path(__file__).parents[1] / "fba_connector" / "amazon"


def _load_gateway():
    spec = importlib.util.spec_from_file_location(
        "fba_amazon", _PACKAGE / "__init__.py", submodule_search_locations=[str(_PACKAGE)]
    )
    module = importlib.util.module_from_spec(spec)
    sys.modules["fba_amazon"] = module
    spec.loader.exec_module(module)


if "fba_amazon" not in sys.modules:
    _load_gateway()


def pytest_configure(config):
    """Warnings are errors here; on Odoo they are its own affair."""
    config.addinivalue_line("filterwarnings", "error")


@pytest.fixture(scope="session")
def sqs():
    """The URL of an Amazon SQS, one for all tests: each names queues of its own."""
    with running_sqs() as url:
        yield url


class SimulatorControl:
    """A running simulator, and its control calls."""

    def __init__(self, server):
        self.url = server.url
        self.lwa_url = server.lwa_url

    def __call__(self, method, path, body=None):
        request = urllib.request.Request(
            f"{self.url}/_simulator/{path}",
            data=None if body is None else json.dumps(body).encode(),
            headers={"content-type": "application/json"},
            method=method,
        )
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read() or b"null")


@pytest.fixture
def simulator():
    package = pytest.importorskip("amazon_simulator")
    with package.SimulatorServer() as server:
        yield SimulatorControl(server)
