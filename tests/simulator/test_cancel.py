"""cancelFulfillmentOrder: a request, taken until Amazon is at work."""

import pytest
import requests

from .conftest import OUTBOUND, Amazon


def cancel(amazon: Amazon, order_id: str = "MCF-1") -> requests.Response:
    return amazon.call("PUT", f"{OUTBOUND}/{order_id}/cancel")


@pytest.mark.parametrize(("minutes", "status"), [(0, "New"), (1, "Received"), (5, "Planning")])
def test_cancel_before_processing_answers_empty_and_frees_the_stock(amazon: Amazon, minutes: int, status: str) -> None:
    amazon.create()
    amazon.advance(minutes=minutes)
    assert amazon.status() == status
    response = cancel(amazon)
    assert (response.status_code, response.json()) == (200, {})
    assert amazon.status() == "Cancelled"
    assert [line["cancelledQuantity"] for line in amazon.get()["fulfillmentOrderItems"]] == [3, 2]
    assert amazon.stock() == (10, 0, 0)


@pytest.mark.parametrize(("minutes", "status"), [(30, "Processing"), (120, "Complete")])
def test_cancel_from_processing_on_is_invalid_input(amazon: Amazon, minutes: int, status: str) -> None:
    amazon.create()
    amazon.advance(minutes=minutes)
    response = cancel(amazon)
    assert response.status_code == 400
    (error,) = response.json()["errors"]
    assert error["code"] == "InvalidInput"
    assert status in error["message"]
    assert amazon.status() == status


def test_cancel_of_a_cancelled_order_is_invalid_input(amazon: Amazon) -> None:
    amazon.create()
    cancel(amazon)
    assert cancel(amazon).status_code == 400


def test_cancel_of_unknown_order_is_not_found(amazon: Amazon) -> None:
    response = cancel(amazon, "NONE")
    assert (response.status_code, response.json()["errors"][0]["code"]) == (404, "ResourceNotFound")


def test_cancel_with_a_body_that_nobody_asked_for_works(amazon: Amazon) -> None:
    amazon.create()
    assert amazon.call("PUT", f"{OUTBOUND}/MCF-1/cancel", json={}).status_code == 200


def test_cancel_with_lag_happens_later_and_may_be_asked_again(amazon: Amazon) -> None:
    amazon.control("POST", "settings", cancel_lag_seconds=600)
    amazon.create()
    assert cancel(amazon).status_code == 200
    assert amazon.status() == "New"
    amazon.advance(minutes=6)
    assert amazon.status() == "Planning"
    assert cancel(amazon).status_code == 200
    amazon.advance(minutes=4)
    assert amazon.status() == "Cancelled"
    assert amazon.stock() == (10, 0, 0)


def test_cancel_with_lag_is_too_late_once_processing_began(amazon: Amazon) -> None:
    amazon.control("POST", "settings", cancel_lag_seconds=3600)
    amazon.create()
    assert cancel(amazon).status_code == 200
    amazon.advance(hours=3)
    assert amazon.status() == "Complete"


def test_cancel_with_lag_happens_to_an_order_the_clock_leaves_alone(amazon: Amazon) -> None:
    amazon.control("POST", "settings", cancel_lag_seconds=60)
    amazon.create()
    amazon.control("POST", "fulfillment-orders/MCF-1/status", status="Planning")
    cancel(amazon)
    amazon.advance(minutes=1)
    assert amazon.status() == "Cancelled"
