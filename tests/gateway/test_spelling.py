"""A choice is the same choice however Amazon spells it; a word that nobody knows is kept as it came."""

import copy
import re

import pytest
from fba_amazon import orders, outbound, reports
from fba_amazon import parse_order as parse_sold_order
from fba_amazon.orders_2026_01_01 import BREAKDOWNS
from fba_amazon.outbound_2020_07_01 import (
    FEES,
    LIMITS,
    SPEEDS,
    TRACKING_STATUSES,
    parse_order,
    parse_page,
    parse_previews,
    parse_tracking,
)
from fba_amazon.reports_2021_06_30 import parse_document, parse_report
from fba_amazon.spelling import spelt

from .payloads import FULFILLMENT_ORDER, FULFILLMENT_ORDER_LIST, PREVIEWS, REPORT, RETURN_ITEM, SOLD_ORDER, TRACKING

CHOICES = {
    "order status": outbound.STATUSES,
    "shipment status": outbound.SHIPMENT_STATUSES,
    "return status": outbound.RETURN_STATUSES,
    "condition": outbound.RETURN_CONDITIONS,
    "tracking status": TRACKING_STATUSES,
    "speed": SPEEDS,
    "policy": LIMITS.policies,
    "fee": FEES,
    "report status": reports.STATUSES,
    "sold order status": orders.STATUSES,
    "fulfilled by": orders.FULFILLERS,
    "channel": orders.CHANNELS,
    "breakdown": BREAKDOWNS,
}


