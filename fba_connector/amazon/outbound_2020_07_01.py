"""Fulfillment Outbound v2020-07-01: operations, limits, and conversion between JSON and `outbound.py`."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sp_api.api import FulfillmentOutbound  # type: ignore[import-untyped]

from .fields import LONGEST_PROSE, Fields, unusable
from .limits import OutboundLimits
from .operation import Operation
from .outbound import (
    BLANK_BOX,
    BLOCK_AMZL,
    EXPEDITED,
    FILL_ALL,
    FILL_ALL_AVAILABLE,
    FILL_OR_KILL,
    PRIORITY,
    RETURN_CONDITIONS,
    RETURN_STATUSES,
    SHIPMENT_STATUSES,
    SIGNATURE_CONFIRMATION,
    STANDARD,
    STATUSES,
    Address,
    CreateItem,
    CreateOrder,
    Echo,
    Fee,
    FulfillmentOrder,
    OrderItem,
    OrderSummary,
    Package,
    PackageTracking,
    Preview,
    PreviewOrder,
    PreviewShipment,
    ReturnItem,
    Shipment,
    ShipmentItem,
    SummaryPage,
    TrackingEvent,
    UnfulfillableItem,
    UpdateOrder,
)
from .outbound_checks import Places, check_order, check_preview, check_update
from .paging import pages
from .transport import LibraryClient, Transport
from .values import utc_text

PREVIEW = Operation("getFulfillmentPreview", rate=2, burst=30)
CREATE = Operation("createFulfillmentOrder", rate=2, burst=30, write=True)
UPDATE = Operation("updateFulfillmentOrder", rate=2, burst=30, write=True)
CANCEL = Operation("cancelFulfillmentOrder", rate=2, burst=30, write=True)
GET = Operation("getFulfillmentOrder", rate=2, burst=30)
LIST = Operation("listAllFulfillmentOrders", rate=2, burst=30)
TRACK = Operation("getPackageTrackingDetails", rate=2, burst=30)
OPERATIONS = (PREVIEW, CREATE, UPDATE, CANCEL, GET, LIST, TRACK)

LIMITS = OutboundLimits(
    lines=100,
    units=250,
    order_id_length=40,
    # Not the model's: an id with a blank or a plus is accepted, and then cannot be read (models issues 1845 and 5374).
    order_id_pattern=r"[A-Za-z0-9_-]+",
    displayable_id_length=40,
    # "ISO 8859-1 compliant. Cannot contain two spaces in a row."
    displayable_id_pattern=r"(?!.*  )[\x20-\x7e\xa0-\xff]+",
    item_id_length=50,
    sku_length=50,
    comment_length=750,
    email_length=64,
    address_name_length=50,
    address_line_length=60,
    city_length=50,
    state_length=150,
    postal_code_length=20,
    phone_length=20,
    speeds=(STANDARD, EXPEDITED, PRIORITY),
    policies=(FILL_OR_KILL, FILL_ALL, FILL_ALL_AVAILABLE),
    features=(BLANK_BOX, BLOCK_AMZL, SIGNATURE_CONFIRMATION),
    hold_days=14,
)

PLACES = Places(
    order_id="sellerFulfillmentOrderId",
    order_number="displayableOrderId",
    comment="displayableOrderComment",
    speed="shippingSpeedCategory",
    policy="fulfillmentPolicy",
    feature="featureConstraints",
    email="notificationEmails",
    address="destinationAddress",
    items="items",
    sku="sellerSku",
    item_id="sellerFulfillmentOrderItemId",
    quantity="quantity",
)

# Every key of the model's objects, read or not: what else comes is news.
ORDER_KEYS = (
    "sellerFulfillmentOrderId", "marketplaceId", "displayableOrderId", "displayableOrderDate",
    "displayableOrderComment", "shippingSpeedCategory", "deliveryWindow", "destinationAddress",
    "fulfillmentAction", "fulfillmentPolicy", "codSettings", "receivedDate", "fulfillmentOrderStatus",
    "statusUpdatedDate", "notificationEmails", "featureConstraints",
)  # fmt: skip
ITEM_KEYS = (
    "sellerSku", "sellerFulfillmentOrderItemId", "quantity", "giftMessage", "displayableComment",
    "fulfillmentNetworkSku", "orderItemDisposition", "cancelledQuantity", "unfulfillableQuantity", "estimatedShipDate",
    "estimatedArrivalDate", "perUnitPrice", "perUnitTax", "perUnitDeclaredValue",
)  # fmt: skip
SHIPMENT_KEYS = (
    "amazonShipmentId", "fulfillmentCenterId", "fulfillmentShipmentStatus", "shippingDate", "estimatedArrivalDate",
    "shippingNotes", "fulfillmentShipmentItem", "fulfillmentShipmentPackage",
)  # fmt: skip
SHIPMENT_ITEM_KEYS = (
    "sellerSku", "sellerFulfillmentOrderItemId", "quantity", "packageNumber", "serialNumber", "manufacturerLotCodes",
)  # fmt: skip
PACKAGE_KEYS = (
    "packageNumber", "carrierCode", "trackingNumber", "amazonFulfillmentTrackingNumber", "estimatedArrivalDate",
    "lockerDetails", "deliveryInformation",
)  # fmt: skip
RETURN_KEYS = (
    "sellerReturnItemId", "sellerFulfillmentOrderItemId", "amazonShipmentId", "sellerReturnReasonCode",
    "returnComment", "amazonReturnReasonCode", "status", "statusChangedDate", "returnAuthorizationId",
    "returnReceivedCondition", "fulfillmentCenterId",
)  # fmt: skip
PREVIEW_KEYS = (
    "shippingSpeedCategory", "scheduledDeliveryInfo", "isFulfillable", "isCODCapable", "estimatedShippingWeight",
    "estimatedFees", "fulfillmentPreviewShipments", "unfulfillablePreviewItems", "orderUnfulfillableReasons",
    "marketplaceId", "featureConstraints",
)  # fmt: skip
TRACKING_KEYS = (
    "packageNumber", "trackingNumber", "customerTrackingLink", "carrierCode", "carrierPhoneNumber", "carrierURL",
    "shipDate", "estimatedArrivalDate", "shipToAddress", "currentStatus", "currentStatusDescription", "deliveryWindow",
    "signedForBy", "additionalLocationInfo", "trackingEvents",
)  # fmt: skip
TRACKING_STATUSES = (
    "IN_TRANSIT", "DELIVERED", "RETURNING", "RETURNED", "UNDELIVERABLE", "DELAYED", "AVAILABLE_FOR_PICKUP",
    "CUSTOMER_ACTION", "UNKNOWN", "OUT_FOR_DELIVERY", "DELIVERY_ATTEMPTED", "PICKUP_SUCCESSFUL", "PICKUP_CANCELLED",
    "PICKUP_ATTEMPTED", "PICKUP_SCHEDULED", "RETURN_REQUEST_ACCEPTED", "REFUND_ISSUED", "RETURN_RECEIVED_IN_FC",
)  # fmt: skip

# Of a preview, or of an order of whoever made it: we never ask for the last one.
SPEEDS = (*LIMITS.speeds, "ScheduledDelivery")
ACTIONS = ("Ship", "Hold")
FEES = ("FBAPerUnitFulfillmentFee", "FBAPerOrderFulfillmentFee", "FBATransportationFee", "FBAFulfillmentCODFee")


class _Client(LibraryClient, FulfillmentOutbound):  # type: ignore[misc]
    """The library's client, answers unparsed."""


