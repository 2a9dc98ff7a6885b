"""The echo of MCF orders in the Orders API: each shows there as an order from outside Amazon, without money.

It keeps no state: an echo is made from the MCF order when it is asked for. The phone is suppressed, as of all orders
Amazon fulfills.
Source: amzn/selling-partner-api-models; `NON_AMAZON` and `UNFULFILLABLE` ("only applies to Amazon-fulfilled orders that
were not placed on Amazon's retail website") are in the model, ids that begin with S01 were seen in the field.
"""

from collections.abc import Iterable, Iterator

from .fulfillment import FulfillmentOrder
from .sales import Sale, SaleLine
from .sellers import Seller
from .stock import Claim

PREFIX = "S01-5550001-"
FIRST_NUMBER = 5550001
CHANNEL = "NON_AMAZON"

_STATUSES = {
    "Complete": "SHIPPED",
    "CompletePartialled": "SHIPPED",
    "Cancelled": "CANCELLED",
    "Unfulfillable": "UNFULFILLABLE",
    "Invalid": "UNFULFILLABLE",
}
_SERVICE_LEVELS = {
    "Standard": "STANDARD",
    "Expedited": "EXPEDITED",
    "Priority": "PRIORITY",
    "ScheduledDelivery": "SCHEDULED",
}


def echoes(seller: Seller) -> Iterator[Sale]:
    """All of them, oldest order first. An id is the order's number in that sequence, which never changes."""
    return (_echo(seller, order, number) for number, order in enumerate(seller.fulfillment_orders.values()))


def find(seller: Seller, amazon_order_id: str) -> Sale | None:
    """The echo with that id."""
    return named(seller, [amazon_order_id]).get(amazon_order_id)


def named(seller: Seller, amazon_order_ids: Iterable[str]) -> dict[str, Sale]:
    """Those of these ids that are an echo's, and no other."""
    numbers = {number: name for name in amazon_order_ids if (number := _number(name)) is not None}
    if not numbers:
        return {}
    orders = list(seller.fulfillment_orders.values())
    return {name: _echo(seller, orders[it], it) for it, name in numbers.items() if 0 <= it < len(orders)}


def _number(amazon_order_id: str) -> int | None:
    """The order's number in the sequence of MCF orders; None where the id is no echo's."""
    digits = amazon_order_id.removeprefix(PREFIX)
    is_echo = amazon_order_id.startswith(PREFIX) and digits.isascii() and digits.isdecimal()
    return int(digits) - FIRST_NUMBER if is_echo else None


def _echo(seller: Seller, order: FulfillmentOrder, number: int) -> Sale:
    request = order.request
    some_shipped = any(line.shipped for line in order.lines)
    echo = Sale(
        amazon_order_id=f"{PREFIX}{FIRST_NUMBER + number}",
        marketplace_id=order.marketplace_id,
        channel=CHANNEL,
        fulfilled_by="AMAZON",
        currency="USD",
        tax_included=False,
        lines=[
            SaleLine(
                item_id=f"{FIRST_NUMBER + number}{position:03d}",
                seller_sku=line.seller_sku,
                asin=seller.stock[line.seller_sku].asin,
                quantity=line.quantity,
                claim=Claim(None),
                shipped=line.shipped,
                cancelled=line.cancelled + line.unfulfillable,
            )
            for position, line in enumerate(order.lines, start=1)
        ],
        created_at=order.created_at,
        status=_STATUSES.get(order.status, "PARTIALLY_SHIPPED" if some_shipped else "UNSHIPPED"),
        details={
            "seller_order_id": order.order_id,
            "buyer_name": request["destinationAddress"]["name"],
            "delivery_address": {key: value for key, value in request["destinationAddress"].items() if key != "phone"},
            "service_level": _SERVICE_LEVELS[request["shippingSpeedCategory"]],
        },
        cancelled_by="MERCHANT" if order.status == "Cancelled" else "AMAZON",
    )
    echo.updated_at = order.changed_at
    return echo
