"""Orders sold on Amazon: the searches that leave, and the orders that come in."""

import copy
import dataclasses
import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from fba_amazon import BuyerAddress, Malformed, Money, RawOrder, SoldItem, SoldOrder, orders, parse_order
from fba_amazon.orders import Buyer
from fba_amazon.personal_data import BUYER, NOBODY, REGION, keep_of
from fba_amazon.registrations import TaxRegistration

from .payloads import BARE_SOLD_ORDER, PEOPLE, PEOPLE_SECRETS, SOLD_ORDER
from .stub import Reply

SINCE = datetime(2024, 12, 24, tzinfo=timezone.utc)
QUERY = {
    "lastUpdatedAfter": ["2024-12-24T00:00:00Z"],
    "marketplaceIds": ["A1,A2"],
    "fulfilledBy": ["AMAZON"],
    "includedData": ["FULFILLMENT,PROCEEDS,TAX"],
    "maxResultsPerPage": ["100"],
}


def search(gateway, **more):
    return gateway.search_orders(updated_after=SINCE, marketplace_ids=["A1", "A2"], **more)


def test_parse_published_example_gives_the_order():
    assert parse_order(SOLD_ORDER) == SoldOrder(
        order_id="250-1234567-8901234",
        created_at=datetime(2024, 12, 25, 2, 30, tzinfo=timezone.utc),
        updated_at=datetime(2024, 12, 25, 6, 45, tzinfo=timezone.utc),
        channel="AMAZON",
        marketplace_id="A1VC38T7YXB528",
        status="SHIPPED",
        fulfilled_by="AMAZON",
        grand_total=Money(Decimal("19940"), "JPY"),
        items=(
            SoldItem(
                item_id="25012345678902",
                seller_sku="FIRE-TV-4K-MAX-JP",
                title="Fire TV Stick 4K Max",
                quantity_ordered=2,
                quantity_fulfilled=2,
                total=Money(Decimal("13960"), "JPY"),
                breakdown=(("ITEM", Decimal("13960")),),
                unit_price=Money(Decimal("6980"), "JPY"),
                asin="B07PFFMP9P",
            ),
        ),
        aliases=(("SELLER_ORDER_ID", "JP-ORDER-2024-001"),),
        replaces=None,
        programs=("PRIME",),
    )


def test_parse_reads_who_the_buyer_is_and_who_the_tax_is_reported_by():
    order = copy.deepcopy(PEOPLE)
    order["programs"] = ["amazon-business", "NEWS"]
    order["buyer"]["buyerPurchaseOrderNumber"] = "PO-7"
    order["tax"]["taxRegistrations"] = [
        {"entityType": "MARKETPLACE", "taxRegistrationType": "VAT", "taxRegistrationNumber": "LU1"},
        {
            "entityType": "BUYER",
            "legalName": "Muster SARL",
            "taxRegistrationType": "VAT",
            "taxRegistrationNumber": "FR23334175221",
        },
    ]
    order["orderItems"][0]["tax"] = {
        "taxCalculationBreakdowns": [{"reportingScheme": " "}, {"reportingScheme": "GB_VOEC"}]
    }
    found = parse_order(order)
    assert found.programs == ("AMAZON_BUSINESS", "NEWS")
    assert found.is_business
    assert found.buyer == Buyer("Ada Ltd", "PO-7")
    assert found.tax_registrations == (TaxRegistration("VAT", "FR23334175221", "Muster SARL"),)
    assert found.items[0].reporting_schemes == ("GB_VOEC",)
    assert found.items[0].tax_is_remitted


@pytest.mark.parametrize("key", ["programs", "buyer"])
def test_parse_of_side_facts_that_cannot_be_read_goes_without(key):
    order = PEOPLE | {key: [{"deep": {}}] if key == "programs" else {"buyerCompanyName": {"a": 1}}}
    assert parse_order(order).order_id == PEOPLE["orderId"]


def test_parse_reads_the_serial_numbers_that_amazon_names():
    order = copy.deepcopy(SOLD_ORDER)
    order["orderItems"][0]["product"]["serialNumbers"] = ["G1", "G2"]
    assert parse_order(order).items[0].serial_numbers == ("G1", "G2")


