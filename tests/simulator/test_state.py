"""A simulator that goes on where it was ended, and ends with whoever started it."""

import contextlib
import pickle
import subprocess
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timezone
from pathlib import Path

import requests

PATIENCE_S = 10


@contextlib.contextmanager
def command(*words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "amazon_simulator", "--port", "0", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        yield process, f"{process.stdout.readline().split()[-1]}/_simulator"
        process.terminate()


def test_state_file_keeps_stock_sales_and_ids_over_a_restart(tmp_path: Path) -> None:
    words = ("--state", str(tmp_path / "state"))
    sale = {"items": [{"seller_sku": "A", "quantity": 2, "item_price": "10.00"}], "currency": "USD"}
    ids = []
    for turn in range(2):
        with command(*words) as (_process, url):
            if not turn:
                requests.put(f"{url}/stock/A", json={"fulfillable": 9}, timeout=5)
            ids.append(requests.post(f"{url}/sales", json=sale, timeout=5).json()["amazon_order_id"])
            stock = requests.get(f"{url}/stock", timeout=5).json()
    assert stock["A"]["fulfillable"] == 5
    assert len(set(ids)) == 2


def test_state_file_of_another_version_is_named_and_left_alone(tmp_path: Path) -> None:
    moved = b"camazon_simulator.stock\nStockItem\n."  # a pickle that names a module of version 4
    for content in (pickle.dumps({"clock": 1}), pickle.dumps((1, {})), pickle.dumps((6, {})), moved):
        path = tmp_path / "state"
        path.write_bytes(content)
        words = [sys.executable, "-m", "amazon_simulator", "--port", "0", "--state", str(path)]
        answer = subprocess.run(words, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert answer.returncode == 2
        assert f"{path} was saved by another version" in answer.stderr
        assert path.read_bytes() == content


def test_live_clock_catches_up_with_real_time() -> None:
    with command("--live") as (_process, url):
        before = requests.get(f"{url}/clock", timeout=5).json()["now"]
        deadline = time.monotonic() + PATIENCE_S
        while (now := requests.get(f"{url}/clock", timeout=5).json()["now"]) == before:
            assert time.monotonic() < deadline
            time.sleep(0.1)
    behind = datetime.now(timezone.utc) - datetime.fromisoformat(now.replace("Z", "+00:00"))
    assert behind.total_seconds() < PATIENCE_S


def test_live_clock_moved_ahead_goes_on_from_there() -> None:
    with command("--live") as (_process, url):
        ahead = requests.post(f"{url}/clock/advance", json={"seconds": 7200}, timeout=5).json()["now"]
        deadline = time.monotonic() + PATIENCE_S
        while requests.get(f"{url}/clock", timeout=5).json()["now"] == ahead:
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_until_eof_ends_with_its_starter() -> None:
    with command("--until-eof") as (process, _url):
        assert process.stdin is not None
        process.stdin.close()
        assert process.wait(timeout=PATIENCE_S) == 0
