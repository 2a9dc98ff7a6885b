"""Whatever Amazon's answers hold, they become what a database takes, or one error of the gateway that says why not.

FBA_FUZZ sets how many examples each property plays.
"""

import dataclasses
import gzip
import io
import json
import os
import time
from datetime import datetime, timedelta
from decimal import Decimal

import fba_amazon
import pytest
from fba_amazon import (
    AmazonError,
    Connection,
    Irreconcilable,
    Malformed,
    OutcomeUnknown,
    ReportFile,
    Unavailable,
    inventory_v1,
    orders_2026_01_01,
    outbound_2020_07_01,
    parse_order,
    parse_order_page,
    reconcile,
    reports_2021_06_30,
    shipped_items,
)
from fba_amazon.access_token import AccessToken
from fba_amazon.fields import LONGEST_PROSE, Fields
from fba_amazon.outcome import announced_rate, read_answer, request_id_of
from fba_amazon.wire import Answer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from .payloads import (
    BARE_SOLD_ORDER,
    FULFILLMENT_ORDER,
    FULFILLMENT_ORDER_LIST,
    INVENTORY_PAGE,
    PEOPLE,
    PREVIEWS,
    REPORT,
    RETURN_ITEM,
    SOLD_ORDER,
    TRACKING,
)

EXAMPLES = int(os.environ.get("FBA_FUZZ", "300"))
FUZZ = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large, HealthCheck.large_base_example],
)

# === WHAT COMES === #

OUR_ORDER = {"payload": {**FULFILLMENT_ORDER["payload"], "returnItems": [RETURN_ITEM]}}
ORDER_PAGE = {"orders": [SOLD_ORDER, PEOPLE, BARE_SOLD_ORDER], "pagination": {"nextToken": "n"}}
OUTBOUND_PAGE = {"payload": {**FULFILLMENT_ORDER_LIST["payload"], "nextToken": "n"}}
STOCK_PAGE = {**INVENTORY_PAGE, "pagination": {"nextToken": "n"}}
DOCUMENT = {"reportDocumentId": "D-1", "url": "https://x.s3.amazonaws.com/D-1", "compressionAlgorithm": "GZIP"}
CREATED = {"reportId": "R-1"}
PARSERS = [
    (outbound_2020_07_01.PREVIEW, PREVIEWS, outbound_2020_07_01.parse_previews),
    (outbound_2020_07_01.GET, OUR_ORDER, outbound_2020_07_01.parse_order),
    (outbound_2020_07_01.LIST, OUTBOUND_PAGE, outbound_2020_07_01.parse_page),
    (outbound_2020_07_01.TRACK, TRACKING, outbound_2020_07_01.parse_tracking),
    (inventory_v1.SUMMARIES, STOCK_PAGE, inventory_v1.parse_page),
    (orders_2026_01_01.SEARCH, {**ORDER_PAGE, "orders": [PEOPLE]}, parse_order_page),
    (orders_2026_01_01.SEARCH, SOLD_ORDER, parse_order),
    (orders_2026_01_01.SEARCH, PEOPLE, parse_order),
    (reports_2021_06_30.GET, REPORT, reports_2021_06_30.parse_report),
    (reports_2021_06_30.DOCUMENT, DOCUMENT, reports_2021_06_30.parse_document),
    (reports_2021_06_30.CREATE, CREATED, lambda answer: Fields(answer, "createReport").text("reportId")),
]
TOKEN_ANSWER = {"access_token": "Atza|1", "token_type": "bearer", "expires_in": 3600}
TOKEN_ERROR = {"error": "invalid_grant", "error_description": "no"}
ERRORS = {"errors": [{"code": "InvalidInput", "message": "no", "details": ""}]}

