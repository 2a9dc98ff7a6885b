"""`python -m scripts.check_text FILE…`: UTF-8, Unix line ends, no trailing spaces, one newline at the end."""

import sys
from collections.abc import Iterator
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


def main(names: list[str]) -> int:
    status = 0
    for name in names:
        for line, text in findings(Path(name).read_bytes()):
            print(f"{name}:{line}: {text}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
