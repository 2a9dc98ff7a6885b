"""Habits of writing: the same facts in other spellings, keys and types, in all APIs."""

import re
from collections.abc import Callable
from typing import Any

from ..api.catalog import OPERATIONS
from .bend import Bend, Json, Occasion, list_of_words, one_of, words
from .model_keys import ENUMERATIONS, optional_keys

EVERY = tuple(OPERATIONS)


def spelling(answer: Json, on: Occasion) -> None:
    """Enumerations in another spelling than the model's.

    Seen: COMPLETE_PARTIALLED, the spelling of older documentation that integrations still know.
    """
    respell = _STYLES[on.options["style"]]
    for node in on.objects(answer):
        names = ENUMERATIONS & node.keys()
        if node.keys() & {"amount", "quantity"}:  # of a fee, of units under research
            names |= {"name"} & node.keys()
        for name in names:
            node[name] = _respelled(node[name], respell)


def _respelled(value: Any, respell: Callable[[str], str]) -> Any:
    if isinstance(value, list):
        return [_respelled(member, respell) for member in value]
    return respell(value) if isinstance(value, str) else value


def _parts(value: str) -> list[str]:
    """Of CompletePartialled, CANCELLED_BY_SELLER and the like."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+", value)


_STYLES: dict[str, Callable[[str], str]] = {
    "UPPER_UNDERSCORE": lambda value: "_".join(_parts(value)).upper(),
    "lower": str.lower,
    "hyphen": lambda value: "-".join(_parts(value)),
    "blanks": lambda value: " ".join(_parts(value)),
}


def unknown_word(answer: Json, on: Occasion) -> None:
    """A value that no model knows.

    Seen: JE_VOEC (amzn/selling-partner-api-models issue 2696), SellerFulfilled (issue 100).
    """
    key, value = on.options["key"], on.options["value"]
    for node in on.objects(answer):
        if key in node:
            node[key] = [value] if isinstance(node[key], list) else value


def loose_types(answer: Json, on: Occasion) -> None:
    """Other kinds of JSON than the model's.

    Seen: strings instead of numbers (amzn/selling-partner-api-models issue 246), null instead of nothing (issue 5328,
    amzn/selling-partner-api-sdk issue 332), one kind of collection instead of another (issue 1445). A list of one
    that becomes its element is what a conversion from XML makes; the simulator's own.
    """
    loosen = _LOOSE[on.options["style"]]
    for path, node in on.paths(answer):
        loosen(path, node)


def _numbers_as_text(path: str, node: Json) -> None:
    for key, value in node.items():
        if isinstance(value, int | float) and not isinstance(value, bool):
            node[key] = str(value)


def _null_for_absent(path: str, node: Json) -> None:
    for key, value in node.items():
        if value == []:
            node[key] = None
    for key in optional_keys(path):
        node.setdefault(key, None)


def _single_for_list(path: str, node: Json) -> None:
    for key, value in node.items():
        if isinstance(value, list) and len(value) == 1:
            node[key] = value[0]


_LOOSE: dict[str, Callable[[str, Json], None]] = {
    "numbers_as_text": _numbers_as_text,
    "null_for_absent": _null_for_absent,
    "single_for_list": _single_for_list,
}


def extra_fields(answer: Json, on: Occasion) -> None:
    """Every object has keys that no model knows.

    Seen: primeUpgraded (Amazon's selling-partner-api-samples), scheduledDeliveryinfo (jlevers/selling-partner-api issue
    689).
    """
    for node in on.objects(answer):
        node.update(primeUpgraded=False, experimental={"version": 2, "notes": ["none"]})


def missing_fields(answer: Json, on: Occasion) -> None:
    """Keys are absent, required ones as well.

    Seen: marketplaceId (amzn/selling-partner-api-models issue 1929), sellerReturnReasonCode
    (amzn/selling-partner-api-sdk issue 917).
    """
    for node in on.objects(answer):
        for key in on.options["keys"]:
            node.pop(key, None)


BENDS = {
    "spelling": Bend(EVERY, {"style": one_of(*_STYLES)}, bend=spelling),
    "unknown_word": Bend(EVERY, {"key": words(), "value": words()}, bend=unknown_word),
    "loose_types": Bend(EVERY, {"style": one_of(*_LOOSE)}, bend=loose_types),
    "extra_fields": Bend(EVERY, bend=extra_fields),
    "missing_fields": Bend(EVERY, {"keys": list_of_words}, bend=missing_fields),
}
