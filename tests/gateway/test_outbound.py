"""Fulfillment orders: the requests that leave, and the answers that come in."""

import copy
import json
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest
from fba_amazon import Malformed, OrderItem, OrderSummary, Package, Shipment, ShipmentItem, outbound
from fba_amazon.outbound_2020_07_01 import dump_order, parse_order

from .payloads import FULFILLMENT_ORDER, FULFILLMENT_ORDER_LIST, ORDER
from .stub import Reply

GOLDEN = json.loads((Path(__file__).parent / "golden" / "create_order.json").read_text())
BASE = "/fba/outbound/2020-07-01/fulfillmentOrders"


@pytest.fixture
def sdk():
    """Amazon's official SDK as the judge of what we send and of what we test with."""
    spapi = pytest.importorskip("spapi")
    configuration = spapi.Configuration()
    configuration.access_token_cache = None
    client = spapi.ApiClient(configuration)
    client.api_models_module = "spapi.models.fulfillment_outbound_v2020_07_01"

    class Answer:
        def __init__(self, value):
            self.data = json.dumps(value)

    return lambda value, kind: client.deserialize(Answer(value), kind)


def test_create_sends_the_golden_body_and_nothing_else(stub, gateway):
    assert gateway.create_fulfillment_order(ORDER) is None
    (call,) = stub.calls
    assert (call.method, call.path, call.query) == ("POST", BASE, {})
    assert call.json == GOLDEN
    assert call.headers["Host"] == stub.url.removeprefix("http://")
    assert call.headers["x-amz-access-token"] == "Atza|1"
    assert call.headers["content-type"] == "application/json"


def test_create_body_is_valid_for_amazons_sdk(sdk):
    request = sdk(dump_order(ORDER), "CreateFulfillmentOrderRequest")
    assert request.items[0].seller_sku == "SKU-1"
    assert request.to_dict().keys() >= {"marketplace_id", "fulfillment_policy"}


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


def test_get_published_example_gives_the_snapshot(stub, gateway, sdk):
    sdk(FULFILLMENT_ORDER, "GetFulfillmentOrderResponse")
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


def test_get_with_unknown_values_and_fields_keeps_them():
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    answer["payload"]["news"] = {"a": 1}
    answer["payload"]["fulfillmentOrder"].update(fulfillmentOrderStatus="Teleported", primeUpgraded=True)
    answer["payload"]["fulfillmentShipments"][0]["fulfillmentShipmentStatus"] = "BEAMING"
    order = parse_order(answer)
    assert (order.status, order.shipments[0].status) == ("Teleported", "BEAMING")
    assert order.status not in outbound.ENDED


def test_get_without_shipments_has_none():
    answer = copy.deepcopy(FULFILLMENT_ORDER)
    del answer["payload"]["fulfillmentShipments"]
    assert parse_order(answer).shipments == ()


@pytest.mark.parametrize(
    "path",
    [
        "payload",
        "payload.fulfillmentOrder",
        "payload.fulfillmentOrder.sellerFulfillmentOrderId",
        "payload.fulfillmentOrder.fulfillmentOrderStatus",
        "payload.fulfillmentOrder.statusUpdatedDate",
        "payload.fulfillmentOrderItems",
        "payload.fulfillmentOrderItems[0].quantity",
        "payload.fulfillmentOrderItems[0].unfulfillableQuantity",
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
    assert list(gateway.list_fulfillment_orders(since)) == [
        OrderSummary("601-2020200-12345678", outbound.COMPLETE, updated_at)
    ]
    (call,) = stub.calls
    assert (call.path, call.query) == (BASE, {"queryStartDate": ["2020-01-01T00:00:00Z"]})


def test_list_of_many_pages_reads_all(stub, gateway):
    first = {"payload": {**FULFILLMENT_ORDER_LIST["payload"], "nextToken": "a/b+c="}}
    stub.api = [Reply(body=first), Reply(body=FULFILLMENT_ORDER_LIST)]
    assert len(list(gateway.list_fulfillment_orders(ORDER.displayable_at))) == 2
    assert stub.calls[1].query["nextToken"] == ["a/b+c="]


def test_list_that_repeats_its_token_ends_with_an_error(stub, gateway):
    stub.api = [Reply(body={"payload": {"fulfillmentOrders": [], "nextToken": "again"}})]
    with pytest.raises(Malformed, match="nextToken"):
        list(gateway.list_fulfillment_orders(ORDER.displayable_at))
    assert len(stub.calls) == 2


def test_list_without_changes_is_empty(stub, gateway):
    stub.api = [Reply(body={"payload": {}})]
    assert list(gateway.list_fulfillment_orders(ORDER.displayable_at)) == []
