"""Makes a call from start to end: usage plan, token, library, network, one line in the log."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextvars import ContextVar
from typing import IO, Any

from sp_api.base import Client  # type: ignore[import-untyped]

from . import download
from .access_token import TOKEN, AccessToken
from .connection import Connection
from .errors import AmazonError, DeadlineReached, Throttled
from .meter import Meter
from .operation import Operation
from .outcome import announced_rate, is_refused, network_error, read_answer, request_id_of
from .pace import Pace
from .wire import Answer, NoAnswer, Wire, operation_limit

_logger = logging.getLogger(__name__)

USER_AGENT = "fba_connector/1.0 (Language=Python; Platform=Odoo)"
# The token of the request this thread is about to send: the library asks for headers with nothing in hand.
_token_in_use: ContextVar[str] = ContextVar("token_in_use", default="")
_MOST_REFUSALS = 5  # 429 in a row, after which the caller decides


class Transport:
    """Calls operations for one connection, from any thread.

    No wait for Amazon's plan ends after `deadline` (of the pace's clock).
    """

    def __init__(
        self, connection: Connection, timeout_s: float, pace: Pace, deadline: float, meter: Meter | None = None
    ) -> None:
        self.connection = connection
        self.wire = Wire(timeout_s)
        self.token = AccessToken(connection, self._exchange_form)
        self._tokens = {"": self.token}  # {scope: token}
        self._pace = pace
        self._deadline = deadline
        self._meter = meter
        self._timeout_s = timeout_s

    def close(self) -> None:
        self.wire.close()
        if self._meter:
            self._meter.finish()

    def wait_for_room(self, operation: Operation) -> None:
        """Sleep until Amazon's plan lets `operation` go. Raises DeadlineReached."""
        self._pace.wait_for_room(operation, self._deadline)

    def room(self, operation: Operation) -> int:
        """How many calls of `operation` Amazon's plan lets go at once."""
        return self._pace.room(operation)

    def rate(self, operation: Operation) -> float:
        """Calls of `operation` a second that Amazon's plan has."""
        return self._pace.rate(operation)

    def call(self, operation: Operation, method: Callable[..., Answer], *args: str, **fields: Any) -> dict[str, Any]:
        """Call `method` of a LibraryClient and return the JSON of its success. Raises AmazonError."""
        self._pace.wait(operation, self._deadline)
        refusals = 0
        while True:
            with operation_limit():
                answer = self._exchange_authorized(operation, lambda: method(*args, **fields))
            if rate := announced_rate(answer):
                self._pace.learn(operation, rate)
            try:
                return read_answer(operation, answer, self._pace.rate(operation))
            except Throttled as error:
                # It was not executed, so it is safe to repeat.
                refusals += 1
                if refusals == _MOST_REFUSALS or not self._waits_after_refusal(operation, error):
                    raise

    def fetch(self, url: str) -> tuple[IO[bytes], str | None]:
        """Download a signed `url` to a temporary file; the file and its charset. Raises Unavailable, Malformed."""
        start = time.monotonic()
        outcome = "200"
        try:
            with operation_limit():
                return download.fetch(url, api_endpoint=self.connection.api_endpoint, timeout_s=self._timeout_s)
        except AmazonError as error:
            outcome = str(error.http_status or error.code)
            raise
        finally:
            log_call(download.DOWNLOAD, self.connection, start, outcome)

    def _waits_after_refusal(self, operation: Operation, error: Throttled) -> bool:
        """Sleep as long as Amazon wants it; False, with what is left to wait in `error`, at the deadline."""
        try:
            self._pace.wait(operation, self._deadline, refused=True)
        except DeadlineReached as later:
            error.retry_after = max(error.retry_after, later.retry_after)
            return False
        return True

    def _exchange_authorized(self, operation: Operation, send: Callable[[], Answer]) -> Answer:
        """A token that Amazon refuses may have been revoked early: once more with a new one.

        A refused call was not executed, so it is safe to repeat.
        """
        token = self._token_for(operation)
        in_use = token.get()
        _token_in_use.set(in_use)
        answer = self._exchange(operation, send)
        if is_refused(answer):
            _token_in_use.set(token.renew(in_use))
            answer = self._exchange(operation, send)
        return answer

    def _token_for(self, operation: Operation) -> AccessToken:
        scope = operation.scope
        return self._tokens.setdefault(scope, AccessToken(self.connection, self._exchange_form, scope))

    def _exchange_form(self, operation: Operation, form: dict[str, str]) -> Answer:
        """Ask the token service."""
        headers = {"user-agent": USER_AGENT, "accept": "application/json"}
        url = self.connection.lwa_endpoint
        return self._exchange(operation, lambda: self.wire.request("POST", url, data=form, headers=headers))

    def _exchange(self, operation: Operation, send: Callable[[], Answer]) -> Answer:
        """One request; no answer becomes an error. One line in the log: no URL, header or body."""
        start = time.monotonic()
        outcome, request_id = "", None
        try:
            answer = send()
            outcome, request_id = str(answer.status), request_id_of(answer)
            self._count(operation, refused=answer.status == 429)
            return answer
        except NoAnswer as failure:
            outcome = failure.kind
            if failure.sent:
                self._count(operation)
            raise network_error(operation, failure) from None
        finally:
            log_call(operation, self.connection, start, outcome, request_id)

    def _count(self, operation: Operation, *, refused: bool = False) -> None:
        if self._meter:
            rate = 0.0 if operation is TOKEN else self._pace.rate(operation)
            self._meter.note_call(operation, rate, refused=refused)


def log_call(
    operation: Operation, connection: Connection, start: float, outcome: str, request_id: str | None = None
) -> None:
    """The one line a request gets, at DEBUG; `start` is its time.monotonic()."""
    elapsed_ms = (time.monotonic() - start) * 1000
    facts = (operation.name, connection.account, elapsed_ms, outcome, request_id)
    _logger.debug("%s: account %s, %.0f ms, %s, request %s", *facts)


class LibraryClient(Client):  # type: ignore[misc]
    """Goes in front of a client of python-amazon-sp-api, which builds path, query and body; the answer stays ours.

    Reasons, each found in 2.1.35: an answer that is not JSON passes for a success whatever its status; a marketplace
    is added in four spellings; `Host` is cut wrongly from http:// endpoints; the environment can change the
    marketplace, and with it the host.
    """

    def __init__(self, transport: Transport) -> None:
        # Not the library's: it reads the environment, and opens two pools of its own.
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
            "x-amz-access-token": _token_in_use.get(),
        }

    def _request(self, path: str, **options: Any) -> Answer:
        answer: Answer = super()._request(path, **{**options, "add_marketplace": False})
        return answer

    def _check_response(self, res: Answer, *_args: Any, **_options: Any) -> Answer:
        return res
