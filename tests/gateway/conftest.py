"""A scripted server, and a gateway that talks to it."""

import pytest
from fba_amazon import Clock, Connection, Gateway, Pace, forget_paces

from .payloads import CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN
from .stub import Stub


@pytest.fixture(autouse=True)
def fresh_paces():
    """A port may come again, and with it the pace of a test that used it up."""
    forget_paces()


@pytest.fixture
def stub():
    server = Stub()
    yield server
    server.close()


@pytest.fixture
def connection(stub):
    return Connection(stub.url, stub.lwa_url, CLIENT_ID, CLIENT_SECRET, REFRESH_TOKEN)


@pytest.fixture
def gateway(connection):
    """It never waits for Amazon's plan, and nothing is left to chance."""
    with Gateway(connection, timeout_s=2, deadline_s=0, pace=Pace(Clock(chance=lambda: 0))) as gateway:
        yield gateway


@pytest.fixture
def patient(connection):
    """It waits as long as Amazon's plan wants, in no time."""
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    with Gateway(connection, timeout_s=2, pace=Pace(Clock(now=lambda: now[0], sleep=sleep))) as gateway:
        yield gateway
