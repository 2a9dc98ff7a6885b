"""Every way a call can end comes to exactly one error, whatever the operation, and none of them tells a secret."""

import socket
import struct
import threading
import time
import traceback

import pytest
from fba_amazon import (
    AlreadyExists,
    AmazonError,
    AuthenticationFailed,
    Connection,
    DeadlineReached,
    Gateway,
    KeysRefused,
    Malformed,
    NotFound,
    OutcomeUnknown,
    Rejected,
    Throttled,
    Unavailable,
)
from fba_amazon.wire import NoAnswer, Wire

from .operations import CASES
from .payloads import CLIENT_ID, CLIENT_SECRET, FULFILLMENT_ORDER, ORDER, REFRESH_TOKEN
from .stub import HTML, Reply, error

DUPLICATE = "A create request already exists for MerchantFulfillmentOrderId ODOO-OUT-00042"
QUOTA = "You exceeded your quota for the requested resource."
# A truncated body has two faces: JSON cut short, and a connection closed before all was sent.
CUT = b'{"payload": {"fulfil'

# An answer of Amazon's, or of something in between; what a read raises, and what a write raises.
ANSWERS = [
    ("400", error(400, "InvalidInput", "the SellerSKU for Item Id: X is invalid"), Rejected, Rejected),
    ("400_other_code", error(400, "InvalidParameterValue"), Rejected, Rejected),
    ("400_html", Reply(400, HTML), Unavailable, OutcomeUnknown),
    ("400_without_errors", Reply(400, {"message": "Bad Request"}), Unavailable, OutcomeUnknown),
    ("401", error(401, "Unauthorized"), AuthenticationFailed, AuthenticationFailed),
    ("403", error(403, "Unauthorized"), AuthenticationFailed, AuthenticationFailed),
    ("403_without_errors", Reply(403, {"message": "Forbidden"}), AuthenticationFailed, AuthenticationFailed),
    ("403_html", Reply(403, HTML), Unavailable, OutcomeUnknown),
    ("404", error(404, "NotFound"), NotFound, NotFound),
    ("404_html", Reply(404, HTML), Unavailable, OutcomeUnknown),
    ("408", error(408, "RequestTimeout"), Unavailable, OutcomeUnknown),
    ("409", error(409, "Conflict"), Rejected, Rejected),
    ("413", error(413, "RequestTooLarge"), Rejected, Rejected),
    ("415", error(415, "UnsupportedMediaType"), Rejected, Rejected),
    ("429", error(429, "QuotaExceeded", QUOTA), Throttled, Throttled),
    (
        "429_with_rate",
        error(429, "QuotaExceeded", QUOTA, headers={"x-amzn-RateLimit-Limit": "0.1"}),
        Throttled,
        Throttled,
    ),
    ("429_html", Reply(429, HTML), Throttled, OutcomeUnknown),
    ("500", error(500, "InternalFailure"), Unavailable, OutcomeUnknown),
    ("500_without_errors", Reply(500, {}), Unavailable, OutcomeUnknown),
    ("500_html", Reply(500, HTML), Unavailable, OutcomeUnknown),
    ("500_empty", Reply(500, b""), Unavailable, OutcomeUnknown),
    ("502_html", Reply(502, HTML), Unavailable, OutcomeUnknown),
    ("503", error(503, "ServiceUnavailable"), Unavailable, OutcomeUnknown),
    ("503_html", Reply(503, HTML), Unavailable, OutcomeUnknown),
    ("503_empty", Reply(503, b""), Unavailable, OutcomeUnknown),
    ("504_html", Reply(504, HTML), Unavailable, OutcomeUnknown),
    ("302", Reply(302, b"", headers={"location": "/elsewhere"}), Unavailable, OutcomeUnknown),
    ("200_empty", Reply(200, b""), Unavailable, OutcomeUnknown),
    ("200_html", Reply(200, HTML), Unavailable, OutcomeUnknown),
    ("200_list", Reply(200, []), Unavailable, OutcomeUnknown),
    ("200_null", Reply(200, b"null"), Unavailable, OutcomeUnknown),
    ("200_not_utf8", Reply(200, b'{"a": "\xff"}'), Unavailable, OutcomeUnknown),
    ("200_nan", Reply(200, b'{"a": NaN}'), Unavailable, OutcomeUnknown),
    ("200_with_errors", error(200, "InvalidInput"), Unavailable, OutcomeUnknown),
    ("200_truncated", Reply(200, CUT), Unavailable, OutcomeUnknown),
    ("200_cut_off", Reply(200, CUT, content_length=999), Unavailable, OutcomeUnknown),
    ("200_bad_gzip", Reply(200, b"{}", headers={"content-encoding": "gzip"}), Unavailable, OutcomeUnknown),
    ("dropped_after_it_went_out", Reply(drop=True), Unavailable, OutcomeUnknown),
    ("read_timeout", Reply(delay_s=0.5), Unavailable, OutcomeUnknown),
]
LWA_ANSWERS = [
    ("invalid_grant", Reply(400, {"error": "invalid_grant", "error_description": REFRESH_TOKEN}), KeysRefused),
    ("invalid_client", Reply(401, {"error": "invalid_client"}), KeysRefused),
    ("unauthorized_client", Reply(400, {"error": "unauthorized_client"}), KeysRefused),
    ("invalid_request", Reply(400, {"error": "invalid_request"}), KeysRefused),
    ("server_error", Reply(400, {"error": "server_error"}), Unavailable),
    ("400_html", Reply(400, HTML), Unavailable),
    ("400_without_error", Reply(400, {}), Unavailable),
    ("429", Reply(429, {"error": "slow_down"}), Throttled),
    ("429_html", Reply(429, HTML), Throttled),
    ("500_json", Reply(500, {"error": "invalid_grant"}), Unavailable),
    ("500_html", Reply(500, HTML), Unavailable),
    ("503_empty", Reply(503, b""), Unavailable),
    ("200_html", Reply(200, HTML), Unavailable),
    ("200_without_token", Reply(200, {"token_type": "bearer"}), Malformed),
    ("200_unusable_token", Reply(200, {"access_token": "a\nb"}), Malformed),
    ("dropped", Reply(drop=True), Unavailable),
    ("read_timeout", Reply(delay_s=0.5), Unavailable),
]


