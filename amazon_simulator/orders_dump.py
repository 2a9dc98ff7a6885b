"""An order as Orders 2026-01-01 shows it: what was asked for with includedData, and no more."""

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from .clock import dump_time
from .sales import CENT, Sale, SaleLine

DATASETS = (
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
)  # fmt: skip

CANCEL_REASONS = {"BUYER": "Changed mind", "MERCHANT": "Cancelled by the seller", "AMAZON": "Could not be fulfilled"}
"""The simulator's own texts."""
FACILITATOR = {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}
"""Source: the model; the party's name is the one in the examples of Orders v0."""

Money = Callable[[Decimal], dict[str, str]]


def dump_sale(sale: Sale, included: Collection[str]) -> dict[str, Any]:
    """Order of the model. Orders fulfilled by Amazon show neither packages nor the buyer's e-mail and phone."""
    order: dict[str, Any] = {
        "orderId": sale.amazon_order_id,
        "createdTime": dump_time(sale.created_at),
        "lastUpdatedTime": dump_time(sale.updated_at),
        "salesChannel": {"channelName": sale.channel, "marketplaceId": sale.marketplace_id},
        "orderItems": [_dump_line(sale, line, included) for line in sale.lines],
    }
    if sale.details.get("seller_order_id"):
        order["orderAliases"] = [{"aliasId": sale.details["seller_order_id"], "aliasType": "SELLER_ORDER_ID"}]
    if sale.replaces:
        order["associatedOrders"] = [{"orderId": sale.replaces, "associationType": "REPLACEMENT_ORIGINAL_ID"}]
    if "BUYER" in included:
        order["buyer"] = {"buyerName": sale.buyer_name}
    if "RECIPIENT" in included:
        order["recipient"] = {"deliveryAddress": sale.delivery_address}
    if "PROCEEDS" in included and _has_money(sale):
        total = sum((line.total(sale.tax_included) for line in sale.lines), Decimal(0))
        order["proceeds"] = {"grandTotal": _money(sale)(total)}
    if "FULFILLMENT" in included:
        order["fulfillment"] = {
            "fulfillmentStatus": sale.status,
            "fulfilledBy": sale.fulfilled_by,
            "fulfillmentServiceLevel": sale.details.get("service_level", "STANDARD"),
        }
    return order


def _dump_line(sale: Sale, line: SaleLine, included: Collection[str]) -> dict[str, Any]:
    """OrderItem of the model."""
    product: dict[str, Any] = {"asin": line.asin, "title": line.seller_sku, "sellerSku": line.seller_sku}
    if shipped_serials := line.serial_numbers[: line.shipped]:
        product["serialNumbers"] = list(shipped_serials)
    item: dict[str, Any] = {"orderItemId": line.item_id, "quantityOrdered": line.quantity, "product": product}
    if "PROCEEDS" in included and _has_money(sale) and line.unit_price is not None:
        product["price"] = {"unitPrice": _money(sale)(line.unit_price)}
        item["proceeds"] = _dump_proceeds(sale, line)
    if "FULFILLMENT" in included:
        left = line.quantity - line.shipped - line.cancelled
        item["fulfillment"] = {"quantityFulfilled": line.shipped, "quantityUnfulfilled": left}
    if "CANCELLATION" in included and line.cancelled:
        execution = {"cancelledBy": sale.cancelled_by, "cancelReason": CANCEL_REASONS[sale.cancelled_by]}
        item["cancellation"] = {"cancellationExecution": execution}
    if "TAX" in included and line.facilitator_tax:
        item["tax"] = {"taxCollections": [FACILITATOR]}
    return item


def _dump_proceeds(sale: Sale, line: SaleLine) -> dict[str, Any]:
    """ItemProceeds: ITEM is the line's total; DISCOUNT is negative; TAX is added unless the sale says it is included.

    Sign and inclusion are not documented by Amazon (amzn/selling-partner-api-models issues 4858 and 5297).
    """
    money = _money(sale)
    assert line.item_price is not None  # noqa: S101 (the caller asked; said for the type checker)
    breakdowns: list[dict[str, Any]] = [{"type": "ITEM", "subtotal": money(line.item_price)}]
    if line.shipping:
        breakdowns.append({"type": "SHIPPING", "subtotal": money(line.shipping)})
    if line.discount:
        off = money(-line.discount)
        breakdowns.append(
            {"type": "DISCOUNT", "subtotal": off, "detailedBreakdowns": [{"subtype": "ITEM", "value": off}]}
        )
    if line.tax:
        tax = money(line.tax)
        breakdowns.append({"type": "TAX", "subtotal": tax, "detailedBreakdowns": [{"subtype": "ITEM", "value": tax}]})
    return {"proceedsTotal": money(line.total(sale.tax_included)), "breakdowns": breakdowns}


def _has_money(sale: Sale) -> bool:
    """A pending order shows no money yet. Source: amzn/selling-partner-api-models issue 5139."""
    return sale.status != "PENDING" and any(line.item_price is not None for line in sale.lines)


def _money(sale: Sale) -> Money:
    """Writes amounts as the model's Money, at least two decimals (yen too: the simulator knows no currencies)."""

    def dump(amount: Decimal) -> dict[str, str]:
        exponent = amount.as_tuple().exponent
        if isinstance(exponent, int) and exponent > -2:
            amount = amount.quantize(CENT)
        return {"amount": f"{amount:f}", "currencyCode": sale.currency}

    return dump
