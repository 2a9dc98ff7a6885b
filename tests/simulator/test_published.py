"""What Amazon publishes, as it arrives in a queue: each type, filters, and messages that come twice, never, or late."""

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from amazon_simulator import DEFAULT_CLIENT_ID, SimulatorServer
from amazon_simulator.world import state

from .conftest import OUTBOUND, Amazon
from .subscriber import PATIENCE_S, QUIET_S, Subscriber

MCF = "FULFILLMENT_ORDER_STATUS"
SOLD = "ORDER_CHANGE"
STOCK = "FBA_INVENTORY_AVAILABILITY_CHANGES"
REPORT = "REPORT_PROCESSING_FINISHED"
THREAD = "amazon-simulator-publisher"


@pytest.fixture
def subscriber(amazon: Amazon, sqs: str) -> Iterator[Subscriber]:
    yield Subscriber(amazon, sqs)
    amazon.control("POST", "reset")  # nothing is published after the test


def sell(amazon: Amazon, **words: Any) -> str:
    body = {"items": [{"seller_sku": "SKU-1", "quantity": 2}], **words}
    return str(amazon.control("POST", "sales", **body)["amazon_order_id"])


def told(message: dict[str, Any]) -> dict[str, Any]:
    """What a message of an order says."""
    (inner,) = message["Payload"].values()
    assert isinstance(inner, dict)
    return inner


def raw(subscriber: Subscriber, number: int, **words: Any) -> None:
    """A message that says only this number."""
    payload = {"TransactionUpdateNotification": {"Number": number}}
    subscriber.amazon.control("POST", "notifications/messages", type="TRANSACTION_UPDATE", payload=payload, **words)


def numbers(bodies: list[str]) -> list[int]:
    return [json.loads(it)["Payload"]["TransactionUpdateNotification"]["Number"] for it in bodies]


def test_mcf_order_tells_each_status_and_shipment(subscriber: Subscriber) -> None:
    amazon, subscription_id = subscriber.amazon, subscriber.subscribe(MCF)
    started = amazon.control("GET", "clock")["now"]
    amazon.create()
    amazon.advance(hours=2)  # all in one step of the test's
    messages = subscriber.messages(6)
    first = messages[0]
    assert (first["NotificationVersion"], first["PayloadVersion"], first["NotificationType"]) == ("1.0", "1.0", MCF)
    assert (
        first["NotificationMetadata"].items()
        >= {
            "ApplicationId": DEFAULT_CLIENT_ID,
            "SubscriptionId": subscription_id,
        }.items()
    )
    assert len({it["NotificationMetadata"]["NotificationId"] for it in messages}) == 6
    assert started < messages[0]["EventTime"] < messages[1]["EventTime"]
    assert [(told(it)["EventType"], told(it)["FulfillmentOrderStatus"]) for it in messages] == [
        ("Order", "Received"),
        ("Order", "Planning"),
        ("Order", "Processing"),
        ("Shipment", "Processing"),
        ("Shipment", "Complete"),
        ("Order", "Complete"),
    ]
    assert {told(it)["SellerFulfillmentOrderId"] for it in messages} == {"MCF-1"}
    pending, shipped = (told(it)["FulfillmentShipment"] for it in messages[3:5])
    assert (pending["FulfillmentShipmentStatus"], pending["FulfillmentShipmentPackages"]) == ("Pending", [])
    assert (shipped["FulfillmentShipmentStatus"], shipped["AmazonShipmentId"]) == (
        "Shipped",
        pending["AmazonShipmentId"],
    )
    (package,) = shipped["FulfillmentShipmentPackages"]
    assert package["CarrierCode"] == "UPS"
    assert package["TrackingNumber"].startswith("1Z")
    assert isinstance(package["PackageNumber"], int)
    assert "FulfillmentShipment" not in told(messages[5])


