"""How messages come to queues: as they are, or twice, or never, or in another order."""

import random
from collections.abc import Sequence
from dataclasses import dataclass, field

from ..api.notifications_envelope import Message
from ..api.queues import Posted

STAYS = 0.5
"""The share of messages that wait for the next round, in disorder; when no new ones come, all that wait go."""


@dataclass
class Delivery:
    """`duplicates`, `loss`: shares of the messages, from 0 to 1, drawn with `seed`. `disorder`: another order.

    The counters: messages that a queue took (`published`, duplicates included), that were `duplicated`, `lost`, and
    `refused` by the queue or its policy. `waiting` are for the next round, `sending` is how many are on their way.
    Source of both habits: Amazon SQS, standard queues: at least once, in no certain order.
    """

    duplicates: float = 0.0
    disorder: bool = False
    loss: float = 0.0
    seed: int = 0
    published: int = 0
    duplicated: int = 0
    lost: int = 0
    refused: int = 0
    sending: int = 0
    waiting: list[Message] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Draw from `seed` again."""
        self._random = random.Random(self.seed)  # noqa: S311 - dice, no secrets

    def due(self, fresh: Sequence[Message]) -> list[Message]:
        """The messages to send now, of those that waited and the `fresh` ones."""
        found = [*self.waiting, *self._met(fresh)]
        self.waiting = []
        if self.disorder:
            self._random.shuffle(found)
            stays = STAYS if fresh else 0.0
            dice = [self._random.random() < stays for _ in found]
            self.waiting = [it for it, waits in zip(found, dice, strict=True) if waits]
            found = [it for it, waits in zip(found, dice, strict=True) if not waits]
        self.sending = len(found)
        return found

    def _met(self, fresh: Sequence[Message]) -> list[Message]:
        """Without the lost ones, with the duplicates."""
        found = []
        for message in fresh:
            if self._random.random() < self.loss:
                self.lost += 1
                continue
            found.append(message)
            if self._random.random() < self.duplicates:
                self.duplicated += 1
                found.append(message)
        return found

    def note(self, arn: str, posted: Posted) -> None:
        """What became of messages to one queue; those it was not told go again, before all others."""
        self.published += posted.taken
        self.refused += posted.refused
        self.sending -= posted.taken + posted.refused + len(posted.unreached)
        self.waiting = [*(Message(arn, body) for body in posted.unreached), *self.waiting]
