"""Habits that refuse a call before it does its work."""

from ..api.errors import ApiError, InvalidInput
from .bend import Bend, Occasion, one_of, words
from .faults import DEFAULT_ERRORS

NAMES_AN_ORDER = (
    "getFulfillmentOrder", "cancelFulfillmentOrder", "createFulfillmentOrder", "updateFulfillmentOrder", "getOrder",
)  # fmt: skip


def refused_id(on: Occasion) -> ApiError | None:
    """Calls that name one id are refused, calls of all others are not.

    Seen: amzn/selling-partner-api-models issue 1845 (403 for one order, whose id Amazon had accepted).
    """
    if on.named != on.order_id:
        return None
    code, message = DEFAULT_ERRORS[on.options["status"]]
    return ApiError(on.options["status"], on.options["code"] or code, on.options["message"] or message)


def other_duplicate_words(on: Occasion) -> ApiError | None:
    """An id that is taken is refused in words that no client has seen before.

    Source: Amazon publishes no text for it; the usual one is of its help page.
    """
    return InvalidInput(on.options["message"]) if on.named in on.call.seller.fulfillment_orders else None


BENDS = {
    "refused_id": Bend(
        NAMES_AN_ORDER,
        {"status": one_of(403, 400, 404), "code": words(""), "message": words("")},
        refuse=refused_id,
        needs=("order_id",),
    ),
    "other_duplicate_words": Bend(
        ("createFulfillmentOrder",),
        {"message": words("The merchant order ID you supplied is in use")},
        refuse=other_duplicate_words,
    ),
}
