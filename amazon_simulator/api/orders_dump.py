"""An order as Orders 2026-01-01 shows it: the parts requested with includedData, and no more."""

from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any

from ..world.clock import dump_time
from ..world.sale_money import Sums
from ..world.sales import Sale, SaleLine

DATASETS = (
    "BUYER", "RECIPIENT", "PROCEEDS", "EXPENSE", "PROMOTION", "CANCELLATION", "FULFILLMENT", "PACKAGES", "TAX",
    "PAYMENT", "FULFILLMENT_ORDERS",
)  # fmt: skip

CANCEL_REASONS = {"BUYER": "Changed mind", "MERCHANT": "Cancelled by the seller", "AMAZON": "Could not be fulfilled"}
"""The simulator's own texts."""
FACILITATOR = {"model": "MARKETPLACE_FACILITATOR", "responsibleParty": "Amazon Services, Inc."}
"""Source: the model; the party's name is the one in the examples of Orders v0."""

TIP = "DELIVERY_TIP"
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
    if sale.details.get("programs"):
        order["programs"] = sale.details["programs"]
    if "BUYER" in included:
        order["buyer"] = _dump_buyer(sale)
    if "RECIPIENT" in included:
        order["recipient"] = {"deliveryAddress": sale.delivery_address}
    if "PROCEEDS" in included and _has_money(sale):
        order["proceeds"] = _dump_order_proceeds(sale)
    if "FULFILLMENT" in included:
        order["fulfillment"] = {
            "fulfillmentStatus": sale.status,
            "fulfilledBy": sale.fulfilled_by,
            "fulfillmentServiceLevel": sale.details.get("service_level", "STANDARD"),
        }
    if "TAX" in included and sale.details.get("tax_registrations"):
        order["tax"] = {"taxRegistrations": sale.details["tax_registrations"]}
    return order


def _dump_buyer(sale: Sale) -> dict[str, Any]:
    """Buyer of the model; the company and its order number where there are any."""
    buyer = {"buyerName": sale.buyer_name}
    for key, word in (("buyerCompanyName", "buyer_company"), ("buyerPurchaseOrderNumber", "buyer_purchase_order")):
        if word in sale.details:
            buyer[key] = sale.details[word]
    return buyer


def _dump_line(sale: Sale, line: SaleLine, included: Collection[str]) -> dict[str, Any]:
    """OrderItem of the model."""
    product: dict[str, Any] = {"asin": line.asin, "title": line.seller_sku, "sellerSku": line.seller_sku}
    if shipped_serials := line.serial_numbers[: line.shipped]:
        product["serialNumbers"] = list(shipped_serials)
    item: dict[str, Any] = {"orderItemId": line.item_id, "quantityOrdered": line.quantity, "product": product}
    if line.condition is not None:
        product["condition"] = {"conditionType": line.condition}
    if "PROCEEDS" in included and _has_money(sale) and line.money.item_price is not None:
        product["price"] = {"unitPrice": _money(sale)(sale.unit_price(line))}
        item["proceeds"] = _dump_proceeds(sale, line)
    if "FULFILLMENT" in included:
        left = line.quantity - line.shipped - line.cancelled
        item["fulfillment"] = {"quantityFulfilled": line.shipped, "quantityUnfulfilled": left}
    if "CANCELLATION" in included and line.cancelled:
        execution = {"cancelledBy": sale.cancelled_by, "cancelReason": CANCEL_REASONS[sale.cancelled_by]}
        item["cancellation"] = {"cancellationExecution": execution}
    if "TAX" in included and (tax := _dump_tax(line)):
        item["tax"] = tax
    return item


def _dump_tax(line: SaleLine) -> dict[str, Any]:
    """ItemTax of the model; {} where Amazon says nothing of it."""
    tax: dict[str, Any] = {}
    if line.reporting_schemes:
        tax["taxCalculationBreakdowns"] = [{"reportingScheme": scheme} for scheme in line.reporting_schemes]
    if line.facilitator_tax:
        tax["taxCollections"] = [FACILITATOR]
    return tax


def _dump_order_proceeds(sale: Sale) -> dict[str, Any]:
    """OrderProceeds: the sums of the items and charges by type, and the tip, charged separately (so with a status)."""
    money = _money(sale)
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": money(amount)} for kind, amount in sale.sums.items() if kind != TIP
    ]
    if sale.tip:
        breakdowns.append({"type": TIP, "status": sale.tip_status, "subtotal": money(sale.tip)})
    return {"grandTotal": money(sale.total), "breakdowns": breakdowns}


def _dump_proceeds(sale: Sale, line: SaleLine) -> dict[str, Any]:
    """ItemProceeds: ITEM is the line's total; DISCOUNT is negative; TAX is added unless the sale says it is included.

    Sign and inclusion are not documented by Amazon (amzn/selling-partner-api-models issues 4858 and 5297).
    """
    money = _money(sale)
    details = {"DISCOUNT": line.money.discounts, "TAX": line.money.taxes}
    breakdowns: list[dict[str, Any]] = [
        {"type": kind, "subtotal": money(amount)} | _dump_details(details.get(kind, {}), money)
        for kind, amount in line.money.sums.items()
    ]
    return {"proceedsTotal": money(line.money.total(sale.tax_included)), "breakdowns": breakdowns}


def _dump_details(parts: Sums, money: Money) -> dict[str, Any]:
    """The parts of a subtotal, under their key; Amazon returns them for TAX and DISCOUNT only. Source: the model."""
    rows = [{"subtype": subtype, "value": money(value)} for subtype, value in parts.items()]
    return {"detailedBreakdowns": rows} if rows else {}


def _has_money(sale: Sale) -> bool:
    """A pending order shows no money yet. Source: amzn/selling-partner-api-models issue 5139."""
    return sale.status != "PENDING" and sale.has_price


def _money(sale: Sale) -> Money:
    """Writes amounts as the model's Money."""
    return lambda amount: {"amount": sale.write(amount), "currencyCode": sale.currency}
