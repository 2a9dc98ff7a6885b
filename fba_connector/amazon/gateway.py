"""Gateway of one seller: one method per operation."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime, timedelta, timezone
from types import TracebackType
from typing import ClassVar, TypeVar

from . import personal_data
from .connection import Connection
from .errors import AmazonError, AuthenticationFailed, KeysRefused, Rejected
from .flight import AT_ONCE, HIDDEN_LATENCY_S, in_flight
from .inventory import InventorySummary
from .inventory_v1 import InventoryApi
from .limits import OutboundLimits
from .meter import Meter
from .notifications import Destination, Subscription
from .notifications_v1 import NotificationsApi
from .orders import OrderPage, RawOrder
from .orders_2026_01_01 import CREATED_AFTER, GET, PAGE_SIZE, SEARCH, UPDATED_AFTER, OrdersApi
from .outbound import CreateOrder, FulfillmentOrder, PackageTracking, Preview, PreviewOrder, SummaryPage, UpdateOrder
from .outbound_2020_07_01 import CREATE, LIMITS, OutboundApi
from .outbound_2020_07_01 import OPERATIONS as OUTBOUND
from .pace import Pace, pace_of
from .report_file import ReportFile
from .reports import Report, ReportRequest
from .reports_2021_06_30 import CREATE as CREATE_REPORT
from .reports_2021_06_30 import OPERATIONS as REPORTS
from .reports_2021_06_30 import ReportsApi
from .sellers import Access
from .sellers_v1 import SellersApi
from .transport import Transport

Answer = TypeVar("Answer")


class Gateway:
    """Calls Amazon as one seller. Building sends nothing; close it, or use it in a `with`.

    A call that fails raises one AmazonError. It is repeated only where Amazon certainly did not execute it: once with a
    new token after a 401 or 403, and after a 429 when Amazon's usage plan has room again. For that room a call also
    waits before it goes; no wait ends later than `deadline_s` seconds after this gateway was built: then Throttled is
    raised, or DeadlineReached where Amazon was not even asked. None: wait as long as it takes.

    Every method raises Throttled, Unavailable or AuthenticationFailed; what else it raises, it says. Methods may be
    called from several threads. `timeout_s` is how long to wait for an answer; one operation with all its requests,
    waits for room apart, stays under 120 s. `pace` is the account's own unless a test brings one. `meter` counts all
    requests, those for tokens too, and is finished with the gateway.
    """

    limits: ClassVar[OutboundLimits] = LIMITS
    """The largest outbound order that Amazon accepts; checked before anything is sent (InvalidRequest)."""

    most_orders_a_day: ClassVar[int] = PAGE_SIZE * (SEARCH.burst + int(SEARCH.rate * 24 * 3600))
    """Orders that `search_orders` can deliver in a day at Amazon's published plan, all its calls used."""

    orders_a_page: ClassVar[int] = PAGE_SIZE
    """The most orders that a page of `search_orders` has."""

    @staticmethod
    def seconds_for(*, pages: int = 0, orders: int = 0, reports: int = 0) -> float:
        """How long so many pages of `search_orders`, `get_order`s and `create_report`s take at Amazon's plans."""
        wanted = ((SEARCH, pages), (GET, orders), (CREATE_REPORT, reports))
        return sum(operation.seconds_for(calls) for operation, calls in wanted)

    def __init__(
        self,
        connection: Connection,
        *,
        timeout_s: float = 30.0,
        deadline_s: float | None = None,
        pace: Pace | None = None,
        meter: Meter | None = None,
    ) -> None:
        pace = pace or pace_of(connection)
        deadline = math.inf if deadline_s is None else pace.clock.now() + deadline_s
        self._transport = Transport(connection, timeout_s, pace, deadline, meter)
        self._outbound = OutboundApi(self._transport)
        self._orders = OrdersApi(self._transport)
        self._inventory = InventoryApi(self._transport)
        self._reports = ReportsApi(self._transport)
        self._sellers = SellersApi(self._transport)
        self._notifications = NotificationsApi(self._transport)
        # Of an API that can be asked something that concerns no record: the question, and what came of it.
        self._witnesses: dict[str, Callable[[], object]] = {
            **{operation.name: self._ask_outbound for operation in OUTBOUND},
            **{operation.name: self._reports.ask_nothing for operation in REPORTS},
        }
        self._verdicts: dict[Callable[[], object], bool] = {}
        self._witness = threading.Lock()

    def close(self) -> None:
        self._transport.close()

    def __enter__(self) -> Gateway:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def try_access(self, marketplace_ids: Sequence[str] = (), *, orders: bool = True) -> Access:
        """Test the keys: a fresh token, and one small question to each API, the next one also after a refusal.

        `marketplace_ids` are used if Amazon does not say where the seller sells. Without `orders` those sold on
        Amazon are left out: its sandbox answers nothing but its own example there.
        Raises KeysRefused, Malformed.
        """
        self._transport.token.forget()
        refused: dict[str, AuthenticationFailed] = {}
        since = datetime.now(timezone.utc) - timedelta(hours=1)
        participations = self._try(self._sellers.participations, refused) or ()
        selling = [it.marketplace_id for it in participations if it.is_participating] or list(marketplace_ids)
        questions: list[Callable[[], object]] = [lambda: next(self._outbound.list_changed(since, None))]
        if selling:
            questions.append(lambda: next(self._inventory.summaries(selling[0], since, ()), None))
        if selling and orders:
            questions.append(lambda: next(self._orders.search(since, selling, None, personal_data.NOBODY)))
        for question in questions:
            self._try(question, refused)
        return Access(participations, refused, tried=1 + len(questions))

    @staticmethod
    def _try(question: Callable[[], Answer], refused: dict[str, AuthenticationFailed]) -> Answer | None:
        try:
            return question()
        except KeysRefused:
            raise
        except AuthenticationFailed as error:
            refused[error.operation] = error
        except Rejected:
            pass  # the question is not to Amazon's liking, but the keys let it in
        return None

    def confirm_refusal(self, error: AuthenticationFailed) -> None:
        """Raises `error` where it is the account that Amazon refuses; returns where it is one record only.

        A second witness says which: a small question to the same API, which concerns no record. Each API is asked once
        in the life of this gateway. Keys that Login with Amazon refuses, and an API without such a question (stock,
        orders, sellers), need no second one. A witness that does not get through raises what came of it.
        """
        question = self._witnesses.get(error.operation)
        if question is None or isinstance(error, KeysRefused):
            raise error
        with self._witness:
            if question not in self._verdicts:
                self._verdicts[question] = self._is_let_in(question)
        if not self._verdicts[question]:
            raise error

    @staticmethod
    def _is_let_in(question: Callable[[], object]) -> bool:
        try:
            question()
        except AuthenticationFailed:
            return False
        except Rejected:
            pass  # the question is not to Amazon's liking, but the keys let it in
        return True

    def _ask_outbound(self) -> object:
        return next(self._outbound.list_changed(datetime.now(timezone.utc), None))

    # === FULFILLMENT OUTBOUND === #

    def preview_fulfillment(self, order: PreviewOrder) -> tuple[Preview, ...]:
        """Fees and dates of `order`, a preview for each shipping speed. Raises Rejected, InvalidRequest, Malformed.

        Source: SP-API Fulfillment Outbound, getFulfillmentPreview.
        """
        return self._outbound.preview(order)

    def preview_fulfillments(
        self, orders: Iterable[PreviewOrder]
    ) -> Iterator[tuple[PreviewOrder, tuple[Preview, ...] | AmazonError]]:
        """Each order with its previews or why there are none, in order; a few are asked for at once."""
        return in_flight(self._outbound.preview, orders)

    def wait_for_create(self) -> None:
        """Sleep until a create can go at once: whoever takes a lease for it does not hold it while waiting.

        Raises DeadlineReached.
        """
        self._transport.wait_for_room(CREATE)

    def create_fulfillment_order(self, order: CreateOrder) -> None:
        """Ask Amazon to ship `order`. An answered create is not yet an accepted order: watch its status.

        `order.order_id` is ours, unique per account: the key to look it up by.
        Raises Rejected, InvalidRequest, AlreadyExists, OutcomeUnknown.
        Source: SP-API Fulfillment Outbound, createFulfillmentOrder.
        """
        self._outbound.create(order)

    def creates_at_once(self) -> int:
        """How many creates on their way at once Amazon's plan has a use for, as far as this process knows."""
        return min(AT_ONCE, max(1, math.ceil(self._transport.rate(CREATE) * HIDDEN_LATENCY_S)))

    def create_fulfillment_orders(self, orders: Sequence[CreateOrder]) -> list[Exception | None]:
        """What `create_fulfillment_order` raised for each of `orders`, in order; a few are on their way at once."""

        def outcome(order: CreateOrder) -> Exception | None:
            try:
                self.create_fulfillment_order(order)
            except Exception as error:  # the others' outcomes must not be lost for it
                return error
            return None

        if len(orders) == 1:
            return [outcome(orders[0])]
        return [error for _order, error in in_flight(outcome, orders)]

    def update_fulfillment_order(self, order: UpdateOrder) -> None:
        """Change, or release, an order on hold. Raises NotFound, Rejected, InvalidRequest, OutcomeUnknown.

        Source: SP-API Fulfillment Outbound, updateFulfillmentOrder.
        """
        self._outbound.update(order)

    def cancel_fulfillment_order(self, order_id: str) -> None:
        """Ask Amazon to cancel what has not shipped. The answer is not yet the outcome: watch the order.

        Rejected: too late. Raises NotFound, Rejected, OutcomeUnknown; asking again does no harm.
        Source: SP-API Fulfillment Outbound, cancelFulfillmentOrder.
        """
        self._outbound.cancel(order_id)

    def get_fulfillment_order(self, order_id: str) -> FulfillmentOrder:
        """Amazon's whole view of one of our orders. Raises NotFound, Rejected, Malformed.

        Source: SP-API Fulfillment Outbound, getFulfillmentOrder.
        """
        return self._outbound.get(order_id)

    def get_fulfillment_orders(self, order_ids: Iterable[str]) -> Iterator[tuple[str, FulfillmentOrder | AmazonError]]:
        """Each id with what `get_fulfillment_order` came to, in order; a few are on their way at once."""
        return in_flight(self._outbound.get, order_ids)

    def list_fulfillment_orders(
        self, changed_since: datetime, *, page_token: str | None = None
    ) -> Iterator[SummaryPage]:
        """Our orders whose status changed at or after `changed_since` (aware), in pages.

        A page is asked for when the one before has been taken; `page_token` goes on with an earlier list. Where Amazon
        no longer takes a token the list starts anew: an order may come twice.
        Raises Rejected, Malformed.
        Source: SP-API Fulfillment Outbound, listAllFulfillmentOrders.
        """
        return self._outbound.list_changed(changed_since, page_token)

    def get_package_tracking(self, package_number: int) -> PackageTracking:
        """Position of a package; `package_number` is Amazon's own, of a shipment. Raises NotFound, Rejected, Malformed.

        Source: SP-API Fulfillment Outbound, getPackageTrackingDetails.
        """
        return self._outbound.track(package_number)

    # === FBA INVENTORY === #

    def get_inventory(
        self, marketplace_id: str, *, changed_since: datetime | None = None, seller_skus: Sequence[str] = ()
    ) -> Iterator[InventorySummary]:
        """Stock that one marketplace sells from: all of it, what changed since (aware), or at most 50 seller SKUs.

        No row comes twice, also where a page token (it lives 30 s) expires and the list starts anew. Changes do not
        include inbound quantities. Raises Rejected, Malformed.
        Source: SP-API FBA Inventory, getInventorySummaries.
        """
        return self._inventory.summaries(marketplace_id, changed_since, seller_skus)

    # === ORDERS === #

    def search_orders(
        self,
        *,
        updated_after: datetime | None = None,
        created_after: datetime | None = None,
        created_before: datetime | None = None,
        marketplace_ids: Sequence[str],
        page_token: str | None = None,
        keep: str = personal_data.NOBODY,
    ) -> Iterator[OrderPage]:
        """Orders sold on Amazon, fulfilled by Amazon, updated (or created) at or after a time (aware), in pages of 100.

        Exactly one of `updated_after` and `created_after` is given; ValueError otherwise. `created_before` (at least
        two minutes ago) goes with the latter.
        `keep` says how much is asked for, and kept, of the people: `personal_data.NOBODY`, `REGION` or `BUYER`.

        A page is asked for when the one before has been taken; `page_token` goes on with an earlier search. Where
        Amazon no longer takes a token, the search starts anew from that time.
        Raises Rejected, Malformed.
        Source: SP-API Orders v2026-01-01, searchOrders.
        """
        after = updated_after or created_after
        if after is None or (updated_after and created_after):
            raise ValueError("a search of orders begins at a time of update or at one of creation")
        by = UPDATED_AFTER if updated_after else CREATED_AFTER
        return self._orders.search(after, marketplace_ids, page_token, keep, by=by, created_before=created_before)

    def get_order(self, order_id: str, keep: str = personal_data.NOBODY) -> RawOrder:
        """One order sold on Amazon; of its people only `keep`, as in `search_orders`. Raises NotFound, Rejected,
        Malformed.

        Source: SP-API Orders v2026-01-01, getOrder.
        """
        return self._orders.get(order_id, keep)

    def searches_left(self) -> int:
        """How many pages of `search_orders` Amazon's plan lets go at once, as far as this process knows."""
        return self._transport.room(SEARCH)

    # === REPORTS === #

    def create_report(self, request: ReportRequest) -> str:
        """Ask for a report; its id, to ask `get_report` with. Raises Rejected, InvalidRequest, OutcomeUnknown.

        Where the outcome is unknown asking again costs quota, no more.
        Source: SP-API Reports, createReport.
        """
        return self._reports.create(request)

    def get_report(self, report_id: str) -> Report:
        """The progress of a report. Raises NotFound, Rejected, Malformed.

        Source: SP-API Reports, getReport.
        """
        return self._reports.get(report_id)

    def open_report(self, document_id: str) -> ReportFile:
        """Fetch a report's document, whole, to a temporary file. Close it. Raises NotFound, Rejected, Malformed.

        Source: SP-API Reports, getReportDocument.
        """
        return self._reports.open(document_id)

    # === NOTIFICATIONS === #

    def list_destinations(self) -> list[Destination]:
        """Queues that Amazon knows for this application, of all its sellers. Raises Rejected, Malformed.

        Source: SP-API Notifications, getDestinations.
        """
        return self._notifications.destinations()

    def create_destination(self, name: str, arn: str) -> Destination:
        """Make an SQS queue known to Amazon. Raises Rejected, Malformed, OutcomeUnknown.

        Source: SP-API Notifications, createDestination.
        """
        return self._notifications.create_destination(name, arn)

    def delete_destination(self, destination_id: str) -> None:
        """Raises NotFound, Rejected, OutcomeUnknown. Source: SP-API Notifications, deleteDestination."""
        self._notifications.delete_destination(destination_id)

    def list_subscriptions(self, notification_type: str) -> Iterator[Subscription]:
        """This seller's subscriptions of a type. Raises NotFound, Rejected, Malformed.

        Source: SP-API Notifications, getSubscriptions.
        """
        return self._notifications.subscriptions(notification_type)

    def create_subscription(self, notification_type: str, destination_id: str) -> Subscription:
        """Have this seller's notifications of a type sent. Raises Rejected, Malformed, OutcomeUnknown.

        Source: SP-API Notifications, createSubscription.
        """
        return self._notifications.create_subscription(notification_type, destination_id)

    def delete_subscription(self, notification_type: str, subscription_id: str) -> None:
        """Raises NotFound, Rejected, OutcomeUnknown. Source: SP-API Notifications, deleteSubscriptionById."""
        self._notifications.delete_subscription(notification_type, subscription_id)
