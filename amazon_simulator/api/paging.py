"""Continuation tokens: the rest of a list, kept on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOKEN_LIFE = timedelta(hours=24)
"""Source: Orders 2026-01-01, Pagination: "The token will expire after 24 hours"; outbound does not say, inventory has
its own."""


@dataclass(frozen=True)
class Left:
    """The keys of a list that are not shown yet: those from `start` on. All its pages share `keys`."""

    keys: Sequence[str]
    start: int = 0


@dataclass(frozen=True)
class Rest:
    """The meaning of a token: the keys not yet listed, and the request they answer."""

    scope: tuple[object, ...]
    left: Left
    expires_at: datetime


class Pages:
    """Issued tokens. The list is fixed when the first page is made; a token may be used again, as a retry does."""

    def __init__(self) -> None:
        self._rests: dict[str, Rest] = {}

    def cut(
        self,
        keys: Sequence[str] | Left,
        size: int,
        scope: tuple[object, ...],
        now: datetime,
        life: timedelta = TOKEN_LIFE,
    ) -> tuple[Sequence[str], str | None]:
        """The first `size` keys, and a token for the others when there are any."""
        left = keys if isinstance(keys, Left) else Left(tuple(keys))
        end = left.start + size
        page = left.keys[left.start : end]
        if end >= len(left.keys):
            return page, None
        token = f"next-{len(self._rests) + 1}"
        self._rests[token] = Rest(scope, Left(left.keys, end), now + life)
        return page, token

    def rest(self, token: object, scope: tuple[object, ...], now: datetime) -> Left | None:
        """The keys behind `token`; None for an unknown or expired token, or one issued for another request."""
        rest = self._rests.get(str(token))
        return rest.left if rest and rest.scope == scope and now < rest.expires_at else None
