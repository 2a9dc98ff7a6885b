"""Fulfillment orders: the requests that leave, and the answers that come in."""

import copy
import json
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from fba_amazon import (
    CreateItem,
    Echo,
    Fee,
    Malformed,
    Money,
    OrderItem,
    OrderSummary,
    Package,
    PackageTracking,
    Preview,
    PreviewOrder,
    PreviewShipment,
    Shipment,
    ShipmentItem,
    TrackingEvent,
    UnfulfillableItem,
    UpdateOrder,
    outbound,
)
from fba_amazon.outbound_2020_07_01 import parse_order, parse_page, parse_previews

from .payloads import FULFILLMENT_ORDER, FULFILLMENT_ORDER_LIST, ORDER, PREVIEWS, RETURN_ITEM, TRACKING
from .stub import Reply

GOLDEN = json.loads((Path(__file__).parent / "golden" / "create_order.json").read_text())
BASE = "/fba/outbound/2020-07-01/fulfillmentOrders"


def test_create_sends_the_golden_body_and_nothing_else(stub, gateway):
    assert gateway.create_fulfillment_order(ORDER) is None
    (call,) = stub.calls
    assert (call.method, call.path, call.query) == ("POST", BASE, {})
    assert call.json == GOLDEN
    assert call.headers["Host"] == stub.url.removeprefix("http://")
    assert call.headers["x-amz-access-token"] == "Atza|1"
    assert call.headers["content-type"] == "application/json"


def test_create_with_hold_emails_and_full_address_sends_them(stub, gateway):
    address = outbound.Address("N", "1", "2", "3", "C", "S", "P", "US", "555")
    order = outbound.CreateOrder(
        **{**vars(ORDER), "address": address, "hold": True, "notification_emails": ("a@b.c",), "marketplace_id": None}
    )
    gateway.create_fulfillment_order(order)
    body = stub.calls[0].json
    assert (body["fulfillmentAction"], body["notificationEmails"]) == ("Hold", ["a@b.c"])
    assert "marketplaceId" not in body
    assert body["destinationAddress"] == {
        "name": "N",
        "addressLine1": "1",
        "addressLine2": "2",
        "addressLine3": "3",
        "city": "C",
        "stateOrRegion": "S",
        "postalCode": "P",
        "countryCode": "US",
        "phone": "555",
    }


def test_create_with_naive_date_sends_nothing(stub, gateway):
    order = outbound.CreateOrder(**{**vars(ORDER), "displayable_at": datetime(2026, 1, 1)})
    with pytest.raises(ValueError, match="time zone"):
        gateway.create_fulfillment_order(order)
    assert stub.calls == []


def test_get_published_example_gives_the_snapshot(stub, gateway):
    stub.api = [Reply(body=FULFILLMENT_ORDER)]
    order = gateway.get_fulfillment_order("FBATestOrder-1")
    moment = datetime(2020, 2, 7, 2, 33, 23, tzinfo=timezone.utc)
    assert order == outbound.FulfillmentOrder(
        order_id="FBATestOrder-1",
        status=outbound.PROCESSING,
        updated_at=datetime(2020, 2, 7, 2, 33, 31, tzinfo=timezone.utc),
        shipping_speed="Standard",
        hold=False,
        policy="FillOrKill",
        items=(OrderItem("OrderItemID1", "CR-47K6-H6QN", 3, 0, 0),),
        shipments=(
            Shipment(
                shipment_id="DchKfcZ9N",
                status="PENDING",
                shipped_at=moment,
                estimated_arrival_at=moment,
                items=(ShipmentItem("OrderItemID1", 3, 0, None, ("LOT0822-1234", "LOT1030-5678")),),
                packages=(),
            ),
        ),
        echo=Echo("TestOrder-FBAOutbound", datetime(2020, 1, 9, 19, 46, 45, tzinfo=timezone.utc), "48084", "US"),
    )
    (call,) = stub.calls
    assert (call.method, call.path, call.query, call.body) == ("GET", f"{BASE}/FBATestOrder-1", {}, b"")


