"""Turns what a call came to, by Amazon, the library or the network, into JSON or one error: the only place that does.

                                 a read                     a write
never sent                       Unavailable                Unavailable
time-out, reset                  Unavailable                OutcomeUnknown
unreadable, 5xx                  Unavailable                OutcomeUnknown
429                              Throttled                  Throttled
401, 403, token renewed, again   AuthenticationFailed       AuthenticationFailed
404 / other 4xx with errors      NotFound / Rejected        NotFound / AlreadyExists / Rejected
Login with Amazon fails          AuthenticationFailed where it refuses, else Unavailable: nothing was sent
"""

from __future__ import annotations

import json
import logging
import math
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx
from sp_api.base import Client  # type: ignore[import-untyped]

from .connection import Connection
from .errors import (
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from .wire import Answer, Wire, operation_limit

_logger = logging.getLogger(__name__)

USER_AGENT = "fba_connector/1.0 (Language=Python; Platform=Odoo)"
_TOKEN_MARGIN_S = 60  # a token is renewed this long before it ends
_TOKEN_LIFE_S = 3600  # documented, should an answer not say

# Nothing has left for Amazon yet. A TLS failure is a ConnectError; UnicodeError is a host name that cannot be one.
_NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.InvalidURL,
    UnicodeError,
)
_HTTP_FAILURES = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)

# A duplicate id has no code of its own. The wording is Amazon's: "A create request already exists for ...".
_DUPLICATE = re.compile(r"create request already exists", re.IGNORECASE)

# An escaped NUL, which no database takes in a text; the backslashes before it come in pairs.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")

_LWA_REFUSALS = {
    "invalid_grant": "the authorization was revoked or has expired",
    "invalid_client": "the client id or secret is wrong",
    "unauthorized_client": "the authorization belongs to another application",
}
_LWA_FAILURES = ("server_error", "temporarily_unavailable")  # OAuth's words for "later", not for "no"


@dataclass(frozen=True)
class Operation:
    """Amazon's name for it, its usage plan in requests per second, and whether it changes anything there."""

    name: str
    rate: float
    write: bool = False


TOKEN = Operation("getAccessToken", rate=1)


class Transport:
    """Calls operations for one connection, and keeps its token: it is shared with no other."""

    def __init__(self, connection: Connection, timeout_s: float) -> None:
        self.connection = connection
        self.wire = Wire(timeout_s)
        self.token = ""
        self._token_ends = 0.0  # time.monotonic

    def close(self) -> None:
        self.wire.close()

    def call(self, operation: Operation, method: Callable[..., Answer], *args: str, **fields: Any) -> dict[str, Any]:
        """Call `method` of a LibraryClient and return the JSON of its success. Raises AmazonError."""
        with operation_limit():
            if not self.token or time.monotonic() >= self._token_ends:
                self._fetch_token()
            answer = _exchange(operation, lambda: method(*args, **fields))
            if _is_refused(answer):
                # The token may have been revoked early. A refused call was not executed: safe to repeat, once.
                self._fetch_token()
                answer = _exchange(operation, lambda: method(*args, **fields))
            return _read_answer(operation, answer)

    def forget_token(self) -> None:
        """The next call fetches a new one."""
        self.token = ""

    def _fetch_token(self) -> None:
        # Not by the library: its token cache is one for all accounts and keyed by the refresh token alone, it has no
        # time-out of its own, and it cannot read an error that is not JSON (python-amazon-sp-api 2.1.35).
        self.token = ""
        connection = self.connection
        form = {
            "grant_type": "refresh_token",
            "refresh_token": connection.refresh_token,
            "client_id": connection.client_id,
            "client_secret": connection.client_secret,
        }
        headers = {"user-agent": USER_AGENT, "accept": "application/json"}
        answer = _exchange(
            TOKEN, lambda: self.wire.request("POST", connection.lwa_endpoint, data=form, headers=headers)
        )
        body = _read_token_answer(answer)
        token, life = body.get("access_token"), body.get("expires_in")
        if not isinstance(token, str) or not token.isascii() or not token.isprintable() or not token:
            raise Malformed(
                "Login with Amazon answered without a usable access_token", code="access_token", **_facts(TOKEN, answer)
            )
        life_s = life if isinstance(life, int) and life > 0 else _TOKEN_LIFE_S
        self.token, self._token_ends = token, time.monotonic() + life_s - _TOKEN_MARGIN_S


class LibraryClient(Client):  # type: ignore[misc]
    """Goes in front of a client of python-amazon-sp-api, which builds path, query and body; the answer stays ours.

    Reasons, each found in 2.1.35: an answer that is not JSON passes for a success whatever its status; a marketplace
    is added in four spellings; `Host` is cut wrongly from http:// endpoints; the environment can change the
    marketplace, and with it the host.
    """

    def __init__(self, transport: Transport) -> None:
        # Not the library's: it reads the environment, and opens two pools of its own.
        self._owner = transport
        self._transport = transport.wire
        self.endpoint = transport.connection.api_endpoint.rstrip("/")
        self.marketplace_id = None
        self.version = None

    @property
    def headers(self) -> dict[str, str]:
        return {
            "user-agent": USER_AGENT,
            "accept": "application/json",
            "content-type": "application/json",
            "x-amz-access-token": self._owner.token,
        }

    def _request(self, path: str, **options: Any) -> Answer:
        answer: Answer = super()._request(path, **{**options, "add_marketplace": False})
        return answer

    def _check_response(self, res: Answer, *_args: Any, **_options: Any) -> Answer:
        return res


