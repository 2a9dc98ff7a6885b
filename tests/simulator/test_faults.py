"""Faults on demand, each from both sides: what the client sees, and what happened."""

import time
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