def test_get_with_package_reads_it():
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    shipment = answer["payload"]["fulfillmentShipments"][0]
    shipment["fulfillmentShipmentPackage"] = [
        {"packageNumber": 7, "carrierCode": "UPS", "trackingNumber": "1Z", "estimatedArrivalDate": "2020-02-08T00:00Z"},
        {"packageNumber": 8, "carrierCode": "", "trackingNumber": None},
    ]
    first, second = parse_order(answer).shipments[0].packages
    assert first == Package(7, "UPS", "1Z", datetime(2020, 2, 8, tzinfo=timezone.utc))
    assert second == Package(8, "", None, None)


@pytest.mark.parametrize(
    ("numbers", "tracking_number"),
    [
        ({"amazonFulfillmentTrackingNumber": "QXB123456789"}, "QXB123456789"),
        ({"trackingNumber": "TBA303000000001", "amazonFulfillmentTrackingNumber": "QXB1"}, "TBA303000000001"),
        ({"trackingNumber": "", "amazonFulfillmentTrackingNumber": "QXB1"}, "QXB1"),
        ({"trackingNumber": None, "amazonFulfillmentTrackingNumber": None}, None),
        ({}, None),
    ],
)
def test_get_with_package_of_amazons_own_carrier_has_the_number_there_is(numbers, tracking_number):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    shipment = answer["payload"]["fulfillmentShipments"][0]
    shipment["fulfillmentShipmentPackage"] = [{"packageNumber": 7, "carrierCode": "Amazon Logistics", **numbers}]
    assert parse_order(answer).shipments[0].packages == (Package(7, "Amazon Logistics", tracking_number, None),)


@pytest.mark.parametrize("carrier", [{}, {"carrierCode": None}, {"carrierCode": ""}])
def test_get_with_package_of_nobody_named_has_no_carrier(carrier):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    shipment = answer["payload"]["fulfillmentShipments"][0]
    shipment["fulfillmentShipmentPackage"] = [{"packageNumber": 7, "trackingNumber": "1Z", **carrier}]
    assert parse_order(answer).shipments[0].packages == (Package(7, "", "1Z", None),)


def test_get_without_shipments_has_none():
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    del answer["payload"]["fulfillmentShipments"]
    assert parse_order(answer).shipments == ()


@pytest.mark.parametrize("items", ["absent", None, []])
def test_get_with_shipped_shipment_without_items_has_none(items):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    shipment = answer["payload"]["fulfillmentShipments"][0]
    shipment.update(fulfillmentShipmentStatus="SHIPPED", fulfillmentShipmentItem=items)
    if items == "absent":
        del shipment["fulfillmentShipmentItem"]
    (read,) = parse_order(answer).shipments
    assert (read.status, read.items) == (outbound.SHIPPED, ())


@pytest.mark.parametrize("gone", [{}, {"cancelledQuantity": None, "unfulfillableQuantity": None}])
def test_get_with_line_without_cancelled_and_unfulfillable_units_has_none_of_them(gone):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    answer["payload"]["fulfillmentOrderItems"] = [
        {"sellerSku": "A", "sellerFulfillmentOrderItemId": "1", "quantity": 3, **gone}
    ]
    assert parse_order(answer).items == (OrderItem("1", "A", 3, 0, 0),)


@pytest.mark.parametrize("value", ["absent", None, ""])
@pytest.mark.parametrize(
    ("key", "attribute"), [("statusUpdatedDate", "updated_at"), ("shippingSpeedCategory", "shipping_speed")]
)
def test_get_that_does_not_repeat_a_date_or_the_speed_leaves_it_none(key, attribute, value):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    answer["payload"]["fulfillmentOrder"][key] = value
    if value == "absent":
        del answer["payload"]["fulfillmentOrder"][key]
    assert getattr(parse_order(answer), attribute) is None


# === ECHO === #


