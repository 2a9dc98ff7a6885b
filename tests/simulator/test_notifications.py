"""The Notifications API: destinations of an application, subscriptions of a seller, and what is refused."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from amazon_simulator import DEFAULT_CLIENT_ID
from amazon_simulator.api import queues

from .conftest import Amazon
from .subscriber import PATH, Subscriber

TYPE = "ORDER_CHANGE"
UNKNOWN = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def subscriber(amazon: Amazon, sqs: str) -> Iterator[Subscriber]:
    yield Subscriber(amazon, sqs)
    amazon.control("POST", "reset")  # nothing is published after the test


def error(response: requests.Response) -> tuple[int, str, str]:
    (only,) = response.json()["errors"]
    return response.status_code, only["code"], only["details"]


def second_application(amazon: Amazon) -> str:
    """The access token of another application's seller."""
    keys = {"client_id": "c2", "client_secret": "s2", "refresh_token": "Atzr|2"}
    amazon.control("POST", "sellers", **keys, marketplace_ids=["ATVPDKIKX0DER"])
    return str(amazon.grant(**keys).json()["access_token"])


def test_grantless_token_has_no_refresh_token(subscriber: Subscriber) -> None:
    token = subscriber.grant().json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 3600)
    assert "refresh_token" not in token


@pytest.mark.parametrize("scope", ["", "sellingpartnerapi::migration"])
def test_grantless_token_with_another_scope_is_refused(subscriber: Subscriber, scope: str) -> None:
    response = subscriber.grant(scope=scope)
    assert (response.status_code, response.json()["error"]) == (400, "invalid_scope")


GRANTLESS = (
    ("POST", "/destinations"),
    ("GET", "/destinations"),
    ("GET", f"/destinations/{UNKNOWN}"),
    ("DELETE", f"/destinations/{UNKNOWN}"),
    ("GET", f"/subscriptions/{TYPE}/{UNKNOWN}"),
    ("DELETE", f"/subscriptions/{TYPE}/{UNKNOWN}"),
)
OF_SELLERS = (
    ("GET", f"/subscriptions?notificationTypes={TYPE}"),
    ("GET", f"/subscriptions/{TYPE}"),
    ("POST", f"/subscriptions/{TYPE}"),
)


def test_grantless_operation_with_a_sellers_token_is_refused(subscriber: Subscriber) -> None:
    for method, path in GRANTLESS:
        assert error(subscriber.amazon.call(method, PATH + path, json={})) == (403, "Unauthorized", "")


def test_sellers_operation_with_a_grantless_token_is_refused(subscriber: Subscriber) -> None:
    for method, path in OF_SELLERS:
        assert error(subscriber.grantless(method, path, json={})) == (403, "Unauthorized", "")


def test_sixth_call_at_once_is_throttled(amazon: Amazon, sqs: str) -> None:
    subscriber = Subscriber(amazon, sqs)
    amazon.control("POST", "settings", plan_factor=1.0)
    answers = [subscriber.grantless("GET", "/destinations") for _ in range(6)]
    assert [it.status_code for it in answers] == [200] * 5 + [429]
    assert answers[0].headers["x-amzn-RateLimit-Limit"] == "1.0"


def test_destination_is_made_shown_and_deleted(subscriber: Subscriber) -> None:
    made = subscriber.create_destination().json()["payload"]
    assert (made["name"], made["resource"]) == ("main", {"sqs": {"arn": subscriber.arn}})
    path = f"/destinations/{made['destinationId']}"
    assert subscriber.grantless("GET", path).json() == {"payload": made}
    assert subscriber.grantless("GET", "/destinations").json() == {"payload": [made]}
    deleted = subscriber.grantless("DELETE", path)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert subscriber.grantless("GET", path).status_code == 404
    assert subscriber.grantless("DELETE", path).status_code == 404
    assert subscriber.grantless("GET", "/destinations").json() == {"payload": []}


def test_destination_on_an_event_bus_needs_no_queue(subscriber: Subscriber) -> None:
    bus = {"accountId": "123456789012", "region": "eu-west-1"}
    body = {"name": "bus", "resourceSpecification": {"eventBridge": bus}}
    resource = subscriber.grantless("POST", "/destinations", json=body).json()["payload"]["resource"]
    assert {"accountId": "123456789012", "region": "eu-west-1"}.items() <= resource["eventBridge"].items()
    assert error(subscriber.grantless("POST", "/destinations", json=body))[:2] == (409, "Conflict")


