"""Faults on demand, each from both sides: what the client sees, and what happened."""

import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import requests

from .conftest import OUTBOUND, Amazon, create_body


def arm(amazon: Amazon, kind: str, operation: str = "createFulfillmentOrder", **more: Any) -> None:
    amazon.control("POST", "faults", operation=operation, kind=kind, **more)


def created(amazon: Amazon) -> bool:
    return bool(amazon.control("GET", "fulfillment-orders"))


@pytest.mark.parametrize(("kind", "effect"), [("drop_before", False), ("drop_after", True)])
def test_create_when_dropped_gets_no_answer(amazon: Amazon, kind: str, effect: bool) -> None:
    arm(amazon, kind)
    with pytest.raises(requests.ConnectionError):
        amazon.create()
    assert created(amazon) is effect
    assert amazon.journal("createFulfillmentOrder")[-1]["status"] is None
    assert amazon.create().status_code == (400 if effect else 200)


@pytest.mark.parametrize("effect", [False, True])
def test_create_when_503_is_armed_answers_it_once(amazon: Amazon, effect: bool) -> None:
    arm(amazon, "status", status=503, after_effect=effect)
    response = amazon.create()
    assert (response.status_code, response.json()["errors"][0]["code"]) == (503, "ServiceUnavailable")
    assert "x-amzn-RateLimit-Limit" not in response.headers
    assert created(amazon) is effect


def test_create_when_throttled_answers_quota_exceeded_count_times(amazon: Amazon) -> None:
    arm(amazon, "status", status=429, count=2)
    assert [amazon.create().status_code for _ in range(3)] == [429, 429, 200]


def test_status_fault_with_own_text_sends_it(amazon: Amazon) -> None:
    arm(amazon, "status", status=400, code="InvalidInput", message="Value US is invalid")
    assert amazon.create().json()["errors"][0]["message"] == "Value US is invalid"


def test_create_when_html_is_armed_answers_html(amazon: Amazon) -> None:
    arm(amazon, "html", status=502, after_effect=True)
    response = amazon.create()
    assert (response.status_code, response.headers["Content-Type"].split(";")[0]) == (502, "text/html")
    assert created(amazon)


def test_create_when_empty_is_armed_answers_nothing(amazon: Amazon) -> None:
    arm(amazon, "empty")
    response = amazon.create()
    assert (response.status_code, response.content) == (503, b"")


@pytest.mark.parametrize("effect", [False, True])
def test_create_when_truncated_is_no_json_under_a_right_length(amazon: Amazon, effect: bool) -> None:
    arm(amazon, "truncated", after_effect=effect)
    response = amazon.create()
    assert (response.status_code, response.headers["Content-Type"]) == (200, "application/json")
    assert int(response.headers["Content-Length"]) == len(response.content)
    with pytest.raises(requests.exceptions.JSONDecodeError):
        response.json()
    assert created(amazon) is effect


def test_get_when_truncated_after_the_work_has_half_the_true_answer(amazon: Amazon) -> None:
    amazon.create()
    whole = amazon.call("GET", f"{OUTBOUND}/MCF-1").content
    arm(amazon, "truncated", operation="getFulfillmentOrder", after_effect=True)
    assert amazon.call("GET", f"{OUTBOUND}/MCF-1").content == whole[: len(whole) // 2]


def test_fault_with_probability_hits_the_same_calls_every_time(amazon: Amazon) -> None:
    def statuses(seed: int) -> list[int]:
        amazon.control("DELETE", "faults")
        arm(amazon, "status", operation="lwaToken", status=500, count=None, probability=0.5, seed=seed)
        return [amazon.grant().status_code for _ in range(16)]

    first = statuses(seed=7)
    assert set(first) == {200, 500}
    assert statuses(seed=7) == first
    assert statuses(seed=8) != first


def test_get_faults_lists_what_is_armed_with_the_calls_left(amazon: Amazon) -> None:
    arm(amazon, "status", count=2)
    arm(amazon, "slow", operation="*", seconds=0.5, count=None)
    amazon.create()
    one, other = amazon.control("GET", "faults")
    assert (one["operation"], one["kind"], one["count"], one["status"]) == ("createFulfillmentOrder", "status", 1, 503)
    assert (other["kind"], other["count"], other["seconds"], other["probability"]) == ("slow", None, 0.5, 1.0)


def test_journal_says_which_fault_a_call_met(amazon: Amazon) -> None:
    arm(amazon, "html", status=200)
    amazon.create()
    amazon.create()
    assert [entry["fault"] for entry in amazon.journal("createFulfillmentOrder")] == ["html", None]


def test_latency_delays_every_call_side_by_side(amazon: Amazon) -> None:
    amazon.token()
    amazon.control("POST", "settings", latency_seconds=0.2)
    started = time.monotonic()
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda _: amazon.call("GET", OUTBOUND).status_code, range(4)))
    assert answers == [200] * 4
    assert 0.2 <= time.monotonic() - started < 0.7
    started = time.monotonic()
    amazon.grant()
    assert time.monotonic() - started >= 0.2


