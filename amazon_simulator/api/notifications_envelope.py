"""The envelope of a notification, as the type's model writes it, and the message it goes in."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from ..world.clock import dump_time
from .notifications_types import TYPES, NotificationType


class Message(NamedTuple):
    """A body for a queue."""

    arn: str
    body: str


class Times(NamedTuple):
    """When it happened, and when it is published."""

    event: datetime
    publish: datetime


def envelope(
    notification_type: str,
    payload: Mapping[str, Any],
    times: Times,
    ids: Mapping[str, str],
    version: str | None = None,
) -> str:
    """The JSON text. `ids`: ApplicationId, SubscriptionId, NotificationId. A type that nobody knows is like most."""
    kind = TYPES.get(notification_type, NotificationType())
    metadata = {
        "ApplicationId": ids["ApplicationId"],
        "SubscriptionId": ids["SubscriptionId"],
        "PublishTime": dump_time(times.publish),
        "NotificationId": ids["NotificationId"],
    }
    whole = {
        "NotificationVersion": kind.version,
        "NotificationType": notification_type,
        "PayloadVersion": version or kind.version,
        "EventTime": dump_time(times.event),
        "Payload": payload,
        "NotificationMetadata": _lower(metadata) if kind.camel_case else metadata,
    }
    return json.dumps(_lower(whole) if kind.camel_case else whole)


def _lower(record: Mapping[str, Any]) -> dict[str, Any]:
    """Keys that begin in lower case."""
    return {f"{key[0].lower()}{key[1:]}": value for key, value in record.items()}
