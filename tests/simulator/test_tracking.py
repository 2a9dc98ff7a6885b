"""getPackageTrackingDetails: where a package is."""

from typing import Any

import pytest
import requests

from .conftest import Amazon, address, item

TRACKING = "/fba/outbound/2020-07-01/tracking"
SET = "fulfillment-orders/MCF-1/tracking"


def ask(amazon: Amazon, number: Any = 1001) -> requests.Response:
    return amazon.call("GET", TRACKING, params={"packageNumber": number})


def details(amazon: Amazon, number: int = 1001) -> dict[str, Any]:
    response = ask(amazon, number)
    assert response.status_code == 200, response.text
    payload: dict[str, Any] = response.json()["payload"]
    return payload


@pytest.fixture
def shipped(amazon: Amazon) -> Amazon:
    """MCF-1 shipped in package 1001, whose tracking number is not known yet."""
    amazon.create(items=[item()], destinationAddress=address(stateOrRegion="BE"))
    parcel = {"carrier_code": "DHL", "items": [{"seller_sku": "SKU-1", "quantity": 1}]}
    amazon.control("POST", "fulfillment-orders/MCF-1/ship", packages=[parcel], shipped_at="2026-11-23T10:00:00Z")
    return amazon


def test_tracking_of_a_package_without_number_has_its_dates_and_place(shipped: Amazon) -> None:
    found = details(shipped)
    assert (found["packageNumber"], found["carrierCode"]) == (1001, "DHL")
    assert (found["shipDate"], found["estimatedArrivalDate"]) == ("2026-11-23T10:00:00Z", "2026-11-26T10:00:00Z")
    assert found["shipToAddress"] == {"city": "Berlin", "state": "BE", "country": "DE"}
    assert not {"trackingNumber", "customerTrackingLink"} & set(found)


def test_tracking_number_that_came_late_is_shown_with_its_link(shipped: Amazon) -> None:
    shipped.control("POST", SET, package_number=1001, tracking_number="T9")
    found = details(shipped)
    assert found["trackingNumber"] == "T9"
    assert found["customerTrackingLink"].endswith("T9")


def test_tracking_status_follows_the_time_since_shipping(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(hours=2)
    seen = []
    for hours in (0, 63, 1, 8):
        amazon.advance(hours=hours)
        seen.append(details(amazon)["currentStatus"])
    assert seen == ["IN_TRANSIT", "IN_TRANSIT", "OUT_FOR_DELIVERY", "DELIVERED"]
    events = details(amazon)["trackingEvents"]
    assert [event["eventCode"] for event in events] == ["EVENT_202", "EVENT_302", "EVENT_301"]
    assert events[-1]["eventDate"] == details(amazon)["estimatedArrivalDate"]


@pytest.mark.parametrize(
    ("status", "event"), [("UNDELIVERABLE", "EVENT_416"), ("DELIVERED", "EVENT_301"), ("CUSTOMER_ACTION", None)]
)
def test_tracking_status_told_by_control_stays(amazon: Amazon, status: str, event: str | None) -> None:
    amazon.create()
    amazon.advance(hours=2)
    amazon.control("POST", SET, package_number=1001, status=status)
    amazon.advance(days=30)
    found = details(amazon)
    assert found["currentStatus"] == status
    codes = [each["eventCode"] for each in found["trackingEvents"]]
    assert codes == ["EVENT_202", event] if event else ["EVENT_202"]
    assert found["trackingNumber"]


def test_tracking_status_told_after_delivery_is_the_last_word(amazon: Amazon) -> None:
    amazon.create()
    amazon.advance(days=30)
    amazon.control("POST", SET, package_number=1001, status="IN_TRANSIT")
    assert details(amazon)["currentStatus"] == "IN_TRANSIT"


def test_tracking_of_unknown_package_is_not_found(shipped: Amazon) -> None:
    assert ask(shipped, 999).status_code == 404


def test_tracking_of_another_sellers_package_is_not_found(shipped: Amazon) -> None:
    other = {"client_id": "c2", "client_secret": "s2", "refresh_token": "Atzr|2"}
    shipped.control("POST", "sellers", marketplace_ids=["A1F83G8C2ARO7P"], **other)
    token = shipped.grant(**other).json()["access_token"]
    assert shipped.call("GET", TRACKING, token=token, params={"packageNumber": 1001}).status_code == 404


@pytest.mark.parametrize("number", ["1Z1", "-1", "1.5", "", str(2**31), "9" * 5000, None])
def test_tracking_of_what_is_no_number_is_invalid_input(amazon: Amazon, number: str | None) -> None:
    assert ask(amazon, number).status_code == 400


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"package_number": 1001}, "give tracking_number, carrier_code or status"),
        ({"package_number": 1001, "tracking_number": "T9", "status": "LOST"}, "unknown status 'LOST'"),
        ({"package_number": 999, "tracking_number": "T9"}, "no package 999"),
    ],
)
def test_set_tracking_with_bad_input_says_why_and_changes_nothing(
    shipped: Amazon, body: dict[str, Any], text: str
) -> None:
    before = details(shipped)
    response = shipped.try_control("POST", SET, **body)
    assert (response.status_code, text in response.json()["error"]) == (400, True)
    assert details(shipped) == before
