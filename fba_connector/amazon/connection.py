"""Endpoints and credentials of one seller account."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Connection:
    """One seller's access. `api_endpoint` is a base URL, `lwa_endpoint` the full URL of the token service.

    `account` names it in the log.
    """

    api_endpoint: str
    lwa_endpoint: str
    client_id: str
    client_secret: str = field(repr=False)
    refresh_token: str = field(repr=False)
    account: str = ""