def spellings(value):
    words = re.findall(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+", value)
    assert "".join(words) == value.replace("_", "")
    for between in ("", "_", "-", " ", "  "):
        joined = between.join(words)
        yield from (joined, joined.upper(), joined.lower(), joined.title(), f" {joined} ")


@pytest.mark.parametrize("known", CHOICES.values(), ids=CHOICES)
def test_every_value_is_found_in_every_spelling(known):
    for value in known:
        for word in spellings(value):
            assert spelt(word, known) == value, word


@pytest.mark.parametrize("known", CHOICES.values(), ids=CHOICES)
def test_no_two_values_of_a_choice_are_spelt_alike(known):
    assert len({re.sub("[^a-z]", "", value.lower()) for value in known}) == len(known)


@pytest.mark.parametrize(
    ("word", "known", "value"),
    [
        ("COMPLETE_PARTIALLED", outbound.STATUSES, outbound.COMPLETE_PARTIALLED),  # MWS; Amazon's Magento plug-in
        ("COMPLETE_PARTIAL", outbound.STATUSES, outbound.COMPLETE_PARTIALLED),  # model 2026-07-04
        ("PROCESSING", outbound.STATUSES, outbound.PROCESSING),  # the same
        ("CANCELED", outbound.STATUSES, outbound.CANCELLED),
        ("Canceled", orders.STATUSES, orders.CANCELLED),  # Orders v0
        ("CANCELED", reports.STATUSES, reports.CANCELLED),
        ("CanceledByFulfiller", outbound.SHIPMENT_STATUSES, outbound.CANCELLED_BY_FULFILLER),
        ("CANCELED_BY_SELLER", outbound.SHIPMENT_STATUSES, outbound.CANCELLED_BY_SELLER),
        ("PICKUP_CANCELED", TRACKING_STATUSES, "PICKUP_CANCELLED"),
        ("SCHEDULED", SPEEDS, "ScheduledDelivery"),  # model 2026-07-04
        ("AFN", orders.FULFILLERS, orders.AMAZON),  # Orders v0
        ("MFN", orders.FULFILLERS, orders.MERCHANT),
        ("_DONE_", reports.STATUSES, reports.DONE),  # MWS Reports
        ("_IN_PROGRESS_", reports.STATUSES, reports.IN_PROGRESS),
        ("_SUBMITTED_", reports.STATUSES, reports.IN_QUEUE),
        ("_DONE_NO_DATA_", reports.STATUSES, reports.CANCELLED),
    ],
)
def test_older_and_other_words_are_known(word, known, value):
    assert spelt(word, known) == value


@pytest.mark.parametrize(
    ("word", "known"),
    [
        ("Completed", outbound.STATUSES),
        ("Partial", outbound.STATUSES),
        ("Complet", outbound.STATUSES),
        ("Not Complete", outbound.STATUSES),
        ("Cancelling", outbound.STATUSES),
        ("AFN", outbound.STATUSES),  # another choice's word
        ("SUBMITTED", outbound.STATUSES),
        ("", outbound.STATUSES),
        (" ", outbound.STATUSES),
        ("_", orders.CHANNELS),
    ],
)
def test_a_word_nobody_knows_is_none_of_them(word, known):
    assert spelt(word, known) is None


# === IN EACH ANSWER === #


def changed(payload, path, value):
    payload = copy.deepcopy(payload)
    *parents, last = path
    place = payload
    for key in parents:
        place = place[key]
    place[last] = value
    return payload


ORDER = ("payload", "fulfillmentOrder")
SHIPMENT = ("payload", "fulfillmentShipments", 0)
RETURNED = {"payload": {**FULFILLMENT_ORDER["payload"], "returnItems": [RETURN_ITEM]}}
PREVIEW = ("payload", "fulfillmentPreviews", 0)
REPLACEMENT = {**SOLD_ORDER, "associatedOrders": [{"orderId": "1", "associationType": "REPLACEMENT_ORIGINAL_ID"}]}
TAXED = changed(
    SOLD_ORDER,
    ("orderItems", 0, "proceeds", "breakdowns"),
    [
        {"type": "ITEM", "subtotal": {"amount": "1", "currencyCode": "JPY"}},
        {
            "type": "TAX",
            "subtotal": {"amount": "1", "currencyCode": "JPY"},
            "detailedBreakdowns": [{"subtype": "ITEM", "value": {"amount": "1", "currencyCode": "JPY"}}],
        },
    ],
)
REMITTED = changed(SOLD_ORDER, ("orderItems", 0, "tax"), {"taxCollections": [{"model": "MARKETPLACE_FACILITATOR"}]})
DOCUMENT = {"reportDocumentId": "D-1", "url": "https://x", "compressionAlgorithm": "GZIP"}
PLACES = [
    (parse_order, FULFILLMENT_ORDER, (*ORDER, "fulfillmentOrderStatus"), lambda it: it.status),
    (parse_page, FULFILLMENT_ORDER_LIST, ("payload", "fulfillmentOrders", 0, "fulfillmentOrderStatus"),
     lambda it: it.orders[0].status),
    (parse_order, FULFILLMENT_ORDER, (*ORDER, "shippingSpeedCategory"), lambda it: it.shipping_speed),
    (parse_order, FULFILLMENT_ORDER, (*ORDER, "fulfillmentAction"), lambda it: it.hold),
    (parse_order, FULFILLMENT_ORDER, (*ORDER, "fulfillmentPolicy"), lambda it: it.policy),
    (parse_order, FULFILLMENT_ORDER, (*SHIPMENT, "fulfillmentShipmentStatus"), lambda it: it.shipments[0].status),
    (parse_order, RETURNED, ("payload", "returnItems", 0, "status"), lambda it: it.returns[0].status),
    (parse_order, RETURNED, ("payload", "returnItems", 0, "returnReceivedCondition"),
     lambda it: it.returns[0].condition),
    (parse_previews, PREVIEWS, (*PREVIEW, "shippingSpeedCategory"), lambda it: it[0].shipping_speed),
    (parse_previews, PREVIEWS, (*PREVIEW, "estimatedFees", 0, "name"), lambda it: it[0].fees[0].name),
    (parse_tracking, TRACKING, ("payload", "currentStatus"), lambda it: it.status),
    (parse_report, REPORT, ("processingStatus",), lambda it: it.status),
    (parse_document, DOCUMENT, ("compressionAlgorithm",), lambda it: it.compression),
    (parse_sold_order, SOLD_ORDER, ("fulfillment", "fulfillmentStatus"), lambda it: (it.status, it.is_shipped)),
    (parse_sold_order, SOLD_ORDER, ("fulfillment", "fulfilledBy"), lambda it: it.is_fulfilled_by_amazon),
    (parse_sold_order, SOLD_ORDER, ("salesChannel", "channelName"), lambda it: it.is_sold_on_amazon),
    (parse_sold_order, SOLD_ORDER, ("orderAliases", 0, "aliasType"), lambda it: it.seller_order_ids),
    (parse_sold_order, REPLACEMENT, ("associatedOrders", 0, "associationType"), lambda it: it.replaces),
    (parse_sold_order, SOLD_ORDER, ("orderItems", 0, "proceeds", "breakdowns", 0, "type"),
     lambda it: it.items[0].breakdown),
    (parse_sold_order, TAXED, ("orderItems", 0, "proceeds", "breakdowns", 1, "type"), lambda it: it.items[0].tax),
    (parse_sold_order, TAXED,
     ("orderItems", 0, "proceeds", "breakdowns", 1, "detailedBreakdowns", 0, "subtype"), lambda it: it.items[0].tax),
    (parse_sold_order, REMITTED, ("orderItems", 0, "tax", "taxCollections", 0, "model"),
     lambda it: it.items[0].tax_is_remitted),
]  # fmt: skip
IDS = [str(row[2][-1]) for row in PLACES]


@pytest.mark.parametrize(("parse", "payload", "path", "read"), PLACES, ids=IDS)
def test_answer_is_read_alike_in_every_spelling(parse, payload, path, read):
    expected = read(parse(payload))
    assert expected not in (None, (), False) or path[-1] == "fulfillmentAction"
    value = payload
    for key in path:
        value = value[key]
    for word in spellings(value):
        assert read(parse(changed(payload, path, word))) == expected, word


@pytest.mark.parametrize("word", ["Completed", "ENDED", "cancel", "Teleported ", "complete?"])
def test_order_status_that_nobody_knows_is_kept_as_it_came_and_never_ends_an_order(word):
    order = parse_order(changed(FULFILLMENT_ORDER, (*ORDER, "fulfillmentOrderStatus"), word))
    assert order.status == word
    assert order.status not in outbound.ENDED
