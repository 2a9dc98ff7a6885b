"""A seller: the credentials that name it and everything it owns at Amazon; the application that acts for it."""

import hashlib
from dataclasses import dataclass, field

from .changes import Changes
from .fulfillment import FulfillmentOrder
from .sales import Sale
from .stock import StockItem

DEFAULT_CLIENT_ID = "amzn1.application-oa2-client.demo"
DEFAULT_CLIENT_SECRET = "demo-secret"
DEFAULT_REFRESH_TOKEN = "Atzr|demo"
DEFAULT_MARKETPLACE_IDS = ("ATVPDKIKX0DER", "A1PA6795UKMFR9")  # Amazon.com, Amazon.de


@dataclass
class Seller:
    """One selling account as one application sees it; `refresh_token` is its key in the simulator."""

    client_id: str
    client_secret: str
    refresh_token: str
    marketplace_ids: list[str]
    revoked: bool = False
    stock: dict[str, StockItem] = field(default_factory=dict)
    fulfillment_orders: dict[str, FulfillmentOrder] = field(default_factory=dict)
    sales: dict[str, Sale] = field(default_factory=dict)
    changes: Changes = field(default_factory=Changes)

    @property
    def merchant_id(self) -> str:
        """The selling account as notifications name it; made up, and the same each time."""
        return f"A{hashlib.sha256(self.refresh_token.encode()).hexdigest()[:13].upper()}"


@dataclass(frozen=True)
class Application:
    """A developer's application that calls for itself, for no seller; sellers name it by the same client id."""

    client_id: str


def default_seller() -> Seller:
    """The seller every new world has."""
    return Seller(DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_REFRESH_TOKEN, list(DEFAULT_MARKETPLACE_IDS))
