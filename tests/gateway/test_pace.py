"""Amazon's usage plans: how fast calls may go, and what happens when they go too fast."""

import dataclasses
from concurrent.futures import ThreadPoolExecutor

import pytest
from fba_amazon import Clock, DeadlineReached, Gateway, InvalidRequest, Pace, Throttled, forget_paces
from fba_amazon.operation import Operation
from fba_amazon.pace import pace_of

from .payloads import FULFILLMENT_ORDER, ORDER
from .stub import HTML, Reply, error

BRISK = Operation("brisk", rate=2, burst=4)
QUOTA = error(429, "QuotaExceeded", "You exceeded your quota for the requested resource.")


class Time:
    """A clock that only waiting turns; `slept` are the waits."""

    def __init__(self, chance=0.0):
        self.now = 100.0
        self.slept = []
        self.clock = Clock(now=lambda: self.now, sleep=self.sleep, chance=lambda: chance)

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.now += seconds


@pytest.fixture
def time():
    return Time()


@pytest.fixture
def pace(time):
    return Pace(time.clock)


def test_wait_lets_the_burst_less_one_go_at_once_then_keeps_the_rate(time, pace):
    for _ in range(6):
        pace.wait(BRISK)
    assert time.slept == [0.5, 0.5, 0.5]


def test_wait_after_a_rest_has_the_burst_again_and_no_more(time, pace):
    for _ in range(4):
        pace.wait(BRISK)
    time.now += 3600
    time.slept.clear()
    for _ in range(4):
        pace.wait(BRISK)
    assert time.slept == [0.5]


def test_wait_keeps_operations_apart(time, pace):
    for name in "abcd":
        pace.wait(Operation(name, rate=1, burst=1))
    assert time.slept == []


def test_wait_beyond_the_deadline_takes_no_place(time, pace):
    for _ in range(3):
        pace.wait(BRISK)
    with pytest.raises(DeadlineReached) as caught:
        pace.wait(BRISK, deadline=time.now + 0.4)
    assert caught.value.retry_after == pytest.approx(0.5)
    pace.wait(BRISK, deadline=time.now + 0.5)
    assert time.slept == [0.5]


def test_wait_for_room_takes_no_place(time, pace):
    for _ in range(3):
        pace.wait(BRISK)
    pace.wait_for_room(BRISK)
    pace.wait(BRISK)
    assert time.slept == [0.5]


def test_wait_of_many_threads_gives_each_a_place_of_its_own():
    slept = []
    pace = Pace(Clock(now=lambda: 0.0, sleep=slept.append))  # time stands still: only places count
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: pace.wait(BRISK), range(13)))
    assert sorted(slept) == [0.5 * place for place in range(1, 11)]


def test_wait_after_a_refusal_is_the_plans_and_a_bit_by_chance():
    time = Time(chance=1.0)
    pace = Pace(time.clock)
    pace.wait(BRISK, refused=True)
    assert time.slept == [0.75]


def test_call_learns_the_rate_from_the_answer(stub, connection, time):
    stub.api = [Reply(body=FULFILLMENT_ORDER, headers={"x-amzn-RateLimit-Limit": "0.5"})]
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        for _ in range(31):
            gateway.get_fulfillment_order("O-1")
    assert time.slept == [2.0, 2.0]


@pytest.mark.parametrize("rate", ["0", "-1", "nan", "inf", "many", ""])
def test_call_with_an_unusable_rate_keeps_the_plans(stub, connection, time, rate):
    stub.api = [Reply(body=FULFILLMENT_ORDER, headers={"x-amzn-RateLimit-Limit": rate})]
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        for _ in range(30):
            gateway.get_fulfillment_order("O-1")
    assert time.slept == [0.5]


def test_create_refused_for_its_pace_waits_and_is_sent_again(stub, connection, time):
    stub.api = [QUOTA, QUOTA, Reply(body={})]
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        gateway.create_fulfillment_order(ORDER)
    assert [call.json for call in stub.calls] == [stub.calls[0].json] * 3
    assert time.slept == [0.5, 0.5]
    assert len(stub.token_calls) == 1


def test_create_refused_again_and_again_raises_throttled(stub, connection, time):
    stub.api = [QUOTA]
    with Gateway(connection, pace=Pace(time.clock)) as gateway, pytest.raises(Throttled) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert type(caught.value) is Throttled
    assert len(stub.calls) == 5


def test_create_refused_shortly_before_the_deadline_raises_throttled_without_sleeping(stub, connection, time):
    stub.api = [QUOTA]
    with Gateway(connection, deadline_s=0.1, pace=Pace(time.clock)) as gateway, pytest.raises(Throttled) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert (type(caught.value), caught.value.http_status, caught.value.code) == (Throttled, 429, "QuotaExceeded")
    assert (len(stub.calls), time.slept) == (1, [])


def test_create_with_429_that_nobody_signed_is_not_sent_again(stub, connection, time):
    stub.api = [Reply(429, HTML)]
    with Gateway(connection, pace=Pace(time.clock)) as gateway, pytest.raises(Exception, match="429"):
        gateway.create_fulfillment_order(ORDER)
    assert len(stub.calls) == 1


def test_call_beyond_the_deadline_says_so_and_asks_nothing(stub, connection, time):
    stub.api = [Reply(body={})]
    with Gateway(connection, deadline_s=0.9, pace=Pace(time.clock)) as gateway:
        for _ in range(30):
            gateway.create_fulfillment_order(ORDER)
        with pytest.raises(DeadlineReached) as caught:
            gateway.create_fulfillment_order(ORDER)
    assert len(stub.calls) == 30
    assert caught.value.retry_after == pytest.approx(0.5)
    assert "pace" in caught.value.user_message


def test_wait_for_create_sleeps_so_that_the_create_does_not(stub, connection, time):
    stub.api = [Reply(body={})]
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        for _ in range(29):
            gateway.create_fulfillment_order(ORDER)
        gateway.wait_for_create()
        assert time.slept == [0.5]
        gateway.create_fulfillment_order(ORDER)
        assert time.slept == [0.5]


@pytest.mark.parametrize(("rate", "at_once"), [(0.001, 1), (0.6, 2), (1, 2), (2, 4), (50, 4)])
def test_creates_at_once_are_as_many_as_the_plan_has_a_use_for(stub, connection, time, rate, at_once):
    stub.api = [Reply(body={}, headers={"x-amzn-RateLimit-Limit": str(rate)})]
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        gateway.create_fulfillment_order(ORDER)
        assert gateway.creates_at_once() == at_once


def test_several_creates_have_an_outcome_each_in_their_order(stub, connection, time):
    names = [f"O-{number}" for number in range(9)]
    stub.api = lambda call: QUOTA if call.json["sellerFulfillmentOrderId"] == "O-4" else Reply(body={})
    orders = [dataclasses.replace(ORDER, order_id=name) for name in names]
    orders[2] = dataclasses.replace(ORDER, order_id="O-2", items=())
    with Gateway(connection, pace=Pace(time.clock)) as gateway:
        kinds = [type(outcome) for outcome in gateway.create_fulfillment_orders(orders)]
    expected = dict.fromkeys(names, type(None)) | {"O-2": InvalidRequest, "O-4": Throttled}
    assert dict(zip(names, kinds, strict=True)) == expected


def test_pace_is_one_for_an_account_and_another_for_another(connection):
    again = dataclasses.replace(connection)
    other = dataclasses.replace(connection, refresh_token="Atzr|other")
    assert pace_of(connection) is pace_of(again)
    assert pace_of(connection) is not pace_of(other)
    before = pace_of(connection)
    forget_paces()
    assert pace_of(connection) is not before
