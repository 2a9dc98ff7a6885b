"""What comes in another type than Amazon's model has is read where it can mean one thing only, in every API."""

import copy

import pytest
from fba_amazon import Malformed, inventory_v1, parse_order_page, shipped_items
from fba_amazon import parse_order as parse_sold_order
from fba_amazon.fields import Fields
from fba_amazon.outbound_2020_07_01 import parse_order, parse_page, parse_previews, parse_tracking
from fba_amazon.personal_data import BUYER
from fba_amazon.reports_2021_06_30 import parse_document, parse_report
from fba_amazon.sellers_v1 import parse_participations

from .payloads import (
    FULFILLMENT_ORDER,
    FULFILLMENT_ORDER_LIST,
    INVENTORY_PAGE,
    PARTICIPATIONS,
    PEOPLE,
    PREVIEWS,
    REPORT,
    RETURN_ITEM,
    SOLD_ORDER,
    TRACKING,
)

SHIPMENT = FULFILLMENT_ORDER["payload"]["fulfillmentShipments"][0]
FULL = {
    "payload": {
        **FULFILLMENT_ORDER["payload"],
        "fulfillmentShipments": [
            {
                **SHIPMENT,
                "fulfillmentShipmentPackage": [{"packageNumber": 7, "carrierCode": "UPS", "trackingNumber": "1Z"}],
            }
        ],
        "returnItems": [RETURN_ITEM],
    }
}
ONE_PREVIEW = {"payload": {"fulfillmentPreviews": PREVIEWS["payload"]["fulfillmentPreviews"][1:]}}
STOCK = {**INVENTORY_PAGE, "pagination": {"nextToken": "n"}}
ORDERS = {"orders": [SOLD_ORDER], "pagination": {"nextToken": "n"}, "lastUpdatedBefore": "2026-11-23T10:00:00Z"}
DOCUMENT = {"reportDocumentId": "D-1", "url": "https://x", "compressionAlgorithm": "GZIP"}


def first_orders(answer):
    page = parse_order_page(answer)
    return page.next_token, page.last_updated_before, [parse_sold_order(raw.payload) for raw in page.orders]


ANSWERS = {
    "order": (parse_order, FULL),
    "list": (parse_page, {"payload": {**FULFILLMENT_ORDER_LIST["payload"], "nextToken": "n"}}),
    "preview": (parse_previews, ONE_PREVIEW),
    "tracking": (parse_tracking, TRACKING),
    "stock": (inventory_v1.parse_page, STOCK),
    "orders": (first_orders, ORDERS),
    "report": (parse_report, REPORT),
    "document": (parse_document, DOCUMENT),
    "sellers": (parse_participations, PARTICIPATIONS),
}
EVERY = pytest.mark.parametrize(("parse", "good"), ANSWERS.values(), ids=ANSWERS)


def loosened(value, loosen):
    """`value` with every part of it replaced by `loosen(part)`, from the inside out."""
    if isinstance(value, dict):
        return loosen({key: loosened(part, loosen) for key, part in value.items()})
    if isinstance(value, list):
        return loosen([loosened(part, loosen) for part in value])
    return loosen(value)


def number(value):
    return isinstance(value, int) and not isinstance(value, bool)


LOOSER = {
    "numbers as text": lambda part: str(part) if number(part) else part,
    "numbers as text with blanks": lambda part: f" {part} " if number(part) else part,
    "numbers with a fraction of nothing": lambda part: f"{part}.0" if number(part) else part,
    "flags as text": lambda part: str(part).lower() if isinstance(part, bool) else part,
    "flags that shout": lambda part: str(part).upper() if isinstance(part, bool) else part,
    "one part for a list": lambda part: part[0] if isinstance(part, list) and len(part) == 1 else part,
}


@EVERY
@pytest.mark.parametrize("loosen", LOOSER.values(), ids=LOOSER)
def test_answer_in_looser_types_is_read_alike(parse, good, loosen):
    assert parse(loosened(good, loosen)) == parse(good)


@EVERY
def test_answer_whose_objects_come_as_lists_of_one_is_read_alike(parse, good):
    def listed(value):
        """Each object inside of it in a list; one in a list already stays there."""
        if isinstance(value, dict):
            return {key: [listed(part)] if isinstance(part, dict) else listed(part) for key, part in value.items()}
        return [listed(part) for part in value] if isinstance(value, list) else value

    assert parse(listed(good)) == parse(good)


