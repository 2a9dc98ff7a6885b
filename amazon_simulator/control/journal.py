"""The journal: every SP-API and token call in order, secrets masked."""

from collections import deque
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any

MASK = "***"
SECRET_FIELDS = frozenset({"client_secret", "refresh_token"})
KEPT = 10_000
"""Entries; older ones are forgotten, so that a long run does not fill the memory."""


@dataclass(frozen=True)
class Entry:
    """One call. `status` is None when the connection was dropped without an answer; `at` is the simulator's time.

    `fault` is the kind of the armed fault that the call met, `habit` the name of the habit that bent its answer or
    refused it (several: with commas).
    """

    operation: str
    method: str
    path: str
    query: dict[str, Any]
    body: Any
    status: int | None
    at: str
    fault: str | None = None
    habit: str | None = None


class Journal:
    """The latest calls, oldest first."""

    def __init__(self) -> None:
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._added = 0

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self._added += 1

    def clear(self) -> None:
        self._entries.clear()

    def dump(self, operation: str | None = None) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self._entries if operation in (None, entry.operation)]

    def latest(self, most: int) -> list[dict[str, Any]]:
        """Up to `most` entries, newest first; `number` counts all that ever came, so it names one of them for good."""
        newest = islice(reversed(self._entries), most)
        return [{"number": self._added - age, **asdict(entry)} for age, entry in enumerate(newest)]


def masked(form: dict[str, Any]) -> dict[str, Any]:
    """`form` without its secrets."""
    return {key: MASK if key in SECRET_FIELDS else value for key, value in form.items()}
