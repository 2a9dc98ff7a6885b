"""Whoever answers in Amazon's name: it gets no more memory than an answer needs, and sends us nowhere else."""

import dataclasses
import gzip
import io
import re
import socket
import ssl
import threading
import tracemalloc
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

import fba_amazon
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from fba_amazon import Gateway, Malformed, OutcomeUnknown, ReportFile, Unavailable, endpoints
from fba_amazon import download as download_module
from fba_amazon import report_file as report_module
from fba_amazon import wire as wire_module
from fba_amazon.download import fetch
from fba_amazon.regions import is_document_url

from .operations import CASES
from .payloads import FULFILLMENT_ORDER
from .stub import Reply

BY_NAME = {case.name: case for case in CASES}
CREATE, GET = BY_NAME["createFulfillmentOrder"], BY_NAME["getFulfillmentOrder"]
MB = 1 << 20
AMAZON, _LWA = endpoints("production", "eu")
BOMB = gzip.compress(b" " * (200 * MB), 1)


@contextmanager
def at_most(size):
    """Fails where more memory than `size` was held at once."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < size
    finally:
        tracemalloc.stop()


class Flood:
    """A server that answers each connection with `head` and then sends without end; `sent` counts the bytes."""

    def __init__(self, head=b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n", context=None):
        self.sent = self.served = 0
        self._head, self._context = head, context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                connection, _peer = self._socket.accept()
            except OSError:
                return
            try:
                if self._context:
                    connection = self._context.wrap_socket(connection, server_side=True)
                connection.recv(1 << 16)
                self.served += 1
                connection.sendall(self._head)
                while True:
                    connection.sendall(b" " * (1 << 16))
                    self.sent += 1 << 16
            except OSError:
                connection.close()

    def close(self):
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


@pytest.fixture
def flood():
    server = Flood()
    yield server
    server.close()


# === SIZE === #


@pytest.mark.parametrize(("case", "expected"), [(GET, Unavailable), (CREATE, OutcomeUnknown)], ids=str)
def test_call_answered_without_end_is_cut(flood, gateway, connection, case, expected):
    gateway._transport.token.get()
    endless = dataclasses.replace(connection, api_endpoint=f"http://127.0.0.1:{flood.port}")
    with Gateway(endless, timeout_s=20, deadline_s=0) as impatient, at_most(4 * wire_module.MOST_BYTES):
        impatient._transport.token = gateway._transport.token
        with pytest.raises(expected, match="TooLarge") as caught:
            case.call(impatient)
    assert caught.value.user_message == "Amazon's answer is too large"
    assert flood.sent < 3 * wire_module.MOST_BYTES  # the rest lay in the network's buffers


def test_call_answered_with_a_gzip_bomb_is_cut(stub, connection):
    stub.api = [Reply(body=BOMB, headers={"content-encoding": "gzip"})]
    with Gateway(connection, timeout_s=20, deadline_s=0) as gateway, at_most(4 * wire_module.MOST_BYTES):
        with pytest.raises(Unavailable, match="TooLarge"):
            GET.call(gateway)


def test_token_answered_with_a_gzip_bomb_is_cut(stub, connection):
    stub.lwa = [Reply(body=BOMB, headers={"content-encoding": "gzip"})]
    with Gateway(connection, timeout_s=20, deadline_s=0) as gateway, at_most(4 * wire_module.MOST_BYTES):
        with pytest.raises(Unavailable, match="TooLarge"):
            CREATE.call(gateway)
    assert stub.calls == []


def test_call_answered_with_gzip_is_read(stub, gateway):
    good = Reply(body=FULFILLMENT_ORDER)
    stub.api = [Reply(body=gzip.compress(good.content()), headers={"content-encoding": "gzip"})]
    assert gateway.get_fulfillment_order("O-1").order_id == "FBATestOrder-1"
    assert {name.lower(): value for name, value in stub.calls[0].headers.items()}["accept-encoding"] == "gzip"


@pytest.mark.parametrize("packing", ["br", "zstd", "deflate", "gzip, gzip", "klingon"])
def test_call_answered_in_a_packing_we_did_not_ask_for_is_not_unpacked(stub, gateway, packing):
    body = gzip.compress(Reply(body=FULFILLMENT_ORDER).content())
    stub.api = [Reply(body=body, headers={"content-encoding": packing})]
    with pytest.raises(Unavailable, match="DecodingError"):
        GET.call(gateway)


@pytest.mark.parametrize("cut", [1, 8, 100])
def test_call_answered_with_gzip_that_is_cut_off_is_not_read(stub, gateway, cut):
    body = gzip.compress(Reply(body=FULFILLMENT_ORDER).content())[:-cut]
    stub.api = [Reply(body=body, headers={"content-encoding": "gzip"})]
    with pytest.raises(Unavailable, match="DecodingError"):
        GET.call(gateway)


def test_fetch_without_end_is_cut(flood, monkeypatch):
    monkeypatch.setattr(download_module, "MOST_BYTES", 8 * MB)
    base = f"http://127.0.0.1:{flood.port}"
    with at_most(8 * MB), pytest.raises(Malformed, match="TooLarge"):
        fetch(f"{base}/x", api_endpoint=base, timeout_s=5)
    assert flood.sent < 24 * MB


def test_fetch_of_a_bomb_that_http_packs_takes_no_more_than_comes(stub):
    stub.api = [Reply(body=BOMB, headers={"content-encoding": "gzip"})]
    with at_most(8 * MB):
        file, _charset = fetch(f"{stub.url}/x", api_endpoint=stub.url, timeout_s=5)
        with file:
            assert file.seek(0, io.SEEK_END) == len(BOMB)


def test_fetch_in_a_packing_we_do_not_know_is_refused(stub):
    stub.api = [Reply(body=b"x", headers={"content-encoding": "br"})]
    with pytest.raises(Malformed, match="content-encoding"):
        fetch(f"{stub.url}/x", api_endpoint=stub.url, timeout_s=5)


LINES = b"sku\n" + b"A-1\n" * 50_000


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize(
    ("document", "most_bytes"),
    [(LINES, 100_000), (b"x" * (1 << 20) + b"x\n", 1 << 40), (b"sku\n" + b"x" * (3 << 20), 1 << 40)],
    ids=["long", "header_without_end", "row_without_end"],
)
def test_report_that_is_too_large_gives_no_row(monkeypatch, document, most_bytes, packed):
    monkeypatch.setattr(report_module, "MOST_BYTES", most_bytes)
    with pytest.raises(Malformed) as caught:
        ReportFile(io.BytesIO(gzip.compress(document) if packed else document), "utf-8", "GZIP")
    assert caught.value.user_message == "The report is too large"


def test_report_with_many_short_lines_is_read():
    assert sum(1 for _row in ReportFile(io.BytesIO(LINES * 10), None)) == 500_009


def test_report_with_long_lines_is_read():
    assert sum(1 for _row in ReportFile(io.BytesIO(b"sku\n" + (b"x" * 60_000 + b"\n") * 80), None)) == 80


def test_report_that_is_a_bomb_is_cut():
    with at_most(16 * MB), pytest.raises(Malformed, match="compressionAlgorithm"):
        ReportFile(io.BytesIO(BOMB), None, "GZIP")


# === WHERE TO === #


@pytest.mark.parametrize(
    "url",
    [
        "https://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/%2FNinetyDays/amzn1.tortuga.4?X-Amz-Signature=1",
        "https://tortuga-prod-na.s3-external-1.amazonaws.com:443/x",
        "https://d34o8swod1owfl.cloudfront.net/Report.txt",  # the sandbox
        f"{AMAZON}/x",
    ],
)
def test_document_of_amazons_is_fetched(url):
    assert is_document_url(url, AMAZON)


@pytest.mark.parametrize(
    "url",
    [
        "http://tortuga-prod-eu.s3-eu-west-1.amazonaws.com/x",
        "https://amazonaws.com.evil.test/x",
        "https://evilamazonaws.com/x",
        "https://.evil.test/.amazonaws.com",
        "https://x.s3.amazonaws.com:8443/x",
        "https://x.s3.amazonaws.com@evil.test/x",
        "https://user:secret@x.s3.amazonaws.com/x",
        "https://evil.test\\@x.s3.amazonaws.com/x",
        "https://evil.test#.amazonaws.com/x",
        "https://evil.test?.amazonaws.com/x",
        "https://evil.test\n.amazonaws.com/x",
        "https://ev\u0131l.amazonaws.com\u2024test/x",
        "https://other.cloudfront.net/x",
        "https://127.0.0.1/x",
        "https://[::1]/x",
        "https://169.254.169.254/latest/meta-data",
        "https://x.s3.amazonaws.com",
        "https://x.s3.amazonaws.com/a b",
        "https://x.s3.amazonaws.com/\n",
        "ftp://x.s3.amazonaws.com/x",
        "file:///etc/passwd",
        "//x.s3.amazonaws.com/x",
        "https:///x",
        "",
    ],
)
@pytest.mark.parametrize("api_endpoint", [AMAZON, "http://127.0.0.1:8080", ""])
def test_document_elsewhere_is_not_fetched(monkeypatch, url, api_endpoint):
    monkeypatch.setattr(download_module, "_stream", None)
    with pytest.raises(Malformed) as caught:
        fetch(url, api_endpoint=api_endpoint, timeout_s=1)
    assert caught.value.code == "url"
    assert not url or url not in caught.value.user_message  # it may be signed


@pytest.mark.parametrize(
    ("url", "api_endpoint", "good"),
    [
        ("http://127.0.0.1:8080/_documents/D-1?x=1", "http://127.0.0.1:8080", True),
        ("http://127.0.0.1:8080/_documents/D-1?x=1", "http://127.0.0.1:8080/base/", True),
        ("http://amazon_sim/x", "http://AMAZON_SIM:80", True),
        ("https://sim.test/x", "https://sim.test", True),
        ("http://[::1]:8080/x", "http://[::1]:8080", True),
        ("http://127.0.0.1:8081/x", "http://127.0.0.1:8080", False),
        ("http://127.0.0.2:8080/x", "http://127.0.0.1:8080", False),
        ("http://sim.test/x", "https://sim.test", False),
        ("https://sim.test.evil.test/x", "https://sim.test", False),
        ("https://x.s3.amazonaws.com/x", "https://sim.test", True),  # a proxy before Amazon passes it on
    ],
)
def test_document_of_a_custom_endpoint_is_fetched_from_there_alone(url, api_endpoint, good):
    assert is_document_url(url, api_endpoint) is good


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(stub, connection, status):
    stub.api = lambda seen: Reply(status, b"", {"location": f"{stub.url}/elsewhere"})
    with Gateway(connection, timeout_s=5, deadline_s=0) as gateway:
        with pytest.raises(Unavailable):
            GET.call(gateway)
    with pytest.raises(Unavailable):
        fetch(f"{stub.url}/x", api_endpoint=stub.url, timeout_s=5)
    assert [call.path for call in stub.calls if call.path == "/elsewhere"] == []
    assert len(stub.calls) == 2


# === TO WHOM === #


def certificate():
    """A key and a certificate for localhost that nobody vouches for, as PEM."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(timezone.utc)
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return secret + signed.public_bytes(serialization.Encoding.PEM)


