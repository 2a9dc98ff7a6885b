"""A requested report: its processing by the clock, and its document."""

import codecs
import gzip
from dataclasses import dataclass
from datetime import datetime, timedelta

DOCUMENT_PREFIX = "amzn1.spdoc.1.4.sim."
_PYTHON_NAMES = {"windows-31j": "cp932"}
"""Charsets of the web that Python calls by another name."""


@dataclass(frozen=True)
class ReportFile:
    """One report. Its rows are those of the moment of the request, and so are its settings.

    `text` is None when there was nothing to report: Amazon cancels such a report.
    Source: Reports 2021-06-30, processingStatus ("automatic cancellation if there is no data to return").
    """

    report_id: str
    seller: str
    report_type: str
    marketplace_ids: tuple[str, ...]
    data_start: datetime | None
    data_end: datetime | None
    created_at: datetime
    seconds: int
    text: str | None
    charset: str
    gzip: bool

    @property
    def document_id(self) -> str:
        return f"{DOCUMENT_PREFIX}{self.report_id}"

    @property
    def started_at(self) -> datetime:
        return self.created_at + timedelta(seconds=self.seconds / 2)

    @property
    def ended_at(self) -> datetime:
        return self.created_at + timedelta(seconds=self.seconds)

    def status(self, now: datetime) -> str:
        """IN_QUEUE for half of its time, IN_PROGRESS for the other, then DONE or CANCELLED."""
        if now >= self.ended_at:
            return "CANCELLED" if self.text is None else "DONE"
        return "IN_PROGRESS" if now >= self.started_at else "IN_QUEUE"

    def content(self) -> bytes:
        """The bytes behind the download URL; characters outside the charset become question marks."""
        data = (self.text or "").encode(codec(self.charset), errors="replace")
        return gzip.compress(data, mtime=0) if self.gzip else data


def codec(charset: str) -> str:
    """Python's name of a charset. Raises LookupError, ValueError."""
    return codecs.lookup(_PYTHON_NAMES.get(charset.lower(), charset)).name
