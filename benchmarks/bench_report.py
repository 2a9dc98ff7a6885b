"""How much memory a report of 300,000 rows takes, fetched and read to the end, and how its time grows.

Baseline in the same run: the whole document in memory, as the library beneath gives it.
"""

import gzip
import subprocess
import sys
from datetime import datetime, timedelta, timezone

import requests

from .common import CREDENTIALS, control, load_gateway, process
from .measure import Cost, compare, growth, report, sizes, timed

MOST_MB = 50

SERVER = """
import threading
from amazon_simulator import SimulatorServer
from benchmarks.bench_report import fill
with SimulatorServer() as server:
    fill(server.world, {rows})
    print(server.url, flush=True)
    threading.Event().wait()
"""


def fill(world, rows: int) -> None:
    """As many units sold and shipped a day ago, one an order."""
    from amazon_simulator.control.input import Input
    from amazon_simulator.control.sales import create_sale

    seller = next(iter(world.sellers.values()))
    world.stock_item(seller, "SKU-1").fulfillable = rows
    item = {"seller_sku": "SKU-1", "quantity": 1, "item_price": "19.99", "tax": "1.65"}
    for _ in range(rows):
        create_sale(world, Input({}, {}, {"items": [item], "buyer_name": "Ünïcode Büyer of the Lamp"}))
    world.advance(86_400)


def main() -> int:
    size = sizes("report", few=(30_000, 100), many=(300_000, 1_000))
    costs = {}
    for rows in (size.few, size.many):
        with process("-c", SERVER.format(rows=rows)) as url:
            for how in ("ours", "baseline"):
                costs[how, rows], read = measure(how, url)
                if read != rows:
                    raise SystemExit(f"{read} of {rows} rows")
    ours, baseline = (costs[how, size.many] for how in ("ours", "baseline"))
    grows = growth(size.few, costs["ours", size.few], size.many, ours)
    return report(
        "report",
        size.quick,
        {
            f"under {MOST_MB} MB extra": ours.peak_mb < MOST_MB,
            "growth at most 1.15": grows["time"] <= 1.15,
        },
        cases={f"{size.many} rows": compare([(ours, baseline)])},
        growth={"rows": grows},
    )


def measure(how: str, url: str) -> tuple[Cost, int]:
    """In a process of its own, with the rows it read: Python gives memory back only when it ends."""
    code = f"from benchmarks.bench_report import read; read({how!r}, {url!r})"
    answer = subprocess.run([sys.executable, "-c", code], check=True, stdout=subprocess.PIPE, text=True)
    rows, peak_mb, seconds = answer.stdout.split()
    return Cost(seconds=float(seconds), peak_mb=float(peak_mb)), int(rows)


def read(how: str, url: str) -> None:
    """Prints rows, extra memory in MB at the peak, seconds."""
    amazon = load_gateway()
    connection = amazon.Connection(url, f"{url}/auth/o2/token", *CREDENTIALS)
    now = datetime.now(timezone.utc)
    request = amazon.ReportRequest(
        amazon.reports.SHIPMENTS, ("ATVPDKIKX0DER",), now - timedelta(days=5), now + timedelta(days=5)
    )
    with amazon.Gateway(connection, timeout_s=120) as gateway:
        report_id = gateway.create_report(request)
        control(url, "POST", "clock/advance", seconds=3600)
        document_id = gateway.get_report(report_id).document_id
        cost = Cost()
        with timed(cost):
            count = _ours(gateway, document_id) if how == "ours" else _whole(gateway, document_id)
    print(count, cost.peak_mb, cost.seconds)


def _ours(gateway, document_id: str) -> int:
    with gateway.open_report(document_id) as rows:
        return sum(1 for row in rows if row["sku"] == "SKU-1")


def _whole(gateway, document_id: str) -> int:
    reports = gateway._reports
    operation = sys.modules["fba_amazon.reports_2021_06_30"].DOCUMENT
    fields = reports._call(operation, reports._client.get_document, document_id)
    text = gzip.decompress(requests.get(fields["url"], timeout=120).content).decode()
    header, *lines = (line.split("\t") for line in text.splitlines())
    table = [dict(zip(header, line, strict=True)) for line in lines]
    return sum(1 for row in table if row["sku"] == "SKU-1")


if __name__ == "__main__":
    sys.exit(main())