@EVERY
@pytest.mark.parametrize("nothing", [None, "", " ", {}, []], ids=repr)
def test_answer_with_nothing_in_place_of_what_may_be_absent_is_read_as_without_it(parse, good, nothing):
    """Of each key: either both are read, and alike, or both are refused."""
    for path in paths(good):
        without, with_nothing = copy.deepcopy(good), copy.deepcopy(good)
        del parent_of(without, path)[path[-1]]
        there = parent_of(good, path)[path[-1]]
        if (nothing == " " and isinstance(there, str)) or (nothing == {} and isinstance(there, dict)):
            continue  # a text, an object
        if nothing == [] and isinstance(there, list):
            continue  # an empty list is not an absent one
        parent_of(with_nothing, path)[path[-1]] = nothing
        if nothing is None and path == ("orders",):  # here null is an empty list, and an absent key is none
            parent_of(without, path)[path[-1]] = []
        assert outcome(parse, with_nothing) == outcome(parse, without), path


def paths(value, path=()):
    """The path of every key inside of a JSON value."""
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        if isinstance(key, str):
            yield (*path, key)
        yield from paths(part, (*path, key))


def parent_of(value, path):
    for key in path[:-1]:
        value = value[key]
    return value


def outcome(parse, answer):
    try:
        return parse(answer)
    except Malformed:
        return Malformed


def complaint(read, key):
    with pytest.raises(Malformed) as caught:
        read(key)
    return caught.value.user_message.removeprefix("Amazon's answer cannot be used: ")


# === NUMBERS === #


@pytest.mark.parametrize(
    ("value", "number"),
    [(3, 3), ("3", 3), (" 3 ", 3), ("3.0", 3), ("3.00", 3), ("003", 3), (0, 0), ("0", 0), ("0.0", 0), ("\t3\n", 3)],
)
def test_quantity_is_read_in_every_clear_way(value, number):
    fields = Fields({"quantity": value}, "test")
    assert fields.quantity("quantity") == fields.optional_quantity("quantity") == number
    assert Fields({"n": value}, "test").integer("n") == number


@pytest.mark.parametrize(
    "value",
    ["3.5", "three", "-3", -3, "-1.0", "3,0", "1,000", "1.000,0", "1e2", "+3", "3.", ".0", "0x3", "3 4", "\u0663",
     "1_0", "NaN", True, False, "true", [3, 4], {"value": 3}, "9" * 61, "100000001", 100_000_001],
)  # fmt: skip
def test_quantity_that_is_not_clear_is_refused(value):
    fields = Fields({"quantity": value}, "test")
    for read in (fields.quantity, fields.optional_quantity):
        with pytest.raises(Malformed, match="quantity"):
            read("quantity")


@pytest.mark.parametrize(("value", "text"), [(7, "7"), (0, "0"), (10**17, "1" + "0" * 17), ("x", "x")])
def test_text_that_comes_as_a_number_is_read(value, text):
    fields = Fields({"id": value, "ids": [value], "one": value}, "test")
    assert (fields.text("id"), fields.optional_text("id")) == (text, text)
    assert (fields.texts("ids"), fields.texts("one")) == ((text,), (text,))


@pytest.mark.parametrize("value", [True, False, ["a"], {"a": 1}])
def test_text_that_comes_as_something_else_is_refused(value):
    fields = Fields({"id": value, "ids": [value]}, "test")
    assert complaint(fields.text, "id") == "id has the wrong type"
    assert complaint(fields.texts, "ids") == "ids is not a list of texts"


def test_nothing_in_a_list_of_texts_is_passed_over():
    assert Fields({"ids": [None, "a", 7, None]}, "test").texts("ids") == ("a", "7")


@pytest.mark.parametrize(
    ("value", "flag"),
    [(True, True), (False, False), ("true", True), ("False", False), (" TRUE ", True), ("fAlse", False)],
)
def test_flag_is_read_as_text(value, flag):
    assert Fields({"f": value}, "test").flag("f") is flag


@pytest.mark.parametrize("value", ["yes", "1", 1, 0, "t", [True], {"a": True}])
def test_flag_that_is_not_clear_is_refused(value):
    assert complaint(Fields({"f": value}, "test").flag, "f") == "f has the wrong type"


@pytest.mark.parametrize(("amount", "value"), [("1.50", "1.50"), (" 1.50 ", "1.50"), (2, "2")])
def test_amount_is_read_with_blanks(amount, value):
    assert str(Fields({"amount": amount, "currencyCode": "EUR"}, "test").money().amount) == value


@pytest.mark.parametrize("amount", ["1,50", "1.234,50", "1 234", "EUR 1", "", None, True, "free"])
def test_amount_that_is_not_clear_is_refused(amount):
    with pytest.raises(Malformed, match="amount"):
        Fields({"amount": amount, "currencyCode": "EUR"}, "test").money()


def test_moment_is_read_with_blanks():
    assert Fields({"at": " 2026-11-23T10:00:00Z\n"}, "test").moment("at").hour == 10


