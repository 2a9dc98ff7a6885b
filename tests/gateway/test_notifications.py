"""Notifications: the application's queue, a seller's subscriptions, and what a message says."""

import json
from datetime import datetime, timezone

import pytest
from fba_amazon import Malformed, NotFound, OutcomeUnknown, notifications, parse_notification

from .stub import Reply, error

ARN = "arn:aws:sqs:eu-west-1:123456789012:fba"
DESTINATION = {"name": "Odoo", "destinationId": "D1", "resource": {"sqs": {"arn": ARN}}}
BRIDGE = {"name": "Bus", "destinationId": "D2", "resource": {"eventBridge": {"name": "n", "region": "r"}}}
SUBSCRIPTION = {"subscriptionId": "S1", "destinationId": "D1", "payloadVersion": "1.0"}
EVENT_AT = datetime(2026, 11, 30, 19, 42, 4, 284000, timezone.utc)


def message(type_, payload, version="1.0", **changes):
    return {
        "NotificationVersion": "1.0",
        "NotificationType": type_,
        "PayloadVersion": version,
        "EventTime": "2026-11-30T19:42:04.284Z",
        "Payload": payload,
        "NotificationMetadata": {
            "ApplicationId": "A",
            "SubscriptionId": "S1",
            "PublishTime": "2026-11-30T19:42:05Z",
            "NotificationId": "N1",
        },
        **changes,
    }


def about_order(name):
    return {"FulfillmentOrderStatusNotification": {"SellerFulfillmentOrderId": name}}


ORDER = message("FULFILLMENT_ORDER_STATUS", about_order("FBA-1"))
KNOWN = {
    "FBA-1": ORDER,
    "903-1": message("ORDER_CHANGE", {"OrderChangeNotification": {"AmazonOrderId": "903-1"}}),
    "SKU 1": message("FBA_INVENTORY_AVAILABILITY_CHANGES", {"SKU": "SKU 1", "FNSKU": "X"}),
    "54321": message("REPORT_PROCESSING_FINISHED", {"ReportProcessingFinishedNotification": {"ReportId": "54321"}}),
}


def lower(value):
    """As Amazon spells some types."""
    if not isinstance(value, dict):
        return value
    return {key[:1].lower() + key[1:]: lower(it) for key, it in value.items()}


@pytest.mark.parametrize("spelt", [dict, lower])
@pytest.mark.parametrize("key", KNOWN)
def test_message_names_what_is_to_be_looked_at(key, spelt):
    if key == "SKU 1" and spelt is lower:
        pytest.skip("not a word that camel case changes this way")
    read = parse_notification(json.dumps(spelt(KNOWN[key])))
    assert (read.key, read.type, read.is_known) == (key, KNOWN[key]["NotificationType"], True)
    assert (read.notification_id, read.subscription_id, read.event_at) == ("N1", "S1", EVENT_AT)


def test_sold_order_names_its_marketplace():
    summary = {"MarketplaceId": "A1PA6795UKMFR9", "FulfillmentType": "AFN"}
    sold = {"OrderChangeNotification": {"AmazonOrderId": "903-1", "Summary": summary}}
    read = parse_notification(json.dumps(message("ORDER_CHANGE", sold)))
    assert (read.key, read.marketplace_id) == ("903-1", "A1PA6795UKMFR9")


def test_order_that_the_seller_ships_names_nothing():
    sold = {"OrderChangeNotification": {"AmazonOrderId": "903-1", "Summary": {"FulfillmentType": "MFN"}}}
    read = parse_notification(json.dumps(message("ORDER_CHANGE", sold)))
    assert (read.key, read.is_known) == ("", True)


