"""A refusal of one record is told from a refusal of the account by a second witness."""

from datetime import datetime, timezone

import pytest
from fba_amazon import AuthenticationFailed, Gateway, KeysRefused, Throttled, Unavailable, because

from .operations import CASES
from .payloads import FULFILLMENT_ORDER_LIST
from .stub import HTML, Reply, error

OUTBOUND = "/fba/outbound/2020-07-01/fulfillmentOrders"
REPORTS = "/reports/2021-06-30/reports"
REFUSED = error(403, "Unauthorized", "Access to requested resource is denied.")
BY_NAME = {case.name: case for case in CASES}


def refusal(operation="getFulfillmentOrder"):
    return AuthenticationFailed(because("quote", words="no"), operation=operation, http_status=403, code="Unauthorized")


def answering(reply):
    return lambda seen: reply


def test_order_that_is_refused_alone_says_nothing_of_the_account(stub, gateway):
    stub.api = lambda seen: Reply(body=FULFILLMENT_ORDER_LIST) if seen.path == OUTBOUND else REFUSED
    with pytest.raises(AuthenticationFailed) as caught:
        gateway.get_fulfillment_order("S 1")
    assert caught.value.operation == "getFulfillmentOrder"
    before = len(stub.calls)
    assert gateway.confirm_refusal(caught.value) is None
    (witness,) = stub.calls[before:]
    assert (witness.method, witness.path, list(witness.query)) == ("GET", OUTBOUND, ["queryStartDate"])
    asked = datetime.strptime(witness.query["queryStartDate"][0], "%Y-%m-%dT%H:%M:%S%z")
    assert abs((datetime.now(timezone.utc) - asked).total_seconds()) < 60


def test_account_that_is_refused_raises_the_first_refusal(stub, gateway):
    stub.api = answering(REFUSED)
    first = refusal()
    with pytest.raises(AuthenticationFailed) as caught:
        gateway.confirm_refusal(first)
    assert caught.value is first


@pytest.mark.parametrize(("reply", "refused"), [(Reply(body=FULFILLMENT_ORDER_LIST), False), (REFUSED, True)])
def test_witness_is_heard_once(stub, gateway, reply, refused):
    stub.api = answering(reply)
    for operation in ("getFulfillmentOrder", "cancelFulfillmentOrder", "getPackageTrackingDetails"):
        error_ = refusal(operation)
        if refused:
            with pytest.raises(AuthenticationFailed) as caught:
                gateway.confirm_refusal(error_)
            assert caught.value is error_
        else:
            gateway.confirm_refusal(error_)
    assert len(stub.calls) == (2 if refused else 1)  # a refused call is made again with a new token


def test_witness_of_another_gateway_is_heard_anew(stub, connection):
    stub.api = answering(Reply(body=FULFILLMENT_ORDER_LIST))
    for _ in range(2):
        with Gateway(connection) as gateway:
            gateway.confirm_refusal(refusal())
    assert len(stub.calls) == 2


def test_witness_reads_the_first_page_only(stub, gateway):
    page = {"payload": {**FULFILLMENT_ORDER_LIST["payload"], "nextToken": "n"}}
    stub.api = answering(Reply(body=page))
    gateway.confirm_refusal(refusal())
    assert len(stub.calls) == 1


def test_witness_of_the_reports_concerns_no_report(stub, gateway):
    stub.api = lambda seen: Reply(body={"reports": []}) if seen.path == REPORTS else REFUSED
    gateway.confirm_refusal(refusal("getReportDocument"))
    (witness,) = stub.calls
    assert (witness.path, sorted(witness.query)) == (REPORTS, ["pageSize", "reportTypes"])


def test_witness_of_one_api_says_nothing_of_another(stub, gateway):
    stub.api = lambda seen: Reply(body=FULFILLMENT_ORDER_LIST) if seen.path == OUTBOUND else REFUSED
    gateway.confirm_refusal(refusal())
    with pytest.raises(AuthenticationFailed):
        gateway.confirm_refusal(refusal("getReport"))


def test_question_that_amazon_does_not_like_is_an_open_door(stub, gateway):
    stub.api = answering(error(400, "InvalidInput", "queryStartDate lies in the future"))
    assert gateway.confirm_refusal(refusal()) is None


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(503, HTML), Unavailable),
        (Reply(drop=True), Unavailable),
        (Reply(body={}), Unavailable),
    ],
)
def test_witness_that_does_not_get_through_is_no_verdict(stub, gateway, reply, expected):
    stub.api = [reply, Reply(body=FULFILLMENT_ORDER_LIST)]
    with pytest.raises(expected):
        gateway.confirm_refusal(refusal())
    assert gateway.confirm_refusal(refusal()) is None


def test_witness_without_room_in_amazons_plan_is_no_verdict(stub, patient):
    stub.api = [*[error(429, "QuotaExceeded")] * 5, Reply(body=FULFILLMENT_ORDER_LIST)]
    with pytest.raises(Throttled):
        patient.confirm_refusal(refusal())
    assert patient.confirm_refusal(refusal()) is None


def test_keys_that_login_refuses_need_no_witness(stub, gateway):
    refused = KeysRefused(because("quote", words="no"), operation="getAccessToken", code="invalid_grant")
    with pytest.raises(KeysRefused) as caught:
        gateway.confirm_refusal(refused)
    assert caught.value is refused
    assert stub.calls == stub.token_calls == []


@pytest.mark.parametrize(
    "operation", ["getInventorySummaries", "searchOrders", "getMarketplaceParticipations", "getAccessToken"]
)
def test_api_without_such_a_question_is_refused_as_a_whole(stub, gateway, operation):
    first = refusal(operation)
    with pytest.raises(AuthenticationFailed) as caught:
        gateway.confirm_refusal(first)
    assert caught.value is first
    assert stub.calls == []


@pytest.mark.parametrize("case", CASES, ids=str)
def test_refusal_of_each_operation_names_it(stub, gateway, case):
    stub.api = answering(REFUSED)
    with pytest.raises(AuthenticationFailed) as caught:
        case.call(gateway)
    assert caught.value.operation == case.name
