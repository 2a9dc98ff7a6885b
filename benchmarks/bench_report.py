"""How much memory a report of 100,000 rows takes, fetched and read to the end.

Baseline in the same run: the whole document in memory, as the library beneath gives it.
"""

import subprocess
import sys
import time
from pathlib import Path

from .common import CREDENTIALS, load_gateway, process, report

ROWS = 100_000
MOST_MB = 50

SERVER = f"""
import signal, threading
from datetime import timedelta
from amazon_simulator import SimulatorServer
from benchmarks.bench_report import fill
with SimulatorServer() as server:
    fill(server.world, {ROWS})
    print(server.url, flush=True)
    threading.Event().wait()
"""


def fill(world, rows: int) -> None:
    """As many units sold and shipped a day ago, one an order."""
    from amazon_simulator import control
    from amazon_simulator.control_input import Input

    seller = next(iter(world.sellers.values()))
    world.stock_item(seller, "SKU-1").fulfillable = rows
    create = next(function for method, path, function in control.CALLS if (method, path) == ("POST", "sales"))
    item = {"seller_sku": "SKU-1", "quantity": 1, "item_price": "19.99", "tax": "1.65"}
    for _ in range(rows):
        create(world, Input({}, {}, {"items": [item], "buyer_name": "Ünïcode Büyer of the Lamp"}))
    world.advance(86_400)


def main() -> int:
    with process("-c", SERVER) as url:
        ours, plain = (measure(how, url) for how in ("ours", "plain"))
    return report(
        "report_100k_rows",
        {f"under {MOST_MB} MB extra": ours["extra_mb"] < MOST_MB, "all rows": ours["rows"] == plain["rows"] == ROWS},
        rows=ours["rows"],
        extra_mb=ours["extra_mb"],
        seconds=ours["seconds"],
        baseline_extra_mb=plain["extra_mb"],
        baseline_seconds=plain["seconds"],
        ratio=round(ours["extra_mb"] / plain["extra_mb"], 3),
    )


def measure(how: str, url: str) -> dict:
    """In a process of its own: a peak does not go down again."""
    code = f"from benchmarks.bench_report import read; read({how!r}, {url!r})"
    answer = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    rows, extra_mb, seconds = answer.stdout.split()
    return {"rows": int(rows), "extra_mb": float(extra_mb), "seconds": float(seconds)}


def resident_kb() -> int:
    """Memory in use now; a peak of the start-up must not hide what comes."""
    status = Path("/proc/self/status").read_text()
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmRSS")))


def read(how: str, url: str) -> None:
    """Prints rows, extra memory in MB at the peak, seconds."""
    import gzip
    import resource
    from datetime import datetime, timedelta, timezone

    import requests

    amazon = load_gateway()
    connection = amazon.Connection(url, f"{url}/auth/o2/token", *CREDENTIALS)
    now = datetime.now(timezone.utc)
    request = amazon.ReportRequest(
        amazon.reports.SHIPMENTS, ("ATVPDKIKX0DER",), now - timedelta(days=5), now + timedelta(days=5)
    )
    with amazon.Gateway(connection, timeout_s=120) as gateway:
        report_id = gateway.create_report(request)
        requests.post(f"{url}/_simulator/clock/advance", json={"seconds": 3600}, timeout=60)
        document_id = gateway.get_report(report_id).document_id
        before = resident_kb()
        start = time.monotonic()
        if how == "ours":
            with gateway.open_report(document_id) as rows:
                count = sum(1 for row in rows if row["sku"] == "SKU-1")
        else:
            reports = gateway._reports
            operation = sys.modules["fba_amazon.reports_2021_06_30"].DOCUMENT
            fields = reports._call(operation, reports._client.get_document, document_id)
            text = gzip.decompress(requests.get(fields["url"], timeout=120).content).decode()
            header, *lines = (line.split("\t") for line in text.splitlines())
            table = [dict(zip(header, line, strict=True)) for line in lines]
            count = sum(1 for row in table if row["sku"] == "SKU-1")
        seconds = time.monotonic() - start
    extra_kb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    print(count, round(extra_kb / 1024, 1), round(seconds, 2))


if __name__ == "__main__":
    sys.exit(main())