def raised(gateway, call):
    with pytest.raises(AmazonError) as caught:
        call(gateway)
    report = "".join(traceback.format_exception(caught.value))
    for text in (str(caught.value), repr(caught.value), caught.value.user_message, report, repr(gateway)):
        for secret in (CLIENT_SECRET, REFRESH_TOKEN, "Atza|", "Eva Muster", "Hauptstr"):
            assert secret not in text
    assert caught.value.operation and caught.value.user_message
    return caught.value


@pytest.fixture
def unhurried(connection):
    """However slow the machine, it is not what fails."""
    with Gateway(connection, timeout_s=20, deadline_s=0) as gateway:
        yield gateway


def lose_patience(gateway):
    """Now the answer that is too late for it can come."""
    gateway._transport.wire._timeout_s = 0.2


BY_NAME = {case.name: case for case in CASES}
CREATE, GET = BY_NAME["createFulfillmentOrder"], BY_NAME["getFulfillmentOrder"]
create, get = CREATE.call, GET.call


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(("answer", "read", "write"), [pytest.param(a, r, w, id=i) for i, a, r, w in ANSWERS])
def test_call_answered_badly_raises_one_error(stub, unhurried, case, answer, read, write):
    stub.api = [answer]
    expected = write if case.write else read
    if answer.delay_s:
        unhurried._transport.token.get()
        lose_patience(unhurried)
    caught = raised(unhurried, case.call)
    assert type(caught) is expected
    assert caught.operation == case.name
    if not (answer.drop or answer.delay_s or answer.content_length or "content-encoding" in answer.headers):
        assert (caught.http_status, caught.request_id) == (answer.status, "req-1")
    if isinstance(answer.body, dict) and "errors" in answer.body and answer.status != 200:
        assert caught.code == answer.body["errors"][0]["code"]
    # Nothing is repeated but what Amazon certainly did not execute.
    assert len(stub.calls) == (2 if expected is AuthenticationFailed else 1)


