"""What a refusal of an outbound order is about, and what a person can do: one table of Amazon's words.

Nearly every refusal has the same code (InvalidInput) and says the rest in words, which Amazon changes as it likes: so a
row of the table is a kind of refusal, and knows more wordings than the published ones. Those are the rows of
`tests/gateway/test_refusals.py`, each with its source.
"""

from __future__ import annotations

import re

from .errors import (
    ADDRESS,
    ASK_AMAZON,
    CHANGE_COMMENT,
    CHANGE_FEATURES,
    CHANGE_SPEED,
    COMMENT,
    CORRECT_ADDRESS,
    DECLARED_VALUE,
    ENABLE_MCF,
    FEATURES,
    MAP_SKU,
    MORE_STOCK,
    OTHER_ID,
    OTHER_WAREHOUSE,
    RETRY_LATER,
    SKU,
    SPLIT_ORDER,
)

# The operations that send what an order is made of: only of these a refusal can be about a part of it.
_CREATE = "createFulfillmentOrder"
_SENDING = (_CREATE, "updateFulfillmentOrder", "getFulfillmentPreview")

# A taken id has no code of its own. The first wording is the one seen in the field, the others say the same.
_TAKEN = re.compile(
    r"create request already exists"
    r"|(?:order|request)(?: ?id)?\b(?! ?item)[^.]{0,120}\balready (?:exists?|in use|(?:been |was |is )?(?:used|taken"
    r"|created|submitted|received)|in (?:amazon|the|our)\S* system)"
    r"|\bduplicate (?:\w+ )?(?:order|request)(?: ?id)?\b(?! ?item)",
    re.IGNORECASE,
)

_NEGATED = r"(?:not|n't|cannot|unable to|unable)"
_UNITS = r"(?:items|lines|units)"

# (words, Rejected.field, Rejected.remedy): the first that matches counts. Words are looked for in "Code: message".
_ROWS = (
    # The account.
    (
        r"not registered for (?:\w+ )?fulfil|\b(?:seller|merchant|account)\b[^.]{0,60}"
        r"(?:(?:not|n't) (?:been |yet )?(?:enrolled|registered|enabled|active|approved|eligible)(?! for the feature)"
        r"|suspended|deactivated|blocked|inactive)",
        None,
        ENABLE_MCF,
    ),
    (r"parameter SellerId\b|SIPS Activity|: Invalid Input$|contact \w+(?: \w+)? support", None, ASK_AMAZON),
    # The route: this product, from this stock, to this place.
    (r"brexit|cross.?border|\bEFN\b|pan.?european", None, OTHER_WAREHOUSE),
    (r"not ?(?:be )?eligible ?for ?(?:\w+ )?(?:export|shipment|shipping|delivery)", None, OTHER_WAREHOUSE),
    (r"no ?delivery ?option|hazmat|hazardous|dangerous goods", None, OTHER_WAREHOUSE),
    (r"not eligible for (?:multi.?channel|MCF\b|fulfil)", None, OTHER_WAREHOUSE),
    (r"marketplace ?(?:id)?\b[^.]{0,60}(?:invalid|mismatch|not (?:valid|supported|match))", None, OTHER_WAREHOUSE),
    (
        r"country ?code\b[^.]{0,20}(?:is )?(?:invalid|not valid)|invalid parameter: \{\w*address\.country"
        rf"|country\b[^.]{{0,60}}{_NEGATED} (?:be )?(?:supported|served|allowed|available)"
        rf"|{_NEGATED} (?:be )?(?:ship|deliver)\w* to (?:this|the|that|your)\b",
        ADDRESS,
        OTHER_WAREHOUSE,
    ),
    (r"per ?unit ?declared ?value|declared value|customs value", None, DECLARED_VALUE),
    # How much.
    (
        rf"too many {_UNITS}|'items' failed to satisfy constraint"
        rf"|(?:number of|total)\b[^.]{{0,40}}\b(?:items|lines|units|quantity)\b[^.]{{0,60}}"
        r"(?:exceeds? the|more than|at most|limit|maximum|less than)"
        rf"|(?:maximum|at most|more than|limit)(?: of| is)? \d+ (?:\w+ )?{_UNITS}",
        None,
        SPLIT_ORDER,
    ),
    (
        r"quantity ?not ?available|inventory ?unavailable"
        r"|(?:not enough|insufficient|sufficient)\b[^.]{0,30}\b(?:quantity|inventory|stock|units)"
        r"|(?:inventory|stock|quantity)\b[^.]{0,40}"
        r"(?:unavailable|not available|insufficient|exceeds? (?:the )?available)"
        r"|out of stock",
        None,
        MORE_STOCK,
    ),
    # How fast.
    (
        r"delivery ?SLA|shipping ?speed|service ?(?:tier|level)|delivery ?window"
        r"|(?:standard|expedited|priority|scheduled) (?:delivery|shipping)\b[^.]{0,40}(?:unavailable|not available)",
        None,
        CHANGE_SPEED,
    ),
    # A part of the order, as Amazon's messages and its names of fields have it.
    (r"does not support feature|must be blank_box|merchant_not_enrolled|sku_not_eligible", FEATURES, CHANGE_FEATURES),
    (r"e-?mail", None, None),
    (
        r"address|postal|county|country|phone|state ?or ?(?:region|province)|\b(?:city|state)\b"
        r"|(?-i:City|State(?!ment))|\bP\.?O\.? box",
        ADDRESS,
        CORRECT_ADDRESS,
    ),
    (r"sku", SKU, MAP_SKU),
    (r"comment", COMMENT, CHANGE_COMMENT),
    (
        r"feature|(?<!satisfy )constraint|blank_box|block_amzl|signature_confirmation|overbox|packing_slip",
        FEATURES,
        CHANGE_FEATURES,
    ),
    # Nothing of the order.
    (r"again (?:later|in )|temporar|timed? ?out|internal ?(?:\w+ )?(?:error|failure)|service ?unavailable|throttl",
     None, RETRY_LATER),
)  # fmt: skip
_TABLE = tuple((re.compile(words, re.IGNORECASE), field, remedy) for words, field, remedy in _ROWS)
_OWN_ID = re.compile(r"\bsellerFulfillmentOrderId\b", re.IGNORECASE)
_OF_ANYTHING = (ENABLE_MCF, ASK_AMAZON, RETRY_LATER)


def is_taken(operation: str, message: str) -> bool:
    """Whether Amazon says that it knows the id of the order to be created."""
    return operation == _CREATE and bool(_TAKEN.search(message))


def about(operation: str, code: str | None, message: str = "") -> tuple[str | None, str | None]:
    """(field, remedy) of a refusal: see Rejected. Of a complaint of our own `code` is Amazon's name of the part."""
    text = f"{code or ''}: {message}".removesuffix(": ")
    field, remedy = _look_up(text)
    if operation not in _SENDING:
        return None, remedy if remedy in _OF_ANYTHING else None
    if is_taken(operation, message) or (operation == _CREATE and not (field or remedy) and _OWN_ID.search(text)):
        remedy = OTHER_ID
    return field, remedy


def remedy_of_reason(code: str) -> str | None:
    """The remedy for a reason of a preview (Preview.reasons, UnfulfillableItem.reasons): see Rejected."""
    in_words = re.sub(r"(?<=[a-z])(?=[A-Z])|_", " ", code)
    return _look_up(code)[1] or _look_up(in_words)[1]


def _look_up(text: str) -> tuple[str | None, str | None]:
    return next(((field, remedy) for words, field, remedy in _TABLE if words.search(text)), (None, None))