ECHO = {
    "displayableOrderId": "S00042",
    "displayableOrderDate": "2026-11-23T10:00:00Z",
    "destinationAddress": {"postalCode": "10115", "countryCode": "DE", "name": "Eva Muster"},
}
ECHO_READ = Echo("S00042", ORDER.displayable_at, "10115", "DE")


def echoed(**changes):
    """The echoes of an order with these fields: of getFulfillmentOrder and of the list."""
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    order = answer["payload"]["fulfillmentOrder"]
    order.update(ECHO, **changes)
    page = {"payload": {"fulfillmentOrders": [order]}}
    return parse_order(answer).echo, parse_page(page).orders[0].echo


def test_order_repeats_what_was_sent():
    assert echoed() == (ECHO_READ, ECHO_READ)


@pytest.mark.parametrize(
    ("changes", "echo"),
    [
        (dict.fromkeys(ECHO), Echo()),
        ({"displayableOrderId": None}, replace(ECHO_READ, displayable_order_id=None)),
        ({"displayableOrderDate": ""}, replace(ECHO_READ, displayable_at=None)),
        ({"destinationAddress": {}}, replace(ECHO_READ, postal_code=None, country_code=None)),
        ({"destinationAddress": {"countryCode": "DE"}}, replace(ECHO_READ, postal_code=None)),
        ({"destinationAddress": "Berlin"}, replace(ECHO_READ, postal_code=None, country_code=None)),
        ({"displayableOrderDate": "yesterday"}, replace(ECHO_READ, displayable_at=None)),
        ({"displayableOrderId": "x" * 601}, replace(ECHO_READ, displayable_order_id=None)),
    ],
)
def test_order_that_does_not_repeat_it_is_read_all_the_same(changes, echo):
    assert echoed(**changes) == (echo, echo)


def test_echo_shows_no_postal_code():
    assert "10115" not in repr(echoed())


def returned(*rows):
    """The published order with these return items."""
    return {"payload": {**FULFILLMENT_ORDER["payload"], "returnItems": list(rows)}}


def test_get_with_return_items_reads_each_unit():
    # As in Amazon's own example of a new one: without the reason that its model requires.
    new = {
        "sellerReturnItemId": "R-2",
        "sellerFulfillmentOrderItemId": "OrderItemID1",
        "amazonShipmentId": "DchKfcZ9N",
        "status": "New",
        "statusChangedDate": "2020-02-07T04:14:38Z",
    }
    processed_at = datetime(2020, 2, 20, 4, 14, 38, tzinfo=timezone.utc)
    new_at = datetime(2020, 2, 7, 4, 14, 38, tzinfo=timezone.utc)
    assert parse_order(returned(RETURN_ITEM, new)).returns == (
        outbound.ReturnItem(
            return_id="R-1",
            item_id="OrderItemID1",
            shipment_id="DchKfcZ9N",
            reason="TOO_SMALL",
            amazon_reason="AMZ-PG-APP-TOO-SMALL",
            comment="Does not fit",
            status=outbound.RETURN_PROCESSED,
            changed_at=processed_at,
            condition="CustomerDamaged",
        ),
        outbound.ReturnItem("R-2", "OrderItemID1", "DchKfcZ9N", "", None, None, outbound.RETURN_NEW, new_at, None),
    )


@pytest.mark.parametrize("rows", ["absent", None, []])
def test_get_without_return_items_has_none(rows):
    answer = returned()
    answer["payload"]["returnItems"] = rows
    if rows == "absent":
        del answer["payload"]["returnItems"]
    assert parse_order(answer).returns == ()


def test_get_with_return_item_that_shouts_is_spelt_as_the_model_does():
    (item,) = parse_order(returned({**RETURN_ITEM, "status": "NEW", "returnReceivedCondition": "SELLABLE"})).returns
    assert (item.status, item.condition) == (outbound.RETURN_NEW, outbound.SELLABLE)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *((key, value)
          for key in ("sellerReturnItemId", "sellerFulfillmentOrderItemId", "amazonShipmentId", "status",
                      "statusChangedDate")
          for value in (None, "", True)),
        ("statusChangedDate", "yesterday"),
        ("statusChangedDate", 7),
        ("sellerReturnReasonCode", False),
        ("returnComment", ["a"]),
        ("returnReceivedCondition", True),
    ],
)  # fmt: skip
def test_get_with_broken_return_item_names_the_field(key, value):
    with pytest.raises(Malformed, match=rf"returnItems\[1\]\.{key}"):
        parse_order(returned(RETURN_ITEM, {**RETURN_ITEM, key: value}))