def test_second_destination_of_a_name_or_queue_conflicts(subscriber: Subscriber) -> None:
    subscriber.create_destination()
    details = f"A destination with arn {subscriber.arn} already exists for the application {DEFAULT_CLIENT_ID}"
    assert error(subscriber.create_destination(name="other")) == (409, "Conflict", details)
    _url, arn = subscriber.new_queue()
    assert error(subscriber.create_destination(arn))[:2] == (409, "Conflict")
    assert subscriber.create_destination(arn, "other").status_code == 200


WRONG_DESTINATIONS: list[dict[str, Any]] = [
    {},
    {"name": "main"},
    {"name": "main", "resourceSpecification": {}},
    {"name": "", "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:us-east-2:444455556666:queue1"}}},
    {"name": "main", "resourceSpecification": {"sqs": {}}},
    {"name": "main", "resourceSpecification": {"sqs": {"arn": "queue1"}}},
    {"name": "main", "resourceSpecification": {"sqs": {"arn": "arn:aws:sqs:us-east-2:444455556666:queue1.fifo"}}},
    {
        "name": "main",
        "resourceSpecification": {"sqs": {"arn": "a"}, "eventBridge": {"accountId": "1", "region": "r"}},
    },
    {"name": "main", "resourceSpecification": {"eventBridge": {"accountId": "1"}}},
    {"name": "main", "resourceSpecification": {"kafka": {}}},
    {"name": "main", "more": 1, "resourceSpecification": {"eventBridge": {"accountId": "1", "region": "r"}}},
]


def test_destination_with_a_wrong_body_is_refused(subscriber: Subscriber) -> None:
    for body in WRONG_DESTINATIONS:
        assert error(subscriber.grantless("POST", "/destinations", json=body))[:2] == (400, "InvalidInput"), body
    assert subscriber.amazon.control("GET", "notifications")["destinations"] == 0


STATEMENT = {"Principal": {"AWS": "arn:aws:iam::437568002678:root"}, "Action": "sqs:SendMessage"}
ALLOWING = [
    {**STATEMENT, "Principal": {"AWS": "437568002678"}},
    {**STATEMENT, "Principal": {"AWS": ["arn:aws:iam::111122223333:root", "437568002678"]}},
    {**STATEMENT, "Action": ["SQS:GetQueueAttributes", "SQS:SendMessage"]},
    {**STATEMENT, "Principal": "*", "Action": "sqs:*", "Resource": "arn:aws:sqs:*"},
]
REFUSING = [
    {**STATEMENT, "Principal": {"AWS": "arn:aws:iam::111122223333:root"}},
    {**STATEMENT, "Action": "sqs:GetQueueAttributes"},
    {**STATEMENT, "Effect": "Deny"},
    {**STATEMENT, "Resource": "arn:aws:sqs:eu-central-1:123456789012:another"},
    {**STATEMENT, "Condition": {"Bool": {"aws:SecureTransport": "true"}}},
]


def test_destination_whose_queue_lets_amazon_in_is_made(subscriber: Subscriber) -> None:
    for statement in ALLOWING:
        subscriber.allow(subscriber.queue, {"Resource": subscriber.arn, **statement})
        made = subscriber.create_destination()
        assert made.status_code == 200, statement
        subscriber.grantless("DELETE", f"/destinations/{made.json()['payload']['destinationId']}")


def test_destination_whose_queue_keeps_amazon_out_is_refused(subscriber: Subscriber) -> None:
    for statement in REFUSING:
        subscriber.allow(subscriber.queue, {"Resource": subscriber.arn, **statement})
        assert error(subscriber.create_destination()) == (403, "Unauthorized", ""), statement
    subscriber.amazon.control("PUT", "notifications", checks_policy=False)
    assert subscriber.create_destination().status_code == 200


def test_destination_with_an_unknown_queue_is_refused(subscriber: Subscriber) -> None:
    assert error(subscriber.create_destination(f"{subscriber.arn}-other")) == (403, "Unauthorized", "")


def test_destination_is_made_where_amazon_is_silent(subscriber: Subscriber) -> None:
    subscriber.sqs.set_queue_attributes(QueueUrl=subscriber.queue, Attributes={"Policy": ""})
    subscriber.amazon.control("PUT", "notifications", silent=True)
    assert subscriber.create_destination().status_code == 200


def test_destination_without_an_sqs_says_what_is_missing(
    subscriber: Subscriber, monkeypatch: pytest.MonkeyPatch
) -> None:
    subscriber.amazon.control("PUT", "notifications", sqs_endpoint="")
    (only,) = subscriber.create_destination().json()["errors"]
    assert "/_simulator/notifications" in only["message"]
    subscriber.amazon.control("PUT", "notifications", sqs_endpoint="http://127.0.0.1:1")
    assert "does not reach" in subscriber.create_destination().json()["errors"][0]["message"]

    def nothing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(queues.importlib, "import_module", nothing)
    response = subscriber.create_destination()
    assert response.status_code == 500
    assert "pip install boto3" in response.json()["errors"][0]["message"]


