"""Queues of Amazon SQS, which notifications go to. Only here is boto3 used, and only once a queue is named."""

import importlib
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, NamedTuple

from .notifications_errors import NoQueues
from .queue_policy import allows_notifications

CONNECT_TIMEOUT_S, READ_TIMEOUT_S = 2, 5
BATCH = 10
BATCH_BYTES = 256 * 1024
"""Source: Amazon SQS, SendMessageBatch; newer queues take more bytes."""


class Arn(NamedTuple):
    """The parts of a queue's ARN: `arn:aws:sqs:<region>:<account>:<name>`."""

    region: str
    account: str
    name: str

    @classmethod
    def read(cls, text: str) -> "Arn":
        return cls(*text.split(":")[3:])


@dataclass
class Posted:
    """What became of messages: taken by the queue, refused by it for good, or not told (the queue is out of reach)."""

    taken: int = 0
    refused: int = 0
    unreached: list[str] = field(default_factory=list)


@dataclass
class Queues:
    """How to reach queues. No call goes to Amazon: without `sqs_endpoint` there are none.

    `checks_policy`: a queue has to let Amazon's notifications in. `silent`: where it does not, a destination is made
    all the same, and no message comes (seen: amzn/selling-partner-api-models issues 1001, 1441).
    """

    sqs_endpoint: str = ""
    access_key: str = "simulator"
    secret_key: str = "simulator"
    checks_policy: bool = True
    silent: bool = False

    def copy(self) -> "Queues":
        """For use outside of the world's lock."""
        return replace(self)

    def accepts(self, arn: str) -> bool:
        """Whether a destination may be made of this queue. Raises NoQueues."""
        errors = _boto("botocore.exceptions")
        if not self.checks_policy or self.silent:
            return True
        if not self.sqs_endpoint:
            raise NoQueues("The simulator has no sqs_endpoint: name it by PUT /_simulator/notifications")
        try:
            self._open(arn)
        except (errors.ClientError, PermissionError):
            return False
        except errors.BotoCoreError as error:
            raise NoQueues(f"The simulator does not reach the queue: {error}") from None
        return True

    def post(self, arn: str, bodies: Sequence[str]) -> Posted:
        """Send messages to one queue, in this order."""
        if not self.sqs_endpoint:
            return Posted(refused=len(bodies))
        errors = _boto("botocore.exceptions")
        posted, left = Posted(), list(bodies)
        try:
            url = self._open(arn)
            while left:
                batch = _batch(left)
                entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)]
                answer = self._client(arn).send_message_batch(QueueUrl=url, Entries=entries)
                posted.taken += len(answer.get("Successful", ()))
                posted.refused += len(answer.get("Failed", ()))
                del left[: len(batch)]
        except (errors.ClientError, PermissionError):
            posted.refused += len(left)
        except errors.BotoCoreError:
            posted.unreached = left
        return posted

    def _open(self, arn: str) -> str:
        """The URL of a queue that lets Amazon in. Raises PermissionError, and boto's ClientError, BotoCoreError."""
        parts, client = Arn.read(arn), self._client(arn)
        url: str = client.get_queue_url(QueueName=parts.name, QueueOwnerAWSAccountId=parts.account)["QueueUrl"]
        if self.checks_policy:
            attributes = client.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"]).get("Attributes", {})
            if not allows_notifications(attributes.get("Policy", ""), arn):
                raise PermissionError(arn)
        return url

    def _client(self, arn: str) -> Any:
        return _client(self.sqs_endpoint, Arn.read(arn).region, self.access_key, self.secret_key)


def _batch(bodies: Sequence[str]) -> list[str]:
    """The first ones, as many as one request takes; at least one."""
    batch: list[str] = []
    size = 0
    for body in bodies[:BATCH]:
        size += len(body.encode())
        if batch and size > BATCH_BYTES:
            break
        batch.append(body)
    return batch


def _boto(name: str) -> Any:
    """A module of boto3 or botocore. Raises NoQueues."""
    with suppress(ImportError):
        return importlib.import_module(name)
    raise NoQueues("The simulator publishes notifications by boto3, which is missing: pip install boto3")


@lru_cache(maxsize=16)
def _client(endpoint: str, region: str, access_key: str, secret_key: str) -> Any:
    """A client for all threads. It tries once: what is not reached is sent again with the next messages."""
    config = _boto("botocore.config").Config(
        connect_timeout=CONNECT_TIMEOUT_S, read_timeout=READ_TIMEOUT_S, retries={"total_max_attempts": 1}
    )
    session = _boto("boto3.session").Session(access_key, secret_key, region_name=region)
    return session.client("sqs", endpoint_url=endpoint, config=config)
