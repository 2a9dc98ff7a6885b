"""Login with Amazon: access tokens, of a seller for its refresh token, of an application for its own keys.

Source: SP-API, Connect to the SP-API, and Grantless operations; OAuth 2.0 (RFC 6749) for the names of the errors.
"""

from collections.abc import Mapping
from typing import Any

from ..world.sellers import Application
from .errors import LwaError
from .served_world import TOKEN_LIFE_S, ServedWorld

PATH = "/auth/o2/token"
SCOPE = "sellingpartnerapi::notifications"
"""Of the operations without a seller that are imitated."""
OPERATION = "lwaToken"
"""The name of the token service in faults and the journal; it is not an SP-API call."""


def grant_token(world: ServedWorld, form: Mapping[str, str]) -> dict[str, Any]:
    """Answer one token request. Raises LwaError."""
    for name in ("grant_type", "client_id", "client_secret"):
        if not form.get(name):
            raise LwaError(400, "invalid_request", f"The request is missing a required parameter : {name}")
    clients = {(seller.client_id, seller.client_secret) for seller in world.sellers.values()}
    if (form["client_id"], form["client_secret"]) not in clients:
        raise LwaError(401, "invalid_client", "Client authentication failed")
    if form["grant_type"] == "client_credentials":
        return _grant_application(world, form)
    if form["grant_type"] != "refresh_token":
        raise LwaError(400, "unsupported_grant_type", "The authorization grant type is not supported")
    seller = world.sellers.get(form.get("refresh_token", ""))
    if seller is None or seller.revoked:
        raise LwaError(400, "invalid_grant", "The request has an invalid grant parameter : refresh_token")
    if seller.client_id != form["client_id"]:
        raise LwaError(400, "unauthorized_client", "The refresh token was issued to another client")
    return {
        "access_token": world.issue_token(seller),
        "refresh_token": seller.refresh_token,
        "token_type": "bearer",
        "expires_in": TOKEN_LIFE_S,
    }


def _grant_application(world: ServedWorld, form: Mapping[str, str]) -> dict[str, Any]:
    """The token of a grantless operation; there is no refresh token. Raises LwaError."""
    if form.get("scope") != SCOPE:
        raise LwaError(400, "invalid_scope", "The request has an invalid parameter : scope")
    return {
        "access_token": world.issue_token(Application(form["client_id"])),
        "token_type": "bearer",
        "expires_in": TOKEN_LIFE_S,
    }
