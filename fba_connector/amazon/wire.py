"""Plain HTTP as we want it: one pool, hard time-outs, no environment, no chatter. Judges nothing."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

import httpx

# One operation ends within 120 s, whatever it consists of: its requests share these seconds, and a slow body may
# use one more read time-out. Whoever holds a lock for an operation can rely on it.
OPERATION_LIMIT_S = 80.0
READ_LIMIT_S = 35.0
_CONNECT_LIMIT_S = 10.0

# When the running operation has to end (time.monotonic), None outside of one.
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class _Mute(logging.Filter):
    """While one of our operations runs, drops what a library says below WARNING: URLs, headers with the token, bodies.

    Outside of our operations, and for whoever else uses these libraries, nothing changes.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno >= logging.WARNING or _deadline.get() is None


# A logger's filter does not see what its children log, so each is named. python-amazon-sp-api 2.1.35, httpcore 1.0.
for _name in (
    "sp_api.base.client",
    "sp_api.auth.access_token_client",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
):
    logging.getLogger(_name).addFilter(_Mute())


@contextmanager
def operation_limit() -> Iterator[None]:
    """Everything sent inside ends together."""
    token = _deadline.set(time.monotonic() + OPERATION_LIMIT_S)
    try:
        yield
    finally:
        _deadline.reset(token)


@dataclass(frozen=True)
class Answer:
    """What came back, unjudged. `headers` are httpx's: their names know no case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


class Wire:
    """The pool of one gateway; `request` has the signature the library expects of its own transport."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = min(timeout_s, READ_LIMIT_S)
        # trust_env=False: no proxy, certificate store or .netrc from the environment may redirect an account.
        self._client = httpx.Client(trust_env=False, verify=True, follow_redirects=False)

    def request(
        self,
        method: str,
        url: str,
        *,
        params: Mapping[str, str] | None = None,
        data: Mapping[str, str] | None = None,
        content: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """Send and read all of it. Raises httpx's errors."""
        left = max((_deadline.get() or time.monotonic() + OPERATION_LIMIT_S) - time.monotonic(), 0.1)
        brief = min(self._timeout_s, _CONNECT_LIMIT_S, left / 4)
        timeout = httpx.Timeout(connect=brief, write=brief, pool=brief, read=min(self._timeout_s, left / 2))
        end = time.monotonic() + left
        with self._client.stream(
            method, url, params=params, data=data, content=content, headers=headers, timeout=timeout
        ) as response:
            body = bytearray()
            for chunk in response.iter_bytes():
                body += chunk
                if time.monotonic() > end:  # httpx limits the wait for each piece only
                    raise httpx.ReadTimeout("the answer takes too long", request=response.request)
        return Answer(response.status_code, response.headers, bytes(body))

    def close(self) -> None:
        self._client.close()