@pytest.mark.parametrize(
    "content",
    [
        message("TRANSACTION_UPDATE", {"TransactionUpdateNotification": {}}),
        message("A_TYPE_OF_NEXT_YEAR", {"whatever": [1]}),
        message("ORDER_CHANGE", {"Order": {"Id": "1"}}, version="2.0"),
    ],
)
def test_other_types_and_versions_are_received_only(content):
    read = parse_notification(json.dumps(content))
    assert (read.type, read.key, read.is_known) == (content["NotificationType"], None, False)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        "null",
        "{}",
        json.dumps(ORDER)[:-1],
        json.dumps({**ORDER, "EventTime": "yesterday"}),
        json.dumps({**ORDER, "NotificationMetadata": None}),
        json.dumps({**ORDER, "Payload": {}}),
        json.dumps({**ORDER, "Payload": about_order("")}),
        json.dumps({**ORDER, "Payload": about_order("x" * 999)}),
        "[" * 100_000,
    ],
)
def test_message_that_says_nothing_is_malformed(body):
    with pytest.raises(Malformed):
        parse_notification(body)


def test_queues_are_the_applications(stub, gateway):
    stub.api = [Reply(body={"payload": [DESTINATION, BRIDGE]})]
    assert [(it.destination_id, it.arn) for it in gateway.list_destinations()] == [("D1", ARN), ("D2", None)]
    [token] = stub.token_calls
    assert token.form["grant_type"] == "client_credentials"
    assert token.form["scope"] == "sellingpartnerapi::notifications"
    assert "refresh_token" not in token.form


def test_new_queue_is_named(stub, gateway):
    stub.api = [Reply(body={"payload": DESTINATION})]
    assert gateway.create_destination("Odoo", ARN).destination_id == "D1"
    [call] = stub.calls
    assert (call.method, call.path) == ("POST", "/notifications/v1/destinations")
    assert call.json == {"name": "Odoo", "resourceSpecification": {"sqs": {"arn": ARN}}}


def test_subscriptions_are_the_sellers(stub, gateway):
    page = {"subscriptions": [SUBSCRIPTION], "nextToken": "more"}
    other = {"subscriptions": [{**SUBSCRIPTION, "subscriptionId": "S2"}]}
    stub.api = [Reply(body={"payload": page}), Reply(body={"payload": other})]
    found = list(gateway.list_subscriptions(notifications.STOCK))
    assert [it.subscription_id for it in found] == ["S1", "S2"]
    first, second = stub.calls
    assert first.path == "/notifications/v1/subscriptions"
    assert first.query == {"notificationTypes": [notifications.STOCK], "pageSize": ["100"]}
    assert second.query["nextToken"] == ["more"]
    assert stub.token_calls[0].form["grant_type"] == "refresh_token"


def test_new_subscription(stub, gateway):
    stub.api = [Reply(body={"payload": SUBSCRIPTION})]
    assert gateway.create_subscription(notifications.SOLD_ORDER, "D1").subscription_id == "S1"
    [call] = stub.calls
    assert (call.method, call.path) == ("POST", "/notifications/v1/subscriptions/ORDER_CHANGE")
    assert call.json == {"payloadVersion": "1.0", "destinationId": "D1"}


def test_ends_of_both(stub, gateway):
    stub.api = [Reply(body={})]
    gateway.delete_subscription(notifications.STOCK, "S1")
    gateway.delete_destination("D1")
    assert [(call.method, call.path.rsplit("/", 1)[1]) for call in stub.calls] == [("DELETE", "S1"), ("DELETE", "D1")]


def test_one_token_for_each_kind_of_operation(stub, gateway):
    stub.api = [Reply(body={"payload": [DESTINATION]}), error(404, "NotFound"), Reply(body={"payload": []})]
    gateway.list_destinations()
    with pytest.raises(NotFound):
        list(gateway.list_subscriptions(notifications.STOCK))
    gateway.list_destinations()
    assert [call.form["grant_type"] for call in stub.token_calls] == ["client_credentials", "refresh_token"]
    tokens = [call.headers["x-amz-access-token"] for call in stub.calls]
    assert tokens[0] == tokens[2] != tokens[1]


def test_creation_without_an_answer_is_unclear(stub, gateway):
    stub.api = [Reply(drop=True)]
    with pytest.raises(OutcomeUnknown):
        gateway.create_destination("Odoo", ARN)
