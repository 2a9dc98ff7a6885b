"""The gateway and the simulator, each written without the other, understand one another."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from decimal import Decimal

import pytest
from fba_amazon import (
    AlreadyExists,
    AuthenticationFailed,
    Connection,
    Gateway,
    NotFound,
    OutcomeUnknown,
    Throttled,
    outbound,
    parse_order,
)

from .payloads import ORDER

LONG_AGO = datetime(2000, 1, 1, tzinfo=timezone.utc)


@pytest.fixture
def connection(simulator):
    return Connection(simulator.url, simulator.lwa_url, "amzn1.application-oa2-client.demo", "demo-secret", "Atzr|demo")


@pytest.fixture
def stocked(simulator):
    simulator("PUT", "stock/SKU-1", {"fulfillable": 10})
    return simulator


def test_create_is_listed_and_read_back(stocked, gateway):
    gateway.create_fulfillment_order(ORDER)
    (summary,) = gateway.list_fulfillment_orders(LONG_AGO)
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
    gateway.test_connection()


@pytest.mark.parametrize(
    ("wrong", "code"), [({"client_secret": "no"}, "invalid_client"), ({"refresh_token": "Atzr|no"}, "invalid_grant")]
)
def test_connection_with_wrong_credentials_says_which(connection, wrong, code):
    with Gateway(replace(connection, **wrong)) as gateway, pytest.raises(AuthenticationFailed) as caught:
        gateway.test_connection()
    assert caught.value.code == code


def test_call_with_a_token_refused_once_is_renewed(stocked, gateway):
    stocked("POST", "faults", {"operation": "createFulfillmentOrder", "kind": "status", "status": 403})
    gateway.create_fulfillment_order(ORDER)
    assert len(list(gateway.list_fulfillment_orders(LONG_AGO))) == 1


def test_sale_is_searched_and_read(stocked, gateway):
    item = {"seller_sku": "SKU-1", "quantity": 2, "item_price": "49.98", "tax": "4.12"}
    sale = stocked("POST", "sales", {"items": [item], "marketplace_id": "ATVPDKIKX0DER"})
    stocked("POST", "clock/advance", {"seconds": 600})
    (page,) = gateway.search_orders(updated_after=LONG_AGO, marketplace_ids=["ATVPDKIKX0DER"])
    (raw,) = page.orders
    order = gateway.get_order(sale["amazon_order_id"])
    assert parse_order(raw.payload) == order
    assert (order.channel, order.status, order.fulfilled_by) == ("AMAZON", "SHIPPED", "AMAZON")
    (sold,) = order.items
    assert (sold.seller_sku, sold.quantity_ordered, sold.quantity_fulfilled) == ("SKU-1", 2, 2)
    assert dict(sold.breakdown)["ITEM"] == Decimal("49.98")
    assert page.last_updated_before - raw.updated_at > timedelta(minutes=1)
