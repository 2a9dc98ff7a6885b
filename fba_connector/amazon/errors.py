"""Errors of a call to Amazon, named by what the caller may do next.

AmazonError
├── Rejected                Amazon read it and said no       -> show it, no retry
│   ├── InvalidRequest      we know that it would say no     -> show it: nothing was sent
│   ├── AlreadyExists       the id is known there            -> look up, adopt
│   └── NotFound            an answer as often as a failure
├── Unavailable             it certainly did not happen      -> retry later
│   ├── Throttled           ... not before `retry_after` seconds
│   │   └── DeadlineReached ... our own pace: waiting would end after the caller's deadline
│   └── Malformed           an answer that lacks what it must have
├── AuthenticationFailed    the account is refused           -> ask for credentials
└── OutcomeUnknown          a write that may have happened   -> look up, then decide
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .reasons import QUOTE, Reason, because, span

# What a refusal is about, as far as Amazon says it: Rejected.field.
ADDRESS = "address"
SKU = "sku"
COMMENT = "comment"
FEATURES = "features"

# What a person can do about a refusal: Rejected.remedy.
CORRECT_ADDRESS = "correct_address"
MAP_SKU = "map_sku"
CHANGE_COMMENT = "change_comment"
CHANGE_FEATURES = "change_features"
CHANGE_SPEED = "change_speed"
OTHER_WAREHOUSE = "other_warehouse"  # this product cannot go there from this stock, whatever the order says
MORE_STOCK = "more_stock"
SPLIT_ORDER = "split_order"  # too many lines or units
OTHER_ID = "other_id"  # the id is taken, or not to Amazon's liking
DECLARED_VALUE = "declared_value"  # Amazon wants the value for customs, which we do not send
ENABLE_MCF = "enable_mcf"  # the account may not use multi-channel fulfillment
ASK_AMAZON = "ask_amazon"  # only its support can say why
RETRY_LATER = "retry_later"
REMEDIES = frozenset(
    {CORRECT_ADDRESS, MAP_SKU, CHANGE_COMMENT, CHANGE_FEATURES, CHANGE_SPEED, OTHER_WAREHOUSE, MORE_STOCK, SPLIT_ORDER,
     OTHER_ID, DECLARED_VALUE, ENABLE_MCF, ASK_AMAZON, RETRY_LATER}
)  # fmt: skip

ITEM_NAMED = re.compile(r"\bItem Id: (\w+)")
"""A line in Amazon's messages: by our sellerFulfillmentOrderItemId."""


class AmazonError(Exception):
    """Base of all. `str()` and `repr()` carry no secret and no personal data, so they may be logged.

    `reason` may quote Amazon's own words, which may repeat what was sent: for the user's screen, not for a log.
    `code` is Amazon's, the network failure's, or the place in the JSON that cannot be used.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        operation: str,
        http_status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
    ) -> None:
        self.reason = reason
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

    @property
    def user_message(self) -> str:
        """`reason` in English."""
        return str(self.reason)

    def says(self, item_words: Mapping[str, str]) -> Reason:
        """`reason` to quote in a sentence: lines by a person's words ({item id: words}), no dot at the end."""
        if self.reason.code != QUOTE:
            return self.reason
        words = ITEM_NAMED.sub(lambda item: item_words.get(item[1], item[0]), self.user_message)
        return because(QUOTE, words=words.rstrip("."))


class Rejected(AmazonError):
    """Amazon read the request and refused it; the same request would be refused again.

    `field` is what the refusal is about: ADDRESS, SKU, COMMENT or FEATURES, None where Amazon does not say. `remedy` is
    what a person can do, one of REMEDIES, None where nothing is known. `item_id` is our id of the line that the message
    names, None where it names none.
    """

    def __init__(
        self,
        reason: Reason,
        *,
        operation: str,
        http_status: int | None = None,
        code: str | None = None,
        request_id: str | None = None,
        field: str | None = None,
        remedy: str | None = None,
        item_id: str | None = None,
    ) -> None:
        super().__init__(reason, operation=operation, http_status=http_status, code=code, request_id=request_id)
        self.field = field
        self.remedy = remedy
        self.item_id = item_id


class InvalidRequest(Rejected):
    """Not sent, because Amazon's model does not allow it. `code` is Amazon's name of the field.

    `reason` names the field in words, and the order.
    """


class AlreadyExists(Rejected):
    """The create used an id that Amazon knows already."""


class NotFound(Rejected):
    """Amazon does not know the id (yet)."""


class Unavailable(AmazonError):
    """The operation certainly did not happen, or only something was to be read."""


class Throttled(Unavailable):
    """Too many requests; nothing was done. Wait `retry_after` seconds."""

    def __init__(
        self,
        reason: Reason,
        *,
        retry_after: float,
        operation: str,
        http_status: int | None = 429,
        code: str = "QuotaExceeded",
        request_id: str | None = None,
    ) -> None:
        super().__init__(reason, operation=operation, http_status=http_status, code=code, request_id=request_id)
        self.retry_after = retry_after


class DeadlineReached(Throttled):
    """Nothing was sent: Amazon's usage plan would let the call go only after the caller's deadline."""

    def __init__(self, *, retry_after: float, operation: str) -> None:
        super().__init__(
            because("pace", time=span(retry_after)),
            retry_after=retry_after,
            operation=operation,
            http_status=None,
            code="Deadline",
        )


class Malformed(Unavailable):
    """A readable answer that lacks a required field, or has it in an unusable form; the reason names it."""


class AuthenticationFailed(AmazonError):
    """The credentials, or the rights they carry, are refused; trying again does not help."""


class KeysRefused(AuthenticationFailed):
    """Login with Amazon refuses the credentials themselves: no operation would work with them."""


class OutcomeUnknown(AmazonError):
    """A write was sent, and the answer does not show whether Amazon executed it."""
