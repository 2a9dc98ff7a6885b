"""Each call is told to the meter of its gateway, whatever comes of it."""

import dataclasses

import pytest
from fba_amazon import Clock, Gateway, NotFound, Pace, Throttled, Unavailable

from .stub import Reply, error

QUOTA = error(429, "QuotaExceeded")
MISSING = error(404, "NotFound")


class Counts:
    """What a meter was told: {operation: [(rate, refused)]}."""

    def __init__(self):
        self.told, self.closed = {}, 0

    def note_call(self, operation, rate, *, refused):
        self.told.setdefault(operation.name, []).append((rate, refused))

    def finish(self):
        self.closed += 1


@pytest.fixture
def meter():
    return Counts()


@pytest.fixture
def metered(connection, meter):
    now = [0.0]

    def sleep(seconds):
        now[0] += seconds

    pace = Pace(Clock(now=lambda: now[0], sleep=sleep, chance=lambda: 0))
    with Gateway(connection, timeout_s=2, pace=pace, meter=meter) as gateway:
        yield gateway


def ask(gateway):
    return gateway.get_fulfillment_order("FBA1")


def told(meter):
    return [refused for _rate, refused in meter.told.get("getFulfillmentOrder", ())]


def test_answered_call_counts_once_and_its_token_without_a_plan(stub, metered, meter):
    stub.api = [MISSING]
    with pytest.raises(NotFound):
        ask(metered)
    assert meter.told == {"getAccessToken": [(0.0, False)], "getFulfillmentOrder": [(2, False)]}


def test_repeated_calls_count_each_time_and_refused_ones_apart(stub, metered, meter):
    stub.api = [QUOTA, MISSING]
    with pytest.raises(NotFound):
        ask(metered)
    assert told(meter) == [True, False]


def test_call_that_is_refused_for_good_counts_as_often_as_it_went(stub, metered, meter):
    stub.api = [QUOTA]
    with pytest.raises(Throttled):
        ask(metered)
    assert told(meter) == [True] * 5


def test_call_without_an_answer_counts(stub, metered, meter):
    stub.api = [Reply(drop=True)]
    with pytest.raises(Unavailable):
        ask(metered)
    assert told(meter) == [False]


def test_call_that_never_left_does_not_count(connection, meter):
    nowhere = dataclasses.replace(connection, api_endpoint="http://127.0.0.1:9")
    with Gateway(nowhere, meter=meter) as gateway, pytest.raises(Unavailable):
        ask(gateway)
    assert list(meter.told) == ["getAccessToken"]


def test_rate_is_amazons_own(stub, metered, meter):
    stub.api = [error(404, "NotFound", headers={"x-amzn-RateLimit-Limit": "7"})]
    for _time in range(2):
        with pytest.raises(NotFound):
            ask(metered)
    assert meter.told["getFulfillmentOrder"] == [(2, False), (7, False)]


def test_meter_is_closed_with_the_gateway(connection, meter):
    with Gateway(connection, meter=meter):
        assert not meter.closed
    assert meter.closed == 1
