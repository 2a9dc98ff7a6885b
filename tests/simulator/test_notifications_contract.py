"""Amazon's own SDK as the judge of the Notifications API: its models read the answers."""

from typing import Any

import pytest
from sdk_schema import complaints

from .conftest import Amazon
from .subscriber import PATH, Subscriber

pytest.importorskip("spapi")

from spapi.models import notifications_v1 as models

TYPE = "ORDER_CHANGE"
DIRECTIVES = (
    {"eventFilter": {"eventFilterType": TYPE, "orderChangeTypes": ["OrderStatusChange"], "marketplaceIds": ["A"]}},
    {},
)


def judge(answer: Any, name: str) -> None:
    assert complaints(answer.json(), getattr(models, name)) == []


def test_answers_are_as_the_sdk_reads_them(amazon: Amazon, sqs: str) -> None:
    subscriber = Subscriber(amazon, sqs)
    judge(subscriber.create_destination(), "CreateDestinationResponse")
    judge(subscriber.create_destination(), "CreateDestinationResponse")  # the conflict
    judge(subscriber.grantless("GET", "/destinations"), "GetDestinationsResponse")
    judge(subscriber.grantless("GET", f"/destinations/{subscriber.destination()}"), "GetDestinationResponse")
    for directive in DIRECTIVES:
        made = subscriber.try_subscribe(TYPE, **({"processingDirective": directive} if directive else {}))
        judge(made, "CreateSubscriptionResponse")
    by_id = f"/subscriptions/{TYPE}/{made.json()['payload']['subscriptionId']}"
    judge(amazon.call("GET", f"{PATH}/subscriptions/{TYPE}"), "GetSubscriptionResponse")
    listing = {"notificationTypes": TYPE}
    judge(amazon.call("GET", f"{PATH}/subscriptions", params=listing), "GetSubscriptionsResponse")
    judge(subscriber.grantless("GET", by_id), "GetSubscriptionByIdResponse")
    judge(subscriber.grantless("DELETE", by_id), "DeleteSubscriptionByIdResponse")
    judge(subscriber.grantless("DELETE", f"/destinations/{subscriber.destination()}"), "DeleteDestinationResponse")
    amazon.control("POST", "reset")
