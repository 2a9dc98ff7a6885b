"""getFulfillmentPreview: cost and arrival of an MCF order, for each shipping speed.

Weights, fees and delays are the simulator's own, the same in every currency (times 100 in yen); what is fulfillable
depends on stock and destination. A preview reserves nothing.
Source of the shape: Fulfillment Outbound 2020-07-01, FulfillmentPreview.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from ..world.clock import dump_time
from ..world.marketplaces import Marketplace, marketplace
from ..world.sellers import Seller
from . import outbound_rules
from .operations import Call
from .queries import check_query

DEFAULT_SPEEDS = ("Standard", "Expedited", "Priority")
NO_DELIVERY = "DeliverySLAUnavailable"
"""Source: Fulfillment Outbound 2020-07-01, orderUnfulfillableReasons."""
NO_STOCK = "InventoryUnavailable"
"""The simulator's own word: Amazon publishes no reasons for items."""

UNIT_WEIGHT = {"POUNDS": Decimal("1.00"), "KILOGRAMS": Decimal("0.45")}
TRANSPORT_FEE = Decimal("0.40")
"""Per unit, as the weight is."""
COD_FEE = Decimal("5.00")


@dataclass(frozen=True)
class Service:
    """A shipping speed: its fees, and its earliest and latest arrival in days after now."""

    per_order: Decimal
    per_unit: Decimal
    earliest_days: int
    latest_days: int


SERVICES = {
    "Standard": Service(Decimal("1.00"), Decimal("4.75"), 3, 5),
    "Expedited": Service(Decimal("2.00"), Decimal("6.50"), 2, 2),
    "Priority": Service(Decimal("4.00"), Decimal("9.25"), 1, 1),
    "ScheduledDelivery": Service(Decimal("3.00"), Decimal("7.00"), 2, 4),
}


def get_fulfillment_preview(call: Call) -> dict[str, Any]:
    """A preview for each speed asked for, and for each again with cash on delivery if that is asked for."""
    check_query(call.query, frozenset())
    outbound_rules.check_preview(call.body, call.seller)
    now, fees_known = call.world.clock.now, call.world.settings.fees_known
    previews = [
        Preview(call.seller, call.body, speed, for_cod, fees_known).dump(now)
        for speed in call.body.get("shippingSpeedCategories") or DEFAULT_SPEEDS
        for for_cod in ([False, True] if call.body.get("includeCODFulfillmentPreview") else [False])
    ]
    return {"payload": {"fulfillmentPreviews": previews}}