# Texts of JSON, as Python's own writer would not write some of them.
ODD = [
    "null", "true", "0", "-1", "1.5", "-0", "2147483648", "-2147483649", "9223372036854775808", "1" * 400, "1" * 5000,
    "1e999999", "-1e-999999", "NaN", "Infinity", "{}", "[]", "[null]", "[[]]", "[{}]", "{\"\": {}}", '""', '" "',
    '"\\u0000"', '"a\\u0000b"', '"\\ud800"', '"\\udfff\\ud800"', '"\\ud83d\\ude00"', '"\\u202eevil\\u2066"',
    '"\\n\\r\\t"', '"\\u200f\\u05d0"', '"NaN"', '"sNaN"', '"-Infinity"', '"1_0"', '"1e400"', '"1e-400"', '"\\u0663"',
    '" 1 "', '"1e15"', '"-1e15"', '"1e-31"', '"0001-01-01T00:00:00+14:00"', '"9999-12-31T23:59:59-14:00"',
    '"0500-01-01T00:00:00Z"', '"9999-12-31T00:00:00Z"',
    '"2026-02-30T25:61:61Z"', '"2026-01-01T00:00:00+99:99"', "100000001",
    '"' + "x" * 1_000_000 + '"', '"' + "9" * 1_000_000 + '"', '"' + "\U0001f600" * 601 + '"',
    "[" * 60 + "]" * 60, '{"a":' * 200 + "1" + "}" * 200, "[" * 100_000 + "]" * 100_000,
    '{"\\u0000": "\\ud800"}',
]  # fmt: skip
TEXT = st.text(st.characters(), max_size=40)  # any script, controls, halves of pairs
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**30), 10**30) | st.floats() | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=8,
)
ODDITIES = st.sampled_from(ODD) | VALUES.map(json.dumps)
MARK = "(odd)"


def places(value, path=()):
    """The path of everything inside of a JSON value."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in parts:
        yield (*path, key)
        yield from places(part, (*path, key))


def replaced(good, path, odd):
    """`good` as bytes, with the JSON text `odd` at `path`."""
    body = json.loads(json.dumps(good))
    parent_of(body, path)[path[-1]] = MARK
    return json.dumps(body).replace(f'"{MARK}"', odd).encode()


def parent_of(body, path):
    for key in path[:-1]:
        body = body[key]
    return body


@st.composite
def spoilt(draw, good, under=()):
    """`good` as bytes, with one part of it (below the path `under`) replaced, or gone."""
    path = draw(st.sampled_from([path for path in places(good) if path[: len(under)] == under]))
    if isinstance(path[-1], str) and draw(st.integers(0, 9)) == 0:
        body = json.loads(json.dumps(good))
        del parent_of(body, path)[path[-1]]
        return json.dumps(body).encode()
    return replaced(good, path, draw(ODDITIES))


@st.composite
def broken(draw, good):
    """Any bytes, alone or inside of what was good."""
    noise = draw(st.binary(max_size=50))
    if draw(st.booleans()):
        return noise
    body = json.dumps(good).encode()
    start = draw(st.integers(0, len(body)))
    return body[:start] + noise + body[start + draw(st.integers(0, 20)) :]


def answers(good):
    return spoilt(good) | broken(good)


def is_json(body):
    def refuse(name):
        raise ValueError(name)

    try:
        json.loads(body, parse_constant=refuse, parse_int=str)
    except (ValueError, RecursionError):
        return False
    return True


def answer(body, status=200, **headers):
    return Answer(status, headers, body)


# === WHAT MAY BECOME OF IT === #


def check_storable(value, longest=LONGEST_PROSE):
    """Fails on what PostgreSQL, or a column of Odoo, would not take."""
    if dataclasses.is_dataclass(value):
        value = [getattr(value, field.name) for field in dataclasses.fields(value)]
    if isinstance(value, dict):
        json.dumps(value, allow_nan=False)
        return check_storable([*value.keys(), *value.values()], longest=float("inf"))
    if isinstance(value, (list, tuple)):
        for part in value:
            check_storable(part, longest)
    elif isinstance(value, str):
        assert "\0" not in value and len(value) <= longest
        value.encode()  # no half of a pair can be
    elif isinstance(value, Decimal):
        assert value.is_finite() and abs(value) < 10**15 and value.as_tuple().exponent >= -30
    elif isinstance(value, datetime):
        assert value.utcoffset() == timedelta() and value.year >= 1899  # four digits, whoever writes it
        value + timedelta(days=300)  # as one does with dates
    elif isinstance(value, int) and longest == LONGEST_PROSE:  # of a payload kept as JSON any is good
        assert -(2**31) <= value < 2**31
    else:
        assert value is None or isinstance(value, (bool, int))


def check_told(error):
    """A short sentence that says what is wrong."""
    for text in (error.user_message, str(error)):
        assert 3 < len(text) < 1200 and "\n" not in text
        check_storable(text)
    if isinstance(error, Malformed):
        assert error.code in error.user_message or error.user_message.startswith("The report ")
        assert len(error.user_message) < 200


def outcome_of(call):
    """What `call` gave, if it did not raise one of the gateway's errors; anything else fails the test."""
    try:
        given_ = call()
    except AmazonError as error:
        check_told(error)
        return None
    check_storable(given_)
    return given_


