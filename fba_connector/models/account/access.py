"""Settings that lead to an account at Amazon, and their variables on the server."""

# Field -> the end of its variable's name.
VARIABLES = {
    "lwa_client_id": "CLIENT_ID",
    "lwa_client_secret": "CLIENT_SECRET",
    "refresh_token": "REFRESH_TOKEN",
    "api_endpoint": "API_ENDPOINT",
    "lwa_endpoint": "TOKEN_ENDPOINT",
}
KEYS = ("lwa_client_id", "lwa_client_secret", "refresh_token")
# Findings of the sandbox, or of another region, say nothing about the account's new place.
PLACE = ("environment", "region")
# Entered again, they may be others: with a prefix, they are in the server's variables.
ENTERED = ("keys_prefix", *VARIABLES)
# Work under way at Amazon began with these.
ACCESS = (*PLACE, *ENTERED)
