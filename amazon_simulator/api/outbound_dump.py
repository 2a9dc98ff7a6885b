"""An MCF order as Fulfillment Outbound 2020-07-01 shows it."""

from typing import Any

from ..world.clock import dump_time, parse_time
from ..world.fulfillment import FulfillmentOrder
from ..world.shipments import ARRIVES_AFTER, Line, Package, ReturnItem, Row, Shipment

CENTER = "SIM1"
"""The one fulfillment center."""

_ECHOED = ("deliveryWindow", "codSettings", "notificationEmails", "featureConstraints")
_ECHOED_OF_ITEM = (
    "giftMessage", "displayableComment", "fulfillmentNetworkSku", "orderItemDisposition",
    "perUnitPrice", "perUnitTax", "perUnitDeclaredValue",
)  # fmt: skip


def dump_whole(order: FulfillmentOrder) -> dict[str, Any]:
    """GetFulfillmentOrderResult of the model."""
    whole: dict[str, Any] = {
        "fulfillmentOrder": dump_order(order),
        "fulfillmentOrderItems": [dump_line(order, line) for line in order.lines],
        "returnItems": [dump_return(item) for item in order.returns],
        "returnAuthorizations": [],
    }
    if order.shipments:
        whole["fulfillmentShipments"] = [dump_shipment(shipment) for shipment in order.shipments]
    return whole


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


def dump_line(order: FulfillmentOrder, line: Line) -> dict[str, Any]:
    """FulfillmentOrderItem of the model."""
    sent = next(item for item in order.request["items"] if item["sellerFulfillmentOrderItemId"] == line.item_id)
    return {
        "sellerSku": line.seller_sku,
        "sellerFulfillmentOrderItemId": line.item_id,
        "quantity": line.quantity,
        "cancelledQuantity": line.cancelled,
        "unfulfillableQuantity": line.unfulfillable,
    } | {key: sent[key] for key in _ECHOED_OF_ITEM if key in sent}


def dump_shipment(shipment: Shipment) -> dict[str, Any]:
    """FulfillmentShipment of the model; tracking numbers that are not known yet are absent.

    A cancelled shipment has no dates: the model says so of the arrival.
    """
    arrives = dump_time(shipment.shipped_at + ARRIVES_AFTER)
    items, packages = [], []
    for line, units in shipment.planned:
        items.append(_dump_units(line, units))
    for package in shipment.packages:
        items += [_dump_row(row, package) for row in package.rows]
        parcel = {
            "packageNumber": package.number,
            "carrierCode": package.carrier_code,
            "estimatedArrivalDate": arrives,
        }
        if package.tracking_number:
            parcel["trackingNumber"] = package.tracking_number
        packages.append(parcel)
    answer: dict[str, Any] = {
        "amazonShipmentId": shipment.shipment_id,
        "fulfillmentCenterId": CENTER,
        "fulfillmentShipmentStatus": shipment.status,
        "fulfillmentShipmentItem": items,
    }
    if shipment.status in ("PENDING", "SHIPPED"):
        answer |= {"shippingDate": dump_time(shipment.shipped_at), "estimatedArrivalDate": arrives}
    if packages:
        answer["fulfillmentShipmentPackage"] = packages
    return answer


def dump_return(item: ReturnItem) -> dict[str, Any]:
    """ReturnItem of the model, which no return authorization belongs to."""
    answer = {
        "sellerReturnItemId": item.return_id,
        "sellerFulfillmentOrderItemId": item.line.item_id,
        "amazonShipmentId": item.shipment_id,
        "sellerReturnReasonCode": item.reason,
        "status": item.status,
        "statusChangedDate": dump_time(item.changed_at),
    }
    if item.comment:
        answer["returnComment"] = item.comment
    if item.condition:
        answer |= {"returnReceivedCondition": item.condition, "fulfillmentCenterId": CENTER}
    return answer


def _dump_units(line: Line, units: int) -> dict[str, Any]:
    return {"sellerSku": line.seller_sku, "sellerFulfillmentOrderItemId": line.item_id, "quantity": units}


def _dump_row(row: Row, package: Package) -> dict[str, Any]:
    """FulfillmentShipmentItem of the model: units in a package."""
    answer = _dump_units(row.line, row.units) | {"packageNumber": package.number}
    if row.serial_number:
        answer["serialNumber"] = row.serial_number
    if row.lot_codes:
        answer["manufacturerLotCodes"] = row.lot_codes
    return answer
