"""`make year`: a year of orders through Odoo, week by week; killed at any time, it goes on where it was.

The database stays between runs; `--drop` ends that. A finished year only prints its tables again.
"""

import argparse
import hashlib
import signal
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

from scripts.host.database import Host, running_host
from scripts.host.paths import ROOT, keyed
from scripts.host.step import exclusive, say
from scripts.simulator import free_port

from ..common import process
from ..database import Database
from ..shop import Shop
from .amazon import served
from .clock import Clock
from .ledger import Ledger, OtherYear
from .plan import A_WEEK, Week, weeks
from .shop import YearShop
from .sizes import ALL
from .summary import Summary
from .week import work

QUICK = ["--sold", "9", "--own", "6", "--weeks", "3"]
FIRST_PORT, PORTS = 20_000, 10_000  # below those that systems give to whoever asks
BEGIN_AGAIN = timedelta(hours=12)  # after whatever was due in a week that was cut off

# Takes mails, and ends with the process that started it.
MAIL_SERVER = """
import os, socket, time
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink
parent = os.getppid()
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
Controller(Sink(), hostname="127.0.0.1", port=port).start()
print(port, flush=True)
while os.getppid() == parent:
    time.sleep(1)
"""


def main() -> int:
    options = read_options()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # as Ctrl-C
    folder = options.folder or keyed("year", str(ROOT)) / f"{options.sold}-{options.own}-{options.weeks}"
    try:
        if options.quick:
            return quick()
        return run(Year(folder.resolve(), options.sold, options.own, options.weeks), options)
    except OtherYear as error:
        say(f"Another year is in progress in {error}. --fresh begins anew, --drop ends it.")
    except KeyboardInterrupt:
        say("\nStopped; the same command goes on.")
        return 130
    return 1


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make year", description=__doc__, allow_abbrev=False)
    parser.add_argument("--sold", type=int, default=10_000, help="orders sold on Amazon (default: %(default)s)")
    parser.add_argument("--own", type=int, default=2_000, help="orders of Odoo's customers (default: %(default)s)")
    parser.add_argument("--weeks", type=int, default=52, help="parts it is done in (default: %(default)s)")
    parser.add_argument("--folder", type=Path, help="where it is kept (default: in the cache)")
    parser.add_argument("--fresh", action="store_true", help="forget what was done, begin anew")
    parser.add_argument("--drop", action="store_true", help="forget what was done, and end")
    parser.add_argument("--quick", action="store_true", help="only see that it runs: a small year of its own")
    return parser.parse_args()


def run(year: "Year", options: argparse.Namespace) -> int:
    """The exit status says whether all limits were kept."""
    with exclusive(year.database), running_host() as host:
        if options.drop:
            year.drop(host)
            return 0
        summary = Summary(year.live(host, fresh=options.fresh))
    say(f"\n{summary.text()}\n\nEach week: {year.ledger.figures}")
    return 0 if all(summary.kept().values()) else 1


def quick() -> int:
    """A small year, killed in its second week and begun again."""
    with tempfile.TemporaryDirectory() as folder, running_host():  # PostgreSQL for all three
        words, ledger = [sys.executable, "-m", "benchmarks.year", *QUICK, "--folder", folder], Ledger(Path(folder))
        try:
            with subprocess.Popen(words, cwd=ROOT) as first:
                while not ledger.lines() and first.poll() is None:
                    time.sleep(0.1)
                time.sleep(1)
                first.kill()
            return subprocess.run(words, cwd=ROOT, check=False).returncode
        finally:
            subprocess.run([*words, "--drop"], cwd=ROOT, check=False)


class Year:
    """A year of so many orders in so many weeks, kept in `folder`."""

    def __init__(self, folder: Path, sold: int, own: int, weeks: int) -> None:
        self.ledger, self._size = Ledger(folder), {"sold": sold, "own": own, "weeks": weeks}
        self._key = hashlib.sha256(str(folder).encode()).hexdigest()
        self.database = f"fba_year_{self._key[:6]}"

    def drop(self, host: Host) -> None:
        host.drop(self.database)
        self.ledger.forget()

    def live(self, host: Host, *, fresh: bool) -> list[dict]:
        """Whatever is left of the year; the lines of all of it. Raises OtherYear."""
        begins = fresh or not self.ledger.settings()
        if not begins:
            self.ledger.check(**self._size)
            if len(self.ledger.lines()) == self._size["weeks"]:
                return self.ledger.lines()
        code = {"code": host.addon_template()}
        if begins:
            shop = self._begin(host, code)
        else:
            self.ledger.check(**code)
            shop = self._find(host)
        with process("-c", MAIL_SERVER) as port:
            shop.deliver_mails_to(int(port))
            self._go_on(shop)
        return self.ledger.lines()

    def _weeks(self) -> list[Week]:
        ends_at = datetime.fromisoformat(self.ledger.settings()["ends_at"])
        return weeks(self._size["sold"], self._size["own"], self._size["weeks"], ends_at)

    def _begin(self, host: Host, code: dict) -> YearShop:
        self.ledger.forget()
        ends_at = datetime.now(timezone.utc).replace(tzinfo=None, microsecond=0) - timedelta(days=1)
        clock, port = Clock(), free_port(FIRST_PORT + int(self._key, 16) % PORTS)
        clock.set(ends_at - self._size["weeks"] * A_WEEK)
        database = Shop(host, self.database)
        nothing = Week(0, range(0), range(0), clock.now())
        with served(nothing, clock.now(), port) as url:
            shop = YearShop.found(database, url, clock, port)
        self.ledger.start({**self._size, **code, "ends_at": ends_at.isoformat(), "port": port})
        return shop

    def _find(self, host: Host) -> YearShop:
        if not host.has(self.database):
            raise OtherYear(f"{self.ledger.folder}: its database is gone")
        clock = Clock()
        return YearShop(Database(host, self.database, anew=False), clock, self.ledger.settings()["port"])

    def _go_on(self, shop: YearShop) -> None:
        all_weeks, clock = self._weeks(), shop.clock
        for week in all_weeks[len(self.ledger.lines()) :]:
            clock.set(week.ends_at)
            before = self.ledger.begin(week.number, clock.now())
            if before:
                clock.set(max(clock.now(), before + BEGIN_AGAIN))
                self.ledger.begin(week.number, clock.now())
            line = work(shop, week, again=bool(before))
            self.ledger.add(line)
            say(progress(line, all_weeks))


def progress(line: dict, all_weeks: list[Week]) -> str:
    """A finished week, and how long the rest will take at its pace."""
    done = line["week"] + 1
    left = sum(len(week.sold) + len(week.own) for week in all_weeks[done:]) * line["seconds"] / max(line["all"], 1)
    return (
        f"week {done} of {len(all_weeks)}{', begun again' if line['again'] else ''}: {line['sold']} sold, "
        f"{line['own']} own in {line['seconds']:.0f} s; memory {line['memory_mb']:.0f} MB, database "
        f"{line['sizes'][ALL] / 1e6:,.0f} MB; about {left / 60:.0f} min left"
    )


if __name__ == "__main__":
    sys.exit(main())
