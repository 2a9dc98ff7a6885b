"""Amazon for one seller: one method per operation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, timezone
from types import TracebackType

from .connection import Connection
from .orders import OrderPage, SoldOrder
from .orders_2026_01_01 import OrdersApi
from .outbound import CreateOrder, FulfillmentOrder, OrderSummary
from .outbound_2020_07_01 import OutboundApi
from .transport import Transport


class Gateway:
    """Calls Amazon as one seller. Building sends nothing; close it, or use it in a `with`.

    A call that fails raises one AmazonError and is not repeated, but for one try with a new token after a 401 or 403.
    Every method raises Throttled, Unavailable or AuthenticationFailed; what else it raises, it says.
    `timeout_s` is how long to wait for an answer; one operation with all its requests stays under 120 s.
    """

    def __init__(self, connection: Connection, *, timeout_s: float = 30.0) -> None:
        self._transport = Transport(connection, timeout_s)
        self._outbound = OutboundApi(self._transport)
        self._orders = OrdersApi(self._transport)

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Gateway:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def create_fulfillment_order(self, order: CreateOrder) -> None:
        """Ask Amazon to ship `order`. An answered create is not yet an accepted order: watch its status.

        `order.order_id` is ours, unique per account: the key to look it up by.
        Raises Rejected, AlreadyExists, OutcomeUnknown.
        Source: SP-API Fulfillment Outbound, createFulfillmentOrder.
        """
        self._outbound.create(order)

    def get_fulfillment_order(self, order_id: str) -> FulfillmentOrder:
        """Amazon's whole view of one of our orders. Raises NotFound, Rejected, Malformed.

        Source: SP-API Fulfillment Outbound, getFulfillmentOrder.
        """
        return self._outbound.get(order_id)

    def list_fulfillment_orders(self, changed_since: datetime) -> Iterator[OrderSummary]:
        """Our orders whose status changed at or after `changed_since` (aware), page after page.

        Raises Rejected, Malformed.
        Source: SP-API Fulfillment Outbound, listAllFulfillmentOrders.
        """
        return self._outbound.list_changed(changed_since)

    def search_orders(
        self, *, updated_after: datetime, marketplace_ids: Sequence[str], page_token: str | None = None
    ) -> Iterator[OrderPage]:
        """Orders sold on Amazon, fulfilled by Amazon, updated at or after `updated_after` (aware), in pages of 100.

        A page is asked for when the one before has been taken; `page_token` goes on with an earlier search.
        Raises Rejected, Malformed.
        Source: SP-API Orders v2026-01-01, searchOrders.
        """
        return self._orders.search(updated_after, marketplace_ids, page_token)

    def get_order(self, order_id: str) -> SoldOrder:
        """One order sold on Amazon. Raises NotFound, Rejected, Malformed.

        Source: SP-API Orders v2026-01-01, getOrder.
        """
        return self._orders.get(order_id)

    def test_connection(self) -> None:
        """Prove the credentials and the role: a fresh token and one small list. Raises Rejected, Malformed."""
        self._transport.forget_token()
        self._outbound.list_page(datetime.now(timezone.utc) - timedelta(hours=1))