def test_subscription_is_made_shown_and_deleted(subscriber: Subscriber) -> None:
    subscription_id = subscriber.subscribe(TYPE)
    shown = {"subscriptionId": subscription_id, "payloadVersion": "1.0", "destinationId": subscriber.destination()}
    by_id = f"/subscriptions/{TYPE}/{subscription_id}"
    listing = {"notificationTypes": TYPE}
    assert subscriber.grantless("GET", by_id).json() == {"payload": shown}
    assert subscriber.amazon.call("GET", f"{PATH}/subscriptions/{TYPE}").json() == {"payload": shown}
    listed = subscriber.amazon.call("GET", f"{PATH}/subscriptions", params=listing).json()
    assert listed == {"payload": {"subscriptions": [shown]}}
    deleted = subscriber.grantless("DELETE", by_id)
    assert (deleted.status_code, deleted.json()) == (200, {})
    assert subscriber.grantless("GET", by_id).status_code == 404
    assert subscriber.grantless("DELETE", by_id).status_code == 404
    assert error(subscriber.amazon.call("GET", f"{PATH}/subscriptions/{TYPE}"))[:2] == (404, "NotFound")
    listed = subscriber.amazon.call("GET", f"{PATH}/subscriptions", params=listing).json()
    assert listed == {"payload": {"subscriptions": []}}


def test_destination_with_subscriptions_stays(subscriber: Subscriber) -> None:
    subscriber.subscribe(TYPE)
    path = f"/destinations/{subscriber.destination()}"
    assert error(subscriber.grantless("DELETE", path)) == (403, "Unauthorized", "Destination has subscriptions")
    assert subscriber.grantless("GET", path).status_code == 200


DIRECTIVES = [
    {"filterExpression": "OrderChangeNotification.Summary.OrderStatus == `Shipped`"},
    {"eventFilter": {"eventFilterType": TYPE, "orderChangeTypes": ["OrderStatusChange"]}},
    {"eventFilter": {"eventFilterType": TYPE, "marketplaceIds": ["ATVPDKIKX0DER"]}},
]


@pytest.mark.parametrize("directive", [None, *DIRECTIVES])
def test_second_subscription_with_the_same_directive_conflicts(
    subscriber: Subscriber, directive: dict[str, Any] | None
) -> None:
    words = {} if directive is None else {"processingDirective": directive}
    first = subscriber.subscribe(TYPE, **words)
    assert (
        subscriber.grantless("GET", f"/subscriptions/{TYPE}/{first}").json()["payload"].get("processingDirective")
        == directive
    )
    details = f"Subscription already exist for notification type {TYPE}"
    assert error(subscriber.try_subscribe(TYPE, **words)) == (409, "StateConflict", details)
    subscriber.subscribe(TYPE, processingDirective={"filterExpression": "true"})
    subscriber.subscribe("TRANSACTION_UPDATE")


WRONG_SUBSCRIPTIONS: list[dict[str, Any]] = [
    {"payloadVersion": "2.0"},
    {"payloadVersion": 1.0},
    {"destinationId": UNKNOWN},
    {"more": 1},
    {"processingDirective": {}},
    {"processingDirective": {"filterExpression": ""}},
    {"processingDirective": {"filterExpression": "x" * 257}},
    {"processingDirective": {"filterExpression": "true", "eventFilter": {"eventFilterType": TYPE}}},
    {"processingDirective": {"eventFilter": {}}},
    {"processingDirective": {"eventFilter": {"eventFilterType": "ANY_OFFER_CHANGED"}}},
    {"processingDirective": {"eventFilter": {"eventFilterType": TYPE, "orderChangeTypes": ["Other"]}}},
    {"processingDirective": {"eventFilter": {"eventFilterType": TYPE, "marketplaceIds": "ATVPDKIKX0DER"}}},
]


def test_subscription_with_a_wrong_body_is_refused(subscriber: Subscriber) -> None:
    for changes in WRONG_SUBSCRIPTIONS:
        assert error(subscriber.try_subscribe(TYPE, **changes))[:2] == (400, "InvalidInput"), changes
    assert subscriber.amazon.control("GET", "notifications")["subscriptions"] == 0


def test_subscription_with_the_longest_expression_is_made(subscriber: Subscriber) -> None:
    subscriber.subscribe(TYPE, processingDirective={"filterExpression": "x" * 256})