# === ANSWERS === #


@pytest.mark.parametrize(
    ("operation", "good", "parse"), [pytest.param(*row, id=f"{row[0].name}-{n}") for n, row in enumerate(PARSERS)]
)
class TestParsers:
    def test_good_answer_is_read(self, operation, good, parse):
        assert outcome_of(lambda: parse(read_answer(operation, answer(json.dumps(good).encode()), 1.0)))

    def test_answer_with_each_part_in_each_odd_way_is_read_or_clearly_refused(self, operation, good, parse):
        for path in places(good):
            for odd in ODD:
                if len(odd) < 3000:
                    body = replaced(good, path, odd)
                    outcome_of(lambda body=body: parse(read_answer(operation, answer(body), 1.0)))

    @FUZZ
    @given(data=st.data())
    def test_any_answer_is_read_or_clearly_refused(self, operation, good, parse, data):
        body = data.draw(answers(good))
        outcome_of(lambda: parse(read_answer(operation, answer(body), 1.0)))


@FUZZ
@given(data=st.data(), number=st.integers(0, 2))
def test_any_order_of_a_page_leaves_the_others_alone(data, number):
    body = data.draw(spoilt(ORDER_PAGE, ("orders", number)))
    try:
        page = parse_order_page(read_answer(orders_2026_01_01.SEARCH, answer(body), 1.0))
    except Unavailable as error:
        assert not isinstance(error, Malformed) and not is_json(body)
        return
    check_storable(page)
    ids = [order.order_id for order in page.orders]
    others = [order["orderId"] for order in ORDER_PAGE["orders"]]
    del others[number]
    assert [order_id for order_id in ids if order_id in others] == others
    for raw in page.orders:
        order = outcome_of(lambda raw=raw: parse_order(raw.payload))
        assert order or raw.order_id not in others
        if order:
            try:
                reconcile(order, Decimal("0.01"))
            except Irreconcilable as error:
                check_storable(error.parts)


@FUZZ
@given(data=st.data())
def test_any_order_of_the_outbound_list_leaves_the_others_alone(data):
    (row,) = OUTBOUND_PAGE["payload"]["fulfillmentOrders"]
    page = {"payload": {"fulfillmentOrders": [row, {**row, "sellerFulfillmentOrderId": "other"}]}}
    body = data.draw(spoilt(page, ("payload", "fulfillmentOrders", 0)))
    parse = outbound_2020_07_01.parse_page
    given_ = outcome_of(lambda: parse(read_answer(outbound_2020_07_01.LIST, answer(body), 1.0)))
    if given_:
        assert given_.orders[-1].order_id == "other"


@FUZZ
@given(data=st.data(), status=st.sampled_from([200, 202, 302, 400, 401, 403, 404, 409, 413, 429, 500, 503]))
def test_any_refusal_is_told_in_a_sentence(data, status):
    body = data.draw(answers(ERRORS))
    for operation in (outbound_2020_07_01.GET, outbound_2020_07_01.CREATE):
        outcome = outcome_of(lambda operation=operation: read_answer(operation, answer(body, status), 1.0))
        assert outcome is None or status in (200, 202)


