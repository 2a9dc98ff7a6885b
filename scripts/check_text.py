"""`python -m scripts.check_text FILE…`: UTF-8, Unix line ends, no trailing spaces, one newline at the end."""

import sys
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path


def findings(content: bytes) -> Iterator[tuple[int, str]]:
    """(line, what is wrong with it), the first line being 1."""
    try:
        lines = content.decode().split("\n")
    except UnicodeDecodeError as error:
        yield content[: error.start].count(b"\n") + 1, "not UTF-8"
        return
    for number, line in enumerate(lines, start=1):
        if line.endswith("\r"):
            yield number, "Windows line end"
        elif line != line.rstrip():
            yield number, "trailing spaces"
        if line.startswith(("<<<<<<< ", ">>>>>>> ")):
            yield number, "left from a merge"
    if content and lines[-1]:
        yield len(lines), "no newline at the end of the file"
    elif content and not lines[-2]:
        yield len(lines) - 1, "empty line at the end of the file"


def report(check: Callable[[bytes], Iterable[tuple[int, str]]], names: list[str]) -> int:
    """Print what `check` finds in the files, a line each; the exit status."""
    found = [f"{name}:{line}: {text}" for name in names for line, text in check(Path(name).read_bytes())]
    print("\n".join(found), end="\n" if found else "")
    return bool(found)


if __name__ == "__main__":
    sys.exit(report(findings, sys.argv[1:]))
