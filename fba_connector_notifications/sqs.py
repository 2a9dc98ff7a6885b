"""An SQS queue, through boto3: plain Python, without Odoo."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import urlsplit

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

MOST = 10  # messages of one answer, and of one deletion: Amazon's limit
LONGEST_WAIT_S = 20  # Amazon's limit
ANSWER_S = 10  # beyond the wait

# A queue's address names its region, but for endpoints of other kinds.
_REGION = re.compile(r"(?:^|\.)(?:sqs[.-])?([a-z]{2}(?:-[a-z]+)+-\d)\.")
DEFAULT_REGION = "us-east-1"

MISSING, REFUSED, UNREACHABLE, OTHER = "missing", "refused", "unreachable", "other"
_KINDS = {
    "AWS.SimpleQueueService.NonExistentQueue": MISSING,
    "QueueDoesNotExist": MISSING,
    "InvalidAddress": MISSING,
    "AccessDenied": REFUSED,
    "AccessDeniedException": REFUSED,
    "ExpiredToken": REFUSED,
    "InvalidAccessKeyId": REFUSED,
    "InvalidClientTokenId": REFUSED,
    "InvalidSecurity": REFUSED,
    "MissingAuthenticationToken": REFUSED,
    "SignatureDoesNotMatch": REFUSED,
    "UnrecognizedClientException": REFUSED,
    "UnrecognizedClient": REFUSED,
}


class QueueError(Exception):
    """A call of the queue failed: `kind` is one of MISSING, REFUSED (keys, or their rights), UNREACHABLE, OTHER.

    `code` is AWS's, or the name of what went wrong on the way.
    """

    def __init__(self, kind: str, code: str) -> None:  # pylint: disable=missing-return
        super().__init__(f"{kind}: {code}")
        self.kind, self.code = kind, code


@dataclass(frozen=True)
class Message:
    """`receipt` deletes it; `times_received` counts this time, too."""

    body: str
    receipt: str
    times_received: int


@dataclass(frozen=True)
class Attributes:
    """`policy` is the queue's access policy; `dead_letter_arn` the queue of messages that nobody could read, if any."""

    arn: str
    policy: dict
    dead_letter_arn: str | None


class Meter(Protocol):
    """Counts calls."""

    def note_call(self, name: str) -> None: ...

    def finish(self) -> None: ...


class Queue:
    """One queue by its `url`. Without keys, boto3 looks for them as it always does (instance roles, for example).

    Every method raises QueueError.
    """

    def __init__(self, url: str, access_key: str = "", secret_key: str = "", meter: Meter | None = None) -> None:
        timeouts = {"connect_timeout": ANSWER_S, "read_timeout": LONGEST_WAIT_S + ANSWER_S}
        with _told_apart():
            host = urlsplit(url)
            region = _REGION.search(host.hostname or "")
            self._client = boto3.client(
                "sqs",
                endpoint_url=f"{host.scheme}://{host.netloc}",
                region_name=region[1] if region else DEFAULT_REGION,
                aws_access_key_id=access_key or None,
                aws_secret_access_key=secret_key or None,
                config=Config(**timeouts, retries={"total_max_attempts": 2, "mode": "standard"}),
            )
        self._url = url
        self._meter = meter

    def close(self) -> None:
        self._client.close()
        if self._meter:
            self._meter.finish()

    def __enter__(self) -> Queue:
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()

    def attributes(self) -> Attributes:
        """What the queue is, and who may send to it."""
        names = ["QueueArn", "Policy", "RedrivePolicy"]
        found = self._call("get_queue_attributes", AttributeNames=names)["Attributes"]
        return Attributes(
            arn=found["QueueArn"],
            policy=_json(found.get("Policy")),
            dead_letter_arn=_json(found.get("RedrivePolicy")).get("deadLetterTargetArn"),
        )

    def receive(self, wait_s: int) -> list[Message]:
        """At most ten messages, as soon as there are some; none after `wait_s` seconds (at most 20)."""
        answer = self._call(
            "receive_message",
            MaxNumberOfMessages=MOST,
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["ApproximateReceiveCount"],
        )
        return [
            Message(it["Body"], it["ReceiptHandle"], int(it.get("Attributes", {}).get("ApproximateReceiveCount", 1)))
            for it in answer.get("Messages", ())
        ]

    def delete(self, messages: Sequence[Message]) -> None:
        """They do not come again, unless AWS loses it: then they are duplicates."""
        entries = [{"Id": str(number), "ReceiptHandle": it.receipt} for number, it in enumerate(messages)]
        for at in range(0, len(entries), MOST):
            self._call("delete_message_batch", Entries=entries[at : at + MOST])

    def count_dead_letters(self, arn: str) -> int:
        """Messages in the dead-letter queue `arn`."""
        account, name = arn.split(":")[-2:]
        with _told_apart():
            url = self._client.get_queue_url(QueueName=name, QueueOwnerAWSAccountId=account)["QueueUrl"]
            names = ["ApproximateNumberOfMessages"]
            found = self._client.get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
        return int(found["ApproximateNumberOfMessages"])

    def _call(self, name: str, **arguments: object) -> dict:
        if self._meter:
            self._meter.note_call(name.title().replace("_", ""))  # as AWS spells it
        with _told_apart():
            return getattr(self._client, name)(QueueUrl=self._url, **arguments)


def lets_in(policy: dict, account: str, arn: str) -> bool:
    """Whether `policy` allows the AWS `account` to send to the queue `arn`. Conditions and denials are not weighed."""
    return any(
        statement.get("Effect") == "Allow"
        and _names(statement.get("Principal"), account)
        and any(action.lower() in ("sqs:sendmessage", "sqs:*", "*") for action in _texts(statement.get("Action")))
        and any(resource in (arn, "*") for resource in _texts(statement.get("Resource")))
        for statement in _objects(policy.get("Statement"))
    )


def policy_for(account: str, arn: str) -> dict:
    """The policy that lets the AWS `account` in."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "SellingPartnerNotifications",
                "Effect": "Allow",
                "Principal": {"AWS": f"arn:aws:iam::{account}:root"},
                "Action": ["sqs:SendMessage", "sqs:GetQueueAttributes"],
                "Resource": arn,
            }
        ],
    }


def _names(principal: object, account: str) -> bool:
    ids = _texts(principal.get("AWS") if isinstance(principal, dict) else principal)
    return any(it in ("*", account, f"arn:aws:iam::{account}:root") for it in ids)


def _texts(value: object) -> list[str]:
    return [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, str)]


def _objects(value: object) -> list[dict]:
    return [it for it in (value if isinstance(value, list) else [value]) if isinstance(it, dict)]


def _json(text: str | None) -> dict:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


@contextmanager
def _told_apart() -> Iterator[None]:
    """Errors of boto3 as QueueError."""
    try:
        yield
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", ""))
        raise QueueError(_KINDS.get(code, OTHER), code) from None
    except BotoCoreError as error:
        kind = REFUSED if "Credential" in type(error).__name__ else UNREACHABLE
        raise QueueError(kind, type(error).__name__) from None
    except ValueError:  # an address that cannot be one
        raise QueueError(MISSING, "InvalidAddress") from None