@FUZZ
@given(data=st.data(), status=st.sampled_from([200, 400, 401, 429, 500]))
def test_any_answer_of_the_token_service_gives_a_token_or_says_why_not(data, status):
    body = data.draw(answers(TOKEN_ANSWER if status == 200 else TOKEN_ERROR))
    token = AccessToken(Connection("", "", "", "", ""), lambda _operation, _form: answer(body, status))
    value = outcome_of(token.get)
    assert value is None or (value.isascii() and value.isprintable())


@pytest.mark.parametrize("life", [10**17, 10**400, -1, 0, True, None, "3600", []])
def test_token_of_an_odd_life_is_taken_for_an_hour(life):
    body = replaced(TOKEN_ANSWER, ("expires_in",), str(life) if isinstance(life, int) else json.dumps(life))
    token = AccessToken(
        Connection("", "", "", "", ""), lambda _operation, _form: answer(body.replace(b"True", b"true"))
    )
    token.get()
    assert token._ends < time.monotonic() + 3600


def test_token_that_no_header_carries_is_refused():
    body = json.dumps({**TOKEN_ANSWER, "access_token": "x" * 5000}).encode()
    with pytest.raises(Malformed, match="access_token"):
        AccessToken(Connection("", "", "", "", ""), lambda _operation, _form: answer(body)).get()


@pytest.mark.parametrize(
    ("key", "value", "problem"),
    [
        ("quantityOrdered", 100_000_001, "is too large"),
        ("quantityOrdered", 2**31, "is too large"),
        ("quantityOrdered", 10**30, "is too large"),
        ("quantityOrdered", "9" * 61, "has the wrong type"),
        ("orderItemId", "x" * 601, "has 601 characters"),
    ],
)
def test_value_that_no_record_holds_is_named(key, value, problem):
    order = {**SOLD_ORDER, "orderItems": [{**SOLD_ORDER["orderItems"][0], key: value}]}
    with pytest.raises(Malformed) as caught:
        parse_order(read_answer(orders_2026_01_01.SEARCH, answer(json.dumps(order).encode()), 1.0))
    assert caught.value.user_message == f"Amazon's answer cannot be used: orderItems[0].{key} {problem}"


def test_what_is_nested_too_deep_is_dropped_and_the_order_kept():
    deep = '{"a":' * 200 + "1" + "}" * 200
    page = parse_order_page(
        read_answer(orders_2026_01_01.SEARCH, answer(replaced(ORDER_PAGE, ("orders", 0, "programs"), deep)), 1.0)
    )
    assert len(page.orders) == 3
    assert 40 < json.dumps(page.orders[0].payload["programs"]).count("{") < 50
    assert parse_order(page.orders[0].payload).order_id == SOLD_ORDER["orderId"]


def test_order_without_an_id_is_left_out_and_told(caplog):
    page = parse_order_page({"orders": [{"secret": "Ada"}, SOLD_ORDER, "Ada"]})
    assert [order.order_id for order in page.orders] == [SOLD_ORDER["orderId"]]
    assert caplog.messages == [
        "Left out of Amazon's list: searchOrders: orders[0].orderId",
        "Left out of Amazon's list: searchOrders: orders[2]",
    ]


def test_stock_row_that_cannot_be_read_is_not_left_out():
    """It tells no counts, as its others are not to wait for it; a row without a SKU could be anybody's."""
    (row,) = INVENTORY_PAGE["payload"]["inventorySummaries"]
    odd = {**row, "totalQuantity": "many"}
    [first, second], _token = inventory_v1.parse_page({"payload": {"inventorySummaries": [row, odd]}})
    assert first.fulfillable is not None
    assert (second.seller_sku, second.fulfillable, second.total) == (row["sellerSku"], None, None)
    with pytest.raises(Malformed, match=r"inventorySummaries\[1\]"):
        inventory_v1.parse_page({"payload": {"inventorySummaries": [row, {**odd, "sellerSku": None}]}})