def test_unknown_type_is_refused(subscriber: Subscriber) -> None:
    for response in (
        subscriber.try_subscribe("WEATHER"),
        subscriber.amazon.call("GET", f"{PATH}/subscriptions/WEATHER"),
        subscriber.grantless("GET", f"/subscriptions/WEATHER/{UNKNOWN}"),
    ):
        assert response.status_code == 400
        assert response.json()["errors"][0]["message"] == 'Invalid value "WEATHER" for path parameter notificationType'


def test_another_application_sees_nothing(subscriber: Subscriber) -> None:
    subscription_id = subscriber.subscribe(TYPE)
    destination_id = subscriber.destination()
    theirs = second_application(subscriber.amazon)
    answer = subscriber.grant(client_id="c2", client_secret="s2").json()
    for path in (f"/destinations/{destination_id}", f"/subscriptions/{TYPE}/{subscription_id}"):
        assert subscriber.amazon.call("GET", PATH + path, token=answer["access_token"]).status_code == 404
    assert subscriber.amazon.call("GET", f"{PATH}/subscriptions/{TYPE}", token=theirs).status_code == 404
    body = {"payloadVersion": "1.0", "destinationId": destination_id}
    response = subscriber.amazon.call("POST", f"{PATH}/subscriptions/{TYPE}", token=theirs, json=body)
    assert error(response) == (400, "InvalidInput", f"No destination with id '{destination_id}' for applicationId 'c2'")


def test_subscriptions_come_in_pages(subscriber: Subscriber) -> None:
    made = [subscriber.subscribe(TYPE, processingDirective={"filterExpression": str(it)}) for it in range(31)]
    path = f"{PATH}/subscriptions"
    query = {"notificationTypes": TYPE, "payloadVersion": "1.0"}
    first = subscriber.amazon.call("GET", path, params=query).json()["payload"]
    second = subscriber.amazon.call("GET", path, params={**query, "nextToken": first["nextToken"]}).json()["payload"]
    listed = [it["subscriptionId"] for it in first["subscriptions"] + second["subscriptions"]]
    assert (listed, len(first["subscriptions"])) == (made, 30)
    assert "nextToken" not in second
    whole = subscriber.amazon.call("GET", path, params={**query, "pageSize": 100}).json()["payload"]
    assert len(whole["subscriptions"]) == 31
    other = {**query, "pageSize": 31, "nextToken": first["nextToken"]}
    assert error(subscriber.amazon.call("GET", path, params=other))[:2] == (400, "InvalidInput")


WRONG_QUERIES = [
    "",
    f"notificationTypes={TYPE},TRANSACTION_UPDATE",
    f"notificationTypes={TYPE}&notificationTypes=TRANSACTION_UPDATE",
    "notificationTypes=WEATHER",
    f"notificationTypes={TYPE}&pageSize=29",
    f"notificationTypes={TYPE}&pageSize=101",
    f"notificationTypes={TYPE}&pageSize=many",
    f"notificationTypes={TYPE}&payloadVersion=2.0",
    f"notificationTypes={TYPE}&nextToken=other",
    f"notificationTypes={TYPE}&more=1",
]


def test_subscriptions_with_a_wrong_query_are_refused(subscriber: Subscriber) -> None:
    for query in WRONG_QUERIES:
        response = subscriber.amazon.call("GET", f"{PATH}/subscriptions?{query}")
        assert error(response)[:2] == (400, "InvalidInput"), query


def test_reports_have_two_versions_of_which_the_latest_is_shown(subscriber: Subscriber) -> None:
    dated = subscriber.subscribe("REPORT_PROCESSING_FINISHED", payloadVersion="2020-09-04")
    plain = subscriber.subscribe("REPORT_PROCESSING_FINISHED")
    path = f"{PATH}/subscriptions/REPORT_PROCESSING_FINISHED"
    assert subscriber.amazon.call("GET", path).json()["payload"]["subscriptionId"] == dated
    chosen = subscriber.amazon.call("GET", path, params={"payloadVersion": "1.0"}).json()["payload"]
    assert chosen["subscriptionId"] == plain


@pytest.mark.parametrize(
    "body", [{"sqs": "http://127.0.0.1"}, {"sqs_endpoint": 5}, {"checks_policy": "no"}, {"silent": None}]
)
def test_control_with_wrong_settings_is_refused(amazon: Amazon, body: dict[str, Any]) -> None:
    assert amazon.try_control("PUT", "notifications", **body).status_code == 400


def test_control_shows_settings_without_the_secret(amazon: Amazon) -> None:
    amazon.control("PUT", "notifications", sqs_endpoint="http://127.0.0.1:5", secret_key="secret")
    shown = amazon.control("PUT", "notifications", checks_policy=False)
    assert shown == amazon.control("GET", "notifications")
    assert (shown["sqs_endpoint"], shown["secret_key"], shown["checks_policy"]) == ("http://127.0.0.1:5", "***", False)