@pytest.mark.parametrize(
    ("told", "left"),
    [
        ({"fulfillment": {"quantityFulfilled": 0, "quantityUnfulfilled": 0}}, 0),
        ({"fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 1}}, 1),
        ({"fulfillment": {"quantityUnfulfilled": 2}}, 0),
        ({"fulfillment": {"quantityUnfulfilled": 3}}, 0),
        ({"fulfillment": {"quantityUnfulfilled": 0}}, 2),
        ({"fulfillment": {}}, 2),
        ({}, 2),
        ({"cancellation": {"cancellationExecution": {"cancelledBy": "BUYER"}}}, 0),
        ({"cancellation": {"cancellationExecution": {}}}, 2),
        ({"cancellation": {"cancellationRequest": {"requester": "BUYER"}}}, 2),
        (
            {
                "cancellation": {"cancellationExecution": {"cancelledBy": "AMAZON"}},
                "fulfillment": {"quantityFulfilled": 1, "quantityUnfulfilled": 0},
            },
            1,
        ),
        ({"quantityOrdered": 0}, 0),
    ],
)
def test_parse_tells_how_many_units_have_left(told, left):
    order = copy.deepcopy(SOLD_ORDER)
    item = order["orderItems"][0]
    del item["fulfillment"]
    item.update(told)
    assert parse_order(order).items[0].quantity_shipped == left


def test_parse_bare_order_leaves_the_rest_none():
    order = parse_order(BARE_SOLD_ORDER)
    assert (order.status, order.fulfilled_by, order.grand_total, order.marketplace_id) == (None,) * 4
    assert order.items == (SoldItem("1", None, None, 1, None, None, ()),)
    assert order.updated_at == datetime(2024, 12, 24, 21, 45, 0, 123456, tzinfo=timezone.utc)
    assert order.updated_at.tzinfo is timezone.utc


@pytest.mark.parametrize("key", ["orderId", "createdTime", "lastUpdatedTime", "salesChannel", "orderItems"])
def test_parse_without_required_field_names_it(key):
    with pytest.raises(Malformed, match=key):
        parse_order({k: v for k, v in SOLD_ORDER.items() if k != key})


@pytest.mark.parametrize("amount", ["", "NaN", "1,5", None, "Infinity", True, []])
def test_parse_with_unusable_amount_names_it(amount):
    order = copy.deepcopy(SOLD_ORDER)
    order["proceeds"]["grandTotal"]["amount"] = amount
    with pytest.raises(Malformed, match="proceeds.grandTotal.amount"):
        parse_order(order)


def test_parse_with_two_currencies_in_an_item_is_refused():
    order = copy.deepcopy(SOLD_ORDER)
    order["orderItems"][0]["proceeds"]["breakdowns"][0]["subtotal"]["currencyCode"] = "USD"
    with pytest.raises(Malformed, match=r"orderItems\[0\].proceeds.breakdowns\[0\].subtotal.currencyCode"):
        parse_order(order)


def test_parse_with_an_item_in_another_currency_than_the_order_is_refused():
    order = copy.deepcopy(SOLD_ORDER)
    del order["orderItems"][0]["proceeds"]["proceedsTotal"]
    order["orderItems"][0]["proceeds"]["breakdowns"][0]["subtotal"]["currencyCode"] = "USD"
    with pytest.raises(Malformed, match=r"orderItems\[0\].proceeds.breakdowns\[0\].subtotal.currencyCode"):
        parse_order(order)


def test_parse_reads_what_the_tax_is_made_of_and_who_remits_it():
    (item,) = parse_order(PEOPLE).items
    assert dict(item.breakdown)["TAX"] == Decimal("2.00")
    assert item.tax == (("ITEM", Decimal("1.60")), ("SHIPPING", Decimal("0.40")))
    assert item.tax_is_remitted is True


@pytest.mark.parametrize(
    "tax",
    [None, {}, {"taxCollections": None}, {"taxCollections": []}, {"taxCollections": [{}, {"model": "SOMEBODY_ELSE"}]}],
)
def test_parse_without_a_facilitator_has_a_tax_of_the_sellers(tax):
    order = copy.deepcopy(PEOPLE)
    order["orderItems"][0]["tax"] = tax
    assert parse_order(order).items[0].tax_is_remitted is False


def test_parse_of_a_discount_in_detail_is_not_taken_for_tax():
    order = copy.deepcopy(PEOPLE)
    order["orderItems"][0]["proceeds"]["breakdowns"][2]["type"] = "DISCOUNT"
    assert parse_order(order).items[0].tax == ()


def test_parse_of_a_tax_detail_in_part_leaves_it_out():
    order = copy.deepcopy(PEOPLE)
    usd = {"amount": "1.00", "currencyCode": "USD"}
    order["orderItems"][0]["proceeds"]["breakdowns"][2]["detailedBreakdowns"] = [{"subtype": "ITEM"}, {"value": usd}]
    assert parse_order(order).items[0].tax == ()


def test_parse_reads_the_sums_of_the_whole_order():
    assert parse_order(PEOPLE).breakdown == (
        ("ITEM", Decimal("25.00")),
        ("SHIPPING", Decimal("5.00")),
        ("TAX", Decimal("2.00")),
        ("DELIVERY_TIP", Decimal("2.00")),
    )
    order = copy.deepcopy(PEOPLE)
    order["proceeds"]["breakdowns"][3]["subtotal"]["currencyCode"] = "EUR"
    with pytest.raises(Malformed, match=r"^searchOrders: proceeds.breakdowns\[3\].subtotal.currencyCode"):
        parse_order(order)


def test_parse_reads_the_address_and_does_not_show_it():
    address = parse_order(PEOPLE).address
    assert address == BuyerAddress(
        name="Bob Recipient",
        company="Bob & Sons",
        lines=("7 Secret Lane", "Third Door"),
        city="Hidden Falls",
        state="OR",
        postal_code="97201-PC",
        country="US",
    )
    assert [secret for secret in PEOPLE_SECRETS if secret in repr(parse_order(PEOPLE))] == []
    assert parse_order(SOLD_ORDER).address is None
    assert parse_order({**PEOPLE, "recipient": {}}).address is None


@pytest.mark.parametrize("payload", [None, [], "order"])
def test_parse_something_else_raises_malformed(payload):
    with pytest.raises(Malformed):
        parse_order(payload)


@pytest.mark.parametrize(
    ("status", "shipped", "cancelled"),
    [
        ("PENDING_AVAILABILITY", False, False),
        ("PENDING", False, False),
        ("UNSHIPPED", False, False),
        ("PARTIALLY_SHIPPED", False, False),
        ("SHIPPED", True, False),
        ("CANCELLED", False, True),
        ("UNFULFILLABLE", False, True),
        ("TELEPORTED", False, False),
        (None, False, False),
    ],
)
def test_order_says_whether_it_is_shipped_or_cancelled(status, shipped, cancelled):
    order = dataclasses.replace(parse_order(SOLD_ORDER), status=status)
    assert (order.is_shipped, order.is_cancelled) == (shipped, cancelled)


def test_statuses_are_the_ones_told_apart():
    named = (orders.PENDING_AVAILABILITY, orders.PENDING, orders.UNSHIPPED, orders.PARTIALLY_SHIPPED)
    assert orders.STATUSES == (*named, orders.SHIPPED, orders.CANCELLED, orders.UNFULFILLABLE)


@pytest.mark.parametrize(("channel", "sold"), [("AMAZON", True), ("NON_AMAZON", False), ("AMAZON_FRESH", False)])
def test_order_says_whether_it_was_sold_on_amazon(channel, sold):
    order = parse_order({**SOLD_ORDER, "salesChannel": {**SOLD_ORDER["salesChannel"], "channelName": channel}})
    assert order.is_sold_on_amazon is sold


@pytest.mark.parametrize(("fulfiller", "by_amazon"), [("AMAZON", True), ("MERCHANT", False), ("", False)])
def test_order_says_whether_amazon_fulfills_it(fulfiller, by_amazon):
    order = parse_order({**SOLD_ORDER, "fulfillment": {**SOLD_ORDER["fulfillment"], "fulfilledBy": fulfiller}})
    assert order.is_fulfilled_by_amazon is by_amazon


def test_order_without_fulfillment_is_nobodys_and_in_no_state():
    order = parse_order(BARE_SOLD_ORDER)
    assert not (order.is_fulfilled_by_amazon or order.is_shipped or order.is_cancelled)


@pytest.mark.parametrize(
    ("aliases", "ids"),
    [
        ([("SELLER_ORDER_ID", "S00042-1")], ("S00042-1",)),
        ([("OTHER", "X"), ("SELLER_ORDER_ID", "A"), ("SELLER_ORDER_ID", "B")], ("A", "B")),
        ([("OTHER", "X")], ()),
        ([], ()),
    ],
)
def test_order_names_the_sellers_own_ids(aliases, ids):
    rows = [{"aliasType": kind, "aliasId": value} for kind, value in aliases]
    assert parse_order({**SOLD_ORDER, "orderAliases": rows}).seller_order_ids == ids


@pytest.mark.parametrize(
    ("payload", "keep", "personal"),
    [
        (PEOPLE, NOBODY, False),
        (PEOPLE, REGION, True),
        (PEOPLE, BUYER, True),
        (SOLD_ORDER, BUYER, False),
        ({**PEOPLE, "recipient": None}, BUYER, True),
        ({**PEOPLE, "recipient": None, "buyer": None}, BUYER, False),
    ],
)
def test_order_unread_says_whether_it_tells_of_people(payload, keep, personal):
    assert RawOrder("250-1", None, keep_of(payload, keep)).has_personal_data is personal


def test_search_of_two_pages_repeats_every_parameter(stub, gateway):
    page = {"orders": [SOLD_ORDER], "lastUpdatedBefore": "2024-12-25T15:00:00Z"}
    stub.api = [Reply(body={**page, "pagination": {"nextToken": "t/1+"}}), Reply(body=page)]
    pages = list(search(gateway))
    assert [call.query for call in stub.calls] == [QUERY, {**QUERY, "paginationToken": ["t/1+"]}]
    assert stub.calls[0].path == "/orders/2026-01-01/orders"
    assert pages[0].last_updated_before == datetime(2024, 12, 25, 15, tzinfo=timezone.utc)
    (raw,) = pages[1].orders
    assert (raw.order_id, raw.payload) == ("250-1234567-8901234", SOLD_ORDER)
    assert raw.updated_at == datetime(2024, 12, 25, 6, 45, tzinfo=timezone.utc)
    assert "FIRE-TV" not in repr(pages)


@pytest.mark.parametrize(
    ("keep", "included", "address"),
    [
        (NOBODY, "FULFILLMENT,PROCEEDS,TAX", None),
        (
            REGION,
            "FULFILLMENT,PROCEEDS,TAX,RECIPIENT",
            {"countryCode": "US", "stateOrRegion": "OR", "postalCode": "97201-PC"},
        ),
        (
            BUYER,
            "FULFILLMENT,PROCEEDS,TAX,RECIPIENT,BUYER",
            {key: value for key, value in PEOPLE["recipient"]["deliveryAddress"].items() if key != "phone"},
        ),
    ],
)
def test_search_asks_for_and_keeps_no_more_of_the_people_than_wanted(stub, gateway, keep, included, address):
    stub.api = [Reply(body={"orders": [PEOPLE]})]
    (page,) = search(gateway, keep=keep)
    assert stub.calls[0].query["includedData"] == [included]
    payload = page.orders[0].payload
    assert payload.get("recipient") == (None if address is None else {"deliveryAddress": address})
    text = json.dumps(payload)
    allowed = {*(address or {}).values(), *(["Ada Ltd"] if keep == BUYER else [])}
    assert [secret for secret in PEOPLE_SECRETS if secret in text and secret not in allowed] == []
    assert not {"payment", "packages"} & set(payload)
    assert payload.get("buyer") == ({"buyerCompanyName": "Ada Ltd"} if keep == BUYER else None)


def test_search_asks_for_a_page_only_when_it_is_taken(stub, gateway):
    stub.api = [Reply(body={"orders": [], "pagination": {"nextToken": "1"}})]
    next(search(gateway))
    assert len(stub.calls) == 1


def test_search_with_one_bad_order_keeps_the_page(stub, gateway):
    stub.api = [Reply(body={"orders": [{"orderId": "bad", "lastUpdatedTime": "soon"}, SOLD_ORDER]})]
    (page,) = search(gateway)
    bad, good = page.orders
    assert (bad.order_id, bad.updated_at) == ("bad", None)
    assert parse_order(good.payload).order_id == "250-1234567-8901234"
    with pytest.raises(Malformed):
        parse_order(bad.payload)


def test_search_with_fractions_as_numbers_keeps_them_exact_and_plain(stub, gateway):
    body = json.dumps({"orders": [SOLD_ORDER]}).replace('"19940"', "0.10000000000000000001").encode()
    stub.api = [Reply(body=body)]
    (page,) = search(gateway)
    payload = json.loads(json.dumps(page.orders[0].payload))
    assert parse_order(payload).grand_total == Money(Decimal("0.10000000000000000001"), "JPY")


def test_search_without_marketplace_is_refused(stub, gateway):
    with pytest.raises(ValueError, match="marketplace"):
        next(gateway.search_orders(updated_after=SINCE, marketplace_ids=[]))
    assert stub.calls == []


def test_search_by_creation_date_goes_on_with_it(stub, gateway):
    page = {"orders": [SOLD_ORDER], "createdBefore": "2024-12-25T15:00:00Z"}
    stub.api = [Reply(body={**page, "pagination": {"nextToken": "2"}}), Reply(body=page)]
    pages = list(gateway.search_orders(created_after=SINCE, marketplace_ids=["A1", "A2"]))
    query = {"createdAfter" if key == "lastUpdatedAfter" else key: value for key, value in QUERY.items()}
    assert [call.query for call in stub.calls] == [query, {**query, "paginationToken": ["2"]}]
    assert [page.last_updated_before for page in pages] == [None, None]


@pytest.mark.parametrize("times", [{}, {"updated_after": SINCE, "created_after": SINCE}])
def test_search_begins_at_exactly_one_time(stub, gateway, times):
    with pytest.raises(ValueError, match="begins at"):
        gateway.search_orders(marketplace_ids=["A1"], **times)
    assert stub.calls == []


def test_searches_left_are_those_of_amazons_plan(stub, gateway):
    stub.api = [Reply(body={"orders": []})]
    assert gateway.searches_left() == 19
    next(search(gateway))
    assert gateway.searches_left() == 18
    assert gateway.most_orders_a_day == 50_300


def test_search_that_repeats_its_token_ends_with_an_error(stub, gateway):
    stub.api = [Reply(body={"orders": [], "pagination": {"nextToken": "again"}})]
    with pytest.raises(Malformed, match="nextToken"):
        list(search(gateway))


@pytest.mark.parametrize("keep", [NOBODY, REGION, BUYER])
def test_one_order_is_asked_for_and_kept_as_a_search_would(gateway, stub, keep):
    stub.api = [Reply(body={"orders": [PEOPLE]}), Reply(body={"order": PEOPLE})]
    ((of_search,),) = (page.orders for page in search(gateway, keep=keep))
    assert gateway.get_order(of_search.order_id, keep) == of_search
    searched, asked = stub.calls
    assert asked.path == f"/orders/2026-01-01/orders/{of_search.order_id}"
    assert asked.query == {"includedData": searched.query["includedData"]}


def test_one_order_that_is_none_is_malformed(gateway, stub):
    stub.api = [Reply(body={"order": {"createdTime": "2026-11-20T09:00:00Z"}})]
    with pytest.raises(Malformed, match="orderId"):
        gateway.get_order("250-1")


def test_search_by_creation_may_end_before_now(gateway, stub):
    stub.api = [Reply(body={"orders": []})]
    until = datetime(2024, 12, 31, tzinfo=timezone.utc)
    list(gateway.search_orders(created_after=SINCE, created_before=until, marketplace_ids=["A1"]))
    (call,) = stub.calls
    assert call.query["createdAfter"] == ["2024-12-24T00:00:00Z"]
    assert call.query["createdBefore"] == ["2024-12-31T00:00:00Z"]