def _exchange(operation: Operation, send: Callable[[], Answer]) -> Answer:
    """One request; what httpx raises becomes ours. One line in the log: no URL, header or body."""
    start = time.monotonic()
    outcome, request_id = "", None
    try:
        answer = send()
        outcome, request_id = str(answer.status), _request_id(answer)
        return answer
    except _HTTP_FAILURES as error:
        outcome = type(error).__name__
        # "from None": the cause holds the request, and with it the token.
        raise _network_error(operation, error) from None
    finally:
        elapsed_ms = (time.monotonic() - start) * 1000
        _logger.debug("%s: %.0f ms, %s, request %s", operation.name, elapsed_ms, outcome, request_id)


def _network_error(operation: Operation, error: Exception) -> AmazonError:
    name = type(error).__name__
    if isinstance(error, _NEVER_SENT):
        return Unavailable(f"Amazon could not be reached ({name})", operation=operation.name, code=name)
    if operation.write:
        return OutcomeUnknown(
            f"The connection failed before Amazon answered ({name})", operation=operation.name, code=name
        )
    return Unavailable(f"Amazon did not answer ({name})", operation=operation.name, code=name)


def _read_answer(operation: Operation, answer: Answer) -> dict[str, Any]:
    body = _json_object(answer)
    facts = _facts(operation, answer)
    if answer.status == 429 and not (operation.write and body is None):
        raise _throttled(operation, answer)
    if body is None:
        raise _unclear(operation, "Amazon's answer is not readable", facts)
    errors = body.get("errors")
    if 200 <= answer.status < 300:
        if errors:
            raise _unclear(operation, "Amazon answered with errors in a success", facts)
        return body
    code, message = _first_error(errors)
    if answer.status in (401, 403):
        code = code or "Unauthorized"
        text = f"{code}: the application lacks the role, or access was withdrawn"
        raise AuthenticationFailed(text, code=code, **facts)
    # 408 is a server's time-out; a refusal that does not say why may come from something in between.
    if not 400 <= answer.status < 500 or answer.status == 408 or not code:
        raise _unclear(operation, f"Amazon failed (HTTP {answer.status})", {**facts, "code": code})
    kind = NotFound if answer.status == 404 else Rejected
    if answer.status == 400 and operation.write and _DUPLICATE.search(message):
        kind = AlreadyExists
    raise kind(f"{code}: {message}" if message else code, code=code, **facts)


def _read_token_answer(answer: Answer) -> dict[str, Any]:
    body = _json_object(answer)
    facts = _facts(TOKEN, answer)
    if answer.status == 429:
        raise _throttled(TOKEN, answer)
    if body is None:
        raise Unavailable("Login with Amazon's answer is not readable", **facts)
    if answer.status == 200:
        return body
    code = _clean_code(body.get("error"))
    if 400 <= answer.status < 500 and code and code not in _LWA_FAILURES:
        text = f"{code}: {_LWA_REFUSALS.get(code, 'Login with Amazon refuses the credentials')}"
        raise AuthenticationFailed(text, code=code, **facts)
    raise Unavailable(f"Login with Amazon failed (HTTP {answer.status})", code=code, **facts)


def _unclear(operation: Operation, text: str, facts: dict[str, Any]) -> AmazonError:
    return (OutcomeUnknown if operation.write else Unavailable)(text, **facts)


def _throttled(operation: Operation, answer: Answer) -> Throttled:
    try:
        rate = float(answer.headers.get("x-amzn-RateLimit-Limit", ""))
    except ValueError:
        rate = 0.0
    if not math.isfinite(rate) or rate <= 0:
        rate = operation.rate
    wait_s = max(1.0, 1 / rate)
    text = f"Amazon receives too many requests; wait {wait_s:.0f} s"
    return Throttled(text, retry_after=wait_s, operation=operation.name, request_id=_request_id(answer))


def _is_refused(answer: Answer) -> bool:
    """Refused by Amazon itself, which speaks JSON; a page of HTML may come from anywhere."""
    return answer.status in (401, 403) and _json_object(answer) is not None


def _json_object(answer: Answer) -> dict[str, Any] | None:
    """The body, where it is a JSON object. Fractions stay text: exact for Decimal, and still plain JSON."""
    try:
        body = json.loads(_NUL.sub(rb"\1", answer.body), parse_float=str, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _first_error(errors: Any) -> tuple[str | None, str]:
    """(code, message) of Amazon's error list; (None, "") where there is none."""
    first = errors[0] if isinstance(errors, list) and errors else None
    if not isinstance(first, dict):
        return None, ""
    return _clean_code(first.get("code")), str(first.get("message") or "")[:1000]


def _clean_code(code: Any) -> str | None:
    """A code is a word; anything else may be data, and codes are logged."""
    return code if isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9_.-]{1,80}", code) else None


def _request_id(answer: Answer) -> str | None:
    return answer.headers.get("x-amzn-RequestId")


def _facts(operation: Operation, answer: Answer) -> dict[str, Any]:
    return {"operation": operation.name, "http_status": answer.status, "request_id": _request_id(answer)}
