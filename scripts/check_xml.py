"""`python -m scripts.check_xml FILE…`: well-formed, and indented by four spaces a level."""

import sys
from xml.parsers import expat

from .check_text import report

INDENT = 4


class _Indentation:
    """Listens to a parser; a tag that is the first on its line has to stand where its level says."""

    def __init__(self, content: bytes) -> None:
        self.findings: list[tuple[int, str]] = []
        self._lines = content.decode().split("\n")
        self._depth = 0
        self._opened_at = (0, 0)
        self._parser = expat.ParserCreate()
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.Parse(content, True)

    def _start(self, _name: str, _attributes: dict[str, str]) -> None:
        self._opened_at = self._place()
        self._check(self._opened_at)
        self._depth += 1

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._place() != self._opened_at:  # `<a/>` opens and ends at one place
            self._check(self._place())

    def _place(self) -> tuple[int, int]:
        return self._parser.CurrentLineNumber, self._parser.CurrentColumnNumber

    def _check(self, place: tuple[int, int]) -> None:
        line, column = place
        before = self._lines[line - 1][:column]
        if not before.strip() and before != " " * INDENT * self._depth:
            self.findings.append((line, f"indented by {column}, not by {INDENT * self._depth} spaces"))


def findings(content: bytes) -> list[tuple[int, str]]:
    """(line, what is wrong with it), the first line being 1."""
    try:
        return _Indentation(content).findings
    except expat.ExpatError as error:
        return [(error.lineno, expat.ErrorString(error.code))]
    except UnicodeDecodeError:
        return [(1, "not UTF-8")]


if __name__ == "__main__":
    sys.exit(report(findings, sys.argv[1:]))
