#!/bin/sh
# python-amazon-sp-api takes an HTML page with status 502, or an empty 503, for a successful answer: no exception, no
# payload, and no status to look at. A create that a proxy between the client and Amazon refused looks like one that
# Amazon accepted. Amazon's own errors (JSON) raise as expected.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-amazon-sp-api==2.1.35 httpx==0.28.1
cd "$folder"
exec env -i PATH="$PATH" HOME="$folder" "$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import sys

import httpx
from sp_api.api import FulfillmentOutbound
from sp_api.base import Marketplaces, SellingApiException
from sp_api.base._transport_httpx import HttpxTransport

ANSWERS = {
    "502 with an HTML page": httpx.Response(502, html="<html><body>Bad Gateway</body></html>"),
    "503 without a body": httpx.Response(503),
    "503 with Amazon's JSON": httpx.Response(503, json={"errors": [{"code": "ServiceUnavailable", "message": "no"}]}),
}
EXPECTED = {
    "502 with an HTML page": "ApiResponse, errors None",
    "503 without a body": "ApiResponse, errors None",
    "503 with Amazon's JSON": "SellingApiTemporarilyUnavailableException",
}


def outcome(answer):
    def serve(request):
        if request.url.path == "/auth/o2/token":
            return httpx.Response(200, json={"access_token": "A", "token_type": "bearer", "expires_in": 3600})
        return answer

    keys = {"refresh_token": "R", "lwa_app_id": "I", "lwa_client_secret": "S"}
    client = FulfillmentOutbound(marketplace=Marketplaces.DE, credentials=keys)
    transport = HttpxTransport(client=httpx.Client(transport=httpx.MockTransport(serve)))
    client._transport = client._auth._transport = transport
    try:
        response = client.create_fulfillment_order(sellerFulfillmentOrderId="1")
    except SellingApiException as error:
        return type(error).__name__
    return f"{type(response).__name__}, errors {response.errors}"


for name in ("python-amazon-sp-api", "httpx"):
    print(name, importlib.metadata.version(name))
seen = {name: outcome(answer) for name, answer in ANSWERS.items()}
for name, what in seen.items():
    print(f"{name}: {what}")
if seen != EXPECTED:
    sys.exit(f"The behavior changed; it was {EXPECTED}")
PYTHON