@pytest.mark.parametrize("value", [None, ""])
def test_get_with_return_item_that_has_the_least_reads_it(value):
    optional = ("sellerReturnReasonCode", "returnComment", "amazonReturnReasonCode", "returnReceivedCondition")
    (item,) = parse_order(returned({**RETURN_ITEM, **dict.fromkeys(optional, value)})).returns
    assert (item.reason, item.comment, item.amazon_reason, item.condition) == ("", None, None, None)


@pytest.mark.parametrize(
    "path",
    [
        "payload",
        "payload.fulfillmentOrder",
        "payload.fulfillmentOrder.sellerFulfillmentOrderId",
        "payload.fulfillmentOrder.fulfillmentOrderStatus",
        "payload.fulfillmentOrderItems",
        "payload.fulfillmentOrderItems[0].quantity",
        "payload.fulfillmentShipments[0].amazonShipmentId",
        "payload.fulfillmentShipments[0].fulfillmentShipmentItem[0].quantity",
    ],
)
@pytest.mark.parametrize("value", ["absent", None, True])
def test_get_with_broken_required_field_names_it(stub, gateway, path, value):
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    *parents, last = path.replace("[0]", ".0").split(".")
    place = answer
    for key in parents:
        place = place[int(key) if key == "0" else key]
    if value == "absent":
        del place[last]
    else:
        place[last] = value
    stub.api = [Reply(body=answer)]
    with pytest.raises(Malformed) as caught:
        gateway.get_fulfillment_order("FBATestOrder-1")
    assert path in caught.value.user_message and path in str(caught.value)


def test_list_published_example_gives_summaries(stub, gateway):
    stub.api = [Reply(body=FULFILLMENT_ORDER_LIST)]
    since = datetime(2020, 1, 1, 2, tzinfo=timezone(timedelta(hours=2)))
    updated_at = datetime(2020, 1, 24, 15, 28, 27, tzinfo=timezone.utc)
    received_at = datetime(2020, 1, 23, 19, 56, 41, tzinfo=timezone.utc)
    (page,) = gateway.list_fulfillment_orders(since)
    echo = Echo("TestOrder-FBAOutbound", datetime(2020, 1, 9, 19, 46, 45, tzinfo=timezone.utc))
    assert page.orders == (OrderSummary("601-2020200-12345678", outbound.COMPLETE, updated_at, received_at, echo),)
    (call,) = stub.calls
    assert (call.path, call.query) == (BASE, {"queryStartDate": ["2020-01-01T00:00:00Z"]})


@pytest.mark.parametrize("value", ["absent", None, ""])
def test_list_with_a_row_without_dates_keeps_it(value):
    answer = copy.deepcopy(FULFILLMENT_ORDER_LIST)
    (row,) = answer["payload"]["fulfillmentOrders"]
    for key in ("statusUpdatedDate", "receivedDate"):
        row[key] = value
        if value == "absent":
            del row[key]
    (order,) = parse_page(answer).orders
    assert (order.status, order.updated_at, order.received_at) == (outbound.COMPLETE, None, None)


@pytest.mark.parametrize("key", ["sellerFulfillmentOrderId", "fulfillmentOrderStatus"])
@pytest.mark.parametrize("value", ["absent", None, True, ""])
def test_list_with_a_broken_row_names_its_field_and_keeps_the_others(stub, gateway, caplog, key, value):
    answer = copy.deepcopy(FULFILLMENT_ORDER_LIST)
    (row,) = answer["payload"]["fulfillmentOrders"]
    answer["payload"]["fulfillmentOrders"].append({**row, "sellerFulfillmentOrderId": "other"})
    row[key] = value
    if value == "absent":
        del row[key]
    stub.api = [Reply(body=answer)]
    ((other,),) = (page.orders for page in gateway.list_fulfillment_orders(ORDER.displayable_at))
    assert other.order_id == "other"
    assert f"fulfillmentOrders[0].{key}" in caplog.text


