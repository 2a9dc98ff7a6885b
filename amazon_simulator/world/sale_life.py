"""The steps the clock takes with an `auto` sale: a buyer orders, pays, and Amazon ships.

The delays are the simulator's own: Amazon holds an order for about half an hour and takes hours to ship it.
"""

from datetime import datetime, timedelta

from .sales import ENDED_STATUSES, Sale

PAID_AFTER = timedelta(minutes=30)
SHIPS_AFTER = timedelta(hours=4)


def due_at(sale: Sale, auto_ship: bool) -> datetime | None:
    """When the clock next touches `sale`; None when it does not."""
    if not sale.auto or sale.status in ENDED_STATUSES:
        return None
    if sale.status == "PENDING":
        return sale.created_at + PAID_AFTER
    return sale.created_at + SHIPS_AFTER if auto_ship else None


def take_step(sale: Sale, now: datetime) -> None:
    """Do what is due at `now`; the units are reserved since the order was placed."""
    sale.set_status("UNSHIPPED" if sale.status == "PENDING" else "SHIPPED", None, now)
