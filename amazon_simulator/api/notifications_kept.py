"""What Amazon keeps of notifications: queues of an application, subscriptions of its sellers, messages on their way."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from typing import Any

from .notifications_envelope import Message, Times, envelope
from .notifications_events import Event


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
    """Destinations and subscriptions by their ids, the oldest first; messages in the order of what they tell."""

    def __init__(self) -> None:
        self.destinations: dict[str, Destination] = {}
        self.subscriptions: dict[str, Subscription] = {}
        self.outbox: deque[Message] = deque()
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

    def has_subscriptions(self, seller: str) -> bool:
        return any(it.seller == seller for it in self.subscriptions.values())

    def publish(self, seller: str, event: Event, now: datetime) -> None:
        """A message for each subscription that wants it."""
        for it in self.subscriptions_of(seller, event.notification_type):
            if event.passes(it.directive):
                self.send(it, event.notification_type, event.payload, Times(event.at, now))

    def send(
        self,
        subscription: Subscription,
        notification_type: str,
        payload: dict[str, Any],
        times: Times,
        version: str | None = None,
    ) -> str:
        """One message for one subscription; its NotificationId. To an event bus nothing is sent."""
        ids = {
            "ApplicationId": subscription.client_id,
            "SubscriptionId": subscription.subscription_id,
            "NotificationId": self.new_id("e"),
        }
        arn = self.arn_of(subscription)
        if arn is not None:
            self.outbox.append(Message(arn, envelope(notification_type, payload, times, ids, version)))
        return ids["NotificationId"]

    def arn_of(self, subscription: Subscription) -> str | None:
        """The queue it goes to."""
        return self.destinations[subscription.destination_id].arn