class Preview:
    """One speed of a checked request."""

    def __init__(self, seller: Seller, body: dict[str, Any], speed: str, for_cod: bool, fees_known: bool) -> None:
        self.body = body
        self.speed = speed
        self.for_cod = for_cod
        self.marketplace_id = body.get("marketplaceId") or seller.marketplace_ids[0]
        self.marketplace: Marketplace = marketplace(self.marketplace_id)
        self.fees_known = fees_known and self.marketplace.country_code != "IN"
        self.missing = list(_missing(seller, body["items"]))

    @property
    def is_deliverable(self) -> bool:
        """Abroad only Standard; Scheduled Delivery only in Japan (source: ShippingSpeedCategory, DeliveryWindow)."""
        country = self.marketplace.country_code
        if self.speed == "ScheduledDelivery" and country != "JP":
            return False
        return self.speed == "Standard" or self.body["address"]["countryCode"] == country

    def dump(self, now: datetime) -> dict[str, Any]:
        """FulfillmentPreview of the model. Weight, fees and shipments are absent of what cannot be fulfilled."""
        is_fulfillable = self.is_deliverable and not self.missing
        answer: dict[str, Any] = {
            "shippingSpeedCategory": self.speed,
            "isFulfillable": is_fulfillable,
            "isCODCapable": self.for_cod,
            "marketplaceId": self.marketplace_id,
        }
        if is_fulfillable:
            answer["estimatedShippingWeight"] = self._weight(self._units)
            # Source: the model ("will not be available for IN"), amzn/selling-partner-api-models issue 5328 for null.
            answer["estimatedFees"] = list(self._fees()) if self.fees_known else None
            answer["fulfillmentPreviewShipments"] = [self._shipment(now)]
        if self.missing:
            answer["unfulfillablePreviewItems"] = self.missing
        if not self.is_deliverable:
            answer["orderUnfulfillableReasons"] = [NO_DELIVERY]
        if is_fulfillable and self.speed == "ScheduledDelivery" and self.body.get("includeDeliveryWindows"):
            answer["scheduledDeliveryInfo"] = _delivery_windows(now)
        if "featureConstraints" in self.body:
            answer["featureConstraints"] = self.body["featureConstraints"]
        return answer

    @property
    def _units(self) -> int:
        return sum(item["quantity"] for item in self.body["items"])

    def _weight(self, units: int) -> dict[str, str]:
        unit = "POUNDS" if self.marketplace.country_code == "US" else "KILOGRAMS"
        return {"unit": unit, "value": str(UNIT_WEIGHT[unit] * units)}

    def _fees(self) -> Iterator[dict[str, Any]]:
        service, units = SERVICES[self.speed], self._units
        yield self._fee("FBAPerUnitFulfillmentFee", service.per_unit * units)
        yield self._fee("FBAPerOrderFulfillmentFee", service.per_order)
        yield self._fee("FBATransportationFee", TRANSPORT_FEE * units)
        if self.for_cod:
            yield self._fee("FBAFulfillmentCODFee", COD_FEE)

    def _fee(self, name: str, amount: Decimal) -> dict[str, Any]:
        value = amount if self.marketplace.decimals else (amount * 100).quantize(Decimal(1))
        return {"name": name, "amount": {"currencyCode": self.marketplace.currency, "value": str(value)}}

    def _shipment(self, now: datetime) -> dict[str, Any]:
        service = SERVICES[self.speed]
        return {
            "earliestShipDate": dump_time(now),
            "latestShipDate": dump_time(now + timedelta(days=1)),
            "earliestArrivalDate": dump_time(now + timedelta(days=service.earliest_days)),
            "latestArrivalDate": dump_time(now + timedelta(days=service.latest_days)),
            "fulfillmentPreviewItems": [
                {
                    "sellerSku": item["sellerSku"],
                    "sellerFulfillmentOrderItemId": item["sellerFulfillmentOrderItemId"],
                    "quantity": item["quantity"],
                    "estimatedShippingWeight": self._weight(item["quantity"]),
                    "shippingWeightCalculationMethod": "Package",
                }
                for item in self.body["items"]
            ],
        }


def _missing(seller: Seller, items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """UnfulfillablePreviewItem of the model: the units that are not free. Lines of one SKU share its stock."""
    free = {sku: item.fulfillable for sku, item in seller.stock.items()}
    for item in items:
        short = item["quantity"] - free[item["sellerSku"]]
        free[item["sellerSku"]] = max(0, -short)
        if short > 0:
            yield {
                "sellerSku": item["sellerSku"],
                "sellerFulfillmentOrderItemId": item["sellerFulfillmentOrderItemId"],
                "quantity": short,
                "itemUnfulfillableReasons": [NO_STOCK],
            }


def _delivery_windows(now: datetime) -> dict[str, Any]:
    """ScheduledDeliveryInfo of the model: two windows a day, from the second to the fourth day."""
    midnight = now.replace(hour=0, minute=0, second=0)
    starts = [midnight + timedelta(days=days, hours=hours) for days in (2, 3, 4) for hours in (0, 5)]
    return {
        "deliveryTimeZone": "Asia/Tokyo",
        "deliveryWindows": [
            {"startDate": dump_time(start), "endDate": dump_time(start + timedelta(hours=3))} for start in starts
        ],
    }
