"""A tiny checker for JSON values: missing, unknown, too long, or of the wrong kind."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from ..world.clock import parse_time


class Shape(Protocol):
    """Something a JSON value can be checked against; yields one readable complaint per fault."""

    def check(self, value: Any, where: str) -> Iterator[str]: ...


@dataclass(frozen=True)
class Text:
    """A non-empty string of at most `longest` characters."""

    longest: int | None = None
    may_be_empty: bool = False

    def check(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, str):
            yield f"{where} must be a string"
        elif not value.strip() and not self.may_be_empty:
            yield f"{where} must not be empty"
        elif self.longest is not None and len(value) > self.longest:
            yield f"{where} must not be longer than {self.longest} characters"


@dataclass(frozen=True)
class OneOf:
    """One of these strings."""

    values: Sequence[str]

    def check(self, value: Any, where: str) -> Iterator[str]:
        if value not in self.values:
            yield f"Value {value} for parameter {where} is invalid. Expected one of: {', '.join(self.values)}"


class Boolean:
    """true or false."""

    def check(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, bool):
            yield f"{where} must be a boolean"


class Time:
    """An ISO 8601 date and time."""

    def check(self, value: Any, where: str) -> Iterator[str]:
        try:
            parse_time(value)
        except (ValueError, AttributeError):
            yield f"{where} must be an ISO 8601 date and time"


class Count:
    """A whole number above zero."""

    def check(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            yield f"{where} must be a positive whole number"


@dataclass(frozen=True)
class ListOf:
    """A list of `shape`, with at least `fewest` and at most `most` members."""

    shape: Shape
    fewest: int = 0
    most: int | None = None

    def check(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, list):
            yield f"{where} must be a list"
            return
        if len(value) < self.fewest:
            yield f"{where} must have at least {self.fewest} members"
        if self.most is not None and len(value) > self.most:
            yield f"{where} must have at most {self.most} members"
        for number, member in enumerate(value):
            yield from self.shape.check(member, f"{where}[{number}]")


class Anything:
    """Any JSON."""

    def check(self, value: Any, where: str) -> Iterator[str]:
        yield from ()


@dataclass(frozen=True)
class Record:
    """An object with these keys and no others."""

    required: Mapping[str, Shape] = field(default_factory=dict)
    optional: Mapping[str, Shape] = field(default_factory=dict)

    def check(self, value: Any, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where or 'body'} must be an object"
            return
        prefix = f"{where}." if where else ""
        shapes = {**self.required, **self.optional}
        for key in sorted(set(value) - set(shapes)):
            yield f"{prefix}{key} is not a known parameter"
        for key, shape in shapes.items():
            if key in value:
                yield from shape.check(value[key], f"{prefix}{key}")
            elif key in self.required:
                yield f"{prefix}{key} is required"
