"""A simulator per test, and a client that speaks to it over HTTP."""

from collections.abc import Iterator
from typing import Any

import pytest
import requests

from amazon_simulator import (
    DEFAULT_CLIENT_ID,
    DEFAULT_CLIENT_SECRET,
    DEFAULT_REFRESH_TOKEN,
    SimulatorServer,
)

OUTBOUND = "/fba/outbound/2020-07-01/fulfillmentOrders"
ORDERS = "/orders/2026-01-01/orders"
EPOCH = "2000-01-01T00:00:00Z"


class Amazon:
    """Calls to one simulator: as the seller (`call`), and as the one who moves the world (`control`)."""

    def __init__(self, server: SimulatorServer) -> None:
        self.server = server
        self.session = requests.Session()
        self._token: str | None = None

    def grant(self, **form: str) -> requests.Response:
        """A token request; the default seller's, except for what is given."""
        data = {
            "grant_type": "refresh_token",
            "client_id": DEFAULT_CLIENT_ID,
            "client_secret": DEFAULT_CLIENT_SECRET,
            "refresh_token": DEFAULT_REFRESH_TOKEN,
        }
        return self.session.post(self.server.lwa_url, data={**data, **form}, timeout=5)

    def token(self) -> str:
        if self._token is None:
            self._token = self.grant().json()["access_token"]
        return self._token

    def call(self, method: str, path: str, token: str | None = None, **options: Any) -> requests.Response:
        headers = {"x-amz-access-token": token or self.token()}
        return self.session.request(method, self.server.url + path, headers=headers, **{"timeout": 5, **options})

    def control(self, method: str, path: str, **body: Any) -> Any:
        """A control call that has to work; its JSON."""
        response = self.try_control(method, path, **body)
        assert response.status_code == 200, response.text
        return response.json()

    def try_control(self, method: str, path: str, **body: Any) -> requests.Response:
        return self.session.request(method, f"{self.server.url}/_simulator/{path}", json=body or None, timeout=5)

    def advance(self, **units: float) -> None:
        seconds = {"seconds": 1, "minutes": 60, "hours": 3600, "days": 86400}
        total = sum(seconds[unit] * n for unit, n in units.items())
        self.control("POST", "clock/advance", seconds=total)
        if total >= 3600:  # it has expired on the way
            self._token = None

    def create(self, **changes: Any) -> requests.Response:
        return self.call("POST", OUTBOUND, json=create_body(**changes))

    def get(self, order_id: str = "MCF-1") -> dict[str, Any]:
        response = self.call("GET", f"{OUTBOUND}/{order_id}")
        assert response.status_code == 200, response.text
        payload: dict[str, Any] = response.json()["payload"]
        return payload

    def status(self, order_id: str = "MCF-1") -> str:
        return str(self.get(order_id)["fulfillmentOrder"]["fulfillmentOrderStatus"])

    def stock(self, sku: str = "SKU-1") -> tuple[int, int, int]:
        """(fulfillable, reserved, shipped) units."""
        item = self.control("GET", "stock")[sku]
        return item["fulfillable"], item["reserved"], item["shipped"]

    def search(self, **query: Any) -> requests.Response:
        if "createdAfter" not in query:
            query.setdefault("lastUpdatedAfter", EPOCH)
        return self.call("GET", ORDERS, params={key: value for key, value in query.items() if value is not None})

    def listed(self) -> list[dict[str, Any]]:
        """MCF orders as Amazon lists them."""
        rows: list[dict[str, Any]] = self.call("GET", OUTBOUND).json()["payload"]["fulfillmentOrders"]
        return rows

    def counted(self, **query: Any) -> list[dict[str, Any]]:
        """Rows of stock as Amazon tells them, with details."""
        place = {"granularityType": "Marketplace", "granularityId": "ATVPDKIKX0DER", "marketplaceIds": "ATVPDKIKX0DER"}
        response = self.call("GET", "/fba/inventory/v1/summaries", params={**place, "details": "true", **query})
        assert response.status_code == 200, response.text
        rows: list[dict[str, Any]] = response.json()["payload"]["inventorySummaries"]
        return rows

    def arm(self, habit: str, **more: Any) -> dict[str, Any]:
        """A habit of Amazon; as it was armed."""
        armed: dict[str, Any] = self.control("POST", "habits", habit=habit, **more)
        return armed

    def ship_twice(self, order_id: str = "MCF-1") -> None:
        """Two shipments: all of SKU-1, then all of SKU-2."""
        for sku, quantity in (("SKU-1", 3), ("SKU-2", 2)):
            package = {"items": [{"seller_sku": sku, "quantity": quantity}], "tracking_number": f"T-{sku}"}
            self.control("POST", f"fulfillment-orders/{order_id}/ship", packages=[package])

    def journal(self, operation: str | None = None) -> list[dict[str, Any]]:
        url = f"{self.server.url}/_simulator/journal"
        entries: list[dict[str, Any]] = self.session.get(url, params={"operation": operation}, timeout=5).json()
        return entries


def create_body(**changes: Any) -> dict[str, Any]:
    """A createFulfillmentOrder body for 3 of SKU-1 and 2 of SKU-2; a change to None removes a key."""
    body = {
        "marketplaceId": "ATVPDKIKX0DER",
        "sellerFulfillmentOrderId": "MCF-1",
        "displayableOrderId": "S00042",
        "displayableOrderDate": "2026-11-23T10:00:00Z",
        "displayableOrderComment": "Thanks",
        "shippingSpeedCategory": "Standard",
        "fulfillmentAction": "Ship",
        "fulfillmentPolicy": "FillAllAvailable",
        "destinationAddress": address(),
        "items": [item("line-1", "SKU-1", 3), item("line-2", "SKU-2", 2)],
    }
    return {key: value for key, value in {**body, **changes}.items() if value is not None}


def address(**changes: Any) -> dict[str, Any]:
    parts = {
        "name": "Eva Muster",
        "addressLine1": "Hauptstr. 1",
        "city": "Berlin",
        "postalCode": "10115",
        "countryCode": "DE",
    }
    return {key: value for key, value in {**parts, **changes}.items() if value is not None}


def item(item_id: str = "line-1", sku: str = "SKU-1", quantity: Any = 1, **more: Any) -> dict[str, Any]:
    return {"sellerSku": sku, "sellerFulfillmentOrderItemId": item_id, "quantity": quantity, **more}


@pytest.fixture(scope="session")
def server() -> Iterator[SimulatorServer]:
    with SimulatorServer() as server:
        yield server


@pytest.fixture
def bare(server: SimulatorServer) -> Amazon:
    """A fresh world without stock."""
    amazon = Amazon(server)
    amazon.control("POST", "reset")
    return amazon


@pytest.fixture
def amazon(bare: Amazon) -> Amazon:
    """A fresh world with 10 of SKU-1 and 10 of SKU-2."""
    for sku in ("SKU-1", "SKU-2"):
        bare.control("PUT", f"stock/{sku}", fulfillable=10)
    return bare


@pytest.fixture
def shipped(amazon: Amazon) -> Amazon:
    """MCF-1, Complete in two shipments."""
    amazon.create()
    amazon.ship_twice()
    return amazon
