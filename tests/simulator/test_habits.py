"""Habits: answers that contradict themselves, and refusals that nobody expects."""

from typing import Any

import pytest

from .conftest import ORDERS, OUTBOUND, Amazon, item

TRACKING = "/fba/outbound/2020-07-01/tracking"


# --- arming ---


def test_arm_shows_the_habit_with_its_defaults_until_it_is_cleared(amazon: Amazon) -> None:
    armed = amazon.arm("status_ahead", order_id="MCF-1", count=2)
    assert armed == {
        "habit": "status_ahead", "operation": "*", "order_id": "MCF-1", "count": 2, "probability": 1.0, "seed": 0,
        "omit": "shipments",
    }  # fmt: skip
    assert amazon.control("GET", "habits") == [armed]
    amazon.control("DELETE", "habits")
    assert amazon.control("GET", "habits") == []
    amazon.arm("spelling")
    amazon.control("POST", "reset")
    assert amazon.control("GET", "habits") == []


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"habit": "rude"}, "known: "),
        ({}, "habit is required"),
        ({"habit": "spelling", "stile": "lower"}, "unknown keys: stile; known: habit, "),
        ({"habit": "spelling", "style": "Lower"}, "style must be one of: UPPER_UNDERSCORE, lower"),
        ({"habit": "spelling", "operation": "lwaToken"}, "does not concern 'lwaToken'"),
        ({"habit": "status_ahead", "operation": "getOrder"}, "only: *, getFulfillmentOrder"),
        ({"habit": "spelling", "count": 0}, "count must be"),
        ({"habit": "spelling", "probability": 2}, "probability must be"),
        ({"habit": "spelling", "seed": "1"}, "seed must be"),
        ({"habit": "spelling", "order_id": 7}, "order_id is required, a string"),
        ({"habit": "refused_id"}, "requires order_id"),
        ({"habit": "refused_id", "order_id": "MCF-1", "status": 418}, "status must be one of: 403, 400, 404"),
        ({"habit": "other_address"}, "requires displayable_order_id or "),
        ({"habit": "unknown_word", "key": "status"}, "value is required"),
        ({"habit": "missing_fields", "keys": "status"}, "keys is required, a list"),
        ({"habit": "list_omits", "ids": []}, "ids is required, a list"),
        ({"habit": "list_omits", "by_name": "yes"}, "by_name must be true or false"),
        ({"habit": "read_lag"}, "seconds is required"),
        ({"habit": "list_lag", "seconds": 0}, "seconds must be greater than 0"),
    ],
)
def test_arm_with_bad_input_is_a_readable_error(amazon: Amazon, body: dict[str, Any], words: str) -> None:
    response = amazon.try_control("POST", "habits", **body)
    assert response.status_code == 400
    assert words in response.json()["error"]
    assert amazon.control("GET", "habits") == []


def test_count_goes_down_with_changed_answers_only(amazon: Amazon) -> None:
    amazon.create()
    amazon.arm("status_ahead", count=1)
    amazon.get()
    amazon.ship_twice()
    assert ["fulfillmentShipments" in amazon.get() for _ in range(2)] == [False, True]
    assert [entry["habit"] for entry in amazon.journal("getFulfillmentOrder")] == [None, "status_ahead", None]


def test_probability_changes_the_same_calls_every_time(shipped: Amazon) -> None:
    def bent(seed: int) -> list[bool]:
        shipped.control("DELETE", "habits")
        shipped.arm("status_ahead", probability=0.5, seed=seed)
        return ["fulfillmentShipments" not in shipped.get() for _ in range(12)]

    first = bent(seed=7)
    assert set(first) == {True, False}
    assert bent(seed=7) == first


def test_several_habits_bend_one_answer_and_leave_the_world_alone(shipped: Amazon) -> None:
    true = shipped.get()
    shipped.arm("status_ahead", omit="last_shipment")
    shipped.arm("spelling", style="lower")
    answer = shipped.get()
    assert [it["fulfillmentShipmentStatus"] for it in answer["fulfillmentShipments"]] == ["shipped"]
    assert shipped.journal("getFulfillmentOrder")[-1]["habit"] == "status_ahead, spelling"
    shipped.control("DELETE", "habits")
    assert shipped.get() == true


