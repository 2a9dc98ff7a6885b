"""Turns the outcome of each call into JSON or one error; no other module decides which.

                                 a read                     a write
never sent                       Unavailable                Unavailable
time-out, reset                  Unavailable                OutcomeUnknown
unreadable, 5xx                  Unavailable                OutcomeUnknown
429, waited, again               Throttled                  Throttled
our own pace, beyond deadline    DeadlineReached            DeadlineReached
401, 403, token renewed, again   AuthenticationFailed       AuthenticationFailed
404 / other 4xx with errors      NotFound / Rejected        NotFound / AlreadyExists / Rejected
Login with Amazon fails          AuthenticationFailed where it refuses, else Unavailable: nothing was sent
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

from .errors import (
    ITEM_NAMED,
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    KeysRefused,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from .operation import Operation
from .reasons import QUOTE, Reason, because, span
from .refusals import about, is_taken
from .storable import storable_integer, storable_json
from .wire import TOO_LARGE, Answer, NoAnswer

# What breaks a line, or turns the direction of the text that follows: it would garble the sentence that quotes it.
_UNFIT_TO_QUOTE = re.compile("[\0-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]+")
_LONGEST_QUOTE = 1000

_SLOWEST = 1e-7  # requests per second; the slowest of Amazon's plans has 0.005

# Login's code -> the reason.
_LWA_REFUSALS = {
    "invalid_grant": "login_revoked",
    "invalid_client": "login_wrong_client",
    "unauthorized_client": "login_other_client",
}
_LWA_FAILURES = ("server_error", "temporarily_unavailable")  # OAuth's words for "later", not for "no"


def network_error(operation: Operation, failure: NoAnswer) -> AmazonError:
    """The error for a request that got no answer."""
    kind = failure.kind
    if not failure.sent:
        return Unavailable(because("not_reached", fault=kind), operation=operation.name, code=kind)
    if kind == TOO_LARGE:
        return _unclear(operation, because("answer_large"), {"operation": operation.name, "code": kind})
    if operation.write:
        return OutcomeUnknown(because("broke_off", fault=kind), operation=operation.name, code=kind)
    return Unavailable(because("no_answer", fault=kind), operation=operation.name, code=kind)


def read_answer(operation: Operation, answer: Answer, rate: float) -> dict[str, Any]:
    """The JSON of a success. Raises AmazonError; `rate` is what a 429 is measured by, in requests per second."""
    body = _json_object(answer)
    facts = facts_of(operation, answer)
    # A page of HTML may come from something in between, which says nothing of what Amazon did.
    if answer.status == 429 and not (operation.write and body is None):
        raise _throttled(operation, answer, rate)
    if body is None:
        raise _unclear(operation, because("answer_unreadable"), facts)
    errors = body.get("errors")
    if 200 <= answer.status < 300:
        if errors:
            raise _unclear(operation, because("answer_ambiguous"), facts)
        return body
    code, message = _first_error(errors)
    if answer.status in (401, 403):
        code = code or "Unauthorized"
        raise AuthenticationFailed(because("role_lacking", code=code), code=code, **facts)
    # 408 is a server's time-out; a refusal that does not say why may come from something in between.
    if not 400 <= answer.status < 500 or answer.status == 408 or not code:
        raise _unclear(operation, because("failed", fault=f"HTTP {answer.status}"), {**facts, "code": code})
    kind = NotFound if answer.status == 404 else Rejected
    if answer.status in (400, 409) and is_taken(operation.name, message):
        kind = AlreadyExists
    text = f"{code}: {message}" if message else code
    field, remedy = about(operation.name, code, message)
    item = ITEM_NAMED.search(text)
    raise kind(because(QUOTE, words=text), code=code, field=field, remedy=remedy, item_id=item and item[1], **facts)


def read_token_answer(operation: Operation, answer: Answer) -> dict[str, Any]:
    """The JSON of a success of Login with Amazon. Raises AmazonError; whatever was to be called was not."""
    body = _json_object(answer)
    facts = facts_of(operation, answer)
    if answer.status == 429:
        raise _throttled(operation, answer, operation.rate)
    if body is None:
        raise Unavailable(because("login_unreadable"), **facts)
    if answer.status == 200:
        return body
    code = _clean_code(body.get("error"))
    if 400 <= answer.status < 500 and code and code not in _LWA_FAILURES:
        raise KeysRefused(because(_LWA_REFUSALS.get(code, "login_refused"), code=code), code=code, **facts)
    raise Unavailable(because("login_failed", fault=f"HTTP {answer.status}"), code=code, **facts)


def _unclear(operation: Operation, reason: Reason, facts: dict[str, Any]) -> AmazonError:
    return (OutcomeUnknown if operation.write else Unavailable)(reason, **facts)


def _throttled(operation: Operation, answer: Answer, rate: float) -> Throttled:
    wait_s = max(1.0, 1 / rate)
    reason = because("too_many", time=span(wait_s))
    return Throttled(reason, retry_after=wait_s, operation=operation.name, request_id=request_id_of(answer))


def announced_rate(answer: Answer) -> float | None:
    """Requests per second, where Amazon says how many it allows."""
    try:
        rate = float(answer.headers.get("x-amzn-RateLimit-Limit", ""))
    except ValueError:
        return None
    return rate if _SLOWEST <= rate < math.inf else None


def is_refused(answer: Answer) -> bool:
    """Refused by Amazon itself, which speaks JSON; a page of HTML may come from anywhere."""
    return answer.status in (401, 403) and _json_object(answer) is not None


def _json_object(answer: Answer) -> dict[str, Any] | None:
    """The body, where it is a JSON object, storable. Fractions stay text: exact for Decimal, and still plain JSON."""
    try:
        body = json.loads(answer.body, parse_float=str, parse_int=storable_integer, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        return None
    return storable_json(body) if isinstance(body, dict) else None


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def _first_error(errors: Any) -> tuple[str | None, str]:
    """(code, message) of Amazon's error list; (None, "") where there is none. At times only `details` says why."""
    first = errors[0] if isinstance(errors, list) and errors else errors
    if not isinstance(first, dict):
        return None, ""
    message, details = (_quoted(first.get(key)) for key in ("message", "details"))
    if details and details not in message:
        message = f"{message}: {details}" if message else details
    return _clean_code(first.get("code")), message[:_LONGEST_QUOTE]


def _quoted(text: Any) -> str:
    return _UNFIT_TO_QUOTE.sub(" ", text[:_LONGEST_QUOTE]).strip() if isinstance(text, str) else ""


def _clean_code(code: Any) -> str | None:
    """A code, or an id, is a word; anything else may be data, and codes are logged."""
    return code if isinstance(code, str) and re.fullmatch(r"[A-Za-z0-9_.=-]{1,80}", code) else None


def request_id_of(answer: Answer) -> str | None:
    return _clean_code(answer.headers.get("x-amzn-RequestId"))


def facts_of(operation: Operation, answer: Answer) -> dict[str, Any]:
    """Facts of an answer that every error made of it repeats."""
    return {"operation": operation.name, "http_status": answer.status, "request_id": request_id_of(answer)}
