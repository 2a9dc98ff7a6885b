"""Sends plain HTTP: one pool, hard time-outs, no environment, no chatter. Interprets nothing."""

from __future__ import annotations

import logging
import ssl
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import httpx

# One operation ends within 120 s, whatever it consists of: its requests share these seconds, and a slow body may
# use one more read time-out. Whoever holds a lock for an operation can rely on it.
OPERATION_LIMIT_S = 80.0
READ_LIMIT_S = 35.0
CONNECT_LIMIT_S = 10.0

MOST_BYTES = 16 << 20
"""Of an answer, unpacked: a page of a hundred large orders has about one megabyte."""
TOO_LARGE = "TooLarge"
_PIECE_BYTES = 1 << 16

# Nothing has left for Amazon yet. A TLS failure is a ConnectError; UnicodeError is a host name that cannot be one.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    UnicodeError,
)
_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)

# When the running operation has to end (time.monotonic), None outside of one.
_deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


class _Mute(logging.Filter):
    """While one of our operations runs, drops what a library says below WARNING: URLs, headers with the token, bodies.

    Of urllib3 the warnings too: they quote URLs, and those of reports are signed. Outside of our operations, and for
    whoever else uses these libraries, nothing changes.
    """

    def filter(self, record: logging.LogRecord) -> bool:
        if _deadline.get() is None:
            return True
        return record.levelno >= logging.WARNING and not record.name.startswith("urllib3.")


# A logger's filter does not see what its children log, so each is named. python-amazon-sp-api 2.1.35, httpcore 1.0,
# urllib3 2 (beneath requests, which fetches reports).
for _name in (
    "sp_api.base.client",
    "sp_api.auth.access_token_client",
    "httpx",
    "httpcore.connection",
    "httpcore.http11",
    "httpcore.http2",
    "httpcore.proxy",
    "httpcore.socks",
    "urllib3.connectionpool",
    "urllib3.connection",
    "urllib3.util.retry",
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


def seconds_left() -> float:
    """Rest of the running operation's limit; always above zero, so that it can be a time-out."""
    return max((_deadline.get() or time.monotonic() + OPERATION_LIMIT_S) - time.monotonic(), 0.1)


class NoAnswer(Exception):
    """The network failed, or brought too much (`kind` TOO_LARGE).

    `sent` is false only where the request certainly did not leave as a whole.
    """

    def __init__(self, kind: str, *, sent: bool) -> None:
        super().__init__(kind)
        self.kind = kind
        self.sent = sent


class _Progress:
    """Hears from httpcore how far a request came; a write that failed left it incomplete, and nobody acts on that.

    httpcore keeps such a failure to itself and goes on to read, in case the server explains.
    """

    def __init__(self) -> None:
        self.write_failed = False

    def __call__(self, event: str, _info: Mapping[str, Any]) -> None:
        if event in ("http11.send_request_headers.failed", "http11.send_request_body.failed"):
            self.write_failed = True


@dataclass(frozen=True)
class Answer:
    """An answer, uninterpreted. `headers` are httpx's: their names know no case."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)


def _unpacked(response: httpx.Response) -> Iterator[bytes]:
    """The body in small pieces, however much is packed into one: httpx itself unpacks a piece as a whole."""
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing == "identity":
        yield from response.iter_raw()
        return
    if packing != "gzip":
        raise httpx.DecodingError("not asked for")
    unpacker = zlib.decompressobj(wbits=31)
    try:
        for packed in response.iter_raw():
            while packed and not unpacker.eof:
                yield unpacker.decompress(packed, _PIECE_BYTES)
                packed = unpacker.unconsumed_tail
        yield unpacker.flush(_PIECE_BYTES)
    except zlib.error:
        raise httpx.DecodingError("damaged") from None
    if not unpacker.eof:
        raise httpx.DecodingError("cut off")


@cache
def _certificates() -> ssl.SSLContext:
    """Whom to trust, read once a process: it takes longer than building all the rest of a gateway."""
    return httpx.create_ssl_context(verify=True, trust_env=False)


class Wire:
    """The pool of one gateway; `request` has the signature the library expects of its own transport."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = min(timeout_s, READ_LIMIT_S)
        # trust_env=False: no proxy, certificate store or .netrc from the environment may redirect an account.
        self._client = httpx.Client(
            trust_env=False, verify=_certificates(), follow_redirects=False, headers={"accept-encoding": "gzip"}
        )

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
        """Send and read all of it, up to MOST_BYTES. Raises NoAnswer."""
        left = seconds_left()
        brief = min(self._timeout_s, CONNECT_LIMIT_S, left / 4)
        timeout = httpx.Timeout(connect=brief, write=brief, pool=brief, read=min(self._timeout_s, left / 2))
        end = time.monotonic() + left
        progress = _Progress()
        try:
            with self._client.stream(
                method,
                url,
                params=params,
                data=data,
                content=content,
                headers=headers,
                timeout=timeout,
                extensions={"trace": progress},
            ) as response:
                body = bytearray()
                for piece in _unpacked(response):
                    body += piece
                    if len(body) > MOST_BYTES:
                        raise NoAnswer(TOO_LARGE, sent=True)
                    if time.monotonic() > end:  # httpx limits the wait for each piece only
                        raise httpx.ReadTimeout("the answer takes too long", request=response.request)
        except _FAILURES as error:
            sent = not (isinstance(error, _NEVER_SENT) or progress.write_failed)
            # "from None": the cause holds the request, and with it the token.
            raise NoAnswer(type(error).__name__, sent=sent) from None
        return Answer(response.status_code, response.headers, bytes(body))

    def close(self) -> None:
        self._client.close()
