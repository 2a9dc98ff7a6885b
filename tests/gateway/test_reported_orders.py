"""Orders of the report of shipped items, as Orders v2026-01-01 would tell them."""

from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from fba_amazon import (
    BuyerAddress,
    Connection,
    Money,
    ReportRequest,
    Shop,
    parse_order,
    reconcile,
    reported_items,
    reported_order,
    reports,
)
from fba_amazon.personal_data import BUYER, NOBODY, REGION

US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
SHOPS = {"amazon.com": Shop(US, False), "amazon.de": Shop(DE, True), "amazon.xyz": Shop("X", None)}
ROW = {
    "amazon-order-id": "112-1",
    "shipment-item-id": "D1",
    "amazon-order-item-id": "9001",
    "purchase-date": "2026-01-30T23:00:00+00:00",
    "shipment-date": "2026-02-01T08:00:00-08:00",
    "sku": "SKU-1",
    "product-name": "Ball",
    "quantity-shipped": "2",
    "currency": "USD",
    "item-price": "49.98",
    "item-tax": "4.12",
    "shipping-price": "5.99",
    "shipping-tax": "0.00",
    "gift-wrap-price": "3.00",
    "gift-wrap-tax": "0.25",
    "item-promotion-discount": "-1.00",
    "ship-promotion-discount": "-5.99",
    "ship-state": "OR",
    "ship-postal-code": "97201",
    "ship-country": "US",
    "recipient-name": "Eva Muster",
    "sales-channel": "Amazon.com",
}


def orders_of(rows, *, keep=NOBODY, is_remitted=False):
    by_order = {}
    for item in reported_items(rows, keep):
        by_order.setdefault(item.order_id, {})[item.key] = item.cells
    return {
        order_id: reported_order(order_id, cells, SHOPS, is_remitted=is_remitted, keep=keep)
        for order_id, cells in by_order.items()
    }


def order_of(*rows, **options):
    (found,) = orders_of(rows, **options).values()
    return found


def test_row_gives_an_order_that_adds_up():
    found = order_of(ROW)
    order = parse_order(found.raw.payload)
    assert found.is_complete and found.raw.updated_at == order.updated_at
    assert order.created_at == datetime(2026, 1, 30, 23, tzinfo=timezone.utc)
    assert order.updated_at == datetime(2026, 2, 1, 16, tzinfo=timezone.utc)
    assert (order.is_sold_on_amazon, order.is_fulfilled_by_amazon, order.is_shipped) == (True, True, True)
    assert (order.marketplace_id, order.grand_total) == (US, Money(Decimal("56.35"), "USD"))
    (item,) = order.items
    assert (item.item_id, item.seller_sku, item.title, item.quantity_shipped) == ("9001", "SKU-1", "Ball", 2)
    assert dict(item.breakdown) == {
        "ITEM": Decimal("49.98"),
        "SHIPPING": Decimal("5.99"),
        "GIFT_WRAP": Decimal("3.00"),
        "DISCOUNT": Decimal("-6.99"),
        "TAX": Decimal("4.37"),
    }
    assert item.tax == (("ITEM", Decimal("4.12")), ("GIFT_WRAP", Decimal("0.25")))
    assert not item.tax_is_remitted and not order.address
    proceeds = reconcile(order, Decimal("0.01"), False)
    assert (proceeds.tax_included, sum(it.tax for it in proceeds.charges)) == (False, Decimal("4.37"))


def test_prices_hold_the_tax_where_that_is_the_custom():
    taxed = {**ROW, "sales-channel": "AMAZON.DE", "currency": "eur"}
    order = parse_order(order_of(taxed).raw.payload)
    assert (order.marketplace_id, order.grand_total) == (DE, Money(Decimal("51.98"), "EUR"))
    assert reconcile(order, Decimal("0.01"), True).tax_included is True


def test_tax_is_amazons_only_where_somebody_says_so():
    order = parse_order(order_of(ROW, is_remitted=True).raw.payload)
    assert all(item.tax_is_collected for item in order.items)
    assert order.grand_total == Money(Decimal("56.35"), "USD")


def test_rows_of_an_order_come_together_wherever_they_are():
    second = {**ROW, "shipment-item-id": "D2", "quantity-shipped": "1", "shipment-date": "2026-02-03T00:00:00Z"}
    other = {**second, "shipment-item-id": "D3", "amazon-order-item-id": "9002", "sku": "SKU-2"}
    stranger = {**ROW, "amazon-order-id": "112-2"}
    rows = [second, stranger, ROW, other, second, ROW]  # two of them twice
    orders = {order_id: parse_order(it.raw.payload) for order_id, it in orders_of(rows).items()}
    assert {item.seller_sku: item.quantity_shipped for item in orders["112-1"].items} == {"SKU-1": 3, "SKU-2": 1}
    assert orders["112-1"].updated_at == datetime(2026, 2, 3, tzinfo=timezone.utc)
    assert orders["112-1"].grand_total.amount == 3 * Decimal("56.35")
    assert orders["112-2"].grand_total.amount == Decimal("56.35")