def test_list_of_many_pages_reads_all(stub, gateway):
    first = {"payload": {**FULFILLMENT_ORDER_LIST["payload"], "nextToken": "a/b+c="}}
    stub.api = [Reply(body=first), Reply(body=FULFILLMENT_ORDER_LIST)]
    first_page, last_page = gateway.list_fulfillment_orders(ORDER.displayable_at)
    assert stub.calls[1].query["nextToken"] == [first_page.next_token] == ["a/b+c="]
    assert first_page.orders == last_page.orders and last_page.next_token is None


def test_list_goes_on_where_an_earlier_one_ended(stub, gateway):
    stub.api = [Reply(body=FULFILLMENT_ORDER_LIST)]
    list(gateway.list_fulfillment_orders(ORDER.displayable_at, page_token="a/b+c="))
    (call,) = stub.calls
    assert call.query["nextToken"] == ["a/b+c="]


def test_list_that_repeats_its_token_ends_with_an_error(stub, gateway):
    stub.api = [Reply(body={"payload": {"fulfillmentOrders": [], "nextToken": "again"}})]
    with pytest.raises(Malformed, match="nextToken"):
        list(gateway.list_fulfillment_orders(ORDER.displayable_at))
    assert len(stub.calls) == 2


def test_list_without_changes_is_empty(stub, gateway):
    stub.api = [Reply(body={"payload": {}})]
    assert [page.orders for page in gateway.list_fulfillment_orders(ORDER.displayable_at)] == [()]


@pytest.mark.parametrize("orders", [{}, {"fulfillmentOrders": None}])
def test_list_that_goes_on_without_saying_which_orders_is_not_passed_over(orders):
    with pytest.raises(Malformed, match="fulfillmentOrders"):
        parse_page({"payload": {**orders, "nextToken": "n"}})


def test_get_that_does_not_repeat_action_and_policy_leaves_them_none():
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    del answer["payload"]["fulfillmentOrder"]["fulfillmentAction"]
    answer["payload"]["fulfillmentOrder"]["fulfillmentPolicy"] = None
    order = parse_order(answer)
    assert (order.hold, order.policy) == (None, None)


def test_preview_sends_the_question(stub, gateway):
    stub.api = [Reply(body=PREVIEWS)]
    gateway.preview_fulfillment(PreviewOrder("O-1", ORDER.address, ORDER.items, "M1"))
    (call,) = stub.calls
    assert (call.method, call.path, call.query) == ("POST", f"{BASE}/preview", {})
    assert call.json == {
        "marketplaceId": "M1",
        "address": GOLDEN["destinationAddress"],
        "items": GOLDEN["items"],
        "shippingSpeedCategories": ["Standard", "Expedited", "Priority"],
    }


def test_preview_gives_each_speed_with_its_fees():
    fast, none = parse_previews(PREVIEWS)
    day = datetime(2020, 2, 15, 8, tzinfo=timezone.utc)
    assert fast == Preview(
        shipping_speed="Expedited",
        is_fulfillable=True,
        is_cod=False,
        fees=(
            Fee("FBAPerUnitFulfillmentFee", Money(Decimal("7.90"), "USD")),
            Fee("FBATransportationFee", Money(Decimal("0.05"), "USD")),
            Fee("FBAPerOrderFulfillmentFee", Money(Decimal("0.0"), "USD")),
        ),
        shipments=(
            PreviewShipment(day, day, day + timedelta(days=3), datetime(2020, 2, 19, 7, 59, 59, tzinfo=timezone.utc)),
        ),
        unfulfillable_items=(),
        reasons=(),
    )
    assert fast.total == Money(Decimal("7.95"), "USD")
    assert (none.is_fulfillable, none.reasons) == (False, ("DeliverySLAUnavailable",))
    assert none.unfulfillable_items == (UnfulfillableItem("move-981", "SKU-1", 2, ("InventoryUnavailable",)),)