@pytest.mark.parametrize("case", [case for case in CASES if case.good is not None], ids=str)
def test_call_answered_well_raises_nothing(stub, unhurried, case):
    stub.api = [Reply(body=case.good)]
    case.call(unhurried)
    assert len(stub.calls) == 1


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize(("answer", "expected"), [pytest.param(a, e, id=i) for i, a, e in LWA_ANSWERS])
def test_token_answered_badly_sends_nothing(stub, unhurried, answer, expected, case):
    stub.lwa = [answer]
    if answer.delay_s:
        lose_patience(unhurried)
    assert type(raised(unhurried, case.call)) is expected
    assert stub.calls == []


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("broken", ["api_refused", "lwa_refused", "no_host", "bad_host", "no_dns", "tls"])
def test_call_that_never_left_raises_unavailable(stub, monkeypatch, case, broken):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        refused = f"http://127.0.0.1:{closed.getsockname()[1]}"
    if broken == "no_dns":
        fail_for(monkeypatch, "nowhere.test")
    api = {
        "api_refused": refused,
        "no_host": "http://",
        "bad_host": f"http://{'x' * 70}.test",
        "no_dns": "http://nowhere.test",
        "tls": stub.url.replace("http:", "https:"),
    }
    lwa = refused if broken == "lwa_refused" else stub.lwa_url
    connection = Connection(api.get(broken, stub.url), lwa, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN)
    with Gateway(connection, timeout_s=2) as gateway:
        assert type(raised(gateway, case.call)) is Unavailable


def fail_for(monkeypatch, host):
    """No name server is asked: how long one takes to say no differs from machine to machine."""
    find = socket.getaddrinfo

    def getaddrinfo(name, *words, **options):
        if name == host:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return find(name, *words, **options)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)


