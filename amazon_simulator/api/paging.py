"""Continuation tokens: the rest of a list, kept on the server."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

TOKEN_LIFE = timedelta(hours=24)
"""Source: Orders 2026-01-01, Pagination: "The token will expire after 24 hours"; outbound does not say, inventory has
its own."""


@dataclass(frozen=True)
class Rest:
    """The meaning of a token: the keys not yet listed, and the request they answer."""

    scope: tuple[object, ...]
    keys: tuple[str, ...]
    expires_at: datetime


class Pages:
    """Issued tokens. The list is fixed when the first page is made; a token may be used again, as a retry does."""

    def __init__(self) -> None:
        self._rests: dict[str, Rest] = {}

    def cut(
        self,
        keys: Sequence[str],
        size: int,
        scope: tuple[object, ...],
        now: datetime,
        life: timedelta = TOKEN_LIFE,
    ) -> tuple[Sequence[str], str | None]:
        """The first `size` keys, and a token for the others when there are any."""
        if len(keys) <= size:
            return keys, None
        token = f"next-{len(self._rests) + 1}"
        self._rests[token] = Rest(scope, tuple(keys[size:]), now + life)
        return keys[:size], token

    def rest(self, token: object, scope: tuple[object, ...], now: datetime) -> Sequence[str] | None:
        """The keys behind `token`; None for an unknown or expired token, or one issued for another request."""
        rest = self._rests.get(str(token))
        return rest.keys if rest and rest.scope == scope and now < rest.expires_at else None