class OutboundApi:
    """The operations the gateway uses; see there for what they mean and raise."""

    def __init__(self, transport: Transport) -> None:
        self._call = transport.call
        self._client = _Client(transport)

    def preview(self, order: PreviewOrder) -> tuple[Preview, ...]:
        return parse_previews(self._call(PREVIEW, self._client.get_fulfillment_preview, **dump_preview(order)))

    def create(self, order: CreateOrder) -> None:
        self._call(CREATE, self._client.create_fulfillment_order, **dump_order(order))

    def update(self, order: UpdateOrder) -> None:
        body = dump_update(order)
        self._call(UPDATE, self._client.update_fulfillment_order, order.order_id, **body)

    def cancel(self, order_id: str) -> None:
        self._call(CANCEL, self._client.cancel_fulfillment_order, order_id)

    def get(self, order_id: str) -> FulfillmentOrder:
        return parse_order(self._call(GET, self._client.get_fulfillment_order, order_id))

    def list_changed(self, changed_since: datetime, page_token: str | None) -> Iterator[SummaryPage]:
        query = {"queryStartDate": utc_text(changed_since)}

        def fetch(token: str | None) -> tuple[SummaryPage, str | None]:
            more = {"nextToken": token} if token else {}
            page = parse_page(self._call(LIST, self._client.list_all_fulfillment_orders, **query, **more))
            return page, page.next_token

        return pages(LIST, fetch, page_token)

    def track(self, package_number: int) -> PackageTracking:
        query = {"packageNumber": str(package_number)}
        return parse_tracking(self._call(TRACK, self._client.get_package_tracking_details, **query))


