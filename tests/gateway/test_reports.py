"""Reports: asked for, followed, fetched to a file, read row by row."""

import gzip
import logging
import tempfile
from datetime import datetime, timezone

import pytest
from fba_amazon import AmazonError, InvalidRequest, Malformed, Report, ReportRequest, Unavailable, reports

from .payloads import REPORT
from .stub import HTML, Reply

START = datetime(2026, 11, 1, tzinfo=timezone.utc)
END = datetime(2026, 11, 25, tzinfo=timezone.utc)
TEXT = "sku\tquantity\tname\nA-1\t2\tLämp\r\n\nB-2\t3\n"
ROWS = [{"sku": "A-1", "quantity": "2", "name": "Lämp"}, {"sku": "B-2", "quantity": "3"}]
SIGNED = "/_documents/D-1?X-Amz-Signature=very-secret"


class Documents:
    """The stub as reports service and store: names `compression`, then serves `document` at the signed address."""

    def __init__(self, stub, document, compression=None, content_type="text/plain; charset=UTF-8"):
        self.document = document if isinstance(document, Reply) else Reply(body=document)
        self.document.headers.setdefault("content-type", content_type)
        body = {"reportDocumentId": "D-1", "url": stub.url + SIGNED}
        self.description = Reply(body={**body, "compressionAlgorithm": compression} if compression else body)
        stub.api = self

    def __call__(self, seen):
        return self.document if seen.path == "/_documents/D-1" else self.description


def rows(gateway):
    with gateway.open_report("D-1") as report:
        return list(report)


def test_create_sends_the_question_and_gives_the_id(stub, gateway):
    stub.api = [Reply(202, {"reportId": "R-1"})]
    request = ReportRequest(reports.SHIPMENTS, ("M1", "M2"), START, END, (("custom", "true"),))
    assert gateway.create_report(request) == "R-1"
    (call,) = stub.calls
    assert (call.method, call.path, call.query) == ("POST", "/reports/2021-06-30/reports", {})
    assert call.json == {
        "reportType": "GET_AMAZON_FULFILLED_SHIPMENTS_DATA_GENERAL",
        "marketplaceIds": ["M1", "M2"],
        "dataStartTime": "2026-11-01T00:00:00Z",
        "dataEndTime": "2026-11-25T00:00:00Z",
        "reportOptions": {"custom": "true"},
    }


def test_create_without_dates_leaves_them_out(stub, gateway):
    stub.api = [Reply(202, {"reportId": "R-1"})]
    gateway.create_report(ReportRequest(reports.SHIPMENTS, ("M1",)))
    assert stub.calls[0].json == {"reportType": reports.SHIPMENTS, "marketplaceIds": ["M1"]}


@pytest.mark.parametrize(
    ("request_", "field"),
    [
        (ReportRequest(reports.SHIPMENTS, ()), "marketplaceIds"),
        (ReportRequest(reports.SHIPMENTS, ("M",) * 26), "marketplaceIds"),
        (ReportRequest(reports.SHIPMENTS, ("M",), END, START), "dataEndTime"),
    ],
)
def test_create_of_what_amazon_would_refuse_sends_nothing(stub, gateway, request_, field):
    with pytest.raises(InvalidRequest) as caught:
        gateway.create_report(request_)
    assert caught.value.code == field
    assert stub.calls == []


def test_get_gives_how_far_it_is(stub, gateway):
    stub.api = [Reply(body=REPORT)]
    created = datetime(2020, 2, 18, 9, 13, tzinfo=timezone.utc)
    assert gateway.get_report("R 1/2") == Report("R-1", reports.SHIPMENTS, reports.DONE, created, "D-1")
    assert stub.calls[0].path == "/reports/2021-06-30/reports/R%201%2F2"


@pytest.mark.parametrize(
    ("text", "compression", "content_type"),
    [
        (TEXT.encode(), None, "text/plain; charset=UTF-8"),
        (gzip.compress(TEXT.encode()), "GZIP", "text/plain; charset=utf-8"),
        (TEXT.encode(), "GZIP", "text/plain"),  # unpacked on the way
        ("\ufeff".encode() + TEXT.encode(), None, "text/plain; charset=utf-8"),
        (TEXT.encode("cp1252"), None, "text/plain;charset=Cp1252"),
        (TEXT.encode("iso-8859-1"), None, 'text/plain; charset="ISO-8859-1"'),
        (TEXT.encode("cp1252"), None, "text/plain"),
        (TEXT.encode("cp1252"), None, "text/plain; charset=UTF-8"),  # it says so, but it is not
        (TEXT.encode(), None, "text/plain; charset=klingon"),
        (TEXT.encode(), None, "text/plain; charset=zlib"),  # a codec, but of no text
        (TEXT.encode(), None, "application/octet-stream"),
    ],
)
def test_open_in_any_wrapping_gives_the_rows(stub, gateway, text, compression, content_type):
    Documents(stub, text, compression, content_type)
    assert rows(gateway) == ROWS


