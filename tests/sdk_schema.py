"""JSON Schemas of Amazon's requests and answers, derived from the model classes of Amazon's own SDK (`spapi`).

The SDK's client drops unknown keys and does not look at enums that stand in a class of their own; a schema does both:
no unknown keys, every enum, required keys, lengths, kinds.
"""

import ast
import re
import sys
from collections.abc import Collection
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

_KINDS: dict[str, dict[str, Any]] = {
    "str": {"type": "string"},
    "int": {"type": "integer"},
    "float": {"type": "number"},
    "bool": {"type": "boolean"},
    "datetime": {"type": "string", "format": "date-time"},
    "date": {"type": "string", "format": "date"},
    "object": {},
}
_SIZES = {
    "maxLength": "length must be less than or equal to `([0-9]+)`",
    "minLength": "length must be greater than or equal to `([0-9]+)`",
    "maxItems": "number of items must be less than or equal to `([0-9]+)`",
    "minItems": "number of items must be greater than or equal to `([0-9]+)`",
}
"""What the SDK's setters say of a value that is too long or too short."""

_TOO_LONG = "x" * 100_000
FORMATS = FormatChecker(())


@FORMATS.checks("date-time")
def _is_date_time(value: Any) -> bool:
    """RFC 3339, with an offset."""
    moment = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"
    return not isinstance(value, str) or bool(re.fullmatch(moment, value))


def schema(model_class: type, nullable: Collection[str] = ()) -> dict[str, Any]:
    """The JSON Schema of a model class; keys named in `nullable` may also be null, wherever they stand."""
    return _inline(model_class, frozenset(nullable))


def complaints(value: Any, model_class: type, nullable: Collection[str] = ()) -> list[str]:
    """What is wrong with `value` as JSON of `model_class`, each with the place; empty when nothing is."""
    validator = Draft202012Validator(schema(model_class, nullable), format_checker=FORMATS)
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


@cache
def _inline(model_class: type, nullable: frozenset[str]) -> dict[str, Any]:
    if not model_class.swagger_types:
        return _enum(model_class)
    if issubclass(model_class, dict):
        raise NotImplementedError(f"{model_class.__name__} has keys of its own")
    properties, required = {}, []
    for attribute, kind in model_class.swagger_types.items():
        key = model_class.attribute_map[attribute]
        limits, is_required = _limits(model_class, attribute)
        properties[key] = {**_of_kind(model_class, kind, nullable), **limits}
        if key in nullable:
            properties[key] = {"anyOf": [properties[key], {"type": "null"}]}
        if is_required:
            required.append(key)
    return {"type": "object", "additionalProperties": False, "properties": properties, "required": required}


def _of_kind(model_class: type, kind: str, nullable: frozenset[str]) -> dict[str, Any]:
    """The schema of a type as the SDK writes it: `str`, `List[Fee]`, `Dict[str, str]`, `Fee`."""
    if found := re.fullmatch(r"[Ll]ist\[(.*)\]", kind):
        return {"type": "array", "items": _of_kind(model_class, found[1], nullable)}
    if found := re.fullmatch(r"Dict\[str, (.*)\]", kind):
        return {"type": "object", "additionalProperties": _of_kind(model_class, found[1], nullable)}
    if kind in _KINDS:
        return _KINDS[kind]
    package = sys.modules[model_class.__module__.rpartition(".")[0]]
    return _inline(getattr(package, kind), nullable)


def _enum(model_class: type) -> dict[str, Any]:
    """A class without attributes is an enum, whose values are its constants; without constants it may be anything."""
    values = [value for name, value in vars(model_class).items() if name.isupper() and isinstance(value, str)]
    return {"enum": values} if values else {}


def _limits(model_class: type, attribute: str) -> tuple[dict[str, Any], bool]:
    """What the SDK's setter refuses: other values than an inline enum's, lengths, and None (so it is required)."""
    limits: dict[str, Any] = {}
    complaint = _refusal(model_class, attribute, _TOO_LONG)
    if "must be one of" in complaint:
        limits["enum"] = ast.literal_eval(complaint.partition("must be one of ")[2])
    for keyword, text in (
        ("maxLength", complaint),
        ("maxItems", complaint),
        ("minLength", _refusal(model_class, attribute, "")),
        ("minItems", _refusal(model_class, attribute, "")),
    ):
        if found := re.search(_SIZES[keyword], text):
            limits[keyword] = int(found[1])
    return limits, "must not be `None`" in _refusal(model_class, attribute, None)


def _refusal(model_class: type, attribute: str, value: Any) -> str:
    """What the setter of a blank object says to `value`; empty when it takes it."""
    blank = model_class.__new__(model_class)
    blank._configuration = _Checking
    try:
        setattr(blank, attribute, value)
    except (ValueError, TypeError) as error:
        return str(error)
    return ""


class _Checking:
    """The one thing the setters ask the SDK's configuration."""

    client_side_validation = True
