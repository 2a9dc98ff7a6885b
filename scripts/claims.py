"""A plugin of pytest: processes that were given the same files share them, each file run by who comes to it first."""

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--claims", type=Path, required=True, help="folder in which the processes claim files")


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    """In place of pytest's own loop, which runs all that was collected."""
    if session.testsfailed or session.config.option.collectonly:
        return None  # pytest says what could not be collected, or lists it
    for item, following in _mine(session):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if session.shouldfail:
            raise session.Failed(session.shouldfail)
        if session.shouldstop:
            raise session.Interrupted(session.shouldstop)
    return True


def _mine(session: pytest.Session) -> Iterator[tuple[pytest.Item, pytest.Item | None]]:
    """(a test of a file that was claimed, the one that tells pytest what to keep for it).

    After the last test of a file that is the first of the next file, whoever will run it: nothing is claimed ahead.
    """
    files = [list(items) for _path, items in itertools.groupby(session.items, key=lambda item: item.path)]
    for number, items in enumerate(files):
        try:
            (session.config.option.claims / items[0].path.name).touch(exist_ok=False)
        except FileExistsError:
            continue
        later = files[number + 1][0] if number + 1 < len(files) else None
        yield from itertools.pairwise([*items, later])
