"""Usage plans: when Amazon says 429, and when calls come back."""

import pytest

from amazon_simulator.api.throttle import Throttle

from .conftest import ORDERS, OUTBOUND, Amazon


class Time:
    """Real time that a test turns."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def taken(throttle: Throttle, rate: float = 2.0, burst: float = 3) -> int:
    """How many calls pass before the bucket is empty."""
    return next(number for number in range(1000) if not throttle.take("seller", "getOrder", rate, burst))


def test_take_from_full_bucket_passes_burst_calls() -> None:
    assert taken(Throttle(Time())) == 3


def test_take_after_real_time_passes_rate_calls_a_second_up_to_burst() -> None:
    time = Time()
    throttle = Throttle(time)
    taken(throttle)
    time.now += 0.4
    assert taken(throttle) == 0
    time.now += 0.1
    assert taken(throttle) == 1
    time.now += 60
    assert taken(throttle) == 3


def test_take_after_skipped_time_passes_again() -> None:
    throttle = Throttle(Time())
    taken(throttle)
    throttle.skip(1)
    assert taken(throttle) == 2


def test_take_with_a_burst_below_one_still_passes_one() -> None:
    assert taken(Throttle(Time()), burst=0.02) == 1


def test_take_for_one_seller_or_operation_leaves_the_others_alone() -> None:
    throttle = Throttle(Time())
    assert throttle.take("a", "getOrder", 1, 1)
    assert not throttle.take("a", "getOrder", 1, 1)
    assert throttle.take("b", "getOrder", 1, 1)
    assert throttle.take("a", "searchOrders", 1, 1)


@pytest.fixture
def slow(amazon: Amazon) -> Amazon:
    """A world whose plans are so small that real time does not count: searchOrders has one call."""
    amazon.control("POST", "settings", plan_factor=0.001)
    return amazon


def test_search_beyond_the_plan_answers_quota_exceeded_and_does_nothing(slow: Amazon) -> None:
    assert slow.search().status_code == 200
    response = slow.search()
    assert response.status_code == 429
    assert response.json()["errors"][0]["code"] == "QuotaExceeded"
    assert response.json()["errors"][0]["message"] == "You exceeded your quota for the requested resource."
    assert "x-amzn-RateLimit-Limit" not in response.headers
    assert "x-amzn-RequestId" in response.headers
    assert slow.journal("searchOrders")[-1]["status"] == 429


def test_create_beyond_the_plan_creates_nothing(slow: Amazon) -> None:
    slow.create(sellerFulfillmentOrderId="A")
    assert slow.create(sellerFulfillmentOrderId="B").status_code == 429
    assert [order["order_id"] for order in slow.control("GET", "fulfillment-orders")] == ["A"]


def test_advance_fills_the_bucket(slow: Amazon) -> None:
    slow.search()
    slow.advance(days=3)
    assert slow.search().status_code == 200


def test_reset_gives_full_buckets(slow: Amazon) -> None:
    slow.search()
    slow.control("POST", "reset")
    slow.control("POST", "settings", plan_factor=0.001)
    token = slow.grant().json()["access_token"]
    query = {"lastUpdatedAfter": "2000-01-01T00:00:00Z"}
    assert [slow.call("GET", ORDERS, token=token, params=query).status_code for _ in range(2)] == [200, 429]


def test_call_without_token_costs_nothing(slow: Amazon) -> None:
    assert slow.call("GET", OUTBOUND, token="Atza|forged").status_code == 403
    assert slow.call("GET", OUTBOUND).status_code == 200


def test_grant_has_no_plan(slow: Amazon) -> None:
    assert {slow.grant().status_code for _ in range(5)} == {200}


def test_plan_factor_shows_in_the_rate_limit_header(amazon: Amazon) -> None:
    assert amazon.search().headers["x-amzn-RateLimit-Limit"] == "0.0056"
    amazon.control("POST", "settings", plan_factor=3)
    assert amazon.search().headers["x-amzn-RateLimit-Limit"] == "0.0168"


@pytest.mark.parametrize("settings", [{"plan_factor": 0}, {"plan_factor": -1}, {"latency_seconds": -0.5}])
def test_settings_below_their_least_are_refused_and_change_nothing(amazon: Amazon, settings: dict[str, float]) -> None:
    before = amazon.control("POST", "settings")
    assert amazon.try_control("POST", "settings", list_page_size=7, **settings).status_code == 400
    assert amazon.control("POST", "settings") == before