def test_request_cut_off_while_it_was_sent_certainly_did_not_happen():
    """More than the network holds meets a server that reads none of it and resets: the end never left us."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def reset():
            connection, _address = server.accept()
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            connection.close()

        threading.Thread(target=reset, daemon=True).start()
        wire = Wire(timeout_s=2)
        with pytest.raises(NoAnswer) as caught:
            wire.request("POST", f"http://127.0.0.1:{server.getsockname()[1]}/", content=b"x" * 50_000_000)
        wire.close()
    assert not caught.value.sent


def test_create_with_a_known_id_already_exists(stub, gateway):
    stub.api = [error(400, "InvalidInput", DUPLICATE)]
    assert type(raised(gateway, create)) is AlreadyExists


def test_call_with_a_refused_token_renews_it_once_and_succeeds(stub, gateway):
    stub.api = [error(403, "Unauthorized"), Reply(body={})]
    create(gateway)
    assert [call.headers["x-amz-access-token"] for call in stub.calls] == ["Atza|1", "Atza|2"]


def test_call_with_a_refused_token_and_failing_renewal_raises_what_the_renewal_raises(stub, gateway):
    token = Reply(body={"access_token": "Atza|x", "expires_in": 3600})
    stub.api = [error(403, "Unauthorized")]
    stub.lwa = [token, Reply(500, HTML)]
    assert type(raised(gateway, create)) is Unavailable
    stub.lwa = [token, Reply(400, {"error": "invalid_grant"})]
    assert raised(gateway, create).code == "invalid_grant"


def test_create_failing_after_renewal_leaves_the_outcome_unknown(stub, gateway):
    stub.api = [error(401, "Unauthorized"), Reply(502, HTML)]
    assert type(raised(gateway, create)) is OutcomeUnknown


@pytest.mark.parametrize(
    ("header", "seconds"),
    [(None, 1.0), ("0.5", 2.0), ("2.0", 1.0), ("0.0056", 1 / 0.0056), ("0", 1.0), ("nan", 1.0), ("many", 1.0)],
)
def test_call_when_throttled_says_how_long_to_wait(stub, gateway, header, seconds):
    headers = {"x-amzn-RateLimit-Limit": header} if header else {}
    stub.api = [error(429, "QuotaExceeded", QUOTA, headers=headers)]
    assert raised(gateway, create).retry_after == pytest.approx(seconds)


@pytest.mark.parametrize(("header", "wait"), [("1", "1 second"), ("0.5", "2 seconds"), ("0.0056", "179 seconds")])
def test_call_when_throttled_says_so_in_words(stub, gateway, header, wait):
    stub.api = [error(429, "QuotaExceeded", QUOTA, headers={"x-amzn-RateLimit-Limit": header})]
    assert raised(gateway, create).user_message == f"Amazon received too many requests; wait {wait}"


@pytest.mark.parametrize(("seconds", "words"), [(0.2, "1 second"), (1.2, "1 second"), (61.0, "61 seconds")])
def test_call_beyond_the_deadline_says_when_it_is_possible(seconds, words):
    error_ = DeadlineReached(retry_after=seconds, operation="test")
    assert error_.user_message == f"Amazon limits the pace; the next call is possible in {words}"


def test_search_when_throttled_without_header_waits_as_its_plan_says(stub, gateway):
    stub.api = [error(429, "QuotaExceeded", QUOTA)]
    with pytest.raises(Throttled) as caught:
        next(gateway.search_orders(updated_after=ORDER.displayable_at, marketplace_ids=["M"]))
    assert caught.value.retry_after == pytest.approx(1 / 0.0056)


def test_create_rejected_quotes_amazon_to_the_user_only(stub, gateway):
    stub.api = [error(400, "InvalidInput", "Value Hauptstr. 1 is invalid")]
    with pytest.raises(Rejected) as caught:
        create(gateway)
    rejected = caught.value
    assert rejected.user_message == "InvalidInput: Value Hauptstr. 1 is invalid"
    facts = (rejected.operation, rejected.http_status, rejected.code, rejected.request_id)
    assert facts == ("createFulfillmentOrder", 400, "InvalidInput", "req-1")
    assert str(rejected) == "createFulfillmentOrder: HTTP 400 InvalidInput request req-1"


@pytest.mark.parametrize(
    ("lwa", "message"),
    [
        ("invalid_grant", "invalid_grant: the authorization was revoked or has expired"),
        ("invalid_client", "invalid_client: the client id or secret is wrong"),
    ],
)
def test_token_refused_says_what_to_correct(stub, gateway, lwa, message):
    stub.lwa = [Reply(400, {"error": lwa})]
    assert raised(gateway, get).user_message == message


def test_call_forbidden_says_what_to_correct(stub, gateway):
    stub.api = [error(403, "Unauthorized")]
    expected = "Unauthorized: the application lacks the role, or its authorization was withdrawn"
    assert raised(gateway, get).user_message == expected


def test_get_with_a_body_that_drips_ends_at_the_limit(stub, unhurried, monkeypatch):
    monkeypatch.setattr("fba_amazon.wire.OPERATION_LIMIT_S", 0.5)
    stub.api = [Reply(body=FULFILLMENT_ORDER, drip_s=0.05)]  # never silent as long as a read time-out
    start = time.monotonic()
    assert raised(unhurried, get).code == "ReadTimeout"
    assert time.monotonic() - start < 10  # all of it would take half a minute


def test_operation_with_every_time_out_ends_within_its_limit(stub, connection, monkeypatch):
    monkeypatch.setattr("fba_amazon.wire.OPERATION_LIMIT_S", 2.0)
    token = {"access_token": "Atza|x"}
    stub.lwa = [Reply(body=token, delay_s=0.3), Reply(body=token)]
    stub.api = [error(403, "Unauthorized", delay_s=0.2), Reply(delay_s=20)]
    start = time.monotonic()
    with Gateway(connection, timeout_s=30) as gateway:
        assert type(raised(gateway, create)) is OutcomeUnknown
    assert time.monotonic() - start < 10
