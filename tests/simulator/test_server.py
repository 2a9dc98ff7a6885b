"""The server itself: in process, as a command, its connections, and the control plane's manners."""

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
import requests

from amazon_simulator import SimulatorServer

from .conftest import Amazon, item


def test_server_in_process_is_ready_and_closes() -> None:
    with SimulatorServer() as server:
        assert requests.get(f"{server.url}/_simulator/clock", timeout=5).status_code == 200
        assert server.lwa_url == f"{server.url}/auth/o2/token"
        assert "Atzr|demo" in server.world.sellers
    server.close()
    with pytest.raises(requests.ConnectionError):
        requests.get(server.url, timeout=5)


def test_server_keeps_the_connection_open(amazon: Amazon) -> None:
    with httpx.Client(base_url=amazon.server.url) as client:
        ports = set()
        for _ in range(5):
            with client.stream("POST", "/_simulator/settings", json={}) as response:
                response.read()
                ports.add(response.extensions["network_stream"].get_extra_info("client_addr"))
        assert response.http_version == "HTTP/1.1"
        assert len(ports) == 1


def test_server_with_parallel_creates_counts_every_unit(amazon: Amazon) -> None:
    amazon.control("PUT", "stock/SKU-1", fulfillable=200)
    amazon.control("POST", "settings", plan_factor=100)
    amazon.token()
    with ThreadPoolExecutor(8) as pool:
        answers = pool.map(
            lambda n: amazon.create(sellerFulfillmentOrderId=f"P{n}", items=[item()]).status_code, range(100)
        )
        assert set(answers) == {200}
    assert amazon.stock() == (100, 100, 0)


@pytest.mark.parametrize("signum", [signal.SIGINT, signal.SIGTERM])
def test_command_prints_its_url_and_ends_on_signal(signum: signal.Signals) -> None:
    command = [sys.executable, "-m", "amazon_simulator", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None and process.stderr is not None
        line = process.stdout.readline()
        assert line.startswith("Amazon simulator on http://127.0.0.1:")
        assert requests.get(f"{line.split()[-1]}/_simulator/clock", timeout=5).status_code == 200
        process.send_signal(signum)
        assert process.wait(timeout=5) == 0
        assert process.stderr.read() == ""


def test_command_help_names_the_default_seller() -> None:
    command = [sys.executable, "-m", "amazon_simulator", "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, check=True, timeout=20)
    assert "Atzr|demo" in answer.stdout and "--port" in answer.stdout


def test_reset_forgets_everything_but_the_default_seller(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("POST", "reset")
    assert amazon.control("GET", "stock") == {}
    assert amazon.control("GET", "fulfillment-orders") == []
    assert amazon.search().status_code == 403
    assert amazon.grant().status_code == 200


def test_control_of_unknown_url_is_a_readable_error(amazon: Amazon) -> None:
    response = amazon.try_control("POST", "explode")
    assert response.status_code == 404
    assert "/_simulator/explode" in response.json()["error"]


@pytest.mark.parametrize("body", ["[]", "{"])
def test_control_with_bad_json_is_a_readable_error(amazon: Amazon, body: str) -> None:
    response = requests.post(f"{amazon.server.url}/_simulator/sales", data=body, timeout=5)
    assert response.status_code == 400
    assert "JSON" in response.json()["error"]


def test_control_with_json_that_curl_calls_a_form_is_read(amazon: Amazon) -> None:
    """`curl -d '{"seconds": 60}'` without a header of its own, as --help shows it."""
    before = amazon.control("GET", "clock")["now"]
    form = {"content-type": "application/x-www-form-urlencoded"}
    url = f"{amazon.server.url}/_simulator/clock/advance"
    assert requests.post(url, data='{"seconds": 60}', headers=form, timeout=5).json()["now"] > before


def test_stock_put_again_replaces_fulfillable_only(amazon: Amazon) -> None:
    amazon.create()
    amazon.control("PUT", "stock/SKU-1", fulfillable=50, asin="B000000001")
    item = amazon.control("GET", "stock")["SKU-1"]
    assert (item["fulfillable"], item["reserved"], item["asin"]) == (50, 3, "B000000001")
    assert amazon.try_control("PUT", "stock/SKU-1", fulfillable=-1).status_code == 400
    assert amazon.try_control("PUT", "stock/SKU-1?seller=nobody", fulfillable=1).status_code == 400
