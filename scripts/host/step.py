"""One step of the set-up: said when it starts, timed, repeatable, clear when it fails."""

import contextlib
import fcntl
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .paths import cache_dir


class SetupError(Exception):
    """What failed and what to do about it, in words for whoever runs `make`."""


def say(text: str) -> None:
    print(text, flush=True)


@contextlib.contextmanager
def step(title: str) -> Iterator[None]:
    """Say what is being done, and how long it took."""
    say(f"==> {title}")
    started = time.monotonic()
    yield
    say(f"    done in {time.monotonic() - started:.0f} s")


@contextlib.contextmanager
def exclusive(name: str) -> Iterator[None]:
    """Two checkouts set up at once: the second waits, then finds the work done."""
    cache_dir().mkdir(parents=True, exist_ok=True)
    with open(cache_dir() / f"{name}.lock", "w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            say(f"    waiting for another run that holds {handle.name}")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


def is_done(folder: Path) -> bool:
    return (folder / ".complete").exists()


def mark_done(folder: Path) -> None:
    """Written last: a folder without the mark is an interrupted step, and is finished next time."""
    (folder / ".complete").touch()


def run(command: Sequence[str | Path], *, hint: str, **options) -> None:
    """Run a command with its output shown; `hint` says what to do when it fails.

    Raises SetupError.
    """
    words = [str(word) for word in command]
    try:
        subprocess.run(words, check=True, **options)
    except FileNotFoundError as error:
        raise SetupError(f"{words[0]} is not installed.\n{hint}") from error
    except subprocess.CalledProcessError as error:
        # Without the many options of our private apt.
        what = " ".join(word for word in words if word != "-o" and "::" not in word)
        raise SetupError(f"`{what[:160]}` ended with status {error.returncode}.\n{hint}".rstrip()) from error
