"""Amazon's endpoints. Source: SP-API documentation, "SP-API Endpoints" and "Connect to the SP-API"."""

from __future__ import annotations

import re

LWA_ENDPOINT = "https://api.amazon.com/auth/o2/token"  # Login with Amazon: the same for all regions
_HOST_PREFIX = {"production": "", "sandbox": "sandbox."}
_REGIONS = ("na", "eu", "fe")

# Where reports lie: in buckets of Amazon S3, whose names Amazon does not promise (tortuga-prod-eu.s3-eu-west-1 and
# tortuga-prod-na.s3-external-1 were seen; models issues 1593 and 2648).
# The sandbox has the host of the model's examples.
_STORES = ".amazonaws.com"
_SANDBOX_STORE = "d34o8swod1owfl.cloudfront.net"

# No user, no backslash, no character that one library reads as part of the host and the next does not.
_URL = re.compile(r"(https?)://([a-z0-9._-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?/[!-~]*", re.IGNORECASE)


def endpoints(environment: str, region: str) -> tuple[str, str]:
    """Return (`api_endpoint`, `lwa_endpoint`) of "production" or "sandbox" in region "na", "eu" or "fe"."""
    if environment not in _HOST_PREFIX or region not in _REGIONS:
        raise ValueError(f"Amazon has no endpoint for environment {environment!r} in region {region!r}")
    return f"https://{_HOST_PREFIX[environment]}sellingpartnerapi-{region}.amazon.com", LWA_ENDPOINT


def is_document_url(url: str, api_endpoint: str) -> bool:
    """Whether a report may be fetched from `url`: https at Amazon's stores, or where `api_endpoint` itself is."""
    origin = _origin(url)
    if origin is None:
        return False
    if origin == _origin(f"{api_endpoint.rstrip('/')}/"):
        return True
    scheme, host, port = origin
    return (scheme, port) == ("https", 443) and (host.endswith(_STORES) or host == _SANDBOX_STORE)


def _origin(url: str) -> tuple[str, str, int] | None:
    match = _URL.fullmatch(url)
    if not match:
        return None
    scheme = match[1].lower()
    return scheme, match[2].lower(), int(match[3] or {"http": 80, "https": 443}[scheme])
