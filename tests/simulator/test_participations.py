"""The seller's marketplaces, as the Sellers API and the reports name them."""

from .conftest import Amazon
from .test_reports import ask_since, now, read, sell


def put_marketplaces(amazon: Amazon, *marketplace_ids: str) -> None:
    amazon.control(
        "POST",
        "sellers",
        client_id="amzn1.application-oa2-client.demo",
        client_secret="demo-secret",
        refresh_token="Atzr|demo",
        marketplace_ids=marketplace_ids,
    )


def participations(amazon: Amazon) -> dict[str, dict[str, str]]:
    """The marketplaces of the seller, by id."""
    response = amazon.call("GET", "/sellers/v1/marketplaceParticipations")
    assert response.status_code == 200, response.text
    return {row["marketplace"]["id"]: row["marketplace"] for row in response.json()["payload"]}


def test_marketplace_has_one_domain_in_participations_and_report(amazon: Amazon) -> None:
    domains = {
        "A1AM78C64UM0Y8": "com.mx",
        "A1F83G8C2ARO7P": "co.uk",
        "A39IBJ37TRP1C6": "com.au",
        "A1805IZSGTT6HS": "nl",
    }
    put_marketplaces(amazon, *domains)
    start = now(amazon)
    for marketplace_id in domains:
        sell(amazon, marketplace_id=marketplace_id)
    amazon.control("POST", "settings", report_lag_seconds=0)
    amazon.advance(minutes=1)
    rows = read(amazon, ask_since(amazon, start, marketplaceIds=list(domains)))
    found = participations(amazon)
    assert [row["sales-channel"] for row in rows] == [f"Amazon.{domain}" for domain in domains.values()]
    assert {name: place["name"] for name, place in found.items()} == {
        name: f"Amazon.{domain}" for name, domain in domains.items()
    }
    assert {place["domainName"] for place in found.values()} == {f"www.amazon.{name}" for name in domains.values()}


def test_marketplace_made_up_by_a_test_is_like_amazon_com(amazon: Amazon) -> None:
    put_marketplaces(amazon, "A0MADEUP")
    (place,) = participations(amazon).values()
    assert (place["id"], place["countryCode"], place["name"]) == ("A0MADEUP", "US", "Amazon.com")
    (shown,) = amazon.control("GET", "overview")["marketplaces"]
    assert (shown["marketplace_id"], shown["domain"]) == ("A0MADEUP", "com")
