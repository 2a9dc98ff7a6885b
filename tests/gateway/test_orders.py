"""Orders sold on Amazon: the searches that leave, and the orders that come in."""

import copy
import json
from datetime import datetime, timezone
from decimal import Decimal

import pytest
from fba_amazon import Malformed, Money, SoldItem, SoldOrder, parse_order

from .payloads import BARE_SOLD_ORDER, SOLD_ORDER
from .stub import Reply

SINCE = datetime(2024, 12, 24, tzinfo=timezone.utc)
QUERY = {
    "lastUpdatedAfter": ["2024-12-24T00:00:00Z"],
    "marketplaceIds": ["A1,A2"],
    "fulfilledBy": ["AMAZON"],
    "includedData": ["FULFILLMENT,PROCEEDS"],
    "maxResultsPerPage": ["100"],
}


def search(gateway):
    return gateway.search_orders(updated_after=SINCE, marketplace_ids=["A1", "A2"])


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
            ),
        ),
        aliases=(("SELLER_ORDER_ID", "JP-ORDER-2024-001"),),
        replaces=None,
    )


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


@pytest.mark.parametrize("payload", [None, [], "order"])
def test_parse_something_else_raises_malformed(payload):
    with pytest.raises(Malformed):
        parse_order(payload)


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


def test_search_that_repeats_its_token_ends_with_an_error(stub, gateway):
    stub.api = [Reply(body={"orders": [], "pagination": {"nextToken": "again"}})]
    with pytest.raises(Malformed, match="nextToken"):
        list(search(gateway))


def test_get_asks_for_status_and_money_only(stub, gateway):
    stub.api = [Reply(body={"order": SOLD_ORDER})]
    assert gateway.get_order("250-1234567-8901234") == parse_order(SOLD_ORDER)
    (call,) = stub.calls
    assert call.path == "/orders/2026-01-01/orders/250-1234567-8901234"
    assert call.query == {"includedData": ["FULFILLMENT,PROCEEDS"]}


def test_get_answer_without_order_names_it(stub, gateway):
    stub.api = [Reply(body={"payload": SOLD_ORDER})]
    with pytest.raises(Malformed, match="order"):
        gateway.get_order("250-1")
