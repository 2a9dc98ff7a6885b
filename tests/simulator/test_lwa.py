"""Tokens: granted, refused, expired, revoked; and whose they are."""

import pytest

from .conftest import OUTBOUND, Amazon


def test_grant_with_good_credentials_gives_bearer_token(amazon: Amazon) -> None:
    response = amazon.grant()
    assert response.status_code == 200
    token = response.json()
    assert (token["token_type"], token["expires_in"], token["refresh_token"]) == ("bearer", 3600, "Atzr|demo")
    assert token["access_token"]


@pytest.mark.parametrize(
    ("form", "status", "error"),
    [
        ({"client_id": "other"}, 401, "invalid_client"),
        ({"client_secret": "wrong"}, 401, "invalid_client"),
        ({"refresh_token": "Atzr|unknown"}, 400, "invalid_grant"),
        ({"grant_type": "password"}, 400, "unsupported_grant_type"),
        ({"grant_type": ""}, 400, "invalid_request"),
    ],
)
def test_grant_with_wrong_form_is_refused(amazon: Amazon, form: dict[str, str], status: int, error: str) -> None:
    response = amazon.grant(**form)
    assert (response.status_code, response.json()["error"]) == (status, error)
    assert response.json()["error_description"]


def test_call_without_token_is_unauthorized(amazon: Amazon) -> None:
    response = amazon.session.get(amazon.server.url + OUTBOUND, timeout=5)
    assert response.status_code == 403
    assert response.json()["errors"][0]["code"] == "Unauthorized"
    assert response.json()["errors"][0]["message"] == "Access to requested resource is denied."
    assert "x-amzn-RequestId" in response.headers
    assert "x-amzn-RateLimit-Limit" not in response.headers


def test_call_with_unknown_token_is_unauthorized(amazon: Amazon) -> None:
    assert amazon.call("GET", OUTBOUND, token="Atza|forged").status_code == 403


def test_call_after_an_hour_is_unauthorized(amazon: Amazon) -> None:
    amazon.token()
    amazon.advance(seconds=3599)
    assert amazon.call("GET", OUTBOUND).status_code == 200
    amazon.advance(seconds=1)
    response = amazon.call("GET", OUTBOUND)
    assert response.status_code == 403
    assert "expired" in response.json()["errors"][0]["details"]


def test_revoke_seller_stops_grants_and_tokens(amazon: Amazon) -> None:
    amazon.token()
    amazon.control("POST", "sellers/revoke", refresh_token="Atzr|demo")
    assert amazon.call("GET", OUTBOUND).status_code == 403
    assert amazon.grant().json()["error"] == "invalid_grant"


def test_second_seller_owns_its_own_things(amazon: Amazon) -> None:
    amazon.control(
        "POST",
        "sellers",
        client_id="c2",
        client_secret="s2",
        refresh_token="Atzr|2",
        marketplace_ids=["A1F83G8C2ARO7P"],
    )
    amazon.create()
    token = amazon.grant(client_id="c2", client_secret="s2", refresh_token="Atzr|2").json()["access_token"]
    assert amazon.call("GET", f"{OUTBOUND}/MCF-1", token=token).status_code == 404
    assert amazon.control("GET", "stock?seller=Atzr|2") == {}
    assert amazon.grant(refresh_token="Atzr|2").json()["error"] == "unauthorized_client"


def test_put_seller_again_rotates_its_secret(amazon: Amazon) -> None:
    amazon.control(
        "POST",
        "sellers",
        client_id="amzn1.application-oa2-client.demo",
        client_secret="rotated",
        refresh_token="Atzr|demo",
        marketplace_ids=["ATVPDKIKX0DER"],
    )
    assert amazon.grant().status_code == 401
    assert amazon.grant(client_secret="rotated").status_code == 200
    assert amazon.stock() == (10, 0, 0)
