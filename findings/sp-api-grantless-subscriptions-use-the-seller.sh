#!/bin/sh
# python-amazon-sp-api ends and reads a subscription to notifications with the seller's token, though Amazon's model says
# that both operations are grantless (and the library's own docstring says so of ending one): they take the token of
# the application, of the scope sellingpartnerapi::notifications, and Amazon answers 403 to another. The grantless
# operations on destinations, beside them in the same client, do ask for that token.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check python-amazon-sp-api==2.1.35 httpx==0.28.1
cd "$folder"
exec env -i PATH="$PATH" HOME="$folder" "$folder/venv/bin/python" - <<'PYTHON'
import importlib.metadata
import sys
from urllib.parse import parse_qs

import httpx
from sp_api.api import Notifications
from sp_api.base import Marketplaces
from sp_api.base._transport_httpx import HttpxTransport

CALLS = {
    "deleteDestination": lambda client: client.delete_destination("D"),
    "deleteSubscriptionById": lambda client: client.delete_notification_subscription("ORDER_CHANGE", "S"),
    "getSubscriptionById": lambda client: client.get_subscription_by_id("ORDER_CHANGE", "S"),
}
EXPECTED = {
    "deleteDestination": "client_credentials",
    "deleteSubscriptionById": "refresh_token",
    "getSubscriptionById": "refresh_token",
}


def grant_of(call):
    used = []

    def serve(request):
        if request.url.path == "/auth/o2/token":
            grant = parse_qs(request.content.decode())["grant_type"][0]
            return httpx.Response(200, json={"access_token": grant, "token_type": "bearer", "expires_in": 3600})
        used.append(request.headers["x-amz-access-token"])
        return httpx.Response(200, json={"payload": {}})

    keys = {"refresh_token": f"R{len(seen)}", "lwa_app_id": f"I{len(seen)}", "lwa_client_secret": "S"}
    client = Notifications(marketplace=Marketplaces.DE, credentials=keys)
    transport = HttpxTransport(client=httpx.Client(transport=httpx.MockTransport(serve)))
    client._transport = client._auth._transport = transport
    call(client)
    return used[0]


for name in ("python-amazon-sp-api", "httpx"):
    print(name, importlib.metadata.version(name))
seen = {}
for name, call in CALLS.items():
    seen[name] = grant_of(call)
    print(f"{name}: token by {seen[name]}")
if seen != EXPECTED:
    sys.exit(f"The behavior changed; it was {EXPECTED}")
PYTHON
