"""Reports v2021-06-30: the operations, and the conversion between JSON and the dataclasses of `reports.py`."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any
from urllib.parse import quote

from sp_api.api import Reports  # type: ignore[import-untyped]

from .checks import Checks
from .fields import LONGEST_PROSE, Fields
from .operation import Operation
from .reasons import because
from .report_file import ReportFile
from .reports import GZIP, SHIPMENTS, STATUSES, Report, ReportDocument, ReportRequest
from .transport import LibraryClient, Transport
from .values import utc_text
from .wire import Answer

CREATE = Operation("createReport", rate=0.0167, burst=15, write=True)
GET = Operation("getReport", rate=2, burst=15)
DOCUMENT = Operation("getReportDocument", rate=0.0167, burst=15)
LIST = Operation("getReports", rate=0.0222, burst=10)
OPERATIONS = (CREATE, GET, DOCUMENT, LIST)

MAX_MARKETPLACES = 25

REPORT_KEYS = (
    "marketplaceIds", "reportId", "reportType", "dataStartTime", "dataEndTime", "reportScheduleId", "createdTime",
    "processingStatus", "processingStartTime", "processingEndTime", "reportDocumentId",
)  # fmt: skip


class _Client(LibraryClient, Reports):  # type: ignore[misc]
    """The library's client, answers unparsed."""

    def get_document(self, document_id: str) -> Answer:
        """Not the library's `get_report_document`: that one writes on the answer, and would hold a report in memory."""
        return self._request(f"/reports/2021-06-30/documents/{quote(document_id, safe='')}")


class ReportsApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._fetch = transport.fetch
        self._client = _Client(transport)

    def create(self, request: ReportRequest) -> str:
        answer = self._call(CREATE, self._client.create_report, **dump_request(request))
        return Fields(answer, CREATE.name).text("reportId")

    def get(self, report_id: str) -> Report:
        return parse_report(self._call(GET, self._client.get_report, report_id))

    def ask_nothing(self) -> None:
        """A question that concerns no report of ours."""
        self._call(LIST, self._client.get_reports, reportTypes=SHIPMENTS, pageSize="1")

    def open(self, document_id: str) -> ReportFile:
        document = parse_document(self._call(DOCUMENT, self._client.get_document, document_id))
        file, charset = self._fetch(document.url)
        with ExitStack() as unread:
            unread.enter_context(file)
            report = ReportFile(file, charset, document.compression)
            unread.pop_all()
        return report


def dump_request(request: ReportRequest) -> dict[str, Any]:
    """The body of createReport. Raises InvalidRequest."""
    checks = Checks(CREATE.name, request.report_type)
    count = len(request.marketplace_ids)
    complaint = because("marketplaces", count=count, limit=MAX_MARKETPLACES)
    checks.require(1 <= count <= MAX_MARKETPLACES, "marketplaceIds", complaint)
    if request.start_at and request.end_at:
        checks.require(request.start_at <= request.end_at, "dataEndTime", because("end_first"))
    checks.done()
    body = {
        "reportType": request.report_type,
        "marketplaceIds": list(request.marketplace_ids),
        "dataStartTime": request.start_at and utc_text(request.start_at),
        "dataEndTime": request.end_at and utc_text(request.end_at),
        "reportOptions": dict(request.options),
    }
    return {key: value for key, value in body.items() if value}


def parse_report(answer: dict[str, Any]) -> Report:
    """Read an answer of getReport. Raises Malformed."""
    report = Fields(answer, GET.name, known=REPORT_KEYS)
    return Report(
        report_id=report.text("reportId"),
        report_type=report.text("reportType"),
        status=report.choice("processingStatus", STATUSES),
        created_at=report.moment("createdTime"),
        document_id=report.optional_text("reportDocumentId"),
    )


def parse_document(answer: dict[str, Any]) -> ReportDocument:
    """Read an answer of getReportDocument. Raises Malformed."""
    document = Fields(answer, DOCUMENT.name)
    return ReportDocument(
        document_id=document.text("reportDocumentId"),
        url=document.text("url", longest=LONGEST_PROSE),
        compression=document.optional_choice("compressionAlgorithm", (GZIP,)),
    )
