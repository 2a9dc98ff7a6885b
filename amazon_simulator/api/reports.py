"""Reports 2021-06-30: createReport, getReport, getReportDocument. The download is in `download.py`."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any

from ..world.clock import dump_time, parse_time
from .download import document_url
from .errors import InvalidInput, NotFound
from .operations import Call, Operation
from .queries import check_query
from .report_file import ReportFile
from .report_rows import INVENTORY_COLUMNS, POINTS, SHIPMENT_COLUMNS, Row, Window, inventory_rows, shipment_rows
from .shapes import Anything, ListOf, Record, Text, Time

BASE = "/reports/2021-06-30"
SHIPMENTS = "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL"
INVENTORY = "GET_FBA_MYI_UNSUPPRESSED_INVENTORY_DATA"
LONGEST_WINDOW = timedelta(days=31)  # FBA Reports: a maximum of one month of data per report
JAPAN = "A1VC38T7YXB528"

SPECIFICATION = Record(  # CreateReportSpecification of the model
    required={"reportType": Text(), "marketplaceIds": ListOf(Text(), fewest=1, most=25)},
    optional={"dataStartTime": Time(), "dataEndTime": Time(), "reportOptions": Anything()},
)


def create_report(call: Call) -> dict[str, Any]:
    """Accept a request for a report: its contents are fixed now, the clock decides when it is ready."""
    check_query(call.query, frozenset())
    _check(call)
    world, body = call.world, call.body
    times = {name: parse_time(body[name]) for name in ("dataStartTime", "dataEndTime") if name in body}
    columns, rows = _rows(call, times)
    report = ReportFile(
        report_id=world.new_report_id(),
        seller=call.seller.refresh_token,
        report_type=body["reportType"],
        marketplace_ids=tuple(body["marketplaceIds"]),
        data_start=times.get("dataStartTime"),
        data_end=times.get("dataEndTime"),
        created_at=world.clock.now,
        seconds=world.settings.report_seconds,
        text=write(columns, rows) if rows else None,
        charset=world.settings.report_charset,
        gzip=world.settings.report_gzip,
    )
    world.add_report(report)
    return {"reportId": report.report_id}


def get_report(call: Call) -> dict[str, Any]:
    """Report of the model; no `payload` around it."""
    check_query(call.query, frozenset())
    report = call.world.reports.get(call.path["report_id"])
    if report is None or report.seller != call.seller.refresh_token:
        raise NotFound(f"Report {call.path['report_id']} was not found")
    now = call.world.clock.now
    answer: dict[str, Any] = {
        "reportId": report.report_id,
        "reportType": report.report_type,
        "marketplaceIds": list(report.marketplace_ids),
        "createdTime": dump_time(report.created_at),
        "processingStatus": report.status(now),
    }
    for name, moment in (("dataStartTime", report.data_start), ("dataEndTime", report.data_end)):
        if moment is not None:
            answer[name] = dump_time(moment)
    if now >= report.started_at:
        answer["processingStartTime"] = dump_time(report.started_at)
    if now >= report.ended_at:
        answer["processingEndTime"] = dump_time(report.ended_at)
    if answer["processingStatus"] == "DONE":
        answer["reportDocumentId"] = report.document_id
    return answer


def get_report_document(call: Call) -> dict[str, Any]:
    """ReportDocument of the model, with a URL that is good for five minutes."""
    check_query(call.query, frozenset())
    document_id, now = call.path["document_id"], call.world.clock.now
    report = next((report for report in call.world.reports.values() if report.document_id == document_id), None)
    if report is None or report.seller != call.seller.refresh_token or report.status(now) != "DONE":
        raise NotFound(f"Report document {document_id} was not found")
    answer = {"reportDocumentId": document_id, "url": document_url(call.base_url, document_id, now)}
    if report.gzip:
        answer["compressionAlgorithm"] = "GZIP"
    return answer


def write(columns: Sequence[str], rows: Iterable[Row]) -> str:
    """A flat file: tabs between columns, no quotes, so tabs and line ends in a value become blanks."""
    lines = ["\t".join(columns)]
    lines += ["\t".join([" ".join(row.get(column, "").split()) for column in columns]) for row in rows]
    return "".join(f"{line}\n" for line in lines)


def _check(call: Call) -> None:
    """Raise InvalidInput for a body that is no CreateReportSpecification, or an unsupported type."""
    complaints = list(SPECIFICATION.check(call.body, ""))
    if complaints:
        raise InvalidInput(complaints[0], "; ".join(complaints[1:]))
    options = call.body.get("reportOptions", {})
    if not isinstance(options, dict) or not all(isinstance(value, str) for value in options.values()):
        raise InvalidInput("reportOptions must be an object of strings")
    if call.body["reportType"] not in (SHIPMENTS, INVENTORY):
        raise InvalidInput(f"Value {call.body['reportType']} for parameter reportType is invalid")
    foreign = [name for name in call.body["marketplaceIds"] if name not in call.seller.marketplace_ids]
    if foreign:
        raise InvalidInput(f"Value {foreign[0]} for parameter marketplaceIds is invalid")


def _rows(call: Call, times: dict[str, datetime]) -> tuple[Sequence[str], list[Row]]:
    """Columns and rows. A time that is not given is now; an end after now counts as now. Source: the model."""
    if call.body["reportType"] == INVENTORY:
        return INVENTORY_COLUMNS, inventory_rows(call.seller)
    now, marketplace_ids = call.world.clock.now, tuple(call.body["marketplaceIds"])
    start, end = times.get("dataStartTime", now), times.get("dataEndTime", now)
    if start > end:
        raise InvalidInput("dataStartTime must not be after dataEndTime")
    if end - start > LONGEST_WINDOW:
        raise InvalidInput(f"dataStartTime and dataEndTime must not be more than {LONGEST_WINDOW.days} days apart")
    lag = timedelta(seconds=call.world.settings.report_lag_seconds)
    columns = SHIPMENT_COLUMNS + ((POINTS,) if JAPAN in marketplace_ids else ())
    return columns, shipment_rows(call.seller, Window(start, end, now - lag, marketplace_ids))


OPERATIONS = (
    Operation("createReport", "POST", f"{BASE}/reports", 0.0167, 15, create_report, status=202),
    Operation("getReport", "GET", f"{BASE}/reports/<report_id>", 2.0, 15, get_report),
    Operation("getReportDocument", "GET", f"{BASE}/documents/<document_id>", 0.0167, 15, get_report_document),
)
