"""Access token of one connection: fetched, kept and renewed, from any thread."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from .connection import Connection
from .errors import Malformed
from .operation import Operation
from .outcome import facts_of, read_token_answer
from .reasons import because
from .wire import Answer

TOKEN = Operation("getAccessToken", rate=1, burst=1)
_MARGIN_S = 60  # a token is renewed this long before it ends
_LIFE_S = 3600  # documented, should an answer not say
_LONGEST_LIFE_S = 86400
_LONGEST_TOKEN = 4096  # Amazon documents 2048 bytes; it goes into a header of each call


class AccessToken:
    """Fetched by `exchange(operation, form)`, when it is first asked for and when it has come near its end.

    Not by the library: its cache is one for all accounts and keyed by the refresh token alone, it has no time-out of
    its own, and it cannot read an error that is not JSON (python-amazon-sp-api 2.1.35).

    `scope`: the application's own token for grantless operations; without it, the seller's.
    """

    def __init__(
        self, connection: Connection, exchange: Callable[[Operation, dict[str, str]], Answer], scope: str = ""
    ) -> None:
        self._connection = connection
        self._exchange = exchange
        self._scope = scope
        self._value = ""
        self._ends = 0.0  # time.monotonic
        self._lock = threading.Lock()

    def get(self) -> str:
        """A token that is good for a while. Raises AmazonError."""
        with self._lock:
            if not self._value or time.monotonic() >= self._ends:
                self._fetch()
            return self._value

    def renew(self, refused: str) -> str:
        """Another one than `refused`, which a thread may have fetched meanwhile. Raises AmazonError."""
        with self._lock:
            if self._value in ("", refused):
                self._fetch()
            return self._value

    def forget(self) -> None:
        """The next call fetches a new one."""
        with self._lock:
            self._value = ""

    def _fetch(self) -> None:
        self._value = ""
        keys = {"client_id": self._connection.client_id, "client_secret": self._connection.client_secret}
        if self._scope:
            grant = {"grant_type": "client_credentials", "scope": self._scope}
        else:
            grant = {"grant_type": "refresh_token", "refresh_token": self._connection.refresh_token}
        answer = self._exchange(TOKEN, {**grant, **keys})
        body = read_token_answer(TOKEN, answer)
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not _is_usable(token):
            raise Malformed(
                because("login_tokenless"),
                code="access_token",
                **facts_of(TOKEN, answer),
            )
        life_s = life if isinstance(life, int) and 0 < life <= _LONGEST_LIFE_S else _LIFE_S
        self._value, self._ends = token, time.monotonic() + life_s - _MARGIN_S


def _is_usable(token: str) -> bool:
    """A header can carry it."""
    return 0 < len(token) <= _LONGEST_TOKEN and token.isascii() and token.isprintable()