def test_mcf_order_tells_tracking_returns_and_cancellation(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    amazon.create()
    amazon.ship_twice()
    subscriber.subscribe(MCF)
    (shipment, *_others) = amazon.get()["fulfillmentShipments"]
    number = shipment["fulfillmentShipmentPackage"][0]["packageNumber"]
    amazon.control("POST", "fulfillment-orders/MCF-1/tracking", package_number=number, tracking_number="NEW")
    items = [{"seller_sku": "SKU-1", "quantity": 1}]
    amazon.control("POST", "fulfillment-orders/MCF-1/return", items=items)
    amazon.control("POST", "fulfillment-orders/MCF-1/process-returns")
    amazon.create(sellerFulfillmentOrderId="MCF-2")
    amazon.call("PUT", f"{OUTBOUND}/MCF-2/cancel")
    tracking, returned, cancelled = (told(it) for it in subscriber.messages(3))
    assert tracking["FulfillmentShipment"]["FulfillmentShipmentPackages"][0]["TrackingNumber"] == "NEW"
    assert returned["EventType"] == "Return"
    assert returned["FulfillmentReturnItem"].items() >= {"ReturnedQuantity": 1, "SellerSKU": "SKU-1"}.items()
    assert (cancelled["SellerFulfillmentOrderId"], cancelled["FulfillmentOrderStatus"]) == ("MCF-2", "Cancelled")


def test_sale_tells_each_status_in_the_old_spelling(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    subscriber.subscribe(SOLD)
    sold = sell(amazon, auto=True)
    amazon.advance(hours=5)
    off = sell(amazon, status="UNSHIPPED", fulfilled_by="MERCHANT")
    amazon.control("POST", f"sales/{off}/status", status="CANCELLED")
    part = sell(amazon, status="PARTIALLY_SHIPPED", shipped=[{"seller_sku": "SKU-1", "quantity": 1}])
    told_all = [told(it) for it in subscriber.messages(6)]
    assert [
        (it["AmazonOrderId"], it["Summary"]["OrderStatus"], it["Summary"]["FulfillmentType"]) for it in told_all
    ] == [
        (sold, "Pending", "AFN"),
        (sold, "Unshipped", "AFN"),
        (sold, "Shipped", "AFN"),
        (off, "Unshipped", "MFN"),
        (off, "Canceled", "MFN"),
        (part, "PartiallyShipped", "AFN"),
    ]
    last = told_all[-1]
    assert (last["NotificationLevel"], last["OrderChangeType"]) == ("OrderLevel", "OrderStatusChange")
    assert last["Summary"].items() >= {"MarketplaceId": "ATVPDKIKX0DER", "OrderType": "StandardOrder"}.items()
    (line,) = last["Summary"]["OrderItems"]
    assert (line["SellerSKU"], line["Quantity"], line["QuantityShipped"], line["SupplySourceId"]) == (
        "SKU-1",
        2,
        1,
        None,
    )
    assert {"TimeOfOrderChange", "ChangeReason"} == set(last["OrderChangeTrigger"])


def test_sale_tells_its_tip_and_nothing_of_other_money(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    order_id = sell(amazon)
    subscriber.subscribe(SOLD)
    items = [{"seller_sku": "SKU-1", "item_price": "5.00"}]
    amazon.control("POST", f"sales/{order_id}/money", items=items)
    amazon.control("POST", f"sales/{order_id}/money", tip="2.00")
    amazon.control("POST", f"sales/{order_id}/revoke")
    types = [(told(it)["OrderChangeType"], told(it)["Summary"]["OrderStatus"]) for it in subscriber.messages(2)]
    assert types == [("DeliveryTipChange", "Shipped"), ("OrderStatusChange", "Canceled")]


def test_sold_before_the_subscription_or_in_bulk_is_not_told(subscriber: Subscriber) -> None:
    sell(subscriber.amazon)
    subscriber.subscribe(SOLD)
    now = subscriber.amazon.control("GET", "clock")["now"]
    times = {"from": now, "to": now, "skus": ["SKU-1"]}
    (order_id,) = subscriber.amazon.control("POST", "sales/bulk", count=1, **times)["amazon_order_ids"]
    subscriber.amazon.control("POST", f"sales/{order_id}/revoke")
    assert [told(it)["Summary"]["OrderStatus"] for it in subscriber.messages(1)] == ["Canceled"]


@pytest.mark.parametrize(
    ("chosen", "expected"),
    [
        ({"orderChangeTypes": ["DeliveryTipChange"]}, [("DeliveryTipChange", "ATVPDKIKX0DER")]),
        ({"marketplaceIds": ["A1PA6795UKMFR9"]}, [("OrderStatusChange", "A1PA6795UKMFR9")]),
        ({"orderChangeTypes": [], "marketplaceIds": ["A1PA6795UKMFR9"]}, [("OrderStatusChange", "A1PA6795UKMFR9")]),
    ],
)
def test_event_filter_of_orders_is_applied(
    subscriber: Subscriber, chosen: dict[str, Any], expected: list[tuple[str, str]]
) -> None:
    amazon = subscriber.amazon
    subscriber.subscribe(SOLD, processingDirective={"eventFilter": {"eventFilterType": SOLD, **chosen}})
    subscriber.subscribe("TRANSACTION_UPDATE")
    order_id = sell(amazon)
    sell(amazon, marketplace_id="A1PA6795UKMFR9", currency="EUR")
    amazon.control("POST", f"sales/{order_id}/money", tip="2.00")
    raw(subscriber, 1)  # the last one
    found = [told(it) for it in subscriber.messages(2)]
    assert [(it["OrderChangeType"], it["Summary"]["MarketplaceId"]) for it in found[:-1]] == expected


def test_stock_tells_all_counters_of_a_sku(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    subscriber.subscribe(STOCK)
    counts = {"fulfillable": 7, "inbound_shipped": 5, "transshipment": 2, "researching": 1, "unfulfillable": 3}
    amazon.control("PUT", "stock/SKU-1", **counts)
    sell(amazon, status="UNSHIPPED")
    before, after = (it["Payload"] for it in subscriber.messages(2))
    assert (before["SKU"], before["FNSKU"], before["ASIN"]) == ("SKU-1", "X00SIM0001", "B0SIM00001")
    places = before["FulfillmentInventoryByMarketplace"]
    assert [it["MarketplaceId"] for it in places] == ["ATVPDKIKX0DER", "A1PA6795UKMFR9"]
    assert places[0]["FulfillmentInventory"] == {
        "Fulfillable": 7,
        "Unfulfillable": 3,
        "Researching": 1,
        "InboundQuantityBreakdown": {"Working": 0, "Shipped": 5, "Receiving": 0},
        "ReservedQuantityBreakdown": {"WarehouseProcessing": 0, "WarehouseTransfer": 2, "PendingCustomerOrder": 0},
        "FutureSupplyBuyable": 0,
        "PendingCustomerOrderInTransit": 0,
    }
    counts = after["FulfillmentInventoryByMarketplace"][0]["FulfillmentInventory"]
    assert (counts["Fulfillable"], counts["ReservedQuantityBreakdown"]["PendingCustomerOrder"]) == (5, 2)


def test_report_tells_its_end_in_camel_case(subscriber: Subscriber) -> None:
    amazon, subscription_id = subscriber.amazon, subscriber.subscribe(REPORT)
    body = {"reportType": "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA", "marketplaceIds": ["ATVPDKIKX0DER"]}
    done = amazon.call("POST", "/reports/2021-06-30/reports", json=body).json()["reportId"]
    empty = {**body, "reportType": "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"}
    cancelled = amazon.call("POST", "/reports/2021-06-30/reports", json=empty).json()["reportId"]
    amazon.advance(minutes=5)
    first, second = subscriber.messages(2)
    assert (first["notificationVersion"], first["payloadVersion"]) == ("2020-09-04", "2020-09-04")
    assert first["notificationType"] == REPORT
    assert first["eventTime"] < first["notificationMetadata"]["publishTime"]
    assert first["notificationMetadata"]["subscriptionId"] == subscription_id
    inner = first["payload"]["reportProcessingFinishedNotification"]
    document = amazon.call("GET", f"/reports/2021-06-30/reports/{done}").json()["reportDocumentId"]
    assert (inner["reportId"], inner["processingStatus"], inner["reportDocumentId"]) == (done, "DONE", document)
    inner = second["payload"]["reportProcessingFinishedNotification"]
    assert (inner["reportId"], inner["processingStatus"]) == (cancelled, "CANCELLED")
    assert "reportDocumentId" not in inner


def test_changes_without_a_call_are_told(subscriber: Subscriber) -> None:
    subscriber.subscribe(MCF)
    subscriber.amazon.create()
    world = subscriber.amazon.server.world
    with world.lock:
        world.advance(60)
    assert [told(it)["FulfillmentOrderStatus"] for it in subscriber.messages(1)] == ["Received"]


def test_other_sellers_and_deleted_subscriptions_get_nothing(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    keys = {"client_id": "c2", "client_secret": "s2", "refresh_token": "Atzr|2"}
    amazon.control("POST", "sellers", **keys, marketplace_ids=["ATVPDKIKX0DER"])
    subscription_id = subscriber.subscribe(SOLD)
    subscriber.subscribe("TRANSACTION_UPDATE")
    sell(amazon, seller="Atzr|2")
    subscriber.grantless("DELETE", f"/subscriptions/{SOLD}/{subscription_id}")
    sell(amazon)
    raw(subscriber, 1)  # the last one
    assert numbers(subscriber.receive(1)) == [1]


def test_raw_message_of_any_type_body_and_version(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    assert "no subscription" in amazon.try_control("POST", "notifications/messages", body="x").text
    subscriber.subscribe(SOLD)
    subscriber.subscribe(STOCK)
    sent = amazon.control("POST", "notifications/messages", type="WEATHER", payload={"Rain": 1}, version="9.9")
    amazon.control("POST", "notifications/messages", body='{"broken')
    times = {"event_time": "2026-01-01T00:00:00Z"}
    amazon.control("POST", "notifications/messages", type=REPORT, payload={"report": 1}, **times)
    unknown, *broken, report = subscriber.receive(3)
    message = json.loads(unknown)
    assert (message["NotificationType"], message["PayloadVersion"], message["Payload"]) == (
        "WEATHER",
        "9.9",
        {"Rain": 1},
    )
    assert sent == {"messages": 1, "notification_ids": [message["NotificationMetadata"]["NotificationId"]]}
    assert broken == ['{"broken']
    assert json.loads(report)["eventTime"] == "2026-01-01T00:00:00Z"


@pytest.mark.parametrize(
    "body", [{}, {"type": "X"}, {"type": "X", "payload": 1}, {"body": 1}, {"type": "X", "more": 1}]
)
def test_raw_message_with_a_wrong_body_is_refused(subscriber: Subscriber, body: dict[str, Any]) -> None:
    subscriber.subscribe(SOLD)
    assert subscriber.amazon.try_control("POST", "notifications/messages", **body).status_code == 400


def test_duplicates_come_twice_with_one_id(subscriber: Subscriber) -> None:
    subscriber.subscribe("TRANSACTION_UPDATE")
    subscriber.amazon.control("PUT", "notifications", duplicates=1.0)
    raw(subscriber, 1)
    first, second = subscriber.messages(2)
    assert first == second
    shown = settled(subscriber)
    assert (shown["published"], shown["duplicated"], shown["lost"]) == (2, 1, 0)


def test_lost_messages_never_come(subscriber: Subscriber) -> None:
    subscriber.subscribe("TRANSACTION_UPDATE")
    subscriber.amazon.control("PUT", "notifications", loss=0.5, seed=1)
    for number in range(20):
        raw(subscriber, number)
    subscriber.amazon.control("PUT", "notifications", loss=0.0)
    raw(subscriber, 20)  # the last one
    shown = settled(subscriber)
    arrived = numbers(subscriber.receive(shown["published"]))
    assert 0 < shown["lost"] < 20
    assert len(arrived) == 21 - shown["lost"]
    assert arrived[-1] == 20


def test_disorder_brings_all_in_another_order(subscriber: Subscriber) -> None:
    subscriber.subscribe("TRANSACTION_UPDATE")
    subscriber.amazon.control("PUT", "notifications", disorder=True, seed=1)
    for number in range(30):
        raw(subscriber, number)
    settled(subscriber)
    arrived = numbers(subscriber.receive(30))
    assert sorted(arrived) == list(range(30))
    assert arrived != sorted(arrived)


def settled(subscriber: Subscriber) -> dict[str, Any]:
    """The state once nothing waits any more."""
    deadline = time.monotonic() + PATIENCE_S
    while (shown := subscriber.amazon.control("GET", "notifications"))["waiting"]:
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return dict(shown)


def test_queue_that_keeps_amazon_out_gets_nothing(subscriber: Subscriber) -> None:
    amazon = subscriber.amazon
    amazon.control("PUT", "notifications", silent=True)
    subscriber.sqs.set_queue_attributes(QueueUrl=subscriber.queue, Attributes={"Policy": ""})
    subscriber.subscribe("TRANSACTION_UPDATE")
    raw(subscriber, 1)
    assert settled(subscriber)["refused"] == 1
    assert subscriber.receive(1, patience_s=QUIET_S) == []
    subscriber.allow(subscriber.queue, {"Principal": "*", "Action": "sqs:*", "Resource": subscriber.arn})
    raw(subscriber, 2)
    assert numbers(subscriber.receive(1)) == [2]


def test_queue_out_of_reach_gets_its_messages_later(subscriber: Subscriber, sqs: str) -> None:
    subscriber.subscribe("TRANSACTION_UPDATE")
    subscriber.amazon.control("PUT", "notifications", sqs_endpoint="http://127.0.0.1:1")
    raw(subscriber, 1)
    raw(subscriber, 2)
    assert subscriber.amazon.control("GET", "notifications")["waiting"] == 2
    subscriber.amazon.control("PUT", "notifications", sqs_endpoint=sqs)
    assert numbers(subscriber.receive(2)) == [1, 2]


def threads() -> int:
    return sum(it.name == THREAD for it in threading.enumerate())


def wait_for_no_thread() -> None:
    deadline = time.monotonic() + PATIENCE_S
    while threads():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_thread_lives_as_long_as_a_subscription(sqs: str) -> None:
    wait_for_no_thread()  # of the tests before
    with SimulatorServer() as server:
        subscriber = Subscriber(Amazon(server), sqs)
        subscriber.amazon.control("PUT", "stock/SKU-1", fulfillable=10)
        sell(subscriber.amazon)
        subscriber.destination()
        assert threads() == 0
        subscription_ids = [subscriber.subscribe(it) for it in (SOLD, STOCK)]
        assert threads() == 1
        for it, subscription_id in zip((SOLD, STOCK), subscription_ids, strict=True):
            subscriber.grantless("DELETE", f"/subscriptions/{it}/{subscription_id}")
        wait_for_no_thread()
        subscriber.subscribe(SOLD)
        assert threads() == 1
        subscriber.amazon.control("POST", "reset")
        wait_for_no_thread()
        Subscriber(Amazon(server), sqs).subscribe(SOLD)
        assert threads() == 1
    assert threads() == 0


def test_saved_world_goes_on_telling(subscriber: Subscriber, tmp_path: Path) -> None:
    subscriber.subscribe(MCF)
    subscriber.amazon.create()
    state.save(subscriber.amazon.server.world, tmp_path / "state")
    subscriber.amazon.control("POST", "reset")
    with SimulatorServer() as server:
        state.load(server.world, tmp_path / "state")
        server.attend()
        with server.world.lock:
            server.world.advance(60)
        assert [told(it)["FulfillmentOrderStatus"] for it in subscriber.messages(1)] == ["Received"]