# === REQUESTS === #


def dump_order(order: CreateOrder) -> dict[str, Any]:
    """The body of createFulfillmentOrder; what is None or empty is left out. Raises InvalidRequest."""
    check_order(order, CREATE, LIMITS, PLACES)
    body = {
        "marketplaceId": order.marketplace_id,
        "sellerFulfillmentOrderId": order.order_id,
        "displayableOrderId": order.displayable_order_id,
        "displayableOrderDate": utc_text(order.displayable_at),
        "displayableOrderComment": order.comment,
        "shippingSpeedCategory": order.shipping_speed,
        # Both sent always: this version does not publish its defaults.
        "fulfillmentAction": _dump_action(order.hold),
        "fulfillmentPolicy": order.policy,
        "destinationAddress": _dump_address(order.address),
        "notificationEmails": list(order.notification_emails),
        "featureConstraints": _dump_features(order.features),
        "items": _dump_items(order.items),
    }
    return _without_empty(body)


def dump_update(order: UpdateOrder) -> dict[str, Any]:
    """The body of updateFulfillmentOrder: only what changes. Raises InvalidRequest."""
    check_update(order, UPDATE, LIMITS, PLACES)
    body = {
        "displayableOrderComment": order.comment,
        "shippingSpeedCategory": order.shipping_speed,
        "fulfillmentAction": None if order.hold is None else _dump_action(order.hold),
        "fulfillmentPolicy": order.policy,
        "destinationAddress": order.address and _dump_address(order.address),
        "items": _dump_items(order.items),
    }
    return _without_empty(body)


def dump_preview(order: PreviewOrder) -> dict[str, Any]:
    """The body of getFulfillmentPreview. Raises InvalidRequest."""
    check_preview(order, PREVIEW, LIMITS, replace(PLACES, address="address"))
    body = {
        "marketplaceId": order.marketplace_id,
        "address": _dump_address(order.address),
        "items": _dump_items(order.items),
        "shippingSpeedCategories": list(LIMITS.speeds),
        "featureConstraints": _dump_features(order.features),
    }
    return _without_empty(body)


def _dump_features(features: Sequence[str]) -> list[dict[str, str]]:
    return [{"featureName": feature, "featureFulfillmentPolicy": "Required"} for feature in features]


def _dump_action(hold: bool) -> str:
    return "Hold" if hold else "Ship"


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
    return _without_empty(body)


def _dump_items(items: Sequence[CreateItem]) -> list[dict[str, Any]]:
    return [
        {"sellerSku": item.seller_sku, "sellerFulfillmentOrderItemId": item.item_id, "quantity": item.quantity}
        for item in items
    ]


def _without_empty(body: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if value}


# === ANSWERS === #


