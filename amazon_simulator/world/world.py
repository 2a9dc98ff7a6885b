"""One Amazon: its sellers, what they own, and the one clock; no HTTP. Callers hold `lock`."""

import heapq
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from . import life, sale_life
from .clock import Clock
from .fulfillment import FulfillmentOrder
from .sales import Sale
from .sellers import Seller, default_seller
from .shipments import Line
from .stock import Claim, StockItem


@dataclass
class Settings:
    """Settings of a test. Page sizes in orders or rows; `orders_lag_seconds` = searchOrders sees nothing younger.

    `echo_mcf`: MCF orders show in the Orders API. A report is ready after `report_seconds` and knows what shipped
    `report_lag_seconds` before it was asked for.
    `plan_factor` multiplies rate and burst of all usage plans. `latency_seconds` is real time before each answer.
    `create_lag_seconds` = a new MCF order is not found before; `cancel_lag_seconds` = a requested cancellation happens
    after; `reserve_after_seconds` = a new MCF order holds no stock before. `fees_known` = previews have fees.
    """

    list_page_size: int = 50
    inventory_page_size: int = 50
    orders_page_size: int = 100
    orders_lag_seconds: int = 0
    echo_mcf: bool = True
    report_seconds: int = 60
    report_lag_seconds: int = 7200
    report_gzip: bool = True
    report_charset: str = "UTF-8"
    auto_ship: bool = True
    create_lag_seconds: int = 0
    cancel_lag_seconds: int = 0
    reserve_after_seconds: int = 0
    fees_known: bool = True
    plan_factor: float = 1.0
    latency_seconds: float = 0.0


class World:
    """One Amazon. Everything is deterministic: ids are counters, calls move the time.

    `live`: the clock runs with real time; for display only, and a reset keeps it.
    """

    live = False

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.reset()

    def reset(self) -> None:
        """Forget everything; the default seller is back, the clock is at the real time."""
        self.clock = Clock()
        self.settings = Settings()
        seller = default_seller()
        self.sellers = {seller.refresh_token: seller}
        self._shipment_numbers = count(1)
        self._package_numbers = count(1001)
        self._sale_numbers = count(5550002)
        self._item_numbers = count(91000001)

    # --- ids ---

    def new_shipment_id(self) -> str:
        return f"DnSim{next(self._shipment_numbers):04d}"

    def new_package_number(self) -> int:
        return next(self._package_numbers)

    def new_item_id(self) -> str:
        return str(next(self._item_numbers))

    def new_amazon_order_id(self) -> str:
        return f"112-5550001-{next(self._sale_numbers)}"

    # --- stock ---

    def stock_item(self, seller: Seller, sku: str) -> StockItem:
        """Amazon's stock of `sku`, which becomes known if it was not."""
        item = seller.stock.get(sku)
        if item is None:
            number = len(seller.stock) + 1
            item = seller.stock[sku] = StockItem(sku, f"B0SIM{number:05d}", f"X00SIM{number:04d}", clock=self.clock)
        item.clock, item.changes = self.clock, seller.changes
        return item

    # --- MCF orders ---

    def create_fulfillment_order(self, seller: Seller, request: dict[str, Any]) -> FulfillmentOrder:
        """Accept a checked createFulfillmentOrder body. Ship and FillOrKill are Amazon's defaults.

        Source of the defaults: Fulfillment Outbound 2026-07-04.
        """
        order = FulfillmentOrder(
            order_id=request["sellerFulfillmentOrderId"],
            request=request,
            marketplace_id=request.get("marketplaceId") or seller.marketplace_ids[0],
            action=request.get("fulfillmentAction", "Ship"),
            policy=request.get("fulfillmentPolicy", "FillOrKill"),
            lines=[
                Line(
                    item_id=item["sellerFulfillmentOrderItemId"],
                    seller_sku=item["sellerSku"],
                    quantity=item["quantity"],
                    claim=Claim(seller.stock[item["sellerSku"]]),
                )
                for item in request["items"]
            ],
            created_at=self.clock.now,
            visible_from=self.clock.after(self.settings.create_lag_seconds),
            changes=seller.changes,
        )
        if self.settings.reserve_after_seconds:
            order.reserve_at = self.clock.after(self.settings.reserve_after_seconds)
        order.reserve()
        seller.fulfillment_orders[order.order_id] = order
        return order

    # --- time ---

    @property
    def moving(self) -> Iterator[FulfillmentOrder | Sale]:
        """What the clock may move."""
        for seller in self.sellers.values():
            yield from seller.fulfillment_orders.values()
            yield from seller.sales.values()

    def due_at(self, order: FulfillmentOrder | Sale) -> datetime | None:
        """When the clock next touches `order`; None when it does not."""
        auto_ship = self.settings.auto_ship
        return sale_life.due_at(order, auto_ship) if isinstance(order, Sale) else life.due_at(order, auto_ship)

    def advance(self, seconds: float) -> datetime:
        """Advance the clock; due steps happen at their own time, in order."""
        target = self.clock.now + timedelta(seconds=seconds)
        numbers = count()
        due: list[tuple[datetime, int, FulfillmentOrder | Sale]] = []

        def plan(order: FulfillmentOrder | Sale) -> None:
            at = self.due_at(order)
            if at is not None and at <= target:
                heapq.heappush(due, (max(at, self.clock.now), next(numbers), order))

        for each in self.moving:
            plan(each)
        while due:
            self.clock.now, _, next_order = heapq.heappop(due)
            if isinstance(next_order, Sale):
                sale_life.take_step(next_order, self.clock.now)
            else:
                life.take_step(next_order, self.clock.now, self)
            plan(next_order)
            self.tell()
        self.clock.now = target
        self.tell()
        return target

    def tell(self) -> None:
        """Sellers are told what changed, after each step of the clock and after each call; nobody listens here."""