@pytest.mark.parametrize("effect", [False, True])
def test_create_when_slow_times_out_and_happens_sooner_or_later(amazon: Amazon, effect: bool) -> None:
    arm(amazon, "slow", seconds=0.3, after_effect=effect)
    amazon.token()
    with pytest.raises(requests.Timeout):
        amazon.call("POST", OUTBOUND, json=create_body(), timeout=0.1)
    assert created(amazon) is effect
    deadline = time.monotonic() + 5
    while not created(amazon) and time.monotonic() < deadline:
        time.sleep(0.01)
    assert created(amazon)


def test_reset_while_a_slow_call_waits_keeps_it_out_of_the_new_world(amazon: Amazon) -> None:
    arm(amazon, "slow", seconds=0.2)
    amazon.token()
    with pytest.raises(requests.Timeout):
        amazon.call("POST", OUTBOUND, json=create_body(), timeout=0.1)
    amazon.control("POST", "reset")
    for sku in ("SKU-1", "SKU-2"):
        amazon.control("PUT", f"stock/{sku}", fulfillable=10)
    time.sleep(0.3)
    assert not created(amazon)
    assert amazon.journal() == []


def test_create_when_slow_answers_after_the_wait(amazon: Amazon) -> None:
    arm(amazon, "slow", seconds=0.1)
    started = time.monotonic()
    assert amazon.create().status_code == 200
    assert time.monotonic() - started >= 0.1


def test_star_fault_hits_every_operation_but_not_the_token(amazon: Amazon) -> None:
    arm(amazon, "status", operation="*", status=500, count=None)
    assert amazon.grant().status_code == 200
    assert [amazon.create().status_code, amazon.search().status_code] == [500, 500]
    amazon.control("DELETE", "faults")
    assert amazon.create().status_code == 200


def test_token_fault_answers_in_lwas_shape(amazon: Amazon) -> None:
    arm(amazon, "status", operation="lwaToken", status=400, code="invalid_grant", message="revoked")
    assert amazon.grant().json() == {"error": "invalid_grant", "error_description": "revoked"}
    assert amazon.grant().status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        {"operation": "createOrder", "kind": "status"},
        {"operation": "*", "kind": "explode"},
        {"operation": "*", "kind": "status", "count": 0},
        {"operation": "*", "kind": "status", "status": "503"},
        {"operation": "*", "kind": "slow", "seconds": "1"},
        {"operation": "*", "kind": "slow", "secs": 1},
        {"operation": "*", "kind": "slow", "probability": 1.5},
        {"operation": "*", "kind": "slow", "seed": 0.5},
        {"kind": "slow"},
    ],
)
def test_arm_with_bad_input_is_a_readable_error(amazon: Amazon, body: dict[str, Any]) -> None:
    response = amazon.try_control("POST", "faults", **body)
    assert (response.status_code, bool(response.json()["error"])) == (400, True)


def test_journal_records_calls_and_masks_secrets(amazon: Amazon) -> None:
    amazon.create()
    amazon.call("GET", OUTBOUND, params={"queryStartDate": "2026-11-23T10:00:00Z"})
    token, create, listing = amazon.journal()
    assert token["operation"] == "lwaToken"
    assert (token["body"]["client_secret"], token["body"]["refresh_token"]) == ("***", "***")
    assert (create["method"], create["path"], create["status"]) == ("POST", OUTBOUND, 200)
    assert create["body"]["sellerFulfillmentOrderId"] == "MCF-1"
    assert listing["query"] == {"queryStartDate": "2026-11-23T10:00:00Z"}
    assert amazon.journal("getOrder") == []
    amazon.control("DELETE", "journal")
    assert amazon.journal() == []
