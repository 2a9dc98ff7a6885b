"""Runs several calls at once, and gives their results in the order of the questions."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from .errors import AmazonError

Asked = TypeVar("Asked")
Given = TypeVar("Given")

HIDDEN_LATENCY_S = 2.0
AT_ONCE = 4  # at two calls a second; more would only wait for Amazon's plan


def in_flight(
    call: Callable[[Asked], Given], arguments: Iterable[Asked]
) -> Iterator[tuple[Asked, Given | AmazonError]]:
    """(argument, result or error) of each, in order; no more than AT_ONCE calls ahead of who takes the results.

    `call` runs in threads, so it must not touch anything of Odoo's; `arguments` is read in the caller's.
    Where the caller stops early, the calls under way are waited for.
    """

    def attempt(argument: Asked) -> Given | AmazonError:
        try:
            return call(argument)
        except AmazonError as error:
            return error

    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="amazon") as pool:
        window: deque[tuple[Asked, Future[Given | AmazonError]]] = deque()
        for argument in arguments:
            window.append((argument, pool.submit(attempt, argument)))
            if len(window) == AT_ONCE:
                first, future = window.popleft()
                yield first, future.result()
        for rest, future in window:
            yield rest, future.result()
