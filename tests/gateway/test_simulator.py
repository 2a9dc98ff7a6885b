"""The gateway and the simulator, each written without the other, understand one another."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from fba_amazon import (
    AlreadyExists,
    Connection,
    CreateItem,
    Gateway,
    KeysRefused,
    Money,
    NotFound,
    OutcomeUnknown,
    PreviewOrder,
    Rejected,
    ReportRequest,
    Throttled,
    UpdateOrder,
    outbound,
    parse_order,
    reconcile,
    reports,
)
from fba_amazon.flight import in_flight

from .payloads import ORDER

LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def connection(simulator):
    return Connection(simulator.url, simulator.lwa_url, "amzn1.application-oa2-client.demo", "demo-secret", "Atzr|demo")


US, DE = "ATVPDKIKX0DER", "A1PA6795UKMFR9"
ORDER_PATH = f"fulfillment-orders/{ORDER.order_id}"


@pytest.fixture
def stocked(simulator):
    simulator("PUT", "stock/SKU-1", {"fulfillable": 10})
    return simulator


def test_create_is_listed_and_read_back(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    ((summary,),) = (page.orders for page in gateway.list_fulfillment_orders(LONG_AGO))
    order = gateway.get_fulfillment_order(ORDER.order_id)
    assert summary.order_id == order.order_id == ORDER.order_id
    assert order.status in outbound.STATUSES and order.shipping_speed == "Standard"
    assert order.items == (outbound.OrderItem("move-981", "SKU-1", 2, 0, 0),)


def test_create_twice_already_exists(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    with pytest.raises(AlreadyExists):
        gateway.create_fulfillment_order(ORDER)


def test_create_lost_after_the_effect_is_found_by_its_id(stocked, gateway):
    stocked("POST", "faults", {"operation": "createFulfillmentOrder", "kind": "drop_after"})
    with pytest.raises(OutcomeUnknown):
        gateway.create_fulfillment_order(ORDER)
    assert gateway.get_fulfillment_order(ORDER.order_id).order_id == ORDER.order_id


@pytest.mark.parametrize("kind", ["drop_before", "html", "empty"])
def test_create_lost_before_the_effect_is_not_found(stocked, gateway, kind):
    stocked("POST", "faults", {"operation": "createFulfillmentOrder", "kind": kind})
    with pytest.raises(OutcomeUnknown):
        gateway.create_fulfillment_order(ORDER)
    with pytest.raises(NotFound):
        gateway.get_fulfillment_order(ORDER.order_id)


def test_create_when_throttled_says_when_to_come_back(stocked, gateway):
    stocked("POST", "faults", {"operation": "createFulfillmentOrder", "kind": "status", "status": 429})
    with pytest.raises(Throttled) as caught:
        gateway.create_fulfillment_order(ORDER)
    assert caught.value.retry_after >= 1


def test_shipped_order_has_its_shipment_and_package(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    package = {"tracking_number": "1Z1", "items": [{"item_id": "move-981", "seller_sku": "SKU-1", "quantity": 2}]}
    stocked("POST", f"fulfillment-orders/{ORDER.order_id}/ship", {"shipment_id": "Sh1", "packages": [package]})
    order = gateway.get_fulfillment_order(ORDER.order_id)
    assert order.status == outbound.COMPLETE
    (shipment,) = order.shipments
    assert (shipment.shipment_id, shipment.status) == ("Sh1", outbound.SHIPPED)
    assert [(item.item_id, item.quantity) for item in shipment.items] == [("move-981", 2)]
    assert [(package.carrier_code, package.tracking_number) for package in shipment.packages] == [("UPS", "1Z1")]


def test_connection_with_right_credentials_works(gateway):
    access = gateway.try_access()
    assert [it.marketplace_id for it in access.participations] == [US, DE]
    assert access.refused == {}


@pytest.mark.parametrize(
    ("wrong", "code"), [({"client_secret": "no"}, "invalid_client"), ({"refresh_token": "Atzr|no"}, "invalid_grant")]
)
def test_connection_with_wrong_credentials_says_which(connection, wrong, code):
    with Gateway(replace(connection, **wrong)) as gateway, pytest.raises(KeysRefused) as caught:
        gateway.try_access()
    assert caught.value.code == code


def test_call_with_a_token_refused_once_is_renewed(stocked, gateway):
    stocked("POST", "faults", {"operation": "createFulfillmentOrder", "kind": "status", "status": 403})
    gateway.create_fulfillment_order(ORDER)
    (page,) = gateway.list_fulfillment_orders(LONG_AGO)
    assert len(page.orders) == 1


def test_sale_is_searched_and_read(stocked, gateway):
    item = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98", "tax": "4.12"}
    sale = stocked("POST", "sales", {"items": [item], "marketplace_id": "ATVPDKIKX0DER"})
    stocked("POST", "clock/advance", {"seconds": 600})
    (page,) = gateway.search_orders(updated_after=LONG_AGO, marketplace_ids=["ATVPDKIKX0DER"])
    (raw,) = page.orders
    order = parse_order(raw.payload)
    assert raw.order_id == order.order_id == sale["amazon_order_id"]
    assert (order.channel, order.status, order.fulfilled_by) == ("AMAZON", "SHIPPED", "AMAZON")
    (sold,) = order.items
    assert (sold.seller_sku, sold.quantity_ordered, sold.quantity_fulfilled) == ("SKU-1", 2, 2)
    assert dict(sold.breakdown)["ITEM"] == Decimal("49.98")
    assert page.last_updated_before - raw.updated_at > timedelta(minutes=1)


@pytest.mark.parametrize(("tax_included", "total"), [(False, "45.54"), (True, "41.50")])
def test_sale_with_every_amount_is_reconciled(stocked, gateway, tax_included, total):
    amounts = {
        "item_price": "40.00",
        "tax": "3.20",
        "shipping": "6.50",
        "shipping_tax": "0.52",
        "gift_wrap": "4.00",
        "gift_wrap_tax": "0.32",
        "discount": "5.00",
        "shipping_discount": "6.50",
    }
    item = {"seller_sku": "SKU-1", "quantity": 2, **amounts}
    stocked("POST", "sales", {"items": [item], "tip": "2.50", "tax_included": tax_included, "marketplace_id": US})
    stocked("POST", "clock/advance", {"seconds": 600})
    (page,) = gateway.search_orders(updated_after=LONG_AGO, marketplace_ids=[US])
    found = reconcile(parse_order(page.orders[0].payload), Decimal("0.01"))
    assert (found.total, found.tax_included) == (Money(Decimal(total), "USD"), tax_included)
    assert {charge.kind: (str(charge.amount), str(charge.tax)) for charge in found.charges} == {
        "ITEM": ("40.00", "3.20"),
        "SHIPPING": ("6.50", "0.52"),
        "GIFT_WRAP": ("4.00", "0.32"),
        "DISCOUNT": ("-11.50", "0"),
        "DELIVERY_TIP": ("2.50", "0"),
    }


def test_sale_revoked_after_it_shipped_is_found_as_cancelled(stocked, gateway):
    item = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98"}
    sale = stocked("POST", "sales", {"items": [item], "marketplace_id": US})
    stocked("POST", f"sales/{sale['amazon_order_id']}/revoke", {})
    (page,) = gateway.search_orders(updated_after=LONG_AGO, marketplace_ids=[US])
    assert [parse_order(raw.payload).status for raw in page.orders] == ["CANCELLED"]


# === BEFORE IT SHIPS === #


def test_preview_tells_fees_and_dates_by_speed(stocked, gateway):
    previews = {
        preview.shipping_speed: preview
        for preview in gateway.preview_fulfillment(PreviewOrder("O-1", ORDER.address, ORDER.items, DE))
    }
    assert set(previews) == set(Gateway.limits.speeds)
    standard = previews["Standard"]
    assert standard.is_fulfillable and not standard.reasons
    assert standard.total.currency == "EUR" and standard.total.amount > 0
    assert {fee.name for fee in standard.fees} >= {"FBAPerUnitFulfillmentFee", "FBATransportationFee"}
    assert standard.shipments[0].earliest_arrival_at > standard.shipments[0].earliest_ship_at


def test_preview_of_more_than_there_is_names_the_line(stocked, gateway):
    previews = gateway.preview_fulfillment(PreviewOrder("O-1", ORDER.address, (CreateItem("i", "SKU-1", 11),), DE))
    assert len(previews) == len(Gateway.limits.speeds)
    for preview in previews:
        assert not preview.is_fulfillable
        assert [(item.item_id, item.seller_sku) for item in preview.unfulfillable_items] == [("i", "SKU-1")]
        assert preview.total is None


def test_preview_without_fees_does_not_know_them(stocked, gateway):
    stocked("POST", "settings", {"fees_known": False})
    previews = gateway.preview_fulfillment(PreviewOrder("O-1", ORDER.address, ORDER.items, DE))
    assert [(preview.is_fulfillable, preview.total) for preview in previews] == [(True, None)] * 3


def test_create_that_amazon_shows_late_is_missing_at_first(stocked, gateway):
    stocked("POST", "settings", {"create_lag_seconds": 60})
    gateway.create_fulfillment_order(ORDER)
    with pytest.raises(NotFound):
        gateway.get_fulfillment_order(ORDER.order_id)
    with pytest.raises(AlreadyExists):
        gateway.create_fulfillment_order(ORDER)
    stocked("POST", "clock/advance", {"seconds": 60})
    assert gateway.get_fulfillment_order(ORDER.order_id).order_id == ORDER.order_id


def test_held_order_is_changed_and_released(stocked, gateway):
    gateway.create_fulfillment_order(replace(ORDER, hold=True))
    held = gateway.get_fulfillment_order(ORDER.order_id)
    assert (held.hold, held.policy) == (True, "FillAllAvailable")
    items = (CreateItem("move-981", "SKU-1", 1),)
    gateway.update_fulfillment_order(UpdateOrder(ORDER.order_id, shipping_speed="Expedited", items=items))
    gateway.update_fulfillment_order(UpdateOrder(ORDER.order_id, hold=False))
    order = gateway.get_fulfillment_order(ORDER.order_id)
    assert (order.hold, order.shipping_speed, order.items[0].quantity) == (False, "Expedited", 1)
    with pytest.raises(Rejected):
        gateway.update_fulfillment_order(UpdateOrder(ORDER.order_id, shipping_speed="Priority"))


def test_cancel_in_time_cancels_and_too_late_is_refused(stocked, gateway):
    late = replace(ORDER, order_id="LATE")
    gateway.create_fulfillment_order(ORDER)
    gateway.create_fulfillment_order(late)
    gateway.cancel_fulfillment_order(ORDER.order_id)
    cancelled = gateway.get_fulfillment_order(ORDER.order_id)
    assert (cancelled.status, cancelled.items[0].cancelled_quantity) == (outbound.CANCELLED, 2)
    stocked("POST", "clock/advance", {"seconds": 1800})
    assert gateway.get_fulfillment_order(late.order_id).status == outbound.PROCESSING
    with pytest.raises(Rejected) as caught:
        gateway.cancel_fulfillment_order(late.order_id)
    assert type(caught.value) is Rejected
    with pytest.raises(NotFound):
        gateway.cancel_fulfillment_order("NONE")


# === SHIPPED === #


def test_shipment_is_pending_first_then_shipped_with_serials_and_lots(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    stocked("POST", "clock/advance", {"seconds": 1800})
    (pending,) = gateway.get_fulfillment_order(ORDER.order_id).shipments
    assert (pending.status, pending.packages) == (outbound.PENDING, ())
    item = {"seller_sku": "SKU-1", "quantity": 2, "serial_numbers": ["SN1", "SN2"], "lot_codes": ["L1"]}
    stocked("POST", f"{ORDER_PATH}/ship", {"packages": [{"items": [item]}]})
    (shipped,) = gateway.get_fulfillment_order(ORDER.order_id).shipments
    assert (shipped.shipment_id, shipped.status) == (pending.shipment_id, outbound.SHIPPED)
    assert sorted((row.quantity, row.serial_number, row.lot_codes) for row in shipped.items) == [
        (1, "SN1", ("L1",)),
        (1, "SN2", ("L1",)),
    ]


def test_shipment_cancelled_by_amazon_is_followed_by_another(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    stocked("POST", "clock/advance", {"seconds": 1800})
    stocked("POST", f"{ORDER_PATH}/cancel-shipment", {})
    first, second = gateway.get_fulfillment_order(ORDER.order_id).shipments
    assert (first.status, second.status) == (outbound.CANCELLED_BY_FULFILLER, outbound.PENDING)
    assert first.shipment_id != second.shipment_id


def test_package_is_tracked_by_amazons_number_and_its_tracking_comes_late(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    package = {"items": [{"seller_sku": "SKU-1", "quantity": 2}]}
    stocked("POST", f"{ORDER_PATH}/ship", {"packages": [package]})
    before = gateway.get_fulfillment_order(ORDER.order_id)
    number = before.shipments[0].packages[0].package_number
    assert gateway.get_package_tracking(number).tracking_number is None
    stocked("POST", "clock/advance", {"seconds": 600})
    stocked("POST", f"{ORDER_PATH}/tracking", {"package_number": number, "tracking_number": "1Z9"})
    after = gateway.get_fulfillment_order(ORDER.order_id)
    assert after.shipments[0].packages[0].tracking_number == "1Z9" != str(number)
    assert after.updated_at == before.updated_at
    stocked("POST", "clock/advance", {"seconds": 4 * 86400})
    tracking = gateway.get_package_tracking(number)
    assert (tracking.status, tracking.tracking_number) == (outbound.DELIVERED, "1Z9")
    assert [event.at for event in tracking.events] == sorted(event.at for event in tracking.events)
    with pytest.raises(NotFound):
        gateway.get_package_tracking(number + 1)


def test_returned_unit_is_new_then_processed_and_the_order_is_not_listed_again(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    stocked("POST", "clock/advance", {"seconds": 7200})
    before = gateway.get_fulfillment_order(ORDER.order_id)
    stocked("POST", "clock/advance", {"seconds": 600})
    item = {"seller_sku": "SKU-1", "quantity": 1}
    stocked("POST", f"{ORDER_PATH}/return", {"items": [item], "reason": "TOO_SMALL", "comment": "Does not fit"})
    announced = gateway.get_fulfillment_order(ORDER.order_id)
    (new,) = announced.returns
    assert (new.item_id, new.shipment_id, new.status) == ("move-981", before.shipments[0].shipment_id, "New")
    assert (new.reason, new.comment, new.condition) == ("TOO_SMALL", "Does not fit", None)
    stocked("POST", "clock/advance", {"seconds": 600})
    stocked("POST", f"{ORDER_PATH}/process-returns", {"condition": "Defective"})
    after = gateway.get_fulfillment_order(ORDER.order_id)
    assert after.returns == (
        replace(
            new,
            status=outbound.RETURN_PROCESSED,
            condition="Defective",
            changed_at=new.changed_at + timedelta(seconds=600),
        ),
    )
    assert (after.updated_at, after.shipments) == (before.updated_at, before.shipments)
    ((summary,),) = (page.orders for page in gateway.list_fulfillment_orders(LONG_AGO))
    assert summary.received_at < summary.updated_at == before.updated_at


def test_shipment_that_changes_after_it_left_is_read_as_it_is_now(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    stocked("POST", "clock/advance", {"seconds": 7200})
    (shipment,) = gateway.get_fulfillment_order(ORDER.order_id).shipments
    change = {"shipment_id": shipment.shipment_id}
    stocked("POST", f"{ORDER_PATH}/change-shipment", change | {"items": [{"seller_sku": "SKU-1", "quantity": 1}]})
    partly = gateway.get_fulfillment_order(ORDER.order_id)
    assert (partly.status, partly.items[0].unfulfillable_quantity) == (outbound.COMPLETE_PARTIALLED, 1)
    assert [row.quantity for row in partly.shipments[0].items] == [1]
    stocked("POST", f"{ORDER_PATH}/change-shipment", change | {"status": "CANCELLED_BY_FULFILLER"})
    cancelled = gateway.get_fulfillment_order(ORDER.order_id)
    assert (cancelled.status, cancelled.items[0].unfulfillable_quantity) == (outbound.UNFULFILLABLE, 2)
    assert [(row.status, row.shipped_at) for row in cancelled.shipments] == [(outbound.CANCELLED_BY_FULFILLER, None)]


# === STOCK, ORDERS, REPORTS === #


def test_inventory_is_read_whole_though_tokens_expire_on_the_way(stocked, connection):
    for number in range(2, 6):
        stocked("PUT", f"stock/SKU-{number}", {"fulfillable": number})
    stocked("POST", "settings", {"inventory_page_size": 2, "plan_factor": 1000})
    with Gateway(connection) as gateway:
        found = []
        for row in gateway.get_inventory(US):
            found.append(row)
            if row.seller_sku == "SKU-4":
                stocked("POST", "clock/advance", {"seconds": 31})
    assert sorted((row.seller_sku, row.fulfillable) for row in found) == [
        ("SKU-1", 10),
        ("SKU-2", 2),
        ("SKU-3", 3),
        ("SKU-4", 4),
        ("SKU-5", 5),
    ]
    calls = stocked("GET", "journal?operation=getInventorySummaries")
    assert 400 in {call["status"] for call in calls}


def test_inventory_tells_what_is_held_inbound_and_unsellable(stocked, connection):
    counts = {"transshipment": 3, "fc_processing": 1, "inbound_shipped": 7, "unfulfillable": 2, "researching": 4}
    stocked("PUT", "stock/SKU-1", {"fulfillable": 10, **counts})
    with Gateway(connection) as gateway:
        gateway.create_fulfillment_order(ORDER)
        (row,) = gateway.get_inventory(US, seller_skus=["SKU-1"])
    assert (row.fulfillable, row.reserved_orders, row.reserved) == (8, 2, 6)
    assert (row.reserved_transfers, row.reserved_processing, row.researching) == (3, 1, 4)
    assert (row.inbound_shipped, row.unfulfillable, row.total) == (7, 2, 27)


def test_own_order_comes_back_as_an_echo_and_a_replacement_names_its_original(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    item = {"seller_sku": "SKU-1", "quantity": 1}
    sale = stocked("POST", "sales", {"items": [{**item, "item_price": "9.99"}], "marketplace_id": DE})
    again = stocked("POST", "sales", {"items": [item], "marketplace_id": DE, "replaces": sale["amazon_order_id"]})
    stocked("POST", "clock/advance", {"seconds": 600})
    (page,) = gateway.search_orders(updated_after=LONG_AGO, marketplace_ids=[DE])
    orders = {raw.order_id: parse_order(raw.payload) for raw in page.orders}
    replacement = orders.pop(again["amazon_order_id"])
    assert (replacement.replaces, replacement.grand_total) == (sale["amazon_order_id"], None)
    assert orders.pop(sale["amazon_order_id"]).replaces is None
    (echo,) = orders.values()
    assert (echo.channel, echo.aliases) == ("NON_AMAZON", (("SELLER_ORDER_ID", ORDER.order_id),))
    assert (echo.is_sold_on_amazon, echo.seller_order_ids) == (False, (ORDER.order_id,))


@pytest.mark.parametrize("packed", [True, False])
def test_report_of_what_left_the_warehouses_is_made_fetched_and_read(stocked, gateway, packed):
    stocked("POST", "settings", {"report_gzip": packed, "report_charset": "windows-31j"})
    item = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98"}
    sale = stocked("POST", "sales", {"items": [item], "marketplace_id": US, "buyer_name": "山田"})
    stocked("POST", "clock/advance", {"seconds": 86400})
    now = datetime.now(timezone.utc)
    request = ReportRequest(reports.SHIPMENTS, (US,), now - timedelta(days=20), now + timedelta(days=2))
    report_id = gateway.create_report(request)
    assert gateway.get_report(report_id).status == reports.IN_QUEUE
    stocked("POST", "clock/advance", {"seconds": 60})
    done = gateway.get_report(report_id)
    assert (done.status, done.report_type) == (reports.DONE, reports.SHIPMENTS)
    with gateway.open_report(done.document_id) as report:
        (row,) = report
    assert (row["amazon-order-id"], row["sku"], row["quantity-shipped"]) == (sale["amazon_order_id"], "SKU-1", "2")
    assert (row["item-price"], row["buyer-name"]) == ("49.98", "山田")


def test_report_of_nothing_is_cancelled(stocked, gateway):
    now = datetime.now(timezone.utc)
    report_id = gateway.create_report(ReportRequest(reports.SHIPMENTS, (US,), now - timedelta(days=1), now))
    stocked("POST", "clock/advance", {"seconds": 60})
    assert gateway.get_report(report_id).status == reports.CANCELLED


# === PACE === #


def test_many_creates_at_a_faster_plan_follow_its_header_and_are_never_refused(stocked, connection):
    stocked("PUT", "stock/SKU-1", {"fulfillable": 1000})
    stocked("POST", "settings", {"plan_factor": 50})
    with Gateway(connection) as gateway:
        orders = (replace(ORDER, order_id=f"O-{number}") for number in range(100))
        assert {outcome for _order, outcome in in_flight(gateway.create_fulfillment_order, orders)} == {None}
    statuses = [call["status"] for call in stocked("GET", "journal?operation=createFulfillmentOrder")]
    assert statuses == [200] * 100


def test_create_at_a_plan_others_have_used_up_is_throttled(stocked, gateway, connection):
    stocked("POST", "settings", {"plan_factor": 0.0001})  # a bucket of one, and hours until the next
    gateway.create_fulfillment_order(ORDER)
    with pytest.raises(Throttled) as caught:
        gateway.create_fulfillment_order(replace(ORDER, order_id="O-2"))
    assert caught.value.retry_after > 3600