def test_open_in_japanese_charset_gives_the_rows(stub, gateway):
    Documents(stub, "sku\tname\nA\t照明器具\n".encode("cp932"), None, "text/plain; charset=Windows-31J")
    assert rows(gateway) == [{"sku": "A", "name": "照明器具"}]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", []),
        (b"sku\tquantity\n", []),
        (b"sku\tquantity\nA\t\n", [{"sku": "A", "quantity": ""}]),
        (b'sku\tname\nA\t5" "x"\n', [{"sku": "A", "name": '5" "x"'}]),
        (b"sku\tname\nA\ta\rb\x00c\n", [{"sku": "A", "name": "a\rb\ufffdc"}]),
        (b"sku\nA\tstray\n", [{"sku": "A"}]),
        (b"sku\nA", [{"sku": "A"}]),
    ],
)
def test_open_of_odd_text_reads_it_as_it_is(stub, gateway, text, expected):
    Documents(stub, text)
    assert rows(gateway) == expected


def test_open_can_be_read_twice(stub, gateway):
    Documents(stub, gzip.compress(TEXT.encode()), "GZIP")
    with gateway.open_report("D-1") as report:
        assert list(report) == list(report) == ROWS


def test_open_sends_the_store_neither_token_nor_secrets(stub, gateway):
    Documents(stub, TEXT.encode())
    rows(gateway)
    describe, download = stub.calls
    assert describe.path == "/reports/2021-06-30/documents/D-1"
    assert "x-amz-access-token" not in {name.lower() for name in download.headers}
    assert download.query == {"X-Amz-Signature": ["very-secret"]}


PACKED = gzip.compress(TEXT.encode() * 1000)


@pytest.mark.parametrize(
    ("document", "compression", "expected"),
    [
        (Reply(403, b"<Error><Message>Request has expired</Message></Error>"), None, Unavailable),
        (Reply(404, b"<Error/>"), None, Unavailable),
        (Reply(503, HTML), None, Unavailable),
        (Reply(302, b"", {"location": "http://elsewhere.test"}), None, Unavailable),
        (Reply(drop=True), None, Unavailable),
        (Reply(delay_s=3), None, Unavailable),
        (Reply(200, TEXT.encode(), content_length=999), None, Unavailable),
        (Reply(200, PACKED[:-100]), "GZIP", Malformed),
        (Reply(200, PACKED[:50] + b"\x00" * 20 + PACKED[70:]), "GZIP", Malformed),
        (Reply(200, TEXT.encode()), "ZSTD", Malformed),
    ],
    ids=[
        "expired",
        "gone",
        "503",
        "elsewhere",
        "dropped",
        "slow",
        "cut",
        "cut_gzip",
        "damaged_gzip",
        "unknown_packing",
    ],
)
def test_open_of_a_broken_document_gives_no_row_and_leaves_no_file(
    stub, gateway, monkeypatch, document, compression, expected
):
    files = []
    make = tempfile.TemporaryFile
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda **options: files.append(make(**options)) or files[-1])
    Documents(stub, document, compression)
    with pytest.raises(AmazonError) as caught:
        gateway.open_report("D-1")
    assert type(caught.value) is expected
    assert caught.value.operation == "reportDocument"
    assert [file.closed for file in files] == [True]


def test_open_keeps_the_signed_address_out_of_errors_and_logs(stub, gateway, caplog):
    for name in ("", "urllib3", "urllib3.connectionpool", "httpx", "httpcore.http11"):
        caplog.set_level(logging.DEBUG, logger=name or None)
    Documents(stub, TEXT.encode())
    with gateway.open_report("D-1"):
        pass
    Documents(stub, Reply(drop=True))
    with pytest.raises(Unavailable) as caught:
        gateway.open_report("D-1")
    assert caught.value.__suppress_context__
    told = [*caplog.messages, str(caught.value), caught.value.user_message]
    assert not [line for line in told if "very-secret" in line or stub.url in line]
    assert [line.split(":")[0] for line in caplog.messages if "reportDocument" in line] == ["reportDocument"] * 2


def test_open_goes_no_way_the_environment_names(stub, gateway, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    Documents(stub, TEXT.encode())
    assert rows(gateway) == ROWS
