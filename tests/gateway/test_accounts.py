"""Accounts are kept apart, and neither the environment nor a log gets between us and Amazon."""

import contextlib
import dataclasses
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from fba_amazon import AmazonError, Connection, Gateway, endpoints

from .operations import CASES
from .payloads import CLIENT_ID, CLIENT_SECRET, ORDER, REFRESH_TOKEN, REPORT
from .stub import HTML, Reply, error


def test_gateway_is_loaded_without_odoo():
    assert "odoo" not in sys.modules


def test_token_is_fetched_once_and_kept(stub, gateway):
    gateway.create_fulfillment_order(ORDER)
    gateway.create_fulfillment_order(ORDER)
    (call,) = stub.token_calls
    assert call.form == {
        "grant_type": "refresh_token",
        "refresh_token": REFRESH_TOKEN,
        "client_id": CLIENT_ID,
        "client_secret": CLIENT_SECRET,
    }


def test_token_near_its_end_is_renewed(stub, gateway):
    stub.lwa = [Reply(body={"access_token": "Atza|short", "expires_in": 60})]
    gateway.create_fulfillment_order(ORDER)
    gateway.create_fulfillment_order(ORDER)
    assert len(stub.token_calls) == 2


def test_two_applications_of_one_seller_never_share_a_token(stub, connection):
    other = dataclasses.replace(connection, client_id="amzn1.application-oa2-client.other")
    with Gateway(connection) as first, Gateway(other) as second:
        for gateway in (first, second, first):
            gateway.create_fulfillment_order(ORDER)
    tokens = [call.headers["x-amz-access-token"] for call in stub.calls]
    assert tokens == ["Atza|1", "Atza|2", "Atza|1"]
    assert [call.form["client_id"] for call in stub.token_calls] == [CLIENT_ID, other.client_id]


def test_library_keeps_no_token_of_ours(stub, gateway):
    from sp_api.auth import access_token_client

    access_token_client.cache.clear()
    gateway.create_fulfillment_order(ORDER)
    assert len(access_token_client.cache) == 0


def test_endpoint_with_trailing_slash_works(stub, connection):
    with Gateway(dataclasses.replace(connection, api_endpoint=f"{stub.url}/")) as gateway:
        gateway.create_fulfillment_order(ORDER)
    assert stub.calls[0].path == "/fba/outbound/2020-07-01/fulfillmentOrders"


ENVIRONMENT = {
    "SP_API_DEFAULT_MARKETPLACE": "JP",
    "AWS_ENV": "SANDBOX",
    "SP_API_REFRESH_TOKEN": "Atzr|of-another",
    "LWA_APP_ID": "another",
    "LWA_CLIENT_SECRET": "another",
    "SP_API_AWS_SECRET_ID": "another",
    **{name: "http://127.0.0.1:1" for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy")},
}
SCRIPT = """
import conftest, sys
from fba_amazon import Connection, Gateway
from gateway.payloads import ORDER
with Gateway(Connection(*sys.argv[1:])) as gateway:
    gateway.create_fulfillment_order(ORDER)
"""


def test_environment_cannot_redirect_an_account(stub, connection):
    tests = Path(__file__).parents[1]
    subprocess.run(
        [sys.executable, "-c", SCRIPT, *dataclasses.astuple(connection)],
        env={**os.environ, **ENVIRONMENT, "PYTHONPATH": str(tests)},
        check=True,
        timeout=60,
    )
    assert stub.token_calls[0].form["refresh_token"] == REFRESH_TOKEN
    assert stub.calls[0].json["marketplaceId"] == "A1PA6795UKMFR9"
    assert stub.calls[0].query == {}


def test_connection_repr_hides_the_secrets(connection):
    assert CLIENT_SECRET not in repr(connection) and REFRESH_TOKEN not in repr(connection)


@pytest.fixture
def everything_logged(caplog):
    """Each logger there is, at DEBUG, as an unlucky administrator would set it."""
    for name in ["", *logging.root.manager.loggerDict]:
        caplog.set_level(logging.DEBUG, logger=name or None)
    return caplog


SECRETS = ("Atza|", REFRESH_TOKEN, CLIENT_SECRET, "Eva Muster", "Hauptstr", "Amazon Way", "10115", "SEATTLE")


@pytest.mark.parametrize("case", CASES, ids=str)
@pytest.mark.parametrize("bad", [None, Reply(502, HTML), error(400, "InvalidInput", "Eva Muster, Hauptstr. 1")])
def test_call_logged_at_debug_tells_no_secret_and_takes_one_line(stub, connection, everything_logged, case, bad):
    stub.api = [bad or Reply(body=case.good or REPORT)]
    named = dataclasses.replace(connection, account="17")
    with Gateway(named, timeout_s=2) as gateway:
        with contextlib.suppress(AmazonError):
            case.call(gateway)
        lines = list(everything_logged.messages)
    for secret in (*SECRETS, stub.url):
        assert not [line for line in everything_logged.messages if secret in line]
    assert [line.split(":")[0] for line in lines] == ["getAccessToken", case.name]
    status = bad.status if bad else 200
    assert re.fullmatch(rf"{case.name}: account 17, \d+ ms, {status}, request req-1", lines[1])


def test_other_users_of_the_library_keep_their_log(gateway, everything_logged):
    logging.getLogger("httpx").info("not ours")
    assert everything_logged.messages == ["not ours"]


@pytest.mark.parametrize(
    ("environment", "region", "host"),
    [
        ("production", "na", "https://sellingpartnerapi-na.amazon.com"),
        ("production", "eu", "https://sellingpartnerapi-eu.amazon.com"),
        ("sandbox", "fe", "https://sandbox.sellingpartnerapi-fe.amazon.com"),
    ],
)
def test_endpoints_of_a_region_are_amazons(environment, region, host):
    assert endpoints(environment, region) == (host, "https://api.amazon.com/auth/o2/token")


@pytest.mark.parametrize(("environment", "region"), [("custom", "na"), ("production", "cn")])
def test_endpoints_unknown_are_refused(environment, region):
    with pytest.raises(ValueError, match="no endpoint"):
        endpoints(environment, region)


def test_connection_to_a_https_host_names_the_host_and_verifies_it():
    import httpx

    connection = Connection(*endpoints("production", "na"), CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN)
    seen = []

    def answer(request):
        seen.append((request.headers["host"], request.url.path))
        return httpx.Response(200, stream=httpx.ByteStream(b'{"access_token": "Atza|1", "expires_in": 3600}'))

    with Gateway(connection) as gateway:
        wire = gateway._transport.wire
        pool = wire._client._transport._pool
        assert pool._ssl_context.verify_mode.name == "CERT_REQUIRED" and pool._ssl_context.check_hostname
        wire._client._transport = httpx.MockTransport(answer)
        gateway.create_fulfillment_order(ORDER)
    assert [host for host, _path in seen] == ["api.amazon.com", "sellingpartnerapi-na.amazon.com"]