def test_habit_of_one_order_leaves_the_others_alone(shipped: Amazon) -> None:
    shipped.create(sellerFulfillmentOrderId="MCF-2")
    shipped.arm("spelling", order_id="MCF-1")
    assert [shipped.status(order_id) for order_id in ("MCF-1", "MCF-2")] == ["COMPLETE", "New"]
    assert [row["fulfillmentOrderStatus"] for row in shipped.listed()] == ["COMPLETE", "New"]
    found = shipped.search(includedData="FULFILLMENT").json()["orders"]
    assert [row["salesChannel"]["channelName"] for row in found] == ["NON_AMAZON", "NON_AMAZON"]
    shipped.arm("spelling", style="hyphen", order_id="MCF-1")
    channels = {
        row["orderAliases"][0]["aliasId"]: row["salesChannel"]["channelName"]
        for row in shipped.search().json()["orders"]
    }
    assert channels == {"MCF-1": "NON-AMAZON", "MCF-2": "NON_AMAZON"}
    one = shipped.call("GET", f"{ORDERS}/{found[0]['orderId']}").json()["order"]
    assert one["salesChannel"]["channelName"] == channels[one["orderAliases"][0]["aliasId"]]


# --- one order ---


@pytest.mark.parametrize(
    ("omit", "shown"),
    [("shipments", None), ("items", [[], []]), ("last_shipment", [[3]]), ("items_key", [None, None])],
)
def test_status_ahead_omits_what_explains_the_status(shipped: Amazon, omit: str, shown: Any) -> None:
    shipped.arm("status_ahead", omit=omit)
    answer = shipped.get()
    assert answer["fulfillmentOrder"]["fulfillmentOrderStatus"] == "Complete"
    rows = [it.get("fulfillmentShipmentItem") for it in answer.get("fulfillmentShipments", ())]
    assert (rows and [its and [row["quantity"] for row in its] for its in rows] or None) == shown


@pytest.mark.parametrize(
    ("change", "quantities"),
    [
        (None, ([(2, 0, 1)], [1, 1])),
        ("no_unfulfillable", ([(2, 0, 0)], [1, 1])),
        ("too_many", ([(2, 0, 2)], [1, 1])),
        ("more_shipped", ([(2, 0, 1)], [1, 2])),
    ],
)
def test_quantities_off_do_not_add_up(amazon: Amazon, change: str | None, quantities: Any) -> None:
    amazon.create(items=[item(quantity=2)])
    order = "fulfillment-orders/MCF-1"
    one = {"items": [{"seller_sku": "SKU-1", "quantity": 1}]}
    amazon.control("POST", f"{order}/ship", packages=[one])
    amazon.control("POST", f"{order}/change-shipment", shipment_id="DnSim0001", status="CANCELLED_BY_FULFILLER")
    amazon.control("POST", f"{order}/ship", packages=[one])
    amazon.control("POST", f"{order}/cannot-fulfill")
    if change:
        amazon.arm("quantities_off", change=change)
    answer = amazon.get()
    lines = [
        (it["quantity"], it["cancelledQuantity"], it["unfulfillableQuantity"]) for it in answer["fulfillmentOrderItems"]
    ]
    rows = [row["quantity"] for it in answer["fulfillmentShipments"] for row in it["fulfillmentShipmentItem"]]
    assert (lines, rows) == quantities


def test_quantities_off_by_default_hides_what_was_cancelled(amazon: Amazon) -> None:
    amazon.create()
    amazon.call("PUT", f"{OUTBOUND}/MCF-1/cancel")
    amazon.arm("quantities_off")
    answer = amazon.get()
    assert answer["fulfillmentOrder"]["fulfillmentOrderStatus"] == "Cancelled"
    assert [line["cancelledQuantity"] for line in answer["fulfillmentOrderItems"]] == [0, 0]