def parse_previews(answer: dict[str, Any]) -> tuple[Preview, ...]:
    """Read an answer of getFulfillmentPreview. Raises Malformed."""
    payload = Fields(answer, PREVIEW.name).child("payload")
    return tuple(_parse_preview(row) for row in payload.optional_children("fulfillmentPreviews", PREVIEW_KEYS))


def _parse_preview(preview: Fields) -> Preview:
    fees = tuple(
        Fee(fee.choice("name", FEES), fee.child("amount").money("value"))
        for fee in preview.optional_children("estimatedFees")
    )
    if len({fee.money.currency for fee in fees}) > 1:
        path = f"{preview.path}.estimatedFees"
        raise unusable(PREVIEW.name, path, "currencies")
    return Preview(
        shipping_speed=preview.choice("shippingSpeedCategory", SPEEDS),
        is_fulfillable=preview.flag("isFulfillable"),
        is_cod=preview.optional_flag("isCODCapable") or False,
        fees=fees or None,
        shipments=tuple(
            PreviewShipment(
                earliest_ship_at=shipment.optional_moment("earliestShipDate"),
                latest_ship_at=shipment.optional_moment("latestShipDate"),
                earliest_arrival_at=shipment.optional_moment("earliestArrivalDate"),
                latest_arrival_at=shipment.optional_moment("latestArrivalDate"),
            )
            for shipment in preview.optional_children("fulfillmentPreviewShipments")
        ),
        unfulfillable_items=tuple(
            UnfulfillableItem(
                item_id=item.text("sellerFulfillmentOrderItemId"),
                seller_sku=item.text("sellerSku"),
                quantity=item.quantity("quantity"),
                reasons=item.texts("itemUnfulfillableReasons"),
            )
            for item in preview.optional_children("unfulfillablePreviewItems")
        ),
        reasons=preview.texts("orderUnfulfillableReasons"),
    )


def parse_page(answer: dict[str, Any]) -> SummaryPage:
    """Read one answer of listAllFulfillmentOrders. An order that cannot be read is left out. Raises Malformed."""
    payload = Fields(answer, LIST.name).child("payload")
    token = payload.optional_text("nextToken", longest=LONGEST_PROSE)
    # No list is an empty one only where it ends: else the orders of this page would be passed over for good.
    orders = payload.readable_children("fulfillmentOrders", _parse_summary, ORDER_KEYS, optional=token is None)
    return SummaryPage(tuple(orders), token)


def _parse_summary(row: Fields) -> OrderSummary:
    return OrderSummary(
        order_id=row.text("sellerFulfillmentOrderId"),
        status=_status(row),
        updated_at=row.optional_moment("statusUpdatedDate"),
        received_at=row.optional_moment("receivedDate"),
        echo=_parse_echo(row),
    )


def _parse_echo(order: Fields) -> Echo:
    """What cannot be read of it is None: nothing of it is needed to see what Amazon ships."""
    address = order.if_readable(order.optional_child, "destinationAddress")
    return Echo(
        displayable_order_id=order.if_readable(order.optional_text, "displayableOrderId"),
        displayable_at=order.if_readable(order.optional_moment, "displayableOrderDate"),
        postal_code=address.if_readable(address.optional_text, "postalCode") if address else None,
        country_code=address.if_readable(address.optional_text, "countryCode") if address else None,
    )


def parse_order(answer: dict[str, Any]) -> FulfillmentOrder:
    """Read an answer of getFulfillmentOrder. Raises Malformed."""
    payload = Fields(answer, GET.name).child("payload")
    order = payload.child("fulfillmentOrder", ORDER_KEYS)
    action = order.optional_choice("fulfillmentAction", ACTIONS)
    return FulfillmentOrder(
        order_id=order.text("sellerFulfillmentOrderId"),
        status=_status(order),
        updated_at=order.optional_moment("statusUpdatedDate"),
        shipping_speed=order.optional_choice("shippingSpeedCategory", SPEEDS),
        hold=None if action is None else action == "Hold",
        policy=order.optional_choice("fulfillmentPolicy", LIMITS.policies),
        items=tuple(_parse_item(item) for item in payload.children("fulfillmentOrderItems", ITEM_KEYS)),
        shipments=tuple(
            _parse_shipment(row) for row in payload.optional_children("fulfillmentShipments", SHIPMENT_KEYS)
        ),
        returns=tuple(_parse_return(row) for row in payload.optional_children("returnItems", RETURN_KEYS)),
        echo=_parse_echo(order),
    )