@FUZZ
@given(rate=TEXT | st.floats().map(str) | st.sampled_from(["1e-320", "1e308", "1_0", "9" * 400]), request_id=TEXT)
def test_any_header_is_used_or_ignored(rate, request_id):
    given_ = answer(b"{}", **{"x-amzn-RateLimit-Limit": rate, "x-amzn-RequestId": request_id})
    told = announced_rate(given_)
    assert told is None or timedelta(seconds=1 / told) <= timedelta(days=120)
    assert request_id_of(given_) in (None, request_id)
    check_storable(request_id_of(given_), 80)


def test_a_lost_half_of_a_character_is_replaced_in_what_is_kept_and_told():
    odd = {"orders": [{**SOLD_ORDER, "note\0": ["a\0b", "\ud800c"]}]}
    (order,) = parse_order_page(read_answer(orders_2026_01_01.SEARCH, answer(json.dumps(odd).encode()), 1.0)).orders
    assert order.payload["note\ufffd"] == ["a\ufffdb", "\ufffdc"]
    refusal = {"errors": [{"code": "InvalidInput", "message": "a\0b\ud800\n\u202ec"}]}
    with pytest.raises(AmazonError) as caught:
        read_answer(outbound_2020_07_01.GET, answer(json.dumps(refusal).encode(), 400), 1.0)
    assert caught.value.user_message == "InvalidInput: a\ufffdb\ufffd c"


def test_a_write_answered_with_nonsense_leaves_the_outcome_unknown():
    with pytest.raises(OutcomeUnknown):
        read_answer(outbound_2020_07_01.CREATE, answer(b"[" * 100_000), 1.0)


# === REPORTS === #

HEADER = b"amazon-order-id\tshipment-item-id\tsku\tquantity-shipped\tshipment-date\tcarrier\ttracking-number\n"
ROW = b"250-1\t1\tSKU-1\t2\t2026-11-01T10:00:00+01:00\tUPS\t1Z\n"
CHARSETS = st.none() | TEXT | st.sampled_from(
    ["utf-8", "UTF-16", "utf-7", "cp1252", "Windows-31J", "idna", "punycode", "unicode_escape", "undefined", "zlib",
     "\0"]
)  # fmt: skip


@st.composite
def documents(draw):
    noise = draw(st.binary(max_size=200) | st.sampled_from([b"\t" * 3000, b"x" * 3000, b"\0", "\U0001f600".encode()]))
    document = noise if draw(st.booleans()) else HEADER + ROW + noise + draw(st.sampled_from([b"", b"\n" + ROW]))
    packing = draw(st.sampled_from(["plain", "gzip", "damaged"]))
    if packing == "plain":
        return document
    packed = gzip.compress(document)
    return packed if packing == "gzip" else packed[: draw(st.integers(0, len(packed)))] + draw(st.binary(max_size=9))


@FUZZ
@given(document=documents(), charset=CHARSETS, compression=st.sampled_from([None, "GZIP", "ZSTD", "\0"]))
def test_any_report_gives_rows_or_says_why_not(document, charset, compression):
    def read():
        with ReportFile(io.BytesIO(document), charset, compression) as report:
            rows = list(report)
            return [*rows, *shipped_items(rows)]

    for row in outcome_of(read) or ():
        assert isinstance(row, (dict, fba_amazon.ShippedItem))


@pytest.mark.parametrize(
    "charset", ["unicode_escape", "raw_unicode_escape", "utf-7", "punycode", "idna", "hex", "rot13"]
)
def test_report_in_no_charset_of_a_report_is_read_as_plain_text(charset):
    with ReportFile(io.BytesIO(b"sku\nA\\u0041\n"), charset) as report:
        assert (report.charset, list(report)) == ("utf-8-sig", [{"sku": "A\\u0041"}])


def test_shipped_item_with_a_text_that_no_index_holds_lacks_it():
    row = {"amazon-order-id": "250-1", "shipment-item-id": "1", "sku": "x" * 601}
    (item,) = shipped_items([row, {**row, "shipment-item-id": "x" * 601}])
    assert item.seller_sku is None
