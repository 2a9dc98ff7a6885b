"""Later corrections of a shipment that left: it is cancelled after all, or held other units.

The simulator's own reading: Amazon's model has a shipment's status and quantities, and no word that they are final.
"""

from collections.abc import Sequence
from datetime import datetime

from .fulfillment import FulfillmentOrder
from .shipments import Line, Shipment

Contents = Sequence[tuple[Line, int]]


def cancel(order: FulfillmentOrder, shipment: Shipment, status: str, now: datetime) -> None:
    """It did not leave: listed like one cancelled earlier, without packages."""
    shipment.status, shipment.planned, shipment.packages = status, shipment.contents, []
    _bring_back(order, shipment, shipment.planned, now)


def change(order: FulfillmentOrder, shipment: Shipment, fewer: Contents, more: Contents, now: datetime) -> None:
    """Units of `fewer` did not leave, those of `more` did, in the first package.

    A package that is empty then is gone. Raises NotEnough, and then nothing changed.
    """
    for line, units in more:
        line.claim.require(units)
    for line, units in more:
        line.claim.ship(units)
        line.shipped += units
        shipment.packages[0].contents.append((line, units))
    for line, units in fewer:
        left = units
        for package in reversed(shipment.packages):
            left -= package.take_out(line, left)
    shipment.packages = [package for package in shipment.packages if package.contents]
    _bring_back(order, shipment, fewer, now)


def _bring_back(order: FulfillmentOrder, shipment: Shipment, contents: Contents, now: datetime) -> None:
    """These units of the shipment are in stock: open again, and held for the order, unless it has ended.

    An ended order stays so; the status of one that ended by its quantities (not Cancelled, not Invalid) follows them.
    """
    for line, units in contents:
        line.shipped -= units
        line.claim.recall(units)
        if not order.is_open:
            line.unfulfillable += units
    order.touch(now, shipment)
    if order.is_open:
        order.reserve()
    if order.is_open or order.status in ("Complete", "CompletePartialled"):
        order.settle(now)