def test_equal_rows_without_a_key_count_each_and_again_in_the_next_report():
    blank = {**ROW, "shipment-item-id": " ", "quantity-shipped": "1"}
    keys = [item.key for item in reported_items([blank, blank, ROW])]
    assert len(set(keys)) == 3
    assert keys[:2] == [item.key for item in reported_items([blank, ROW, blank]) if item.key != "D1"]
    assert parse_order(order_of(blank, blank).raw.payload).items[0].quantity_shipped == 2


@pytest.mark.parametrize(
    "other",
    [{"amazon-order-id": "S01-1"}, {"sales-channel": "Non-Amazon US"}, {"amazon-order-id": ""}],
)
def test_rows_of_other_channels_and_of_no_order_are_left_out(other):
    assert not list(reported_items([{**ROW, **other}]))


@pytest.mark.parametrize(
    "odd",
    [
        *({column: ""} for column in ROW if column.endswith(("-price", "-tax", "-discount"))),
        {"item-price": "49,98"},
        {"item-tax": "NaN"},
        {"currency": ""},
        {"quantity-shipped": "some"},
        {"purchase-date": "30.01.2026"},
        {"shipment-date": ""},
        {"sku": ""},
        {"amazon-order-item-id": ""},
        {"sales-channel": "Amazon.news"},
        {"sales-channel": "Amazon.xyz"},
        {"sales-channel": ""},
    ],
)
def test_order_with_an_odd_cell_is_incomplete(odd):
    other = {**ROW, "shipment-item-id": "D2"}
    assert order_of(other).is_complete
    assert not order_of(other, {**ROW, **odd}).is_complete


def test_orders_of_two_currencies_are_incomplete():
    assert not order_of(ROW, {**ROW, "shipment-item-id": "D2", "currency": "EUR"}).is_complete


@pytest.mark.parametrize("keep", [REGION, BUYER])
def test_destination_is_read_where_it_is_wanted_and_never_a_name(keep):
    raw = order_of(ROW, keep=keep).raw
    assert parse_order(raw.payload).address == BuyerAddress(None, None, (), None, "OR", "97201", "US")
    assert raw.has_personal_data
    nobody = order_of(ROW).raw
    assert not nobody.has_personal_data and "97201" not in next(reported_items([ROW])).cells
    assert "Eva" not in str(raw.payload)


# === WITH THE SIMULATOR === #


@pytest.fixture
def connection(simulator):
    return Connection(simulator.url, simulator.lwa_url, "amzn1.application-oa2-client.demo", "demo-secret", "Atzr|demo")


@pytest.mark.parametrize(("marketplace_id", "currency", "included"), [(US, "USD", False), (DE, "EUR", True)])
def test_report_and_search_tell_the_same_order(simulator, gateway, marketplace_id, currency, included):
    for sku in ("SKU-1", "SKU-2"):
        simulator("PUT", f"stock/{sku}", {"fulfillable": 50})
    money = {"item_price": "59.97", "tax": "9.57", "shipping": "5.99", "shipping_tax": "0.96", "gift_wrap": "3.50"}
    less = {"gift_wrap_tax": "0.56", "discount": "6.00", "shipping_discount": "5.99"}
    items = [
        {"seller_sku": "SKU-1", "quantity": 3, **money, **less},
        {"seller_sku": "SKU-2", "quantity": 1, "item_price": "10.00", "tax": "1.60"},
    ]
    market = {"marketplace_id": marketplace_id, "currency": currency, "tax_included": included}
    address = {"countryCode": "DE", "postalCode": "27498", "city": "Helgoland", "name": "Eva"}
    simulator("POST", "sales", {"items": items, "delivery_address": address, **market})
    simulator("POST", "clock/advance", {"seconds": 86400})
    (page,) = gateway.search_orders(
        updated_after=datetime(2000, 1, 1, tzinfo=timezone.utc), marketplace_ids=[marketplace_id], keep=REGION
    )
    theirs = parse_order(page.orders[0].payload)
    now = datetime.now(timezone.utc)
    window = ReportRequest(reports.SHIPMENTS, (marketplace_id,), now - timedelta(days=2), now + timedelta(days=2))
    report_id = gateway.create_report(window)
    simulator("POST", "clock/advance", {"seconds": 60})
    with gateway.open_report(gateway.get_report(report_id).document_id) as rows:
        found = order_of(*rows, keep=REGION)
    ours = parse_order(found.raw.payload)
    assert found.is_complete
    assert (ours.order_id, ours.created_at, ours.marketplace_id) == (
        theirs.order_id,
        theirs.created_at.replace(microsecond=0),
        theirs.marketplace_id,
    )
    assert (ours.grand_total, ours.address) == (theirs.grand_total, theirs.address)
    for order in (ours, theirs):
        assert reconcile(order, Decimal("0.01"), included).tax_included is included

    def amounts(order):
        charges = reconcile(order, Decimal("0.01"), included).charges
        return sorted((it.kind, it.item.seller_sku, it.item.quantity_shipped, it.amount, it.tax) for it in charges)

    assert amounts(ours) == amounts(theirs)
