"""What can go wrong with Amazon, named by what the caller may do next.

AmazonError
├── Rejected                Amazon read it and said no       -> show it, no retry
│   ├── AlreadyExists       the id is known there            -> look up, adopt
│   └── NotFound            an answer as often as a failure
├── Unavailable             it certainly did not happen      -> retry later
│   ├── Throttled           ... not before `retry_after` seconds
│   └── Malformed           an answer that lacks what it must have
├── AuthenticationFailed    the account is refused           -> ask for credentials
└── OutcomeUnknown          a write that may have happened   -> look up, then decide
"""

from __future__ import annotations


class AmazonError(Exception):
    """Base of all. `str()` and `repr()` carry no secret and no personal data, so they may be logged.

    `user_message` quotes Amazon's own words, which may repeat what was sent: for the user's screen, not for a log.
    """

    def __init__(
        self,
        user_message: str,
        *,
        operation: str,
        http_status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.user_message = user_message
        self.operation = operation
        self.http_status = http_status
        self.code = code
        self.request_id = request_id
        facts = [
            f"HTTP {http_status}" if http_status else "",
            code or "",
            f"request {request_id}" if request_id else "",
        ]
        super().__init__(": ".join([operation, " ".join(fact for fact in facts if fact) or "no answer"]))


class Rejected(AmazonError):
    """Amazon read the request and refused it; the same request would be refused again."""


class AlreadyExists(Rejected):
    """The create used an id that Amazon knows already."""


class NotFound(Rejected):
    """Amazon does not know the id (yet)."""


class Unavailable(AmazonError):
    """The operation certainly did not happen, or only something was to be read."""


class Throttled(Unavailable):
    """Too many requests; nothing was done. Wait `retry_after` seconds."""

    def __init__(self, user_message: str, *, retry_after: float, operation: str, request_id: str | None = None) -> None:
        super().__init__(
            user_message, operation=operation, http_status=429, code="QuotaExceeded", request_id=request_id
        )
        self.retry_after = retry_after


class Malformed(Unavailable):
    """A readable answer that lacks a required field, or has it in an unusable form; the message names it."""


class AuthenticationFailed(AmazonError):
    """The credentials, or the rights they carry, are refused; trying again does not help."""


class OutcomeUnknown(AmazonError):
    """A write was sent, and whether Amazon did it cannot be told from what came back."""
