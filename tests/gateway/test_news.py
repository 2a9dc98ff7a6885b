"""What Amazon sends before it publishes it never breaks a reading: kept, and logged once."""

import copy
import logging

import pytest
from fba_amazon import parse_order as parse_sold_order
from fba_amazon.fields import _logged
from fba_amazon.outbound_2020_07_01 import parse_order, parse_previews, parse_tracking
from fba_amazon.reports_2021_06_30 import parse_report

from .payloads import FULFILLMENT_ORDER, PREVIEWS, REPORT, RETURN_ITEM, SOLD_ORDER, TRACKING


@pytest.fixture(autouse=True)
def nothing_told():
    _logged.clear()


@pytest.fixture
def news(caplog):
    """What was logged of Amazon's news."""
    caplog.set_level(logging.WARNING)
    return lambda: sorted(message.removeprefix("Amazon sends an unknown ") for message in caplog.messages)


def test_published_examples_are_no_news(news):
    parse_order(FULFILLMENT_ORDER)
    parse_previews(PREVIEWS)
    parse_tracking(TRACKING)
    parse_report(REPORT)
    parse_sold_order(SOLD_ORDER)
    assert news() == []


def test_return_item_with_unknown_values_is_kept_and_they_are_told(news):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    row = {**RETURN_ITEM, "status": "Inspected", "returnReceivedCondition": "Washed", "isHeavy": True}
    answer["payload"]["returnItems"] = [RETURN_ITEM, row]
    known, unknown = parse_order(answer).returns
    assert (known.status, known.condition) == ("Processed", "CustomerDamaged")
    assert (unknown.status, unknown.condition) == ("Inspected", "Washed")
    assert news() == [
        "field: getFulfillmentOrder payload.returnItems[] isHeavy",
        "value: getFulfillmentOrder payload.returnItems[].returnReceivedCondition Washed",
        "value: getFulfillmentOrder payload.returnItems[].status Inspected",
    ]


def test_unknown_values_and_fields_are_kept_and_told_once(news):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    payload = answer["payload"]
    payload["fulfillmentOrder"].update(fulfillmentOrderStatus="Teleported", primeUpgraded=True)
    payload["fulfillmentOrderItems"] *= 2
    for item in payload["fulfillmentOrderItems"]:
        item["isHeavy"] = False
    payload["fulfillmentShipments"][0]["fulfillmentShipmentStatus"] = "BEAMING"
    for _ in range(3):
        order = parse_order(answer)
    assert (order.status, order.shipments[0].status) == ("Teleported", "BEAMING")
    assert news() == [
        "field: getFulfillmentOrder payload.fulfillmentOrder primeUpgraded",
        "field: getFulfillmentOrder payload.fulfillmentOrderItems[] isHeavy",
        "value: getFulfillmentOrder payload.fulfillmentOrder.fulfillmentOrderStatus Teleported",
        "value: getFulfillmentOrder payload.fulfillmentShipments[].fulfillmentShipmentStatus BEAMING",
    ]


@pytest.mark.parametrize(
    ("parse", "payload", "change", "read", "told"),
    [
        (
            parse_sold_order,
            SOLD_ORDER,
            lambda order: order["fulfillment"].update(fulfillmentStatus="LOST_IN_SPACE"),
            lambda order: order.status,
            "LOST_IN_SPACE",
        ),
        (
            parse_tracking,
            TRACKING,
            lambda answer: answer["payload"].update(currentStatus="IN_A_DRONE"),
            lambda tracking: tracking.status,
            "IN_A_DRONE",
        ),
        (
            parse_report,
            REPORT,
            lambda report: report.update(processingStatus="PONDERING"),
            lambda report: report.status,
            "PONDERING",
        ),
        (
            parse_previews,
            PREVIEWS,
            lambda answer: answer["payload"]["fulfillmentPreviews"][0].update(shippingSpeedCategory="Drone"),
            lambda previews: previews[0].shipping_speed,
            "Drone",
        ),
    ],
)
def test_unknown_status_of_any_kind_is_kept(news, parse, payload, change, read, told):
    payload = copy.deepcopy(payload)
    change(payload)
    assert read(parse(payload)) == told
    assert [line.split()[-1] for line in news()] == [told]


def test_news_that_may_be_data_is_not_quoted(news):
    answer = copy.deepcopy(TRACKING)
    answer["payload"]["currentStatus"] = "Left with Eva Muster"
    answer["payload"]["Eva Muster, 1 Main Street"] = 1
    parse_tracking(answer)
    assert "Eva" not in "".join(news())
    assert len(news()) == 2


def test_news_does_not_fill_the_memory(news):
    for number in range(1100):
        parse_report({**REPORT, f"key{number}": 1})
    assert len(news()) == 1000
