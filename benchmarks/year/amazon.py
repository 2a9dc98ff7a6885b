"""The simulated Amazon of one week: it knows the sellers, what is sold in the week, and nothing of earlier ones."""

import contextlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from ..common import control, process
from ..shop import STOCK
from .plan import Week

PRICE = "19.98"
SHIPS_AFTER_S = 86400
AT_ONCE = 1000

# Numbers go on where the week before ended, so that a week that is begun again has the same ones. It ends with the
# process that started it, however that ends.
SERVER = """
import os, sys, time
from collections import deque
from datetime import datetime, timezone
from amazon_simulator import SimulatorServer
from amazon_simulator.world import echo
parent, (port, now, sold, own) = os.getppid(), sys.argv[1:]
def skip(new_number, numbers):
    deque((new_number() for _ in range(int(numbers))), maxlen=0)
with SimulatorServer(port=int(port)) as server:
    world = server.world
    world.settings.plan_factor = 1e6
    world.clock.now = datetime.fromisoformat(now).replace(tzinfo=timezone.utc)
    for new_number in (world.new_amazon_order_id, world.new_item_id):
        skip(new_number, sold)
    for new_number in (world.new_shipment_id, world.new_package_number):
        skip(new_number, own)
    echo.FIRST_NUMBER += int(own)
    print(server.url, flush=True)
    while os.getppid() == parent:
        time.sleep(1)
"""


@contextlib.contextmanager
def served(week: Week, now: datetime, port: int) -> Iterator[str]:
    """Its URL, for as long as the week takes."""
    with process("-c", SERVER, str(port), now.isoformat(), str(week.sold.start), str(week.own.start)) as url:
        yield url


class Amazon:
    """The seller's part of it."""

    def __init__(self, url: str, seller: dict, skus: list[str]) -> None:
        self.url, self._seller, self._skus = url, seller, skus
        control(url, "POST", "sellers", **seller)
        for sku in skus:
            control(url, "PUT", f"stock/{sku}", seller=seller["refresh_token"], fulfillable=STOCK)

    def sell(self, week: Week) -> None:
        """The orders of `week`, shipped; always the same."""
        first, last = week.sells
        gap = (last - first) / max(len(week.sold), 1)
        for done in range(0, len(week.sold), AT_ONCE):
            count = min(AT_ONCE, len(week.sold) - done)
            times = {"from": first + done * gap, "to": first + (done + count - 1) * gap}
            control(
                self.url,
                "POST",
                "sales/bulk",
                seller=self._seller["refresh_token"],
                count=count,
                skus=self._in_turn(week.sold.start + done),
                price=PRICE,
                ships_after_seconds=SHIPS_AFTER_S,
                **{name: f"{moment.replace(microsecond=0).isoformat()}Z" for name, moment in times.items()},
            )

    def _in_turn(self, number: int) -> list[str]:
        """All SKUs, that of order `number` first."""
        at = number % len(self._skus)
        return [*self._skus[at:], *self._skus[:at]]

    def advance(self, pause: timedelta) -> None:
        """What is due ships."""
        control(self.url, "POST", "clock/advance", seconds=pause.total_seconds())

    def hide_echoes(self) -> None:
        """Its fulfillment orders do not show among all orders."""
        control(self.url, "POST", "settings", echo_mcf=False)

    def forget_calls(self) -> None:
        control(self.url, "DELETE", "journal")
