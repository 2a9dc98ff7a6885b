"""The input of a control call: typed access with readable complaints."""

import json
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from werkzeug.wrappers import Request

from ..world.clock import parse_time
from ..world.sellers import DEFAULT_REFRESH_TOKEN, Seller
from ..world.world import World


class ControlError(ValueError):
    """A control call that cannot be done; answered as 400 `{"error": text}`."""


@dataclass(frozen=True)
class Input:
    """`body` is a JSON object ({} when empty); `path` holds the variable parts of the URL."""

    path: dict[str, str]
    query: dict[str, str]
    body: dict[str, Any]

    @classmethod
    def read(cls, request: Request, path: dict[str, str]) -> "Input":
        data = request.get_data()
        try:
            body = json.loads(data) if data.strip() else {}
        except ValueError:
            raise ControlError("the body is not valid JSON") from None
        if not isinstance(body, dict):
            raise ControlError("the body must be a JSON object")
        return cls(path, request.args.to_dict(), body)

    def part(self, body: Any) -> "Input":
        """The same reading for an object inside the body."""
        if not isinstance(body, dict):
            raise ControlError(f"expected an object instead of {json.dumps(body)}")
        return Input(self.path, self.query, body)

    def seller(self, world: World) -> Seller:
        """The seller of the call: `seller` in the body or the query, else the default seller."""
        token = self.body.get("seller") or self.query.get("seller") or DEFAULT_REFRESH_TOKEN
        seller = world.sellers.get(token) if isinstance(token, str) else None
        if seller is None:
            raise ControlError("unknown seller: enter the refresh token of a known one")
        return seller

    def text(self, name: str, default: str | None = None) -> str:
        value = self.body.get(name)
        if value is None:
            value = default
        if not isinstance(value, str) or (not value and default is None):
            raise ControlError(f"{name} is required, a string")
        return value

    def texts(self, name: str) -> list[str]:
        values = self.body.get(name)
        if not isinstance(values, list) or not values or not all(isinstance(value, str) for value in values):
            raise ControlError(f"{name} is required, a list of strings")
        return values

    def number(self, name: str) -> float:
        value = self.body.get(name)
        if isinstance(value, bool) or not isinstance(value, (int, float)):
            raise ControlError(f"{name} is required, a number")
        return value

    def units(self, name: str, fewest: int = 1, default: int | None = None) -> int:
        value = self.body.get(name, default)
        if isinstance(value, bool) or not isinstance(value, int) or value < fewest:
            raise ControlError(f"{name} is required, a whole number of at least {fewest}")
        return value

    def flag(self, name: str, default: bool) -> bool:
        value = self.body.get(name, default)
        if not isinstance(value, bool):
            raise ControlError(f"{name} must be true or false")
        return value

    def amount(self, name: str) -> Decimal | None:
        """Money as a string or a number; None when absent."""
        value = self.body.get(name)
        if value is None:
            return None
        try:
            amount = Decimal(str(value))
        except InvalidOperation:
            amount = Decimal("NaN")
        if not amount.is_finite():
            raise ControlError(f'{name} must be an amount such as "12.50"')
        return amount

    def time(self, name: str, default: datetime | None = None) -> datetime:
        value: Any = self.body.get(name)
        if value is None and default is not None:
            return default
        try:
            return parse_time(value)
        except (ValueError, AttributeError):
            raise ControlError(f"{name} must be an ISO 8601 date and time") from None

    def parts(self, name: str) -> list["Input"]:
        """A non-empty list of objects."""
        values = self.body.get(name)
        if not isinstance(values, list) or not values:
            raise ControlError(f"{name} is required, a list that is not empty")
        return [self.part(value) for value in values]
