"""Reads lists that come in pages."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeVar

from .errors import Malformed, Rejected
from .operation import Operation
from .reasons import because

Page = TypeVar("Page")


def pages(
    operation: Operation, fetch: Callable[[str | None], tuple[Page, str | None]], token: str | None = None
) -> Iterator[Page]:
    """Every page, each asked for when the one before has been taken. `fetch(token)` gives a page and the next token.

    A token that Amazon no longer takes (it lives 30 seconds or a day) starts the list anew, so that what was given
    may come again; where that leads no further than before, the refusal is raised. Raises AmazonError.
    """
    number, furthest, restarts_from = 0, 0, -1
    while True:
        try:
            page, next_token = fetch(token)
        except Rejected as error:
            if token is None or error.http_status != 400 or furthest == restarts_from:
                raise
            token, number, restarts_from = None, 0, furthest
            continue
        yield page
        number += 1
        furthest = max(furthest, number)
        if not next_token:
            return
        if next_token == token:
            raise Malformed(because("endless", part="nextToken"), operation=operation.name, code="nextToken")
        token = next_token
