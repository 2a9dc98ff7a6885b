"""Amazon's endpoints. Source: SP-API documentation, "SP-API Endpoints" and "Connect to the SP-API"."""

from __future__ import annotations

LWA_ENDPOINT = "https://api.amazon.com/auth/o2/token"  # Login with Amazon: the same for all regions
_HOST_PREFIX = {"production": "", "sandbox": "sandbox."}
_REGIONS = ("na", "eu", "fe")


def endpoints(environment: str, region: str) -> tuple[str, str]:
    """Return (`api_endpoint`, `lwa_endpoint`) of "production" or "sandbox" in region "na", "eu" or "fe"."""
    if environment not in _HOST_PREFIX or region not in _REGIONS:
        raise ValueError(f"Amazon has no endpoint for environment {environment!r} in region {region!r}")
    return f"https://{_HOST_PREFIX[environment]}sellingpartnerapi-{region}.amazon.com", LWA_ENDPOINT
