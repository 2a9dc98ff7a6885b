"""Fulfillment Outbound v2020-07-01: its operations, and its JSON to and from the dataclasses of `outbound.py`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sp_api.api import FulfillmentOutbound  # type: ignore[import-untyped]

from .errors import Malformed
from .fields import Fields, utc_text
from .outbound import (
    STATUSES,
    Address,
    CreateOrder,
    FulfillmentOrder,
    OrderItem,
    OrderSummary,
    Package,
    Shipment,
    ShipmentItem,
)
from .transport import LibraryClient, Operation, Transport

# Rates are the published usage plan, requests per second.
CREATE = Operation("createFulfillmentOrder", rate=2, write=True)
GET = Operation("getFulfillmentOrder", rate=2)
LIST = Operation("listAllFulfillmentOrders", rate=2)

# Amazon's own examples shout "PROCESSING" where its model says "Processing".
_STATUS_BY_UPPER = {status.upper(): status for status in STATUSES}


class _Client(LibraryClient, FulfillmentOutbound):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class OutboundApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def create(self, order: CreateOrder) -> None:
        self._call(CREATE, self._client.create_fulfillment_order, **dump_order(order))

    def get(self, order_id: str) -> FulfillmentOrder:
        return parse_order(self._call(GET, self._client.get_fulfillment_order, order_id))

    def list_page(
        self, changed_since: datetime, next_token: str | None = None
    ) -> tuple[list[OrderSummary], str | None]:
        """One page, and the token of the next, if any."""
        query = {"queryStartDate": utc_text(changed_since)}
        if next_token:
            query["nextToken"] = next_token
        return parse_page(self._call(LIST, self._client.list_all_fulfillment_orders, **query))

    def list_changed(self, changed_since: datetime) -> Iterator[OrderSummary]:
        token: str | None = None
        while True:
            orders, next_token = self.list_page(changed_since, token)
            yield from orders
            if not next_token:
                return
            if next_token == token:
                raise Malformed("Amazon's list does not end: nextToken repeats", operation=LIST.name, code="nextToken")
            token = next_token


def dump_order(order: CreateOrder) -> dict[str, Any]:
    """The body of createFulfillmentOrder; what is None or empty is left out."""
    body = {
        "marketplaceId": order.marketplace_id,
        "sellerFulfillmentOrderId": order.order_id,
        "displayableOrderId": order.displayable_order_id,
        "displayableOrderDate": utc_text(order.displayable_at),
        "displayableOrderComment": order.comment,
        "shippingSpeedCategory": order.shipping_speed,
        # Both sent always: this version does not publish its defaults.
        "fulfillmentAction": "Hold" if order.hold else "Ship",
        "fulfillmentPolicy": order.policy,
        "destinationAddress": _dump_address(order.address),
        "notificationEmails": list(order.notification_emails),
        "items": [
            {
                "sellerSku": item.seller_sku,
                "sellerFulfillmentOrderItemId": item.item_id,
                "quantity": item.quantity,
            }
            for item in order.items
        ],
    }
    required = ("displayableOrderComment", "items")
    return {key: value for key, value in body.items() if value or key in required}


def _dump_address(address: Address) -> dict[str, str]:
    body = {
        "name": address.name,
        "addressLine1": address.line1,
        "addressLine2": address.line2,
        "addressLine3": address.line3,
        "city": address.city,
        "stateOrRegion": address.state,
        "postalCode": address.postal_code,
        "countryCode": address.country_code,
        "phone": address.phone,
    }
    required = ("name", "addressLine1", "postalCode", "countryCode")
    return {key: value or "" for key, value in body.items() if value or key in required}


def parse_page(answer: dict[str, Any]) -> tuple[list[OrderSummary], str | None]:
    """Read one answer of listAllFulfillmentOrders. Raises Malformed."""
    payload = Fields(answer, LIST.name).child("payload")
    orders = [
        OrderSummary(
            order_id=row.text("sellerFulfillmentOrderId"),
            status=_status(row),
            updated_at=row.moment("statusUpdatedDate"),
        )
        for row in payload.optional_children("fulfillmentOrders")
    ]
    return orders, payload.optional_text("nextToken")


def parse_order(answer: dict[str, Any]) -> FulfillmentOrder:
    """Read an answer of getFulfillmentOrder. Raises Malformed."""
    payload = Fields(answer, GET.name).child("payload")
    order = payload.child("fulfillmentOrder")
    return FulfillmentOrder(
        order_id=order.text("sellerFulfillmentOrderId"),
        status=_status(order),
        updated_at=order.moment("statusUpdatedDate"),
        shipping_speed=order.text("shippingSpeedCategory"),
        items=tuple(_parse_item(item) for item in payload.children("fulfillmentOrderItems")),
        shipments=tuple(_parse_shipment(row) for row in payload.optional_children("fulfillmentShipments")),
    )


def _status(order: Fields) -> str:
    status = order.text("fulfillmentOrderStatus")
    return _STATUS_BY_UPPER.get(status.upper(), status)


def _parse_item(item: Fields) -> OrderItem:
    return OrderItem(
        item_id=item.text("sellerFulfillmentOrderItemId"),
        seller_sku=item.text("sellerSku"),
        quantity=item.quantity("quantity"),
        cancelled_quantity=item.quantity("cancelledQuantity"),
        unfulfillable_quantity=item.quantity("unfulfillableQuantity"),
    )


def _parse_shipment(shipment: Fields) -> Shipment:
    return Shipment(
        shipment_id=shipment.text("amazonShipmentId"),
        status=shipment.text("fulfillmentShipmentStatus"),
        shipped_at=shipment.optional_moment("shippingDate"),
        estimated_arrival_at=shipment.optional_moment("estimatedArrivalDate"),
        items=tuple(_parse_shipment_item(item) for item in shipment.children("fulfillmentShipmentItem")),
        packages=tuple(_parse_package(row) for row in shipment.optional_children("fulfillmentShipmentPackage")),
    )


def _parse_shipment_item(item: Fields) -> ShipmentItem:
    return ShipmentItem(
        item_id=item.text("sellerFulfillmentOrderItemId"),
        quantity=item.quantity("quantity"),
        package_number=item.optional_integer("packageNumber"),
        serial_number=item.optional_text("serialNumber"),
        lot_codes=item.texts("manufacturerLotCodes"),
    )


def _parse_package(package: Fields) -> Package:
    return Package(
        package_number=package.integer("packageNumber"),
        carrier_code=package.text("carrierCode", blank=True),
        tracking_number=package.optional_text("trackingNumber"),
        estimated_arrival_at=package.optional_moment("estimatedArrivalDate"),
    )