@pytest.mark.parametrize("fees", [None, [], "absent"])
def test_preview_without_fees_does_not_know_them(fees):
    answer = copy.deepcopy(PREVIEWS)
    preview = answer["payload"]["fulfillmentPreviews"][0]
    preview["estimatedFees"] = fees
    if fees == "absent":
        del preview["estimatedFees"]
    first, _ = parse_previews(answer)
    assert first.is_fulfillable
    assert (first.fees, first.total) == (None, None)


def test_preview_with_two_currencies_is_refused():
    answer = copy.deepcopy(PREVIEWS)
    answer["payload"]["fulfillmentPreviews"][0]["estimatedFees"][0]["amount"]["currencyCode"] = "EUR"
    with pytest.raises(Malformed, match="estimatedFees"):
        parse_previews(answer)


def test_preview_with_an_amount_that_is_none_names_it():
    answer = copy.deepcopy(PREVIEWS)
    answer["payload"]["fulfillmentPreviews"][0]["estimatedFees"][1]["amount"]["value"] = "free"
    with pytest.raises(Malformed, match=r"fulfillmentPreviews\[0\]\.estimatedFees\[1\]\.amount\.value"):
        parse_previews(answer)


def test_update_sends_only_what_changes(stub, gateway):
    gateway.update_fulfillment_order(UpdateOrder("O-1", hold=False))
    gateway.update_fulfillment_order(
        UpdateOrder("O-1", hold=True, shipping_speed="Priority", policy="FillAll", comment="New", address=ORDER.address,
                    items=(CreateItem("move-981", "SKU-1", 1),))
    )  # fmt: skip
    release, change = stub.calls
    assert (release.method, release.path, release.query) == ("PUT", f"{BASE}/O-1", {})
    assert release.json == {"fulfillmentAction": "Ship"}
    assert change.json == {
        "fulfillmentAction": "Hold",
        "shippingSpeedCategory": "Priority",
        "fulfillmentPolicy": "FillAll",
        "displayableOrderComment": "New",
        "destinationAddress": GOLDEN["destinationAddress"],
        "items": [{"sellerSku": "SKU-1", "sellerFulfillmentOrderItemId": "move-981", "quantity": 1}],
    }


def test_cancel_asks_for_it(stub, gateway):
    assert gateway.cancel_fulfillment_order("O-1") is None
    (call,) = stub.calls
    assert (call.method, call.path, call.query, call.body) == ("PUT", f"{BASE}/O-1/cancel", {}, b"")


def test_tracking_tells_where_the_package_is_and_no_place(stub, gateway):
    stub.api = [Reply(body=TRACKING)]
    tracking = gateway.get_package_tracking(1001)
    assert tracking == PackageTracking(
        package_number=1001,
        status=outbound.DELIVERED,
        carrier_code="UPS",
        tracking_number="1Z9999999999999999",
        tracking_url="https://www.swiship.com/track?id=1Z9999999999999999",
        shipped_at=datetime(2020, 2, 15, 8, tzinfo=timezone.utc),
        estimated_arrival_at=datetime(2020, 2, 18, 8, tzinfo=timezone.utc),
        events=(TrackingEvent(datetime(2020, 2, 18, 9, 13, tzinfo=timezone.utc), "EVENT_301", "Delivered."),),
    )
    assert "Eva" not in repr(tracking) and "SEATTLE" not in repr(tracking)
    (call,) = stub.calls
    assert (call.path, call.query) == ("/fba/outbound/2020-07-01/tracking", {"packageNumber": ["1001"]})


def test_tracking_of_a_package_nobody_scanned_is_nearly_empty(stub, gateway):
    stub.api = [Reply(body={"payload": {"packageNumber": 7}})]
    assert gateway.get_package_tracking(7) == PackageTracking(7, None, None, None, None, None, None, ())
