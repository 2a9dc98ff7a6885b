"""The download of a report's document: a presigned URL, as Amazon S3 serves it.

Whoever has the URL may read, for five minutes; credentials in addition are an error.
Source: Reports 2021-06-30, ReportDocument.url; Amazon S3, Sharing objects with presigned URLs, and Error responses.
"""

import hashlib
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from werkzeug.wrappers import Request, Response

from ..world.clock import dump_time, parse_time
from .operations import Call
from .served_world import ServedWorld

OPERATION = "reportDocument"
"""The name of the download in faults and the journal; Amazon's model has none, it is not an SP-API call."""
PREFIX = "/_documents/"
LIFE = timedelta(minutes=5)


def document_url(base_url: str, document_id: str, now: datetime) -> str:
    """A URL of the simulator itself that reads the document until five minutes from now."""
    issued_at = dump_time(now)
    query = {
        "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
        "X-Amz-Date": issued_at,
        "X-Amz-Expires": str(int(LIFE.total_seconds())),
        "X-Amz-Signature": _signature(document_id, issued_at),
    }
    return f"{base_url.rstrip('/')}{PREFIX}{document_id}?{urlencode(query)}"


def serve(world: ServedWorld, request: Request, rewritten: Callable[[str, Call], str]) -> Response:
    """The document, as `rewritten` makes it of its text, or S3's refusal."""
    document_id, issued_at = request.path.removeprefix(PREFIX), request.args.get("X-Amz-Date", "")
    if "x-amz-access-token" in request.headers or "Authorization" in request.headers:
        return refusal(400, "InvalidArgument", "Only one auth mechanism allowed; the URL is signed already")
    if not request.args.get("X-Amz-Signature"):
        return refusal(403, "AccessDenied", "Access Denied")
    if request.method != "GET" or request.args["X-Amz-Signature"] != _signature(document_id, issued_at):
        return refusal(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature")
    if world.clock.now >= parse_time(issued_at) + LIFE:
        return refusal(403, "AccessDenied", "Request has expired")
    report = next((report for report in world.reports.values() if report.document_id == document_id), None)
    if report is None:
        return refusal(404, "NoSuchKey", "The specified key does not exist.")
    call = Call(world, world.sellers[report.seller], {}, {}, None, request.host_url)
    report = replace(report, text=rewritten(report.text or "", call))
    return Response(report.content(), content_type=f"text/plain; charset={report.charset}")


def refusal(status: int, code: str, message: str) -> Response:
    """An error of S3's shape."""
    text = f"<Error><Code>{escape(code)}</Code><Message>{escape(message)}</Message></Error>"
    return Response(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', status, content_type="application/xml")


def _signature(document_id: str, issued_at: str) -> str:
    return hashlib.sha256(f"{document_id} {issued_at}".encode()).hexdigest()
