"""A stateful Amazon over HTTP: Login with Amazon and the Selling Partner API, for tests and demos.

    with SimulatorServer() as amazon:
        requests.post(amazon.lwa_url, data=...)

What it imitates, and what it does not, is in `docs/simulator.md`.
"""

from .sellers import DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, DEFAULT_MARKETPLACE_IDS, DEFAULT_REFRESH_TOKEN
from .server import SimulatorServer

__all__ = [
    "DEFAULT_CLIENT_ID",
    "DEFAULT_CLIENT_SECRET",
    "DEFAULT_MARKETPLACE_IDS",
    "DEFAULT_REFRESH_TOKEN",
    "SimulatorServer",
]
