"""Report requests, and their progress at Amazon. Every `*_at` is an aware datetime in UTC.

Source: SP-API Reports v2021-06-30.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

# How far a report is. CANCELLED is also the answer where there is nothing to report.
IN_QUEUE = "IN_QUEUE"
IN_PROGRESS = "IN_PROGRESS"
DONE = "DONE"
CANCELLED = "CANCELLED"
FATAL = "FATAL"
STATUSES = frozenset({IN_QUEUE, IN_PROGRESS, DONE, CANCELLED, FATAL})
ENDED = frozenset({DONE, CANCELLED, FATAL})

GZIP = "GZIP"  # the one compression there is

# A line for each unit that left Amazon's warehouses; a report spans a month at most.
SHIPMENTS = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"


@dataclass(frozen=True)
class ReportRequest:
    """A report of `report_type` for 1 to 25 marketplaces; `options` are the type's own."""

    report_type: str
    marketplace_ids: tuple[str, ...]
    start_at: datetime | None = None
    end_at: datetime | None = None
    options: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Report:
    """`document_id` is there once `status` is DONE, and sometimes with FATAL, where it explains the failure."""

    report_id: str
    report_type: str
    status: str
    created_at: datetime
    document_id: str | None


@dataclass(frozen=True)
class ReportDocument:
    """Address of a report: `url` is signed and works for five minutes, so it stays out of every log."""

    document_id: str
    url: str
    compression: str | None

    def __repr__(self) -> str:
        return f"ReportDocument(document_id={self.document_id!r})"
