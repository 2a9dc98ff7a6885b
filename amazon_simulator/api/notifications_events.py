"""From a change in the world to the payload of a notification: which type it is, and what Amazon says of it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from ..world.clock import dump_time
from ..world.fulfillment import FulfillmentOrder
from ..world.sales import Sale
from ..world.sellers import Seller
from ..world.shipments import ARRIVES_AFTER, ReturnItem, Shipment
from ..world.stock import StockItem
from .notifications_types import (
    FBA_INVENTORY_AVAILABILITY_CHANGES,
    FULFILLMENT_ORDER_STATUS,
    ORDER_CHANGE,
    REPORT_PROCESSING_FINISHED,
)
from .report_file import ReportFile

_SHIPMENT_STATUSES = {
    "PENDING": "Pending",
    "SHIPPED": "Shipped",
    "CANCELLED_BY_FULFILLER": "CancelledByFulfiller",
    "CANCELLED_BY_SELLER": "CancelledBySeller",
}
"""Spelled otherwise than in the API. Source: SP-API, Notification type values, FulfillmentShipmentStatus."""
_ORDER_STATUSES = {
    "PENDING": "Pending",
    "UNSHIPPED": "Unshipped",
    "PARTIALLY_SHIPPED": "PartiallyShipped",
    "SHIPPED": "Shipped",
    "CANCELLED": "Canceled",
}
"""The spelling of Orders v0. Source: OrderChangeNotification.json."""
_PROGRAMS = {"AMAZON_BUSINESS": "Business", "PRIME": "Prime", "PREMIUM": "Premium", "INVOICE_BY_AMAZON": "IBA"}
_CHANGES = {"status": ("OrderStatusChange", "Order Status Change"), "tip": ("DeliveryTipChange", "Delivery Tip Change")}
"""OrderChangeType and ChangeReason; Amazon publishes no list of the reasons."""


@dataclass(frozen=True)
class Event:
    """Something a seller is told. `change_type`, `marketplace_id`: what an eventFilter of orders looks at."""

    notification_type: str
    at: datetime
    payload: dict[str, Any]
    change_type: str = ""
    marketplace_id: str = ""

    def passes(self, directive: dict[str, Any] | None) -> bool:
        """Whether a subscription with this processingDirective wants it. Expressions are not evaluated."""
        wanted = (directive or {}).get("eventFilter")
        if wanted is None or self.notification_type != ORDER_CHANGE:
            return True
        return _is_among(self.change_type, wanted.get("orderChangeTypes")) and _is_among(
            self.marketplace_id, wanted.get("marketplaceIds")
        )


def _is_among(value: str, wanted: Iterable[str] | None) -> bool:
    return not wanted or value in wanted


def of_change(seller: Seller, subject: object, part: object, now: datetime) -> Event | None:
    """What Amazon says of a change; None when it says nothing."""
    if isinstance(subject, FulfillmentOrder):
        return _of_fulfillment_order(seller, subject, part, now)
    if isinstance(subject, Sale):
        return _of_sale(seller, subject, str(part), now)
    if isinstance(subject, StockItem):
        return Event(FBA_INVENTORY_AVAILABILITY_CHANGES, now, _inventory(seller, subject))
    return None


def of_report(seller: Seller, report: ReportFile) -> Event:
    """A report has ended. Source: ReportProcessingFinishedNotification.json; its keys begin in lower case."""
    status = report.status(report.ended_at)
    told = {
        "sellerId": seller.merchant_id,
        "reportId": report.report_id,
        "reportType": report.report_type,
        "processingStatus": status,
    }
    told |= {"reportDocumentId": report.document_id} if status == "DONE" else {}
    return Event(REPORT_PROCESSING_FINISHED, report.ended_at, {"reportProcessingFinishedNotification": told})


def _of_fulfillment_order(seller: Seller, order: FulfillmentOrder, part: object, now: datetime) -> Event | None:
    """Its status, a shipment or a returned unit; the elements of the others are absent, as in Amazon's documentation.

    FulfillmentOrderStatusNotification.json calls all of them required, and its example has them all.
    """
    if order.status == "New":  # no status that Amazon's documentation lists
        return None
    told: dict[str, Any] = {
        "SellerId": seller.merchant_id,
        "EventType": "Order",
        "StatusUpdatedDateTime": dump_time(order.status_updated_at),
        "SellerFulfillmentOrderId": order.order_id,
        "FulfillmentOrderStatus": order.status,
    }
    if isinstance(part, Shipment):
        told |= {"EventType": "Shipment", "FulfillmentShipment": _shipment(part)}
    elif isinstance(part, ReturnItem):
        told |= {
            "EventType": "Return",
            "FulfillmentReturnItem": {
                "ReceivedDateTime": dump_time(part.changed_at),
                "ReturnedQuantity": 1,
                "SellerSKU": part.line.seller_sku,
            },
        }
    return Event(FULFILLMENT_ORDER_STATUS, now, {"FulfillmentOrderStatusNotification": told})


def _shipment(shipment: Shipment) -> dict[str, Any]:
    """A cancelled one has no time of arrival; a tracking number that is not known yet is empty."""
    told: dict[str, Any] = {
        "FulfillmentShipmentStatus": _SHIPMENT_STATUSES[shipment.status],
        "AmazonShipmentId": shipment.shipment_id,
        "FulfillmentShipmentPackages": [
            {
                "PackageNumber": package.number,
                "CarrierCode": package.carrier_code,
                "TrackingNumber": package.tracking_number or "",
            }
            for package in shipment.packages
        ],
    }
    if shipment.status in ("PENDING", "SHIPPED"):
        told["EstimatedArrivalDateTime"] = dump_time(shipment.shipped_at + ARRIVES_AFTER)
    return told


def _of_sale(seller: Seller, sale: Sale, part: str, now: datetime) -> Event:
    """OrderChangeNotification of the model, at the level of the order: no money, no name, no street."""
    change_type, reason = _CHANGES[part]
    postal_code = sale.delivery_address.get("postalCode")
    programs = [_PROGRAMS[it] for it in sale.details.get("programs", ()) if it in _PROGRAMS]
    programs += ["Replacement"] if sale.replaces else []
    summary = {
        "MarketplaceId": sale.marketplace_id,
        "OrderStatus": _ORDER_STATUSES[sale.status],
        "PurchaseDate": dump_time(sale.created_at),
        "DestinationPostalCode": postal_code,
        "FulfillmentType": "AFN" if sale.fulfilled_by == "AMAZON" else "MFN",
        "OrderType": "StandardOrder",
        "NumberOfItemsShipped": sum(line.shipped for line in sale.lines),
        "NumberOfItemsUnshipped": sum(line.quantity - line.shipped - line.cancelled for line in sale.lines),
        "OrderItems": [
            {
                "OrderItemId": line.item_id,
                "SellerSKU": line.seller_sku,
                "SupplySourceId": None,
                "Quantity": line.quantity,
                "QuantityShipped": line.shipped,
            }
            for line in sale.lines
        ],
    }
    told = {
        "NotificationLevel": "OrderLevel",
        "SellerId": seller.merchant_id,
        "AmazonOrderId": sale.amazon_order_id,
        "OrderChangeType": change_type,
        "OrderChangeTrigger": {"TimeOfOrderChange": dump_time(now), "ChangeReason": reason},
        "Summary": summary | ({"OrderPrograms": programs} if programs else {}),
    }
    return Event(ORDER_CHANGE, now, {"OrderChangeNotification": told}, change_type, sale.marketplace_id)


def _inventory(seller: Seller, item: StockItem) -> dict[str, Any]:
    """The payload of the model, which has no element around it; one pool for all marketplaces of the seller."""
    counts = {
        "InboundQuantityBreakdown": {
            "Working": item.inbound_working,
            "Shipped": item.inbound_shipped,
            "Receiving": item.inbound_receiving,
        },
        "Fulfillable": item.fulfillable,
        "Unfulfillable": item.unfulfillable,
        "Researching": item.researching,
        "ReservedQuantityBreakdown": {
            "WarehouseProcessing": item.fc_processing,
            "WarehouseTransfer": item.transshipment,
            "PendingCustomerOrder": item.reserved,
        },
        "FutureSupplyBuyable": 0,
        "PendingCustomerOrderInTransit": 0,
    }
    return {
        "SellerId": seller.merchant_id,
        "FNSKU": item.fnsku,
        "ASIN": item.asin,
        "SKU": item.seller_sku,
        "FulfillmentInventoryByMarketplace": [
            {"MarketplaceId": marketplace_id, "ItemName": item.seller_sku, "FulfillmentInventory": counts}
            for marketplace_id in seller.marketplace_ids
        ],
    }
