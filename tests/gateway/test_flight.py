"""A few calls on their way at once: in order, not too many, each with its own outcome."""

import threading

import pytest
from fba_amazon import FulfillmentOrder, Gateway, NotFound, Rejected, because
from fba_amazon.flight import AT_ONCE, in_flight

from .operations import PREVIEW_ORDER
from .payloads import FULFILLMENT_ORDER
from .stub import Reply, error


class Calls:
    """Counts how many run at once; `gate` makes the first one the last to end."""

    def __init__(self):
        self.running = self.most = 0
        self.started = []
        self.gate = threading.Event()
        self._lock = threading.Lock()

    def __call__(self, number):
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.started.append(number)
            if len(self.started) == AT_ONCE:
                self.gate.set()
        if number == 0:
            assert self.gate.wait(5)
        with self._lock:
            self.running -= 1
        if number % 5 == 3:
            raise Rejected(because("quote", words="no"), operation="test")
        return number * 10


def test_in_flight_gives_results_and_errors_in_order():
    calls = Calls()
    results = list(in_flight(calls, range(20)))
    assert [number for number, _ in results] == list(range(20))
    for number, outcome in results:
        assert isinstance(outcome, Rejected) if number % 5 == 3 else outcome == number * 10
    assert calls.most <= AT_ONCE


def test_in_flight_runs_several_at_once():
    """The first call ends only when as many as may have started: one at a time, it would wait for ever."""
    calls = Calls()
    assert next(in_flight(calls, range(AT_ONCE))) == (0, 0)


def test_in_flight_goes_no_further_ahead_than_it_says():
    calls = Calls()
    results = in_flight(calls, range(100))
    next(results)
    results.close()
    assert sorted(calls.started) == list(range(AT_ONCE))


def test_in_flight_reads_what_to_do_in_the_callers_thread():
    threads = []

    def arguments():
        for number in range(AT_ONCE):
            threads.append(threading.current_thread())
            yield number

    list(in_flight(Calls(), arguments()))
    assert set(threads) == {threading.current_thread()}


def test_in_flight_with_a_bug_raises_it():
    with pytest.raises(ZeroDivisionError):
        list(in_flight(lambda number: 1 / number, [0]))


def test_get_of_many_reads_each(stub, gateway):
    stub.api = [Reply(body=FULFILLMENT_ORDER)]
    results = list(gateway.get_fulfillment_orders(["A", "B", "C"]))
    assert [name for name, _ in results] == ["A", "B", "C"]
    assert all(isinstance(order, FulfillmentOrder) for _, order in results)


def test_get_of_many_keeps_each_outcome(stub, gateway):
    stub.api = lambda seen: error(404, "NotFound") if seen.path.endswith("/B") else Reply(body=FULFILLMENT_ORDER)
    outcomes = dict(gateway.get_fulfillment_orders(["A", "B", "C"]))
    assert isinstance(outcomes.pop("B"), NotFound)
    assert all(isinstance(order, FulfillmentOrder) for order in outcomes.values())


def test_preview_of_many_keeps_each_outcome(stub, gateway):
    stub.api = [error(404, "NotFound")]
    (_, first), (_, second) = gateway.preview_fulfillments([PREVIEW_ORDER, PREVIEW_ORDER])
    assert isinstance(first, NotFound) and isinstance(second, NotFound)


def test_calls_at_once_share_one_token_and_renew_it_once(connection, stub):
    """The token is refused as long as it is the first one: four calls meet that at the same time."""
    ready = threading.Barrier(AT_ONCE, timeout=5)

    def answer(seen):
        if seen.headers["x-amz-access-token"] == "Atza|1":
            ready.wait()
            return error(403, "Unauthorized")
        return Reply(body=FULFILLMENT_ORDER)

    stub.api = answer
    with Gateway(connection, timeout_s=5) as gateway:
        orders = list(gateway.get_fulfillment_orders("ABCD"))
    assert all(isinstance(order, FulfillmentOrder) for _, order in orders)
    assert len(stub.token_calls) == 2
