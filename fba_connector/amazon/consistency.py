"""Contradictions within Amazon's view of a fulfillment order: what it proves, and what it does not.

Amazon answers `Complete` before it lists the shipments, lists shipments before their items, and uses words that it has
not published (models issue 4036, among others). Such an answer proves only what it says of each unit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime

from .outbound import (
    CANCELLED_SHIPMENTS,
    ENDED,
    NOTHING_SHIPS,
    SHIPMENT_STATUSES,
    SHIPPED,
    STATUSES,
    FulfillmentOrder,
)

# Codes of a Contradiction.
UNKNOWN_WORD = "unknown_word"  # `detail`: the status
OTHER_LINES = "other_lines"  # the item id that we did not send, that is missing, or that has another quantity
NO_ITEMS = "no_items"  # the shipment that left with nothing in it
TOO_MANY = "too_many"  # the item id of which more was shipped, lost and cancelled than ordered
OUTDATED = "outdated"  # when the status last changed, which is earlier than Amazon said before
REOPENED = "reopened"  # the status of an order that had ended
TOO_FEW = "too_few"  # the item id of which less was, though the order has ended


@dataclass(frozen=True)
class Contradiction:
    """What does not fit: one of the codes above, and the word, shipment or item that shows it."""

    code: str
    detail: str


def frees_the_rest(order: FulfillmentOrder) -> bool:
    """Whether nothing more will ship: an end without any shipment, whatever the quantities of the items say."""
    return order.status in NOTHING_SHIPS and all(it.status in CANCELLED_SHIPMENTS for it in order.shipments)


def overstated(order: FulfillmentOrder) -> set[str]:
    """Ids of the items of which more was shipped, lost and cancelled than ordered: nobody knows which part is true.

    None where nothing ships at all: the order is lost, by whichever word.
    """
    if frees_the_rest(order):
        return set()
    return {item_id for item_id, units in _unaccounted(order).items() if units < 0}


def is_outdated(order: FulfillmentOrder, known: datetime | None) -> bool:
    """Whether it is from before the change of status that Amazon told of already: its reads lag apart."""
    return bool(known and order.updated_at and order.updated_at < known)


def without_repetitions(order: FulfillmentOrder) -> FulfillmentOrder:
    """`order` with each item and shipment once; the last of an id counts."""
    items = {item.item_id: item for item in order.items}
    shipments = {shipment.shipment_id: shipment for shipment in order.shipments}
    return replace(order, items=tuple(items.values()), shipments=tuple(shipments.values()))


def usable_part(order: FulfillmentOrder, item_ids: Collection[str]) -> FulfillmentOrder:
    """`order` with each item and shipment once, without items that are not in `item_ids`."""
    order = without_repetitions(order)
    items = tuple(item for item in order.items if item.item_id in item_ids)
    shipments = tuple(
        replace(shipment, items=tuple(item for item in shipment.items if item.item_id in item_ids))
        for shipment in order.shipments
    )
    return replace(order, items=items, shipments=shipments)


def contradictions(order: FulfillmentOrder, sent: dict[str, int]) -> list[Contradiction]:
    """All contradictions of an order that holds `sent` ({item id: units}); empty for an answer that adds up.

    Where all of `sent` has shipped, only other lines are one: whatever else Amazon says changes nothing more.
    """
    order = without_repetitions(order)
    if sent and all(shipped_units(order)[item_id] == units for item_id, units in sent.items()):
        return [Contradiction(OTHER_LINES, item_id) for item_id in _other_lines(order, sent)]
    found = [
        Contradiction(UNKNOWN_WORD, word)
        for word in (
            *(() if order.status in STATUSES else (order.status,)),
            *(it.status for it in order.shipments if it.status not in SHIPMENT_STATUSES),
        )
    ]
    found += [Contradiction(OTHER_LINES, item_id) for item_id in _other_lines(order, sent)]
    found += [
        Contradiction(NO_ITEMS, it.shipment_id)
        for it in order.shipments
        if it.status == SHIPPED and not sum(item.quantity for item in it.items)
    ]
    found += [Contradiction(TOO_MANY, item_id) for item_id in sorted(overstated(order))]
    if order.status in ENDED and not frees_the_rest(order):
        found += [Contradiction(TOO_FEW, item_id) for item_id, units in _unaccounted(order).items() if units > 0]
    return found


def has_ended(status: str | None, all_shipped: bool) -> bool:
    """Whether `status` ends an order; an unknown one does where all of it has shipped."""
    return status in ENDED or (all_shipped and bool(status) and status not in STATUSES)


def shipped_units(order: FulfillmentOrder) -> Counter[str]:
    """{item id: units that left}."""
    shipped = Counter[str]()
    for shipment in order.shipments:
        if shipment.status == SHIPPED:
            for item in shipment.items:
                shipped[item.item_id] += item.quantity
    return shipped


def _other_lines(order: FulfillmentOrder, sent: dict[str, int]) -> list[str]:
    theirs = {item.item_id: item.quantity for item in order.items}
    shipped = {item.item_id for it in order.shipments for item in it.items}
    if not theirs and frees_the_rest(order):
        return []  # an order that Amazon refused may have none
    return sorted(
        {item_id for item_id in theirs | sent if theirs.get(item_id) != sent.get(item_id)} | shipped - set(sent)
    )


def _unaccounted(order: FulfillmentOrder) -> dict[str, int]:
    """{item id: units neither shipped nor lost nor cancelled}."""
    shipped = shipped_units(order)
    return {
        item.item_id: item.quantity - shipped[item.item_id] - item.cancelled_quantity - item.unfulfillable_quantity
        for item in order.items
    }
