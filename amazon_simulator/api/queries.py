"""Reading query parameters as Amazon's models type them. All raise InvalidInput."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from ..world.clock import parse_time
from .errors import InvalidInput


def check_query(query: Mapping[str, Any], known: frozenset[str]) -> None:
    """Amazon's models list each operation's parameters; a stray one is a client's mistake worth seeing."""
    unknown = sorted(set(query) - known)
    if unknown:
        raise InvalidInput(f"Unknown query parameters: {', '.join(unknown)}")


def csv(query: Mapping[str, Any], name: str, known: Sequence[str] = ()) -> list[str]:
    """A comma-separated parameter (collectionFormat csv in the models), each value checked against `known`."""
    text = query.get(name, "")
    if isinstance(text, list):
        raise InvalidInput(f"Parameter {name} must be given once, with its values separated by commas")
    values = [value for value in text.split(",") if value]
    wrong = [value for value in values if known and value not in known]
    if wrong:
        raise InvalidInput(f"Value {wrong[0]} for parameter {name} is invalid")
    return values


def time(query: Mapping[str, Any], name: str) -> datetime:
    """A parameter that is an ISO 8601 date and time."""
    try:
        return parse_time(query[name])
    except (ValueError, AttributeError):
        raise InvalidInput(f"Value {query[name]} for parameter {name} is invalid") from None


def flag(query: Mapping[str, Any], name: str, default: bool) -> bool:
    """true or false, in any case: SDKs write True."""
    text = str(query.get(name, default)).lower()
    if text not in ("true", "false"):
        raise InvalidInput(f"Value {query[name]} for parameter {name} is invalid")
    return text == "true"
