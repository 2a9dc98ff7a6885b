"""What an answer that contradicts itself proves, and what it does not."""

from dataclasses import replace

import pytest
from fba_amazon import FulfillmentOrder, OrderItem, Shipment, ShipmentItem, consistency, outbound

SENT = {"1": 3}


def item(quantity=3, cancelled=0, unfulfillable=0, item_id="1"):
    return OrderItem(item_id, "A", quantity, cancelled, unfulfillable)


def shipment(units, status=outbound.SHIPPED, shipment_id="S1", item_id="1"):
    items = (ShipmentItem(item_id, units, None, None, ()),) if units else ()
    return Shipment(shipment_id, status, None, None, items, ())


def order(status, *shipments, items=None):
    return FulfillmentOrder(
        order_id="O",
        status=status,
        updated_at=None,
        shipping_speed=None,
        hold=None,
        policy=None,
        items=(item(),) if items is None else items,
        shipments=shipments,
    )


def found(answer, sent=None):
    return [(it.code, it.detail) for it in consistency.contradictions(answer, SENT if sent is None else sent)]


@pytest.mark.parametrize(
    "answer",
    [
        order(outbound.NEW),
        order(outbound.PROCESSING, shipment(1)),
        order(outbound.PROCESSING, shipment(3, outbound.PENDING)),
        order(outbound.COMPLETE, shipment(1), shipment(2, shipment_id="S2")),
        order(outbound.COMPLETE, shipment(3), shipment(3, outbound.CANCELLED_BY_FULFILLER, "S2")),
        order(outbound.COMPLETE_PARTIALLED, shipment(1), items=(item(unfulfillable=2),)),
        order(outbound.CANCELLED, items=(item(cancelled=3),)),
        *(order(status) for status in (outbound.CANCELLED, outbound.UNFULFILLABLE, outbound.INVALID)),
        order(outbound.CANCELLED, shipment(3, outbound.CANCELLED_BY_SELLER)),
    ],
    ids=str,
)
def test_answer_that_adds_up(answer):
    assert found(answer) == []


@pytest.mark.parametrize(
    ("answer", "contradiction"),
    [
        (order(outbound.COMPLETE), (consistency.TOO_FEW, "1")),
        (order(outbound.COMPLETE, shipment(2)), (consistency.TOO_FEW, "1")),
        (order(outbound.COMPLETE, shipment(3, outbound.PENDING)), (consistency.TOO_FEW, "1")),
        (order(outbound.COMPLETE_PARTIALLED, shipment(1)), (consistency.TOO_FEW, "1")),
        (order(outbound.CANCELLED, shipment(1)), (consistency.TOO_FEW, "1")),
        (order(outbound.UNFULFILLABLE, shipment(3, outbound.PENDING)), (consistency.TOO_FEW, "1")),
        (order(outbound.PROCESSING, shipment(4)), (consistency.TOO_MANY, "1")),
        (order(outbound.PROCESSING, shipment(2), items=(item(unfulfillable=2),)), (consistency.TOO_MANY, "1")),
        (order(outbound.PROCESSING, shipment(0)), (consistency.NO_ITEMS, "S1")),
        (order("Evaporated"), (consistency.UNKNOWN_WORD, "Evaporated")),
        (order(outbound.PROCESSING, shipment(1, "TELEPORTED")), (consistency.UNKNOWN_WORD, "TELEPORTED")),
        (order(outbound.NEW, items=(item(2),)), (consistency.OTHER_LINES, "1")),
        (order(outbound.NEW, items=()), (consistency.OTHER_LINES, "1")),
        (order(outbound.NEW, items=(item(), item(item_id="2"))), (consistency.OTHER_LINES, "2")),
        (order(outbound.NEW, shipment(1, item_id="9")), (consistency.OTHER_LINES, "9")),
    ],
    ids=str,
)
def test_answer_that_contradicts_itself(answer, contradiction):
    assert found(answer)[0] == contradiction


@pytest.mark.parametrize("status", sorted(outbound.STATUSES))
def test_only_an_end_without_any_shipment_frees_the_rest(status):
    ends = status in (outbound.CANCELLED, outbound.UNFULFILLABLE, outbound.INVALID)
    assert consistency.frees_the_rest(order(status)) is ends
    assert consistency.frees_the_rest(order(status, shipment(3, outbound.CANCELLED_BY_SELLER))) is ends
    for alive in (outbound.SHIPPED, outbound.PENDING, "TELEPORTED"):
        assert not consistency.frees_the_rest(order(status, shipment(1, alive)))


def test_usable_part_has_each_once_and_nothing_unknown():
    late = replace(shipment(2), items=(*shipment(2).items, *shipment(1, item_id="9").items))
    answer = order(outbound.NEW, shipment(1), late, items=(item(), item(), item(item_id="9")))
    part = consistency.usable_part(answer, ["1"])
    assert (part.items, part.shipments) == ((item(),), (shipment(2),))


def test_overstated_items_are_named():
    answer = order(outbound.PROCESSING, shipment(2), items=(item(unfulfillable=2), item(item_id="2")))
    assert consistency.overstated(answer) == {"1"}
