"""Fulfillment Outbound 2020-07-01: HTTP to world and back."""

from datetime import timedelta
from typing import Any

from . import rules
from .clock import dump_time, parse_time
from .errors import InvalidInput, NotFound
from .fulfillment import FulfillmentOrder, Line, Shipment
from .operations import Call, Operation

BASE = "/fba/outbound/2020-07-01/fulfillmentOrders"
ARRIVES_AFTER = timedelta(days=3)
"""Estimated, after the shipment left; the simulator's own."""

_ECHOED = ("deliveryWindow", "codSettings", "notificationEmails", "featureConstraints")
_ECHOED_OF_ITEM = ("giftMessage", "displayableComment", "perUnitPrice", "perUnitTax", "perUnitDeclaredValue")


def create_fulfillment_order(call: Call) -> dict[str, Any]:
    """Success says nothing: no payload, no id of Amazon."""
    rules.check_query(call.query, frozenset())
    rules.check_create(call.body, call.seller)
    call.world.create_fulfillment_order(call.seller, call.body)
    return {}


def get_fulfillment_order(call: Call) -> dict[str, Any]:
    """The whole view of one order."""
    rules.check_query(call.query, frozenset())
    order = call.seller.fulfillment_orders.get(call.path["order_id"])
    if order is None:
        raise NotFound(f"Fulfillment order {call.path['order_id']} was not found")
    payload: dict[str, Any] = {
        "fulfillmentOrder": dump_order(order),
        "fulfillmentOrderItems": [_dump_line(order, line) for line in order.lines],
        "returnItems": [],
        "returnAuthorizations": [],
    }
    if order.shipments:
        payload["fulfillmentShipments"] = [_dump_shipment(shipment) for shipment in order.shipments]
    return {"payload": payload}


def list_all_fulfillment_orders(call: Call) -> dict[str, Any]:
    """Orders whose status changed at or after queryStartDate, oldest change first, without items and shipments."""
    rules.check_query(call.query, frozenset({"queryStartDate", "nextToken"}))
    world, orders = call.world, call.seller.fulfillment_orders
    scope = ("listAllFulfillmentOrders", call.seller.refresh_token)
    if call.query.get("nextToken"):
        keys = world.pages.rest(call.query["nextToken"], scope, world.clock.now)
        if keys is None:
            raise InvalidInput("Value for parameter nextToken is invalid")
    else:
        start = call.query.get("queryStartDate")
        try:
            since = parse_time(start) if start else None
        except ValueError:
            raise InvalidInput(f"Value {start} for parameter queryStartDate is invalid") from None
        found = [order for order in orders.values() if since is None or order.status_updated_at >= since]
        keys = [order.order_id for order in sorted(found, key=lambda order: (order.status_updated_at, order.order_id))]
    page, token = world.pages.cut(keys, world.settings.list_page_size, scope, world.clock.now)
    payload: dict[str, Any] = {"fulfillmentOrders": [dump_order(orders[key]) for key in page]}
    if token:
        payload["nextToken"] = token
    return {"payload": payload}


def dump_order(order: FulfillmentOrder) -> dict[str, Any]:
    """FulfillmentOrder of the model."""
    request = order.request
    return {
        "sellerFulfillmentOrderId": order.order_id,
        "marketplaceId": order.marketplace_id,
        "displayableOrderId": request["displayableOrderId"],
        "displayableOrderDate": dump_time(parse_time(request["displayableOrderDate"])),
        "displayableOrderComment": request["displayableOrderComment"],
        "shippingSpeedCategory": request["shippingSpeedCategory"],
        "destinationAddress": request["destinationAddress"],
        "fulfillmentAction": order.action,
        "fulfillmentPolicy": order.policy,
        "receivedDate": dump_time(order.created_at),
        "fulfillmentOrderStatus": order.status,
        "statusUpdatedDate": dump_time(order.status_updated_at),
    } | {key: request[key] for key in _ECHOED if key in request}


def _dump_line(order: FulfillmentOrder, line: Line) -> dict[str, Any]:
    """FulfillmentOrderItem of the model."""
    sent = next(item for item in order.request["items"] if item["sellerFulfillmentOrderItemId"] == line.item_id)
    return {
        "sellerSku": line.seller_sku,
        "sellerFulfillmentOrderItemId": line.item_id,
        "quantity": line.quantity,
        "cancelledQuantity": line.cancelled,
        "unfulfillableQuantity": line.unfulfillable,
    } | {key: sent[key] for key in _ECHOED_OF_ITEM if key in sent}


def _dump_shipment(shipment: Shipment) -> dict[str, Any]:
    """FulfillmentShipment of the model; tracking numbers that are not known yet are absent."""
    arrives = dump_time(shipment.shipped_at + ARRIVES_AFTER)
    items, packages = [], []
    for package in shipment.packages:
        for line, units in package.contents:
            items.append(
                {
                    "sellerSku": line.seller_sku,
                    "sellerFulfillmentOrderItemId": line.item_id,
                    "quantity": units,
                    "packageNumber": package.number,
                }
            )
        parcel = {
            "packageNumber": package.number,
            "carrierCode": package.carrier_code,
            "estimatedArrivalDate": arrives,
        }
        if package.tracking_number:
            parcel["trackingNumber"] = package.tracking_number
        packages.append(parcel)
    return {
        "amazonShipmentId": shipment.shipment_id,
        "fulfillmentCenterId": "SIM1",
        "fulfillmentShipmentStatus": "SHIPPED",
        "shippingDate": dump_time(shipment.shipped_at),
        "estimatedArrivalDate": arrives,
        "fulfillmentShipmentItem": items,
        "fulfillmentShipmentPackage": packages,
    }


OPERATIONS = (
    Operation("createFulfillmentOrder", "POST", BASE, 2.0, create_fulfillment_order),
    Operation("listAllFulfillmentOrders", "GET", BASE, 2.0, list_all_fulfillment_orders),
    Operation("getFulfillmentOrder", "GET", f"{BASE}/<order_id>", 2.0, get_fulfillment_order),
)