def test_own_tracking_only_moves_the_number_to_amazons_key(shipped: Amazon) -> None:
    shipped.arm("own_tracking_only")
    (package,) = shipped.get()["fulfillmentShipments"][0]["fulfillmentShipmentPackage"]
    assert (package["carrierCode"], package["amazonFulfillmentTrackingNumber"]) == ("Amazon Logistics", "T-SKU-1")
    assert "trackingNumber" not in package
    details = shipped.call("GET", TRACKING, params={"packageNumber": package["packageNumber"]}).json()["payload"]
    assert (details["carrierCode"], details.get("trackingNumber")) == ("Amazon Logistics", None)
    shipped.control("DELETE", "habits")
    shipped.arm("own_tracking_only", carrier="AMZN_UK", order_id="MCF-1")
    details = shipped.call("GET", TRACKING, params={"packageNumber": package["packageNumber"]}).json()["payload"]
    assert details["carrierCode"] == "AMZN_UK"


def test_other_address_shows_another_order_under_the_id(shipped: Amazon) -> None:
    others = {"displayable_order_id": "S9", "displayable_order_date": "2020-01-01T00:00:00Z", "postal_code": "1010"}
    shipped.arm("other_address", order_id="MCF-1", **others)
    shipped.create(sellerFulfillmentOrderId="MCF-2")
    row, other = shipped.listed()
    for order in (shipped.get()["fulfillmentOrder"], row):
        address = order["destinationAddress"]
        assert (order["displayableOrderId"], order["displayableOrderDate"]) == ("S9", "2020-01-01T00:00:00Z")
        assert (address["postalCode"], address["countryCode"]) == ("1010", "DE")
    assert (other["displayableOrderId"], other["destinationAddress"]["postalCode"]) == ("S00042", "10115")
    shipped.arm("other_address", country_code="AT")
    assert shipped.get("MCF-2")["fulfillmentOrder"]["destinationAddress"]["countryCode"] == "AT"


# --- refusals ---


@pytest.mark.parametrize(("status", "code"), [(None, "Unauthorized"), (400, "InvalidInput"), (404, "ResourceNotFound")])
def test_refused_id_refuses_every_call_that_names_it(amazon: Amazon, status: int | None, code: str) -> None:
    amazon.create(sellerFulfillmentOrderId="MCF-2")
    amazon.arm("refused_id", order_id="MCF-1", **({"status": status} if status else {}))
    path = f"{OUTBOUND}/MCF-1"
    answers = [
        amazon.create(),
        amazon.call("GET", path),
        amazon.call("PUT", f"{path}/cancel"),
        amazon.call("PUT", path, json={"displayableOrderComment": "Changed"}),
    ]
    assert {answer.status_code for answer in answers} == {status or 403}
    assert {answer.json()["errors"][0]["code"] for answer in answers} == {code}
    assert amazon.status("MCF-2") == "New"
    assert [row["sellerFulfillmentOrderId"] for row in amazon.listed()] == ["MCF-2"]
    assert amazon.journal("createFulfillmentOrder")[-1]["habit"] == "refused_id"
    amazon.control("DELETE", "habits")
    assert amazon.create().status_code == 200


def test_refused_id_refuses_a_sale_in_the_given_words(amazon: Amazon) -> None:
    sold = amazon.control("POST", "sales", items=[{"seller_sku": "SKU-1", "quantity": 1}])["amazon_order_id"]
    amazon.arm("refused_id", order_id=sold, operation="getOrder", code="Nope", message="No.", count=1)
    refused, read = (amazon.call("GET", f"{ORDERS}/{sold}") for _ in range(2))
    assert (refused.status_code, read.status_code) == (403, 200)
    assert refused.json()["errors"] == [{"code": "Nope", "message": "No.", "details": ""}]


def test_other_duplicate_words_refuse_a_taken_id_only(amazon: Amazon) -> None:
    amazon.arm("other_duplicate_words")
    assert amazon.create().status_code == 200
    refused = amazon.create()
    error = refused.json()["errors"][0]
    assert (refused.status_code, error["code"]) == (400, "InvalidInput")
    assert error["message"] == "The merchant order ID you supplied is in use"
    amazon.control("DELETE", "habits")
    amazon.arm("other_duplicate_words", message="Taken")
    assert amazon.create().json()["errors"][0]["message"] == "Taken"