def _status(order: Fields) -> str:
    return order.choice("fulfillmentOrderStatus", STATUSES)


def _parse_item(item: Fields) -> OrderItem:
    return OrderItem(
        item_id=item.text("sellerFulfillmentOrderItemId"),
        seller_sku=item.text("sellerSku"),
        quantity=item.quantity("quantity"),
        cancelled_quantity=item.optional_quantity("cancelledQuantity") or 0,
        unfulfillable_quantity=item.optional_quantity("unfulfillableQuantity") or 0,
    )


def _parse_shipment(shipment: Fields) -> Shipment:
    return Shipment(
        shipment_id=shipment.text("amazonShipmentId"),
        status=shipment.choice("fulfillmentShipmentStatus", SHIPMENT_STATUSES),
        shipped_at=shipment.optional_moment("shippingDate"),
        estimated_arrival_at=shipment.optional_moment("estimatedArrivalDate"),
        items=tuple(
            ShipmentItem(
                item_id=item.text("sellerFulfillmentOrderItemId"),
                quantity=item.quantity("quantity"),
                package_number=item.optional_integer("packageNumber"),
                serial_number=item.optional_text("serialNumber"),
                lot_codes=item.texts("manufacturerLotCodes"),
            )
            for item in shipment.optional_children("fulfillmentShipmentItem", SHIPMENT_ITEM_KEYS)
        ),
        packages=tuple(
            Package(
                package_number=package.integer("packageNumber"),
                carrier_code=package.optional_text("carrierCode") or "",
                # Amazon's own carrier may have no other number (Multi-Channel Fulfillment by Amazon Logistics).
                tracking_number=package.optional_text("trackingNumber")
                or package.optional_text("amazonFulfillmentTrackingNumber"),
                estimated_arrival_at=package.optional_moment("estimatedArrivalDate"),
            )
            for package in shipment.optional_children("fulfillmentShipmentPackage", PACKAGE_KEYS)
        ),
    )


def _parse_return(item: Fields) -> ReturnItem:
    return ReturnItem(
        return_id=item.text("sellerReturnItemId"),
        item_id=item.text("sellerFulfillmentOrderItemId"),
        shipment_id=item.text("amazonShipmentId"),
        # Required by the model, and not in Amazon's own example.
        reason=item.optional_text("sellerReturnReasonCode") or "",
        amazon_reason=item.optional_text("amazonReturnReasonCode"),
        comment=item.optional_text("returnComment", longest=LONGEST_PROSE),
        status=item.choice("status", RETURN_STATUSES),
        changed_at=item.moment("statusChangedDate"),
        condition=item.optional_choice("returnReceivedCondition", RETURN_CONDITIONS),
    )


def parse_tracking(answer: dict[str, Any]) -> PackageTracking:
    """Read an answer of getPackageTrackingDetails. Raises Malformed."""
    package = Fields(answer, TRACK.name).child("payload", TRACKING_KEYS)
    return PackageTracking(
        package_number=package.integer("packageNumber"),
        status=package.optional_choice("currentStatus", TRACKING_STATUSES),
        carrier_code=package.optional_text("carrierCode"),
        tracking_number=package.optional_text("trackingNumber"),
        tracking_url=package.optional_text("customerTrackingLink", longest=LONGEST_PROSE),
        shipped_at=package.optional_moment("shipDate"),
        estimated_arrival_at=package.optional_moment("estimatedArrivalDate"),
        events=tuple(
            TrackingEvent(
                at=event.moment("eventDate"),
                code=event.text("eventCode"),
                description=event.text("eventDescription", longest=LONGEST_PROSE),
            )
            for event in package.optional_children("trackingEvents")
        ),
    )
