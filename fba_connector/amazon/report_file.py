"""Reads the rows of a downloaded report one by one, so that its size does not matter.

Flat files as Amazon writes them: a header, tabs between the cells, no quotes. They are plain or gzip, in the charset
the download names, else in UTF-8, else in Windows-1252.
"""

from __future__ import annotations

import codecs
import gzip
import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import IO

from .download import DOWNLOAD
from .errors import Malformed
from .reasons import because
from .reports import GZIP
from .storable import storable_text

_GZIP_MAGIC = b"\x1f\x8b"
_CHUNK_BYTES = 1 << 16
MOST_BYTES = 4 << 30  # unpacked
LONGEST_LINE = 1 << 20  # characters; a row of hundreds of columns has some thousands
_ALIASES = {"windows-31j": "cp932"}  # Japan's reports are called so, which Python does not know
# Python knows more encodings, of which some unpack, escape or look up: none of them a report's.
_CHARSETS = re.compile(
    r"ascii|utf-8(-sig)?|utf-16(-[bl]e)?|cp\d+|iso8859-\d+|shift_jis\w*|euc_\w+|iso2022_\w+|gb\w+|big5\w*|koi8-\w"
)
_BAD_GZIP = (EOFError, gzip.BadGzipFile, zlib.error)


class ReportFile:
    """Iterating gives each row as {column: text}; a cell that is not there has no key. Close it, or use a `with`.

    The whole file is read once, before the first row: one that is cut off or damaged gives none. Raises Malformed.
    """

    def __init__(self, file: IO[bytes], charset: str | None, compression: str | None = None) -> None:
        if compression not in (None, GZIP):
            raise _malformed("report_compression")
        self._file = file
        # Whatever the answer says: packed and named so, packed by the store, or named so and plain, all of it occurs.
        self._is_gzip = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
        self.charset = self._find_charset(charset)

    def __iter__(self) -> Iterator[dict[str, str]]:
        with self._open() as plain:
            text = io.TextIOWrapper(plain, self.charset, errors="replace", newline="\n")
            try:
                header = _cells(next(text, ""))
                for line in text:
                    if cells := _cells(line):
                        yield dict(zip(header, cells))  # noqa: B905 (a short row lacks cells, and says so)
            finally:
                text.detach()  # it would close the file when it is forgotten

    def close(self) -> None:
        """Deletes the file."""
        self._file.close()

    def __enter__(self) -> ReportFile:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    @contextmanager
    def _open(self) -> Iterator[IO[bytes]]:
        """The bytes of the text, from the start."""
        self._file.seek(0)
        if self._is_gzip:
            with gzip.GzipFile(fileobj=self._file, mode="rb") as plain:
                yield plain  # type: ignore[misc]
        else:
            yield self._file

    def _find_charset(self, named: str | None) -> str:
        for charset in filter(None, (named and _known(named), "utf-8-sig")):
            if self._decodes(charset):
                return charset
        return "cp1252"

    def _decodes(self, charset: str) -> bool:
        """Reads all of it. Raises Malformed where it is damaged, or larger than anybody should read."""
        decoder = codecs.getincrementaldecoder(charset)()
        size = line = 0
        try:
            with self._open() as plain:
                while chunk := plain.read(_CHUNK_BYTES):
                    text = decoder.decode(chunk)
                    size += len(chunk)
                    line += len(text.partition("\n")[0])
                    if size > MOST_BYTES or line > LONGEST_LINE:
                        raise _malformed("report_large")
                    if "\n" in text:
                        line = len(text.rpartition("\n")[2])
                decoder.decode(b"", final=True)
        except UnicodeError:
            return False
        except _BAD_GZIP:
            raise _malformed("report_damaged") from None
        return True


def _malformed(problem: str) -> Malformed:
    return Malformed(because(problem), operation=DOWNLOAD.name, code="compressionAlgorithm")


def _known(charset: str) -> str | None:
    """Python's name of a charset, None for one it does not know; a byte order mark is no part of the text."""
    try:
        name = codecs.lookup(_ALIASES.get(charset.lower(), charset)).name
    except (LookupError, ValueError):
        return None
    if not _CHARSETS.fullmatch(name):
        return None
    return "utf-8-sig" if name == "utf-8" else name


def _cells(line: str) -> list[str]:
    line = storable_text(line.rstrip("\r\n"))
    return line.split("\t") if line else []
