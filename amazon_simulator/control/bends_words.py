"""Habits of writing: the same facts in other spellings, keys and types, in all APIs."""

import re
from collections.abc import Callable
from typing import Any

from ..api.catalog import OPERATIONS
from .bend import Bend, Json, Occasion, one_of

EVERY = tuple(OPERATIONS)

ENUMERATIONS = frozenset(
    {
        # Fulfillment Outbound 2020-07-01
        "additionalLocationInfo", "currentStatus", "eventCode", "featureFulfillmentPolicy", "fulfillmentAction",
        "fulfillmentOrderStatus", "fulfillmentPolicy", "fulfillmentShipmentStatus", "returnReceivedCondition",
        "shippingSpeedCategory", "shippingWeightCalculationMethod", "status", "type", "unit",
        # Orders 2026-01-01, whose model lists possible values instead
        "addressType", "aliasType", "associationType", "buyerInvoicePreference", "cancelledBy", "channelName",
        "conditionSubtype", "conditionType", "entityType", "fulfilledBy", "fulfillmentServiceLevel",
        "fulfillmentStatus", "invoiceStatus", "model", "programs", "reportingScheme", "requester", "requirementType",
        "subtype", "taxRegistrationType",
        # FBA Inventory v1, Reports 2021-06-30
        "compressionAlgorithm", "granularityType", "processingStatus",
    }
)  # fmt: skip
"""Keys whose values Amazon's models enumerate."""


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

BENDS = {"spelling": Bend(EVERY, {"style": one_of(*_STYLES)}, bend=spelling)}