@pytest.mark.parametrize("value", [[{"a": 1}, {"a": 2}], [[{"a": 1}, 7]], ["a"], "a", 7, True])
def test_object_that_is_not_clear_is_refused(value):
    fields = Fields({"o": value}, "test")
    for read in (fields.child, fields.optional_child):
        assert complaint(read, "o") == "o is not an object"


@pytest.mark.parametrize("value", ["a", 7, True])
def test_list_that_is_neither_list_nor_object_is_refused(value):
    fields = Fields({"l": value}, "test")
    for read in (fields.children, fields.optional_children):
        assert complaint(read, "l") == "l has the wrong type"


# === WHAT MUST BE THERE === #


@pytest.mark.parametrize("nothing", [None, "", {}, "absent"])
@pytest.mark.parametrize(
    ("parse", "good", "path"),
    [
        (inventory_v1.parse_page, STOCK, ("payload", "inventorySummaries")),
        (parse_order, FULL, ("payload", "fulfillmentOrderItems")),
        (parse_order_page, ORDERS, ("orders",)),
        (parse_sold_order, SOLD_ORDER, ("orderItems",)),
        (parse_participations, PARTICIPATIONS, ("payload",)),
        (parse_page, ANSWERS["list"][1], ("payload", "fulfillmentOrders")),
    ],
)
def test_list_whose_absence_would_lose_something_must_be_there(parse, good, path, nothing):
    answer = copy.deepcopy(good)
    if nothing is None and path == ("orders",):
        return  # an empty page
    if nothing == "absent":
        del parent_of(answer, path)[path[-1]]
    else:
        parent_of(answer, path)[path[-1]] = nothing
    with pytest.raises(Malformed, match=path[-1]):
        parse(answer)


def test_empty_list_of_stock_is_no_stock():
    assert inventory_v1.parse_page({"payload": {"inventorySummaries": []}}) == ([], None)


@pytest.mark.parametrize("row", [None, {}, "SKU-1", {"sellerSku": None}])
def test_stock_row_of_no_sku_keeps_the_page_from_being_believed(row):
    (good,) = INVENTORY_PAGE["payload"]["inventorySummaries"]
    with pytest.raises(Malformed, match=r"inventorySummaries\[1\]"):
        inventory_v1.parse_page({"payload": {"inventorySummaries": [good, row]}})


@pytest.mark.parametrize("gone", ["absent", None])
def test_preview_that_does_not_speak_of_cash_on_delivery_has_none(gone):
    preview = {**PREVIEWS["payload"]["fulfillmentPreviews"][0], "isCODCapable": gone}
    if gone == "absent":
        del preview["isCODCapable"]
    (read,) = parse_previews({"payload": {"fulfillmentPreviews": preview}})
    assert (read.is_cod, read.is_fulfillable) == (False, True)


def test_preview_that_does_not_say_whether_it_can_be_fulfilled_is_refused():
    with pytest.raises(Malformed, match="isFulfillable"):
        parse_previews({"payload": {"fulfillmentPreviews": [{"shippingSpeedCategory": "Standard"}]}})


def test_address_of_an_order_that_comes_as_a_list_of_one_is_kept_as_asked():
    recipient = [{"deliveryAddress": [PEOPLE["recipient"]["deliveryAddress"]]}]
    (raw,) = parse_order_page({"orders": {**PEOPLE, "recipient": recipient}}, BUYER).orders
    assert parse_sold_order(raw.payload).address.name == "Bob Recipient"
    assert "phone" not in raw.payload["recipient"]["deliveryAddress"]


# === REPORTS === #


@pytest.mark.parametrize(
    ("text", "units"),
    [("2", 2), (" 2 ", 2), ("2.0", 2), ("0", 0), ("", None), ("2.5", None), ("-2", None), ("two", None),
     ("9" * 10, None), ("9" * 80, None)],
)  # fmt: skip
def test_shipped_row_has_its_units_where_they_are_clear(text, units):
    (item,) = shipped_items([{"amazon-order-id": "1", "shipment-item-id": "2", "quantity-shipped": text}])
    assert item.quantity == units


def test_shipped_row_without_units_has_none():
    (item,) = shipped_items([{"amazon-order-id": "1", "shipment-item-id": "2"}])
    assert item.quantity is None


def test_null_is_an_empty_list_of_stock_only_where_changes_were_asked_for():
    answer = {"payload": {"granularity": {}, "inventorySummaries": None}}
    assert inventory_v1.parse_page(answer, changes=True) == ([], None)
    with pytest.raises(Malformed):
        inventory_v1.parse_page(answer)
    with pytest.raises(Malformed):
        inventory_v1.parse_page({"payload": {"granularity": {}}}, changes=True)