@pytest.fixture
def impostor(tmp_path, monkeypatch):
    """A server whom only the environment vouches for, in all the ways that libraries listen to."""
    file = tmp_path / "impostor.pem"
    file.write_bytes(certificate())
    for name in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        monkeypatch.setenv(name, str(file))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))
    monkeypatch.setenv("PYTHONHTTPSVERIFY", "0")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    wire_module._certificates.cache_clear()
    server = Flood(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}", context)
    yield server
    server.close()
    wire_module._certificates.cache_clear()


def test_impostor_gets_no_request_whatever_the_environment_says(impostor, connection):
    base = f"https://localhost:{impostor.port}"
    there = dataclasses.replace(connection, api_endpoint=base, lwa_endpoint=f"{base}/token")
    with Gateway(there, timeout_s=5, deadline_s=0) as gateway:
        with pytest.raises(Unavailable, match="ConnectError"):
            CREATE.call(gateway)
    with pytest.raises(Unavailable, match="SSLError"):
        fetch(f"{base}/x", api_endpoint=base, timeout_s=5)
    assert impostor.served == 0


def test_nothing_in_the_layer_can_switch_the_verification_off():
    parameters = {field.name for field in dataclasses.fields(fba_amazon.Connection)}
    assert parameters == {"api_endpoint", "lwa_endpoint", "client_id", "client_secret", "refresh_token", "account"}
    for path in Path(fba_amazon.__file__).parent.glob("*.py"):
        source = path.read_text()
        assert not re.search(
            r"verify\w*\s*=\s*(?!\s|True\b|_certificates\(\))|CERT_NONE|unverified|check_hostname", source
        )
        assert "trust_env=True" not in source and "follow_redirects=True" not in source


def test_environments_of_amazon_leave_no_choice_of_the_host():
    for environment in ("production", "sandbox"):
        for region in ("na", "eu", "fe"):
            for url in endpoints(environment, region):
                assert re.fullmatch(r"https://[a-z.-]+\.amazon\.com(/auth/o2/token)?", url)
    with pytest.raises(ValueError, match="no endpoint"):
        endpoints("custom", "eu")
