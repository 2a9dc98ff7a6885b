"""What Amazon keeps of notifications: the queues of an application, and what its sellers subscribe to."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Any


@dataclass(frozen=True)
class Destination:
    """Where an application wants messages. `arn` of an SQS queue; None where `resource` is an event bus."""

    destination_id: str
    client_id: str
    name: str
    resource: dict[str, Any]

    @property
    def arn(self) -> str | None:
        arn: str | None = self.resource.get("sqs", {}).get("arn")
        return arn


@dataclass(frozen=True)
class Subscription:
    """One type of notifications about one seller (by its refresh token), to one destination of its application."""

    subscription_id: str
    notification_type: str
    payload_version: str
    destination_id: str
    seller: str
    client_id: str
    directive: dict[str, Any] | None


class Notifications:
    """Destinations and subscriptions by their ids, the oldest first."""

    def __init__(self) -> None:
        self.destinations: dict[str, Destination] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self._numbers = count(1)

    def new_id(self, kind: str) -> str:
        """A UUID that begins with `kind`, a hexadecimal digit."""
        return f"{kind}0000000-0000-4000-8000-{next(self._numbers):012d}"

    def destinations_of(self, client_id: str) -> Iterator[Destination]:
        return (it for it in self.destinations.values() if it.client_id == client_id)

    def subscriptions_of(self, seller: str, notification_type: str) -> list[Subscription]:
        return [
            it
            for it in self.subscriptions.values()
            if it.seller == seller and it.notification_type == notification_type
        ]
