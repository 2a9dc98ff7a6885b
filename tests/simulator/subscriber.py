"""A seller's application that listens: its queue, its destination, its subscriptions, and what arrives."""

import json
import uuid
from functools import cache
from typing import Any

import boto3
import requests

from .conftest import Amazon

PATH = "/notifications/v1"
REGION = "eu-central-1"
SENDER = "arn:aws:iam::437568002678:root"
PATIENCE_S = 20
"""How long a message that has to come may take, in seconds."""
QUIET_S = 2
"""How long nothing comes where nothing is to come."""


@cache
def client(url: str) -> Any:
    """One for all tests: making one takes a quarter of a second."""
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    return boto3.client("sqs", region_name=REGION, endpoint_url=url, **keys)


class Subscriber:
    """Its queue lets Amazon in, unless a test takes that away."""

    def __init__(self, amazon: Amazon, sqs_url: str) -> None:
        self.amazon = amazon
        self.sqs = client(sqs_url)
        self._token: str | None = None
        self.queue, self.arn = self.new_queue()
        amazon.control("POST", "settings", plan_factor=1000.0)
        amazon.control("PUT", "notifications", sqs_endpoint=sqs_url)

    def new_queue(self) -> tuple[str, str]:
        """URL and ARN of a queue of its own."""
        url = self.sqs.create_queue(QueueName=f"test-{uuid.uuid4()}")["QueueUrl"]
        answer = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        arn = answer["Attributes"]["QueueArn"]
        self.allow(url, {"Principal": {"AWS": SENDER}, "Action": "SQS:SendMessage", "Resource": arn})
        return url, arn

    def allow(self, url: str, *statements: dict[str, Any]) -> None:
        """The policy of a queue."""
        policy = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", **it} for it in statements]}
        self.sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": json.dumps(policy)})

    def grant(self, **form: str) -> requests.Response:
        """A token for grantless operations."""
        form = {"grant_type": "client_credentials", "scope": "sellingpartnerapi::notifications", **form}
        return self.amazon.grant(refresh_token="", **form)

    def token(self) -> str:
        if self._token is None:
            self._token = self.grant().json()["access_token"]
        return self._token

    def grantless(self, method: str, path: str, **options: Any) -> requests.Response:
        return self.amazon.call(method, PATH + path, token=self.token(), **options)

    def create_destination(self, arn: str | None = None, name: str = "main") -> requests.Response:
        body = {"name": name, "resourceSpecification": {"sqs": {"arn": arn or self.arn}}}
        return self.grantless("POST", "/destinations", json=body)

    def destination(self) -> str:
        """Its only one, made when there is none."""
        found = self.grantless("GET", "/destinations").json()["payload"]
        if not found:
            response = self.create_destination()
            assert response.status_code == 200, response.text
            found = [response.json()["payload"]]
        return str(found[0]["destinationId"])

    def try_subscribe(self, notification_type: str, **changes: Any) -> requests.Response:
        body = {"payloadVersion": "1.0", "destinationId": self.destination(), **changes}
        return self.amazon.call("POST", f"{PATH}/subscriptions/{notification_type}", json=body)

    def subscribe(self, notification_type: str, **changes: Any) -> str:
        """The id of a new subscription."""
        response = self.try_subscribe(notification_type, **changes)
        assert response.status_code == 200, response.text
        return str(response.json()["payload"]["subscriptionId"])

    def receive(self, least: int, patience_s: int = PATIENCE_S) -> list[str]:
        """Bodies that arrive until there are `least` of them, and those that come with them."""
        bodies: list[str] = []
        for _second in range(patience_s):
            answer = self.sqs.receive_message(QueueUrl=self.queue, MaxNumberOfMessages=10, WaitTimeSeconds=1)
            for message in answer.get("Messages", ()):
                self.sqs.delete_message(QueueUrl=self.queue, ReceiptHandle=message["ReceiptHandle"])
                bodies.append(message["Body"])
            if len(bodies) >= least:
                break
        return bodies

    def messages(self, least: int) -> list[dict[str, Any]]:
        """`least` messages have to arrive; they are read."""
        bodies = self.receive(least)
        assert len(bodies) >= least, bodies
        return [json.loads(body) for body in bodies]
